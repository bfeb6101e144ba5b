"""The plan's areas and points as the detectors ask for them: which beat holds a place, how far off it is, which patrol points are near.

Made once per plan document. Shapes are held in metres on a local plane, so that a distance is a distance; many places are asked
at once. What a unit did there is not known here.
"""

import math
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from kuaijing.domain.plan_document import PatrolPoint, PlanDocument
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.tracking.detectors.visit import Spot

_M_PER_DEG: Final = 111_195.0
_CELL_DEG: Final = 0.001


class PlanGround:
    """Beats, platforms and patrol points of one plan."""

    def __init__(self, plan: PlanDocument, zone: ZoneInfo, visit_m: float) -> None:
        self.plan = plan
        self.platforms = {post.id: post.point for post in plan.platforms}
        self._zone = zone
        beats = [beat for beat in plan.beats if beat.polygons]
        self.beats = tuple(beat.id for beat in beats)
        lats = [lat for beat in beats for polygon in beat.polygons for _, lat in polygon[0]]
        lats += [point.point.lat for point in plan.patrol_points]
        self._scale = np.array([math.cos(math.radians(sum(lats) / len(lats) if lats else 0.0)), 1.0]) * _M_PER_DEG
        self._shapes = [shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in beat.polygons]) for beat in beats]
        self._shapes = [shapely.transform(shape, lambda points: points * self._scale) for shape in self._shapes]
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._of = {beat: row for row, beat in enumerate(self.beats)}
        self._spots: dict[tuple[int, int], list[Spot]] = {}
        for point in plan.patrol_points:
            self._put(self._spot(point), visit_m)

    def beat_rows(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Row in ``beats`` of the beat that holds each place, -1 where none does, int64 (places,)."""
        places = np.column_stack([np.asarray(lon, np.float64), np.asarray(lat, np.float64)]) * self._scale
        rows = np.full(len(places), len(self.beats), np.int64)
        place, beat = self._tree.query(shapely.points(places), predicate="intersects")
        np.minimum.at(rows, place, beat)
        return np.where(rows == len(self.beats), -1, rows)

    def away_m(self, beat: str, lon: float, lat: float) -> float:
        """Metres from a place to a beat, 0 within it; infinite for a beat that the plan does not have."""
        row = self._of.get(beat)
        if row is None:
            return math.inf
        return float(shapely.distance(self._shapes[row], shapely.Point(*(np.array([lon, lat]) * self._scale))))

    def spots_near(self, lon: float, lat: float) -> list[Spot]:
        """Patrol points that may be within the visiting radius."""
        return self._spots.get((math.floor(lon / _CELL_DEG), math.floor(lat / _CELL_DEG)), [])

    def _spot(self, point: PatrolPoint) -> Spot:
        held = point.hours
        if held is None:
            return Spot(point.id, point.point, point.dwell_s, _always)

        def open_at(at: Instant) -> bool:
            local = to_datetime(at).astimezone(self._zone)
            return held.hold(local.hour * 60 + local.minute)

        return Spot(point.id, point.point, point.dwell_s, open_at)

    def _put(self, spot: Spot, within_m: float) -> None:
        east = within_m / self._scale[0] if self._scale[0] > 0 else 0.0
        north = within_m / _M_PER_DEG
        lon, lat = spot.point.lon, spot.point.lat
        for x in range(math.floor((lon - east) / _CELL_DEG), math.floor((lon + east) / _CELL_DEG) + 1):
            for y in range(math.floor((lat - north) / _CELL_DEG), math.floor((lat + north) / _CELL_DEG) + 1):
                self._spots.setdefault((x, y), []).append(spot)


def _always(at: Instant) -> bool:
    return True
