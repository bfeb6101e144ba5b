"""How soon each unit is at one place: a search backwards from the place, stopped at a time or at the first k eligible units.

Times are whole milliseconds and exact. Equal times are told apart by the lower row of the units.
"""

from dataclasses import dataclass
from operator import index as whole_number
from typing import Literal

import numpy as np

from kuaijing.routing.arrays import CLOSED, NO_LIMIT, BoolArray, IntArray, frozen
from kuaijing.routing.compiled import compiled
from kuaijing.routing.errors import FirstOutOfRange, ForeignWeights, NodeOutOfRange, ShapeMismatch
from kuaijing.routing.graph import DrivenGraph, check_limit
from kuaijing.routing.search import clear, note_unit, ring, sweep, workspace
from kuaijing.routing.snaps import Snap, UnitSnaps
from kuaijing.routing.weights import Weights

TEN_MINUTES_MS = 600_000


@compiled
def part(fraction: float, milliseconds: int) -> int:
    """Whole milliseconds of the first ``fraction`` of an arc; the rest is what remains, so that the parts add up."""
    return int(fraction * milliseconds + 0.5)


@compiled
def unit_states(  # type: ignore[no-untyped-def]
    ms, base_ms, arc_node, twin, arc, fraction, both, eligible, state_node, state_unit, state_done, state_rest
):
    """Where units may set out: node, unit, milliseconds of the arc behind it and of the arc before it.

    One state for the direction faced, a second one on the twin where the unit may leave in both. Returns how many.
    """
    count = 0
    for unit in range(len(arc)):
        if arc[unit] < 0 or not eligible[unit]:
            continue
        for turned in range(2):
            on = arc[unit]
            share = np.float64(fraction[unit])
            if turned:
                on = twin[on] if both[unit] else -1
                share = 1.0 - share
            node = arc_node[on] if on >= 0 else -1
            if node < 0:
                continue
            whole = ms[node] if ms[node] < CLOSED else base_ms[node]
            state_node[count] = node
            state_unit[count] = unit
            state_done[count] = part(share, whole)
            state_rest[count] = whole - state_done[count]
            count += 1
    return count


@compiled
def _times(  # type: ignore[no-untyped-def]
    info, rows, ms, base_ms, arc_node, twin, goal_node, goal_base, arc, fraction, both, eligible,
    limit, first, shift, buckets, label, bound, touched, heads, pool, unit_at, out,
):  # fmt: skip
    state_node = np.empty(2 * len(arc), np.int32)
    state_unit = np.empty(2 * len(arc), np.int32)
    state_done = np.empty(2 * len(arc), np.int32)
    state_rest = np.empty(2 * len(arc), np.int32)
    states = unit_states(
        ms, base_ms, arc_node, twin, arc, fraction, both, eligible, state_node, state_unit, state_done, state_rest
    )
    best_unit = np.full(first, -1, np.int32)
    best_ms = np.full(first, CLOSED, np.int32)
    state_next = np.empty(states if first else 0, np.int32)
    for goal in range(len(goal_node)):  # units that have the goal before them on their own arc
        for state in range(states):
            if state_node[state] == goal_node[goal] and state_done[state] <= goal_base[goal]:
                unit = state_unit[state]
                arrival = goal_base[goal] - state_done[state]
                if arrival <= limit and (out[unit] < 0 or arrival < out[unit]):
                    out[unit] = arrival
                    if first:
                        note_unit(best_unit, best_ms, unit, arrival)
    if first and best_unit[first - 1] >= 0:
        limit = min(limit, best_ms[first - 1])
    if first:
        for state in range(states):
            state_next[state] = unit_at[state_node[state]]
            unit_at[state_node[state]] = state
    count = sweep(
        info, rows, ms, goal_node, goal_base, limit, shift, buckets, label, bound, touched, heads, pool,
        unit_at, state_next, state_unit, state_rest, best_unit, best_ms,
    )  # fmt: skip
    if first:
        for state in range(states):
            unit_at[state_node[state]] = -1
        out[:] = -1
        for i in range(first):
            if best_unit[i] >= 0:
                out[best_unit[i]] = best_ms[i]
    else:
        for state in range(states):
            arrival = np.int64(label[state_node[state]]) + state_rest[state]
            unit = state_unit[state]
            if arrival <= limit and (out[unit] < 0 or arrival < out[unit]):
                out[unit] = arrival
    clear(info, goal_node, touched, count, buckets, label, bound, heads)


def goals(graph: DrivenGraph, weights: Weights, target: Snap) -> tuple[IntArray, IntArray]:
    """The nodes on which the target lies (one, or two where its street has two directions) and the time from their starts.

    Raises
    ------
    NodeOutOfRange
        The class cannot use the target's arc.
    """
    nodes, bases = [], []
    share = float(np.float32(target.fraction))  # as units are kept, or one on the very spot would be a hair past it
    for arc, fraction in ((target.arc, share), (target.twin, 1.0 - share)):
        if arc >= len(graph.arc_node):
            raise NodeOutOfRange("arc", arc, len(graph.arc_node))
        node = int(graph.arc_node[arc]) if arc >= 0 else -1
        if node >= 0:
            nodes.append(node)
            bases.append(int(fraction * int(whole_milliseconds(weights, node)) + 0.5))
    if not nodes:
        raise NodeOutOfRange(f"arc that a {graph.unit_class} may use: arc", target.arc, len(graph.arc_node))
    return np.array(nodes, np.int32), np.array(bases, np.int32)


def setting_out(graph: DrivenGraph, weights: Weights, start: Snap, both: bool) -> list[tuple[int, int, int]]:
    """Node, milliseconds behind and before, for each direction in which one may leave."""
    goal_node, goal_done = goals(graph, weights, start)
    count = len(goal_node) if both else 1
    return [
        (int(node), int(done), whole_milliseconds(weights, int(node)) - int(done))
        for node, done in zip(goal_node[:count], goal_done[:count], strict=True)
    ]


def whole_milliseconds(weights: Weights, node: int) -> int:
    """Milliseconds of a node's arc as far as it is driven at all: a closed one counts at its base speed."""
    now = int(weights.node_milliseconds[node])
    return now if now < CLOSED else int(weights.base_node_milliseconds[node])


def check_weights(graph: DrivenGraph, weights: Weights) -> None:
    """Refuse weights of another graph: every time would be nonsense."""
    if weights.expansion is not graph.expansion:
        raise ForeignWeights(f"the weights were not made for this {graph.unit_class} graph; use base_weights(graph)")


_ALL: dict[int, BoolArray] = {}


def everyone(count: int) -> BoolArray:
    """A mask in which every unit is eligible."""
    if count not in _ALL:
        _ALL[count] = frozen(np.ones(count, np.bool_))
    return _ALL[count]


def times_from_units(
    graph: DrivenGraph,
    weights: Weights,
    target: Snap,
    units: UnitSnaps,
    *,
    limit_ms: int = TEN_MINUTES_MS,
    first: int | None = None,
    eligible: BoolArray | None = None,
) -> IntArray:
    """Milliseconds from each unit to the target, int32 (units,), -1 beyond the limit, off the roads or not eligible.

    With ``first`` only the k soonest eligible units have a time; the search stops as soon as they are certain.

    Raises
    ------
    LimitOutOfRange, FirstOutOfRange, ShapeMismatch, NodeOutOfRange, ForeignWeights
        The question makes no sense; the message says what does.
    """
    limit = check_limit(limit_ms)
    check_weights(graph, weights)
    if first is not None and (isinstance(first, bool) or not isinstance(first, int | np.integer) or first < 1):
        raise FirstOutOfRange(first)
    if eligible is not None and (len(eligible) != len(units) or eligible.dtype != np.bool_):
        raise ShapeMismatch(f"eligible is {eligible.dtype}{eligible.shape}, wanted bool for each of {len(units)} units")
    goal_node, goal_base = goals(graph, weights, target)
    side = graph.expansion.inward
    space = workspace(graph, graph.node_count, graph.expansion.junctions)
    shift, buckets = ring(graph.longest_step(weights), limit)
    out = np.full(len(units), -1, np.int32)
    _times(
        side.info, side.rows, weights.node_milliseconds, weights.base_node_milliseconds, graph.arc_node, graph.twin,
        goal_node, goal_base, units.arc, units.fraction, units.both,
        everyone(len(units)) if eligible is None else frozen(np.array(eligible)),
        limit, 0 if first is None else min(whole_number(first), len(units)), shift, buckets,
        space.label, space.bound, space.touched, space.heads, space.pool, space.unit_at, out,
    )  # fmt: skip
    return out


@dataclass(frozen=True, slots=True, eq=False)
class FoundUnits:
    """``milliseconds`` int32 (units,), -1 where not found; and how far was searched for them.

    ``within_limit``: enough units within the limit. ``unbounded``: there were none, so everything was searched.
    ``none_reachable``: no eligible unit can get there at all.
    """

    milliseconds: IntArray
    searched: Literal["within_limit", "unbounded", "none_reachable"]


def find_units(
    graph: DrivenGraph,
    weights: Weights,
    target: Snap,
    units: UnitSnaps,
    *,
    limit_ms: int = TEN_MINUTES_MS,
    first: int | None = None,
    eligible: BoolArray | None = None,
) -> FoundUnits:
    """As ``times_from_units``, but where no unit is within the limit search on without one, and say so."""
    times = times_from_units(graph, weights, target, units, limit_ms=limit_ms, first=first, eligible=eligible)
    if (times >= 0).any():
        return FoundUnits(times, "within_limit")
    times = times_from_units(graph, weights, target, units, limit_ms=NO_LIMIT, first=first or 1, eligible=eligible)
    return FoundUnits(times, "unbounded" if (times >= 0).any() else "none_reachable")
