"""A thousand units on patrol as their terminals would tell it: along real roads, at rest now and then, with a receiver's errors.

Ten minutes of all units at a time, compiled, so that ten million fixes take seconds and no memory. A fix every five seconds at whole
seconds of the device; places to 1e-7 degrees with an error that drifts by metres, speeds in 0.1 km/h, whole degrees of heading, a
network delay that is different each time. All from a seed.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import Ground
from kuaijing.measures.instants import SECOND

EVERY_S = 5
STEPS = 120
COLUMNS = 9
"""As in ``store.history.columns``: measured, lon, lat, received, speed, heading, accuracy, flags, origin."""

Numbers = NDArray[np.int64]
Figures = NDArray[np.float64]


@dataclass
class Patrols:
    """Units on the roads of a ground; each call of ``ten_minutes`` goes on where the one before ended."""

    ground: Ground
    units: int
    seed: int

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        ground = self.ground
        self._usable = (np.asarray(ground.arc_access) & UNIT_CLASSES["car"]) != 0
        self._first = np.searchsorted(ground.arc_tail, np.arange(len(ground.node_lon) + 1))
        self._arc = rng.choice(np.flatnonzero(self._usable), self.units).astype(np.int64)
        self._moving = np.zeros(
            (self.units, 5)
        )  # metres along the arc, m/s, seconds of rest left, error east and north
        self._moving[:, 1] = rng.uniform(4, 12, self.units)
        self._phase = rng.integers(0, EVERY_S, self.units) * SECOND
        self._tells_accuracy = rng.random(self.units) < 0.3

    def ten_minutes(self, start: int) -> Numbers:
        """Fixes of all units from ``start`` on (a whole ten minutes), int64 (units, 9, 120)."""
        ground = self.ground
        found = np.empty((self.units, COLUMNS, STEPS), np.int64)
        _advance(
            np.asarray(ground.arc_head),
            self._first,
            np.asarray(ground.arc_twin),
            np.asarray(ground.arc_length_m),
            self._usable,
            np.asarray(ground.shape_start),
            np.asarray(ground.shape_lon),
            np.asarray(ground.shape_lat),
            self._arc,
            self._moving,
            self.seed + start // (EVERY_S * STEPS * SECOND) % (1 << 30),
            found,
        )
        rng = np.random.default_rng([self.seed, start])
        measured = start + self._phase[:, None] + np.arange(STEPS) * EVERY_S * SECOND
        found[:, 0] = measured
        found[:, 3] = measured + np.rint(150_000 + rng.lognormal(11.5, 0.8, (self.units, STEPS))).astype(np.int64)
        found[:, 6] = np.where(self._tells_accuracy[:, None], rng.integers(3, 13, (self.units, STEPS)) * 10, -1)
        found[:, 8] = np.arange(self.units)[:, None]
        return found


@njit(nogil=True, cache=True)
def _advance(
    arc_head: NDArray[np.int32],
    first: Numbers,
    twin: NDArray[np.int32],
    length: NDArray[np.float32],
    usable: NDArray[np.bool_],
    shape_start: Numbers,
    shape_lon: Figures,
    shape_lat: Figures,
    arcs: Numbers,
    moving: Figures,
    seed: int,
    found: Numbers,
) -> None:
    np.random.seed(seed)
    for unit in range(len(arcs)):
        arc = arcs[unit]
        along, speed, rest, east, north = moving[unit]
        for step in range(STEPS):
            if rest > 0:
                rest -= EVERY_S
            elif np.random.random() < 0.01:
                rest = np.random.exponential(240.0)
            driven = 0.0
            if rest <= 0:
                speed = min(17.0, max(2.0, speed + np.random.normal(0.0, 1.2)))
                driven = speed * EVERY_S
            along += driven
            while along > length[arc]:
                along -= length[arc]
                begin, end = first[arc_head[arc]], first[arc_head[arc] + 1]
                onward = -1
                for _ in range(8):
                    chosen = begin + int(np.random.random() * (end - begin))
                    if chosen < end and usable[chosen] and chosen != twin[arc]:
                        onward = chosen
                        break
                if onward < 0:
                    onward = twin[arc] if twin[arc] >= 0 and usable[twin[arc]] else arc
                arc = onward
            lon, lat, heading = _place(arc, along / max(1.0, length[arc]), shape_start, shape_lon, shape_lat)
            east = 0.95 * east + np.random.normal(0.0, 0.8)
            north = 0.95 * north + np.random.normal(0.0, 0.8)
            metre = 1 / 111_195.0
            found[unit, 1, step] = round((lon + east * metre / np.cos(np.radians(lat))) * 1e7)
            found[unit, 2, step] = round((lat + north * metre) * 1e7)
            told = round(speed * 36) if rest <= 0 else 0
            found[unit, 4, step] = round(told / 0.36)
            found[unit, 5, step] = (round(heading + np.random.normal(0.0, 2.0)) % 360) * 10
            found[unit, 7, step] = 2 if rest <= 0 else 3
        arcs[unit] = arc
        moving[unit, 0], moving[unit, 1], moving[unit, 2], moving[unit, 3], moving[unit, 4] = (
            along,
            speed,
            rest,
            east,
            north,
        )


@njit(nogil=True, cache=True)
def _place(
    arc: int, share: float, shape_start: Numbers, shape_lon: Figures, shape_lat: Figures
) -> tuple[float, float, float]:
    """Longitude, latitude and heading at a share of an arc's shape."""
    begin, end = shape_start[arc], shape_start[arc + 1]
    narrow = np.cos(np.radians(shape_lat[begin]))
    whole = 0.0
    for point in range(begin, end - 1):
        whole += np.hypot((shape_lon[point + 1] - shape_lon[point]) * narrow, shape_lat[point + 1] - shape_lat[point])
    left = whole * min(1.0, share)
    for point in range(begin, end - 1):
        over = (shape_lon[point + 1] - shape_lon[point]) * narrow
        up = shape_lat[point + 1] - shape_lat[point]
        piece = np.hypot(over, up)
        if piece >= left or point == end - 2:
            part = min(1.0, left / piece) if piece > 0 else 0.0
            return (
                shape_lon[point] + part * (shape_lon[point + 1] - shape_lon[point]),
                shape_lat[point] + part * up,
                np.degrees(np.arctan2(over, up)) % 360.0,
            )
        left -= piece
    return shape_lon[begin], shape_lat[begin], 0.0
