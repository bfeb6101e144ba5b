"""Patrol points with the visits of today, as positions proved them."""

from typing import Any

from kuaijing.web.doors import Asked, look
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.patrol import PatrolPointView, patrol_points


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def points(_: Asked[Any]) -> list[PatrolPointView]:
        visited = services.engine.picture.state.patrol
        return patrol_points(visited, services.plan_in_force(), services.clock.now(), services.city.zone)

    return [(look("/api/patrol", "Patrol points with the visits of today", list[PatrolPointView]), points)]
