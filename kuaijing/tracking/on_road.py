"""Fixes onto the road, a batch at a time: the nearest street by position and heading, but steady from fix to fix.

A unit that was on a road stays on it, or on one that begins where it ends, unless another street suits its position and heading
better by more than ``stay_m``: so a vehicle under a bridge does not hop onto it, and one beside a parallel road does not flicker.
The score is ``routing.snap``'s: metres plus 20 m x (1 - cos of the angle to the heading).
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.routing.network import Network

HEADING_M = 20.0
_M_PER_DEG = 111_195.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class OnRoad:
    """One row a fix: ``arc`` int32 (-1 off the roads), ``fraction`` and ``off_road_m`` float64, ``both`` bool."""

    arc: Ints
    fraction: Floats
    off_road_m: Floats
    both: Bools


@njit(cache=True, nogil=True)
def _foot_on_arc(shape_lon, shape_lat, first, last, lon, lat, heading):  # type: ignore[no-untyped-def]
    """Score, metres and fraction of the best place on one arc."""
    k_lon = _M_PER_DEG * math.cos(math.radians(lat))
    whole, at_best, metres_best, score_best = 0.0, 0.0, np.inf, np.inf
    for i in range(first, last - 1):
        x_1, y_1 = (shape_lon[i] - lon) * k_lon, (shape_lat[i] - lat) * _M_PER_DEG
        x_2, y_2 = (shape_lon[i + 1] - lon) * k_lon, (shape_lat[i + 1] - lat) * _M_PER_DEG
        d_x, d_y = x_2 - x_1, y_2 - y_1
        long = math.hypot(d_x, d_y)
        at = min(1.0, max(0.0, -(x_1 * d_x + y_1 * d_y) / (long * long))) if long > 0 else 0.0
        metres = math.hypot(x_1 + at * d_x, y_1 + at * d_y)
        score = metres
        if not math.isnan(heading) and long > 0:
            score += HEADING_M * (1.0 - math.cos(math.radians(heading) - math.atan2(d_x, d_y)))
        if score < score_best:
            score_best, metres_best, at_best = score, metres, whole + at * long
        whole += long
    return score_best, metres_best, at_best / whole if whole > 0 else 0.0


@njit(cache=True, nogil=True)
def _steady(  # type: ignore[no-untyped-def]
    lon, lat, heading, at_rest, before_arc, before_row, bit, stay, within,
    arc_tail, arc_head, arc_access, arc_twin, shape_start, shape_lon, shape_lat, arc, fraction, metres, both,
):  # fmt: skip
    for i in range(len(lon)):
        before = arc[before_row[i]] if before_row[i] >= 0 else before_arc[i]
        if before >= 0 and arc_access[before] & bit:
            best, best_score, best_metres, best_fraction = -1, np.inf, 0.0, 0.0
            head = arc_head[before]
            first = np.searchsorted(arc_tail, head)
            candidate, following = before, first - 1
            while True:
                usable = (arc_access[candidate] & bit) != 0 and (candidate != arc_twin[before] or at_rest[i])
                if usable:
                    low, high = shape_start[candidate], shape_start[candidate + 1]
                    score, off, at = _foot_on_arc(shape_lon, shape_lat, low, high, lon[i], lat[i], heading[i])
                    if score < best_score:
                        best, best_score, best_metres, best_fraction = candidate, score, off, at
                following += 1
                if following >= len(arc_tail) or arc_tail[following] != head:
                    break
                candidate = following
            nearest_score = np.inf
            if arc[i] >= 0:
                low, high = shape_start[arc[i]], shape_start[arc[i] + 1]
                nearest_score = _foot_on_arc(shape_lon, shape_lat, low, high, lon[i], lat[i], heading[i])[0]
            if best >= 0 and best_metres <= within and best_score <= nearest_score + stay:
                arc[i], metres[i], fraction[i] = best, best_metres, best_fraction
        if arc[i] >= 0:
            twin = arc_twin[arc[i]]
            unsure = at_rest[i] or math.isnan(heading[i])
            both[i] = unsure and twin >= 0 and (arc_access[twin] & bit) != 0


class RoadMatcher:
    """Puts fixes on one city's roads."""

    def __init__(self, network: Network, *, within_m: float, stay_m: float) -> None:
        self._network, self._within_m, self._stay_m = network, within_m, stay_m
        ground = network.ground
        self._arrays = (
            np.asarray(ground.arc_tail), np.asarray(ground.arc_head), np.asarray(ground.arc_access),
            np.asarray(ground.arc_twin), np.asarray(ground.shape_start), np.asarray(ground.shape_lon),
            np.asarray(ground.shape_lat),
        )  # fmt: skip

    def match(
        self,
        unit_class: str,
        lon: Floats,
        lat: Floats,
        heading_deg: Floats,
        at_rest: Bools,
        before_arc: Ints,
        before_row: Ints,
    ) -> OnRoad:
        """Rows in time order. ``before_arc`` is where the unit was (-1 unknown); ``before_row`` its earlier row here, else -1."""
        count = len(lon)
        if unit_class not in UNIT_CLASSES:  # a drone follows no road
            nothing = np.zeros(count)
            return OnRoad(np.full(count, -1, np.int32), nothing, nothing.copy(), np.ones(count, np.bool_))
        snaps = self._network.snap_many(lon, lat, unit_class, heading_deg, at_rest=at_rest, within_m=self._within_m)
        arc = np.array(snaps.arc)
        fraction, metres, both = (
            snaps.fraction.astype(np.float64),
            snaps.off_road_m.astype(np.float64),
            np.array(snaps.both),
        )
        _steady(
            lon, lat, heading_deg, at_rest, before_arc, before_row, UNIT_CLASSES[unit_class], self._stay_m, self._within_m,
            *self._arrays, arc, fraction, metres, both,
        )  # fmt: skip
        return OnRoad(arc, fraction, metres, both)
