"""A city's driven streets as weights on a plane: where platforms would stand and what ground they would serve.

Arrays and shapes in metres; what a plan makes of them is ``provisional``'s. Knows no plan, no unit, no incident.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kuaijing.city.classes import CAR, MOTOR
from kuaijing.city.ground import Ground
from kuaijing.domain.plan_document import Polygon
from kuaijing.measures.points import Point
from kuaijing.wire.plans.check import M_PER_DEG

CELL_M: Final = 400.0
SMALLEST_PART_M2: Final = 3e6
_ROUNDS: Final = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeightedStreets:
    """Junctions of the driven streets on a local plane in metres, and the street length that meets at each."""

    ground: Ground
    node: NDArray[np.int64]
    xy: Floats
    weight: Floats
    scale: Floats
    driven: NDArray[np.bool_]

    def degrees(self, shape: shapely.Geometry) -> tuple[Polygon, ...]:
        """The polygons of a shape on the plane, in degrees."""

        def unscaled(points: Floats) -> Floats:
            return np.asarray(np.round(points / self.scale, 7))

        valid = shapely.make_valid(shapely.transform(shape, unscaled))
        parts = [part for part in shapely.get_parts(valid, return_index=False) if part.geom_type == "Polygon"]
        parts = [part for part in parts if part.area > 0]
        return tuple(
            tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in (part.exterior, *part.interiors))
            for part in parts
        )

    def point(self, index: int) -> Point:
        """Where a junction is."""
        node = int(self.node[index])
        return Point(float(self.ground.node_lon[node]), float(self.ground.node_lat[node]))

    def roads_at(self, index: int) -> list[str]:
        """Names of the roads that meet at a junction, the greatest road class first."""
        ground, node = self.ground, int(self.node[index])
        first, last = np.searchsorted(ground.arc_tail, [node, node + 1])
        arcs = sorted(range(int(first), int(last)), key=lambda arc: (int(ground.arc_class[arc]), arc))
        names = [ground.names[int(ground.arc_name[arc])] for arc in arcs]
        return list(dict.fromkeys(name for name in names if name))


def weighted_streets(ground: Ground) -> WeightedStreets:
    """The streets of a ground that a car can use; those of any motor class where it has none. ``ValueError`` without either."""
    driven = (np.asarray(ground.arc_access) & CAR) > 0
    if not driven.any():
        driven = (np.asarray(ground.arc_access) & MOTOR) > 0
    length = np.where(np.asarray(ground.arc_twin) >= 0, 0.5, 1.0) * ground.arc_length_m * driven
    weight = np.zeros(len(ground.node_lon))
    np.add.at(weight, ground.arc_tail, length / 2)
    np.add.at(weight, ground.arc_head, length / 2)
    node = np.flatnonzero(weight > 0)
    if len(node) == 0:
        raise ValueError(f"city {ground.name} has no street that a car can use; import it again with its roads")
    scale = np.array([M_PER_DEG * math.cos(math.radians(float(np.mean(ground.node_lat[node])))), M_PER_DEG])
    xy = np.column_stack([ground.node_lon[node], ground.node_lat[node]]) * scale
    return WeightedStreets(ground, node, xy, weight[node], scale, driven)


def spread(streets: WeightedStreets, count: int) -> list[int]:
    """Row of the junction at which each platform stands, from north-west to south-east."""
    xy, weight = streets.xy, streets.weight
    shares = _halved(xy, weight, np.arange(len(xy)), count)
    centres = np.array([np.average(xy[rows], axis=0, weights=weight[rows]) for rows in shares])
    for _ in range(_ROUNDS):
        owner = cKDTree(centres).query(xy)[1]
        total = np.bincount(owner, weight, len(centres))
        moved = np.column_stack([np.bincount(owner, weight * xy[:, axis], len(centres)) for axis in (0, 1)])
        centres = np.where(total[:, None] > 0, moved / np.maximum(total, 1e-9)[:, None], centres)
    rows = list(dict.fromkeys(int(row) for row in cKDTree(xy).query(centres)[1]))
    return sorted(rows, key=lambda row: (-round(xy[row, 1] / 2000), xy[row, 0]))


def _halved(xy: Floats, weight: Floats, rows: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """The rows in ``count`` parts of about equal weight, cut again and again across the longer side."""
    if count == 1 or len(rows) < 2:
        return [rows]
    axis = int(np.argmax(np.ptp(xy[rows], axis=0)))
    ordered = rows[np.argsort(xy[rows, axis], kind="stable")]
    run = np.cumsum(weight[ordered])
    cut = int(np.clip(np.searchsorted(run, run[-1] * (count // 2) / count), 1, len(ordered) - 1))
    return [
        *_halved(xy, weight, ordered[:cut], count // 2),
        *_halved(xy, weight, ordered[cut:], count - count // 2),
    ]


def density(streets: WeightedStreets) -> tuple[Floats, Floats]:
    """Street metres per cell (rows are y), and the south-west corner."""
    corner = streets.xy.min(axis=0) - CELL_M * 3
    cells = ((streets.xy - corner) // CELL_M).astype(np.int64)
    shape = cells.max(axis=0) + 4
    columns, rows = int(shape[0]), int(shape[1])
    grid = np.bincount(cells[:, 1] * columns + cells[:, 0], streets.weight, rows * columns)
    return np.asarray(grid.reshape(rows, columns), dtype=np.float64), np.asarray(corner)


def cells_of(mask: NDArray[np.bool_], corner: Floats) -> shapely.Geometry:
    """The cells of a grid (rows are y) that are true, as one shape."""
    rows, columns = np.nonzero(mask)
    x, y = corner[0] + columns * CELL_M, corner[1] + rows * CELL_M
    return shapely.union_all(shapely.box(x, y, x + CELL_M, y + CELL_M))


def filled(shape: shapely.Geometry) -> shapely.Geometry:
    """The shape without its holes."""
    parts = [shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)]
    return shapely.union_all(parts)


def _along(streets: WeightedStreets) -> Floats:
    """Points on the driven streets, no farther apart than a cell."""
    ground = streets.ground
    xy = np.column_stack([ground.shape_lon, ground.shape_lat]) * streets.scale
    arc = np.repeat(np.arange(len(ground.arc_tail)), np.diff(ground.shape_start))
    start = np.flatnonzero((arc[:-1] == arc[1:]) & streets.driven[arc[:-1]])
    steps = np.maximum(1, np.ceil(np.hypot(*(xy[start + 1] - xy[start]).T) / CELL_M)).astype(np.int64)
    first = np.repeat(start, steps)
    share = (np.arange(len(first)) - np.repeat(np.cumsum(steps) - steps, steps)) / np.repeat(steps, steps)
    between: Floats = xy[first] + share[:, None] * (xy[first + 1] - xy[first])
    return np.concatenate([between, xy[start + 1]])


def served(streets: WeightedStreets) -> shapely.Geometry:
    """Where there are streets: cells of 400 m, gaps up to two cells bridged, holes filled, slips of land left out."""
    along = _along(streets)
    corner = along.min(axis=0)
    cells = np.unique(((along - corner) // CELL_M).astype(np.int64), axis=0)
    mask = np.zeros((int(cells[:, 1].max()) + 1, int(cells[:, 0].max()) + 1), np.bool_)
    mask[cells[:, 1], cells[:, 0]] = True
    grown = shapely.buffer(cells_of(mask, corner), CELL_M, join_style="mitre")
    area = filled(shapely.buffer(grown, -CELL_M * 0.75, join_style="mitre"))
    parts = shapely.get_parts(area)
    least = min(SMALLEST_PART_M2, float(max(shapely.area(parts))))
    return shapely.union_all([part for part in parts if shapely.area(part) >= least])
