"""Where incidents gather: kernel density to look at, Getis-Ord Gi* to be sure.

Counts per cell of a grid in, figures per cell out; what lies in the cells is not known here. Sources: Silverman (1986) for the
density; Ord and Getis (1995), Geographical Analysis 27(4), 286-306 for Gi*; Caldas de Castro and Singer (2006), Geographical
Analysis 38(2), 180-208 for holding the share of false discoveries, since thousands of cells are tested at once. The chance of a
score is read from a Pearson type III law with the skewness of a Poisson sum, instead of the paper's normal one.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, stats

from kuaijing.demand.grid import FloatArray, Grid
from kuaijing.demand.refused import DemandError
from kuaijing.measures.points import EARTH_RADIUS_M


@dataclass(frozen=True, slots=True, eq=False)
class HotSpots:
    """Gi* of every cell, shape (grid.cells,) each."""

    z: FloatArray
    """Standard scores; NaN outside the studied cells."""
    p: FloatArray
    """One-sided chance of so high a sum by accident; NaN outside."""
    hot: NDArray[np.bool_]
    """Cells that stand out though ``false_share`` of such findings at most is accident."""
    radius_m: float
    false_share: float


def cell_metres(grid: Grid) -> float:
    """Side of the grid's cells, metres."""
    return math.radians(grid.lat_step) * EARTH_RADIUS_M


def kernel_density(lon: FloatArray, lat: FloatArray, grid: Grid, *, bandwidth_m: float = 300.0) -> FloatArray:
    """Incidents per square kilometre under a Gaussian of ``bandwidth_m``, float64 (grid.cells,).

    What the kernel carries over the border of the grid is lost, as it is in the street.

    Raises
    ------
    DemandError
        ``bandwidth_m`` is not above 0.
    """
    if not bandwidth_m > 0:
        raise DemandError(f"bandwidth_m must be above 0 metres, got {bandwidth_m}")
    cell = grid.cells_of(lon, lat)
    side = cell_metres(grid)
    counts = np.bincount(cell[cell >= 0], minlength=grid.cells).astype(np.float64)
    spread = ndimage.gaussian_filter(
        counts.reshape(grid.rows, grid.columns), bandwidth_m / side, mode="constant", truncate=4.0
    )
    return np.asarray(spread.ravel() / (side / 1000) ** 2, np.float64)


def getis_ord(
    count: FloatArray, grid: Grid, studied: NDArray[np.bool_], *, radius_m: float = 400.0, false_share: float = 0.05
) -> HotSpots:
    """Gi* with binary weights within ``radius_m``, the cell itself included.

    Parameters
    ----------
    count
        Incidents per cell, shape ``(grid.cells,)``, >= 0.
    studied
        Cells that could have incidents (those with a street), shape ``(grid.cells,)``; the others are neither zero nor hot.
    radius_m, false_share
        Neighbourhood, and the share of false findings that is borne (Benjamini-Hochberg), in (0, 1).

    Raises
    ------
    DemandError
        Shapes differ, fewer than 10 cells are studied, or a figure is out of its range.
    """
    _check(count, grid, studied, radius_m, false_share)
    n = int(studied.sum())
    values = np.where(studied, count, 0.0)
    mean = values.sum() / n
    spread = math.sqrt(max(0.0, (values**2).sum() / n - mean**2))
    z, p = np.full(grid.cells, np.nan), np.full(grid.cells, np.nan)
    if spread == 0:  # the same everywhere: nothing stands out
        z[studied], p[studied] = 0.0, 0.5
        return HotSpots(z, p, np.zeros(grid.cells, np.bool_), radius_m, false_share)
    kernel = _disc(radius_m / cell_metres(grid))
    shape = (grid.rows, grid.columns)
    near = ndimage.convolve(values.reshape(shape), kernel, mode="constant").ravel()
    weights = ndimage.convolve(studied.reshape(shape).astype(np.float64), kernel, mode="constant").ravel()
    # with binary weights the sum of squared weights is the sum of weights
    scale = spread * np.sqrt(np.maximum((n * weights - weights**2) / (n - 1), 1e-12))
    z[studied] = ((near - mean * weights) / scale)[studied]
    # counts lean to the right, and so do sums of few of them: a normal law would call too much of that hot
    p[studied] = stats.pearson3.sf(z[studied], 1 / np.sqrt(mean * np.maximum(weights[studied], 1.0)))
    hot = np.zeros(grid.cells, np.bool_)
    hot[studied] = _discoveries(p[studied], false_share)
    return HotSpots(z, p, hot, radius_m, false_share)


def peaks(hot: NDArray[np.bool_], count: FloatArray, grid: Grid, *, apart_m: float = 500.0) -> list[NDArray[np.int64]]:
    """Hot cells parted among their peaks: cells of each, the busiest peak first.

    A peak is a hot cell that no other within ``apart_m`` exceeds once counts are spread a little; every other hot cell goes to the
    nearest peak of its own connected area. A busy centre is so told as its several corners instead of as one large blot.
    """
    shape = (grid.rows, grid.columns)
    smooth = ndimage.gaussian_filter(count.reshape(shape), 0.7, mode="constant")
    within = np.where(hot.reshape(shape), smooth, -1.0)
    near = _disc(apart_m / cell_metres(grid)) > 0
    top = (within >= 0) & (within == ndimage.maximum_filter(within, footprint=near, mode="constant", cval=-1.0))
    label, _ = ndimage.label(hot.reshape(shape), structure=np.ones((3, 3)))
    tops, cells = np.argwhere(top), np.argwhere(hot.reshape(shape))
    far = np.hypot(*(cells[:, None, axis] - tops[None, :, axis] for axis in (0, 1)))
    far[label[tuple(cells.T)][:, None] != label[tuple(tops.T)][None, :]] = np.inf
    owner = far.argmin(axis=1)
    owner[~np.isfinite(far.min(axis=1))] = -1
    flat = cells[:, 0] * grid.columns + cells[:, 1]
    lonely = [
        flat[(owner == -1) & (label[tuple(cells.T)] == each)] for each in np.unique(label[tuple(cells.T)][owner == -1])
    ]
    parted = [flat[owner == each] for each in range(len(tops))] + lonely
    return sorted((one for one in parted if len(one)), key=lambda one: -float(count[one].sum()))


def _check(count: FloatArray, grid: Grid, studied: NDArray[np.bool_], radius_m: float, false_share: float) -> None:
    if count.shape != (grid.cells,) or studied.shape != (grid.cells,):
        raise DemandError(f"count is {count.shape}, studied is {studied.shape}; wanted ({grid.cells},) each")
    if not (np.isfinite(count) & (count >= 0)).all():
        raise DemandError("count holds a negative or no number; counts are 0 or more")
    if studied.sum() < 10:
        raise DemandError(f"{int(studied.sum())} cells are studied; at least 10 are needed to say that one stands out")
    if not radius_m > 0 or not 0 < false_share < 1:
        raise DemandError(f"radius_m must be above 0 and false_share in (0, 1), got {radius_m} and {false_share}")


def _disc(radius: float) -> FloatArray:
    reach = max(1, math.floor(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(np.hypot(x, y) <= max(radius, 1.0), np.float64)


def _discoveries(p: FloatArray, false_share: float) -> NDArray[np.bool_]:
    """Benjamini and Hochberg (1995): the most findings of which ``false_share`` at most is expected to be false."""
    order = np.argsort(p)
    allowed = false_share * np.arange(1, len(p) + 1) / len(p)
    passed = np.flatnonzero(p[order] <= allowed)
    found = np.zeros(len(p), np.bool_)
    if len(passed):
        found[order[: passed[-1] + 1]] = True
    return found
