"""How long every unit needs to one place: by road per class, on foot beyond the road's edge, drones in a straight line.

Nobody is searched for beyond the horizon unless no eligible unit is nearer; then the search goes on without a bound, and what it
does not find cannot get there at all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.domain.places import Place
from kuaijing.domain.words import UnitClass
from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.model import AdviceModel
from kuaijing.engine.advice.roads import LiveRoads
from kuaijing.engine.survey import Survey
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.routing import Snap, flight_milliseconds, times_from_units
from kuaijing.routing.arrays import NO_LIMIT

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Drives:
    """Seconds per unit, ``inf`` where none was found; and where the place lies for each class."""

    seconds: FloatArray
    straight_m: FloatArray
    targets: dict[str, Snap]
    unbounded: bool
    """The search went beyond the horizon: what is not found cannot get there."""

    def is_off_road(self, unit_class: str) -> bool:
        """Whether the place is too far from any road that the class may use."""
        return unit_class in UNIT_CLASSES and unit_class not in self.targets


def drives_to(
    place: Place, force: Force, eligible: BoolArray, roads: LiveRoads, survey: Survey, model: AdviceModel, wanted: int
) -> Drives:
    """Drives of all units to ``place``; ``eligible`` and ``wanted`` say when the horizon is enough."""
    street = survey.street_of(place.point, place.text)
    targets = {name: snap for name in force.by_class if (snap := _target(place, street, name, roads)) is not None}
    seconds = np.full(len(force), np.inf)
    _fly(place, force, roads, seconds)
    _drive(force, targets, roads, model, seconds, round(model.horizon_s * 1000), None, None)
    unbounded = bool(targets) and not (np.isfinite(seconds) & eligible).any()
    if unbounded:
        _drive(force, targets, roads, model, seconds, NO_LIMIT, max(1, wanted), eligible)
    return Drives(seconds, _straight(place, force), targets, unbounded)


def _target(place: Place, street: Snap | None, unit_class: str, roads: LiveRoads) -> Snap | None:
    """The street that the place belongs to, where the class may use it; else the nearest that it may."""
    graph = roads.find_graph(unit_class)
    if street is not None and graph is not None and graph.arc_node[street.arc] >= 0:
        there = roads.network.place_on(street.arc, street.fraction, unit_class)
        return Snap(
            there.arc, there.fraction, there.twin, there.lon, there.lat, there.street, there.name, street.off_road_m
        )
    return roads.network.snap(place.point.lon, place.point.lat, unit_class)


def _drive(
    force: Force,
    targets: dict[str, Snap],
    roads: LiveRoads,
    model: AdviceModel,
    seconds: FloatArray,
    limit_ms: int,
    first: int | None,
    eligible: BoolArray | None,
) -> None:
    for unit_class, target in targets.items():
        of_class, graph = force.by_class[unit_class], roads.find_graph(unit_class)
        if graph is None:
            continue
        times = times_from_units(
            graph,
            roads.weights(unit_class),
            target,
            of_class.snaps,
            limit_ms=limit_ms,
            first=first,
            eligible=None if eligible is None else eligible[of_class.rows],
        )
        walk = max(0.0, target.off_road_m - model.arrival_m) / model.walk_mps
        found = times >= 0
        seconds[of_class.rows[found]] = times[found] / 1000 + walk


def _fly(place: Place, force: Force, roads: LiveRoads, seconds: FloatArray) -> None:
    drones = np.array([unit.unit_class == UnitClass.DRONE for unit in force.units], np.bool_) & np.isfinite(force.lon)
    if drones.any():
        times = flight_milliseconds(
            roads.network.profile, force.lon[drones], force.lat[drones], place.point.lon, place.point.lat
        )
        seconds[drones] = times / 1000


def _straight(place: Place, force: Force) -> FloatArray:
    east = np.radians(force.lon - place.point.lon) * np.cos(np.radians(place.point.lat))
    return np.asarray(EARTH_RADIUS_M * np.hypot(east, np.radians(force.lat - place.point.lat)), dtype=np.float64)
