"""Which way an arc points where it begins and where it ends, and what kind of turn joins two arcs.

Bearings are degrees clockwise from north. A turn is the change of bearing, in (-180, 180], right positive.
"""

import math

import numpy as np

from kuaijing.routing.arrays import AnyArray, SingleArray
from kuaijing.routing.compiled import compiled

STRAIGHT, RIGHT, LEFT, SHARP_RIGHT, SHARP_LEFT, U_TURN = range(6)

STRAIGHT_DEG = 30.0
SHARP_DEG = 120.0


@compiled
def bearing(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Degrees from north of the way from a to b, on the plane that touches a: exact enough within one road."""
    east = (lon_b - lon_a) * math.cos(math.radians(lat_a))
    return math.degrees(math.atan2(east, lat_b - lat_a)) % 360.0


@compiled
def turn_angle(before: float, after: float) -> float:
    """Change of bearing in (-180, 180], right positive."""
    angle = (after - before) % 360.0
    return angle - 360.0 if angle > 180.0 else angle


@compiled
def turn_kind(angle: float) -> int:
    """STRAIGHT, RIGHT, LEFT, SHARP_RIGHT or SHARP_LEFT. A U-turn is a matter of which arc follows, not of the angle."""
    if abs(angle) < STRAIGHT_DEG:
        return STRAIGHT
    if abs(angle) < SHARP_DEG:
        return RIGHT if angle > 0 else LEFT
    return SHARP_RIGHT if angle > 0 else SHARP_LEFT


@compiled
def _end_bearings(shape_start: AnyArray, lon: AnyArray, lat: AnyArray, first: AnyArray, last: AnyArray) -> None:
    for arc in range(len(shape_start) - 1):
        low, high = shape_start[arc], shape_start[arc + 1] - 1
        i = low + 1
        while i < high and lon[i] == lon[low] and lat[i] == lat[low]:
            i += 1
        first[arc] = bearing(lon[low], lat[low], lon[i], lat[i])
        i = high - 1
        while i > low and lon[i] == lon[high] and lat[i] == lat[high]:
            i -= 1
        last[arc] = bearing(lon[i], lat[i], lon[high], lat[high])


def end_bearings(shape_start: AnyArray, shape_lon: AnyArray, shape_lat: AnyArray) -> tuple[SingleArray, SingleArray]:
    """Bearing of each arc where it begins and where it ends, float32 ``(arcs,)`` each."""
    count = len(shape_start) - 1
    first, last = np.empty(count, np.float32), np.empty(count, np.float32)
    _end_bearings(np.array(shape_start), np.array(shape_lon), np.array(shape_lat), first, last)
    return first, last
