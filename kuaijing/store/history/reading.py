"""The questions to the history. From any thread, also while it is written.

What is not sealed yet is looked at first, then the file: a segment sealed in between is seen twice and merged, never missed.
"""

import math
from collections.abc import Container, Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.store.history import columns as c
from kuaijing.store.history.file import HistoryFile
from kuaijing.store.history.segments import decode
from kuaijing.store.history.tracks import Fixes, Origin, Presence, Track, fixes_of, track_of
from kuaijing.store.history.unsealed import Unsealed

STAY_ENDS_S: Final = 120.0
M_PER_DEG: Final = math.radians(1) * EARTH_RADIUS_M
_PLACES: Final = 3


class Names(Protocol):
    """Units and origins by number."""

    def unit_names(self) -> tuple[str, ...]:
        """Units."""

    def origin_names(self) -> tuple[Origin, ...]:
        """Origins."""

    def find_unit(self, name: str) -> int | None:
        """A unit's number."""


class HistoryReading:
    """Answers from a file and from what is not sealed in it yet."""

    def __init__(self, file: HistoryFile, unsealed: Unsealed, names: Names) -> None:
        self._file, self._unsealed, self._names = file, unsealed, names

    def units(self) -> tuple[str, ...]:
        """Every unit of which a fix was ever kept."""
        return self._names.unit_names()

    def track(self, unit: str, from_at: Instant, until: Instant) -> Track:
        """The unit's fixes with ``from_at <= measured < until``, by ``measured``."""
        number = self._names.find_unit(unit)
        rows = c.empty()
        if number is not None and until > from_at:
            first, last = c.slot_of(max(0, from_at)), c.slot_of(max(0, until - 1))
            open_rows = self._open(first, last, number)
            stored = [decode(data) for _, data in self._file.segments_of(number, first, last)]
            rows = c.within(c.merged([*stored, *open_rows]), from_at, until)
        return track_of(unit, rows, self._names.origin_names())

    def last_before(self, unit: str, at: Instant) -> Track:
        """The unit's newest fix with ``measured <= at``: none or one."""
        number = self._names.find_unit(unit)
        rows = c.empty()
        if number is not None and at >= 0:
            slot = c.slot_of(at)
            open_rows = self._open(0, slot, number)
            stored = [decode(data) for _, data in reversed(self._file.latest_of(number, slot))]
            rows = c.within(c.merged([*stored, *open_rows]), 0, at + 1)[:, -1:]
        return track_of(unit, rows, self._names.origin_names())

    def all_at(self, at: Instant, max_age_s: float, *, known: bool = False) -> Fixes:
        """Every unit's newest fix at that moment, at most so old, by unit.

        With ``known`` only fixes that had come by then and moved the live picture: what its screens could show.
        """
        oldest = max(0, at - round(max_age_s * SECOND))
        newest: dict[int, c.Rows] = {}
        for slot in range(c.slot_of(at), c.slot_of(oldest) - 1, -1) if at >= oldest else ():
            for unit, parts in self._by_unit(slot, slot, without=newest).items():
                rows = c.within(c.merged(parts), oldest, at + 1)
                if known:
                    rows = rows[:, (rows[c.RECEIVED] <= at) & (rows[c.FLAGS] & c.MOVED != 0)]
                if rows.shape[1]:
                    newest[unit] = rows[:, -1:]
        units = sorted(newest)
        rows = np.concatenate([newest[unit] for unit in units], axis=1) if units else c.empty()
        return fixes_of(self.units(), np.array(units, np.int32), rows, self._names.origin_names())

    def between(self, from_at: Instant, until: Instant) -> Iterator[Fixes]:
        """All units' fixes with ``from_at <= measured < until``: one answer for each ten minutes that has any."""
        slot, last = c.slot_of(max(0, from_at)), c.slot_of(max(0, until - 1))
        while (found := self._next_slot(slot, last)) is not None:
            slot = found + 1
            parts = self._by_unit(found, found)
            kept = {unit: c.within(c.merged(each), from_at, until) for unit, each in parts.items()}
            unit = np.repeat(np.array(list(kept), np.int32), [rows.shape[1] for rows in kept.values()])
            rows = np.concatenate(list(kept.values()), axis=1)
            if not rows.shape[1]:
                continue
            order = np.lexsort((unit, rows[c.MEASURED]))
            yield fixes_of(self.units(), unit[order], rows[:, order], self._names.origin_names())

    def near(self, lon: float, lat: float, radius_m: float, from_at: Instant, until: Instant) -> list[Presence]:
        """Who was there: every stay of a unit within the radius, by its first fix, then by unit."""
        if until <= from_at:
            return []
        first, last = c.slot_of(max(0, from_at)), c.slot_of(max(0, until - 1))
        box = _box(lon, lat, radius_m)
        found: dict[int, list[c.Rows]] = {}
        open_parts = self._unsealed.touching(first, last, box)
        for number, data in self._file.touching(first, last, box):
            found.setdefault(number & (c.MOST_UNITS - 1), []).append(decode(data, _PLACES))
        for number, rows in open_parts:
            found.setdefault(number & (c.MOST_UNITS - 1), []).append(rows[:_PLACES])
        units = self.units()
        stays: list[Presence] = []
        for unit, parts in found.items():
            stays += _stays(units[unit], parts, (lon, lat, radius_m), from_at, until)
        return sorted(stays, key=lambda stay: (stay.from_at, stay.unit))

    def span(self) -> tuple[Instant, Instant] | None:
        """Oldest and newest ``measured`` of all."""
        open_slots = [number >> c.UNIT_BITS for number in self._unsealed.numbers(0, c.slot_of(c.LATEST))]
        stored = [slot for slot in (self._file.next_slot(0), self._file.last_slot()) if slot is not None]
        slots = [*open_slots, *stored]
        if not slots:
            return None
        ends = [self._by_unit(slot, slot).values() for slot in (min(slots), max(slots))]
        oldest = min(int(rows[c.MEASURED].min()) for parts in ends[0] for rows in parts)
        newest = max(int(rows[c.MEASURED].max()) for parts in ends[1] for rows in parts)
        return Instant(oldest), Instant(newest)

    def _open(self, first: int, last: int, unit: int) -> list[c.Rows]:
        found = (self._unsealed.rows(number) for number in self._unsealed.numbers(first, last, unit))
        return [rows for rows in found if rows is not None]

    def _by_unit(self, first: int, last: int, without: Container[int] = ()) -> dict[int, list[c.Rows]]:
        """Everything in those slots, by unit; sealed parts stand first."""
        open_parts = [(number, self._unsealed.rows(number)) for number in self._unsealed.numbers(first, last)]
        found: dict[int, list[c.Rows]] = {}
        for number, data in self._file.segments(first, last):
            unit = number & (c.MOST_UNITS - 1)
            if unit not in without:
                found.setdefault(unit, []).append(decode(data))
        for number, rows in open_parts:
            unit = number & (c.MOST_UNITS - 1)
            if rows is not None and unit not in without:
                found.setdefault(unit, []).append(rows)
        return found

    def _next_slot(self, slot: int, last: int) -> int | None:
        open_slots = [number >> c.UNIT_BITS for number in self._unsealed.numbers(slot, last)[:1]]
        stored = self._file.next_slot(slot)
        slots = [each for each in (*open_slots, stored) if each is not None and each <= last]
        return min(slots, default=None)


def _box(lon: float, lat: float, radius_m: float) -> tuple[int, int, int, int]:
    """West, south, east, north around a circle, in the file's whole numbers."""
    tall = radius_m / M_PER_DEG * 1.001
    wide = tall / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + tall))))
    sides = (lon - wide, lat - tall, lon + wide, lat + tall)
    west, south, east, north = (max(-180.0, min(180.0, side)) * c.PLACE_SCALE for side in sides)
    return math.floor(west), math.floor(south), math.ceil(east), math.ceil(north)


def metres_from(lon: float, lat: float, rows: c.Rows) -> NDArray[np.float64]:
    """Metres from a place to each fix: on a plane that touches the Earth there, good to 1e-6 within a city."""
    north = rows[c.LAT] / c.PLACE_SCALE - lat
    east = (rows[c.LON] / c.PLACE_SCALE - lon) * math.cos(math.radians(lat))
    away: NDArray[np.float64] = np.hypot(north, east) * M_PER_DEG
    return away


def _stays(
    unit: str, parts: list[c.Rows], circle: tuple[float, float, float], from_at: Instant, until: Instant
) -> Iterator[Presence]:
    lon, lat, radius_m = circle
    rows = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    away = metres_from(lon, lat, rows)
    measured = rows[c.MEASURED]
    inside = np.flatnonzero((away <= radius_m) & (measured >= from_at) & (measured < until))
    if not len(inside):
        return
    order = inside[np.lexsort((rows[c.LON][inside], away[inside], measured[inside]))]
    repeated = (np.diff(rows[:, order], axis=1) == 0).all(axis=0)  # sealed while one looked: in both parts
    order = order[np.concatenate([[True], ~repeated])]
    times, metres = measured[order], away[order]
    breaks = np.flatnonzero(np.diff(times) > STAY_ENDS_S * SECOND) + 1
    for begin, end in zip([0, *breaks], [*breaks, len(times)], strict=True):
        nearest = begin + int(metres[begin:end].argmin())
        yield Presence(
            unit,
            Instant(int(times[begin])),
            Instant(int(times[end - 1])),
            float(metres[nearest]),
            Instant(int(times[nearest])),
            int(end - begin),
        )
