"""How a person likes the screens: kept for the account, so that another desk finds the room as this one left it."""

import asyncio
from typing import Any

from kuaijing.web.doors import Asked, Door, look
from kuaijing.web.identity.preferences import find_preferences, keep_preferences
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.preferences import PreferencesBody, PreferencesView

_LIMIT = 8 * 1024
_PATH = "/api/me/preferences"


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def own(asked: Asked[Any]) -> PreferencesView:
        name = asked.who.account.name
        return PreferencesView(await asyncio.to_thread(find_preferences, services.accounts, name))

    async def keep(asked: Asked[PreferencesBody]) -> PreferencesView:
        name, kept = asked.who.account.name, asked.given.kept
        await asyncio.to_thread(keep_preferences, services.accounts, name, kept)
        return PreferencesView(kept)

    return [
        (look(_PATH, "What the own screens remember", PreferencesView), own),
        (
            Door("PUT", _PATH, "Keep it for the account", PreferencesBody, PreferencesView, limit=_LIMIT),
            keep,
        ),
    ]
