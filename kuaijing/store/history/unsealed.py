"""Fixes of segments that are not sealed yet, in memory; every one of them stands in the file's tail already.

One thread adds and removes; any thread may read. Readers look here before they look into the file: what is sealed meanwhile is
then seen twice, which merging mends, and never missed.
"""

import threading
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kuaijing.store.history import columns as c


@dataclass(slots=True)
class _Open:
    since: float
    """Monotonic seconds at which the first fix came."""
    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    west: int = 1 << 40
    east: int = -(1 << 40)
    south: int = 1 << 40
    north: int = -(1 << 40)

    def rows(self) -> c.Rows:
        """A copy as a matrix."""
        return np.array(np.frombuffer(self.numbers, np.int64).reshape(-1, c.WIDTH).T, order="C")


class Unsealed:
    """Open segments by number."""

    def __init__(self) -> None:
        self._open: dict[int, _Open] = {}
        self._lock = threading.Lock()
        self.fixes = 0

    def add(self, units: Iterable[int], fixes: Iterable[tuple[int, ...]], now: float) -> None:
        """Fixes as numbers, each with the number of its unit; ``now`` in monotonic seconds."""
        with self._lock:
            for unit, fix in zip(units, fixes, strict=True):
                number = c.segment_id(fix[c.MEASURED] // c.SLOT, unit)
                segment = self._open.get(number)
                if segment is None:
                    segment = self._open[number] = _Open(now)
                segment.numbers.extend(fix)
                lon, lat = fix[c.LON], fix[c.LAT]
                segment.west, segment.east = min(segment.west, lon), max(segment.east, lon)
                segment.south, segment.north = min(segment.south, lat), max(segment.north, lat)
                self.fixes += 1

    def due(self, slot: int, quiet_before: float, most: int, crowded: bool) -> list[int]:
        """Numbers to seal: of slots before ``slot`` begun before ``quiet_before``, and whatever holds ``most`` fixes or more.

        Where it is ``crowded`` the fullest half goes as well.
        """
        with self._lock:
            found = [
                number
                for number, held in self._open.items()
                if (number >> c.UNIT_BITS < slot and held.since < quiet_before) or len(held.numbers) >= most * c.WIDTH
            ]
            if crowded and not found:
                by_size = sorted(self._open, key=lambda number: len(self._open[number].numbers), reverse=True)
                found = by_size[: max(1, len(by_size) // 2)]
        return found

    def rows(self, number: int) -> c.Rows | None:
        """The fixes of a segment as they came."""
        with self._lock:
            held = self._open.get(number)
            return None if held is None else held.rows()

    def drop(self, number: int, fixes: int) -> None:
        """The first ``fixes`` of a segment are sealed."""
        with self._lock:
            held = self._open[number]
            del held.numbers[: fixes * c.WIDTH]
            self.fixes -= fixes
            if not held.numbers:
                del self._open[number]

    def numbers(self, first_slot: int, last_slot: int, unit: int | None = None) -> list[int]:
        """Segments of slots ``first_slot`` to ``last_slot``, of one unit or of all, in order."""
        first, last = c.segment_id(first_slot, 0), c.segment_id(last_slot + 1, 0)
        with self._lock:
            return sorted(
                number
                for number in self._open
                if first <= number < last and (unit is None or number & (c.MOST_UNITS - 1) == unit)
            )

    def touching(self, first_slot: int, last_slot: int, box: tuple[int, int, int, int]) -> list[tuple[int, c.Rows]]:
        """Segments whose fixes' box meets ``box`` (west, south, east, north), with their fixes."""
        west, south, east, north = box
        first, last = c.segment_id(first_slot, 0), c.segment_id(last_slot + 1, 0)
        with self._lock:
            return [
                (number, held.rows())
                for number, held in self._open.items()
                if first <= number < last
                and held.west <= east
                and held.east >= west
                and held.south <= north
                and held.north >= south
            ]

    def all(self) -> tuple[NDArray[np.int64], c.Rows]:
        """Unit numbers and fixes of everything."""
        with self._lock:
            held = list(self._open.items())
            if not held:
                return np.empty(0, np.int64), c.empty()
            parts = [segment.rows() for _, segment in held]
        units = np.repeat(
            np.array([number & (c.MOST_UNITS - 1) for number, _ in held], np.int64), [part.shape[1] for part in parts]
        )
        return units, np.concatenate(parts, axis=1)
