"""What the history answers: arrays of fixes, and stays near a place. Instants are int64 microseconds; arrays are read-only."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.instants import Instant
from kuaijing.store.history import columns as c

_COLUMNS: Final = ("measured", "received", "lon", "lat", "speed", "heading", "accuracy", "at_rest", "moved", "origin")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fix came from."""

    source: str
    device: str


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Fixes as arrays, all of shape ``(n,)``."""

    measured: NDArray[np.int64]
    received: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    speed: NDArray[np.float32]
    """m/s; NaN where it was not told, as in ``heading`` (degrees) and ``accuracy`` (m)."""
    heading: NDArray[np.float32]
    accuracy: NDArray[np.float32]
    at_rest: NDArray[np.bool_]
    moved: NDArray[np.bool_]
    """It was the unit's newest when it came: false for what came out of order, late or from a second device."""
    origin: NDArray[np.int32]
    """Index into ``origins``."""
    origins: tuple[Origin, ...]

    def __len__(self) -> int:
        return len(self.measured)


@dataclass(frozen=True, slots=True, eq=False)
class Track(Columns):
    """One unit's fixes by ``measured``."""

    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class Fixes(Columns):
    """Fixes of many units."""

    units: tuple[str, ...]
    unit: NDArray[np.int32]
    """Index into ``units``."""


@dataclass(frozen=True, slots=True)
class Presence:
    """A unit's stay within a radius of a place."""

    unit: str
    from_at: Instant
    """First fix within."""
    until: Instant
    """Last fix within."""
    nearest_m: float
    nearest_at: Instant
    fixes: int


def track_of(unit: str, rows: c.Rows, origins: tuple[Origin, ...]) -> Track:
    """Rows of one unit as arrays."""
    return Track(*_arrays(rows), origins, unit)


def fixes_of(units: tuple[str, ...], unit: NDArray[np.int32], rows: c.Rows, origins: tuple[Origin, ...]) -> Fixes:
    """Rows of many units as arrays."""
    unit.setflags(write=False)
    return Fixes(*_arrays(rows), origins, units, unit)


def only(fixes: Fixes, units: Collection[str]) -> Fixes:
    """Those of some units."""
    wanted = np.array([name in units for name in fixes.units], np.bool_)
    kept = wanted[fixes.unit]
    columns = {name: getattr(fixes, name)[kept] for name in _COLUMNS}
    return Fixes(**columns, origins=fixes.origins, units=fixes.units, unit=fixes.unit[kept])


def _arrays(
    rows: c.Rows,
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.bool_],
    NDArray[np.bool_],
    NDArray[np.int32],
]:
    found = (
        rows[c.MEASURED].copy(),
        rows[c.RECEIVED].copy(),
        rows[c.LON] / c.PLACE_SCALE,
        rows[c.LAT] / c.PLACE_SCALE,
        _figure(rows[c.SPEED], c.SPEED_SCALE),
        _figure(rows[c.HEADING], c.HEADING_SCALE),
        _figure(rows[c.ACCURACY], c.ACCURACY_SCALE),
        (rows[c.FLAGS] & c.AT_REST) != 0,
        (rows[c.FLAGS] & c.MOVED) != 0,
        rows[c.ORIGIN].astype(np.int32),
    )
    for array in found:
        array.setflags(write=False)
    return found


def _figure(values: NDArray[np.int64], scale: float) -> NDArray[np.float32]:
    return np.where(values < 0, np.nan, values / scale).astype(np.float32)
