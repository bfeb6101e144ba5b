"""The nearest street with a name: what a dispatcher can say aloud of a place in an alley that has none.

By the straight line to the drawn street, whoever may drive on it. Knows the ground only.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.ground import Ground
from kuaijing.measures.points import Point

WITHIN_M: Final = 250.0
_M_PER_DEG: Final = 111_195.0


class NamedStreets:
    """Finds the named street nearest to a place of one ground."""

    def __init__(self, ground: Ground) -> None:
        _, south, _, north = ground.bbox
        self._scale = np.array([_M_PER_DEG * np.cos(np.radians((south + north) / 2)), _M_PER_DEG])
        named = np.flatnonzero(ground.arc_name > 0)
        arcs = named[np.unique(ground.arc_street[named], return_index=True)[1]]  # a street and its reverse once
        self._names = [ground.names[name] for name in ground.arc_name[arcs].tolist()]
        self._tree = shapely.STRtree(self._lines(ground, arcs))

    def find(self, point: Point) -> str:
        """Its name; empty where none lies within 250 m."""
        here = shapely.Point(np.array([point.lon, point.lat]) * self._scale)
        found = self._tree.query_nearest(here, max_distance=WITHIN_M, all_matches=False)
        return self._names[int(found[0])] if len(found) else ""

    def _lines(self, ground: Ground, arcs: NDArray[np.int64]) -> NDArray[np.object_]:
        start, count = ground.shape_start[arcs], np.diff(ground.shape_start)[arcs]
        line = np.repeat(np.arange(len(arcs)), count)
        within = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
        points = np.repeat(start, count) + within
        metres = np.stack((ground.shape_lon[points], ground.shape_lat[points]), axis=1) * self._scale
        return np.asarray(shapely.linestrings(metres, indices=line))
