"""The live picture as it is shown: numbered, and encoded once for each audience. Nothing here sends anything."""

from collections.abc import Iterable
from typing import Final, Protocol

import msgspec

from kuaijing.domain.calls import PersonalWordsForgotten
from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.engine.recorded import Committed
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.web.painting import NO_PLAN, FixRow, Painted, Painter, Sources, step
from kuaijing.web.problems import NO_PLAN as NO_PLAN_SAID
from kuaijing.web.release import release
from kuaijing.web.shown import state_view, with_fix
from kuaijing.wire.changes import in_order
from kuaijing.wire.live import Changes, Heartbeat, PositionsFrame, Snapshot
from kuaijing.wire.masking import masked_put
from kuaijing.wire.pictures import (
    ClockView,
    ClosureView,
    HealthView,
    PlanView,
    ReachView,
    ShiftView,
    StateView,
    UnitView,
)
from kuaijing.wire.today import opened_today

_encode: Final = msgspec.json.Encoder().encode


class Clock(Protocol):
    """The city's clock."""

    speed: float

    def now(self) -> Instant:
        """This moment."""


class Board:
    """The picture of one city."""

    def __init__(self, sources: Sources, clock: Clock) -> None:
        self._sources, self._clock = sources, clock
        self._painter = Painter(sources)
        self._shown = Painted()
        self._snapshots: dict[str, tuple[int, int, str]] = {}
        self.version = 0
        self._noted = sources.engine.picture.version
        self.refresh()

    def note(self, committed: Committed) -> None:
        """A commit that may have forgotten what callers said; one that was missed may have, too."""
        if committed.version_before != self._noted:
            self._painter.read_again(None)
        for entry in committed.events:
            if isinstance(entry.event, PersonalWordsForgotten):
                self._painter.read_again(entry.event.calls)
        self._noted = committed.version

    def refresh(self) -> Changes | None:
        """Take in what is new; the change for the full audience, or ``None`` where nothing changed."""
        painted = self._painter.paint(self._clock.now())
        found = step(self._shown, painted)
        self._shown = painted
        if found is None:
            return None
        self.version += 1
        return Changes(self.version - 1, self.version, self._sources.engine.picture.version, *found)

    # --- asking ---------------------------------------------------------------------------------------------------------

    def state(self, audience: str) -> StateView:
        """The whole picture with the newest positions."""
        clock = ClockView(to_datetime(self._clock.now()), self._clock.speed, self._sources.city.timezone)
        return state_view(self._shown, self._sources, clock, self.version, audience)

    def units(self) -> list[UnitView]:
        """All units with their newest positions."""
        return in_order(with_fix(unit, self._sources.fixes) for unit in self._shown.units.values())

    def find_unit(self, unit: str) -> UnitView | None:
        """One unit with its newest position."""
        found = self._shown.units.get(unit)
        return None if found is None else with_fix(found, self._sources.fixes)

    def words_of(self, call: str) -> str:
        """What was said in a call; empty where nothing was, or it was forgotten."""
        found = self._shown.calls.get(call)
        return "" if found is None else found.words

    def closures(self) -> list[ClosureView]:
        """Zones in force."""
        return in_order(self._shown.closures.values())

    def shift(self) -> ShiftView | None:
        """Who commands."""
        return self._shown.shift

    def plan(self) -> PlanView | None:
        """The plan in force, without shapes."""
        return None if self._shown.plan is NO_PLAN else self._shown.plan

    def reach(self) -> ReachView | None:
        """Live 1-3-5, once it has been computed."""
        return self._shown.reach

    def health(self) -> HealthView:
        """Status and a few totals."""
        sources, now = self._sources, self._clock.now()
        incidents = sources.engine.picture.state.incidents.values()
        return HealthView(
            status=sources.status(),
            version=release(),
            city=sources.city.name,
            units_reporting=sources.fixes.reporting(now),
            open_incidents=sum(each.status in OPEN_INCIDENT for each in incidents),
            measured_arrivals_today=sum(
                each.arrived is not None for each in opened_today(incidents, now, sources.city.zone)
            ),
            detail=sources.engine.detail or ("" if sources.find_plan() is not None else NO_PLAN_SAID),
            mode=sources.city.mode,
        )

    # --- encoding -------------------------------------------------------------------------------------------------------

    def snapshot(self, audience: str) -> str:
        """The first frame of a console; shared by all that ask within the same quarter second of the wall."""
        quarter = self._clock.now() // max(1, round(250_000 * self._clock.speed))
        kept = self._snapshots.get(audience)
        if kept is None or kept[:2] != (self.version, quarter):
            kept = (self.version, quarter, _encode(Snapshot(self.state(audience))).decode())
            self._snapshots[audience] = kept
        return kept[2]

    def change_frames(self, changes: Changes, audiences: Iterable[str]) -> dict[str, str]:
        """The change, encoded for each audience that listens."""
        frames = {}
        for audience in audiences:
            put = changes.put if audience == "full" else masked_put(changes.put)
            frames[audience] = _encode(msgspec.structs.replace(changes, put=put)).decode()
        return frames

    def positions_frame(self, rows: list[FixRow]) -> str:
        """Positions are the same for everybody."""
        return _encode(PositionsFrame(to_datetime(self._clock.now()), rows)).decode()

    def heartbeat(self) -> str:
        """A sign of life."""
        return _encode(Heartbeat(self.version, to_datetime(self._clock.now()))).decode()
