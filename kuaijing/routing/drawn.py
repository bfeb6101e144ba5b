"""Which arcs a drawn line or area means, for closures and slow zones put on the map by hand.

A **line** means the streets that it follows, not those that it crosses. An arc is meant where enough of it lies within
``within_m`` (12 m) of the line *and* runs within 35 degrees of it, either way: at least half of the arc or half of the drawn line,
whichever is shorter. So a stroke across part of a long street means that street, and a crossing street is never meant.
Both directions of a street are meant. Of two streets above one another both are; a person takes one away.

An **area** means what one can no longer drive inside it: arcs with at least half their length, or 25 m, within.

Several lines or areas together (a collection or multi-geometry) mean what each of them means.
"""

from collections.abc import Callable, Iterator, Sequence

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
_PIECE_DEG = 0.003


class BadDrawing(RoutingError):
    """A drawn shape that is neither lines nor areas, or is empty or broken."""


def arcs_near(ground: Ground, grid: StreetGrid, drawn: BaseGeometry, within_m: float = WITHIN_M) -> IntArray:
    """Junction arcs that a drawn line or area (degrees, WGS-84) means, ascending, both directions of each street.

    Raises
    ------
    BadDrawing
        The shape is empty, not finite, no line or area, or crosses itself.
    """
    meant: list[IntArray] = [np.empty(0, np.int32)]
    for shape in _simple(drawn):
        centre = shape.centroid.x, shape.centroid.y
        scale = np.array([M_PER_DEG * max(0.05, np.cos(np.radians(centre[1]))), M_PER_DEG])
        near = np.unique(grid.segment_arc[_segments_about(grid, shape, within_m / scale)])
        lines = [(_shape(ground, arc) - centre) * scale for arc in near.tolist()]
        local = shapely.transform(shape, _plane(centre, scale))
        chosen = _inside(lines, local) if shape.geom_type == "Polygon" else _follow(lines, local, within_m)
        meant += [near[chosen], np.asarray(ground.arc_twin)[near[chosen]]]
    arcs = np.unique(np.concatenate(meant))
    return arcs[arcs >= 0]


def _segments_about(grid: StreetGrid, shape: BaseGeometry, margin: FloatArray) -> IntArray:
    """Segments in the cells about an area, or about each short piece of a line: a long diagonal has a wide box.

    Only what lies about the city is cut into pieces: of a line drawn round the Earth that is the part that passes.
    """
    if shape.geom_type == "Polygon":
        boxes = np.array([shape.bounds])
    else:
        ends = [shapely.get_coordinates(shapely.segmentize(part, _PIECE_DEG)) for part in _passing(grid, shape, margin)]
        pairs = [(np.minimum(each[:-1], each[1:]), np.maximum(each[:-1], each[1:])) for each in ends]
        boxes = np.concatenate([np.empty((0, 4)), *(np.hstack(pair) for pair in pairs)])
    around = boxes + np.concatenate([-margin, margin])
    found = [grid.segments_in(*box) for box in around.tolist()]
    return np.unique(np.concatenate([np.empty(0, np.int32), *found]))


def _passing(grid: StreetGrid, line: BaseGeometry, margin: FloatArray) -> list[BaseGeometry]:
    """The parts of a line within reach of the city's streets."""
    east, north = grid.west + grid.columns * grid.cell_lon, grid.south + grid.rows * grid.cell_lat
    low, high = np.array([grid.west, grid.south]) - 2 * margin, np.array([east, north]) + 2 * margin
    parts = shapely.get_parts(shapely.clip_by_rect(shapely.LineString(line.coords), *low, *high))
    return [part for part in parts.tolist() if part.geom_type == "LineString" and not part.is_empty]


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


def _inside(lines: Sequence[FloatArray], area: BaseGeometry) -> BoolArray:
    if not lines:
        return np.empty(0, np.bool_)
    shapely.prepare(area)
    streets = np.array([shapely.LineString(line) for line in lines])
    inside = shapely.length(shapely.intersection(streets, area))
    chosen: BoolArray = (inside > 0) & (inside >= np.minimum(INSIDE_M, shapely.length(streets) / 2))
    return chosen


def _follow(lines: Sequence[FloatArray], drawn: BaseGeometry, within_m: float) -> BoolArray:
    stroke = shapely.get_coordinates(drawn)
    return np.array([_follows(line, stroke, drawn.length, within_m) for line in lines], np.bool_)


def _follows(line: FloatArray, stroke: FloatArray, stroke_m: float, within_m: float) -> bool:
    """Whether enough of a street lies close to the drawn stroke and along it; sampled every four metres."""
    step = np.hypot(*np.diff(line, axis=0).T)
    length = float(step.sum())
    along = np.concatenate([[0.0], np.cumsum(step)])
    count = max(3, int(length / _STEP_M))
    at = (np.arange(count) + 0.5) / count * length
    places = np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)
    piece = np.clip(np.searchsorted(along, at, side="right") - 1, 0, len(step) - 1)
    matched = _close_and_parallel(places, np.diff(line, axis=0)[piece], _about(stroke, line, within_m), within_m)
    return bool(matched.any() and matched.mean() * length >= min(length, stroke_m) / 2)


def _about(stroke: FloatArray, line: FloatArray, within_m: float) -> FloatArray:
    """The pieces of a stroke whose boxes come near a street: float64 (pieces, 2, 2), start and end."""
    pieces = np.stack([stroke[:-1], stroke[1:]], axis=1)
    low, high = line.min(axis=0) - within_m, line.max(axis=0) + within_m
    near: FloatArray = pieces[((pieces.max(axis=1) >= low) & (pieces.min(axis=1) <= high)).all(axis=1)]
    return near


def _close_and_parallel(places: FloatArray, direction: FloatArray, pieces: FloatArray, within_m: float) -> BoolArray:
    """For each place of a street, whether some piece of the drawn stroke is close to it and runs its way."""
    start, step = pieces[:, 0], pieces[:, 1] - pieces[:, 0]
    square = np.maximum((step**2).sum(axis=1), 1e-12)
    to = places[:, None, :] - start[None]
    share = np.clip((to * step).sum(axis=2) / square, 0.0, 1.0)
    distance = np.hypot(*np.moveaxis(to - share[..., None] * step, 2, 0))
    dot: AnyArray = np.abs((direction[:, None, :] * step).sum(axis=2))
    norm = np.maximum(np.hypot(*direction.T)[:, None] * np.sqrt(square), 1e-12)
    matched: BoolArray = ((distance <= within_m) & (dot / norm >= np.cos(np.radians(PARALLEL_DEG)))).any(axis=1)
    return matched
