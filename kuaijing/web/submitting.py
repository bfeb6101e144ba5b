"""From a request to the core and back: one command, answered after the commit."""

from typing import Any

from kuaijing.domain.commands import Command
from kuaijing.engine.personal import PersonalWords
from kuaijing.web.doors import Asked
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.services import Services
from kuaijing.wire.answers import CommandAnswer


async def submit(
    services: Services,
    asked: Asked[Any],
    command: Command,
    *,
    reason: str = "",
    by_voice: bool = False,
    personal: PersonalWords | None = None,
) -> CommandAnswer:
    """Hand the command to the core; its answer, or its refusal as it is."""
    context = asked.context(services.clock.now(), reason=reason, by_voice=by_voice)
    receipt = await services.engine.submit(command, context, personal)
    return CommandAnswer(receipt.version, receipt.ids, receipt.repeated)


def voice(asked: Asked[Any], by_voice: bool) -> bool:
    """Whether a stamp was made on a unit's behalf: whoever stamps at a console does so by voice, also where it is not said."""
    return by_voice or asked.who.account.role in (UserRole.DISPATCHER, UserRole.ADMINISTRATOR, UserRole.POST)
