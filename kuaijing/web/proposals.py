"""Proposals: plans with a date and their proof, until another person accepts or rejects them."""

import asyncio
from typing import Any

from kuaijing.engine.recorded import Receipt
from kuaijing.web.doors import Asked, Nothing, Raw, command, look
from kuaijing.web.identity.roles import ADMINISTRATING, DISPATCHING, PLANNING
from kuaijing.web.problems import not_found
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.study_views import proposal_view, proposals, workroom
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.requests import ReasonBody
from kuaijing.wire.studies import ProposalView

_ONE = "/api/proposals/{proposal}"


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    def held(asked: Asked[Any]) -> Any:
        found = services.engine.picture.state.proposals.get(asked.path["proposal"])
        if found is None:
            raise not_found("proposal", asked.path["proposal"], "look at GET /api/proposals again")
        return found

    async def listed(_: Asked[Any]) -> list[ProposalView]:
        rows = sorted(services.engine.picture.state.proposals.values(), key=lambda each: (-each.proposed_at, each.id))
        return [proposal_view(services, each) for each in rows]

    async def areas(asked: Asked[Any]) -> dict[str, Any]:
        return await asyncio.to_thread(services.plans.areas_of, held(asked).digest)

    async def proof(asked: Asked[Any]) -> Raw:
        body = await asyncio.to_thread(workroom(services).drafts.find_proof, held(asked).proof)
        if body is None:
            raise not_found("proof", asked.path["proposal"], "it was proposed without figures, or DATA lost them")
        return Raw(body, "application/json")

    async def accept(asked: Asked[Nothing]) -> CommandAnswer:
        context = asked.context(services.clock.now())
        return _answer(await proposals(services).accept(asked.path["proposal"], context))

    async def reject(asked: Asked[ReasonBody]) -> CommandAnswer:
        context = asked.context(services.clock.now(), reason=asked.given.reason)
        return _answer(await proposals(services).reject(asked.path["proposal"], context))

    seen = PLANNING | DISPATCHING
    return [
        (look("/api/proposals", "Plans that were proposed, newest first", list[ProposalView], roles=seen), listed),
        (look(f"{_ONE}/areas", "Its areas as GeoJSON", dict[str, Any], roles=seen), areas),
        (look(f"{_ONE}/proof", "The figures that were shown with it", dict[str, Any], roles=seen), proof),
        (command(f"{_ONE}/accept", "Accept it", Nothing, CommandAnswer, roles=ADMINISTRATING), accept),
        (command(f"{_ONE}/reject", "Reject it, or call it off", ReasonBody, CommandAnswer, roles=PLANNING), reject),
    ]


def _answer(receipt: Receipt) -> CommandAnswer:
    return CommandAnswer(receipt.version, receipt.ids, receipt.repeated)
