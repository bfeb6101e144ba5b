"""The edge-expanded graph of one unit class: its nodes are arcs, its edges the turns between them.

A node means "at the start of arc a"; the edge a -> b costs the whole of a plus the turn into b. Both directions of search
use the same two tables: ``info`` (one row a node) and ``rows`` (neighbour, milliseconds of the turn). Knows arrays only.

Nodes are numbered along a space-filling curve of their head junction, so that a search touches neighbouring memory.

``info`` columns: where the node's rows begin and end; the junction at which it turns (the head for the outward side, the
tail for the inward side); and the dearest turn of its rows, or ``CLOSED`` where a turn at that junction is forbidden to it.
With the dearest turn a search knows when a later label at a junction can no longer improve anything (see ``search``).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kuaijing.routing.arrays import CLOSED, AnyArray, IntArray, SingleArray, frozen
from kuaijing.routing.compiled import compiled
from kuaijing.routing.headings import LEFT, RIGHT, SHARP_LEFT, SHARP_RIGHT, turn_angle, turn_kind

ROUNDABOUT = 4


class TurnCosts(NamedTuple):
    """Milliseconds that a turn adds."""

    left: int
    right: int
    sharp: int
    u_turn: int
    signal: int


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One direction of search: ``info`` int32 (nodes, 4) and ``rows`` int32 (edges, 2), as the module head says."""

    info: IntArray
    rows: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """The nodes and both sides; ``node_arc`` int32 (nodes,), ``arc_node`` int32 (arcs,) with -1 where not usable."""

    node_arc: IntArray
    arc_node: IntArray
    outward: Side
    inward: Side
    junctions: int


@compiled
def _spread(value: int) -> int:
    value = (value | (value << 16)) & 0x0000FFFF0000FFFF
    value = (value | (value << 8)) & 0x00FF00FF00FF00FF
    value = (value | (value << 4)) & 0x0F0F0F0F0F0F0F0F
    value = (value | (value << 2)) & 0x3333333333333333
    return (value | (value << 1)) & 0x5555555555555555


@compiled
def _curve_keys(lon: AnyArray, lat: AnyArray) -> AnyArray:
    keys = np.empty(len(lon), np.int64)
    west, south = lon.min(), lat.min()
    scale = 65535.0 / max(lon.max() - west, lat.max() - south, 1e-9)
    for i in range(len(lon)):
        keys[i] = _spread(int((lon[i] - west) * scale)) | (_spread(int((lat[i] - south) * scale)) << 1)
    return keys


def junction_ranks(lon: AnyArray, lat: AnyArray) -> IntArray:
    """Place of each junction along a Z-order curve, int32 (junctions,)."""
    ranks = np.empty(len(lon), np.int32)
    ranks[np.argsort(_curve_keys(np.array(lon), np.array(lat)), kind="stable")] = np.arange(len(lon), dtype=np.int32)
    return ranks


@compiled
def _starts(of: AnyArray, count: int) -> AnyArray:
    start = np.zeros(count + 1, np.int32)
    for value in of:
        start[value + 1] += 1
    for i in range(count):
        start[i + 1] += start[i]
    return start


@compiled
def _is_forbidden(forbidden: AnyArray, key: int) -> bool:
    at = np.searchsorted(forbidden, key)
    return bool(at < len(forbidden) and forbidden[at] == key)


@compiled
def _turn_cost(a, b, twin_of_a, first, last, flags, signal, bend, costs):  # type: ignore[no-untyped-def]
    # costs: left, right, sharp, u-turn, signal
    cost = costs[4] if signal else 0
    if b == twin_of_a:
        return cost + costs[3]
    if bend or (flags[a] & ROUNDABOUT and flags[b] & ROUNDABOUT):
        return cost
    kind = turn_kind(turn_angle(last[a], first[b]))
    if kind in (LEFT, SHARP_LEFT):
        cost += costs[0]
    elif kind in (RIGHT, SHARP_RIGHT):
        cost += costs[1]
    if kind in (SHARP_LEFT, SHARP_RIGHT):
        cost += costs[2]
    return cost


@compiled
def _outward_rows(  # type: ignore[no-untyped-def]
    node_arc, arc_node, rank, tail, head, twin, first, last, flags, signal, forbidden, costs, info, rows, by_tail, start
):
    """Fill the outward side; with ``rows`` empty only count. Returns the number of edges."""
    count = 0
    for node in range(len(node_arc)):
        a = node_arc[node]
        junction = head[a]
        begin, end = start[junction], start[junction + 1]
        streets = 0  # other ways on, apart from turning back
        for i in range(begin, end):
            streets += by_tail[i] != arc_node[twin[a]] if twin[a] >= 0 else 1
        dearest = 0
        info[node, 0] = count
        info[node, 2] = rank[junction]
        for i in range(begin, end):
            b = node_arc[by_tail[i]]
            if b == a or _is_forbidden(forbidden, np.int64(a) * len(head) + b):
                dearest = CLOSED
                continue
            if len(rows):
                cost = _turn_cost(a, b, twin[a], first, last, flags, signal[junction], streets < 2, costs)
                rows[count, 0], rows[count, 1] = by_tail[i], cost
                dearest = max(dearest, cost)
            count += 1
        info[node, 1], info[node, 3] = count, dearest
    return count


@compiled
def _inward(out_info, out_rows, tail_rank, ways_in, info, rows):  # type: ignore[no-untyped-def]
    """The same edges from their other end."""
    nodes = len(out_info)
    for edge in range(len(out_rows)):
        info[out_rows[edge, 0], 1] += 1
    total = 0
    for node in range(nodes):
        size = info[node, 1]
        info[node, 0] = info[node, 1] = total
        info[node, 2] = tail_rank[node]
        info[node, 3] = 0 if size == ways_in[node] else CLOSED
        total += size
    for node in range(nodes):
        for edge in range(out_info[node, 0], out_info[node, 1]):
            to, cost = out_rows[edge, 0], out_rows[edge, 1]
            at = info[to, 1]
            rows[at, 0], rows[at, 1] = node, cost
            info[to, 1] = at + 1
            info[to, 3] = max(info[to, 3], cost)


@dataclass(frozen=True, slots=True, eq=False)
class Junctions:
    """What every class's expansion shares: the arcs' ends, twins, bearings and flags, signals and the curve."""

    tail: IntArray
    head: IntArray
    twin: IntArray
    flags: AnyArray
    signal: AnyArray
    first: SingleArray
    last: SingleArray
    rank: IntArray


def expand(shared: Junctions, usable: AnyArray, forbidden: AnyArray, costs: TurnCosts) -> Expansion:
    """Edge-expanded graph over the ``usable`` arcs (bool, arcs), without the ``forbidden`` pairs (int64 from*arcs+to)."""
    arcs, junctions = len(shared.tail), len(shared.rank)
    usable_arcs = np.flatnonzero(usable)
    node_arc = usable_arcs[np.argsort(shared.rank[shared.head[usable_arcs]], kind="stable")].astype(np.int32)
    arc_node = np.full(arcs, -1, np.int32)
    arc_node[node_arc] = np.arange(len(node_arc), dtype=np.int32)
    tails, heads = shared.tail[node_arc], shared.head[node_arc]
    by_tail = np.argsort(tails, kind="stable").astype(np.int32)
    start = _starts(tails, junctions)
    info = np.zeros((len(node_arc), 4), np.int32)
    given = (shared.tail, shared.head, shared.twin, shared.first, shared.last, shared.flags, shared.signal)
    fixed = (node_arc, arc_node, shared.rank, *given, np.sort(forbidden), np.array(costs, np.int32))
    edges = _outward_rows(*fixed, info, np.empty((0, 2), np.int32), by_tail, start)
    rows = np.empty((edges, 2), np.int32)
    if edges:
        _outward_rows(*fixed, info, rows, by_tail, start)
    back_info, back_rows = np.zeros_like(info), np.empty_like(rows)
    ways_in = np.bincount(heads, minlength=junctions)[tails].astype(np.int32)
    _inward(info, rows, shared.rank[tails], ways_in, back_info, back_rows)
    for array in (node_arc, arc_node, info, rows, back_info, back_rows):
        frozen(array)
    return Expansion(node_arc, arc_node, Side(info, rows), Side(back_info, back_rows), junctions)
