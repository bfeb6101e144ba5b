"""The newest fix of every unit, in arrays: what the map, the recommendation and the detectors read.

A row is given to a unit with its first fix and kept. ``view`` hands out an immutable copy; nobody reads the arrays that are
being written. How old a position may be before it is stale is said here; that staleness never makes a status is the core's rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.thresholds import DEFAULT_THRESHOLDS, Thresholds

_COLUMNS: Final[dict[str, tuple[type[np.generic], object]]] = {
    "lon": (np.float64, np.nan),
    "lat": (np.float64, np.nan),
    "arc": (np.int32, -1),
    "fraction": (np.float32, 0),
    "off_road_m": (np.float32, 0),
    "both": (np.bool_, True),
    "at_rest": (np.bool_, False),
    "measured": (np.int64, 0),
    "received": (np.int64, 0),
    "speed": (np.float32, np.nan),
    "heading": (np.float32, np.nan),
    "number": (np.int64, 0),
}


@dataclass(frozen=True, slots=True, eq=False)
class LiveView:
    """The table at one moment; arrays are read-only, one row a unit, in ``units``' order."""

    units: tuple[str, ...]
    rows: Mapping[str, int]
    number: int
    """Counts up by one with every fix."""
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    arc: NDArray[np.int32]
    fraction: NDArray[np.float32]
    off_road_m: NDArray[np.float32]
    both: NDArray[np.bool_]
    at_rest: NDArray[np.bool_]
    measured: NDArray[np.int64]
    received: NDArray[np.int64]
    speed: NDArray[np.float32]
    heading: NDArray[np.float32]

    def age_s(self, now: Instant) -> NDArray[np.float64]:
        """Seconds since each newest fix was measured, float64 (units,)."""
        age: NDArray[np.float64] = np.maximum(0, now - self.measured) / SECOND
        return age

    def stale(self, now: Instant, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> NDArray[np.bool_]:
        """Whether each position is too old to be shown as fresh: 60 s moving, 300 s at rest, unless set otherwise."""
        limit = np.where(self.at_rest, thresholds.stale_rest_s, thresholds.stale_moving_s)
        stale: NDArray[np.bool_] = self.age_s(now) > limit
        return stale


class LiveTable:
    """The newest fix of every unit."""

    def __init__(self) -> None:
        self.number = 0
        self._rows: dict[str, int] = {}
        self._units: list[str] = []
        self._fixes: list[Fix] = []
        self._columns = _empty(64)
        self._view: LiveView | None = None

    def put(self, fix: Fix) -> None:
        """The unit's newest fix."""
        row = self._rows.get(fix.unit)
        if row is None:
            row = self._rows[fix.unit] = len(self._units)
            self._units.append(fix.unit)
            self._fixes.append(fix)
            if row == len(self._columns["lon"]):
                wider = _empty(2 * row)
                for name, column in self._columns.items():
                    wider[name][:row] = column
                self._columns = wider
        self.number += 1
        self._fixes[row] = fix
        self._write(row, fix)
        self._view = None

    def drop(self, unit: str) -> None:
        """The unit left the force."""
        if unit not in self._rows:
            return
        kept = [fix for fix in self._fixes if fix.unit != unit]
        numbers = {fix.unit: int(self._columns["number"][self._rows[fix.unit]]) for fix in kept}
        self._rows = {fix.unit: row for row, fix in enumerate(kept)}
        self._units, self._fixes = [fix.unit for fix in kept], kept
        self._columns = _empty(max(64, len(kept)))
        for row, fix in enumerate(kept):
            self._write(row, fix)
            self._columns["number"][row] = numbers[fix.unit]
        self._view = None

    def find(self, unit: str) -> Fix | None:
        """The unit's newest fix."""
        row = self._rows.get(unit)
        return None if row is None else self._fixes[row]

    def since(self, number: int) -> list[Fix]:
        """Newest fixes of the units that moved after ``number``."""
        column = self._columns["number"][: len(self._units)]
        return [self._fixes[row] for row in np.flatnonzero(column > number)]

    def view(self) -> LiveView:
        """An immutable copy of the table as it stands."""
        if self._view is None:
            count = len(self._units)
            arrays = {name: column[:count].copy() for name, column in self._columns.items()}
            for array in arrays.values():
                array.setflags(write=False)
            del arrays["number"]
            self._view = LiveView(tuple(self._units), dict(self._rows), self.number, **arrays)
        return self._view

    def _write(self, row: int, fix: Fix) -> None:
        columns = self._columns
        columns["lon"][row], columns["lat"][row] = fix.lon, fix.lat
        columns["arc"][row], columns["fraction"][row] = fix.arc, fix.fraction
        columns["off_road_m"][row], columns["both"][row] = fix.off_road_m, fix.both
        columns["at_rest"][row] = fix.at_rest
        columns["measured"][row], columns["received"][row] = fix.measured_at, fix.received_at
        columns["speed"][row] = np.nan if fix.speed_mps is None else fix.speed_mps
        columns["heading"][row] = np.nan if fix.heading_deg is None else fix.heading_deg
        columns["number"][row] = self.number


def _empty(rows: int) -> dict[str, NDArray[Any]]:
    return {name: np.full(rows, fill, dtype) for name, (dtype, fill) in _COLUMNS.items()}
