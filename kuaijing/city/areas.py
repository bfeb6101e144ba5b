"""The part of a source that is wanted: a box or a polygon in WGS-84, and how lines are cut to it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.refused import ImportRefused

Line = list[tuple[int, float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """Wanted area; ``polygon`` is ``None`` for a plain box."""

    west: float
    south: float
    east: float
    north: float
    polygon: Any = None

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return self.west, self.south, self.east, self.north

    def holds(self, lon: float, lat: float) -> bool:
        """Whether the point is in the area."""
        if not (self.west <= lon <= self.east and self.south <= lat <= self.north):
            return False
        return self.polygon is None or bool(shapely.intersects_xy(self.polygon, lon, lat))

    def holds_many(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each point is in the area."""
        inside: NDArray[np.bool_] = (lon >= self.west) & (lon <= self.east) & (lat >= self.south) & (lat <= self.north)
        if self.polygon is not None and inside.any():
            inside &= shapely.intersects_xy(self.polygon, lon, lat)
        return inside

    def cut(self, line: Line) -> list[Line]:
        """Runs of ``line`` inside the area, each with the one point beyond the edge that completes its last segment."""
        lon = np.array([point[1] for point in line])
        lat = np.array([point[2] for point in line])
        inside = self.holds_many(lon, lat)
        if inside.all():
            return [line]
        if not inside.any():
            return []
        segment = inside[:-1] | inside[1:]
        edges = np.flatnonzero(np.diff(np.concatenate(([False], segment, [False])).astype(np.int8)))
        return [line[begin : end + 1] for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def area_of_bbox(bbox: tuple[float, float, float, float]) -> Area:
    """Area of ``west, south, east, north``. Raises ``ImportRefused`` where that is no box on Earth."""
    west, south, east, north = bbox
    if not all(np.isfinite(bbox)) or not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        text = ",".join(f"{value:g}" for value in bbox)
        raise ImportRefused(
            f"--bbox {text} is no box; give west,south,east,north in degrees with west < east, south < north"
        )
    return Area(west, south, east, north)


def area_of_polygon(polygon: Any) -> Area:
    """Area of a shapely polygon or multipolygon."""
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    return Area(west, south, east, north, polygon)
