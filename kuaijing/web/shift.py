"""The shift: who commands, and handing over with a note."""

from typing import Any

from kuaijing.domain.commands import HandOver
from kuaijing.web.doors import Asked, command, look
from kuaijing.web.identity.roles import DISPATCHING
from kuaijing.web.problems import not_found
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.pictures import ShiftView
from kuaijing.wire.requests import HandOverBody


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def now(_: Asked[Any]) -> ShiftView:
        shift = services.board.shift()
        if shift is None:
            raise not_found("shift", "", "hand one over with POST /api/shift/handover")
        return shift

    async def hand_over(asked: Asked[HandOverBody]) -> CommandAnswer:
        return await submit(services, asked, HandOver(asked.given.to, asked.given.note))

    return [
        (look("/api/shift", "Who commands now", ShiftView), now),
        (
            command("/api/shift/handover", "Hand the shift over", HandOverBody, CommandAnswer, roles=DISPATCHING),
            hand_over,
        ),
    ]
