"""Areas that no free unit reaches in time: acknowledging the alarm, and who could restore them now."""

from typing import Any

from kuaijing.domain.commands import AcknowledgeArea
from kuaijing.web.doors import Asked, Nothing, command, look
from kuaijing.web.identity.roles import DISPATCHING
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit
from kuaijing.wire.advice import CoverMoveView
from kuaijing.wire.answers import CommandAnswer


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def acknowledge(asked: Asked[Any]) -> CommandAnswer:
        return await submit(services, asked, AcknowledgeArea(asked.path["area"]))

    async def backfill(asked: Asked[Any]) -> list[CoverMoveView]:
        return await services.adviser.backfill(asked.path["area"])

    return [
        (
            command(
                "/api/areas/{area}/acknowledge",
                "An empty area has been seen: its alarm goes for everybody",
                Nothing,
                CommandAnswer,
                roles=DISPATCHING,
            ),
            acknowledge,
        ),
        (
            look(
                "/api/areas/{area}/backfill",
                "The free unit that could restore an area soonest by road; empty where there is none",
                list[CoverMoveView],
                roles=DISPATCHING,
            ),
            backfill,
        ),
    ]
