"""What one place reaches within a time: milliseconds to the middle of every arc."""

import numpy as np

from kuaijing.routing.arrays import CLOSED, IntArray
from kuaijing.routing.graph import DrivenGraph, check_limit
from kuaijing.routing.snaps import Snap
from kuaijing.routing.unit_times import check_weights, part, setting_out, whole_milliseconds
from kuaijing.routing.weights import Weights


def isochrone(graph: DrivenGraph, weights: Weights, start: Snap, limit_ms: int, *, both: bool = True) -> IntArray:
    """Milliseconds from a place to the middle of every junction arc, int32 (arcs,), -1 beyond the limit."""
    limit = check_limit(limit_ms)
    check_weights(graph, weights)
    states = setting_out(graph, weights, start, both)
    seeds = np.array([state[0] for state in states], np.int32), np.array([state[2] for state in states], np.int32)
    label = graph.labels_outward(weights, seeds, limit)
    out = np.full(len(graph.arc_node), -1, np.int32)
    seen = np.flatnonzero(label >= 0)
    ms, base = weights.node_milliseconds[seen], weights.base_node_milliseconds[seen]
    middle = label[seen] + _halves(ms, base)
    reached = middle <= limit
    out[graph.node_arc[seen[reached]]] = middle[reached]
    for node, done, _ in states:
        ahead = part(0.5, whole_milliseconds(weights, node)) - done
        arc = int(graph.node_arc[node])
        if 0 <= ahead <= limit and (out[arc] < 0 or ahead < out[arc]):
            out[arc] = ahead
    return out


def _halves(ms: IntArray, base: IntArray) -> IntArray:
    return ((np.where(ms < CLOSED, ms, base) + 1) // 2).astype(np.int32)
