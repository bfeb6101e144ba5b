"""Points on the ground: WGS-84 longitude and latitude in degrees, and distances between them in metres."""

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG)."""


class OutOfRange(ValueError):
    """A figure lies outside what is possible; the message names it, its value and the range."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84 degrees. Raises ``OutOfRange`` for what is no place on Earth (NaN and infinities included)."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not -180 <= self.lon <= 180:
            raise OutOfRange(f"longitude must be in [-180, 180] degrees, got {self.lon}")
        if not -90 <= self.lat <= 90:
            raise OutOfRange(f"latitude must be in [-90, 90] degrees, got {self.lat}")


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2) ** 2
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon)))
