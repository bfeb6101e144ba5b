"""The recommendation for one incident."""

from kuaijing.web.doors import Asked, look
from kuaijing.web.identity.roles import AT_A_DESK
from kuaijing.web.own_beat import in_own_beat
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.advice import AdviceView
from kuaijing.wire.queries import RecommendationQuery


def routes(services: Services) -> list[Route]:
    """The door of this file."""

    async def recommend(asked: Asked[RecommendationQuery]) -> AdviceView:
        in_own_beat(services, asked, asked.path["incident"])
        return await services.adviser.recommend(asked.path["incident"], asked.given.purpose)

    path = "/api/incidents/{incident}/recommendation"
    summary = "Which units to send and why; all units in one list"
    return [(look(path, summary, AdviceView, query=RecommendationQuery, roles=AT_A_DESK), recommend)]
