"""The recommendation for one incident, and what was advised when its units were ordered."""

from typing import Any

from kuaijing.web.doors import Asked, look
from kuaijing.web.identity.roles import AT_A_DESK
from kuaijing.web.own_beat import in_own_beat
from kuaijing.web.problems import Refusal
from kuaijing.web.replay import advised_view
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.advice import AdviceView
from kuaijing.wire.queries import RecommendationQuery
from kuaijing.wire.replay import AdvisedOrder


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def recommend(asked: Asked[RecommendationQuery]) -> AdviceView:
        in_own_beat(services, asked, asked.path["incident"])
        return await services.adviser.recommend(asked.path["incident"], asked.given.purpose)

    async def advised(asked: Asked[Any]) -> list[AdvisedOrder]:
        in_own_beat(services, asked, asked.path["incident"])
        if services.replays is None:
            raise Refusal("warming", "the log is being read; ask again in a few seconds")
        found = await services.replays.do(services.replays.advised, asked.path["incident"], services.clock.now())
        return [advised_view(each) for each in found]

    path = "/api/incidents/{incident}"
    summary = "Which units to send and why; all units in one list"
    orders = "Its orders, each beside what was advised then"
    return [
        (look(f"{path}/recommendation", summary, AdviceView, query=RecommendationQuery, roles=AT_A_DESK), recommend),
        (look(f"{path}/advised", orders, list[AdvisedOrder], roles=AT_A_DESK), advised),
    ]
