"""Position reports: one or a batch, each judged by itself; what is refused is answered by name and counted."""

from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.tracking import Report
from kuaijing.web.doors import Asked, command
from kuaijing.web.identity.roles import ACTING, UserRole
from kuaijing.web.own_unit import on_own_unit
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.answers import PositionsAnswer, RefusedReport
from kuaijing.wire.requests import PositionBatch, PositionReport


def routes(services: Services) -> list[Route]:
    """The door of this file. A repeat needs no key: the pipeline knows a duplicate."""

    async def take(asked: Asked[PositionReport | PositionBatch]) -> PositionsAnswer:
        given = asked.given
        reports = given.reports if isinstance(given, PositionBatch) else [given]
        for unit in {report.unit for report in reports}:
            on_own_unit(services, asked, unit)
        now = services.clock.now()
        judged = services.tracking.take([_report(each, now) for each in reports])
        refused = [
            RefusedReport(index, each.report.unit, each.refusal.reason.value, each.refusal.detail)
            for index, each in enumerate(judged)
            if each.refusal is not None
        ]
        return PositionsAnswer(len(judged) - len(refused), refused)

    door = command(
        "/api/positions",
        "Where units are",
        PositionReport,
        PositionsAnswer,
        or_given=PositionBatch,
        roles=ACTING - {UserRole.POST},
    )
    return [(door, take)]


def _report(body: PositionReport, received_at: Instant) -> Report:
    return Report(
        unit=body.unit,
        lon=body.lon,
        lat=body.lat,
        measured_at=from_datetime(body.measured_at),
        received_at=received_at,
        crs=body.crs,
        speed_mps=body.speed_mps,
        heading_deg=body.heading_deg,
        accuracy_m=body.accuracy_m,
        source=body.source,
    )
