"""The survey: what the ground and the plan in force say of a place at a moment, and the plan's areas for a map.

Arrays of many places at once for reach, one ``Place`` for an incident. Immutable: another plan is another survey. Knows nothing
of incidents or units.

- Tier: of the areas that hold the place and whose hours hold then, by the city's local time, the one of highest priority, among
  equals the one of shortest limit; ``rest`` elsewhere.
- Beat: the one that holds the place; within 50 m of the edge of the served area still the nearest.
- Road: the nearest street that a car can use; where the text names another one within 40 m (a bridge, the road beneath it, the
  other carriageway) that one. A street without a name lends the place that of the nearest named one within 250 m, as people say it.
"""

import json
from functools import cached_property
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.ground import Ground
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument, Polygon
from kuaijing.engine.named_streets import NamedStreets
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.measures.points import Point
from kuaijing.routing.snaps import Snap

BEAT_EDGE_M: Final = 50.0
ROAD_WITHIN_M: Final = 500.0
NAMED_WITHIN_M: Final = 40.0
_M_PER_DEG: Final = 111_195.0
_SNAP_DEG: Final = 2e-5
"""Edges of neighbouring beats nearer than this (two metres) are one edge on the map."""
_GRID_DEG: Final = 1e-7


class Roads(Protocol):
    """What the survey asks of the road network."""

    def snap(self, lon: float, lat: float, unit_class: str, *, within_m: float = 500.0) -> Snap | None:
        """The nearest usable street."""

    def snap_streets(self, lon: float, lat: float, unit_class: str, *, within_m: float, most: int) -> list[Snap]:
        """The nearest streets, nearest first."""


class Survey:
    """Places surveyed on one ground under one plan."""

    def __init__(self, ground: Ground, network: Roads, plan: PlanDocument, zone: ZoneInfo | None = None) -> None:
        self.ground, self.plan = ground, plan
        self.zone = ZoneInfo(plan.timezone) if zone is None else zone
        self.tiers = plan.tiers
        self._network = network
        self._tier_index = {tier.id: index for index, tier in enumerate(self.tiers)}
        areas = sorted(plan.tier_areas, key=lambda area: (-area.priority, area.limit_s))
        self._areas = [area for area in areas if area.polygons]
        self._area_tree = shapely.STRtree([_shape(area.polygons) for area in self._areas])
        self._beats = [beat for beat in plan.beats if beat.polygons]
        self._beat_shapes = [_shape(beat.polygons) for beat in self._beats]
        shapely.prepare(self._beat_shapes)
        self._beat_tree = shapely.STRtree(self._beat_shapes)

    def place(self, point: Point, text: str, at: Instant) -> Place:
        """Everything that is frozen into an incident when it is opened there."""
        lon, lat = np.array([point.lon]), np.array([point.lat])
        tier = self.tiers[int(self.tiers_of(lon, lat, at)[0])]
        beat = self._beat_of(point)
        road = self.street_of(point, text)
        return Place(
            point=point,
            text=text,
            tier=tier.id,
            tier_limit_s=tier.limit_s,
            beat=beat,
            road="" if road is None else road.name or self._named_streets.find(point),
            off_road_m=None if road is None else round(road.off_road_m, 1),
            inside_city=beat is not None if self._beats else self._in_box(point),
        )

    def street_of(self, point: Point, text: str = "") -> Snap | None:
        """The street that a place belongs to; ``None`` where none is within 500 m."""
        return street_of(self._network, point, text)

    def tiers_of(self, lon: NDArray[np.float64], lat: NDArray[np.float64], at: Instant) -> NDArray[np.int32]:
        """Index into ``tiers`` for each of many places, int32 (places,)."""
        found = np.full(len(lon), len(self._areas), np.int64)
        if self._areas:
            minute = self._minute(at)
            held = np.array([area.hours is None or area.hours.hold(minute) for area in self._areas])
            place, area = self._area_tree.query(shapely.points(lon, lat), predicate="intersects")
            keep = held[area]
            np.minimum.at(found, place[keep], area[keep])
        index = [*(self._tier_index[area.id] for area in self._areas), len(self.tiers) - 1]
        return np.array(index, np.int32)[found]

    def tier_change_minutes(self) -> tuple[int, ...]:
        """Minutes of the local day at which some tier's hours begin or end."""
        hours = [area.hours for area in self._areas if area.hours is not None]
        return tuple(sorted({edge % 1440 for hold in hours for pair in hold.ranges for edge in pair}))

    def areas_geojson(self) -> dict[str, Any]:
        """Tiers, beats, platforms and patrol points as one FeatureCollection; ``kind`` says which.

        ``beat`` areas carry no line of their own: their edges come as ``beat_edge`` lines, each shared edge once.
        """
        return self._areas_geojson

    @cached_property
    def _named_streets(self) -> NamedStreets:
        return NamedStreets(self.ground)

    def _minute(self, at: Instant) -> int:
        local = to_datetime(at).astimezone(self.zone)
        return local.hour * 60 + local.minute

    def _beat_of(self, point: Point) -> str | None:
        here = shapely.Point(point.lon, point.lat)
        inside = self._beat_tree.query(here, predicate="intersects")
        if len(inside):
            return self._beats[int(inside.min())].id
        if not self._beats:
            return None
        nearest = int(np.asarray(self._beat_tree.nearest(here)))
        squeeze = np.array([np.cos(np.radians(point.lat)), 1.0]) * _M_PER_DEG
        away = shapely.shortest_line(here, self._beat_shapes[nearest])
        start, end = shapely.get_coordinates(away) * squeeze
        return self._beats[nearest].id if float(np.hypot(*(end - start))) <= BEAT_EDGE_M else None

    def _in_box(self, point: Point) -> bool:
        west, south, east, north = self.ground.bbox
        return west <= point.lon <= east and south <= point.lat <= north

    @cached_property
    def _areas_geojson(self) -> dict[str, Any]:
        features = [
            _feature(
                _shape(area.polygons),
                kind="tier",
                id=area.id,
                name=area.name,
                name_en=area.name_en,
                limit_s=area.limit_s,
                hours=None if area.hours is None else str(area.hours),
                priority=area.priority,
            )
            for area in reversed(self._areas)
        ]
        for beat, shape in zip(self._beats, self._beat_shapes, strict=True):
            names = {"id": beat.id, "name": beat.name, "name_en": beat.name_en, "platform": beat.platform}
            features.append(_feature(shape, kind="beat", **names))
            features.append(_feature(shapely.point_on_surface(shape), kind="beat_label", **names))
        features += [_feature(edge, kind="beat_edge") for edge in _edges(self._beat_shapes)]
        for post in self.plan.platforms:
            here = shapely.Point(post.point.lon, post.point.lat)
            features.append(
                _feature(here, kind="platform", id=post.id, name=post.name, name_en=post.name_en, beat=post.beat)
            )
        for spot in self.plan.patrol_points:
            hours = None if spot.hours is None else str(spot.hours)
            here = shapely.Point(spot.point.lon, spot.point.lat)
            features.append(
                _feature(
                    here,
                    kind="patrol_point",
                    id=spot.id,
                    name=spot.name,
                    name_en=spot.name_en,
                    beat=spot.beat,
                    hours=hours,
                )
            )
        return {"type": "FeatureCollection", "features": features}


def street_of(network: Roads, point: Point, text: str) -> Snap | None:
    """The street that a place belongs to by position and by what was said of it; ``None`` where none is within 500 m."""
    nearest = network.snap(point.lon, point.lat, "car", within_m=ROAD_WITHIN_M)
    if nearest is None or not text or (nearest.name and nearest.name in text):
        return nearest
    near = network.snap_streets(point.lon, point.lat, "car", within_m=NAMED_WITHIN_M, most=8)
    return next((street for street in near if street.name and street.name in text), nearest)


def _shape(polygons: tuple[Polygon, ...]) -> shapely.Geometry:
    parts = [shapely.Polygon(polygon[0], polygon[1:]) for polygon in polygons]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _edges(beats: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Beat boundaries with every shared edge once."""
    drawn: shapely.Geometry = shapely.MultiLineString()
    for beat in beats:
        edge = shapely.boundary(beat)
        if not shapely.is_empty(drawn):
            edge = shapely.snap(edge, drawn, _SNAP_DEG)
        drawn = shapely.union(drawn, edge, grid_size=_GRID_DEG)
    return [line for line in shapely.get_parts(shapely.line_merge(drawn)) if not shapely.is_empty(line)]


def _feature(shape: shapely.Geometry, **properties: object) -> dict[str, Any]:
    kept = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "properties": kept, "geometry": _rounded(json.loads(shapely.to_geojson(shape)))}


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def rounded(coordinates: Any) -> Any:
        if isinstance(coordinates, float | int):
            return round(float(coordinates), 6)
        return [rounded(part) for part in coordinates]

    return {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])}
