"""Cover: moving free units to restore the reach that orders took away."""

from typing import Any

from kuaijing.domain.commands import CoverMove, EndCover, OrderCover
from kuaijing.measures.points import Point
from kuaijing.web.doors import Asked, command, look
from kuaijing.web.identity.roles import AT_A_DESK, DISPATCHING
from kuaijing.web.own_beat import on_own_units, within_own_beat
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit
from kuaijing.wire.advice import CoverMoveView
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.cover import CoverOfferView
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.requests import CoverBody


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def order(asked: Asked[CoverBody]) -> CommandAnswer:
        body = asked.given
        if bool(body.moves) == bool(body.end):
            raise BadRequest([Fault("moves", "", "give either moves or end", "send one list, not both and not none")])
        on_own_units(services, asked, [*(line.unit for line in body.moves), *body.end])
        if body.moves:
            for line in body.moves:
                within_own_beat(services, asked, Point(line.lon, line.lat))
            moves = tuple(
                CoverMove(line.unit, line.version, Point(line.lon, line.lat), line.text) for line in body.moves
            )
            return await submit(services, asked, OrderCover(moves, body.advice))
        answers = []
        for number, unit in enumerate(body.end):
            one = Asked(body, asked.session, asked.path, asked.request, f"{asked.key}#{number}" if asked.key else None)
            answers.append(await submit(services, one, EndCover(unit)))
        return CommandAnswer(answers[-1].version, {"units": list(body.end)}, all(answer.repeated for answer in answers))

    async def proposal(_: Asked[Any]) -> list[CoverMoveView]:
        return await services.adviser.cover()

    async def offer(_: Asked[Any]) -> CoverOfferView:
        return await services.adviser.cover_offer()

    return [
        (
            look(
                "/api/cover/offer",
                "The cover moves of now with the reach before and after them",
                CoverOfferView,
                roles=DISPATCHING,
            ),
            offer,
        ),
        (
            command(
                "/api/cover",
                "Move free units, or send them back to their beats",
                CoverBody,
                CommandAnswer,
                roles=AT_A_DESK,
            ),
            order,
        ),
        (
            look(
                "/api/cover/proposal",
                "Cover moves that would restore most reach now",
                list[CoverMoveView],
                roles=DISPATCHING,
            ),
            proposal,
        ),
    ]
