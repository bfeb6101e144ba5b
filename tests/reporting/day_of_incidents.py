"""Incident files as a test needs them: a day in some zone, moments as seconds after the call."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.clocks import Interval
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.words import AssignmentStatus, IncidentStatus, Origin, Role
from kuaijing.engine.recorded import IncidentFile
from kuaijing.measures.instants import Instant, after, from_datetime
from kuaijing.measures.points import Point
from kuaijing.reporting import daily_report
from kuaijing.wire.reports import DailyReport

DAY = date(2026, 11, 21)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(hour: int, minute: int = 0, *, zone: ZoneInfo = SHANGHAI, day: date = DAY, fold: int = 0) -> Instant:
    return from_datetime(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=fold))


def file(
    number: int = 1,
    *,
    called: Instant | None = None,
    ordered: float | None = 20.0,
    arrived: tuple[float, float] | None = None,
    pressed: float | None = None,
    tier: str = "rest",
    limit: float = 300.0,
    beat: str | None = "B1",
    status: IncidentStatus = IncidentStatus.CLOSED,
    **more: Any,
) -> IncidentFile:
    """An incident with one assignment; all seconds are after the call."""
    start = moment(9) if called is None else called
    name = f"20261121-{number:04d}"
    interval = None if arrived is None else Interval(after(start, arrived[0]), after(start, arrived[1]))
    at_order = None if ordered is None else after(start, ordered)
    incident = Incident(
        id=name, version=1, status=status, origin=Origin.CALL_110, kind="fight", grade=2, first_kind="fight", first_grade=2,
        plan="fight", place=Place(Point(112.0, 27.0), "", tier, limit, beat, "人民路", 0.0, True), called_at=start,
        opened_at=after(start, 5), first_ordered_at=at_order, arrived=interval, calls=("c1",),
        assignments=(f"{name}.1",) if at_order else (),
    )  # fmt: skip
    parts = ()
    if at_order is not None:
        on_scene = None if pressed is None else after(start, pressed)
        part = Assignment(
            f"{name}.1", name, "U1", "2095", Role.FIRST, AssignmentStatus.CLEARED, 1, ordered_at=at_order,
            on_scene_at=on_scene, arrived=interval,
        )  # fmt: skip
        parts = (part,)
    return IncidentFile(replace(incident, **more), parts, ())


def report_of(
    *files: IncidentFile, zone: ZoneInfo = SHANGHAI, day: date = DAY, now: Instant | None = None
) -> DailyReport:
    return daily_report(files, day, zone, None, moment(23, 59, zone=zone, day=day) if now is None else now)
