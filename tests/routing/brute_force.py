"""The slow and plain answer to "how soon is this unit there", from the edges alone: the judge of the searches."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from kuaijing.routing import Snap, UnitSnaps, Weights
from kuaijing.routing.arrays import CLOSED
from kuaijing.routing.graph import DrivenGraph


class Judge:
    """Times between any two places of one graph under some weights, by scipy over all pairs of nodes."""

    def __init__(self, graph: DrivenGraph, weights: Weights | None = None) -> None:
        self.graph = graph
        self.weights = graph.base if weights is None else weights
        tail, head, ms = graph.arcs()
        now = self.weights.node_milliseconds
        cost = ms - graph.base.node_milliseconds[tail] + now[tail]
        is_open = now[tail] < CLOSED
        nodes = graph.node_count
        self.tail, self.head, self.turn = tail, head, ms - graph.base.node_milliseconds[tail]
        self.between = dijkstra(
            csr_matrix((cost[is_open].astype(float), (tail[is_open], head[is_open])), shape=(nodes, nodes))
        )

    def whole(self, node: int) -> int:
        now = int(self.weights.node_milliseconds[node])
        return now if now < CLOSED else int(self.graph.base.node_milliseconds[node])

    def _ends(self, arc: int, twin: int, fraction: float, both: bool) -> list[tuple[int, int]]:
        """(node, milliseconds from its start) of a place."""
        share = float(np.float32(fraction))
        ends = [(arc, share)] + ([(twin, 1.0 - share)] if both and twin >= 0 else [])
        nodes = [(int(self.graph.arc_node[on]), part) for on, part in ends]
        return [(node, int(part * self.whole(node) + 0.5)) for node, part in nodes]

    def milliseconds(self, arc: int, fraction: float, both: bool, target: Snap) -> float:
        """From a place to a target, ``inf`` where there is no way."""
        best = np.inf
        for goal, within in self._ends(target.arc, target.twin, target.fraction, True):
            for node, done in self._ends(arc, int(self.graph.twin[arc]), fraction, both):
                if node == goal and done <= within:
                    best = min(best, within - done)
                for edge in np.flatnonzero(self.tail == node):
                    onward = self.turn[edge] + self.between[self.head[edge], goal] + within
                    best = min(best, self.whole(node) - done + onward)
        return float(best)

    def times(self, units: UnitSnaps, target: Snap, limit: float = np.inf) -> np.ndarray:
        """int32 (units,), -1 beyond the limit."""
        found = [
            self.milliseconds(int(units.arc[u]), float(units.fraction[u]), bool(units.both[u]), target)
            if units.arc[u] >= 0
            else np.inf
            for u in range(len(units))
        ]
        return np.array([int(time) if time <= limit and np.isfinite(time) else -1 for time in found], np.int32)


def some_units(graph: DrivenGraph, count: int, rng: np.random.Generator) -> UnitSnaps:
    """Units anywhere, some on one spot, some at an arc's very ends, one off the roads."""
    arc = graph.node_arc[rng.integers(0, graph.node_count, count)].astype(np.int32)
    fraction = rng.choice([0.0, 0.25, 0.5, 0.7311, 1.0], count).astype(np.float32)
    if count > 3:
        arc[1], fraction[1] = arc[0], fraction[0]
        arc[2] = -1
    both = (rng.random(count) < 0.5) & (np.where(arc >= 0, graph.twin[arc], -1) >= 0)
    return UnitSnaps(arc=arc, fraction=fraction, off_road_m=np.zeros(count, np.float32), both=both)


def some_place(graph: DrivenGraph, rng: np.random.Generator) -> Snap:
    arc = int(graph.node_arc[rng.integers(0, graph.node_count)])
    return Snap(arc, float(rng.choice([0.0, 0.3, 0.5, 0.9, 1.0])), int(graph.twin[arc]), 0.0, 0.0)
