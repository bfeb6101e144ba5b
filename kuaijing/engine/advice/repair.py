"""Who is soonest on a street once both of its two soonest units are gone.

The two soonest of every arc are known per class. Taking a set of units away leaves most arcs with one of their two; only arcs with
both in the set must be searched again, and such regions are small. The search enters a region from its border, where the
remaining unit of an arc is known to be the soonest of all that remain, and from units that stand inside. Times are those
of reaching an arc's middle, whole milliseconds, equal to a search from the start without those units.

Source of the idea: Ramalingam & Reps (1996), J. Algorithms 21, 267-305 (repairing shortest paths after a deletion).
"""

import heapq
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kuaijing.routing.arrays import CLOSED
from kuaijing.routing.compiled import compiled
from kuaijing.routing.unit_times import part, unit_states

if TYPE_CHECKING:
    from kuaijing.engine.advice.reach_now import ClassReach

IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]


@compiled
def _half(ms: int, base: int) -> int:
    return int(part(0.5, ms if ms < CLOSED else base))


@compiled
def _search_again(  # type: ignore[no-untyped-def]
    out_info, out_rows, in_info, in_rows, ms, base_ms, node_arc, arc_node, twin,
    best_ms, best_unit, second_ms, second_unit, gone,
    arc, fraction, both, number, delay, limit, found_ms, found_unit,
):  # fmt: skip
    """Fill ``found_ms`` and ``found_unit`` (arcs,) on arcs both of whose soonest are gone; others are not touched."""
    nodes = len(node_arc)
    lost = np.zeros(nodes, np.bool_)
    heap = [(np.int64(0), np.int64(-1), np.int64(-1))]
    heap.pop()
    any_lost = False
    for node in range(nodes):
        on = node_arc[node]
        if best_ms[on] >= 0 and second_ms[on] >= 0 and gone[best_unit[on]] and gone[second_unit[on]]:
            lost[node] = True
            any_lost = True
    if not any_lost:
        return
    for node in range(nodes):
        if not lost[node]:
            continue
        into = _half(ms[node], base_ms[node])
        for edge in range(in_info[node, 0], in_info[node, 1]):
            before = in_rows[edge, 0]
            if lost[before] or ms[before] >= CLOSED:
                continue
            on = node_arc[before]
            at, unit = best_ms[on], best_unit[on]
            if at >= 0 and gone[unit]:
                at, unit = second_ms[on], second_unit[on]
            if at < 0 or gone[unit]:
                continue
            entering = np.int64(at) + ms[before] - _half(ms[before], base_ms[before]) + in_rows[edge, 1] + into
            if entering <= limit:
                heapq.heappush(heap, (entering, np.int64(unit), np.int64(node)))
    room = 2 * len(arc)
    state_node, state_unit = np.empty(room, np.int32), np.empty(room, np.int32)
    state_done, state_rest = np.empty(room, np.int32), np.empty(room, np.int32)
    staying = np.empty(len(arc), np.bool_)
    for i in range(len(arc)):
        staying[i] = not gone[number[i]]
    states = unit_states(
        ms, base_ms, arc_node, twin, arc, fraction, both, staying, state_node, state_unit, state_done, state_rest
    )
    for state in range(states):
        node, wait = state_node[state], np.int64(delay[state_unit[state]])
        unit = np.int64(number[state_unit[state]])
        ahead = _half(ms[node], base_ms[node]) - state_done[state]
        if lost[node] and ahead >= 0 and wait + ahead <= limit:
            heapq.heappush(heap, (wait + ahead, unit, np.int64(node)))
        for edge in range(out_info[node, 0], out_info[node, 1]):
            to = out_rows[edge, 0]
            entering = wait + state_rest[state] + out_rows[edge, 1] + _half(ms[to], base_ms[to])
            if lost[to] and entering <= limit:
                heapq.heappush(heap, (entering, unit, np.int64(to)))
    while len(heap):
        at, unit, here = heapq.heappop(heap)
        if not lost[here]:
            continue  # settled before
        lost[here] = False
        found_ms[node_arc[here]], found_unit[node_arc[here]] = at, unit
        if ms[here] >= CLOSED:
            continue
        leaving = at + ms[here] - _half(ms[here], base_ms[here])
        for edge in range(out_info[here, 0], out_info[here, 1]):
            to = out_rows[edge, 0]
            if lost[to]:
                entering = leaving + out_rows[edge, 1] + _half(ms[to], base_ms[to])
                if entering <= limit:
                    heapq.heappush(heap, (entering, unit, np.int64(to)))


@compiled
def _offer(  # type: ignore[no-untyped-def]
    best_ms, best_unit, second_ms, second_unit, gone, found_ms, found_unit, wanted, arc_street, street_ms, street_unit
):
    for arc in range(len(arc_street)):
        street = arc_street[arc]
        if not wanted[street]:
            continue
        at, unit = best_ms[arc], best_unit[arc]
        if at >= 0 and gone[unit]:
            at, unit = second_ms[arc], second_unit[arc]
            if at >= 0 and gone[unit]:
                at, unit = found_ms[arc], found_unit[arc]
        held = street_ms[street]
        if at >= 0 and (held < 0 or at < held or (at == held and unit < street_unit[street])):
            street_ms[street], street_unit[street] = at, unit


def third_soonest(
    parts: "Mapping[str, ClassReach]", gone: BoolArray, wanted: BoolArray, arc_street: IntArray, limit_ms: int
) -> tuple[IntArray, IntArray]:
    """Milliseconds and number of the soonest unit that stays, int32 (streets,) each, -1 none; on ``wanted`` streets only."""
    street_ms, street_unit = np.full(len(wanted), -1, np.int32), np.full(len(wanted), -1, np.int32)
    for one in parts.values():
        graph, weights, units, nearest = one.graph, one.weights, one.snaps, one.nearest
        outward, inward = graph.expansion.outward, graph.expansion.inward
        found_ms, found_unit = np.full(len(arc_street), -1, np.int32), np.full(len(arc_street), -1, np.int32)
        two = (nearest.best_ms, nearest.best_unit, nearest.second_ms, nearest.second_unit)
        _search_again(
            outward.info, outward.rows, inward.info, inward.rows, weights.node_milliseconds, weights.base_node_milliseconds,
            graph.node_arc, graph.arc_node, graph.twin, *two, gone,
            units.arc, units.fraction, units.both, units.number, one.delay_ms, limit_ms, found_ms, found_unit,
        )  # fmt: skip
        _offer(*two, gone, found_ms, found_unit, wanted, arc_street, street_ms, street_unit)
    return street_ms, street_unit
