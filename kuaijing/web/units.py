"""Units: as they stand, their status outside of any order, an officer's call for help."""

from typing import Any

from kuaijing.domain.commands import RaiseHelp, SetUnitStatus
from kuaijing.measures.points import Point
from kuaijing.web.doors import Asked, command, look
from kuaijing.web.own_unit import on_own_unit
from kuaijing.web.problems import not_found
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit, voice
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.help_kind import help_kind
from kuaijing.wire.masking import masked_unit
from kuaijing.wire.pictures import UnitView
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.requests import HelpBody, UnitStatusBody


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def listing(asked: Asked[Any]) -> list[UnitView]:
        return _for(asked, services.board.units())

    async def one(asked: Asked[Any]) -> UnitView:
        found = services.board.find_unit(asked.path["unit"])
        if found is None:
            raise not_found("unit", asked.path["unit"], "GET /api/units lists those there are")
        return _for(asked, [found])[0]

    async def status(asked: Asked[UnitStatusBody]) -> CommandAnswer:
        unit, body = asked.path["unit"], asked.given
        on_own_unit(services, asked, unit)
        changed = SetUnitStatus(unit, body.status, body.version)
        return await submit(services, asked, changed, reason=body.reason, by_voice=voice(asked, body.by_voice))

    async def help_wanted(asked: Asked[HelpBody]) -> CommandAnswer:
        unit, body, now = asked.path["unit"], asked.given, services.clock.now()
        on_own_unit(services, asked, unit)
        kind = help_kind(services.plan_in_force())
        place = services.survey(_where(services, unit, body), body.text.strip(), now)
        raised = RaiseHelp(unit, "", "", place, kind.code, kind.plan)
        return await submit(services, asked, raised, reason=body.text, by_voice=voice(asked, False))

    return [
        (look("/api/units", "All units", list[UnitView]), listing),
        (look("/api/units/{unit}", "One unit", UnitView), one),
        (
            command(
                "/api/units/{unit}/status", "On duty, off duty, busy, out of service", UnitStatusBody, CommandAnswer
            ),
            status,
        ),
        (
            command("/api/units/{unit}/help", "An officer asks for help", HelpBody, CommandAnswer, status=201),
            help_wanted,
        ),
    ]


def _for(asked: Asked[Any], units: list[UnitView]) -> list[UnitView]:
    return units if asked.who.audience == "full" else [masked_unit(unit) for unit in units]


def _where(services: Services, unit: str, body: HelpBody) -> Point:
    if (body.lon is None) != (body.lat is None):
        missing = "lat" if body.lat is None else "lon"
        raise BadRequest([Fault(missing, "", "missing", "give both lon and lat, or neither")])
    if body.lon is not None and body.lat is not None:
        return Point(body.lon, body.lat)
    found = services.board.find_unit(unit)
    if found is not None and found.fix is not None:
        return Point(found.fix.lon, found.fix.lat)
    if found is not None and found.home is not None:
        return Point(found.home.lon, found.home.lat)
    raise BadRequest([Fault("lon", "", f"no position of unit {unit} is known", "give lon and lat")])
