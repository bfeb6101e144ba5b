"""Beats around platforms that stay: each block goes to the platform that is nearest by road, crowded ones at a price.

The price of a platform rises while its beat has more than its share of the work (an auction in the manner of Bertsekas 1979), then every
beat is made one piece that holds its own platform, and border blocks are evened out.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kuaijing.studies.block_demand import BlockTravel, sum_by
from kuaijing.studies.blocks import Blocks, FloatArray, IntArray
from kuaijing.studies.refused import StudyRefused

_ROUNDS: Final = 60
_STEP: Final = 0.25
_FLIPS: Final = 5000


def around(
    blocks: Blocks, work: FloatArray, travel: BlockTravel, edges: IntArray, platforms: Sequence[tuple[float, float]]
) -> IntArray:
    """Beat of each block, numbered as the platforms; (blocks,). Raises ``StudyRefused`` where two platforms share a block."""
    k = len(platforms)
    home = blocks.of_points(np.array([lon for lon, _ in platforms]), np.array([lat for _, lat in platforms]))
    if len(np.unique(home)) < k:
        first, second = next((i, j) for i in range(k) for j in range(i + 1, k) if home[i] == home[j])
        lon, lat = platforms[first]
        raise StudyRefused(
            f"platforms {first + 1} and {second + 1} stand in one block, at {lon:.5f}, {lat:.5f}; a beat each needs a block each"
        )
    drive = np.stack([travel.seconds(*place) for place in platforms])
    price = np.zeros(k)
    best: tuple[float, IntArray] | None = None
    pairs = np.concatenate([edges, blocks.touching])
    for turn in range(_ROUNDS):
        labels = (drive + price[:, None]).argmin(axis=0).astype(np.int64)
        labels[home] = np.arange(k)
        labels = whole(labels, home, pairs, drive)
        load = sum_by(labels, work, k)
        over = load / load.mean() - 1
        if best is None or over.max() < best[0]:
            best = float(over.max()), labels
        if over.max() < 0.02:
            break
        price += _STEP * np.median(drive) * over / (1 + turn / 60)
    assert best is not None
    return evened(best[1], home, work, pairs)


def evened(labels: IntArray, home: IntArray, work: FloatArray, pairs: IntArray) -> IntArray:
    """Border blocks given over from fuller beats to emptier neighbours while that evens the work and tears no beat."""
    labels, k = labels.copy(), len(home)
    near: list[list[int]] = [[] for _ in labels]
    for one, other in np.unique(np.sort(pairs, axis=1), axis=0).tolist():
        near[one].append(other)
        near[other].append(one)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    movable = np.ones(len(labels), np.bool_)
    movable[home] = False
    load = sum_by(labels, work, k)
    for _ in range(_FLIPS):
        block, into = both[:, 0], labels[both[:, 1]]
        gap = load[labels[block]] - load[into]
        gain = 2 * work[block] * (gap - work[block])  # what the sum of squares falls by
        rows = np.flatnonzero((labels[block] != into) & movable[block] & (gain > 1e-9 * load.mean() ** 2))
        # of as much gain the block that lies deepest in the other beat goes first, so that borders stay short
        deep = np.bincount(block[rows] * k + into[rows], minlength=len(labels) * k)[block[rows] * k + into[rows]]
        pull = gain[rows] * deep / np.array([len(near[each]) for each in block[rows].tolist()])
        for row in rows[np.argsort(-pull, kind="stable")][:200].tolist():
            moved, to = int(block[row]), int(into[row])
            if _whole_without(moved, labels, near):
                load[labels[moved]] -= work[moved]
                load[to] += work[moved]
                labels[moved] = to
                break
        else:
            return labels
    return labels


def _whole_without(block: int, labels: IntArray, near: list[list[int]]) -> bool:
    """Whether the block's beat stays in one piece without it."""
    beat = labels[block]
    around_it = [each for each in near[block] if labels[each] == beat]
    if len(around_it) <= 1:
        return True
    seen, waiting, wanted = {around_it[0]}, [around_it[0]], set(around_it)
    while waiting and not wanted <= seen:
        for each in near[waiting.pop()]:
            if each != block and each not in seen and labels[each] == beat:
                seen.add(each)
                waiting.append(each)
    return wanted <= seen


def whole(labels: IntArray, home: IntArray, pairs: IntArray, drive: FloatArray) -> IntArray:
    """Every beat one piece around its home: blocks cut off from it go to the neighbouring beat that is nearest by road."""
    labels = labels.copy()
    count = len(labels)
    for _ in range(count):
        lost = np.flatnonzero(~_joined_to_home(labels, home, pairs))
        if not len(lost):
            break
        near = pairs[np.isin(pairs, lost).any(axis=1)]
        both = np.concatenate([near, near[:, ::-1]])
        held = np.ones(count, np.bool_)
        held[lost] = False
        both = both[~held[both[:, 0]] & held[both[:, 1]]]
        if not len(both):  # an island: it stays with whom it is
            break
        cost = drive[labels[both[:, 1]], both[:, 0]]
        for row in np.argsort(cost, kind="stable")[: max(1, len(both) // 4)].tolist():
            block, neighbour = both[row]
            if not held[block]:
                labels[block] = labels[neighbour]
                held[block] = True
    return labels


def _joined_to_home(labels: IntArray, home: IntArray, pairs: IntArray) -> NDArray[np.bool_]:
    inside = pairs[labels[pairs[:, 0]] == labels[pairs[:, 1]]]
    graph = sparse.coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=(len(labels),) * 2)
    _, part = connected_components(graph, directed=False)
    return np.asarray(part == part[home][labels], np.bool_)
