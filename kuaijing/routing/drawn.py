"""Which arcs a drawn line or area means, for closures and slow zones put on the map by hand.

A **line** means the streets that it follows, not those that it crosses. An arc is meant where enough of it lies within
``within_m`` (12 m) of the line *and* runs within 35 degrees of it, either way: at least half of the arc or half of the drawn line,
whichever is shorter. So a stroke across part of a long street means that street, and a crossing street is never meant.
Both directions of a street are meant. Of two streets above one another both are; a person takes one away.

An **area** means what one can no longer drive inside it: arcs with at least half their length, or 25 m, within.

Several lines or areas together (a collection or multi-geometry) mean what each of them means.
"""

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kuaijing.city.ground import Ground
from kuaijing.routing.arrays import AnyArray, BoolArray, FloatArray, IntArray
from kuaijing.routing.errors import RoutingError
from kuaijing.routing.street_grid import M_PER_DEG, StreetGrid

WITHIN_M = 12.0
PARALLEL_DEG = 35.0
INSIDE_M = 25.0
_STEP_M = 4.0


class BadDrawing(RoutingError):
    """A drawn shape that is neither lines nor areas, or is empty or broken."""


def arcs_near(ground: Ground, grid: StreetGrid, drawn: BaseGeometry, within_m: float = WITHIN_M) -> IntArray:
    """Junction arcs that a drawn line or area (degrees, WGS-84) means, ascending, both directions of each street.

    Raises
    ------
    BadDrawing
        The shape is empty, not finite, no line or area, or crosses itself.
    """
    meant: set[int] = set()
    for shape in _simple(drawn):
        centre = shape.centroid
        scale = np.array([M_PER_DEG * np.cos(np.radians(centre.y)), M_PER_DEG])
        local = shapely.transform(shape, _plane((centre.x, centre.y), scale))
        margin = within_m / scale
        west, south, east, north = shape.bounds
        near = grid.segments_in(west - margin[0], south - margin[1], east + margin[0], north + margin[1])
        for arc in np.unique(grid.segment_arc[near]).tolist():
            line = (_shape(ground, arc) - (centre.x, centre.y)) * scale
            chosen = _inside(line, local) if shape.geom_type == "Polygon" else _follows(line, local, within_m)
            if chosen:
                meant.add(arc)
                meant.add(int(ground.arc_twin[arc]))
    return np.array(sorted(meant - {-1}), np.int32)


def _plane(centre: tuple[float, float], scale: FloatArray) -> Callable[[FloatArray], FloatArray]:
    return lambda places: (places - centre) * scale


def _simple(drawn: BaseGeometry) -> Iterator[BaseGeometry]:
    if drawn.is_empty or not np.isfinite(shapely.get_coordinates(drawn)).all():
        raise BadDrawing("the drawn shape is empty or has a place that is no number; draw a line or an area")
    for shape in getattr(drawn, "geoms", [drawn]):
        if shape.geom_type in ("MultiLineString", "MultiPolygon", "GeometryCollection"):
            yield from _simple(shape)
        elif shape.geom_type not in ("LineString", "LinearRing", "Polygon"):
            raise BadDrawing(f"the drawn shape is a {shape.geom_type}; draw a line or an area")
        elif shape.geom_type == "Polygon" and not shape.is_valid:
            raise BadDrawing(
                f"the drawn area is broken: {shapely.is_valid_reason(shape)}; draw its edge without crossings"
            )
        else:
            yield shape


def _shape(ground: Ground, arc: int) -> FloatArray:
    low, high = int(ground.shape_start[arc]), int(ground.shape_start[arc + 1])
    return np.stack([np.array(ground.shape_lon[low:high]), np.array(ground.shape_lat[low:high])], axis=1)


def _inside(line: FloatArray, area: BaseGeometry) -> bool:
    street = shapely.LineString(line)
    inside = shapely.intersection(street, area).length
    return bool(inside > 0 and inside >= min(INSIDE_M, street.length / 2))


def _follows(line: FloatArray, drawn: BaseGeometry, within_m: float) -> bool:
    """Whether enough of a street lies close to the drawn line and along it; sampled every four metres."""
    step = np.hypot(*np.diff(line, axis=0).T)
    length = float(step.sum())
    along = np.concatenate([[0.0], np.cumsum(step)])
    count = max(3, int(length / _STEP_M))
    at = (np.arange(count) + 0.5) / count * length
    places = np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)
    piece = np.clip(np.searchsorted(along, at, side="right") - 1, 0, len(step) - 1)
    direction = np.diff(line, axis=0)[piece]
    matched = _close_and_parallel(places, direction, shapely.get_coordinates(drawn), within_m)
    return bool(matched.mean() * length >= min(length, drawn.length) / 2 and matched.any())


def _close_and_parallel(places: FloatArray, direction: FloatArray, drawn: FloatArray, within_m: float) -> BoolArray:
    """For each place of a street, whether some piece of the drawn line is close to it and runs its way."""
    start, step = drawn[:-1], np.diff(drawn, axis=0)
    square = np.maximum((step**2).sum(axis=1), 1e-12)
    to = places[:, None, :] - start[None]
    share = np.clip((to * step).sum(axis=2) / square, 0.0, 1.0)
    distance = np.hypot(*np.moveaxis(to - share[..., None] * step, 2, 0))
    dot: AnyArray = np.abs((direction[:, None, :] * step).sum(axis=2))
    norm = np.maximum(np.hypot(*direction.T)[:, None] * np.sqrt(square), 1e-12)
    matched: BoolArray = ((distance <= within_m) & (dot / norm >= np.cos(np.radians(PARALLEL_DEG)))).any(axis=1)
    return matched
