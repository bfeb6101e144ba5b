"""Units that drive about: where each is second by second, along the roads that its class may use, from a seed."""

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import Ground

SPEED_MPS = 8.0
M_PER_DEG = 111_195.0

FloatArray = NDArray[np.float64]


def walks(ground: Ground, unit_classes: list[str], seconds: int, seed: int) -> FloatArray:
    """Longitude and latitude, shape ``(units, seconds, 2)``; at a junction any way on but back, back where there is no other."""
    rng = np.random.default_rng(seed)
    start = np.searchsorted(ground.arc_tail, np.arange(len(ground.node_lon) + 1))
    found = np.empty((len(unit_classes), seconds, 2))
    for row, unit_class in enumerate(unit_classes):
        usable = (np.asarray(ground.arc_access) & UNIT_CLASSES[unit_class]) != 0
        found[row] = _walk(ground, start, usable, seconds, rng)
    return found


def _walk(
    ground: Ground, start: NDArray[np.int64], usable: NDArray[np.bool_], seconds: int, rng: np.random.Generator
) -> FloatArray:
    arc = int(rng.choice(np.flatnonzero(usable)))
    points, travelled = [_shape(ground, arc)], 0.0
    while travelled < SPEED_MPS * (seconds + 1):
        node = int(ground.arc_head[arc])
        onward = np.arange(start[node], start[node + 1])
        onward = onward[usable[onward]]
        forward = onward[onward != ground.arc_twin[arc]]
        travelled += float(ground.arc_length_m[arc])
        if len(onward) == 0:
            break
        arc = int(rng.choice(forward if len(forward) else onward))
        points.append(_shape(ground, arc))
    line = np.concatenate(points)
    scale = np.array([np.cos(np.radians(line[0, 1])), 1.0]) * M_PER_DEG
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*(np.diff(line, axis=0) * scale).T))])
    at = np.arange(seconds) * SPEED_MPS
    return np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)


def _shape(ground: Ground, arc: int) -> FloatArray:
    first, last = int(ground.shape_start[arc]), int(ground.shape_start[arc + 1])
    return np.stack([ground.shape_lon[first:last], ground.shape_lat[first:last]], axis=1)
