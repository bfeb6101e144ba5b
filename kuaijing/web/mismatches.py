"""Arrivals by position beside the button over a period: as data for its page, as CSV, as XLSX."""

import asyncio

from kuaijing.measures.instants import Instant, from_datetime, seconds_between
from kuaijing.measures.points import Point
from kuaijing.reporting import Period, files_between, mismatch_tables, mismatches, tables_as_csv, tables_as_xlsx
from kuaijing.web.doors import Asked, Raw, look
from kuaijing.web.identity.roles import DISPATCHING
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.mismatches import MismatchQuery, MismatchReport
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.today import day_bounds, local_day

LONGEST_DAYS = 31
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PATH = "/api/reports/mismatches"
_SUMMARY = "Pressed beside measured arrivals: gaps over a minute, presses from far away"


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def made(asked: Asked[MismatchQuery]) -> MismatchReport:
        now = services.clock.now()
        period = _period(services, asked.given, now)
        return await asyncio.to_thread(_report, services, period, now)

    async def as_csv(asked: Asked[MismatchQuery]) -> Raw:
        report = await made(asked)
        content = await asyncio.to_thread(tables_as_csv, mismatch_tables(report))
        return Raw(content, "text/csv; charset=utf-8", 200, _named(report, "csv"))

    async def as_xlsx(asked: Asked[MismatchQuery]) -> Raw:
        report = await made(asked)
        content = await asyncio.to_thread(tables_as_xlsx, mismatch_tables(report))
        return Raw(content, _XLSX, 200, _named(report, "xlsx"))

    query, who = MismatchQuery, DISPATCHING
    return [
        (look(_PATH, _SUMMARY, MismatchReport, query=query, roles=who), made),
        (look(f"{_PATH}.csv", "The same as CSV", None, query=query, roles=who, media_type="text/csv"), as_csv),
        (look(f"{_PATH}.xlsx", "The same as a workbook", None, query=query, roles=who, media_type=_XLSX), as_xlsx),
    ]


def _report(services: Services, period: Period, now: Instant) -> MismatchReport:
    units = services.engine.picture.state.units

    def along(unit: str, start: Point, end: Point) -> float | None:
        known = units.get(unit)
        found = services.roads.route("car" if known is None else known.unit_class, start, end, None)
        return None if found is None else found.metres

    files = files_between(services.engine, period.from_at, period.to)
    zone, plan = services.city.zone, services.plans.current()
    return mismatches(files, period, services.history, along, zone, plan, now)


def _period(services: Services, given: MismatchQuery, now: Instant) -> Period:
    begins, ends = day_bounds(local_day(now, services.city.zone), services.city.zone)
    from_at = begins if given.from_at is None else from_datetime(given.from_at)
    to = max(ends, from_at) if given.to is None else from_datetime(given.to)
    days = seconds_between(from_at, to) / 86_400
    if days < 0:
        raise BadRequest([Fault("to", str(given.to), "before from", "give a later time")])
    if days > LONGEST_DAYS:
        remedy = f"ask for at most {LONGEST_DAYS} days at once"
        raise BadRequest([Fault("from", str(given.from_at), f"{days:.0f} days before to", remedy)])
    return Period(from_at, to, given.unit, given.beat)


def _named(report: MismatchReport, ending: str) -> dict[str, str]:
    name = f"kuaijing-arrivals-{report.from_at:%Y%m%d}-{report.to:%Y%m%d}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
