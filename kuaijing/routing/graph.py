"""The driven graph of one unit class: turn-aware, with the milliseconds of a profile.

Its nodes are the junction arcs that the class may use, numbered 0 to ``node_count - 1`` without gaps along a space-filling
curve; ``node_arc[node]`` is the junction arc, ``arc_node[arc]`` the node or -1. Node v means "at the start of its arc". The
edge v -> w costs all of v plus the turn into w. No pair (v, w) comes twice, and every edge costs at least 1 ms.
"""

from dataclasses import dataclass

import numpy as np

from kuaijing.city.classes import LINK, UNIT_CLASSES
from kuaijing.city.ground import Ground, RoadArrays
from kuaijing.routing.arrays import CLOSED, NO_LIMIT, FloatArray, IntArray
from kuaijing.routing.errors import LimitOutOfRange, NodeOutOfRange, NoRoadsForClass, UnknownUnitClass
from kuaijing.routing.expansion import Expansion, Junctions, TurnCosts, expand, junction_ranks
from kuaijing.routing.headings import end_bearings
from kuaijing.routing.profile import ClassDriving
from kuaijing.routing.search import all_labels
from kuaijing.routing.weights import Weights, first_weights


def check_limit(limit_ms: object) -> int:
    """The limit in whole milliseconds, at most ``NO_LIMIT`` (infinity means that); else ``LimitOutOfRange``."""
    if isinstance(limit_ms, bool) or not isinstance(limit_ms, int | float | np.integer | np.floating):
        raise LimitOutOfRange(limit_ms)
    if not limit_ms >= 1:  # NaN too
        raise LimitOutOfRange(limit_ms)
    return int(min(limit_ms, NO_LIMIT))


@dataclass(frozen=True, eq=False)
class DrivenGraph:
    """One class's graph; immutable, shared by threads. Compare by identity."""

    unit_class: str
    ground: Ground
    expansion: Expansion
    twin: IntArray
    """Per junction arc, its reverse twin where this class may use it, else -1; int32 (arcs,)."""
    base: Weights
    dearest_turn: int

    @property
    def node_count(self) -> int:
        """Nodes, that is arcs that the class may use."""
        return len(self.expansion.node_arc)

    @property
    def node_arc(self) -> IntArray:
        """Junction arc of each node."""
        return self.expansion.node_arc

    @property
    def arc_node(self) -> IntArray:
        """Node of each junction arc, -1 where the class may not use it."""
        return self.expansion.arc_node

    def arcs(self) -> tuple[IntArray, IntArray, IntArray]:
        """Edges as tail, head, milliseconds, int32 (edges,) each, nothing closed."""
        info, rows = self.expansion.outward.info, self.expansion.outward.rows
        tail = np.repeat(np.arange(self.node_count, dtype=np.int32), info[:, 1] - info[:, 0])
        milliseconds = self.base.node_milliseconds[tail] + rows[:, 1]
        return tail, rows[:, 0].copy(), milliseconds.astype(np.int32)

    def times_to(self, node: int, limit_ms: int = NO_LIMIT, *, weights: Weights | None = None) -> FloatArray:
        """Milliseconds from every node to ``node``, float64 (nodes,), ``inf`` where more than the limit or unreachable.

        Raises
        ------
        NodeOutOfRange, LimitOutOfRange
            The question is outside the graph.
        """
        limit = check_limit(limit_ms)
        if not isinstance(node, int | np.integer) or isinstance(node, bool) or not 0 <= node < self.node_count:
            raise NodeOutOfRange("node", node, self.node_count)
        used = self.base if weights is None else weights
        seeds = np.array([node], np.int32), np.zeros(1, np.int32)
        label = self.labels_inward(used, seeds, limit)
        times = np.where(label >= 0, label + used.node_milliseconds.astype(np.float64), np.inf)
        times[times > limit] = np.inf
        times[node] = 0.0
        return times

    def longest_step(self, weights: Weights) -> int:
        """More than any label grows in one step of a search, the first steps included."""
        return max(weights.longest, self.base.longest) + self.dearest_turn + 1

    def labels_inward(self, weights: Weights, seeds: tuple[IntArray, IntArray], limit: int) -> IntArray:
        """Milliseconds from the *end* of each node's arc to the seeds; see ``search``."""
        side = self.expansion.inward
        step = self.longest_step(weights)
        return all_labels(
            self, side.info, side.rows, weights.node_milliseconds, self.expansion.junctions, seeds, limit, step
        )

    def labels_outward(self, weights: Weights, seeds: tuple[IntArray, IntArray], limit: int) -> IntArray:
        """Milliseconds from the seeds to the *start* of each node's arc; see ``search``."""
        side = self.expansion.outward
        step = self.longest_step(weights)
        return all_labels(
            self, side.info, side.rows, weights.node_milliseconds, self.expansion.junctions, seeds, limit, step
        )


def junctions_of(roads: RoadArrays) -> Junctions:
    """What all classes' graphs of one city share."""
    first, last = end_bearings(roads.shape_start, roads.shape_lon, roads.shape_lat)
    return Junctions(
        tail=np.array(roads.arc_tail),
        head=np.array(roads.arc_head),
        twin=np.array(roads.arc_twin),
        flags=np.array(roads.arc_flags),
        signal=np.array(roads.signal_node),
        first=first,
        last=last,
        rank=junction_ranks(roads.node_lon, roads.node_lat),
    )


def arc_milliseconds(roads: RoadArrays, driving: ClassDriving) -> IntArray:
    """Whole milliseconds to drive each arc, at least 1, int32 (arcs,)."""
    speed = driving.speeds()[roads.arc_class].astype(np.float64)
    speed *= np.where(roads.arc_flags & LINK, driving.link_factor, 1.0)
    signed = np.where(np.isnan(roads.arc_maxspeed), np.inf, roads.arc_maxspeed * driving.maxspeed_factor)
    speed = np.minimum(speed, np.maximum(signed, 0.5))
    return np.clip(np.rint(roads.arc_length_m / speed * 1000), 1, NO_LIMIT).astype(np.int32)


def build_graph(roads: Ground, shared: Junctions, unit_class: str, driving: ClassDriving) -> DrivenGraph:
    """Graph of one class over one city's roads.

    Raises
    ------
    UnknownUnitClass, NoRoadsForClass
    """
    if unit_class not in UNIT_CLASSES:
        raise UnknownUnitClass(unit_class, tuple(UNIT_CLASSES))
    bit = UNIT_CLASSES[unit_class]
    usable = (roads.arc_access & bit) != 0
    if not usable.any():
        raise NoRoadsForClass(unit_class)
    bound = (roads.turn_access & bit) != 0
    forbidden = roads.turn_from[bound].astype(np.int64) * len(usable) + roads.turn_to[bound]
    seconds = (driving.left_s, driving.right_s, driving.sharp_s, driving.u_turn_s, driving.signal_s)
    costs = TurnCosts(*(round(second * 1000) for second in seconds))
    expansion = expand(shared, usable, forbidden, costs)
    twin = np.where((shared.twin >= 0) & usable[shared.twin], shared.twin, -1).astype(np.int32)
    milliseconds = arc_milliseconds(roads, driving)[expansion.node_arc]
    dearest = int(expansion.outward.rows[:, 1].max()) if len(expansion.outward.rows) else 0
    assert dearest < CLOSED
    return DrivenGraph(unit_class, roads, expansion, twin, first_weights(expansion, milliseconds), dearest)
