"""The whole picture at once, as the live connection's first frame has it."""

from litestar import Response

from kuaijing.web.doors import Asked, look
from kuaijing.web.identity.roles import WATCHING
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.pictures import StateView
from kuaijing.wire.queries import StateQuery


def routes(services: Services) -> list[Route]:
    """The door of this file."""

    async def state(asked: Asked[StateQuery]) -> StateView | Response[bytes]:
        if asked.given.since == services.board.version:
            return Response(b"", status_code=304)
        return services.board.state(asked.who.audience)

    return [
        (
            look(
                "/api/state",
                "The whole picture; 304 where `since` is its version",
                StateView,
                query=StateQuery,
                empty=304,
                roles=WATCHING,
            ),
            state,
        )
    ]
