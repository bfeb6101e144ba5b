"""The position history as a replay asks for it: what the live picture had been shown by a moment, no later knowledge.

The history keeps ten minutes of a unit in one piece, by the time of measuring; a replay goes on by the time of receiving. So whole
ten minutes are taken in at once, sorted by receiving, and the last few kept, since a replay that plays asks for one after the other.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kuaijing.engine.replay import TracePoints
from kuaijing.measures.instants import SECOND, Instant, after
from kuaijing.store.history.tracks import Fixes, Track

SLOT: Final = 600 * SECOND
"""Ten minutes, as the history cuts them."""
_MOST_ALONE: Final = 20
"""As many units are looked for one by one; more are found together in the ten minutes before."""
OLDEST_S: Final = 86_400.0
"""A unit that was silent for longer is not drawn."""
LATE_S: Final = 60.0
"""What moved a unit later than this after it was measured shows up with the next whole picture only."""
_MOST_BACK: Final = 20
"""Fixes that came later, looked past for one that had come."""
_KEPT_SLOTS: Final = 6


class History(Protocol):
    """What is asked of the position history."""

    def units(self) -> tuple[str, ...]:
        """Every unit of which a fix was ever kept."""

    def last_before(self, unit: str, at: Instant) -> Track:
        """No fix or one."""

    def between(self, from_at: Instant, until: Instant) -> Iterator[Fixes]:
        """One for each ten minutes that has any."""


class HistoryTraces:
    """See ``engine.replay.Traces``. From any thread."""

    def __init__(self, history: History, now: Callable[[], Instant]) -> None:
        self._history, self._now = history, now
        self._slots: OrderedDict[int, TracePoints] = OrderedDict()
        self._lock = threading.Lock()

    def newest(self, at: Instant, units: Collection[str]) -> TracePoints:
        """The newest point of each of these units that was shown by ``at``."""
        slot, wanted = at // SLOT, set(units) & set(self._history.units())
        fresh = _newest(self._slot(slot), at)
        heard = _names(fresh)
        if len(wanted - heard) > _MOST_ALONE:
            before = _newest(self._slot(slot - 1), at)
            fresh = _sorted([_cut(before, ~np.isin(before.unit, fresh.unit)), fresh])
            heard = _names(fresh)
        silent = [track for name in sorted(wanted - heard) if len((track := self._last(name, at)).measured)]
        return _joined(fresh, silent)

    def between(self, after: Instant, until: Instant) -> TracePoints:
        """All points shown after ``after`` and by ``until``, oldest first."""
        first, last = (after - round(LATE_S * SECOND)) // SLOT, until // SLOT
        parts = []
        for slot in range(first, last + 1):
            points = self._slot(slot)
            low, high = np.searchsorted(points.shown, [after, until], side="right").tolist()
            if high > low:
                parts.append(_cut(points, slice(low, high)))
        if len(parts) <= 1:
            return parts[0] if parts else TracePoints()
        return _sorted(parts)

    def _last(self, unit: str, at: Instant) -> Track:
        """The newest that had come by then and moved the unit, none where that was too long ago."""
        before = at
        for _ in range(_MOST_BACK):
            track = self._history.last_before(unit, before)
            if not len(track.measured) or track.measured[0] < after(at, -OLDEST_S):
                break
            if track.received[0] <= at and track.moved[0]:
                return track
            before = Instant(int(track.measured[0]) - 1)
        return self._history.last_before(unit, Instant(-1))

    def _slot(self, slot: int) -> TracePoints:
        """Ten minutes; kept once nothing more can come into them."""
        with self._lock:
            if slot in self._slots:
                self._slots.move_to_end(slot)
                return self._slots[slot]
        begin, end = Instant(slot * SLOT), Instant((slot + 1) * SLOT)
        now = self._now()
        parts = []
        for fixes in self._history.between(begin, end):
            moved = np.flatnonzero(fixes.moved)
            parts.append(_points(fixes, moved[np.argsort(fixes.received[moved], kind="stable")]))
        points = TracePoints() if not parts else parts[0] if len(parts) == 1 else _sorted(parts)
        if after(end, 2 * LATE_S) < now:
            with self._lock:
                self._slots[slot] = points
                while len(self._slots) > _KEPT_SLOTS:
                    self._slots.popitem(last=False)
        return points


def _points(fixes: Fixes, rows: NDArray[np.int64]) -> TracePoints:
    return TracePoints(
        units=fixes.units,
        unit=fixes.unit[rows],
        shown=fixes.received[rows],
        measured=fixes.measured[rows],
        lon=fixes.lon[rows],
        lat=fixes.lat[rows],
        speed_mps=fixes.speed[rows],
        heading_deg=fixes.heading[rows],
        at_rest=fixes.at_rest[rows],
        sources=tuple(origin.source for origin in fixes.origins),
        source=fixes.origin[rows],
    )


def _joined(fresh: TracePoints, silent: list[Track]) -> TracePoints:
    if not silent:
        return fresh
    names = (*fresh.units, *(track.unit for track in silent))
    numbers = np.arange(len(fresh.units), len(names), dtype=np.int32)
    return TracePoints(
        units=names,
        unit=np.concatenate([fresh.unit, numbers]),
        shown=np.concatenate([fresh.shown, *(track.received for track in silent)]),
        measured=np.concatenate([fresh.measured, *(track.measured for track in silent)]),
        lon=np.concatenate([fresh.lon, *(track.lon for track in silent)]),
        lat=np.concatenate([fresh.lat, *(track.lat for track in silent)]),
        speed_mps=np.concatenate([fresh.speed_mps, *(track.speed for track in silent)]),
        heading_deg=np.concatenate([fresh.heading_deg, *(track.heading for track in silent)]),
        at_rest=np.concatenate([fresh.at_rest, *(track.at_rest for track in silent)]),
        sources=tuple(origin.source for origin in silent[-1].origins),
        source=np.concatenate([fresh.source, *(track.origin for track in silent)]),
    )


def _newest(points: TracePoints, at: Instant) -> TracePoints:
    """The last point of each unit that was shown by ``at``."""
    end = int(np.searchsorted(points.shown, at, side="right"))
    _, back = np.unique(points.unit[:end][::-1], return_index=True)
    return _cut(points, np.sort(end - 1 - back))


def _names(points: TracePoints) -> set[str]:
    return {points.units[each] for each in points.unit.tolist()}


def _cut(points: TracePoints, rows: slice | NDArray[np.int64] | NDArray[np.bool_]) -> TracePoints:
    columns = {name: getattr(points, name)[rows] for name in _COLUMNS}
    return TracePoints(points.units, sources=points.sources, **columns)


def _sorted(parts: list[TracePoints]) -> TracePoints:
    """Several stretches as one; their names only ever grow at the end, so that numbers are the same in all."""
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    order = np.argsort(columns["shown"], kind="stable")
    names = max((part.units for part in parts), key=len)
    sources = max((part.sources for part in parts), key=len)
    return TracePoints(names, sources=sources, **{name: column[order] for name, column in columns.items()})


_COLUMNS: Final = ("unit", "shown", "measured", "lon", "lat", "speed_mps", "heading_deg", "at_rest", "source")
