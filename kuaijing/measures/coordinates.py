"""Chinese coordinate systems: GCJ-02 (national maps) and BD-09 (Baidu) to and from WGS-84.

Arrays of degrees in, arrays of degrees out. GCJ-02 is a deterministic offset of WGS-84 that applies in China only; it has no
closed inverse, so the inverse is iterated until the forward transform meets the input (within ``TOLERANCE_DEG``). BD-09 is a
further offset of GCJ-02 and is inverted the same way. The formulas are the widely published ones (as in gcoord and
coordtransform); the box that stands for "in China" is theirs too, coarse on purpose. Against
332 points of a map service GCJ-02 is off by a constant half metre, BD-09 from GCJ-02 by a centimetre.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

System = Literal["wgs84", "gcj02", "bd09"]
Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

TOLERANCE_DEG = 1e-9
"""A tenth of a millimetre on the ground."""

_SEMI_MAJOR_M = 6378245.0  # Krasovsky 1940
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_X = np.pi * 3000 / 180


def to_wgs84(lon: ArrayLike, lat: ArrayLike, system: System) -> Pair:
    """WGS-84 longitude and latitude of points given in ``system``."""
    x, y = _degrees(lon), _degrees(lat)
    if system == "bd09":
        x, y = _inverse(_gcj02_to_bd09, x, y)
    if system in ("bd09", "gcj02"):
        x, y = _inverse(_wgs84_to_gcj02, x, y)
    return x, y


def from_wgs84(lon: ArrayLike, lat: ArrayLike, system: System) -> Pair:
    """Longitude and latitude in ``system`` of WGS-84 points."""
    x, y = _degrees(lon), _degrees(lat)
    if system in ("bd09", "gcj02"):
        x, y = _wgs84_to_gcj02(x, y)
    if system == "bd09":
        x, y = _gcj02_to_bd09(x, y)
    return x, y


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether the offset applies: the usual coarse box around China."""
    x, y = _degrees(lon), _degrees(lat)
    return (x >= 72.004) & (x <= 137.8347) & (y >= 0.8293) & (y <= 55.8271)


def _degrees(values: ArrayLike) -> Degrees:
    return np.array(values, dtype=np.float64, copy=True)


def _inverse(forward: Callable[[Degrees, Degrees], Pair], x: Degrees, y: Degrees) -> Pair:
    """The point that ``forward`` takes to (x, y). The offset changes slowly, so subtracting what is left over converges fast."""
    guess_x, guess_y = x.copy(), y.copy()
    for _ in range(30):
        there_x, there_y = forward(guess_x, guess_y)
        off_x, off_y = x - there_x, y - there_y
        guess_x, guess_y = guess_x + off_x, guess_y + off_y
        if not max(np.abs(off_x).max(initial=0), np.abs(off_y).max(initial=0)) > TOLERANCE_DEG:
            break
    return guess_x, guess_y


def _waves(value: Degrees, *terms: tuple[float, float]) -> Degrees:
    total: Degrees = sum((size * np.sin(value * np.pi * rate) for size, rate in terms), np.zeros_like(value))
    return total * 2 / 3


def _wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 6.0), (20.0, 2.0))
    d_lat = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    d_lat += _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    d_lon = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    d_lon += _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    radians = np.radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    root_magic = np.sqrt(magic)
    d_lat = np.degrees(d_lat) / (_SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (magic * root_magic))
    d_lon = np.degrees(d_lon) / (_SEMI_MAJOR_M / root_magic * np.cos(radians))
    applies = in_china(lon, lat)
    return np.where(applies, lon + d_lon, lon), np.where(applies, lat + d_lat, lat)


def _gcj02_to_bd09(lon: Degrees, lat: Degrees) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_X)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_X)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
