"""Interchange for the p-median: swap one chosen site for another as long as that helps. Arrays in, arrays out, no clock.

Source: Whitaker (1983), INFOR 21(2), 95-108; the O(clients) evaluation of a site's best swap as in Hansen and Mladenović (1997),
Location Science 5(4), 207-226.
"""

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def two_nearest(
    by_site: FloatArray, chosen: IntArray, n1: IntArray, n2: IntArray, d1: FloatArray, d2: FloatArray
) -> float:
    """Fill each client's nearest and second-nearest chosen site (positions in ``chosen``) and their costs; returns the total."""
    clients = by_site.shape[1]
    d1[:] = np.inf
    d2[:] = np.inf
    n1[:] = -1
    n2[:] = -1
    for k in range(len(chosen)):
        row = by_site[chosen[k]]
        for i in range(clients):
            c = row[i]
            if c < d1[i]:
                d2[i] = d1[i]
                n2[i] = n1[i]
                d1[i] = c
                n1[i] = k
            elif c < d2[i]:
                d2[i] = c
                n2[i] = k
    total = 0.0
    for i in range(clients):
        total += d1[i]
    return total


@numba.njit(cache=True, nogil=True)
def descend(by_site: FloatArray, chosen: IntArray, is_chosen: npt.NDArray[np.bool_], start: int, passes: int) -> float:
    """Swap until no swap helps (or ``passes`` rounds over all sites); changes ``chosen``/``is_chosen``; returns the total cost."""
    sites, clients = by_site.shape
    p = len(chosen)
    n1 = np.empty(clients, np.int64)
    n2 = np.empty(clients, np.int64)
    d1 = np.empty(clients)
    d2 = np.empty(clients)
    loss = np.empty(p)
    total = two_nearest(by_site, chosen, n1, n2, d1, d2)
    idle = 0
    f = start % sites
    steps = 0
    while idle < sites and steps < passes * sites:
        steps += 1
        if not is_chosen[f]:
            loss[:] = 0.0
            gain = 0.0
            row = by_site[f]
            for i in range(clients):
                c = row[i]
                a = d1[i]
                if c < a:
                    gain += a - c
                else:
                    b = d2[i]
                    loss[n1[i]] += (c if c < b else b) - a
            k = int(np.argmin(loss))
            if gain - loss[k] > 1e-9 * (1.0 + total):
                is_chosen[chosen[k]] = False
                is_chosen[f] = True
                chosen[k] = f
                total = two_nearest_after(by_site, chosen, k, n1, n2, d1, d2)
                idle = 0
        idle += 1
        f += 1
        if f == sites:
            f = 0
    return total


@numba.njit(cache=True, nogil=True)
def two_nearest_after(
    by_site: FloatArray, chosen: IntArray, k: int, n1: IntArray, n2: IntArray, d1: FloatArray, d2: FloatArray
) -> float:
    """Mend nearest and second-nearest after ``chosen[k]`` was replaced; returns the total cost."""
    clients = by_site.shape[1]
    row = by_site[chosen[k]]
    total = 0.0
    for i in range(clients):
        c = row[i]
        if n1[i] == k or n2[i] == k:
            a = np.inf
            b = np.inf
            na = -1
            nb = -1
            for q in range(len(chosen)):
                v = by_site[chosen[q], i]
                if v < a:
                    b = a
                    nb = na
                    a = v
                    na = q
                elif v < b:
                    b = v
                    nb = q
            d1[i], d2[i], n1[i], n2[i] = a, b, na, nb
        elif c < d1[i]:
            d2[i] = d1[i]
            n2[i] = n1[i]
            d1[i] = c
            n1[i] = k
        elif c < d2[i]:
            d2[i] = c
            n2[i] = k
        total += d1[i]
    return total
