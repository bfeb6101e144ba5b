"""A city cut into its blocks: the pieces between its larger streets, water and railways. What beats are put together from.

Faces of the street lines (shapely's polygonize), from the largest classes downwards until there are enough of them. A block with far
more street in it than others is cut again: by its smaller streets, and where these enclose nothing, straight across. Slivers between
carriageways join their neighbours, and what lies in the water is no block but a barrier. Two blocks are neighbours where
they share a street that can be crossed: across a railway only where a street crosses it, across water only where a bridge does.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.barriers import Barriers
from kuaijing.city.classes import BRIDGE, MOTOR, ROAD_CLASSES, TUNNEL
from kuaijing.city.ground import Ground
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.studies.refused import StudyRefused

_LEVELS: Final = (
    ("motorway", "trunk", "primary", "secondary", "tertiary"),
    ("unclassified", "road", "residential", "living_street"),
    ("service", "alley", "busway", "track", "pedestrian"),
)
_SLIVER_M2: Final = 6_000.0
_TOUCH_M: Final = 15.0
"""Blocks that share less border than this only meet at a corner."""
_HEAVY: Final = 4.0
"""A block with more street than so many times the mean is cut again."""
_LIGHT: Final = 0.25
"""One with less than this share of the mean joins a neighbour."""
_WET: Final = 0.5
"""A face with more of its area in the water is water."""

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Metres east and north of the middle of the ground; good to one in a thousand over a prefecture."""

    lon: float
    lat: float

    @property
    def _east(self) -> float:
        return math.radians(EARTH_RADIUS_M) * math.cos(math.radians(self.lat))

    def metres(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Shape (n, 2)."""
        return np.stack([(lon - self.lon) * self._east, (lat - self.lat) * math.radians(EARTH_RADIUS_M)], axis=-1)

    def degrees(self, xy: FloatArray) -> FloatArray:
        """Longitude and latitude, shape (n, 2)."""
        return np.stack(
            [xy[..., 0] / self._east + self.lon, xy[..., 1] / math.radians(EARTH_RADIUS_M) + self.lat], axis=-1
        )

    def shape(self, drawn: Any) -> Any:
        """A shapely shape in degrees, in metres."""
        return shapely.transform(drawn, lambda points: self.metres(points[:, 0], points[:, 1]))

    def drawn(self, shape: Any) -> Any:
        """A shapely shape in metres, in degrees."""
        return shapely.transform(shape, self.degrees)


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Blocks of one city; ``b`` blocks, ``e`` pairs of neighbours."""

    plane: Plane
    shapes: NDArray[np.object_]
    """Polygons in metres, (b,)."""
    xy: FloatArray
    """A point in each, metres, (b, 2)."""
    edges: IntArray
    """Neighbours that one can get from one to the other by street, (e, 2), lower first."""
    border_m: FloatArray
    """Shared border of each pair, (e,)."""
    touching: IntArray
    """All pairs with a shared border, also across a barrier, (t, 2)."""
    touching_m: FloatArray
    bridges: IntArray
    """Pairs that only a bridge over a barrier joins, (k, 2); not among ``edges``."""
    water: NDArray[np.object_]
    """Faces that are no blocks, in metres."""

    @property
    def count(self) -> int:
        """How many blocks."""
        return len(self.shapes)

    def of_points(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Block of each point: the one it lies in, else the nearest; int64 (points,)."""
        tree = shapely.STRtree(self.shapes)
        where = shapely.points(self.plane.metres(lon, lat))
        return np.asarray(tree.nearest(where), np.int64)


def cut_into_blocks(ground: Ground, barriers: Barriers, *, at_least: int = 200) -> Blocks:
    """Blocks of a ground, ``at_least`` so many where its streets give them.

    Raises ``StudyRefused`` where no street of the ground encloses anything.
    """
    west, south, east, north = ground.bbox
    plane = Plane((west + east) / 2, (south + north) / 2)
    lines, classes, bridging = _street_lines(ground, plane)
    parting = _parting_lines(barriers, plane)
    junctions = shapely.multipoints(plane.metres(ground.node_lon, ground.node_lat))
    hull: Any = shapely.concave_hull(junctions, 0.3)
    faces: NDArray[np.object_] = np.empty(0, np.object_)
    used: set[str] = set()
    for level in _LEVELS:
        used |= set(level)
        drawn = lines[np.isin(classes, [ROAD_CLASSES.index(name) for name in used])]
        faces = _faces([*drawn, *parting, hull.boundary], hull)
        if len(faces) >= at_least:
            break
    if not len(faces):
        raise StudyRefused(f"the streets of {ground.name} enclose no block; import a larger part of the city")
    faces = _cut_heavy(faces, lines, classes, _HEAVY * float(shapely.length(lines).sum()) / at_least)
    wet = _wet(faces, barriers, plane)
    blocks, water = (
        _without_slivers(faces[~wet], lines, _LIGHT * float(shapely.length(lines).sum()) / at_least),
        faces[wet],
    )
    touching, touching_m = _borders(blocks)
    whole = touching_m >= _TOUCH_M
    crossable = _crossable(blocks, touching, barriers, plane, lines)
    edges = touching[whole & crossable]
    xy = shapely.get_coordinates(shapely.point_on_surface(blocks))
    found = Blocks(
        plane, blocks, xy, edges, touching_m[whole & crossable], touching, touching_m, np.empty((0, 2), np.int64), water
    )
    return _with_bridges(found, bridging)


def _street_lines(ground: Ground, plane: Plane) -> tuple[NDArray[np.object_], IntArray, NDArray[np.object_]]:
    """One line a street that vehicles use, on the ground or bridged, with its class; and those that are bridges."""
    usable = (np.asarray(ground.arc_access) & MOTOR) != 0
    arcs = np.flatnonzero(usable)
    if not len(arcs):
        raise StudyRefused(f"{ground.name} has no street that a vehicle may use; import its roads again")
    _, first = np.unique(np.asarray(ground.arc_street)[arcs], return_index=True)
    arcs = arcs[first]
    arcs = arcs[(np.asarray(ground.arc_flags)[arcs] & TUNNEL) == 0]
    start = np.asarray(ground.shape_start)
    counts = start[arcs + 1] - start[arcs]
    rows = np.repeat(start[arcs] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    points = plane.metres(np.asarray(ground.shape_lon)[rows], np.asarray(ground.shape_lat)[rows])
    lines: Any = shapely.linestrings(points, indices=np.repeat(np.arange(len(arcs)), counts))
    bridge = (np.asarray(ground.arc_flags)[arcs] & BRIDGE) != 0
    return lines, np.asarray(ground.arc_class)[arcs].astype(np.int64), lines[bridge]


def _parting_lines(barriers: Barriers, plane: Plane) -> list[Any]:
    rings = [plane.shape(polygon.exterior) for polygon in barriers.water]
    return [*rings, *(plane.shape(line) for line in (*barriers.waterways, *barriers.rails))]


def _faces(lines: list[Any], hull: Any) -> NDArray[np.object_]:
    noded = shapely.unary_union(np.array(lines, dtype=object))
    faces = np.array(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    if not len(faces):
        return faces
    inside = shapely.contains_properly(hull, shapely.point_on_surface(faces))
    return np.asarray(faces[inside], np.object_)


def _cut_heavy(
    faces: NDArray[np.object_], lines: NDArray[np.object_], classes: IntArray, most_m: float
) -> NDArray[np.object_]:
    """Faces with no more than ``most_m`` of street in each, as far as cutting helps: by the next smaller streets, then across."""
    middles, metres = _middles(lines), shapely.length(lines)
    tree = shapely.STRtree(middles)
    levels = [np.isin(classes, [ROAD_CLASSES.index(name) for name in level]) for level in _LEVELS[1:]]
    done: list[Any] = []
    waiting = [(face, 0) for face in faces]
    while waiting:
        face, depth = waiting.pop()
        rows = np.sort(tree.query(face, predicate="contains"))
        if depth > 14 or metres[rows].sum() <= most_m:
            done.append(face)
            continue
        if depth < len(levels):
            parts = _parts_by_streets(face, lines[rows[levels[depth][rows]]])
        else:
            parts = _halves(face, shapely.get_coordinates(middles[rows]))
        if len(parts) < 2 and depth >= len(levels):
            done.append(face)
        else:
            waiting += [(part, depth + 1) for part in (parts if len(parts) > 1 else [face])]
    return np.array(done, dtype=object)


def _middles(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.line_interpolate_point(lines, 0.5, normalized=True), np.object_)


def _parts_by_streets(face: Any, within: NDArray[np.object_]) -> list[Any]:
    noded = shapely.unary_union(np.array([face.boundary, *within], dtype=object))
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return [part for part in parts if shapely.contains_properly(face, shapely.point_on_surface(part))]


def _halves(face: Any, middles: FloatArray) -> list[Any]:
    """Cut straight across the longer side, so that each half has as many streets."""
    west, south, east, north = face.bounds
    axis = 0 if east - west >= north - south else 1
    at = float(np.median(middles[:, axis]))
    low = (
        shapely.box(west - 1, south - 1, at, north + 1) if axis == 0 else shapely.box(west - 1, south - 1, east + 1, at)
    )
    halves = [shapely.intersection(face, low), shapely.difference(face, low)]
    parts = [
        part
        for half in halves
        for part in shapely.get_parts(half)
        if isinstance(part, shapely.Polygon) and part.area > 1
    ]
    return parts if len(parts) > 1 else []


def _wet(faces: NDArray[np.object_], barriers: Barriers, plane: Plane) -> NDArray[np.bool_]:
    if not barriers.water:
        return np.zeros(len(faces), np.bool_)
    water = shapely.union_all([plane.shape(polygon) for polygon in barriers.water])
    return np.asarray(shapely.area(shapely.intersection(faces, water)) > _WET * shapely.area(faces))


def _borders(shapes: NDArray[np.object_]) -> tuple[IntArray, FloatArray]:
    """Pairs that share a border, lower first, and how many metres of it."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = one < other
    one, other = one[pair], other[pair]
    metres = shapely.length(shapely.intersection(shapes[one], shapes[other]))
    kept = metres > 0.5
    return np.stack([one[kept], other[kept]], axis=1).astype(np.int64), metres[kept]


def _without_slivers(shapes: NDArray[np.object_], lines: NDArray[np.object_], least_m: float) -> NDArray[np.object_]:
    """Small faces, and those with little street, given to the neighbour with the longest shared border, the lightest first."""
    pairs, shared = _borders(shapes)
    area = shapely.area(shapes)
    inside, of = shapely.STRtree(_middles(lines)).query(shapes, predicate="intersects")
    street_m = np.bincount(inside, weights=shapely.length(lines)[of], minlength=len(shapes))
    small = (area < _SLIVER_M2) | (street_m < least_m)
    near: list[dict[int, float]] = [{} for _ in shapes]
    for (one, other), metres in zip(pairs.tolist(), shared.tolist(), strict=True):
        near[one][other] = near[other][one] = metres
    members: dict[int, list[int]] = {face: [face] for face in range(len(shapes))}
    for face in np.lexsort((area, street_m)).tolist():
        if not small[face] or (street_m[face] >= least_m and area[face] >= _SLIVER_M2) or not near[face]:
            continue
        into = max(near[face], key=lambda each: (near[face][each], -each))
        members[into] += members.pop(face)
        area[into] += area[face]
        street_m[into] += street_m[face]
        for each, metres in near[face].items():
            del near[each][face]
            if each != into:
                near[into][each] = near[each][into] = near[into].get(each, 0.0) + metres
        near[face] = {}
    merged = [shapely.union_all(shapes[each]) if len(each) > 1 else shapes[each[0]] for each in members.values()]
    return np.array(merged, dtype=object)


def _crossable(
    blocks: NDArray[np.object_], pairs: IntArray, barriers: Barriers, plane: Plane, lines: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Whether one gets from one block of each pair to the other: its border is a street, or a street crosses the barrier."""
    free = np.ones(len(pairs), np.bool_)
    barred = [plane.shape(line) for line in (*barriers.rails, *barriers.waterways)]
    if not barred or not len(pairs):
        return free
    rail = shapely.buffer(shapely.union_all(barred), 3.0)
    border = shapely.intersection(blocks[pairs[:, 0]], blocks[pairs[:, 1]])
    along = shapely.length(shapely.intersection(border, rail)) > 0.5 * shapely.length(border)
    tree = shapely.STRtree(lines)
    for row in np.flatnonzero(along):
        near = tree.query(border[row], predicate="crosses")
        free[row] = len(near) > 0
    return free


def _with_bridges(blocks: Blocks, bridging: NDArray[np.object_]) -> Blocks:
    """Add the pairs that a bridge joins and nothing else does."""
    if not len(bridging):
        return blocks
    ends = shapely.get_coordinates(shapely.get_point(bridging, [[0], [-1]]).ravel())
    tree = shapely.STRtree(blocks.shapes)
    of = np.asarray(tree.nearest(shapely.points(ends)), np.int64).reshape(2, -1).T
    of = np.sort(of[of[:, 0] != of[:, 1]], axis=1)
    known = {tuple(pair) for pair in blocks.edges.tolist()}
    new = sorted({tuple(pair) for pair in of.tolist()} - known)
    bridges = np.array(new, np.int64).reshape(-1, 2)
    return Blocks(
        blocks.plane, blocks.shapes, blocks.xy, blocks.edges, blocks.border_m, blocks.touching, blocks.touching_m, bridges,
        blocks.water,
    )  # fmt: skip
