"""Beats: the blocks of a city shared out among k platforms, in one piece each, even in work, along streets, water and railways.

The work of a block is its incidents times the minutes on the scene and on the road. The drive depends on where the platform of its
beat stands, and the platform on the beat: beats and platforms are decided in turn until neither improves. What a person drags
afterwards is measured by the same figures.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components

from kuaijing.planning import districts
from kuaijing.studies.around import around
from kuaijing.studies.block_demand import BlockDemand, BlockTravel, sum_by
from kuaijing.studies.blocks import Blocks, FloatArray, IntArray
from kuaijing.studies.refused import StudyRefused

_FLOOR: Final = 0.02
"""Share of the work that is spread by area: ground without incidents is patrolled too."""
_SMALL: Final = 0.5
"""A part of the city with less than this of a beat's work is no beat of its own: it joins its neighbour over a bridge."""
_CANDIDATES: Final = 24
"""Places for a platform that are tried in each beat."""
_ROUNDS: Final = 5

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class BeatCut:
    """One way to cut the city; ``b`` blocks, ``k`` beats."""

    labels: IntArray
    """Beat of each block, (b,)."""
    k: int
    platforms: FloatArray
    """Longitude and latitude of each beat's platform, (k, 2)."""
    work: FloatArray
    """Seconds of work an hour in each beat, drive included, (k,)."""
    drive_s: FloatArray
    """Mean drive from the platform to an incident of its beat, (k,)."""
    rounds: int
    """How often beats and platforms were decided in turn."""

    @property
    def balance(self) -> float:
        """Greatest work by the mean."""
        return float(self.work.max() / self.work.mean())


def cut_beats(
    blocks: Blocks,
    demand: BlockDemand,
    travel: BlockTravel,
    k: int,
    *,
    borders: IntArray | None = None,
    platforms: Sequence[tuple[float, float]] | None = None,
    seconds: float = 20.0,
    seed: int = 0,
    progress: Progress = lambda step, share: None,
) -> BeatCut:
    """Cut into ``k`` beats with a platform each.

    Parameters
    ----------
    borders
        A number per block, (b,): no beat spans two numbers (given borders of stations, say). None: no given border.
    platforms
        Longitude and latitude of ``k`` platforms that stay where they are; else they are placed with the beats.
    seconds
        Of the whole search; at least one cut is made.

    Raises
    ------
    StudyRefused
        ``k`` is below 1, above the number of blocks, or below the number of parts that given borders leave.
    """
    if not 1 <= k <= blocks.count:
        raise StudyRefused(f"beats must be 1 to {blocks.count} (the blocks of this city), got {k}")
    if platforms is not None and len(platforms) != k:
        raise StudyRefused(f"{len(platforms)} platforms for {k} beats; give one platform a beat")
    edges = _joined(blocks, _floored(demand.work, blocks), k, borders)
    work, best = _floored(demand.work, blocks), None
    for number in range(1, _ROUNDS + 1):
        progress("beats", (number - 1) / _ROUNDS)
        if platforms is not None:
            labels, places = around(blocks, work, travel, edges, platforms), np.array(platforms, np.float64)
        else:
            labels = districts(edges, work, k, xy=blocks.xy, seconds=seconds / _ROUNDS, seed=seed + number).labels
            places = _platforms(labels, blocks, demand, travel, k)
        cut = measured(labels, k, places, demand, travel)
        cut = replace(cut, rounds=number)
        if best is not None and _cost(cut, blocks) >= _cost(best, blocks) * 0.995:
            break
        best = cut
        drive = np.stack([travel.seconds(*place) for place in places])[cut.labels, np.arange(blocks.count)]
        work = _floored(demand.rate * (demand.handling_s + drive), blocks)
    assert best is not None
    return best


def measured(labels: IntArray, k: int, platforms: FloatArray, demand: BlockDemand, travel: BlockTravel) -> BeatCut:
    """The figures of any labels: of the search, or of a person's hand."""
    times = np.stack([travel.seconds(*place) for place in platforms.tolist()])
    drive = times[labels, np.arange(len(labels))]
    work = sum_by(labels, demand.rate * (demand.handling_s + drive), k)
    rate = sum_by(labels, demand.rate, k)
    mean = sum_by(labels, demand.rate * drive, k) / np.maximum(rate, 1e-300)
    return BeatCut(labels, k, platforms, work, mean, 0)


def moved(cut: BeatCut, block: int, beat: int, blocks: Blocks, demand: BlockDemand, travel: BlockTravel) -> BeatCut:
    """The cut with one block given to another beat. Raises ``StudyRefused`` where a beat would fall apart or vanish."""
    if not (0 <= block < blocks.count and 0 <= beat < cut.k):
        raise StudyRefused(f"block {block} to beat {beat}: there are {blocks.count} blocks and {cut.k} beats")
    source = int(cut.labels[block])
    if source == beat:
        return cut
    labels = cut.labels.copy()
    labels[block] = beat
    pairs = np.concatenate([blocks.touching, blocks.bridges])
    for each in (source, beat):
        before, after = _parts(pairs, cut.labels == each), _parts(pairs, labels == each)
        if not (labels == each).any() or after > max(before, 1):
            raise StudyRefused(
                f"with block {block} in beat {beat}, beat {each} would lie in {after} parts; give the blocks between too"
            )
    return replace(measured(labels, cut.k, cut.platforms, demand, travel), rounds=cut.rounds)


def _cost(cut: BeatCut, blocks: Blocks) -> float:
    """Greatest work of a beat, 2 % more for every 10 km of border: what the turns are to lower."""
    own = cut.labels[blocks.touching]
    border_km = float(blocks.touching_m[own[:, 0] != own[:, 1]].sum()) / 1000
    return float(cut.work.max()) * (1 + 0.002 * border_km)


def _floored(work: FloatArray, blocks: Blocks) -> FloatArray:
    area = shapely.area(blocks.shapes)
    total = work.sum() if work.sum() > 0 else 1.0
    return np.asarray((1 - _FLOOR) * work + _FLOOR * total * area / area.sum(), np.float64)


def _parts(pairs: IntArray, among: NDArray[np.bool_]) -> int:
    inside = pairs[among[pairs].all(axis=1)]
    graph = sparse.coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=(len(among), len(among)))
    _, of = connected_components(graph, directed=False)
    return len(np.unique(of[among]))


def _joined(blocks: Blocks, work: FloatArray, k: int, borders: IntArray | None) -> IntArray:
    """Neighbours, with small parts of the city joined to a neighbour: over a bridge, else along a border, else to the nearest."""
    edges = blocks.edges
    ways = [blocks.bridges, blocks.touching]
    if borders is not None:
        edges = edges[borders[edges[:, 0]] == borders[edges[:, 1]]]
        ways = [pairs[borders[pairs[:, 0]] == borders[pairs[:, 1]]] for pairs in ways]
    for _ in range(blocks.count):
        graph = sparse.coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(blocks.count,) * 2)
        count, of = connected_components(graph, directed=False)
        load = sum_by(of.astype(np.int64), work, count)
        order = np.argsort(load, kind="stable")
        small = [part for part in order.tolist() if load[part] < _SMALL * work.sum() / k or count > k]
        pair = next((found for part in small if (found := _way_out(part, of, ways, blocks, borders)) is not None), None)
        if pair is None:
            break
        edges = np.concatenate([edges, [pair]])
    graph = sparse.coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(blocks.count,) * 2)
    count, _ = connected_components(graph, directed=False)
    if count > k:
        raise StudyRefused(
            f"given borders leave {count} parts, more than {k} beats; ask for {count} beats or drop borders"
        )
    return edges


def _way_out(
    part: int, of: NDArray[np.int32], ways: list[IntArray], blocks: Blocks, borders: IntArray | None
) -> list[int] | None:
    for pairs in ways:
        leaving = pairs[(of[pairs[:, 0]] == part) != (of[pairs[:, 1]] == part)] if len(pairs) else pairs
        if len(leaving):
            return [int(each) for each in leaving[0]]
    inside = np.flatnonzero(of == part)
    others = np.flatnonzero(of != part)
    if borders is not None:
        others = others[borders[others] == borders[inside[0]]]
    if not len(others):
        return None
    gap = ((blocks.xy[inside][:, None] - blocks.xy[others][None]) ** 2).sum(axis=2)
    one, other = np.unravel_index(int(gap.argmin()), gap.shape)
    return sorted([int(inside[one]), int(others[other])])


def _platforms(labels: IntArray, blocks: Blocks, demand: BlockDemand, travel: BlockTravel, k: int) -> FloatArray:
    """A platform for each beat: the candidate in it with the least mean drive, longitude and latitude, (k, 2)."""
    places = np.empty((k, 2))
    lonlat = blocks.plane.degrees(blocks.xy)
    for beat in range(k):
        inside = np.flatnonzero(labels == beat)
        weight = demand.rate[inside] + 1e-12
        centre = np.average(blocks.xy[inside], axis=0, weights=weight)
        near = inside[np.argsort(((blocks.xy[inside] - centre) ** 2).sum(axis=1))[:_CANDIDATES]]
        drives = [float((weight * travel.seconds(*lonlat[each].tolist())[inside]).sum()) for each in near]
        places[beat] = lonlat[near[int(np.argmin(drives))]]
    return places


def match_today(labels: IntArray, k: int, today: IntArray, work: FloatArray) -> tuple[IntArray, float]:
    """Which of today's beats each new one goes on (-1: a new one), and the share of the work that changes its beat.

    ``today`` is today's beat of each block, -1 for none; pairs are matched for the most work that stays.
    """
    count = int(today.max()) + 1 if len(today) else 0
    stays = np.zeros((k, max(count, 1)))
    known = today >= 0
    np.add.at(stays, (labels[known], today[known]), work[known])
    rows, columns = linear_sum_assignment(-stays)
    goes_on = np.full(k, -1, np.int64)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if stays[row, column] > 0:
            goes_on[row] = column
    kept = sum(stays[row, column] for row, column in enumerate(goes_on.tolist()) if column >= 0)
    return goes_on, float(1 - kept / work.sum()) if math.isfinite(work.sum()) and work.sum() > 0 else 0.0
