"""Offline place search."""

import asyncio

from kuaijing.web.doors import Asked, look
from kuaijing.web.identity.roles import WATCHING
from kuaijing.web.places import pair
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.answers import HitView
from kuaijing.wire.queries import SearchQuery


def routes(services: Services) -> list[Route]:
    """The door of this file."""

    async def search(asked: Asked[SearchQuery]) -> list[HitView]:
        query = asked.given
        near = None if query.near is None else pair("near", query.near)
        return await asyncio.to_thread(services.search, query.q, near, query.limit)

    return [
        (
            look(
                "/api/search",
                "Places by name, crossing, initials or coordinates",
                list[HitView],
                query=SearchQuery,
                roles=WATCHING,  # a wall in English asks for the streets' English names
            ),
            search,
        )
    ]
