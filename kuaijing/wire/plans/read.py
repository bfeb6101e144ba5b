"""A plan document out of its files: everything is read and checked, all faults are listed, and nothing is half applied."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.measures.instants import Instant
from kuaijing.wire.plans import files
from kuaijing.wire.plans.areas import read_beats, read_closures, read_patrol_points, read_platforms, read_tiers
from kuaijing.wire.plans.check import check
from kuaijing.wire.plans.faults import Faults
from kuaijing.wire.plans.files import read_files
from kuaijing.wire.plans.force import read_force
from kuaijing.wire.plans.geojson import Box
from kuaijing.wire.plans.record import Record
from kuaijing.wire.plans.response import read_response, yaml_mapping

_EMPTY = b'{"type": "FeatureCollection", "features": []}'


def read_plan(source: Path | bytes, ground: Box | None = None) -> PlanDocument:
    """Read a plan document from a folder, a ZIP file or a ZIP's bytes.

    Parameters
    ----------
    source
        The folder or file, or the bytes of a ZIP.
    ground
        Box of the city's ground (west, south, east, north); shapes outside are faults. ``None``: not checked.

    Raises
    ------
    PlanRefused
        With every fault by file, feature or row, and field.
    """
    faults = Faults()
    found = read_files(source, faults)
    heading = yaml_mapping(files.PLAN, found[files.PLAN], faults) if files.PLAN in found else None
    record = Record(faults if heading is not None else Faults(), files.PLAN, "", heading or {})
    record.only(
        "name", "name_en", "version", "valid_from", "provisional", "fictional", "timezone", "rest_limit_s", "rest_name",
        "rest_name_en", "files",
    )  # fmt: skip
    zone = _zone(record)
    force_file = files.FORCE_XLSX if files.FORCE_XLSX in found else files.FORCE_CSV
    kinds, plans = read_response(found[files.RESPONSE], faults) if files.RESPONSE in found else ((), ())
    document = PlanDocument(
        name=record.text("name"),
        name_en=record.text("name_en", default=""),
        version=_version(record),
        valid_from=_valid_from(record, zone),
        provisional=record.yes("provisional", default=False),
        fictional=record.yes("fictional", default=False),
        timezone=zone.key,
        rest_limit_s=record.number("rest_limit_s", 1, 7200),
        rest_name=record.text("rest_name", default="其他区域"),
        rest_name_en=record.text("rest_name_en", default="Elsewhere"),
        tier_areas=read_tiers(found.get(files.TIERS, _EMPTY), faults, ground),
        beats=read_beats(found.get(files.BEATS, _EMPTY), faults, ground),
        platforms=read_platforms(found.get(files.PLATFORMS, _EMPTY), faults, ground),
        patrol_points=read_patrol_points(found.get(files.PATROL_POINTS, _EMPTY), faults, ground),
        closures=read_closures(found.get(files.CLOSURES, _EMPTY), faults, ground, zone),
        force=read_force(force_file, found[force_file], faults, ground) if force_file in found else (),
        kinds=kinds,
        response_plans=plans,
    )
    if found:
        check(document, force_file, faults)
    faults.refuse_if_any()
    return document


def _zone(record: Record) -> ZoneInfo:
    name = record.text("timezone", default="Asia/Shanghai", longest=64)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        record.fault("timezone", name, "is no time zone", "use a name such as Asia/Shanghai")
        return ZoneInfo("UTC")


def _version(record: Record) -> str:
    value = record.raw("version")
    return (
        str(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else record.text("version", longest=64)
    )


def _valid_from(record: Record, zone: ZoneInfo) -> Instant:
    if record.absent("valid_from"):
        record.fault("valid_from", None, "is missing", "give the date from which the plan holds")
    return record.instant("valid_from", zone) or Instant(0)
