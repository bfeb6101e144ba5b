"""Where on the roads a position lies: the nearest street that the class may use, its direction chosen by the heading.

The street with the least score wins; the score is the distance in metres plus, each only where it applies,

- heading known: 20 m x (1 - cos of the angle between the heading and the better of the usable directions). At a right angle
  that is 20 m and against a one-way 40 m: enough to keep a vehicle on the bridge that it drives over and on its own side of
  a divided road, too little to pull it off a street that it plainly stands in;
- layer known (a person said "on the bridge"): 30 m for a street on another layer;
- a tunnel, where the layer is not known: 10 m, since a position from the sky is seldom inside one.

The angle also chooses the arc of a two-way street. ``within_m`` bounds the true distance, not the score.
"""

import math

import numpy as np

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import Ground
from kuaijing.routing.arrays import AnyArray, BoolArray, FloatArray
from kuaijing.routing.compiled import compiled
from kuaijing.routing.errors import ShapeMismatch, UnknownUnitClass
from kuaijing.routing.snaps import Snap, UnitSnaps
from kuaijing.routing.street_grid import M_PER_DEG, StreetGrid

HEADING_M = 20.0
LAYER_M = 30.0
TUNNEL_M = 10.0
ANY_LAYER = 127


@compiled
def _foot_of(place, k_lon, lon, lat):  # type: ignore[no-untyped-def]
    """Where on a segment the point nearest to (lon, lat) lies, 0 to 1, and how many metres away."""
    x_1, y_1 = (place[0] - lon) * k_lon, (place[1] - lat) * M_PER_DEG
    x_2, y_2 = (place[2] - lon) * k_lon, (place[3] - lat) * M_PER_DEG
    d_x, d_y = x_2 - x_1, y_2 - y_1
    square = d_x * d_x + d_y * d_y
    at = min(1.0, max(0.0, -(x_1 * d_x + y_1 * d_y) / square)) if square > 0 else 0.0
    x, y = x_1 + at * d_x, y_1 + at * d_y
    return at, math.sqrt(x * x + y * y)


@compiled
def _misfit(place, k_lon, east, north, forwards, backwards):  # type: ignore[no-untyped-def]
    """Metres that a heading (unit vector; 0, 0 unknown) adds for the better usable direction; and whether that is backwards."""
    d_x, d_y = (place[2] - place[0]) * k_lon, (place[3] - place[1]) * M_PER_DEG
    length = math.sqrt(d_x * d_x + d_y * d_y)
    if (east == 0.0 and north == 0.0) or length == 0.0:
        return 0.0, not forwards
    along = (east * d_x + north * d_y) / length
    against = backwards and (not forwards or along < 0)
    return HEADING_M * (1.0 + along if against else 1.0 - along), against


@compiled
def _snap_one(  # type: ignore[no-untyped-def]
    lon, lat, heading, layer, bit, within, west, south, cell_lon, cell_lat, columns, rows,
    start, listed, segment_arc, place, share, arc_bits, arc_kind,
):  # fmt: skip
    """Segment (-1 none), whether against its shape, fraction of the arc along its shape, metres off."""
    k_lon = M_PER_DEG * math.cos(math.radians(lat))
    best, best_score, best_against, best_fraction, best_metres = -1, np.inf, False, 0.0, 0.0
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return best, best_against, best_fraction, best_metres
    # North or south of all streets none is near; towards a pole, where cells are narrow, the rings below would be without end.
    if max(south - lat, lat - south - rows * cell_lat) * M_PER_DEG > within:
        return best, best_against, best_fraction, best_metres
    east = 0.0 if math.isnan(heading) else math.sin(math.radians(heading))
    north = 0.0 if math.isnan(heading) else math.cos(math.radians(heading))
    cell_x, cell_y = cell_lon * k_lon, cell_lat * M_PER_DEG
    x_0, y_0 = (lon - west) / cell_lon, (lat - south) / cell_lat
    middle_x, middle_y = math.floor(x_0), math.floor(y_0)
    ring = 0
    while (ring - 1) * min(cell_x, cell_y) <= min(within, best_score):
        for y in range(max(0, middle_y - ring), min(rows - 1, middle_y + ring) + 1):
            edge_row = abs(y - middle_y) == ring
            step = 1 if edge_row or ring == 0 else 2 * ring
            for x in range(middle_x - ring, middle_x + ring + 1, step):
                if x < 0 or x >= columns:
                    continue
                off_x = max(0.0, x - x_0, x_0 - x - 1) * cell_x
                off_y = max(0.0, y - y_0, y_0 - y - 1) * cell_y
                if off_x * off_x + off_y * off_y > min(within, best_score) ** 2:
                    continue
                cell = y * columns + x
                for i in range(start[cell], start[cell + 1]):
                    segment = listed[i]
                    arc = segment_arc[segment]
                    forwards, backwards = (arc_bits[arc, 0] & bit) != 0, (arc_bits[arc, 1] & bit) != 0
                    if not (forwards or backwards):
                        continue
                    at, metres = _foot_of(place[segment], k_lon, lon, lat)
                    if metres > within or metres >= best_score:
                        continue
                    more, against = _misfit(place[segment], k_lon, east, north, forwards, backwards)
                    score = metres + more
                    if layer != ANY_LAYER:
                        score += LAYER_M if arc_kind[arc, 0] != layer else 0.0
                    elif arc_kind[arc, 1]:
                        score += TUNNEL_M
                    if score < best_score:
                        best, best_score, best_against, best_metres = segment, score, against, metres
                        best_fraction = share[segment, 0] + at * (share[segment, 1] - share[segment, 0])
        ring += 1
    return best, best_against, best_fraction, best_metres


@compiled
def _snap_all(  # type: ignore[no-untyped-def]
    lon, lat, heading, layer, bit, within, west, south, cell_lon, cell_lat, columns, rows,
    start, listed, segment_arc, place, share, arc_bits, arc_kind, twin, arc_out, fraction_out, metres_out,
):  # fmt: skip
    for i in range(len(lon)):
        segment, against, fraction, metres = _snap_one(
            lon[i], lat[i], heading[i], layer, bit, within, west, south, cell_lon, cell_lat, columns, rows,
            start, listed, segment_arc, place, share, arc_bits, arc_kind,
        )  # fmt: skip
        if segment >= 0:
            arc = segment_arc[segment]
            arc_out[i] = twin[arc] if against else arc
            fraction_out[i] = 1.0 - fraction if against else fraction
            metres_out[i] = metres


class Snapper:
    """Snaps positions onto one city's streets. Safe to share between threads."""

    def __init__(self, ground: Ground, grid: StreetGrid) -> None:
        self._ground = ground
        self._grid = grid
        self._twin = np.array(ground.arc_twin)

    def many(
        self,
        lon: FloatArray,
        lat: FloatArray,
        unit_class: str,
        heading_deg: FloatArray,
        *,
        at_rest: BoolArray | None = None,
        within_m: float = 500.0,
    ) -> UnitSnaps:
        """One row for each position; see ``Network.snap_many``."""
        places = tuple(np.array(array, dtype=np.float64) for array in (lon, lat, heading_deg))
        if len({array.shape for array in places}) > 1 or places[0].ndim != 1:
            raise ShapeMismatch(
                f"lon, lat and heading_deg are {[array.shape for array in places]}, wanted one row a unit"
            )
        arc, fraction, metres = self._snap((places[0], places[1], places[2]), _bit(unit_class), ANY_LAYER, within_m)
        unsure = np.isnan(places[2])
        if at_rest is not None:
            unsure = unsure | at_rest
        both = unsure & (self._usable_twin(arc, _bit(unit_class)) >= 0)
        return UnitSnaps(arc=arc, fraction=fraction.astype(np.float32), off_road_m=metres.astype(np.float32), both=both)

    def one(
        self,
        lon: float,
        lat: float,
        unit_class: str,
        *,
        heading_deg: float | None = None,
        layer: int | None = None,
        within_m: float = 500.0,
    ) -> Snap | None:
        """See ``Network.snap``."""
        bit = _bit(unit_class)
        heading = math.nan if heading_deg is None else heading_deg
        place = np.array([lon], np.float64), np.array([lat], np.float64), np.array([heading], np.float64)
        arc, fraction, metres = self._snap(place, bit, ANY_LAYER if layer is None else layer, within_m)
        return self.at(int(arc[0]), float(fraction[0]), unit_class, float(metres[0])) if arc[0] >= 0 else None

    def at(self, arc: int, fraction: float, unit_class: str, off_road_m: float = 0.0) -> Snap:
        """The place at a fraction of an arc."""
        ground = self._ground
        lon, lat = point_along(ground, arc, fraction)
        return Snap(
            arc=arc,
            fraction=fraction,
            twin=int(self._usable_twin(np.array([arc], np.int32), _bit(unit_class))[0]),
            lon=lon,
            lat=lat,
            street=int(ground.arc_street[arc]),
            name=ground.names[int(ground.arc_name[arc])],
            off_road_m=off_road_m,
            layer=int(ground.arc_layer[arc]),
        )

    def streets(self, lon: float, lat: float, unit_class: str, *, within_m: float, most: int) -> list[Snap]:
        """See ``Network.snap_streets``."""
        bit, grid = _bit(unit_class), self._grid
        d_lat = within_m / M_PER_DEG
        d_lon = d_lat / max(0.05, math.cos(math.radians(lat)))
        best: dict[int, tuple[float, int, float]] = {}
        for segment in grid.segments_in(lon - d_lon, lat - d_lat, lon + d_lon, lat + d_lat):
            arc = int(grid.segment_arc[segment])
            at, metres = _foot_of(grid.segment_place[segment], M_PER_DEG * math.cos(math.radians(lat)), lon, lat)
            if metres <= within_m and (grid.arc_bits[arc] & bit).any() and metres < best.get(arc, (math.inf,))[0]:
                low, high = grid.segment_share[segment]
                best[arc] = metres, arc, float(low + at * (high - low))
        found = []
        for metres, arc, fraction in sorted(best.values())[:most]:
            if grid.arc_bits[arc, 0] & bit:
                found.append(self.at(arc, fraction, unit_class, metres))
            else:
                found.append(self.at(int(self._twin[arc]), 1.0 - fraction, unit_class, metres))
        return found

    def _usable_twin(self, arc: AnyArray, bit: int) -> AnyArray:
        twin = np.where(arc >= 0, self._twin[arc], -1)
        return np.where((twin >= 0) & ((self._ground.arc_access[twin] & bit) != 0), twin, -1)

    def _snap(
        self, places: tuple[FloatArray, FloatArray, FloatArray], bit: int, layer: int, within_m: float
    ) -> tuple[AnyArray, FloatArray, FloatArray]:
        grid = self._grid
        arc = np.full(len(places[0]), -1, np.int32)
        fraction, metres = np.zeros(len(arc)), np.zeros(len(arc))
        _snap_all(
            *places, layer, bit, float(within_m), grid.west, grid.south, grid.cell_lon, grid.cell_lat,
            grid.columns, grid.rows, grid.start, grid.listed, grid.segment_arc, grid.segment_place, grid.segment_share,
            grid.arc_bits, grid.arc_kind, self._twin, arc, fraction, metres,
        )  # fmt: skip
        return arc, np.clip(fraction, 0.0, 1.0), metres


def point_along(ground: Ground, arc: int, fraction: float) -> tuple[float, float]:
    """Longitude and latitude at a fraction of an arc's shape."""
    low, high = int(ground.shape_start[arc]), int(ground.shape_start[arc + 1])
    lon, lat = np.array(ground.shape_lon[low:high]), np.array(ground.shape_lat[low:high])
    at = shares_along(lon, lat)
    return float(np.interp(fraction, at, lon)), float(np.interp(fraction, at, lat))


def shares_along(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Fraction of a line's length at each of its points, 0 at the first, 1 at the last."""
    steps = np.hypot(np.diff(lon) * np.cos(np.radians(lat[:-1])), np.diff(lat))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] <= 0:
        return np.linspace(0.0, 1.0, len(lon))
    shares: FloatArray = along / along[-1]
    return shares


def _bit(unit_class: str) -> int:
    if unit_class not in UNIT_CLASSES:
        raise UnknownUnitClass(unit_class, tuple(UNIT_CLASSES))
    return UNIT_CLASSES[unit_class]
