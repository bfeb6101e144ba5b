"""Moves that improve where the units of a fleet stand: one unit from one open site to another, or a whole site's force to a shut one.

Compiled loops over dense arrays; the objective is the rate of incidents that find at least one free unit in time, each unit busy
with the same chance and by itself (Daskin 1983, Transportation Science 17(1), 48-70).
"""

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@numba.njit(cache=True, nogil=True)
def level(reach: BoolArray, units: IntArray) -> IntArray:
    """Units that reach each point, (points,)."""
    classes, sites, points = reach.shape
    near = np.zeros(points, np.int64)
    for c in range(classes):
        for s in range(sites):
            if units[c, s]:
                for p in range(points):
                    if reach[c, s, p]:
                        near[p] += units[c, s]
    return near


@numba.njit(cache=True, nogil=True)
def covered(near: IntArray, rate: FloatArray, busy: float) -> float:
    """Rate that finds a free unit."""
    total = 0.0
    for p in range(len(near)):
        total += rate[p] * (1.0 - busy ** near[p])
    return total


@numba.njit(cache=True, nogil=True)
def _worth(reach: BoolArray, price: FloatArray, c: int, s: int) -> float:
    total = 0.0
    for p in range(reach.shape[2]):
        if reach[c, s, p]:
            total += price[p]
    return total


@numba.njit(cache=True, nogil=True)
def greedy(
    reach: BoolArray,
    rate: FloatArray,
    busy: float,
    units: IntArray,
    left: IntArray,
    most: IntArray,
    open_: BoolArray,
    shut: int,
) -> None:
    """Place the units that are ``left`` of each class one by one where each adds most; ``shut`` more sites may be opened."""
    classes, sites, points = reach.shape
    near = level(reach, units)
    while left.sum() > 0:
        price = rate * (1.0 - busy) * busy**near
        best, best_c, best_s = -1.0, -1, -1
        for c in range(classes):
            if left[c] == 0:
                continue
            for s in range(sites):
                if units[c, s] >= most[c] or (not open_[s] and shut == 0):
                    continue
                worth = _worth(reach, price, c, s) * (1.0 + (0.0 if open_[s] else 1e-9))
                if worth > best:
                    best, best_c, best_s = worth, c, s
        if best_c < 0:
            return
        units[best_c, best_s] += 1
        left[best_c] -= 1
        if not open_[best_s]:
            open_[best_s] = True
            shut -= 1
        for p in range(points):
            if reach[best_c, best_s, p]:
                near[p] += 1


@numba.njit(cache=True, nogil=True)
def move_units(
    reach: BoolArray, rate: FloatArray, busy: float, units: IntArray, kept: IntArray, most: IntArray, open_: BoolArray
) -> float:
    """The best move of one unit between open sites; done where it gains, and the gain returned (0: none)."""
    classes, sites, points = reach.shape
    near = level(reach, units)
    best, best_c, best_a, best_b = 1e-9, -1, -1, -1
    price = np.empty(points)
    for c in range(classes):
        for a in range(sites):
            if units[c, a] <= kept[c, a]:
                continue
            lost = 0.0
            for p in range(points):
                seen = near[p] - 1 if reach[c, a, p] else near[p]
                price[p] = rate[p] * (1.0 - busy) * busy**seen
                if reach[c, a, p]:
                    lost += price[p]
            for b in range(sites):
                if b == a or not open_[b] or units[c, b] >= most[c]:
                    continue
                gain = _worth(reach, price, c, b) - lost
                if gain > best:
                    best, best_c, best_a, best_b = gain, c, a, b
    if best_c < 0:
        return 0.0
    units[best_c, best_a] -= 1
    units[best_c, best_b] += 1
    return best


@numba.njit(cache=True, nogil=True)
def move_sites(
    reach: BoolArray, rate: FloatArray, busy: float, units: IntArray, kept: IntArray, open_: BoolArray
) -> float:
    """The best move of a whole site's force to a shut site; done where it gains, and the gain returned (0: none)."""
    classes, sites, points = reach.shape
    near = level(reach, units)
    best, best_a, best_b = 1e-9, -1, -1
    now = covered(near, rate, busy)
    after = np.empty(points, np.int64)
    for a in range(sites):
        if not open_[a] or kept[:, a].sum() > 0:
            continue
        without = near.copy()
        for c in range(classes):
            if units[c, a]:
                for p in range(points):
                    if reach[c, a, p]:
                        without[p] -= units[c, a]
        for b in range(sites):
            if open_[b]:
                continue
            after[:] = without
            for c in range(classes):
                if units[c, a]:
                    for p in range(points):
                        if reach[c, b, p]:
                            after[p] += units[c, a]
            gain = covered(after, rate, busy) - now
            if gain > best:
                best, best_a, best_b = gain, a, b
    if best_a < 0:
        return 0.0
    for c in range(classes):
        units[c, best_b], units[c, best_a] = units[c, best_a], 0
    open_[best_a], open_[best_b] = False, True
    return best
