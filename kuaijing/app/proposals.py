"""Proposals on their way: the document kept before it is proposed, and put in force once its date has come."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kuaijing.app.plan_book import PlanBook
from kuaijing.city.ground import Ground
from kuaijing.domain.commands import AcceptProposal, Context, EnactProposal, ProposePlan, RejectProposal
from kuaijing.domain.errors import DomainError
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.proposals import ACCEPTED, Proposal, StalePlan
from kuaijing.engine.engine import Engine
from kuaijing.engine.ports import PlanVersion
from kuaijing.engine.recorded import Receipt
from kuaijing.measures.instants import Instant
from kuaijing.wire.plans import canonical, digest_of

_log = logging.getLogger(__name__)
_LOOKS_EVERY_S: Final = 2.0


class ProposalBook:
    """The proposals of one city."""

    def __init__(self, engine: Engine, plans: PlanBook, ground: Ground, now: Callable[[], Instant]) -> None:
        self._engine, self._plans, self._ground, self._now = engine, plans, ground, now

    async def propose(
        self, document: PlanDocument, name: str, base: str, closures: str, proof: str, context: Context
    ) -> Receipt:
        """Keep the document durably and propose it from its date on."""
        digest = digest_of(document)
        kept = PlanVersion(digest, document.name, document.version, self._now())
        await asyncio.to_thread(self._engine.store.plans.put, kept, canonical(document))
        command = ProposePlan(
            f"v{secrets.token_hex(4)}", name, document.version, digest, self._ground.hash, base, closures, proof,
            document.valid_from,
        )  # fmt: skip
        return await self._engine.submit(command, context)

    async def accept(self, proposal: str, context: Context) -> Receipt:
        """Accept it; where its date has come it is in force at once."""
        receipt = await self._engine.submit(AcceptProposal(proposal), context)
        await self.enact_due()
        return receipt

    async def reject(self, proposal: str, context: Context) -> Receipt:
        """Reject it, or call it off before its date."""
        return await self._engine.submit(RejectProposal(proposal), context)

    async def enact_due(self) -> None:
        """Put in force what was accepted and is due, the oldest first."""
        waiting = [each for each in self._engine.picture.state.proposals.values() if each.status == ACCEPTED]
        for proposal in sorted(waiting, key=lambda each: (each.valid_from, each.id)):
            if proposal.valid_from <= self._now():
                await self._enact(proposal)

    async def run(self) -> None:
        """Look every few seconds whether a date has come."""
        while True:
            await self.enact_due()
            await asyncio.sleep(_LOOKS_EVERY_S)

    async def _enact(self, proposal: Proposal) -> None:
        """By the name of who accepted it; one that has become stale meanwhile is rejected, with the reason."""
        context = Context(proposal.decided_by or "", "plan", self._now(), reason=proposal.note)
        document = self._plans.document(proposal.digest)
        put = document.in_force(proposal.digest, self._ground.hash)
        try:
            await self._engine.submit(EnactProposal(proposal.id, put), context)
        except StalePlan as stale:
            _log.warning("proposal %s is not put in force: %s", proposal.id, stale)
            told = replace(context, actor="system", reason=str(stale))
            await self._engine.submit(RejectProposal(proposal.id), told)
            return
        except DomainError as refused:  # another look has been quicker
            _log.info("proposal %s: %s", proposal.id, refused)
            return
        await self._plans.place_closures(document, context)
