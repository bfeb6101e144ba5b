"""Drones fly straight: a time from distance and cruising speed alone. No wind, no obstacles, no forbidden airspace."""

import math

import numpy as np

from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.routing.arrays import FloatArray, IntArray
from kuaijing.routing.profile import Profile


def flight_milliseconds(profile: Profile, lon: FloatArray, lat: FloatArray, to_lon: float, to_lat: float) -> IntArray:
    """Milliseconds in a straight line from each place to one, int32, at the profile's ``drone_kmh``."""
    half_lat = np.sin(np.radians(to_lat - lat) / 2) ** 2
    half_lon = np.sin(np.radians(to_lon - lon) / 2) ** 2
    haversine = half_lat + np.cos(np.radians(lat)) * math.cos(math.radians(to_lat)) * half_lon
    metres = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, haversine)))
    milliseconds: IntArray = np.rint(metres / (profile.drone_kmh / 3.6) * 1000).astype(np.int32)
    return milliseconds
