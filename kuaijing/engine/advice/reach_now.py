"""The live 1-3-5: what the units that are free at one moment reach within each tier's limit, reaction included.

Computed from arrays alone, so that it can run in any thread; numba releases the interpreter during the searches. Two readings
come from it: what the loss of one unit costs (known from the two soonest units of each street) and what the loss of a set
costs (``without``, which searches again where both of the two are in the set).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.repair import third_soonest
from kuaijing.engine.advice.roads import LiveRoads
from kuaijing.engine.advice.streets import CityStreets
from kuaijing.engine.choice.reach import (
    StreetReach,
    drop_units,
    losses,
    pair_losses,
    reached,
    reached_without,
    tier_sums,
)
from kuaijing.measures.instants import Instant
from kuaijing.routing import NearestTwo, UnitSnaps, Weights, combine_nearest, nearest_two
from kuaijing.routing.graph import DrivenGraph

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TierReach:
    """What is reached within one tier's limit; field names as in the public message."""

    tier: str
    street_m: float
    street_reached_m: float
    expected_per_h: float
    expected_reached_per_h: float


@dataclass(frozen=True, slots=True)
class ReachSummary:
    """Reach by tier; ``demand`` is ``history`` or ``street_length``."""

    at: Instant
    demand: str
    tiers: tuple[TierReach, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Standards:
    """What holds on each street at one hour: tier index (-1: not counted), limit and expected incidents per hour."""

    tiers: tuple[str, ...]
    tier: NDArray[np.int64]
    limit_ms: IntArray
    expected_per_h: FloatArray
    basis: str


@dataclass(frozen=True, slots=True, eq=False)
class ClassReach:
    """One class's part of the search, kept so that a set of units can be taken out exactly."""

    graph: DrivenGraph
    weights: Weights
    snaps: UnitSnaps
    delay_ms: IntArray
    nearest: NearestTwo


@dataclass(frozen=True, eq=False)
class ReachNow:
    """Reach at one moment. Unit numbers are rows of ``units``."""

    at: Instant
    picture_version: int
    roads_version: int
    units: tuple[str, ...]
    streets: CityStreets
    standards: Standards
    reach: StreetReach
    parts: Mapping[str, ClassReach]
    limit_ms: int
    took_ms: float

    @cached_property
    def met(self) -> BoolArray:
        """Whether each street is reached in time."""
        return reached(self.reach) & (self.standards.tier >= 0)

    @cached_property
    def expected_total(self) -> float:
        """Incidents per hour expected on all counted streets."""
        return float(self.standards.expected_per_h.sum())

    @cached_property
    def loss_street_m(self) -> FloatArray:
        """Street metres no longer reached while one unit is gone, per unit."""
        return losses(self.reach, self.streets.metres, len(self.units))

    @cached_property
    def loss_share(self) -> FloatArray:
        """Share of expected incidents no longer reached while one unit is gone, per unit."""
        lost = losses(self.reach, self.standards.expected_per_h, len(self.units))
        return np.asarray(lost / self.expected_total if self.expected_total > 0 else lost * 0.0)

    @cached_property
    def pair_share(self) -> FloatArray:
        """Share of expected incidents that two units hold together, beyond what each holds alone, (units, units)."""
        lost = pair_losses(self.reach, self.standards.expected_per_h, len(self.units))
        return np.asarray(lost / self.expected_total if self.expected_total > 0 else lost)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each unit."""
        return {unit: row for row, unit in enumerate(self.units)}

    @cached_property
    def summary(self) -> ReachSummary:
        """The sums by tier."""
        tiers = self.standards.tiers
        metres, metres_met = tier_sums(self.standards.tier, self.streets.metres, self.met, len(tiers))
        expected, expected_met = tier_sums(self.standards.tier, self.standards.expected_per_h, self.met, len(tiers))
        rows = zip(tiers, metres, metres_met, expected, expected_met, strict=True)
        return ReachSummary(
            self.at,
            self.standards.basis,
            tuple(TierReach(tier, *(float(figure) for figure in figures)) for tier, *figures in rows),
        )

    def share(self, met: BoolArray | None = None) -> float | None:
        """Share of expected incidents on streets that are ``met``; ``None`` where nothing is expected at all."""
        if not self.expected_total > 0:
            return None
        reached_per_h = float(self.standards.expected_per_h[self.met if met is None else met].sum())
        return min(1.0, reached_per_h / self.expected_total)

    def without(self, gone: BoolArray) -> StreetReach:
        """The streets once a set of units (bool (units,)) is away; the soonest is exact, the second may be understated."""
        _, unknown = reached_without(self.reach, gone)
        best_ms, best_unit, second_ms, second_unit = (np.array(column) for column in self.reach[:4])
        drop_units(best_ms, best_unit, second_ms, second_unit, gone)
        if unknown.any():
            streets = np.flatnonzero(unknown)
            found_ms, found_unit = third_soonest(self.parts, gone, unknown, self.streets.arc_street, self.limit_ms)
            best_ms[streets], best_unit[streets] = found_ms[streets], found_unit[streets]
        return StreetReach(best_ms, best_unit, second_ms, second_unit, self.reach.limit_ms)

    def seconds(self) -> NDArray[np.float32]:
        """For the map: seconds until the soonest unit is at each street, float32 (streets,), NaN beyond every limit."""
        best = self.reach.best_ms
        return np.where((best >= 0) & (self.standards.tier >= 0), best / 1000, np.nan).astype(np.float32)


def reach_now(
    force: Force, roads: LiveRoads, streets: CityStreets, standards: Standards, at: Instant, picture_version: int
) -> ReachNow:
    """Compute the reach of the free units of ``force`` that have reported a position."""
    began = time.perf_counter()
    counted = standards.tier >= 0
    limit = max(1, int(standards.limit_ms[counted].max())) if counted.any() else 1
    roads_version = roads.version
    parts: dict[str, ClassReach] = {}
    for unit_class, of_class in force.by_class.items():
        free = of_class.only(force.counted)
        graph = roads.find_graph(unit_class)
        if not len(free.rows) or graph is None:
            continue
        weights = roads.weights(unit_class)
        delay = np.rint(force.delay_s[free.rows] * 1000).astype(np.int32)
        nearest = nearest_two(graph, weights, free.snaps, limit, delay_ms=delay)
        parts[unit_class] = ClassReach(graph, weights, free.snaps, delay, nearest)
    if parts:
        two = combine_nearest([part.nearest for part in parts.values()]).by_street(streets.arc_street, streets.count)
    else:
        nobody = np.full(streets.count, -1, np.int32)
        two = NearestTwo(nobody, nobody, nobody, nobody)
    return ReachNow(
        at=at,
        picture_version=picture_version,
        roads_version=roads_version,
        units=tuple(unit.id for unit in force.units),
        streets=streets,
        standards=standards,
        reach=StreetReach(two.best_ms, two.best_unit, two.second_ms, two.second_unit, standards.limit_ms),
        parts=parts,
        limit_ms=limit,
        took_ms=(time.perf_counter() - began) * 1000,
    )
