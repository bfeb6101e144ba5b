"""Whether the system is well: asked without signing in, by a person or by a watchdog."""

from typing import Any

from kuaijing.web.doors import Asked, look
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.pictures import HealthView


def routes(services: Services) -> list[Route]:
    """The door of this file."""

    async def health(_: Asked[Any]) -> HealthView:
        return services.board.health()

    return [(look("/api/health", "Status and a few totals", HealthView, public=True), health)]
