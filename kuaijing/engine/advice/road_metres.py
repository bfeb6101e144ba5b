"""Metres by road of a few units to one place: the labels of one search per class, walked downhill for each unit.

The way is the quickest one, as in ``routing.route``, without its line and its turns. Drones are as far as the straight line.
"""

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.words import UnitClass
from kuaijing.engine.advice.drives import Drives
from kuaijing.engine.advice.force import ClassForce, Force
from kuaijing.engine.advice.roads import LiveRoads
from kuaijing.routing import Snap, Weights
from kuaijing.routing.compiled import compiled
from kuaijing.routing.graph import DrivenGraph
from kuaijing.routing.unit_times import goals, unit_states


def road_metres(drives: Drives, force: Force, rows: list[int], roads: LiveRoads) -> dict[int, float]:
    """Metres by row of the force; rows that have no way are absent."""
    metres = {row: float(drives.straight_m[row]) for row in rows if force.units[row].unit_class == UnitClass.DRONE}
    length = roads.network.ground.arc_length_m
    for unit_class, target in drives.targets.items():
        of_class, graph = force.by_class[unit_class], roads.find_graph(unit_class)
        among = np.array(
            [row for row in rows if force.units[row].unit_class == unit_class and np.isfinite(drives.seconds[row])],
            np.int32,
        )
        if graph is None or not len(among):
            continue
        limit_ms = int(drives.seconds[among].max() * 1000) + 1
        found = _of_class(graph, roads.weights(unit_class), target, of_class, among, limit_ms, length)
        metres |= {int(row): float(way) for row, way in zip(among, found, strict=True) if way >= 0}
    return metres


def _of_class(
    graph: DrivenGraph,
    weights: Weights,
    target: Snap,
    of_class: ClassForce,
    rows: NDArray[np.int32],
    limit_ms: int,
    length: NDArray[np.float32],
) -> NDArray[np.float64]:
    goal_node, goal_base = goals(graph, weights, target)
    label = graph.labels_inward(weights, (goal_node, goal_base), limit_ms)
    at = np.searchsorted(of_class.rows, rows)
    snaps, side = of_class.snaps, graph.expansion.outward
    share = np.array([target.fraction if graph.node_arc[n] == target.arc else 1 - target.fraction for n in goal_node])
    return np.asarray(
        _walk(
            side.info, side.rows, weights.node_milliseconds, weights.base_node_milliseconds, graph.node_arc, graph.arc_node,
            graph.twin, snaps.arc[at], snaps.fraction[at], snaps.both[at], label, goal_node, goal_base, share, length,
        )
    )  # fmt: skip


@compiled
def _walk(  # type: ignore[no-untyped-def]
    info,
    rows,
    ms,
    base_ms,
    node_arc,
    arc_node,
    twin,
    arc,
    fraction,
    both,
    label,
    goal_node,
    goal_base,
    goal_share,
    length,
):
    """Metres per unit, -1 without a way; labels fall by exactly what each step costs."""
    count = len(arc)
    state_node, state_unit = np.empty(2 * count, np.int32), np.empty(2 * count, np.int32)
    state_done, state_rest = np.empty(2 * count, np.int32), np.empty(2 * count, np.int32)
    everyone = np.ones(count, np.bool_)
    states = unit_states(
        ms, base_ms, arc_node, twin, arc, fraction, both, everyone, state_node, state_unit, state_done, state_rest
    )
    metres, best = np.full(count, -1.0), np.full(count, np.int64(1) << 60)
    for state in range(states):
        node, unit = state_node[state], state_unit[state]
        whole = length[node_arc[node]]
        driven = state_done[state] + state_rest[state]
        part_done = state_done[state] / driven if driven > 0 else 0.0
        for goal in range(len(goal_node)):
            ahead = goal_base[goal] - state_done[state]
            if goal_node[goal] == node and 0 <= ahead < best[unit]:
                best[unit], metres[unit] = ahead, (goal_share[goal] - part_done) * whole
        if label[node] < 0 or label[node] + state_rest[state] >= best[unit]:
            continue
        best[unit] = label[node] + state_rest[state]
        way = (1.0 - part_done) * whole
        here = node
        while here >= 0:
            left, onward, arrived = label[here], -1, False
            for edge in range(info[here, 0], info[here, 1]):
                to, turn = rows[edge, 0], rows[edge, 1]
                for goal in range(len(goal_node)):
                    if goal_node[goal] == to and left == turn + goal_base[goal]:
                        way += goal_share[goal] * length[node_arc[to]]
                        arrived = True
                if arrived:
                    break
                if onward < 0 and label[to] >= 0 and left == turn + ms[to] + label[to]:
                    onward = to
            if arrived:
                break
            here = onward
            if here >= 0:
                way += length[node_arc[here]]
        metres[unit] = way
    return metres
