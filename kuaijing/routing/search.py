"""Exact shortest times over one side of an edge-expanded graph, bounded, seeded anywhere, stopped at the first k units.

One search serves both directions. A label of a node is the time between the search's origin and that node's turning point
(outward: the start of the arc; inward: its end), so that passing the node costs its own milliseconds and then the turn.

Queue: buckets of 2**shift milliseconds in a ring, entries from a free list (Dial 1969, doi:10.1145/363269.363610). Order inside a
bucket is free; a node whose label improves after it was passed is passed again, so labels are exact whatever the width.

Pruning: a node that passes its junction at time t gives every neighbour a label of at most t + its dearest turn. Whatever
passes that junction later than that can improve nothing there and is never queued. With turn costs small beside driving
this spares about half of the work of an edge-expanded search, at no loss; nodes with a forbidden turn set no such bound.

Units: with ``first`` = k, the k best eligible units found so far shrink the limit to the k-th best time. Equal times are told
apart by the lower unit number, so that the answer does not depend on the order of the search.
"""

import threading
import weakref

import numpy as np

from kuaijing.routing.arrays import CLOSED, NO_LIMIT, AnyArray, IntArray
from kuaijing.routing.compiled import compiled

UNSEEN = 2**31 - 1
_MAX_BUCKETS = 1 << 14
_SHIFT = 8


class Workspace:
    """Scratch arrays of one thread for graphs of one size; clean between searches.

    ``label`` (nodes,) and ``bound`` (junctions,) are ``UNSEEN``; ``heads`` of the bucket ring -1; ``unit_at`` (nodes,) -1.
    """

    def __init__(self, nodes: int, junctions: int) -> None:
        self.label = np.full(nodes, UNSEEN, np.int32)
        self.bound = np.full(junctions, UNSEEN, np.int32)
        self.touched = np.empty(nodes, np.int32)
        self.unit_at = np.full(nodes, -1, np.int32)
        self.heads = np.full(_MAX_BUCKETS, -1, np.int32)
        self.pool = np.empty((1 << 14, 2), np.int32)


_local = threading.local()


def workspace(owner: object, nodes: int, junctions: int) -> Workspace:
    """This thread's workspace for ``owner`` (a graph), made at its first search and dropped with it."""
    spaces: weakref.WeakKeyDictionary[object, Workspace] | None = getattr(_local, "spaces", None)
    if spaces is None:
        spaces = _local.spaces = weakref.WeakKeyDictionary()
    space = spaces.get(owner)
    if space is None:
        space = spaces[owner] = Workspace(nodes, junctions)
    return space


def ring(longest_step: int, limit: int) -> tuple[int, int]:
    """Shift and bucket count (a power of two) for steps up to ``longest_step`` and labels up to ``limit``."""
    reach = min(longest_step, limit)
    shift = _SHIFT
    while (reach >> shift) + 2 > _MAX_BUCKETS:
        shift += 1
    return shift, 1 << int((reach >> shift) + 1).bit_length()


@compiled
def _grown(pool: AnyArray) -> AnyArray:
    wider = np.empty((2 * len(pool), 2), np.int32)
    wider[: len(pool)] = pool
    return wider


@compiled
def note_unit(best_unit: AnyArray, best_ms: AnyArray, unit: int, ms: int) -> None:
    """Keep (ms, unit) among the best, in order; an entry of the same unit is bettered, never doubled."""
    last = len(best_unit) - 1
    for i in range(len(best_unit)):
        if best_unit[i] == unit:
            last = i
            break
    if ms > best_ms[last] or (ms == best_ms[last] and best_unit[last] >= 0 and unit > best_unit[last]):
        return
    i = last
    while i > 0 and (best_ms[i - 1] > ms or (best_ms[i - 1] == ms and best_unit[i - 1] > unit)):
        best_ms[i], best_unit[i] = best_ms[i - 1], best_unit[i - 1]
        i -= 1
    best_ms[i], best_unit[i] = ms, unit


@compiled
def sweep(  # type: ignore[no-untyped-def]
    info,
    rows,
    ms,
    seed_node,
    seed_base,
    limit,
    shift,
    buckets,
    label,
    bound,
    touched,
    heads,
    pool,
    unit_at,
    state_next,
    state_unit,
    state_rest,
    best_unit,
    best_ms,
):
    """Label every node within the limit; the one long function here, since the queue lives in its locals.

    Seeds pass their node at ``seed_base``. Units are looked for only where ``best_unit`` has room; the states standing on a
    node are the chain ``unit_at[node]``, ``state_next``. Returns how many nodes were ``touched``; the caller reads their
    labels and cleans up with ``clear``. Labels above the limit may be left behind and are to be ignored.
    """
    wanted = len(best_unit)
    mask = buckets - 1
    n_touched = 0
    live = 0
    used = 0  # entries of the pool ever used
    free = -1  # head of the free list
    lowest = CLOSED
    for i in range(len(seed_node)):
        lowest = min(lowest, seed_base[i])
    current = lowest >> shift
    next_seed = 0
    node = base = 0
    last_bucket = limit >> shift
    while True:
        # The next thing that passes its junction: a seed first, then what the queue holds.
        if next_seed < len(seed_node):
            node, base = seed_node[next_seed], seed_base[next_seed]
            next_seed += 1
            if base > limit:
                continue
            at = info[node, 2]
            if base > bound[at]:
                continue
            dearest = info[node, 3]
            if dearest < CLOSED and base + dearest < bound[at]:
                bound[at] = base + dearest
        else:
            if live == 0:
                break
            entry = heads[current & mask]
            if entry < 0:
                current += 1
                if current > last_bucket:
                    break
                continue
            node = pool[entry, 0]
            heads[current & mask] = pool[entry, 1]
            pool[entry, 1] = free
            free = entry
            live -= 1
            key = label[node]
            if key >> shift != current:
                continue  # bettered since, and passed then
            base = key + ms[node]
            if base > limit or base > bound[info[node, 2]]:
                continue
        for edge in range(info[node, 0], info[node, 1]):
            to = rows[edge, 0]
            new = base + rows[edge, 1]
            old = label[to]
            if new >= old or new > limit:
                continue
            if old == UNSEEN:
                touched[n_touched] = to
                n_touched += 1
            label[to] = new
            if wanted > 0:
                state = unit_at[to]
                while state >= 0:
                    arrival = new + state_rest[state]
                    if arrival <= limit:
                        note_unit(best_unit, best_ms, state_unit[state], arrival)
                        if best_unit[wanted - 1] >= 0 and best_ms[wanted - 1] < limit:
                            limit = best_ms[wanted - 1]
                            last_bucket = limit >> shift
                    state = state_next[state]
            passing = new + ms[to]
            if passing > limit:
                continue
            at = info[to, 2]
            if passing > bound[at]:
                continue
            dearest = info[to, 3]
            if dearest < CLOSED and passing + dearest < bound[at]:
                bound[at] = passing + dearest
            slot = (new >> shift) & mask
            if free >= 0:
                entry = free
                free = pool[entry, 1]
            else:
                if used == len(pool):
                    pool = _grown(pool)
                entry = used
                used += 1
            pool[entry, 0] = to
            pool[entry, 1] = heads[slot]
            heads[slot] = entry
            live += 1
    return n_touched


@compiled
def clear(info, seed_node, touched, count, buckets, label, bound, heads):  # type: ignore[no-untyped-def]
    """Make the workspace clean again after ``sweep``."""
    for i in range(len(seed_node)):
        bound[info[seed_node[i], 2]] = UNSEEN
    for i in range(count):
        label[touched[i]] = UNSEEN
        bound[info[touched[i], 2]] = UNSEEN
    heads[:buckets] = -1


@compiled
def labels(  # type: ignore[no-untyped-def]
    info, rows, ms, seed_node, seed_base, limit, shift, buckets, label, bound, touched, heads, pool, unit_at, out
):
    """Write to ``out`` the label of every node within the limit; others keep what the caller filled in."""
    none = np.empty(0, np.int32)
    count = sweep(
        info, rows, ms, seed_node, seed_base, limit, shift, buckets, label, bound, touched, heads, pool,
        unit_at, none, none, none, none, none,
    )  # fmt: skip
    for i in range(count):
        if label[touched[i]] <= limit:
            out[touched[i]] = label[touched[i]]
    clear(info, seed_node, touched, count, buckets, label, bound, heads)
    return count


def all_labels(
    owner: object,
    info: IntArray,
    rows: IntArray,
    milliseconds: IntArray,
    junctions: int,
    seeds: tuple[IntArray, IntArray],
    limit: int,
    longest_step: int,
) -> IntArray:
    """Label of every node, int32 (nodes,), -1 beyond the limit; ``seeds`` are nodes and the time at which each is passed."""
    space = workspace(owner, len(info), junctions)
    out = np.full(len(info), -1, np.int32)
    shift, buckets = ring(longest_step, min(limit, NO_LIMIT))
    labels(
        info, rows, milliseconds, *seeds, min(limit, NO_LIMIT), shift, buckets,
        space.label, space.bound, space.touched, space.heads, space.pool, space.unit_at, out,
    )  # fmt: skip
    return out
