"""GeoJSON of a plan document: features with their properties, and shapes checked position by position.

Shapes come out in WGS-84. Knows nothing of what a feature means.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

import numpy as np
from shapely import Polygon as Shape
from shapely import is_valid_reason

from kuaijing.domain.plan_document import Polygon, Position, Ring
from kuaijing.measures.coordinates import System, to_wgs84
from kuaijing.measures.points import Point
from kuaijing.wire.plans.faults import Faults
from kuaijing.wire.plans.record import Record

MOST_FEATURES: Final = 20_000
MOST_POSITIONS: Final = 50_000
"""Of one feature."""
MARGIN_DEG: Final = 0.02
"""How far beyond the ground's box a position may lie: a beat may end in the river behind the last street."""

Box = tuple[float, float, float, float]
_SYSTEMS: Final[dict[str, System]] = {
    "wgs84": "wgs84",
    "wgs-84": "wgs84",
    "crs84": "wgs84",
    "epsg:4326": "wgs84",
    "epsg:4490": "wgs84",  # CGCS2000, the national system: within centimetres of WGS-84
    "gcj02": "gcj02",
    "gcj-02": "gcj02",
    "bd09": "bd09",
    "bd-09": "bd09",
}
_URN: Final = ("urn:ogc:def:crs:", "urn:x-ogc:def:crs:")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its properties as a record, its geometry still unread."""

    record: Record
    geometry: dict[str, object]
    crs: System
    ground: Box | None


def features(file: str, content: bytes, faults: Faults, ground: Box | None) -> Iterator[Feature]:
    """The features of a FeatureCollection."""
    collection = _collection(file, content, faults)
    if collection is None:
        return
    crs = _crs(file, collection.get("crs"), faults)
    found = collection["features"]
    assert isinstance(found, list)
    if len(found) > MOST_FEATURES:
        faults.add(file, "", "features", len(found), f"are more than {MOST_FEATURES}", "divide or simplify")
        return
    for index, feature in enumerate(found):
        where = f"feature {index}"
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(properties, dict) or not isinstance(geometry, dict):
            faults.add(file, where, "", None, "is no feature with properties and a geometry", "export the layer again")
            continue
        name = properties.get("id")
        record = Record(faults, file, f"{where} ({name})" if isinstance(name, str | int) else where, properties)
        if crs is not None:
            yield Feature(record, geometry, crs, ground)


def polygons_of(feature: Feature) -> tuple[Polygon, ...]:
    """Polygon or MultiPolygon, valid, closed; empty where it has faults."""
    kind, coordinates = feature.geometry.get("type"), feature.geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        feature.record.fault("geometry", kind, "is no Polygon or MultiPolygon", "draw an area")
        return ()
    parts = [coordinates] if kind == "Polygon" else coordinates
    polygons = []
    for part in parts:
        rings = [_ring(feature, ring) for ring in part] if isinstance(part, list) else []
        if not rings or any(ring is None for ring in rings):
            if not rings:
                feature.record.fault("geometry", None, "has no ring", "draw the area again")
            return ()
        polygon = tuple(ring for ring in rings if ring is not None)
        reason = is_valid_reason(Shape(polygon[0], polygon[1:]))
        if reason != "Valid Geometry":
            feature.record.fault("geometry", reason, "crosses or touches itself", "draw the outline without crossings")
            return ()
        polygons.append(polygon)
    if not polygons:
        feature.record.fault("geometry", None, "is empty", "draw the area again")
    return tuple(polygons)


def lines_of(feature: Feature) -> tuple[Ring, ...]:
    """LineString or MultiLineString; empty where it has faults."""
    kind, coordinates = feature.geometry.get("type"), feature.geometry.get("coordinates")
    if kind not in ("LineString", "MultiLineString") or not isinstance(coordinates, list):
        feature.record.fault("geometry", kind, "is no line", "draw a line or an area")
        return ()
    lines = []
    for part in [coordinates] if kind == "LineString" else coordinates:
        line = _positions(feature, part)
        if line is None or len(line) < 2:
            feature.record.fault("geometry", None, "has a line of fewer than two positions", "draw it again")
            return ()
        lines.append(line)
    return tuple(lines)


def point_of(feature: Feature) -> Point | None:
    """A Point; ``None`` where it has faults."""
    kind = feature.geometry.get("type")
    if kind != "Point":
        feature.record.fault("geometry", kind, "is no Point", "give one position")
        return None
    found = _positions(feature, [feature.geometry.get("coordinates")])
    return Point(*found[0]) if found else None


def inside(lon: float, lat: float, ground: Box | None) -> bool:
    """Whether a position lies on the ground, margin included."""
    if ground is None:
        return -180 <= lon <= 180 and -90 <= lat <= 90
    west, south, east, north = ground
    return west - MARGIN_DEG <= lon <= east + MARGIN_DEG and south - MARGIN_DEG <= lat <= north + MARGIN_DEG


def _collection(file: str, content: bytes, faults: Faults) -> dict[str, object] | None:
    try:
        collection = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        faults.add(file, "", "", None, f"is not UTF-8 (byte {error.start})", "save it as UTF-8")
        return None
    except (ValueError, RecursionError) as error:
        faults.add(file, "", "", None, f"is no JSON: {error}", "export the layer again")
        return None
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        faults.add(file, "", "", None, "is no GeoJSON FeatureCollection", "export the layer as GeoJSON")
        return None
    return collection


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _crs(file: str, member: object, faults: Faults) -> System | None:
    """The coordinate system; RFC 7946 without a member is WGS-84."""
    if member is None:
        return "wgs84"
    named = member.get("properties") if isinstance(member, dict) else member
    name = named.get("name") if isinstance(named, dict) else named
    if isinstance(name, str):
        short = name.strip().lower()
        if short.startswith(_URN):
            authority, _, code = short.split("crs:", 1)[1].partition(":")
            code = code.rpartition(":")[2]
            short = code if authority == "ogc" else f"{authority}:{code}"
        if short in _SYSTEMS:
            return _SYSTEMS[short]
    remedy = "give WGS-84 (EPSG:4326), CGCS2000 (EPSG:4490), gcj02 or bd09 coordinates and say so"
    faults.add(file, "", "crs", name, "is a coordinate system that is not read", remedy)
    return None


def _ring(feature: Feature, positions: object) -> Ring | None:
    ring = _positions(feature, positions)
    if ring is None:
        return None
    if len(ring) < 4 or ring[0] != ring[-1]:
        feature.record.fault(
            "geometry", len(ring), "has a ring that is not closed", "repeat its first position at its end"
        )
        return None
    return ring


def _positions(feature: Feature, positions: object) -> Ring | None:
    if not isinstance(positions, list) or len(positions) > MOST_POSITIONS:
        feature.record.fault("geometry", None, f"is no list of at most {MOST_POSITIONS} positions", "draw it again")
        return None
    given: list[Position] = []
    for position in positions:
        pair = position[:2] if isinstance(position, list) else []
        if len(pair) != 2 or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in pair):
            feature.record.fault("geometry", position, "is no position", "give longitude and latitude")
            return None
        given.append((float(pair[0]), float(pair[1])))
    shifted = given if feature.crs == "wgs84" else _shifted(given, feature.crs)
    for (lon, lat), (given_lon, given_lat) in zip(shifted, given, strict=True):
        if not inside(lon, lat, feature.ground):
            remedy = "check the order (longitude first) and the coordinate system (crs)"
            feature.record.fault("geometry", f"{given_lon}, {given_lat}", "lies outside the ground", remedy)
            return None
    return tuple(shifted)


def _shifted(given: list[Position], system: System) -> list[Position]:
    pairs = np.array(given, dtype=np.float64).reshape(-1, 2)
    lon, lat = to_wgs84(pairs[:, 0], pairs[:, 1], system)
    return list(zip(lon.tolist(), lat.tolist(), strict=True))
