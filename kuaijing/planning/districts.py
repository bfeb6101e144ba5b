"""Cut cells into ``k`` connected districts of even workload with short borders.

Seeds by weighted k-means, grown to whole districts, then annealed by flips of border cells, several starts within the time given.
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kuaijing.planning.checks import site_count, time_budget, weights_of
from kuaijing.planning.errors import Disconnected, NotANumber, OutOfRange, ShapeMismatch
from kuaijing.planning.flips import anneal, grow

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BALANCE = 1.015
"""Max/mean workload that a start must come to before shorter borders count more."""
_STARTS = 12
_PROPOSALS_PER_CELL = 4000
_SLACK = 0.006
_WEIGHT = 25_000.0


@dataclass(frozen=True, slots=True)
class DistrictsResult:
    """``labels`` 0 to k-1 of each cell; ``balance``: greatest workload over the mean; ``cut_edges``: edges between districts."""

    labels: IntArray
    balance: float
    cut_edges: int


def districts(
    edges: npt.ArrayLike, workload: npt.ArrayLike, k: int, *, xy: npt.ArrayLike, seconds: float = 5.0, seed: int = 0
) -> DistrictsResult:
    """Connected, balanced, compact districts.

    Parameters
    ----------
    edges
        Pairs of neighbouring cells, int ``(m, 2)``.
    workload
        Of each cell, ``(cells,)``, >= 0, in total > 0.
    k
        Number of districts, 1 to ``cells``; at least the number of separate pieces of the adjacency, each of which gets districts
        of its own in proportion to its workload.
    xy
        Cell centres in metres, ``(cells, 2)``.
    seconds, seed
        Cap of the search (0: the first cut, unimproved) and its seed.

    Raises
    ------
    ShapeMismatch, NotANumber, OutOfRange
        The input is malformed, or the workload is zero everywhere.
    Disconnected
        The adjacency has more pieces than ``k``.
    """
    until = time.monotonic() + time_budget(seconds)
    points = np.ascontiguousarray(xy, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ShapeMismatch(f"xy must have shape (cells, 2), got {points.shape}")
    if not np.isfinite(points).all():
        raise NotANumber(f"xy holds {int((~np.isfinite(points)).any(axis=1).sum())} cells that are not finite")
    load = weights_of(workload, len(points), "workload")
    if load.sum() <= 0:
        raise OutOfRange("workload is zero everywhere: nothing to balance; give at least one cell a workload > 0")
    k = site_count(k, len(points))
    start, near = _neighbours(edges, len(points))
    shares = _shares(start, near, load, k)
    chance = np.random.default_rng(seed)
    best: DistrictsResult | None = None
    for _ in range(_STARTS):
        labels = _first(start, near, load, points, shares, chance)
        for proposals, hot in _schedule(len(points), until):
            anneal(start, near, load, labels, k, proposals, hot, 0.05, _WEIGHT, _SLACK, int(chance.integers(2**31)))
            if time.monotonic() >= until:
                break
        found = _measured(labels, start, near, load, k)
        best = found if best is None or _key(found) < _key(best) else best
        if time.monotonic() >= until or k == 1:
            break
    assert best is not None
    return best


def _schedule(cells: int, until: float) -> list[tuple[int, float]]:
    """Proposals in slices of about a tenth of a second, so that the cap holds; temperatures go down over the slices."""
    if time.monotonic() >= until:
        return []
    total, piece = cells * _PROPOSALS_PER_CELL, 400_000
    slices = max(1, total // piece)
    return [(min(piece, total), 3.0 * 0.05 ** (i / slices)) for i in range(slices)]


def _neighbours(edges: npt.ArrayLike, cells: int) -> tuple[IntArray, IntArray]:
    pairs = np.asarray(edges)
    if pairs.size == 0:
        pairs = np.zeros((0, 2), np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise ShapeMismatch(f"edges must be whole numbers of shape (m, 2), got {pairs.dtype} {pairs.shape}")
    bad = np.flatnonzero((pairs < 0).any(axis=1) | (pairs >= cells).any(axis=1))
    if len(bad):
        raise OutOfRange(f"edge {bad[0]} joins {pairs[bad[0]].tolist()}, but cells are numbered 0 to {cells - 1}")
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0).astype(np.int64)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    return np.searchsorted(both[:, 0], np.arange(cells + 1)).astype(np.int64), np.ascontiguousarray(both[:, 1])


def _shares(start: IntArray, near: IntArray, load: FloatArray, k: int) -> list[tuple[IntArray, int]]:
    """Cells of each separate piece and how many districts it gets (largest remainder of its workload, at least one)."""
    cells = len(load)
    graph = coo_array((np.ones(len(near)), (np.repeat(np.arange(cells), np.diff(start)), near)), shape=(cells, cells))
    pieces, of = connected_components(graph, directed=False)
    if pieces > k:
        raise Disconnected(
            f"the adjacency falls into {pieces} separate pieces, more than k = {k}: join them or raise k"
        )
    members = [np.flatnonzero(of == piece) for piece in range(pieces)]
    counts = np.ones(pieces, np.int64)
    for _ in range(k - pieces):
        room = np.array([len(m) for m in members]) > counts
        per = np.array([load[m].sum() for m in members]) / counts
        counts[int(np.argmax(np.where(room, per, -1)))] += 1
    return list(zip(members, counts.tolist(), strict=True))


def _first(
    start: IntArray,
    near: IntArray,
    load: FloatArray,
    xy: FloatArray,
    shares: list[tuple[IntArray, int]],
    chance: np.random.Generator,
) -> IntArray:
    seeds = np.concatenate([cells[_means(xy[cells], load[cells], count, chance)] for cells, count in shares])
    labels = np.empty(len(load), np.int64)
    grow(start, near, load, seeds.astype(np.int64), labels)
    return labels


def _means(xy: FloatArray, load: FloatArray, k: int, chance: np.random.Generator) -> IntArray:
    """Cells nearest to the centres of a workload-weighted k-means (k-means++ start); distinct."""
    weight = load + load.mean() * 0.05 + 1e-12
    chosen = [int(chance.choice(len(xy), p=weight / weight.sum()))]
    gap = ((xy - xy[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < k:
        odds = gap * weight
        if odds.sum() <= 0:
            odds = np.ones(len(xy))
            odds[chosen] = 0
        chosen.append(int(chance.choice(len(xy), p=odds / odds.sum())))
        gap = np.minimum(gap, ((xy - xy[chosen[-1]]) ** 2).sum(axis=1))
    centres = xy[chosen]
    for _ in range(20):
        owner = ((xy[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        mass = np.bincount(owner, weights=weight, minlength=k)
        for axis in (0, 1):
            sums = np.bincount(owner, weights=weight * xy[:, axis], minlength=k)
            centres[:, axis] = np.where(mass > 0, sums / np.maximum(mass, 1e-300), centres[:, axis])
    taken: list[int] = []
    for centre in centres:
        order = np.argsort(((xy - centre) ** 2).sum(axis=1), kind="stable")
        taken.append(next(int(c) for c in order if int(c) not in taken))
    return np.array(taken, dtype=np.int64)


def _measured(labels: IntArray, start: IntArray, near: IntArray, load: FloatArray, k: int) -> DistrictsResult:
    sums = np.bincount(labels, weights=load, minlength=k)
    own = np.repeat(labels, np.diff(start))
    return DistrictsResult(labels.copy(), float(sums.max() / sums.mean()), int((own != labels[near]).sum()) // 2)


def _key(found: DistrictsResult) -> tuple[float, int]:
    return max(found.balance, BALANCE), found.cut_edges
