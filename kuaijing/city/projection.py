"""Brings a source's coordinates to WGS-84: Chinese systems by ``measures.coordinates``, any EPSG code or ``.prj`` by PROJ.

Refuses what cannot be a city on Earth, with the figures found.
"""

from typing import Any, cast

import numpy as np
import pyproj
from numpy.typing import NDArray

from kuaijing.city.refused import ImportRefused
from kuaijing.measures.coordinates import System, in_china, to_wgs84

WIDEST_DEG = 12.0
"""Wider than any jurisdiction; more means stray points or a wrong coordinate system."""

SHORTEST_MEAN_M = 1.0
MANY_STREETS = 100
SMALLEST_CITY_M = 100.0
"""No network of many streets is smaller."""

M_PER_DEG = 111_195.0

Degrees = NDArray[np.float64]


def crs_name(text: str) -> str:
    """House form of a ``--crs`` value: ``wgs84``, ``gcj02``, ``bd09`` or ``EPSG:n``."""
    name = text.strip().lower().replace("-", "")
    if name in ("wgs84", "gcj02", "bd09"):
        return name
    if name.startswith("epsg:") and name[5:].isdigit():
        return "wgs84" if name == "epsg:4326" else name.upper()
    raise ImportRefused(f"--crs {text} is unknown; use wgs84, gcj02, bd09 or EPSG:n, for example EPSG:4490")


def wgs84_of(x: Degrees, y: Degrees, crs: str) -> tuple[Degrees, Degrees]:
    """WGS-84 degrees of source coordinates; ``crs`` is a house name or anything that PROJ reads."""
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ImportRefused("some coordinates are not finite numbers; mend the source")
    if crs in ("gcj02", "bd09"):
        _check_degrees(x, y, crs)
        if not in_china(x, y).all():
            raise ImportRefused(
                f"--crs {crs} exists in China only, but the source reaches from {_extent(x, y)}; use --crs wgs84"
            )
        x, y = to_wgs84(x, y, cast(System, crs))
    elif crs != "wgs84":
        x, y = _by_proj(x, y, crs)
    check_city(x, y, crs)
    return x, y


def _by_proj(x: Degrees, y: Degrees, crs: str) -> tuple[Degrees, Degrees]:
    try:
        transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        lon, lat = transformer.transform(x, y, errcheck=False)
    except pyproj.exceptions.ProjError as error:
        raise ImportRefused(f"coordinate system {crs[:60]}: {error}; name another with --crs") from None
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise ImportRefused(
            f"coordinates {_extent(x, y)} are outside coordinate system {crs[:60]}; name the right one with --crs"
        )
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


def check_city(lon: Degrees, lat: Degrees, crs: str) -> None:
    """Refuse degrees that are no place on Earth, or lie too far apart to be one city."""
    if not len(lon):
        return
    _check_degrees(lon, lat, crs)
    if max(np.ptp(lon), np.ptp(lat)) > WIDEST_DEG:
        raise ImportRefused(
            f"the roads reach from {_extent(lon, lat)}, wider than {WIDEST_DEG:g} degrees: stray points, a wrong coordinate "
            "system, or more than a city; use --bbox, --boundary or --crs"
        )


def check_scale(streets: int, street_m: float, lon: Degrees, lat: Degrees, crs: str) -> None:
    """Refuse a network that shrank to a dot: degrees read as metres, or metres of another unit."""
    height = float(np.ptp(lat)) * M_PER_DEG
    width = float(np.ptp(lon)) * M_PER_DEG * float(np.cos(np.radians(lat.mean())))
    if street_m < SHORTEST_MEAN_M * streets or (streets > MANY_STREETS and max(width, height) < SMALLEST_CITY_M):
        raise ImportRefused(
            f"read as {crs[:60]}, {streets:,} streets would be {street_m:,.0f} m long together ({street_m / streets:.2f} m each) "
            f"on {width:,.1f} x {height:,.1f} m: a wrong coordinate system; name the right one with --crs "
            "(wgs84 for degrees)"
        )


def _check_degrees(x: Degrees, y: Degrees, crs: str) -> None:
    if len(x) and (np.abs(x).max() > 180 or np.abs(y).max() > 90):
        raise ImportRefused(
            f"coordinates {_extent(x, y)} are not degrees (read as {crs[:60]}); "
            "swapped columns, or a projection to be named with --crs EPSG:n"
        )


def _extent(x: Any, y: Any) -> str:
    return f"{np.min(x):.6g},{np.min(y):.6g} to {np.max(x):.6g},{np.max(y):.6g}"
