"""Routes, isochrones and streets with their reach, by the roads as they are now, in the form in which they are asked for."""

from typing import Any

import numpy as np

from kuaijing.city.ground import Ground
from kuaijing.engine.advice import LiveRoads, ReachNow
from kuaijing.engine.choice.reach import reached
from kuaijing.measures.points import Point
from kuaijing.routing import Snap, isochrone, route
from kuaijing.tracking import LiveTable
from kuaijing.web.problems import Refusal
from kuaijing.wire.answers import IsochroneView, RouteView, TurnView


class Driving:
    """The roads of one city, asked by the door."""

    def __init__(self, roads: LiveRoads, table: LiveTable) -> None:
        self._roads, self._table = roads, table

    def route(self, unit_class: str, start: Point, end: Point, heading_deg: float | None) -> RouteView | None:
        """The fastest way; ``None`` where there is none by road."""
        graph = self._roads.find_graph(unit_class)
        if graph is None:
            return None
        snap = self._roads.network.snap
        there = snap(start.lon, start.lat, unit_class, heading_deg=heading_deg), snap(end.lon, end.lat, unit_class)
        if there[0] is None or there[1] is None:
            return None
        found = route(graph, self._roads.weights(unit_class), there[0], there[1], both=heading_deg is None)
        if found is None:
            return None
        return RouteView(
            points=[(round(lon, 6), round(lat, 6)) for lon, lat in found.points.tolist()],
            seconds=found.milliseconds / 1000,
            metres=round(found.metres, 1),
            turns=[TurnView(turn.key, turn.road, round(turn.metres, 1), turn.lon, turn.lat) for turn in found.turns],
        )

    def isochrone(self, unit: str, unit_class: str, limit_s: float) -> IsochroneView:
        """Streets that the unit reaches in time, from where it is now."""
        start = self._start(unit, unit_class)
        graph = self._roads.find_graph(unit_class)
        if start is None or graph is None:
            raise Refusal("unreachable", f"unit {unit} has no position on a road that a {unit_class} may use")
        ms = isochrone(graph, self._roads.weights(unit_class), start, round(limit_s * 1000))
        ground = self._roads.network.ground
        streets = [(int(ms[arc]) / 1000, line_of(ground, int(arc))) for arc in _one_a_street(ground, ms)]
        return IsochroneView(unit, limit_s, streets)

    def _start(self, unit: str, unit_class: str) -> Snap | None:
        fix = self._table.find(unit)
        if fix is None:
            return None
        return self._roads.network.snap(fix.lon, fix.lat, unit_class, heading_deg=fix.heading_deg)


def streets_geojson(ground: Ground, now: ReachNow, tier: str | None) -> dict[str, Any]:
    """Counted streets with tier, limit, the soonest free unit and its seconds (null beyond the search), whether that is in time, and
    the unit that would be next."""
    standards, seconds, reach = now.standards, now.seconds(), now.reach
    features = []
    for street, arc in enumerate(_first_arcs(ground)):
        index = int(standards.tier[street])
        if index < 0 or (tier is not None and standards.tiers[index] != tier):
            continue
        properties = {
            "street": street,
            "tier": standards.tiers[index],
            "limit_s": int(standards.limit_ms[street]) / 1000,
            "seconds": None if np.isnan(seconds[street]) else round(float(seconds[street]), 1),
            "reached": bool(now.met[street]),
            "unit": _unit_of(now, int(reach.best_unit[street])),
            "next": _unit_of(now, int(reach.second_unit[street])),
            "next_s": round(int(reach.second_ms[street]) / 1000, 1) if reach.second_ms[street] >= 0 else None,
        }
        features.append(_line(ground, arc, properties))
    return {"type": "FeatureCollection", "features": features}


def lost_geojson(ground: Ground, now: ReachNow, unit: str) -> dict[str, Any]:
    """Streets that are reached in time now and would not be without that unit, with the seconds of whoever would be next.

    None where the unit is not among those counted: without it nothing changes.
    """
    row = now.row_of.get(unit)
    features: list[dict[str, Any]] = []
    if row is not None:
        gone = np.zeros(len(now.units), np.bool_)
        gone[row] = True
        after = now.without(gone)
        lost = now.met & ~reached(after)
        first = _first_arcs(ground)
        for street in np.flatnonzero(lost).tolist():
            late = int(after.best_ms[street])
            properties = {
                "street": street,
                "tier": now.standards.tiers[int(now.standards.tier[street])],
                "limit_s": int(now.standards.limit_ms[street]) / 1000,
                "seconds": None if late < 0 else round(late / 1000, 1),
                "unit": _unit_of(now, int(after.best_unit[street])),
            }
            features.append(_line(ground, first[street], properties))
    return {"type": "FeatureCollection", "features": features}


def _unit_of(now: ReachNow, row: int) -> str | None:
    return now.units[row] if row >= 0 else None


def _line(ground: Ground, arc: int, properties: dict[str, Any]) -> dict[str, Any]:
    shape = {"type": "LineString", "coordinates": line_of(ground, arc)}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def line_of(ground: Ground, arc: int) -> list[tuple[float, float]]:
    """The arc's shape, to a tenth of a metre."""
    begin, end = int(ground.shape_start[arc]), int(ground.shape_start[arc + 1])
    lon, lat = ground.shape_lon[begin:end].tolist(), ground.shape_lat[begin:end].tolist()
    return [(round(x, 6), round(y, 6)) for x, y in zip(lon, lat, strict=True)]


def _first_arcs(ground: Ground) -> list[int]:
    """One arc of each street, in the streets' order."""
    _, first = np.unique(np.asarray(ground.arc_street), return_index=True)
    arcs: list[int] = first.tolist()
    return arcs


def _one_a_street(ground: Ground, ms: np.ndarray[Any, np.dtype[np.int32]]) -> list[int]:
    """Of each street that is reached, the arc that is reached first."""
    reached = np.flatnonzero(ms >= 0)
    order = reached[np.argsort(ms[reached], kind="stable")]
    _, first = np.unique(np.asarray(ground.arc_street)[order], return_index=True)
    arcs: list[int] = order[first].tolist()
    return arcs
