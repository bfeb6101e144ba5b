"""Cover: which free unit to send where, so that the city reaches again what orders took away.

Places considered: the plan's platforms and the middles of the heaviest holes, those nearest to what is not reached. The moves
are chosen by ``choice.cover``; here the arrays for it are searched on the roads.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.words import UnitClass
from kuaijing.engine.advice.advice import CoverAdvice, CoverMove
from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.reach_field import ReachField
from kuaijing.engine.advice.reach_now import ReachNow
from kuaijing.engine.choice.cover import LEAST_GAIN, LOOK_AHEAD_S, choose_cover
from kuaijing.engine.choice.reach import StreetReach, reached
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.routing import Snap, isochrone, times_from_units
from kuaijing.routing.compiled import compiled

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]

HOLES = 4
"""Middles of holes considered, beside the platforms."""
PLACES = 8
"""Places considered in all."""
HOLE_M = 800.0
"""A hole's middle takes what lies within this; the next one lies farther off."""
DRIVE_S = 900.0
"""Units farther than this from a place are not moved there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit could be sent to stand by."""

    lon: float
    lat: float
    text: str


def propose_cover(field: ReachField, now: ReachNow, reach: StreetReach, force: Force, gone: BoolArray) -> CoverAdvice:
    """Moves that restore the most; ``reach`` is that without the ``gone`` units (bool, rows of ``now``)."""
    weight = now.standards.expected_per_h
    met = reached(reach) & (now.standards.tier >= 0)
    before = now.share(met)
    classes, class_of, may_move = movable_units(field, now, force, gone)
    places = _places(field, now, np.where(met, 0.0, weight))
    if before is None or not may_move.any() or not places:
        return CoverAdvice((), before, before)
    in_time, drive_s = search_places(field, now, force, places, classes, may_move)
    moves = choose_cover(
        reach, weight, in_time, class_of, drive_s, may_move, least_gain=LEAST_GAIN * now.expected_total
    )
    listed, met_then = [], met
    for move in moves:
        unit = force.units[_row(force, now.units[move.unit])]
        place = places[move.place]
        newly = in_time[move.place, class_of[move.unit]] & ~met_then & (now.standards.tier >= 0)
        met_then = met_then | newly
        listed.append(
            CoverMove(
                unit=unit.id,
                call_sign=unit.call_sign,
                version=unit.version,
                lon=round(place.lon, 6),
                lat=round(place.lat, 6),
                text=place.text,
                drive_s=round(float(drive_s[move.unit, move.place]), 1),
                gain_street_m=round(float(field.streets.metres[newly].sum())),
                gain_expected_share=round(move.gain / now.expected_total, 6),
            )
        )
    gained = sum(move.gain for move in moves) / now.expected_total
    return CoverAdvice(tuple(listed), round(before, 6), round(min(1.0, before + gained), 6))


def _row(force: Force, unit: str) -> int:
    return next(row for row, each in enumerate(force.units) if each.id == unit)


def movable_units(
    field: ReachField, now: ReachNow, force: Force, gone: BoolArray
) -> tuple[list[str], NDArray[np.int64], BoolArray]:
    """Classes that can be moved, the class row of each unit of ``now`` and which of them may move.

    Whoever stands by already, flies, walks or has a stale position stays.
    """
    rank = {name: i for i, name in enumerate(c for c in field.roads.classes if c != UnitClass.FOOT)}
    class_of, may_move = np.zeros(len(now.units), np.int64), np.zeros(len(now.units), np.bool_)
    for row, unit in enumerate(force.units):
        at = now.row_of.get(unit.id)
        if at is None or unit.unit_class not in rank:
            continue
        class_of[at] = rank[unit.unit_class]
        may_move[at] = bool(force.free[row]) and not gone[at] and unit.cover is None and not force.stale[row]
    return list(rank), class_of, may_move


def _places(field: ReachField, now: ReachNow, missing: FloatArray) -> list[Place]:
    """Platforms and middles of holes, those with the most unreached demand around them first."""
    streets = field.streets
    rows = np.flatnonzero(missing > 0)
    if not len(rows):
        return []
    squeeze = np.cos(np.radians(float(streets.lat[rows].mean())))
    scale = np.radians(1.0) * EARTH_RADIUS_M
    x, y, weight = streets.lon[rows] * squeeze * scale, streets.lat[rows] * scale, missing[rows]
    places = [Place(p.point.lon, p.point.lat, p.name) for p in field.survey.plan.platforms]
    for row in middles(x, y, weight):
        at = int(rows[row])
        near = field.roads.network.snap(float(streets.lon[at]), float(streets.lat[at]), UnitClass.CAR)
        places.append(Place(float(streets.lon[at]), float(streets.lat[at]), near.name if near is not None else ""))
    around = [
        float(weight[np.hypot(x - p.lon * squeeze * scale, y - p.lat * scale) < 2 * HOLE_M].sum()) for p in places
    ]
    order = sorted(range(len(places)), key=lambda i: (-around[i], i))
    return [places[i] for i in order[:PLACES] if around[i] > 0]


def middles(x: FloatArray, y: FloatArray, weight: FloatArray) -> list[int]:
    """Rows at the heaviest spots, apart from each other: the heaviest block of 400 m, its nearest street, and on."""
    left = weight.copy()
    found: list[int] = []
    block = np.floor(x / (HOLE_M / 2)).astype(np.int64) * 1_000_003 + np.floor(y / (HOLE_M / 2)).astype(np.int64)
    _, of = np.unique(block, return_inverse=True)
    for _ in range(HOLES):
        heavy = np.bincount(of, weights=left)
        top = int(heavy.argmax())
        if heavy[top] <= 0:
            break
        inside = np.flatnonzero(of == top)
        share = left[inside] / left[inside].sum()
        middle_x, middle_y = float(x[inside] @ share), float(y[inside] @ share)
        row = int(inside[np.hypot(x[inside] - middle_x, y[inside] - middle_y).argmin()])
        found.append(row)
        left[np.hypot(x - x[row], y - y[row]) < HOLE_M] = 0.0
    return found


@compiled
def _mark(arc_ms, arc_street, limit_ms, delay_ms, out):  # type: ignore[no-untyped-def]
    for arc in range(len(arc_ms)):
        if arc_ms[arc] >= 0 and arc_ms[arc] + delay_ms <= limit_ms[arc_street[arc]]:
            out[arc_street[arc]] = True


def search_places(
    field: ReachField, now: ReachNow, force: Force, places: list[Place], classes: list[str], may_move: BoolArray
) -> tuple[BoolArray, FloatArray]:
    """Streets in time from each place by class, (places, classes, streets); drive of each unit to each, (units, places)."""
    in_time = np.zeros((len(places), len(classes), field.streets.count), np.bool_)
    drive_s = np.full((len(now.units), len(places)), np.inf)
    for kind, unit_class in enumerate(classes):
        of_class, graph = force.by_class.get(unit_class), field.roads.find_graph(unit_class)
        if of_class is None or graph is None:
            continue
        rows = np.array([now.row_of.get(force.units[row].id, -1) for row in of_class.rows], np.int64)
        movable = (rows >= 0) & may_move[rows]
        if not movable.any():
            continue
        weights = field.roads.weights(unit_class)
        delay_ms = round(field.model.reaction_of(unit_class).median_s * 1000)
        for index, place in enumerate(places):
            target: Snap | None = field.roads.network.snap(place.lon, place.lat, unit_class)
            if target is None:
                continue
            times = times_from_units(
                graph, weights, target, of_class.snaps, limit_ms=round(DRIVE_S * 1000), eligible=movable
            )
            found = times >= 0
            if not found.any():
                continue
            drive_s[rows[found], index] = times[found] / 1000
            if now.limit_ms > delay_ms:
                ms = isochrone(graph, weights, target, now.limit_ms - delay_ms)
                _mark(ms, field.streets.arc_street, now.standards.limit_ms, delay_ms, in_time[index, kind])
    return in_time, np.where(drive_s < LOOK_AHEAD_S, drive_s, np.inf)
