"""Where to put ``p`` sites so that the farthest client is as near as can be.

The answer is one of the entries of the matrix; bisection over them asks "do p sites cover all within this radius?", answered yes by
greedy covers, no by reductions and branch and cut.

Source: Minieka (1970), SIAM Review 12(1), 138-139; bisection as in Daskin (2013), Network and Discrete Location, ch. 5.
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kuaijing.planning.checks import cost_matrix, site_count, time_budget
from kuaijing.planning.covering import exact, greedy, reduced
from kuaijing.planning.errors import Unreachable

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_TRIES = 40


@dataclass(frozen=True, slots=True)
class CenterResult:
    """``sites`` sorted ``(p,)``; ``cost``: the farthest client's; ``bound`` below which no answer lies; ``optimal`` where proven."""

    sites: IntArray
    cost: float
    bound: float
    optimal: bool


def p_center(cost: npt.ArrayLike, p: int, *, seconds: float = 10.0) -> CenterResult:
    """The ``p`` sites of least greatest cost. Input and errors as ``p_median``; deterministic."""
    matrix = cost_matrix(cost)
    p = site_count(p, matrix.shape[1])
    until = time.monotonic() + time_budget(seconds)
    radii = np.unique(matrix[np.isfinite(matrix)])
    low = int(np.searchsorted(radii, matrix.min(axis=1).max()))
    sites, worst = _first(matrix, p)
    if not np.isfinite(worst):
        sites, worst = _feasible_anyhow(matrix, p, until)
    high = int(np.searchsorted(radii, worst))
    proven = True
    while low < high and time.monotonic() < until:
        middle = (low + high) // 2
        found, sure = _cover_within(matrix, float(radii[middle]), p, until)
        if found is not None:
            sites, worst = found, float(matrix[:, found].min(axis=1).max())
            high = int(np.searchsorted(radii, worst))
        elif sure:
            low = middle + 1
        else:
            proven = False
            break
    optimal = proven and low >= high
    return CenterResult(_filled(sites, p, matrix.shape[1]), worst, worst if optimal else float(radii[low]), optimal)


def _first(matrix: FloatArray, p: int) -> tuple[IntArray, float]:
    """Farthest-first: each further site is the one nearest to the client that is worst off."""
    first = int(np.argmin(matrix.max(axis=1))) if matrix.shape[0] else 0
    sites = [int(np.argmin(matrix[first]))]
    near = matrix[:, sites[0]].copy()
    while len(sites) < p:
        site = int(np.argmin(matrix[int(np.argmax(near))]))
        if site in sites:
            break
        sites.append(site)
        near = np.minimum(near, matrix[:, site])
    return np.array(sorted(sites), dtype=np.int64), float(near.max())


def _feasible_anyhow(matrix: FloatArray, p: int, until: float) -> tuple[IntArray, float]:
    found, sure = _cover_within(matrix, float(matrix[np.isfinite(matrix)].max()), p, max(until, time.monotonic() + 1))
    if found is None:
        why = "reach" if sure else "were found to reach"
        raise Unreachable(f"no {p} sites {why} every client; raise p or add sites")
    return found, float(matrix[:, found].min(axis=1).max())


def _cover_within(matrix: FloatArray, radius: float, p: int, until: float) -> tuple[IntArray | None, bool]:
    """``p`` or fewer sites that cover all clients within ``radius``; None with True where that is proven impossible."""
    small = reduced(matrix <= radius)
    left = p - len(small.taken)
    if 0 in small.cover.shape:
        return (small.taken, True) if left >= 0 and small.cover.shape[0] == 0 else (None, True)
    if left <= 0:
        return None, True
    chance = np.random.default_rng(0)
    for k in range(_TRIES):
        chosen = greedy(small.cover, chance if k else None)
        if len(chosen) <= left:
            return np.concatenate([small.taken, small.sites[chosen]]), True
        if len(chosen) > left + 4 + left // 6 or time.monotonic() > until:
            break
    answer = exact(small.cover, seconds=until - time.monotonic(), wanted=left)
    if 0 < len(answer.sites) <= left:
        return np.concatenate([small.taken, small.sites[answer.sites]]), True
    return None, answer.proven or answer.bound > left


def _filled(sites: IntArray, p: int, count: int) -> IntArray:
    """Exactly ``p`` sites: any further ones do no harm."""
    spare = np.setdiff1d(np.arange(count), sites)[: p - len(sites)]
    return np.sort(np.concatenate([sites, spare])).astype(np.int64)
