"""The recommendation for one incident."""

from kuaijing.web.doors import Asked, look
from kuaijing.web.identity.roles import DISPATCHING
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.advice import AdviceView
from kuaijing.wire.queries import RecommendationQuery


def routes(services: Services) -> list[Route]:
    """The door of this file."""

    async def recommend(asked: Asked[RecommendationQuery]) -> AdviceView:
        return await services.adviser.recommend(asked.path["incident"], asked.given.purpose)

    path = "/api/incidents/{incident}/recommendation"
    summary = "Which units to send and why; all units in one list"
    return [(look(path, summary, AdviceView, query=RecommendationQuery, roles=DISPATCHING), recommend)]
