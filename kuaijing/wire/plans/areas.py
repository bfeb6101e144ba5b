"""Tiers, beats, platforms, patrol points and closures out of their GeoJSON. Each is read by itself; see ``check`` for the rest."""

from zoneinfo import ZoneInfo

from kuaijing.domain.plan_document import REST, BeatArea, PatrolPoint, PlannedClosure, Platform, TierArea
from kuaijing.wire.plans import files
from kuaijing.wire.plans.faults import Faults
from kuaijing.wire.plans.geojson import Box, features, lines_of, point_of, polygons_of


def read_tiers(content: bytes, faults: Faults, ground: Box | None) -> tuple[TierArea, ...]:
    """``tiers.geojson``."""
    areas = []
    for feature in features(files.TIERS, content, faults, ground):
        record = feature.record
        area = TierArea(
            id=record.identifier("id"),
            name=record.text("name"),
            name_en=record.text("name_en", default=""),
            limit_s=record.number("limit_s", 1, 7200),
            hours=record.hours("hours"),
            priority=record.count("priority", -1000, 1000, default=0),
            polygons=polygons_of(feature),
        )
        if area.id == REST:
            record.fault(
                "id", REST, "is everywhere else and has no area", "leave it out; its limit is rest_limit_s in plan.yaml"
            )
        areas.append(area)
    return tuple(areas)


def read_beats(content: bytes, faults: Faults, ground: Box | None) -> tuple[BeatArea, ...]:
    """``beats.geojson``."""
    return tuple(
        BeatArea(
            id=feature.record.identifier("id"),
            name=feature.record.text("name"),
            name_en=feature.record.text("name_en", default=""),
            platform=feature.record.identifier("platform"),
            polygons=polygons_of(feature),
        )
        for feature in features(files.BEATS, content, faults, ground)
    )


def read_platforms(content: bytes, faults: Faults, ground: Box | None) -> tuple[Platform, ...]:
    """``platforms.geojson``."""
    platforms = []
    for feature in features(files.PLATFORMS, content, faults, ground):
        record = feature.record
        identifier, name = record.identifier("id"), record.text("name")
        name_en, beat, point = record.text("name_en", default=""), record.identifier("beat"), point_of(feature)
        if point is not None:
            platforms.append(Platform(identifier, name, name_en, beat, point))
    return tuple(platforms)


def read_patrol_points(content: bytes, faults: Faults, ground: Box | None) -> tuple[PatrolPoint, ...]:
    """``patrol_points.geojson``."""
    points = []
    for feature in features(files.PATROL_POINTS, content, faults, ground):
        record = feature.record
        identifier, name, beat = record.identifier("id"), record.text("name"), record.identifier("beat")
        hours, dwell_s = record.hours("hours"), record.number("dwell_s", 0, 86_400, default=0)
        visits, point = record.count("visits", 1, 100, default=1), point_of(feature)
        if point is not None:
            english = record.text("name_en", default="")
            points.append(PatrolPoint(identifier, name, beat, hours, dwell_s, visits, point, english))
    return tuple(points)


def read_closures(content: bytes, faults: Faults, ground: Box | None, zone: ZoneInfo) -> tuple[PlannedClosure, ...]:
    """``closures.geojson``."""
    closures = []
    for feature in features(files.CLOSURES, content, faults, ground):
        record = feature.record
        is_area = feature.geometry.get("type") in ("Polygon", "MultiPolygon")
        parts = tuple(polygon[0] for polygon in polygons_of(feature)) if is_area else lines_of(feature)
        closure = PlannedClosure(
            id=record.identifier("id"),
            name=record.text("name", default=""),
            factor=record.number("factor", 0, 0.999, default=0.0),
            shape="polygon" if is_area else "line",
            parts=parts,
            from_at=record.instant("from", zone),
            until=record.instant("to", zone),
        )
        if closure.from_at is not None and closure.until is not None and closure.until <= closure.from_at:
            record.fault("to", record.raw("to"), "is not after from", "correct one of the two")
        closures.append(closure)
    return tuple(closures)
