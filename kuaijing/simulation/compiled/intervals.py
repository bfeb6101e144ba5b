"""Figures with their intervals: Wilson's for a share of one run, Student's t over replications.

Calls of one run are not independent (a busy hour delays many), so with two replications or more the interval is Student's over the
replications' own figures; Wilson's of one run is given as such and is too narrow by what the calls have in common.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 95 % interval; NaN ends where one run cannot tell. ``met`` of ``of``: the counts behind a share, else -1."""

    value: float
    low: float
    high: float
    method: str
    """``wilson``, ``replications`` or ``none``."""
    met: int = -1
    of: int = -1


def wilson(met: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; (NaN, NaN) of nothing."""
    if of == 0:
        return math.nan, math.nan
    z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
    share, scale = met / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_of(values: ArrayLike) -> Figure:
    """Mean over replications with Student's interval."""
    known: NDArray[np.float64] = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if len(known) == 0:
        return Figure(math.nan, math.nan, math.nan, "none")
    mean = float(known.mean())
    if len(known) == 1:
        return Figure(mean, math.nan, math.nan, "none")
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(known) - 1) * known.std(ddof=1) / math.sqrt(len(known)))
    return Figure(mean, mean - half, mean + half, "replications")


def share_of(met: Sequence[int], of: Sequence[int]) -> Figure:
    """A share pooled over replications: Wilson's interval of one, the ratio estimator's Student interval of several."""
    hits, all_of = np.asarray(met, np.float64), np.asarray(of, np.float64)
    total, count = int(all_of.sum()), len(all_of)
    if total == 0:
        return Figure(math.nan, math.nan, math.nan, "none", 0, 0)
    share = float(hits.sum() / total)
    if count == 1:
        return Figure(share, *wilson(int(hits[0]), total), "wilson", int(hits[0]), total)
    residual = hits - share * all_of
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, count - 1))
    half *= math.sqrt(float((residual**2).sum()) / (count - 1) / count) / float(all_of.mean())
    if half == 0.0:  # every replication all or nothing: the counts still tell how sure that is
        return Figure(share, *wilson(int(hits.sum()), total), "wilson", int(hits.sum()), total)
    return Figure(share, max(0.0, share - half), min(1.0, share + half), "replications", int(hits.sum()), total)
