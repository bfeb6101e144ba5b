"""A replay as it is shown: a core that stands at another time, painted by the live room's own painter.

``Showing`` puts a reel's state, the positions known by then and the replay's clock into the ``Sources`` of ``painting``; what comes out
is what a live console would have had: the same views, alerts, clocks, totals and stale flags. The live 1-3-5 is not in the log and so
is left out. Blocking; one caller at a time. Knows no HTTP and no roles.
"""

import gc
import threading
from collections.abc import Callable, Iterable
from typing import Final

from kuaijing.domain.calls import Call, PersonalWordsForgotten
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.state import State
from kuaijing.domain.words import UnitStatus
from kuaijing.engine.engine import Engine
from kuaijing.engine.personal import Audience, PersonalWords, unseal
from kuaijing.engine.recorded import Picture
from kuaijing.engine.replay import Reel, TracePoints, Traces
from kuaijing.measures.instants import Instant, after, to_datetime
from kuaijing.tracking import Fix, LiveTable, Thresholds
from kuaijing.web.city_facts import CityFacts
from kuaijing.web.fixes import LiveFixes
from kuaijing.web.painting import FixRow, Painted, Painter, Sources, step
from kuaijing.web.shown import state_view
from kuaijing.wire.live import Changes
from kuaijing.wire.masking import masked_put
from kuaijing.wire.pictures import ClockView, FixView, StateView
from kuaijing.wire.replay import ReplayChunk, ReplayFrame

MOST_STEPS: Final = 600
"""Frames of one chunk."""
_NOT_DRAWN: Final = frozenset({UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE})


class PastCore:
    """What ``painting`` asks of the engine, at another time. Words of callers are those that are still kept today."""

    health = "ok"
    detail = ""

    def __init__(self, engine: Engine) -> None:
        self.picture = Picture(0, State())
        self._engine = engine
        self._words: dict[str, PersonalWords] = {}
        self._heeded = engine.picture.version

    def words_of(self, call: str, audience: Audience) -> PersonalWords:
        """Read once, until they are forgotten."""
        found = self._words.get(call)
        if found is None:
            known = self.picture.state.calls.get(call)
            found = self._words[call] = self._read(call, None if known is None else known.digest)
        return found

    def _read(self, call: str, digest: str | None) -> PersonalWords:
        """As the engine reads them, checked against the digest of the replayed record."""
        personal = self._engine.store.personal
        sealed = personal.find_words(call)
        key = None if sealed is None else personal.find_key(sealed.incident)
        return PersonalWords() if sealed is None or key is None else unseal(sealed, key, digest)

    def remember(self, call: Call) -> None:
        """Read a call's words ahead."""
        if call.id not in self._words:
            self._words[call.id] = self._read(call.id, call.digest)

    def forgotten(self) -> list[str]:
        """Calls whose words were forgotten since this was last asked."""
        now = self._engine.picture.version
        if now == self._heeded:
            return []
        entries = self._engine.read(self._heeded, types=[PersonalWordsForgotten.__name__])
        calls = [
            call for entry in entries if isinstance(entry.event, PersonalWordsForgotten) for call in entry.event.calls
        ]
        self._heeded = now
        for call in calls:
            self._words.pop(call, None)
        return calls


class PastFixes:
    """``painting.Fixes`` over the traces: the live table, filled with what had been shown by a moment."""

    def __init__(self, traces: Traces, thresholds: Thresholds) -> None:
        self._traces, self._thresholds = traces, thresholds
        self._table = LiveTable()
        self._live = LiveFixes(self._table, thresholds)

    def stand(self, at: Instant, units: Iterable[str]) -> None:
        """Know what had been shown by ``at``."""
        self._table = LiveTable()
        self._live = LiveFixes(self._table, self._thresholds)
        self.take(self._traces.newest(at, list(units)), 0, None)

    def between(self, after: Instant, until: Instant) -> TracePoints:
        """What came in."""
        return self._traces.between(after, until)

    def take(self, points: TracePoints, first: int, until: Instant | None) -> int:
        """Take in points from row ``first`` on, shown by ``until``; the row to go on with."""
        last = len(points) if until is None else int(points.shown.searchsorted(until, side="right"))
        newest = dict(zip(points.unit[first:last].tolist(), range(first, last), strict=True))
        for unit, row in newest.items():
            self._table.put(_fix(points, points.units[unit], row))
        return last

    def find_fix(self, unit: str) -> FixView | None:
        """The unit's newest position by then."""
        return self._live.find_fix(unit)

    def stale_units(self, now: Instant) -> frozenset[str]:
        """By the live rule."""
        return self._live.stale_units(now)

    def rows_since(self, mark: int) -> tuple[int, list[FixRow]]:
        """Newest a unit since ``mark``."""
        return self._live.rows_since(mark)

    def reporting(self, now: Instant) -> int:
        """Units with a fresh position."""
        return self._live.reporting(now)


class Showing:
    """One reel, shown."""

    def __init__(
        self,
        reel: Reel,
        engine: Engine,
        city: CityFacts,
        traces: Traces,
        thresholds: Thresholds,
        document_of: Callable[[str], PlanDocument | None],
    ) -> None:
        self.reel = reel
        self._core = PastCore(engine)
        self._fixes = PastFixes(traces, thresholds)
        self._document_of = document_of
        self._sources = Sources(city, self._core, self._fixes, self.find_plan, lambda: None, lambda: False)
        self._painter = Painter(self._sources)
        self._stands: Instant | None = None
        self._painted = Painted()
        self._lock = threading.Lock()

    def find_plan(self) -> PlanDocument | None:
        """The plan that was in force where the replay stands."""
        plan = self._core.picture.state.plan
        return None if plan is None else self._document_of(plan.digest)

    def plan_at(self, at: Instant) -> str | None:
        """Digest of the plan that was in force at a moment."""
        with self._lock:
            plan = self.reel.moment(self._within(at)).state.plan
        return None if plan is None else plan.digest

    def warm(self) -> None:
        """Wind the reel, then read what callers said, so that a jump need not."""
        self.reel.wind()
        if self.reel.is_wound:
            for state in self.reel.states:
                for call in state.calls.values():
                    self._core.remember(call)
        gc.freeze()  # a day's records: looking through them for cycles, which they have not, would hold everybody for 200 ms

    def state(self, at: Instant, version: int, audience: str) -> StateView:
        """The whole picture at a moment."""
        at = self._within(at)
        with self._lock:
            self._stand(at)
            clock = ClockView(to_datetime(at), 1.0, self._sources.city.timezone)
            return state_view(self._painted, self._sources, clock, version, audience)

    def play(self, begin: Instant, until: Instant, step_s: float, version: int, audience: str) -> ReplayChunk:
        """What a live room would have been sent after ``begin`` and by ``until``, in steps."""
        begin, until = self._within(begin), self._within(until)
        frames: list[ReplayFrame] = []
        with self._lock:
            self._stand(begin)
            points = self._fixes.between(begin, until)
            row, now = 0, begin
            mark, _ = self._fixes.rows_since(0)
            while now < until and len(frames) < MOST_STEPS:
                now = min(until, after(now, step_s))
                row = self._fixes.take(points, row, now)
                before, self._painted = self._painted, self._paint(now)
                found = step(before, self._painted)
                mark, rows = self._fixes.rows_since(mark)
                changes = None
                if found is not None:
                    put, gone = found
                    put = put if audience == "full" else masked_put(put)
                    changes = Changes(version, version + 1, self._core.picture.version, put, gone)
                    version += 1
                if changes is not None or rows:
                    frames.append(ReplayFrame(to_datetime(now), changes, rows))
            self._stands = now
        return ReplayChunk(to_datetime(begin), to_datetime(now), version, frames)

    def _stand(self, at: Instant) -> None:
        calls = self._core.forgotten()
        if calls:
            self._painter.read_again(calls)
        elif self._stands == at:
            return
        state = self.reel.moment(at).state
        with self.reel.still():
            self._fixes.stand(at, (unit.id for unit in state.units.values() if unit.status not in _NOT_DRAWN))
            self._painted = self._paint(at)
        self._stands = at

    def _paint(self, at: Instant) -> Painted:
        moment = self.reel.moment(at)
        self._core.picture = Picture(moment.seq, moment.state)
        return self._painter.paint(at)

    def _within(self, at: Instant) -> Instant:
        return min(max(at, self.reel.period.begin), self.reel.period.until)


def _fix(points: TracePoints, unit: str, row: int) -> Fix:
    speed, heading = float(points.speed_mps[row]), float(points.heading_deg[row])
    return Fix(
        unit=unit,
        lon=float(points.lon[row]),
        lat=float(points.lat[row]),
        measured_at=Instant(int(points.measured[row])),
        received_at=Instant(int(points.shown[row])),
        speed_mps=None if speed != speed else speed,
        heading_deg=None if heading != heading else heading,
        accuracy_m=None,
        source=points.sources[points.source[row]],
        at_rest=bool(points.at_rest[row]),
    )
