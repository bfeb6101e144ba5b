"""Expected incidents per hour in each 250 m cell at each hour of the week, learnt from a history.

Last month's count of a small cell is hard to beat as a forecast; what helps is to shrink it a little towards its nearest
neighbours, and the hours of one cell strongly towards the city's week, since one cell sees few incidents in one hour of
the week. Three steps, each a gamma-Poisson (empirical Bayes) mean:

1. place: a cell's weighted count, ``1 - kernel_share`` of it kept and ``kernel_share`` spread by a Gaussian of ``kernel_m``;
   ``floor_share`` of the whole is spread by street length, so that no street is said to be free of incidents for ever;
2. week of the city: each hour of the week shrunken towards its hour of the day, which is shrunken towards the mean;
3. week of the cell: ``(count + b) / (expected + b)`` of the cell's neighbouring hours, with ``b = hour_strength``.

Older incidents count less (``half_life_days``). What officers find themselves is left out: it follows the patrols, and a
plan that followed it would feed on itself. The figures are chosen on the 2015 Seattle responses, see
docs/decisions/0031-demand-rates.md. Arrays in, arrays out; a document beside the plan. Knows no street and no unit.
"""

import hashlib
import io
import json
import math
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from kuaijing.demand.grid import CellArray, FloatArray, Grid
from kuaijing.demand.hours import HOUR, HOURS, hour_of_week, hours_of_week
from kuaijing.demand.refused import DamagedDemand, FaultyHistory, NoHistory
from kuaijing.measures.points import EARTH_RADIUS_M

FORMAT = "kuaijing-demand-1"
HISTORY = "history"
STREET_LENGTH = "street_length"
OFFICER_INITIATED = frozenset({"patrol", "officer_help"})
"""Origins that are no call for service."""


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """How far counts are trusted; see the module head."""

    kernel_m: float = 200.0
    kernel_share: float = 0.15
    floor_share: float = 0.01
    half_life_days: float = 180.0
    day_strength: float = 24.0
    """Pseudo-hours of the mean behind each hour of the day."""
    week_strength: float = 12.0
    """Pseudo-hours of the hour of the day behind each hour of the week."""
    hour_strength: float = 5.0
    """Pseudo-incidents behind each hour of the week of one cell."""


@dataclass(frozen=True, slots=True, eq=False)
class DemandRates:
    """Expected incidents per hour; ``basis`` is ``history`` or ``street_length`` (then only shares mean something)."""

    grid: Grid
    cells: CellArray
    """Cells with any demand, ascending, int64 (k,)."""
    rate: NDArray[np.float32]
    """Incidents per hour, float32 (k, 168)."""
    zone: str
    basis: str
    counted: int
    """Incidents that the rates rest on."""
    left_out: int
    """Found by officers themselves."""
    outside: int
    """Outside the grid."""
    from_at: int
    until: int

    def at(self, instant: int) -> NDArray[np.float32]:
        """Incidents per hour of each of ``cells`` at that instant's local hour, float32 (k,)."""
        row: NDArray[np.float32] = self.rate[:, hour_of_week(instant, self.zone)]
        return row

    @property
    def digest(self) -> str:
        """SHA-256 of the document's content: its name wherever a decision rests on it."""
        digest = hashlib.sha256(json.dumps(self._head(), sort_keys=True).encode())
        digest.update(np.ascontiguousarray(self.cells).tobytes())
        digest.update(np.ascontiguousarray(self.rate).tobytes())
        return digest.hexdigest()

    def _head(self) -> dict[str, Any]:
        grid = self.grid
        return {
            "format": FORMAT,
            "grid": [grid.west, grid.south, grid.lon_step, grid.lat_step, grid.columns, grid.rows],
            **{
                name: getattr(self, name)
                for name in ("zone", "basis", "counted", "left_out", "outside", "from_at", "until")
            },
        }

    def save(self, path: Path) -> None:
        """Write the document (npz), whole or not at all."""
        held = io.BytesIO()
        np.savez_compressed(held, head=np.array(json.dumps(self._head())), cells=self.cells, rate=self.rate)
        beside = path.with_name(path.name + ".part")
        beside.write_bytes(held.getvalue())
        os.replace(beside, path)

    @classmethod
    def load(cls, path: Path) -> "DemandRates":
        """Read a document; raises ``DamagedDemand``."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                head, cells, rate = json.loads(str(held["head"])), held["cells"], held["rate"]
        except FileNotFoundError:
            raise DamagedDemand(path, "there is no such file") from None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise DamagedDemand(path, f"cannot be read: {error}") from None
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise DamagedDemand(path, f"its format is not {FORMAT!r}")
        if rate.shape != (len(cells), HOURS) or not np.isfinite(rate).all() or (rate < 0).any():
            raise DamagedDemand(path, f"rate is {rate.shape} for {len(cells)} cells, or holds what is no rate")
        west, south, lon_step, lat_step, columns, rows = head["grid"]
        grid = Grid(west, south, lon_step, lat_step, int(columns), int(rows))
        names = ("zone", "basis", "counted", "left_out", "outside", "from_at", "until")
        return cls(grid, cells, rate, **{name: head[name] for name in names})


def rates(
    lon: FloatArray,
    lat: FloatArray,
    called_at: NDArray[np.int64],
    origin: NDArray[np.str_],
    *,
    grid: Grid,
    zone: str,
    street_m: FloatArray | None = None,
    period: tuple[int, int] | None = None,
    shrinkage: Shrinkage | None = None,
) -> DemandRates:
    """Expected incidents per hour by cell and hour of the week.

    Parameters
    ----------
    lon, lat, called_at, origin
        The history, one row an incident: WGS-84 degrees, microseconds UTC, the domain's origin words; shape ``(n,)`` each.
    grid, zone
        Cells, and the zone of the city's clock.
    street_m
        Street metres per cell of the grid, shape ``(grid.cells,)`` (see ``street_metres``): carries the floor.
    period
        First instant and end of the history, microseconds UTC; by default the whole days that its calls span.

    Raises
    ------
    FaultyHistory
        Arrays of different lengths, a place or a time that is none; the row is named.
    NoHistory
        Nothing is left to count.
    """
    how = Shrinkage() if shrinkage is None else shrinkage
    _check(lon, lat, called_at, origin, street_m, grid)
    called = ~np.isin(origin, list(OFFICER_INITIATED))
    start, end = _period(called_at, period)
    cell = grid.cells_of(lon, lat)
    counts = called & (cell >= 0) & (called_at >= start) & (called_at < end)
    left_out, outside = int((~called).sum()), int((called & (cell < 0)).sum())
    if not counts.any():
        raise NoHistory(len(lon), left_out, outside)
    cell, hour = cell[counts], hours_of_week(called_at[counts], zone)
    half_life = how.half_life_days * 24 * HOUR
    weight = np.exp2((called_at[counts] - end) / half_life)
    slots = np.arange(start, end, HOUR, dtype=np.int64)
    exposure = _total(hours_of_week(slots, zone), np.exp2((slots - end) / half_life), HOURS)

    per_hour = _total(cell, weight, grid.cells) / exposure.sum()
    place = _place(per_hour, grid, street_m, how)
    week = _week(_total(hour, weight, HOURS), exposure, how)
    cells = np.flatnonzero(place > 0)
    rate = _cell_weeks(place[cells], week, np.searchsorted(cells, cell), hour, weight, exposure, how)
    return DemandRates(
        grid, cells, rate.astype(np.float32), zone, HISTORY, int(counts.sum()), left_out, outside, start, end
    )


def street_length_rates(grid: Grid, street_m: FloatArray, zone: str) -> DemandRates:
    """What stands in where no history is known: one incident an hour in the whole city, spread by street length.

    Only shares of it mean anything; ``basis`` says ``street_length`` and the screens say so too.
    """
    if street_m.shape != (grid.cells,) or not street_m.sum() > 0:
        raise FaultyHistory(
            f"street_m is {street_m.shape} summing to {street_m.sum():g}, wanted ({grid.cells},) above 0"
        )
    cells = np.flatnonzero(street_m > 0)
    share = (street_m[cells] / street_m.sum()).astype(np.float32)
    return DemandRates(grid, cells, np.repeat(share[:, None], HOURS, axis=1), zone, STREET_LENGTH, 0, 0, 0, 0, 0)


def _total(key: NDArray[np.int64], weight: FloatArray, size: int) -> FloatArray:
    return np.bincount(key, weights=weight, minlength=size).astype(np.float64)


def _check(
    lon: FloatArray,
    lat: FloatArray,
    called_at: NDArray[np.int64],
    origin: NDArray[np.str_],
    street_m: FloatArray | None,
    grid: Grid,
) -> None:
    lengths = {"lon": len(lon), "lat": len(lat), "called_at": len(called_at), "origin": len(origin)}
    if len(set(lengths.values())) != 1:
        raise FaultyHistory(f"the history's columns differ in length: {lengths}")
    wrong = np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)))
    if len(wrong):
        row = int(wrong[0])
        raise FaultyHistory(
            f"history row {row}: ({lon[row]}, {lat[row]}) is no place in WGS-84 degrees; {len(wrong)} such"
        )
    if street_m is not None and street_m.shape != (grid.cells,):
        raise FaultyHistory(f"street_m is {street_m.shape}, wanted ({grid.cells},), one figure a cell")


def _period(called_at: NDArray[np.int64], period: tuple[int, int] | None) -> tuple[int, int]:
    day = 24 * HOUR
    if period is None:
        if not len(called_at):
            return 0, day
        return int(called_at.min()) // day * day, -(-(int(called_at.max()) + 1) // day) * day
    if period[1] - period[0] < HOUR:
        raise FaultyHistory(f"period must be at least an hour of microseconds, from before until, got {period}")
    return period


def _place(per_hour: FloatArray, grid: Grid, street_m: FloatArray | None, how: Shrinkage) -> FloatArray:
    """Mean incidents per hour of every cell; the sum over the city is kept."""
    square = per_hour.reshape(grid.rows, grid.columns)
    cell_m = math.radians(grid.lat_step) * EARTH_RADIUS_M
    # "constant" loses at the border what "nearest" would double; what is lost is given back in proportion.
    spread = ndimage.gaussian_filter(square, how.kernel_m / cell_m, mode="constant", truncate=3.0)
    spread *= square.sum() / spread.sum()
    place = ((1 - how.kernel_share) * square + how.kernel_share * spread).ravel()
    if street_m is not None and street_m.sum() > 0:
        place = (1 - how.floor_share) * place + how.floor_share * per_hour.sum() * street_m / street_m.sum()
    return np.asarray(place, dtype=np.float64)


def _week(count: FloatArray, exposure: FloatArray, how: Shrinkage) -> FloatArray:
    """The city's week, shape (168,), such that the expected count over ``exposure`` is what was counted."""
    mean = count.sum() / exposure.sum()
    by_day, day_exposure = (part.reshape(7, 24).sum(axis=0) for part in (count, exposure))
    day = (by_day + how.day_strength * mean) / (day_exposure + how.day_strength)
    week = (count + how.week_strength * np.tile(day, 7)) / (exposure + how.week_strength)
    return np.asarray(week * exposure.sum() / (week @ exposure), dtype=np.float64)


def _cell_weeks(
    place: FloatArray,
    week: FloatArray,
    row: NDArray[np.int64],
    hour: NDArray[np.int64],
    weight: FloatArray,
    exposure: FloatArray,
    how: Shrinkage,
) -> FloatArray:
    """Rates of each cell, shape (k, 168); each cell's mean over ``exposure`` is its ``place``."""
    count = _total(row * HOURS + hour, weight, len(place) * HOURS).reshape(-1, HOURS)
    prior = place[:, None] * week
    near = np.array([0.25, 0.5, 1.0, 0.5, 0.25])
    seen = ndimage.convolve1d(count, near, axis=1, mode="wrap")
    expected = ndimage.convolve1d(prior * exposure, near, axis=1, mode="wrap")
    rate = prior * (seen + how.hour_strength) / (expected + how.hour_strength)
    mean = rate @ exposure / exposure.sum()
    return np.asarray(rate * (place / mean)[:, None], dtype=np.float64)
