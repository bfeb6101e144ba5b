"""A plan document written as files again: reading them gives the same document."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import yaml

from kuaijing.domain.commands import PlannedUnit
from kuaijing.domain.plan_document import Hours, PlanDocument, Polygon
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.measures.points import Point
from kuaijing.wire.plans import files
from kuaijing.wire.plans.force import COLUMNS


def files_of(document: PlanDocument, *, xlsx: bool = False) -> dict[str, bytes]:
    """Name and content of every file; the force as XLSX where asked for, else CSV."""
    force = {files.FORCE_XLSX: _force_xlsx(document)} if xlsx else {files.FORCE_CSV: _force_csv(document)}
    return {
        files.PLAN: _yaml(_heading(document)),
        files.TIERS: _tiers(document),
        files.BEATS: _beats(document),
        files.PLATFORMS: _platforms(document),
        files.PATROL_POINTS: _patrol_points(document),
        files.CLOSURES: _closures(document),
        **force,
        files.RESPONSE: _yaml(_response(document)),
    }


def write_folder(document: PlanDocument, folder: Path, *, xlsx: bool = False) -> None:
    """Write the files into a folder, made where absent."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files_of(document, xlsx=xlsx).items():
        (folder / name).write_bytes(content)


def zip_of(document: PlanDocument, *, xlsx: bool = False) -> bytes:
    """One ZIP with the files; the same document gives the same bytes (CSV form)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(document, xlsx=xlsx).items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _heading(document: PlanDocument) -> dict[str, object]:
    return {
        "name": document.name,
        "name_en": document.name_en,
        "version": document.version,
        "valid_from": _time(document.valid_from),
        "provisional": document.provisional,
        "fictional": document.fictional,
        "timezone": document.timezone,
        "rest_limit_s": document.rest_limit_s,
        "rest_name": document.rest_name,
        "rest_name_en": document.rest_name_en,
    }


def _response(document: PlanDocument) -> dict[str, object]:
    plans = []
    for plan in document.response_plans:
        fields = asdict(plan)
        fields |= {"classes": list(plan.classes), "capabilities": list(plan.capabilities)}
        fields["followers"] = [asdict(follower) for follower in plan.followers]
        plans.append(fields)
    return {"kinds": [asdict(kind) for kind in document.kinds], "plans": plans}


def _tiers(document: PlanDocument) -> bytes:
    return _collection(
        _feature(
            _area(area.polygons),
            id=area.id,
            name=area.name,
            name_en=area.name_en,
            limit_s=area.limit_s,
            hours=_hours(area.hours),
            priority=area.priority,
        )
        for area in document.tier_areas
    )


def _beats(document: PlanDocument) -> bytes:
    return _collection(
        _feature(_area(beat.polygons), id=beat.id, name=beat.name, name_en=beat.name_en, platform=beat.platform)
        for beat in document.beats
    )


def _platforms(document: PlanDocument) -> bytes:
    return _collection(
        _feature(_at(post.point), id=post.id, name=post.name, name_en=post.name_en, beat=post.beat)
        for post in document.platforms
    )


def _patrol_points(document: PlanDocument) -> bytes:
    return _collection(
        _feature(
            _at(point.point),
            id=point.id,
            name=point.name,
            name_en=point.name_en,
            beat=point.beat,
            hours=_hours(point.hours),
            dwell_s=point.dwell_s,
            visits=point.visits,
        )
        for point in document.patrol_points
    )


def _closures(document: PlanDocument) -> bytes:
    return _collection(
        _feature(
            _area(tuple((ring,) for ring in closure.parts))
            if closure.shape == "polygon"
            else {"type": "MultiLineString", "coordinates": closure.parts},
            id=closure.id,
            name=closure.name,
            factor=closure.factor,
            **{"from": _time(closure.from_at), "to": _time(closure.until)},
        )
        for closure in document.closures
    )


def _collection(features: Iterable[dict[str, object]]) -> bytes:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _feature(geometry: dict[str, object], **properties: object) -> dict[str, object]:
    kept = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "properties": kept, "geometry": geometry}


def _area(polygons: tuple[Polygon, ...]) -> dict[str, object]:
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _at(point: Point) -> dict[str, object]:
    return {"type": "Point", "coordinates": (point.lon, point.lat)}


def _hours(hours: Hours | None) -> str | None:
    return None if hours is None else str(hours)


def _time(instant: Instant | None) -> str | None:
    return None if instant is None else to_datetime(instant).isoformat()


def _yaml(content: dict[str, object]) -> bytes:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120).encode()


def _row(unit: PlannedUnit) -> list[object]:
    return [
        unit.unit,
        unit.call_sign,
        unit.unit_class,
        unit.platform,
        unit.beat,
        unit.crew_police,
        unit.crew_auxiliary,
        unit.leader,
        ";".join(unit.capabilities),
        "yes" if unit.on_duty else "no",
        "" if unit.home is None else repr(unit.home.lon),  # as text: a spreadsheet keeps 15 digits of a number
        "" if unit.home is None else repr(unit.home.lat),
    ]


def _force_csv(document: PlanDocument) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_row(unit) for unit in document.force)
    return ("\ufeff" + text.getvalue()).encode()  # the mark makes office programs read it as UTF-8


def _force_xlsx(document: PlanDocument) -> bytes:
    from openpyxl import Workbook  # costs 200 ms to import

    book = Workbook(write_only=True)
    sheet = book.create_sheet("force")
    sheet.append(list(COLUMNS))
    for unit in document.force:
        sheet.append(_row(unit))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
