"""Positions as a story needs them: seconds since a morning, metres east and north of the test ground's origin."""

from kuaijing.measures.points import Point
from kuaijing.tracking import Fix
from tests.tracking.reporting_units import at, degrees


def fix(seconds: float, east: float = 0.0, north: float = 0.0, unit: str = "U1") -> Fix:
    lon, lat = degrees(east, north)
    return Fix(unit, lon, lat, at(seconds), at(seconds), None, None, None, "terminal", at_rest=False)


def point(east: float = 0.0, north: float = 0.0) -> Point:
    return Point(*degrees(east, north))
