"""A grid over the pieces of every street's shape, for "what is near here". Built once per city, read by all classes.

Cells are about 80 m; a piece (segment) is listed in every cell that its box touches. Places stay in degrees and are turned
into metres about the point asked for, so the size of the city costs no accuracy. One arc stands for a street; its twin
shares the shape.
"""

import math
from dataclasses import dataclass

import numpy as np

from kuaijing.city.classes import TUNNEL
from kuaijing.city.ground import RoadArrays
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.routing.arrays import AnyArray, FloatArray, IntArray, SingleArray, frozen
from kuaijing.routing.compiled import compiled

M_PER_DEG = EARTH_RADIUS_M * math.pi / 180
CELL_DEG = 0.0007
MAX_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class StreetGrid:
    """Segments and the cells that list them.

    ``segment_arc`` int32 (s,); ``segment_place`` float64 (s, 4): lon, lat, lon, lat; ``segment_share`` float32 (s, 2): the
    fractions of its arc at its two ends. Cell c lists ``listed[start[c]:start[c + 1]]``. ``arc_bits`` uint8 (arcs, 2): the
    classes that may use the arc and its twin; ``arc_kind`` int8 (arcs, 2): its layer, and 1 where it is a tunnel.
    """

    west: float
    south: float
    cell_lon: float
    cell_lat: float
    columns: int
    rows: int
    start: IntArray
    listed: IntArray
    segment_arc: IntArray
    segment_place: FloatArray
    segment_share: SingleArray
    arc_bits: AnyArray
    arc_kind: AnyArray

    def segments_in(self, west: float, south: float, east: float, north: float) -> IntArray:
        """Segments listed in the cells that a box touches, each once, ascending."""
        first = max(0, math.floor((west - self.west) / self.cell_lon))
        last = min(self.columns - 1, math.floor((east - self.west) / self.cell_lon))
        low = max(0, math.floor((south - self.south) / self.cell_lat))
        high = min(self.rows - 1, math.floor((north - self.south) / self.cell_lat))
        found = [
            self.listed[self.start[row * self.columns + first] : self.start[row * self.columns + last + 1]]
            for row in range(low, high + 1)
            if first <= last
        ]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)


@compiled
def _segments(arcs, shape_start, lon, lat, segment_arc, place, share):  # type: ignore[no-untyped-def]
    at = 0
    for arc in arcs:
        low, high = shape_start[arc], shape_start[arc + 1]
        total = 0.0
        first = at
        for i in range(low, high - 1):
            east = (lon[i + 1] - lon[i]) * math.cos(math.radians(lat[i]))
            total += math.hypot(east, lat[i + 1] - lat[i])
            segment_arc[at] = arc
            place[at, 0], place[at, 1], place[at, 2], place[at, 3] = lon[i], lat[i], lon[i + 1], lat[i + 1]
            share[at, 1] = total
            at += 1
        if total <= 0.0:
            total = 1.0
        before = 0.0
        for i in range(first, at):
            share[i, 0] = before
            before = min(share[i, 1] / total, 1.0)
            share[i, 1] = before
        share[at - 1, 1] = 1.0


@compiled
def _list_cells(place, west, south, cell_lon, cell_lat, columns, start, listed):  # type: ignore[no-untyped-def]
    """With ``listed`` empty count into ``start[c + 1]``; else fill, moving ``start[c]`` on."""
    for i in range(len(place)):
        x_a, x_b = (place[i, 0] - west) / cell_lon, (place[i, 2] - west) / cell_lon
        y_a, y_b = (place[i, 1] - south) / cell_lat, (place[i, 3] - south) / cell_lat
        for row in range(int(min(y_a, y_b)), int(max(y_a, y_b)) + 1):
            left, right = min(x_a, x_b), max(x_a, x_b)
            if y_a != y_b:  # the part of the segment within this row of cells
                at_low = x_a + (x_b - x_a) * (row - y_a) / (y_b - y_a)
                at_high = x_a + (x_b - x_a) * (row + 1 - y_a) / (y_b - y_a)
                left, right = max(left, min(at_low, at_high)), min(right, max(at_low, at_high))
            for column in range(int(left), int(right) + 1):
                cell = row * columns + column
                if len(listed):
                    listed[start[cell]] = i
                    start[cell] += 1
                else:
                    start[cell + 1] += 1


def street_grid(roads: RoadArrays) -> StreetGrid:
    """Grid of one city's streets."""
    arcs = np.flatnonzero((roads.arc_twin < 0) | (np.arange(len(roads.arc_twin)) < roads.arc_twin)).astype(np.int32)
    shape_start = np.array(roads.shape_start)
    count = int((shape_start[arcs + 1] - shape_start[arcs] - 1).sum())
    segment_arc, place = np.empty(count, np.int32), np.empty((count, 4))
    share = np.empty((count, 2), np.float32)
    _segments(arcs, shape_start, np.array(roads.shape_lon), np.array(roads.shape_lat), segment_arc, place, share)
    west, south = float(place[:, [0, 2]].min()), float(place[:, [1, 3]].min())
    east, north = float(place[:, [0, 2]].max()), float(place[:, [1, 3]].max())
    cell_lat, cell_lon = CELL_DEG, CELL_DEG / max(0.05, math.cos(math.radians((south + north) / 2)))
    wider = math.sqrt(max(1.0, (east - west) / cell_lon * (north - south) / cell_lat / MAX_CELLS))
    cell_lat, cell_lon = cell_lat * wider, cell_lon * wider
    columns, rows = int((east - west) / cell_lon) + 2, int((north - south) / cell_lat) + 2
    start = np.zeros(columns * rows + 1, np.int32)
    _list_cells(place, west, south, cell_lon, cell_lat, columns, start, np.empty(0, np.int32))
    np.cumsum(start, out=start)
    listed = np.empty(int(start[-1]), np.int32)
    _list_cells(place, west, south, cell_lon, cell_lat, columns, start.copy(), listed)
    access = np.array(roads.arc_access)
    bits = np.stack([access, np.where(roads.arc_twin >= 0, access[roads.arc_twin], 0)], axis=1).astype(np.uint8)
    kind = np.stack([roads.arc_layer, (roads.arc_flags & TUNNEL) > 0], axis=1).astype(np.int8)
    for array in (start, listed, segment_arc, place, share, bits, kind):
        frozen(array)
    return StreetGrid(
        west, south, cell_lon, cell_lat, columns, rows, start, listed, segment_arc, place, share, bits, kind
    )
