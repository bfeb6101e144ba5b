"""Whether one incident is followed by others near it soon after, more than chance would have it: the Knox test.

Pairs near in space and in time are counted and compared with what remains when the times are shuffled among the places, which
keeps where and when incidents happen and breaks only what joins them. Sources: Knox (1964), Applied Statistics 13(1), 25-30;
Johnson et al. (2007), Journal of Quantitative Criminology 23, 201-219 for the bands and the permutations.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kuaijing.demand.grid import FloatArray
from kuaijing.demand.refused import DemandError
from kuaijing.measures.instants import SECOND

_DAY: Final = 86_400 * SECOND
_MOST_PAIRS: Final = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class NearRepeat:
    """Observed and expected pairs by band, shape (distances, times) each."""

    distance_m: tuple[float, ...]
    """Upper ends of the distance bands."""
    days: tuple[float, ...]
    """Upper ends of the time bands."""
    observed: NDArray[np.int64]
    expected: FloatArray
    """Mean over the permutations."""
    p: FloatArray
    """Share of permutations (and the data) with at least as many pairs."""

    @property
    def ratio(self) -> FloatArray:
        """Observed by expected; NaN where nothing is expected."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(self.expected > 0, self.observed / self.expected, np.nan), np.float64)

    @property
    def shown(self) -> bool:
        """Whether the data shows it: the nearest and soonest band a fifth above chance, at one in twenty."""
        return bool(self.p[0, 0] <= 0.05 and self.ratio[0, 0] >= 1.2)


def near_repeat(
    x_m: FloatArray,
    y_m: FloatArray,
    at: NDArray[np.int64],
    *,
    distance_m: tuple[float, ...] = (100.0, 200.0, 400.0),
    days: tuple[float, ...] = (3.0, 7.0, 14.0),
    permutations: int = 99,
    seed: int = 0,
) -> NearRepeat:
    """The Knox test in bands of distance and time.

    Parameters
    ----------
    x_m, y_m, at
        Places in metres on a plane and times in microseconds, shape ``(n,)`` each.
    distance_m, days
        Upper ends of the bands, ascending.
    permutations
        How often the times are shuffled; 99 resolve p to 0.01.

    Raises
    ------
    DemandError
        Shapes differ, bands do not ascend, or so many incidents share a place that the pairs cannot be held.
    """
    if not len(x_m) == len(y_m) == len(at):
        raise DemandError(f"x_m, y_m and at differ in length: {len(x_m)}, {len(y_m)}, {len(at)}")
    for name, bands in (("distance_m", distance_m), ("days", days)):
        if not bands or list(bands) != sorted(set(bands)) or bands[0] <= 0:
            raise DemandError(f"{name} must ascend from above 0, got {bands}")
    if permutations < 19:
        raise DemandError(f"permutations must be 19 or more to speak of one in twenty, got {permutations}")
    first, second, band = _pairs(x_m, y_m, distance_m)
    ends = np.asarray(days) * _DAY
    shape = (len(distance_m), len(days))
    observed = _counts(at, first, second, band, ends, shape)
    random = np.random.default_rng(seed)
    total, above = np.zeros(shape), np.zeros(shape)
    for _ in range(permutations):
        drawn = _counts(random.permutation(at), first, second, band, ends, shape)
        total += drawn
        above += drawn >= observed
    return NearRepeat(distance_m, days, observed, total / permutations, (above + 1) / (permutations + 1))


def _pairs(
    x_m: FloatArray, y_m: FloatArray, distance_m: tuple[float, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pairs within the last band, each once, with the band of its distance."""
    tree = cKDTree(np.column_stack([x_m, y_m]))
    expected = tree.count_neighbors(tree, distance_m[-1])
    if expected > 2 * _MOST_PAIRS:
        raise DemandError(
            f"{expected // 2:,} pairs lie within {distance_m[-1]:g} m, at most {_MOST_PAIRS:,}; give one kind, a shorter "
            "period or smaller distances"
        )
    pairs = tree.query_pairs(distance_m[-1], output_type="ndarray").astype(np.int64)
    apart = np.hypot(x_m[pairs[:, 0]] - x_m[pairs[:, 1]], y_m[pairs[:, 0]] - y_m[pairs[:, 1]])
    return pairs[:, 0], pairs[:, 1], np.searchsorted(np.asarray(distance_m), apart)


def _counts(
    at: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    band: NDArray[np.int64],
    ends: FloatArray,
    shape: tuple[int, int],
) -> NDArray[np.int64]:
    between = np.searchsorted(ends, np.abs(at[first] - at[second]))
    inside = between < shape[1]
    flat = band[inside] * shape[1] + between[inside]
    return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)
