"""Which ``p`` sites cover the most weight within a radius; and which fewest sites cover everything.

Interchange for the answer, Lagrangian relaxation for the bound and to fix sites, branch and cut (HiGHS) for what is left undecided.
"""

import time
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from kuaijing.planning.checks import cost_matrix, radius_of, site_count, time_budget, weights_of
from kuaijing.planning.cover_search import anneal, descend_bound, interchange
from kuaijing.planning.covering import exact, greedy, reduced
from kuaijing.planning.errors import ShapeMismatch, Unreachable

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_TOLERANCE = 1e-9
_KICKS = 600
"""Perturbed restarts without gain that count as stagnation; a plateau is walked along."""
_PROPOSALS = 1_000_000
_HOT, _COLD = 0.2, 0.002
"""Temperatures, in what one site covers on the mean."""
_SEARCH_SHARE = 0.5
"""Of the time for the answer; the rest is for the proof."""


@dataclass(frozen=True, slots=True)
class CoverResult:
    """``sites`` sorted; weight ``covered``; ``bound`` that no choice exceeds; ``optimal`` where proven."""

    sites: IntArray
    covered: float
    bound: float
    optimal: bool


@dataclass(frozen=True, slots=True)
class SetCoverResult:
    """``sites`` sorted that cover every client; ``bound``: no cover has fewer; ``optimal`` where proven."""

    sites: IntArray
    bound: float
    optimal: bool


@dataclass(frozen=True, slots=True)
class _Rows:
    """A cover as rows of indices, both ways, clients of equal rows put together."""

    site_start: IntArray
    site_client: IntArray
    client_start: IntArray
    client_site: IntArray
    weight: FloatArray
    sites: int


def max_cover(
    cost: npt.ArrayLike, weight: npt.ArrayLike, radius: float, p: int, *, seconds: float = 10.0, seed: int = 0
) -> CoverResult:
    """The ``p`` sites that cover the most weight.

    Parameters
    ----------
    cost
        Cost of serving each client from each site, shape ``(clients, sites)``, >= 0 or inf. A site covers a client at a cost up to
        ``radius``. Clients that no site reaches are allowed here: they are never covered.
    weight
        Worth of covering each client, shape ``(clients,)``, >= 0.
    p
        Number of sites, 1 to ``sites``.

    Raises
    ------
    ShapeMismatch, NotANumber, OutOfRange
        The input is malformed.
    """
    until = time.monotonic() + time_budget(seconds)
    matrix = cost_matrix(_reachable_at_least_once(cost))
    clients, sites = matrix.shape
    p, radius = site_count(p, sites), radius_of(radius)
    rows = _rows(matrix <= radius, weights_of(weight, clients, "weight"))
    if len(rows.weight) == 0:
        return CoverResult(np.arange(p), 0.0, 0.0, True)
    now = time.monotonic()
    half = now + (until - now) * _SEARCH_SHARE
    chance = np.random.default_rng(seed)
    open_, covered = _search(rows, p, np.zeros(sites, np.bool_), chance, now + 0.4 * (half - now))
    open_, covered = _annealed(rows, p, open_, covered, chance, half)
    price = rows.weight * 0.5
    best_price = price.copy()
    bound = descend_bound(
        p, rows.client_start, rows.client_site, rows.weight, price, best_price, covered, _rounds(rows), 1.5, 20, sites
    )
    bound = _rounded(bound, rows.weight)
    if bound > covered * (1 + _TOLERANCE) and time.monotonic() < until:
        open_, covered, bound = _settle(rows, p, open_, covered, bound, best_price, until)
    optimal = bound <= covered * (1 + _TOLERANCE) + 1e-12
    return CoverResult(np.flatnonzero(open_), covered, covered if optimal else bound, optimal)


def set_cover(cost: npt.ArrayLike, radius: float, *, seconds: float = 10.0) -> SetCoverResult:
    """The fewest sites that cover every client within ``radius``. Input and errors as ``max_cover``; deterministic.

    Raises ``Unreachable``, naming the clients, where a client lies within the radius of no site.
    """
    until = time.monotonic() + time_budget(seconds)
    matrix = cost_matrix(cost)
    cover = matrix <= radius_of(radius)
    lost = np.flatnonzero(~cover.any(axis=1))
    if len(lost):
        named = ", ".join(str(i) for i in lost[:8]) + (f" and {len(lost) - 8} more" if len(lost) > 8 else "")
        raise Unreachable(
            f"no site lies within {radius} of client {named}: raise the radius or add sites", tuple(lost.tolist())
        )
    small = reduced(cover)
    if small.cover.shape[0] == 0:
        sites = np.sort(small.taken)
        return SetCoverResult(sites, float(len(sites)), True)
    chance = np.random.default_rng(0)
    best = greedy(small.cover)
    for _ in range(30):
        other = greedy(small.cover, chance)
        best = other if len(other) < len(best) else best
    answer = exact(small.cover, seconds=until - time.monotonic(), start=best)
    if 0 < len(answer.sites) < len(best):
        best = answer.sites
    bound = min(float(len(best)), max(answer.bound, 1.0))
    sites = np.sort(np.concatenate([small.taken, small.sites[best]]))
    return SetCoverResult(sites, bound + len(small.taken), bound >= len(best))


def _reachable_at_least_once(cost: npt.ArrayLike) -> FloatArray:
    """The matrix with clients that nothing reaches made harmless (a cover never counts an infinite cost)."""
    matrix = np.array(cost, dtype=np.float64)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ShapeMismatch(f"cost must have shape (clients, sites) with at least one of each, got {matrix.shape}")
    lost = ~(matrix < np.inf).any(axis=1) & ~np.isnan(matrix).any(axis=1)
    matrix[lost] = np.finfo(np.float64).max
    return matrix


def _rows(cover: BoolArray, weight: FloatArray) -> _Rows:
    useful = cover.any(axis=1) & (weight > 0)
    packed = np.packbits(cover[useful], axis=1)
    if len(packed):
        _, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        merged = np.asarray(np.bincount(which.ravel(), weights=weight[useful], minlength=len(first)), dtype=np.float64)
        cover = cover[useful][first]
    else:
        merged, cover = np.zeros(0, np.float64), cover[useful]
    i, j = np.nonzero(cover)
    jt, it = np.nonzero(cover.T)
    return _Rows(
        site_start=np.searchsorted(jt, np.arange(cover.shape[1] + 1)).astype(np.int64),
        site_client=it.astype(np.int64),
        client_start=np.searchsorted(i, np.arange(cover.shape[0] + 1)).astype(np.int64),
        client_site=j.astype(np.int64),
        weight=merged,
        sites=cover.shape[1],
    )


def _search(
    rows: _Rows, p: int, open_: BoolArray, chance: np.random.Generator, until: float
) -> tuple[BoolArray, float]:
    """Exchange from ``open_``, then from the best with a part of it replaced, until ``_KICKS`` tries gain nothing."""
    start = (rows.site_start, rows.site_client, rows.client_start, rows.client_site, rows.weight)
    covered = float(interchange(p, *start, open_, 100))
    idle = 0
    while idle < _KICKS and time.monotonic() < until:
        trial = open_.copy()
        swaps = min(p, int(chance.integers(1, 4)))
        trial[chance.choice(np.flatnonzero(trial), swaps, replace=False)] = False
        if chance.random() < 0.7:
            trial[chance.choice(rows.sites, int(chance.integers(1, swaps + 1)), replace=False)] = True
        value = float(interchange(p, *start, trial, 100))
        idle += 1
        if value >= covered:
            idle = 0 if value > covered * (1 + _TOLERANCE) else idle
            open_, covered = trial, value
    return open_, covered


def _annealed(
    rows: _Rows, p: int, open_: BoolArray, covered: float, chance: np.random.Generator, until: float
) -> tuple[BoolArray, float]:
    """Annealing in slices from the best so far, each mended by exchange, until three in a row gain nothing."""
    idle = 0
    while idle < 3 and time.monotonic() < until and p < rows.sites:
        worth = covered / p
        trial, _ = anneal(
            rows.site_start, rows.site_client, rows.client_start, rows.client_site, rows.weight, open_, _PROPOSALS,
            _HOT * worth, _COLD * worth, int(chance.integers(2**31)),
        )  # fmt: skip
        value = float(
            interchange(
                p, rows.site_start, rows.site_client, rows.client_start, rows.client_site, rows.weight, trial, 100
            )
        )
        idle += 1
        if value > covered * (1 + _TOLERANCE):
            open_, covered, idle = trial, value, 0
    return open_, covered


def _rounds(rows: _Rows) -> int:
    """Subgradient steps: about one second's worth."""
    return int(min(2500, max(300, 4e8 // max(1, len(rows.client_site)))))


def _settle(
    rows: _Rows, p: int, open_: BoolArray, covered: float, bound: float, price: FloatArray, until: float
) -> tuple[BoolArray, float, float]:
    """Fix what the reduced costs decide, give the rest to branch and cut."""
    worth = np.zeros(rows.sites)
    np.add.at(worth, rows.client_site, np.repeat(price, np.diff(rows.client_start)))
    ranked = np.sort(worth)[::-1]
    last_in, first_out = ranked[p - 1], ranked[p] if p < rows.sites else -np.inf
    value = float(ranked[:p].sum() + (rows.weight - price).sum())
    shut = (worth < last_in) & (value - last_in + worth <= covered * (1 + _TOLERANCE))
    must = (worth > first_out) & (value - worth + first_out <= covered * (1 + _TOLERANCE))
    found, found_bound = _branch_and_cut(rows, p, shut, must, open_, until)
    if found is not None:
        value = _covered(rows, found)
        if value > covered * (1 + _TOLERANCE):
            open_, covered = found, value
    return open_, covered, min(bound, max(covered, _rounded(found_bound, rows.weight)))


def _branch_and_cut(
    rows: _Rows, p: int, shut: BoolArray, must: BoolArray, start: BoolArray, until: float
) -> tuple[BoolArray | None, float]:
    """The rest as a mixed-integer programme. Its bound holds for every answer better than the incumbent."""
    site_of = np.repeat(np.arange(rows.sites), np.diff(rows.site_start))
    certain = np.zeros(len(rows.weight), np.bool_)
    certain[rows.site_client[must[site_of]]] = True
    free_sites = np.flatnonzero(~shut & ~must)
    column = np.full(rows.sites, -1)
    column[free_sites] = np.arange(len(free_sites))
    client_of = np.repeat(np.arange(len(rows.weight)), np.diff(rows.client_start))
    live = ~certain[client_of] & (column[rows.client_site] >= 0)
    clients, row = np.unique(client_of[live], return_inverse=True)
    base = float(rows.weight[certain].sum())
    left = p - int(must.sum())
    if len(clients) == 0 or left <= 0:
        return must.copy(), base
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, option in (("output_flag", False), ("threads", 1), ("time_limit", max(0.05, until - time.monotonic()))):
        model.setOptionValue(name, option)
    model.setOptionValue("mip_rel_gap", 1e-9)
    n, m = len(free_sites), len(clients)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n + m, m + 1
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.concatenate([np.zeros(n), rows.weight[clients]])
    lp.col_lower_, lp.col_upper_ = np.zeros(n + m), np.ones(n + m)
    lp.row_lower_ = np.concatenate([np.zeros(m), [0.0]])
    lp.row_upper_ = np.concatenate([np.full(m, highspy.kHighsInf), [float(left)]])
    r = np.concatenate([row, np.arange(m), np.full(n, m)])
    c = np.concatenate([column[rows.client_site[live]], n + np.arange(m), np.arange(n)])
    v = np.concatenate([np.ones(len(row)), -np.ones(m), np.ones(n)])
    order = np.lexsort((c, r))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(r[order], np.arange(m + 2)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = c[order].astype(np.int32), v[order]
    lp.integrality_ = [highspy.HighsVarType.kInteger] * n + [highspy.HighsVarType.kContinuous] * m
    model.passModel(lp)
    guess = np.zeros(n + m)
    guess[column[np.flatnonzero(start & (column >= 0))]] = 1
    np.maximum.at(guess, n + row, guess[column[rows.client_site[live]]])
    given = highspy.HighsSolution()
    given.col_value = guess.tolist()
    model.setSolution(given)
    model.run()
    values = np.array(model.getSolution().col_value)
    info = model.getInfo()
    bound = base + float(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else np.inf
    if len(values) != n + m:
        return None, bound
    open_ = must.copy()
    open_[free_sites[values[:n] > 0.5]] = True
    spare = p - int(open_.sum())
    if spare > 0:
        open_[np.flatnonzero(~open_)[:spare]] = True
    return open_, bound


def _covered(rows: _Rows, open_: BoolArray) -> float:
    site_of = np.repeat(np.arange(rows.sites), np.diff(rows.site_start))
    hit = np.zeros(len(rows.weight), np.bool_)
    hit[rows.site_client[open_[site_of]]] = True
    return float(rows.weight[hit].sum())


def _rounded(bound: float, weight: FloatArray) -> float:
    """The bound, lowered to a whole number where all weights are whole."""
    return float(np.floor(bound + 1e-6)) if (weight == np.rint(weight)).all() else bound
