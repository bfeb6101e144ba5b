"""The daily report: as data for its page, as CSV, as XLSX."""

import asyncio
from datetime import date

from kuaijing.measures.instants import Instant
from kuaijing.reporting import csv_of, daily_report, files_of_day, xlsx_of
from kuaijing.web.doors import Asked, Raw, look
from kuaijing.web.identity.roles import DISPATCHING
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.queries import DayQuery
from kuaijing.wire.reports import DailyReport
from kuaijing.wire.today import local_day

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def made(asked: Asked[DayQuery]) -> DailyReport:
        now = services.clock.now()
        day = _day(services, asked.given.day, now)
        return await asyncio.to_thread(_report, services, day, now)

    async def as_csv(asked: Asked[DayQuery]) -> Raw:
        report = await made(asked)
        return Raw(await asyncio.to_thread(csv_of, report), "text/csv; charset=utf-8", 200, _named(report, "csv"))

    async def as_xlsx(asked: Asked[DayQuery]) -> Raw:
        report = await made(asked)
        return Raw(await asyncio.to_thread(xlsx_of, report), _XLSX, 200, _named(report, "xlsx"))

    path, who = "/api/reports/daily", DISPATCHING
    return [
        (
            look(path, "Daily report of both clocks by tier, beat and hour", DailyReport, query=DayQuery, roles=who),
            made,
        ),
        (look(f"{path}.csv", "The same as CSV", None, query=DayQuery, roles=who, media_type="text/csv"), as_csv),
        (look(f"{path}.xlsx", "The same as a workbook", None, query=DayQuery, roles=who, media_type=_XLSX), as_xlsx),
    ]


def _report(services: Services, day: date, now: Instant) -> DailyReport:
    zone = services.city.zone
    return daily_report(files_of_day(services.engine, day, zone), day, zone, services.plans.current(), now)


def _day(services: Services, text: str | None, now: Instant) -> date:
    if text is None:
        return local_day(now, services.city.zone)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1970 < day.year < 9999:
        raise BadRequest([Fault("day", text, "no day of the calendar", "give one such as 2026-11-21")])
    return day


def _named(report: DailyReport, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="kuaijing-{report.day}.{ending}"'}
