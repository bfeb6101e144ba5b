"""Annealing of districts by flips of border cells. Arrays in, labels changed in place; nothing here knows a map.

A flip gives one border cell to a neighbouring district, never cutting its own district in two. Energy: edges cut, plus
``weight`` times the squared excess of each district's workload over the mean, relative, beyond ``slack``.

Source: simulated annealing over flips as in Ricca and Simeone (2008), European Journal of Operational Research 189(3), 1409-1426.
"""

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def stays_whole(
    cell: int, start: IntArray, near: IntArray, labels: IntArray, mark: IntArray, stamp: int, queue: IntArray
) -> bool:
    """Whether the cell's district stays connected without it: its own neighbours must reach each other without the cell."""
    own = labels[cell]
    wanted = 0
    first = -1
    for r in range(start[cell], start[cell + 1]):
        if labels[near[r]] == own and mark[near[r]] != -stamp:
            mark[near[r]] = -stamp
            wanted += 1
            first = near[r]
    if wanted <= 1:
        return wanted == 1
    head, tail = 0, 1
    queue[0] = first
    mark[first] = stamp
    mark[cell] = stamp
    found = 1
    while head < tail:
        c = queue[head]
        head += 1
        for r in range(start[c], start[c + 1]):
            d = near[r]
            if labels[d] != own or mark[d] == stamp:
                continue
            if mark[d] == -stamp:
                found += 1
                if found == wanted:
                    return True
            mark[d] = stamp
            queue[tail] = d
            tail += 1
    return False


@numba.njit(cache=True, nogil=True)
def anneal(
    start: IntArray,
    near: IntArray,
    workload: FloatArray,
    labels: IntArray,
    k: int,
    steps: int,
    hot: float,
    cold: float,
    weight: float,
    slack: float,
    seed: int,
) -> None:
    """``steps`` proposals from temperature ``hot`` down to ``cold`` (geometric). ``start``/``near``: neighbours as CSR."""
    np.random.seed(seed)
    cells = len(workload)
    load = np.zeros(k)
    for i in range(cells):
        load[labels[i]] += workload[i]
    mean = load.sum() / k
    mark = np.zeros(cells, np.int64)
    queue = np.empty(cells + 1, np.int64)
    stamp = 0
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    temperature = hot
    for _ in range(steps):
        temperature *= cooling
        i = np.random.randint(cells)
        degree = start[i + 1] - start[i]
        if degree == 0:
            continue
        to = labels[near[start[i] + np.random.randint(degree)]]
        own = labels[i]
        if to == own:
            continue
        change = 0.0
        for r in range(start[i], start[i + 1]):
            other = labels[near[r]]
            if other == own:
                change += 1.0
            elif other == to:
                change -= 1.0
        w = workload[i]
        before = excess(load[own] / mean, slack) + excess(load[to] / mean, slack)
        after = excess((load[own] - w) / mean, slack) + excess((load[to] + w) / mean, slack)
        change += weight * (after - before)
        if change > 0 and np.random.random() >= np.exp(-change / temperature):
            continue
        stamp += 1
        if not stays_whole(i, start, near, labels, mark, stamp, queue):
            continue
        labels[i] = to
        load[own] -= w
        load[to] += w


@numba.njit(cache=True, nogil=True, inline="always")
def excess(share: float, slack: float) -> float:
    """Squared distance of a district's load (relative to the mean) from the allowed band ``1 ± slack``."""
    off = abs(share - 1.0) - slack
    return off * off if off > 0 else 0.0


@numba.njit(cache=True, nogil=True)
def grow(start: IntArray, near: IntArray, workload: FloatArray, seeds: IntArray, labels: IntArray) -> None:
    """First districts: from each seed, the district with the least load takes the next free neighbour, nearest to its seed first."""
    k = len(seeds)
    labels[:] = -1
    load = np.zeros(k)
    queue = np.empty((k, len(near) + 1), np.int32)
    head = np.zeros(k, np.int64)
    tail = np.zeros(k, np.int64)
    for d in range(k):
        queue[d, 0] = seeds[d]
        tail[d] = 1
    live = k
    done = np.zeros(k, np.bool_)
    while live > 0:
        least = -1
        for d in range(k):
            if not done[d] and (least < 0 or load[d] < load[least]):
                least = d
        took = False
        while head[least] < tail[least]:
            c = queue[least, head[least]]
            head[least] += 1
            if labels[c] >= 0:
                continue
            labels[c] = least
            load[least] += workload[c]
            took = True
            for r in range(start[c], start[c + 1]):
                d = near[r]
                if labels[d] < 0:
                    queue[least, tail[least]] = d
                    tail[least] += 1
            break
        if not took:
            done[least] = True
            live -= 1
