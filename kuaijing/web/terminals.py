"""What a dispatcher may ask of a unit's terminals: show a text, start or stop live video. What was asked and answered is logged."""

from typing import Any

from kuaijing.domain.commands import RecordTerminalAsked
from kuaijing.domain.lookups import reason_given
from kuaijing.web.doors import Asked, command
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.own_unit import on_own_unit
from kuaijing.web.problems import Refusal
from kuaijing.web.routes import Route
from kuaijing.web.services import Answered, Services, Terminals
from kuaijing.wire.devices import TerminalAnswer, TextBody, VideoBody

_ASKING = frozenset({UserRole.DISPATCHER, UserRole.ADMINISTRATOR})
_STREAMS = {"main": 0, "sub": 1}


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def text(asked: Asked[TextBody]) -> TerminalAnswer:
        unit = _unit(services, asked)
        on_own_unit(services, asked, unit)
        sent = await _open(services).send_text(unit, asked.given.text)
        return await _recorded(services, asked, "text", asked.given.text, sent)

    async def video(asked: Asked[VideoBody]) -> TerminalAnswer:
        unit, body = _unit(services, asked), asked.given
        reason_given(asked.context(services.clock.now(), reason=body.reason), "live video")
        if body.action == "start":
            sent = await _open(services).start_video(unit, body.channel, _STREAMS[body.stream])
        else:
            sent = await _open(services).stop_video(unit, body.channel)
        told = f"channel {body.channel} {body.stream}"
        return await _recorded(services, asked, f"video_{body.action}", told, sent, body.reason)

    return [
        (
            command(
                "/api/units/{unit}/text",
                "Show a text on its terminals",
                TextBody,
                TerminalAnswer,
                roles=_ASKING | {UserRole.POST},
            ),
            text,
        ),
        (
            command("/api/units/{unit}/video", "Start or stop live video", VideoBody, TerminalAnswer, roles=_ASKING),
            video,
        ),
    ]


def _unit(services: Services, asked: Asked[Any]) -> str:
    return services.engine.picture.state.unit(asked.path["unit"]).id


def _open(services: Services) -> Terminals:
    terminals = services.find_terminals()
    if terminals is None:
        raise Refusal("no-terminal", "no terminals are served here; open their port with the setting jt808.port")
    return terminals


async def _recorded(
    services: Services, asked: Asked[Any], what: str, told: str, sent: Answered, reason: str = ""
) -> TerminalAnswer:
    record = RecordTerminalAsked(asked.path["unit"], what, told, sent.device, sent.result)
    await services.engine.submit(record, asked.context(services.clock.now(), reason=reason))
    return TerminalAnswer(sent.device, sent.result)
