"""All units as arrays at one moment: where they stand, how old that is, what they add to any drive, who is free.

A unit without any fix is taken to be at its home with the widest estimate there is, never as fresh, and is not counted for reach:
nobody knows that it is there. Row order is that of the
units' identifiers, so that the same picture gives the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import UnitStatus
from kuaijing.engine.advice.model import AdviceModel
from kuaijing.engine.advice.roads import LiveRoads
from kuaijing.engine.choice.arrival import delays_s
from kuaijing.measures.instants import Instant
from kuaijing.routing import UnitSnaps
from kuaijing.tracking.live_table import LiveView

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
RowArray = NDArray[np.int32]


class LivePositions(Protocol):
    """Where positions come from: tracking's live table."""

    def view(self) -> LiveView:
        """The newest fixes, immutable; to be taken in the thread that writes the table."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassForce:
    """The units of one class: their rows in the force and where they stand; ``snaps.number`` is the row."""

    rows: RowArray
    snaps: UnitSnaps

    def only(self, keep: BoolArray) -> "ClassForce":
        """Those whose row is in ``keep``, bool (all units,)."""
        among = keep[self.rows]
        snaps = self.snaps
        return ClassForce(
            self.rows[among],
            UnitSnaps(
                snaps.arc[among], snaps.fraction[among], snaps.off_road_m[among], snaps.both[among], self.rows[among]
            ),
        )


@dataclass(frozen=True, eq=False)
class Force:
    """Every unit of the picture, one row each."""

    units: tuple[Unit, ...]
    lon: FloatArray
    lat: FloatArray
    age_s: FloatArray
    """Age of the fix; ``inf`` where there never was one."""
    moving: BoolArray
    stale: BoolArray
    delay_s: FloatArray
    reaction_s: FloatArray
    reaction_spread_s: FloatArray
    free: BoolArray
    """Available, in contact, staying in the plan: eligible for orders."""
    on_road: BoolArray
    """Stands where its class can drive off; drones are never on a road."""
    by_class: Mapping[str, ClassForce]
    """Classes that drive or walk; drones are in no class here."""

    def __len__(self) -> int:
        return len(self.units)

    @cached_property
    def heard(self) -> BoolArray:
        """Has reported a position, ever."""
        return np.isfinite(self.age_s)

    @cached_property
    def counted(self) -> BoolArray:
        """Counted for reach: free, and where it stands is known."""
        return self.free & self.heard


def force_of(state: State, live: LiveView, roads: LiveRoads, at: Instant, model: AdviceModel) -> Force:
    """The force at one moment."""
    units = tuple(state.units[unit] for unit in sorted(state.units))
    row = np.array([live.rows.get(unit.id, -1) for unit in units], np.int64)
    has_fix = row >= 0
    lon, lat = _places(units, live, row)
    age = np.where(has_fix, _taken(live.age_s(at), row, np.inf), np.inf)
    moving = has_fix & ~_taken(live.at_rest, row, True)
    by_class = {
        unit_class: ClassForce(rows, _snaps(unit_class, rows, row, lon, lat, live, roads))
        for unit_class in roads.classes
        if len(rows := np.flatnonzero([unit.unit_class == unit_class for unit in units]).astype(np.int32))
    }
    reactions = [model.reaction_of(unit.unit_class) for unit in units]
    median = np.array([reaction.median_s for reaction in reactions], np.float64)
    return Force(
        units=units,
        lon=lon,
        lat=lat,
        age_s=age,
        moving=moving,
        stale=~(age <= np.where(moving, model.spread.fresh_moving_s, model.spread.fresh_rest_s)),
        delay_s=delays_s(median, age, moving, model.spread),
        reaction_s=median,
        reaction_spread_s=np.array([reaction.spread_s for reaction in reactions], np.float64),
        free=np.array([_is_free(unit) for unit in units], np.bool_),
        on_road=_on_road(by_class, len(units)),
        by_class=by_class,
    )


def _on_road(by_class: Mapping[str, ClassForce], count: int) -> BoolArray:
    on_road = np.zeros(count, np.bool_)
    for of_class in by_class.values():
        on_road[of_class.rows] = of_class.snaps.arc >= 0
    return on_road


def _is_free(unit: Unit) -> bool:
    return unit.status == UnitStatus.AVAILABLE and unit.active is None and not unit.lost_contact and not unit.leaving


def _taken(column: NDArray[Any], row: NDArray[np.int64], otherwise: object) -> NDArray[Any]:
    """The column's values at ``row``, ``otherwise`` where that is -1."""
    taken = np.full(len(row), otherwise)
    taken[row >= 0] = column[row[row >= 0]]
    return taken


def _places(units: tuple[Unit, ...], live: LiveView, row: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    lon, lat = _taken(live.lon, row, np.nan), _taken(live.lat, row, np.nan)
    for index in np.flatnonzero(row < 0):
        home = units[index].home
        if home is not None:
            lon[index], lat[index] = home.lon, home.lat
    return lon, lat


def _snaps(
    unit_class: str,
    rows: RowArray,
    live_row: NDArray[np.int64],
    lon: FloatArray,
    lat: FloatArray,
    live: LiveView,
    roads: LiveRoads,
) -> UnitSnaps:
    """Where the units of a class stand: as tracking matched them, else the nearest usable road."""
    row = live_row[rows]
    arc, fraction = _taken(live.arc, row, -1), _taken(live.fraction, row, 0.0)
    off_road, both = _taken(live.off_road_m, row, 0.0), _taken(live.both, row, True)
    lost = np.flatnonzero(arc < 0)
    if len(lost):
        headings = _taken(live.heading, row[lost], np.nan).astype(np.float64)
        found = roads.network.snap_many(lon[rows[lost]], lat[rows[lost]], unit_class, headings)
        arc[lost], fraction[lost], off_road[lost], both[lost] = found.arc, found.fraction, found.off_road_m, True
    return UnitSnaps(arc, fraction, off_road, both, rows)
