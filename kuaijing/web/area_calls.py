"""Area calls: who is in the area now, one message to all of them, their answers, the end.

Officers see a call in the live picture. Terminals in vehicles are told by ``_Terminals`` below, after the commit; that one of them took
the words is a receipt, never an answer.
"""

import asyncio
import logging
import secrets
from math import cos, radians
from typing import Any, Final

import shapely

from kuaijing.domain.commands import AnswerAreaCall, CallArea, CalledArea, Context, EndAreaCall, RecordAreaReceipt
from kuaijing.domain.errors import DomainError
from kuaijing.domain.plan_document import PlanDocument, Polygon
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.points import Point
from kuaijing.web.doors import Asked, Nothing, command, look
from kuaijing.web.identity.roles import ACTING, AT_A_DESK
from kuaijing.web.own_beat import calls_own_beat, with_own_part
from kuaijing.web.own_unit import on_own_unit
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit, voice
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.area_calls import (
    AreaAnswerBody,
    AreaCallBody,
    AreaCallView,
    AreaReceiptBody,
    CalledAreaBody,
    area_call_view,
)
from kuaijing.wire.problems import BadRequest, Fault

_log = logging.getLogger(__name__)
_M_PER_DEG: Final = 111_195.0
_AT_ONCE: Final = 16
"""Terminals that are told at the same time; each may take seconds to answer."""


def routes(services: Services) -> list[Route]:
    """The doors of this file."""
    terminals = _Terminals(services)

    async def listing(_: Asked[Any]) -> list[AreaCallView]:
        calls = services.engine.picture.state.area_calls.values()
        return [area_call_view(each) for each in sorted(calls, key=lambda each: (-each.called_at, each.id))]

    async def call(asked: Asked[AreaCallBody]) -> CommandAnswer:
        body = asked.given
        calls_own_beat(services, asked, body.area.kind, body.area.id)
        if body.incident is not None:
            with_own_part(services, asked, body.incident)  # the call's words and answers stand in its timeline
        area, shape = _area(body.area, services)
        units = _units_in(shape, services)
        identifier = f"a-{secrets.token_hex(6)}"
        called = CallArea(identifier, body.text, area, units, body.talk_group, body.incident)
        answer = await submit(services, asked, called)
        if not answer.repeated:
            terminals.tell(identifier)
        return answer

    async def delivered(asked: Asked[AreaReceiptBody]) -> CommandAnswer:
        on_own_unit(services, asked, asked.given.unit)
        return await submit(services, asked, RecordAreaReceipt(asked.path["area_call"], asked.given.unit, ""))

    async def answered(asked: Asked[AreaAnswerBody]) -> CommandAnswer:
        body = asked.given
        on_own_unit(services, asked, body.unit)
        said = AnswerAreaCall(asked.path["area_call"], body.unit, body.text)
        return await submit(services, asked, said, by_voice=voice(asked, False))

    async def end(asked: Asked[Any]) -> CommandAnswer:
        known = services.engine.picture.state.area_calls.get(asked.path["area_call"])
        if known is not None:
            calls_own_beat(services, asked, known.area.kind, known.area.id)
        return await submit(services, asked, EndAreaCall(asked.path["area_call"]))

    at = "/api/area-calls"
    return [
        (look(at, "Area calls that run, and the last that ended, newest first", list[AreaCallView]), listing),
        (
            command(at, "Call every unit in an area", AreaCallBody, CommandAnswer, status=201, roles=AT_A_DESK),
            call,
        ),
        (
            command(
                f"{at}/{{area_call}}/delivered",
                "A unit's page shows the message",
                AreaReceiptBody,
                CommandAnswer,
                roles=ACTING,
            ),
            delivered,
        ),
        (
            command(
                f"{at}/{{area_call}}/answers",
                "A unit answers; a dispatcher enters what was said by voice",
                AreaAnswerBody,
                CommandAnswer,
                roles=ACTING,
            ),
            answered,
        ),
        (command(f"{at}/{{area_call}}/end", "The call is over", Nothing, CommandAnswer, roles=AT_A_DESK), end),
    ]


def _area(body: CalledAreaBody, services: Services) -> tuple[CalledArea, shapely.Geometry]:
    """The area as it is kept, and its shape; a circle's shape is its centre."""
    if body.kind == "circle":
        if body.lon is None or body.lat is None or body.radius_m is None:
            raise BadRequest([Fault("area", "circle", "no centre or no radius", "give lon, lat and radius_m")])
        centre = Point(body.lon, body.lat)
        area = CalledArea("circle", "", body.name, centre=centre, radius_m=body.radius_m)
        return area, _circle(centre, body.radius_m)
    if body.kind == "polygon":
        if len(set(body.points)) < 3:
            raise BadRequest(
                [Fault("area.points", str(len(set(body.points))), "no area", "draw at least three corners")]
            )
        shape = shapely.Polygon(body.points)
        if not shapely.is_valid(shape):
            found = f"a broken area: {shapely.is_valid_reason(shape)}"
            raise BadRequest([Fault("area.points", str(len(body.points)), found, "draw its edge without crossings")])
        points = tuple((float(lon), float(lat)) for lon, lat in body.points)
        return CalledArea("polygon", "", body.name, points), shape
    return _planned(body, services.plan_in_force())


def _planned(body: CalledAreaBody, plan: PlanDocument) -> tuple[CalledArea, shapely.Geometry]:
    named = [
        (each.name, each.polygons)
        for each in (plan.beats if body.kind == "beat" else plan.tier_areas)
        if each.id == body.id and each.polygons
    ]
    if not named:
        remedy = "name one that GET /api/plan/areas draws"
        raise BadRequest([Fault("area.id", body.id or "", f"no such {body.kind} with a shape", remedy)])
    shapes = [_polygon(polygon) for _, polygons in named for polygon in polygons]
    return CalledArea(body.kind, body.id or "", named[0][0]), shapely.union_all(shapes)


def _polygon(rings: Polygon) -> shapely.Geometry:
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))


def _circle(centre: Point, radius_m: float) -> shapely.Geometry:
    """In degrees, as wide as it is on the ground there."""
    unit = shapely.Point(0, 0).buffer(radius_m / _M_PER_DEG, quad_segs=32)
    wide = 1 / max(0.01, cos(radians(centre.lat)))
    return shapely.transform(unit, lambda at: at * [wide, 1.0] + [centre.lon, centre.lat])


def _units_in(shape: shapely.Geometry, services: Services) -> tuple[str, ...]:
    """Units on duty whose last position lies within, also where it is stale: they may be there still."""
    shapely.prepare(shape)
    return tuple(
        unit.id
        for unit in services.board.units()
        if unit.status != UnitStatus.OFF_DUTY
        and unit.fix is not None
        and shapely.intersects_xy(shape, unit.fix.lon, unit.fix.lat)
    )


class _Terminals:
    """Shows the words on the terminals of everybody on the roll, and records who took them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._running: set[asyncio.Task[None]] = set()

    def tell(self, area_call: str) -> None:
        """Begin; nothing is waited for."""
        if self._services.find_terminals() is None:
            return
        task = asyncio.get_running_loop().create_task(self._tell_all(area_call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _tell_all(self, area_call: str) -> None:
        call = self._services.engine.picture.state.area_calls.get(area_call)
        if call is None:
            return
        gate = asyncio.Semaphore(_AT_ONCE)

        async def tell(unit: str) -> None:
            async with gate:
                await self._tell(area_call, unit, call.text)

        await asyncio.gather(*(tell(row.unit) for row in call.roll))

    async def _tell(self, area_call: str, unit: str, text: str) -> None:
        terminals = self._services.find_terminals()
        if terminals is None:
            return
        try:
            sent = await terminals.send_text(unit, text)
            if sent.result != "accepted":
                return
            context = Context(sent.device, "jt808", self._services.clock.now(), f"{area_call}/{unit}")
            await self._services.engine.submit(RecordAreaReceipt(area_call, unit, sent.device), context)
        except DomainError as refused:  # most units have no terminal, which is no fault; the rest of the roll goes on
            _log.info("area call %s: unit %s is not told by a terminal: %s", area_call, unit, refused)
        except Exception:
            _log.exception("area call %s: the terminal of unit %s could not be told", area_call, unit)
