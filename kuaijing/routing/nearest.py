"""The two soonest units of every arc: the city's reach, and by the second one what it loses when a unit is ordered away.

A search forwards from all units at once. Every node keeps two labels of *distinct* units, the lower (time, unit) first, so
the answer does not depend on the order of the search. Buckets and pruning are those of ``search``; here a junction keeps the
two best bounds of distinct units, and a passing later than both, or later than the same unit's, improves nothing.

The time of an arc is that of reaching its middle. A street with two directions is reached by the sooner: ``by_street``.
"""

import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kuaijing.routing.arrays import CLOSED, NO_LIMIT, NONE, AnyArray, IntArray
from kuaijing.routing.compiled import compiled
from kuaijing.routing.errors import ShapeMismatch
from kuaijing.routing.graph import DrivenGraph, check_limit
from kuaijing.routing.search import UNSEEN, ring
from kuaijing.routing.snaps import UnitSnaps
from kuaijing.routing.unit_times import check_weights, everyone, part, unit_states
from kuaijing.routing.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class NearestTwo:
    """Per arc (or street): milliseconds and number of the soonest unit and of the next; -1 none. All int32, one shape."""

    best_ms: IntArray
    best_unit: IntArray
    second_ms: IntArray
    second_unit: IntArray

    def by_street(self, arc_street: IntArray, street_count: int) -> "NearestTwo":
        """The same per street: the sooner of its arcs counts."""
        table = _nothing(street_count)
        _into_rows(table, _table(self), np.asarray(arc_street, np.int32))
        return _result(table)


@compiled
def keep_two(row, ms, unit):  # type: ignore[no-untyped-def]
    """Put (ms, unit) among a row's two of distinct units; whether that changed the row. Columns ms, unit, ms, unit."""
    if unit == row[1]:
        if ms >= row[0]:
            return False
        row[0] = ms
        return True
    if ms < row[0] or (ms == row[0] and unit < row[1]):
        row[2], row[3] = row[0], row[1]
        row[0], row[1] = ms, unit
        return True
    if ms < row[2] or (ms == row[2] and unit < row[3]):
        row[2], row[3] = ms, unit
        return True
    return False


@compiled
def _useless(row, ms, unit):  # type: ignore[no-untyped-def]
    """Whether passing a junction with these bounds can improve nothing behind it."""
    return ms > row[2] or (unit == row[1] and ms > row[0])


@compiled
def _wider(pool: AnyArray) -> AnyArray:
    wider = np.empty((2 * len(pool), 4), np.int32)
    wider[: len(pool)] = pool
    return wider


@compiled
def _sweep_two(  # type: ignore[no-untyped-def]
    info, rows, ms, state_node, state_unit, state_rest, states, limit, shift, buckets, label, bound, heads, pool
):
    """Two labels for every node within the limit; one long function, since the queue lives in its locals."""
    mask = buckets - 1
    live = used = 0
    free = -1
    current = 0
    last_bucket = limit >> shift
    state = 0
    while True:
        if state < states:
            node, unit, base = state_node[state], state_unit[state], np.int64(state_rest[state])
            state += 1
            at = info[node, 2]
            if base > limit or _useless(bound[at], base, unit):
                continue
            if info[node, 3] < CLOSED:
                keep_two(bound[at], base + info[node, 3], unit)
        else:
            if live == 0:
                break
            entry = heads[current & mask]
            if entry < 0:
                current += 1
                if current > last_bucket:
                    break
                continue
            node, unit, key = pool[entry, 0], pool[entry, 1], pool[entry, 2]
            heads[current & mask] = pool[entry, 3]
            pool[entry, 3] = free
            free = entry
            live -= 1
            row = label[node]
            if not ((row[0] == key and row[1] == unit) or (row[2] == key and row[3] == unit)):
                continue  # bettered since
            base = np.int64(key) + ms[node]
            if base > limit or _useless(bound[info[node, 2]], base, unit):
                continue
        for edge in range(info[node, 0], info[node, 1]):
            to = rows[edge, 0]
            new = base + rows[edge, 1]
            if new > limit or not keep_two(label[to], new, unit):
                continue
            passing = new + ms[to]
            at = info[to, 2]
            if passing > limit or _useless(bound[at], passing, unit):
                continue
            if info[to, 3] < CLOSED:
                keep_two(bound[at], passing + info[to, 3], unit)
            slot = (new >> shift) & mask
            if free >= 0:
                entry = free
                free = pool[entry, 3]
            else:
                if used == len(pool):
                    pool = _wider(pool)
                entry = used
                used += 1
            pool[entry, 0], pool[entry, 1], pool[entry, 2], pool[entry, 3] = to, unit, new, heads[slot]
            heads[slot] = entry
            live += 1
    heads[:buckets] = -1


@compiled
def _nearest(  # type: ignore[no-untyped-def]
    info, rows, ms, base_ms, node_arc, arc_node, twin, arc, fraction, both, delay, number, eligible,
    limit, shift, buckets, label, bound, heads, pool, table,
):  # fmt: skip
    state_node = np.empty(2 * len(arc), np.int32)
    state_unit = np.empty(2 * len(arc), np.int32)
    state_done = np.empty(2 * len(arc), np.int32)
    state_rest = np.empty(2 * len(arc), np.int32)
    state_wait = np.empty(2 * len(arc), np.int32)
    states = unit_states(
        ms, base_ms, arc_node, twin, arc, fraction, both, eligible, state_node, state_unit, state_done, state_rest
    )
    label[:] = UNSEEN
    bound[:] = UNSEEN
    for i in range(states):
        state_rest[i] += delay[state_unit[i]]
        state_wait[i] = delay[state_unit[i]]
        state_unit[i] = number[state_unit[i]]
    _sweep_two(
        info, rows, ms, state_node, state_unit, state_rest, states, limit, shift, buckets, label, bound, heads, pool
    )
    for node in range(len(node_arc)):
        whole = ms[node] if ms[node] < CLOSED else base_ms[node]
        half = part(0.5, whole)
        row = table[node_arc[node]]
        for rank in range(2):
            if label[node, 2 * rank] <= limit - half:
                row[2 * rank] = label[node, 2 * rank] + half
                row[2 * rank + 1] = label[node, 2 * rank + 1]
    for state in range(states):  # units that have the middle of their own arc before them
        node = state_node[state]
        whole = ms[node] if ms[node] < CLOSED else base_ms[node]
        ahead = state_wait[state] + part(0.5, whole) - state_done[state]
        if state_done[state] <= part(0.5, whole) and ahead <= limit:
            keep_two(table[node_arc[node]], ahead, state_unit[state])


class _Space:
    def __init__(self, nodes: int, junctions: int) -> None:
        self.label = np.empty((nodes, 4), np.int32)
        self.bound = np.empty((junctions, 4), np.int32)
        self.heads = np.full(1 << 14, -1, np.int32)
        self.pool = np.empty((1 << 15, 4), np.int32)


_local = threading.local()


def _space(graph: DrivenGraph) -> _Space:
    spaces: weakref.WeakKeyDictionary[DrivenGraph, _Space] | None = getattr(_local, "spaces", None)
    if spaces is None:
        spaces = _local.spaces = weakref.WeakKeyDictionary()
    space = spaces.get(graph)
    if space is None:
        space = spaces[graph] = _Space(graph.node_count, graph.expansion.junctions)
    return space


def nearest_two(
    graph: DrivenGraph, weights: Weights, units: UnitSnaps, limit_ms: int, *, delay_ms: IntArray | None = None
) -> NearestTwo:
    """The two soonest units of every junction arc within the limit, by ``units.number``; distinct units.

    ``delay_ms``, int32 (units,), passes before each unit moves (reaction, stale position): part of the answer and the limit.

    Raises
    ------
    LimitOutOfRange, ForeignWeights, ShapeMismatch
        The question makes no sense, or a number is negative or given twice.
    """
    limit = check_limit(limit_ms)
    check_weights(graph, weights)
    _check_numbers([units])
    delay = _delay(units, delay_ms)
    table = _nothing(len(graph.arc_node))
    step = graph.longest_step(weights) + (int(delay.max()) if len(units) else 0)
    shift, buckets = ring(step, limit)
    side, space = graph.expansion.outward, _space(graph)
    _nearest(
        side.info, side.rows, weights.node_milliseconds, weights.base_node_milliseconds, graph.node_arc, graph.arc_node,
        graph.twin, units.arc, units.fraction, units.both, delay, units.number, everyone(len(units)),
        limit, shift, buckets, space.label, space.bound, space.heads, space.pool, table,
    )  # fmt: skip
    return _result(table)


def combine_nearest(parts: Sequence[NearestTwo]) -> NearestTwo:
    """The two soonest of several answers over the same arcs, as of several unit classes; numbers must be distinct."""
    if not parts:
        raise ShapeMismatch("nothing to combine; give at least one NearestTwo")
    shapes = {part.best_ms.shape for part in parts}
    if len(shapes) > 1:
        raise ShapeMismatch(f"the answers cover different numbers of arcs: {sorted(shapes)}")
    table = _nothing(len(parts[0].best_ms))
    rows = np.arange(len(table), dtype=np.int32)
    for answer in parts:
        _into_rows(table, _table(answer), rows)
    return _result(table)


def nearest_of_classes(
    arc_count: int,
    graphs: Mapping[str, DrivenGraph],
    weights_by_class: Mapping[str, Weights],
    units_by_class: Mapping[str, UnitSnaps],
    limit_ms: int,
    *,
    delay_ms_by_class: Mapping[str, IntArray] | None = None,
) -> NearestTwo:
    """The two soonest units of every arc over several classes; ``number`` tells units of all classes apart."""
    limit = check_limit(limit_ms)
    _check_numbers(list(units_by_class.values()))
    answers = [
        nearest_two(graphs[name], weights_by_class[name], units, limit, delay_ms=(delay_ms_by_class or {}).get(name))
        for name, units in units_by_class.items()
        if len(units)
    ]
    return combine_nearest(answers) if answers else _result(_nothing(arc_count))


def _delay(units: UnitSnaps, delay_ms: IntArray | None) -> IntArray:
    if delay_ms is None:
        return np.zeros(len(units), np.int32)
    delay = np.array(delay_ms, dtype=np.int32)
    if delay.shape != (len(units),):
        raise ShapeMismatch(f"delay_ms is {delay.shape}, wanted one for each of {len(units)} units")
    if len(delay) and not 0 <= delay.min() <= delay.max() <= NO_LIMIT:
        raise ShapeMismatch(f"delay_ms must be from 0 to {NO_LIMIT}, got {int(delay.min())} to {int(delay.max())}")
    return delay


def _check_numbers(groups: Sequence[UnitSnaps]) -> None:
    numbers = np.concatenate([units.number for units in groups]) if groups else np.empty(0, np.int32)
    if len(numbers) and numbers.min() < 0:
        raise ShapeMismatch(f"unit numbers must be 0 or more, got {int(numbers.min())}")
    if len(np.unique(numbers)) != len(numbers):
        found, times = np.unique(numbers, return_counts=True)
        raise ShapeMismatch(f"unit number {int(found[times > 1][0])} is given to two units; give each its own")


@compiled
def _into_rows(table: AnyArray, given: AnyArray, row_of: AnyArray) -> None:
    for i in range(len(given)):
        for rank in range(0, 4, 2):
            if given[i, rank] >= 0:
                keep_two(table[row_of[i]], given[i, rank], given[i, rank + 1])


def _nothing(rows: int) -> IntArray:
    return np.full((rows, 4), UNSEEN, np.int32)


def _table(answer: NearestTwo) -> IntArray:
    return np.stack([answer.best_ms, answer.best_unit, answer.second_ms, answer.second_unit], axis=1)


def _result(table: IntArray) -> NearestTwo:
    table[table == UNSEEN] = NONE
    return NearestTwo(*(np.ascontiguousarray(table[:, column]) for column in range(4)))
