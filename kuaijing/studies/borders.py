"""Files of places that a study is given: borders that no beat may span, candidate sites. GeoJSON in WGS-84 degrees, refused by name."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from kuaijing.studies.blocks import IntArray
from kuaijing.studies.city_study import Frozen, opened
from kuaijing.studies.refused import StudyRefused

MOST_SITES = 5000


def borders_of(frozen: Frozen, path: Path) -> IntArray:
    """The polygon of each block by number, (blocks,); -1 where it lies in none: those beats are apart too."""
    polygons = [one for one in _shapes(path) if one.geom_type in ("Polygon", "MultiPolygon") and not one.is_empty]
    if not polygons:
        raise StudyRefused(f"{path} has no polygon; give GeoJSON polygons in longitude and latitude")
    city = opened(frozen)
    at = shapely.points(city.blocks.plane.degrees(city.blocks.xy))
    labels = np.full(city.blocks.count, -1, np.int64)
    block, number = shapely.STRtree(np.asarray(at, dtype=object)).query(polygons, predicate="covers")[::-1]
    labels[block[::-1]] = number[::-1]  # the first polygon holds where several do
    if (labels < 0).all():
        raise StudyRefused(f"no polygon of {path} covers any block of this city; are its coordinates WGS-84 degrees?")
    return labels


def points_of(path: Path) -> list[tuple[float, float]]:
    """Points of a file, longitude and latitude."""
    points = [(float(one.x), float(one.y)) for one in _shapes(path) if one.geom_type == "Point" and not one.is_empty]
    if not points or len(points) > MOST_SITES:
        raise StudyRefused(f"{path} has {len(points)} points; wanted 1 to {MOST_SITES} GeoJSON points")
    return points


def _shapes(path: Path) -> list[Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        features = found["features"] if found.get("type") == "FeatureCollection" else [found]
        return [shape(each["geometry"] if each.get("type") == "Feature" else each) for each in features]
    except OSError as error:
        raise StudyRefused(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise StudyRefused(f"{path} is no GeoJSON ({type(error).__name__}: {error})") from None
