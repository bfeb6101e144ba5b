"""The application: every capability's doors, the live connection, the screens, behind one doorway."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from kuaijing.web import (
    advice,
    area_calls,
    areas,
    assignments,
    calls,
    closures,
    cover,
    devices,
    drafts,
    health,
    incidents,
    mismatches,
    patrol,
    plan,
    positions,
    preferences,
    proposals,
    reach,
    replay,
    reports,
    search,
    session,
    shift,
    state,
    studies,
    terminals,
    tiles,
    tracks,
    units,
)
from kuaijing.web.doors import Asked, Guard, handler, look
from kuaijing.web.doorway import Asgi, Doorway
from kuaijing.web.live import live_handler
from kuaijing.web.metrics import metrics_handler
from kuaijing.web.openapi import document
from kuaijing.web.problems import problem_response
from kuaijing.web.routes import Route
from kuaijing.web.screens import Screens
from kuaijing.web.services import Limits, Services

CAPABILITIES = (
    health,
    session,
    preferences,
    state,
    calls,
    incidents,
    advice,
    assignments,
    units,
    tracks,
    cover,
    areas,
    area_calls,
    patrol,
    closures,
    positions,
    devices,
    terminals,
    reach,
    reports,
    mismatches,
    replay,
    search,
    plan,
    studies,
    drafts,
    proposals,
    shift,
    tiles,
)


_OPENAPI = look("/api/openapi.json", "This document", dict[str, Any], public=True)


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document. What a door is does not hang on the services behind it, so none are needed."""
    nothing: Any = _Nowhere()
    doors = [door for capability in CAPABILITIES for door, _ in capability.routes(nothing)]
    return document([*doors, _OPENAPI])


def all_routes(services: Services) -> list[Route]:
    """Every door with what is done behind it, the OpenAPI document's own included."""
    routes = [route for capability in CAPABILITIES for route in capability.routes(services)]
    written = document([*(door for door, _ in routes), _OPENAPI])

    async def openapi(_: Asked[Any]) -> dict[str, Any]:
        return written

    return [*routes, (_OPENAPI, openapi)]


class _Nowhere:
    """Stands where services would, for describing the doors alone."""

    limits = Limits()


def create_app(
    services: Services, screens: Screens | None = None, extra: Sequence[ControllerRouterHandler] = ()
) -> Asgi:
    """The ASGI application of a running city. The engine is started and stopped by whoever made the services.

    ``extra`` are doors of other rooms (the feeds'), which know their own manners and stand in no document of ours.
    """
    guard = Guard(services.sessions.find)
    handlers: list[ControllerRouterHandler] = [handler(guard, door, act) for door, act in all_routes(services)]
    handlers.append(live_handler(services.live, services.board, services.sessions))
    handlers.append(metrics_handler(services.metrics, services.metrics_token))
    handlers.extend(extra)

    @asynccontextmanager
    async def feeding(_: Litestar) -> AsyncIterator[None]:
        services.live.start()
        try:
            yield
        finally:
            await services.live.stop()
            if services.replays is not None:
                services.replays.close()

    api = Litestar(
        handlers,
        lifespan=[feeding],
        exception_handlers={Exception: problem_response},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=services.limits.body_bytes,
        debug=False,
    )
    return Doorway(api, screens or Screens())  # type: ignore[arg-type]
