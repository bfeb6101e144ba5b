"""One route on the ground: its line, its time, and the turns a driver is told.

The time is that of ``times_from_units``; the labels of a search bounded by it are walked downhill. Equal ways are
told apart by the order of the graph's edges, so the same question gives the same route.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kuaijing.city.ground import Ground
from kuaijing.routing.arrays import NO_LIMIT, FloatArray, IntArray
from kuaijing.routing.graph import DrivenGraph
from kuaijing.routing.headings import LEFT, SHARP_LEFT, STRAIGHT, bearing, turn_angle, turn_kind
from kuaijing.routing.snap import shares_along
from kuaijing.routing.snaps import Snap, units_at
from kuaijing.routing.unit_times import goals, setting_out, times_from_units
from kuaijing.routing.weights import Weights

TURN_TEXTS: Final = {
    "zh": {
        "straight": "沿{road}直行 {metres} 米",
        "left": "左转进入{road}，行驶 {metres} 米",
        "right": "右转进入{road}，行驶 {metres} 米",
        "u_turn": "掉头，沿{road}行驶 {metres} 米",
        "arrive": "到达{road}",
        "unnamed": "无名道路",
    },
    "en": {
        "straight": "Straight along {road} for {metres} m",
        "left": "Left into {road} for {metres} m",
        "right": "Right into {road} for {metres} m",
        "u_turn": "Turn round on {road} for {metres} m",
        "arrive": "Arrive at {road}",
        "unnamed": "an unnamed road",
    },
}
"""What each turn key says, by language."""


@dataclass(frozen=True, slots=True)
class Turn:
    """At (lon, lat) do ``key`` (straight, left, right, u_turn, arrive) onto ``road`` and follow it for ``metres``."""

    key: str
    road: str
    metres: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """``points`` float64 (k, 2) of lon and lat, at least two; ``arcs`` int32, the junction arcs in the order driven."""

    points: FloatArray
    milliseconds: int
    metres: float
    turns: list[Turn]
    arcs: IntArray


def turn_text(turn: Turn, language: str = "zh") -> str:
    """The turn as a sentence in ``zh`` or ``en``."""
    texts = TURN_TEXTS[language]
    return texts[turn.key].format(road=turn.road or texts["unnamed"], metres=round(turn.metres))


def route(graph: DrivenGraph, weights: Weights, start: Snap, end: Snap, *, both: bool = True) -> Route | None:
    """The quickest route, or ``None`` where there is none; ``both`` lets it leave in both directions of its street.

    Raises
    ------
    NodeOutOfRange, ForeignWeights
        A place that this class cannot use, or weights of another graph.
    """
    there = units_at([start], both=both)
    milliseconds = int(times_from_units(graph, weights, end, there, limit_ms=NO_LIMIT, first=1)[0])
    if milliseconds < 0:
        return None
    goal_node, goal_base = goals(graph, weights, end)
    within = dict(zip(goal_node.tolist(), goal_base.tolist(), strict=True))
    states = setting_out(graph, weights, start, both)
    for node, done, _ in states:
        if node in within and within[node] - done == milliseconds:
            return _described(graph, start, end, [node], milliseconds)
    label = graph.labels_inward(weights, (goal_node, goal_base), max(milliseconds, 1))
    node = next(node for node, _, rest in states if label[node] >= 0 and label[node] + rest == milliseconds)
    return _described(graph, start, end, _downhill(graph, weights, label, within, node), milliseconds)


def _downhill(graph: DrivenGraph, weights: Weights, label: IntArray, within: dict[int, int], node: int) -> list[int]:
    """Nodes from ``node`` to a goal along labels that fall by exactly what each step costs."""
    info, rows, ms = graph.expansion.outward.info, graph.expansion.outward.rows, weights.node_milliseconds
    way = [node]
    while True:
        left = int(label[way[-1]])
        onward = -1
        for to, turn in rows[info[way[-1], 0] : info[way[-1], 1]].tolist():
            if to in within and left == turn + within[to]:
                return [*way, to]
            if onward < 0 and label[to] >= 0 and left == turn + int(ms[to]) + int(label[to]):
                onward = to
        assert onward >= 0, "labels of one search always lead to its goal"
        way.append(onward)


def _described(graph: DrivenGraph, start: Snap, end: Snap, nodes: Sequence[int], milliseconds: int) -> Route:
    ground, arcs = graph.ground, graph.node_arc[np.asarray(nodes, np.int64)]
    first = start.fraction if arcs[0] == start.arc else 1.0 - start.fraction
    last = end.fraction if arcs[-1] == end.arc else 1.0 - end.fraction
    spans = [(0.0, 1.0)] * len(arcs)
    spans[0] = (first, 1.0)
    spans[-1] = (spans[-1][0], max(last, spans[-1][0]))
    lines = [_piece(ground, int(arc), low, high) for arc, (low, high) in zip(arcs, spans, strict=True)]
    metres = [float(ground.arc_length_m[arc]) * (high - low) for arc, (low, high) in zip(arcs, spans, strict=True)]
    points = np.concatenate([lines[0], *(line[1:] for line in lines[1:])])
    turns = _turns(ground, graph, arcs, lines, metres)
    return Route(points, milliseconds, sum(metres), turns, arcs.copy())


def _piece(ground: Ground, arc: int, low: float, high: float) -> FloatArray:
    """The part of an arc's shape between two fractions, ends included, at least two points."""
    begin, end = int(ground.shape_start[arc]), int(ground.shape_start[arc + 1])
    lon, lat = np.array(ground.shape_lon[begin:end]), np.array(ground.shape_lat[begin:end])
    shares = shares_along(lon, lat)
    inner = shares[(shares > low) & (shares < high)]
    at = np.concatenate([[low], inner, [high]])
    return np.stack([np.interp(at, shares, lon), np.interp(at, shares, lat)], axis=1)


def _turns(
    ground: Ground, graph: DrivenGraph, arcs: IntArray, lines: Sequence[FloatArray], metres: Sequence[float]
) -> list[Turn]:
    """One turn where the driver must choose or the name changes; what lies between is one stretch."""
    starts: list[tuple[int, str]] = [(0, "straight")]
    for i in range(1, len(arcs)):
        before, after = int(arcs[i - 1]), int(arcs[i])
        key = _key(graph, before, after)
        if key != "straight" or ground.arc_name[before] != ground.arc_name[after]:
            starts.append((i, key))
    turns = []
    for place, (i, key) in enumerate(starts):
        until = starts[place + 1][0] if place + 1 < len(starts) else len(arcs)
        road = ground.names[int(ground.arc_name[arcs[i]])]
        lon, lat = lines[i][0]
        turns.append(Turn(key, road, sum(metres[i:until]), float(lon), float(lat)))
    lon, lat = lines[-1][-1]
    turns.append(Turn("arrive", ground.names[int(ground.arc_name[arcs[-1]])], 0.0, float(lon), float(lat)))
    return turns


def _key(graph: DrivenGraph, before: int, after: int) -> str:
    ground = graph.ground
    if int(ground.arc_twin[before]) == after:
        return "u_turn"
    node = int(graph.arc_node[before])
    info = graph.expansion.outward.info
    others = graph.expansion.outward.rows[info[node, 0] : info[node, 1], 0]
    if np.count_nonzero(graph.node_arc[others] != ground.arc_twin[before]) < 2:
        return "straight"  # a bend, not a choice
    kind = turn_kind(turn_angle(_bearing_at(ground, before, last=True), _bearing_at(ground, after, last=False)))
    if kind == STRAIGHT:
        return "straight"
    return "left" if kind in (LEFT, SHARP_LEFT) else "right"


def _bearing_at(ground: Ground, arc: int, *, last: bool) -> float:
    begin, end = int(ground.shape_start[arc]), int(ground.shape_start[arc + 1])
    points = [(float(ground.shape_lon[i]), float(ground.shape_lat[i])) for i in range(begin, end)]
    points = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
    if len(points) < 2:
        return 0.0
    a, b = points[-2:] if last else points[:2]
    return float(bearing(*a, *b))
