"""Proposals: a plan that somebody drafted, with its date and its proof, until another person accepts or rejects it.

A proposal rests on the plan in force and on the closures as they were when it was drafted; once one of them has changed it cannot
be proposed or accepted any more. An accepted one is put in force when its date has come, in the same step as the plan itself. What
the plan says is not known here: documents lie in the plan store under their digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kuaijing.domain import plan
from kuaijing.domain.closures import Closure
from kuaijing.domain.commands import AcceptProposal, Context, EnactProposal, ProposePlan, RejectProposal
from kuaijing.domain.errors import DomainError, IdentifierTaken, Invalid, NotAllowed, Unknown
from kuaijing.domain.lookups import reason_given
from kuaijing.domain.plan import PlanEvent
from kuaijing.measures.instants import Instant, to_datetime

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

PENDING: Final = "pending"
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
ENACTED: Final = "enacted"
MOST_KEPT: Final = 50
"""Decided proposals held in memory; all of them stand in the log."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan somebody proposed."""

    id: str
    name: str
    version: str
    digest: str
    """Of the plan document in the plan store."""
    ground: str
    base: str
    """Digest of the plan in force that it rests on."""
    closures: str
    """Mark of the closures that it rests on."""
    proof: str
    """Digest of the figures that were shown with it; empty where there were none."""
    valid_from: Instant
    note: str
    proposed_by: str
    proposed_at: Instant
    status: str = PENDING
    decided_by: str | None = None
    decided_at: Instant | None = None
    reason: str = ""


class UnknownProposal(Unknown):
    """No such proposal."""

    thing = "proposal"


class StalePlan(DomainError):
    """The proposal rests on a plan or on closures that have since changed. Draft it anew; sending it again cannot succeed."""

    category = "conflict"

    def __init__(self, what: str, rests_on: str, current: str) -> None:
        super().__init__(what, rests_on, current)
        self.what, self.rests_on, self.now = what, rests_on, current

    def __str__(self) -> str:
        return (
            f"the proposal rests on {self.what} {self.rests_on[:12] or 'none'}, now it is {self.now[:12] or 'none'}; "
            "draft it anew from the plan in force"
        )

    def current(self) -> dict[str, object]:
        """What stands now."""
        return {"what": self.what, "rests_on": self.rests_on, "now": self.now}


@dataclass(frozen=True, slots=True)
class PlanProposed:
    """Somebody proposed the plan document ``digest``."""

    proposal: str
    name: str
    version: str
    digest: str
    ground: str
    base: str
    closures: str
    proof: str
    valid_from: Instant
    note: str
    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class ProposalAccepted:
    """Another person accepted it; it holds from its date."""

    proposal: str
    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class ProposalRejected:
    """It will not be."""

    proposal: str
    by: str
    reason: str
    at: Instant


@dataclass(frozen=True, slots=True)
class ProposalEnacted:
    """Its date has come; the plan was put in force with this entry."""

    proposal: str
    at: Instant


ProposalEvent = PlanProposed | ProposalAccepted | ProposalRejected | ProposalEnacted


def closures_mark(closures: Iterable[Closure]) -> str:
    """What tells one set of closures from another, in whatever order they were placed."""
    told = sorted(f"{each.id}|{each.factor!r}|{each.shape}|{each.points!r}" for each in closures)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _propose(state: State, command: ProposePlan, context: Context) -> tuple[ProposalEvent, ...]:
    if not command.proposal or command.proposal in state.proposals:
        raise IdentifierTaken("proposal", command.proposal)
    if not command.digest:
        raise Invalid("digest", "", "a proposal names a plan document", "keep the document first")
    _fresh(state, command.base, command.closures)
    if any(each.digest == command.digest and each.status in (PENDING, ACCEPTED) for each in state.proposals.values()):
        raise NotAllowed("plan", command.version, "proposed already", "proposed once", "wait for the answer")
    return (
        PlanProposed(
            command.proposal, command.name, command.version, command.digest, command.ground, command.base,
            command.closures, command.proof, command.valid_from, context.reason, context.actor, context.received_at,
        ),
    )  # fmt: skip


def _accept(state: State, command: AcceptProposal, context: Context) -> tuple[ProposalEvent, ...]:
    held = _pending(state, command.proposal)
    if held.proposed_by == context.actor:
        raise NotAllowed(
            "proposal",
            held.id,
            f"of {held.proposed_by}",
            "accepted by somebody else",
            "ask another person to accept it",
        )
    _fresh(state, held.base, held.closures)
    return (ProposalAccepted(held.id, context.actor, context.received_at),)


def _reject(state: State, command: RejectProposal, context: Context) -> tuple[ProposalEvent, ...]:
    held = _find(state, command.proposal)
    if held.status not in (PENDING, ACCEPTED):  # an accepted one may be called off until its date
        raise NotAllowed("proposal", held.id, held.status, "pending, or accepted and not yet in force", "leave it")
    return (ProposalRejected(held.id, context.actor, reason_given(context, "RejectProposal"), context.received_at),)


def _enact(state: State, command: EnactProposal, context: Context) -> tuple[ProposalEvent | PlanEvent, ...]:
    held = _find(state, command.proposal)
    if held.status != ACCEPTED:
        raise NotAllowed("proposal", held.id, held.status, "accepted", "let somebody accept it first")
    if held.valid_from > context.received_at:
        due = to_datetime(held.valid_from).isoformat()
        raise NotAllowed("proposal", held.id, f"valid from {due}", "due", "wait for its date")
    put = command.put
    if (put.digest, put.ground) != (held.digest, held.ground):
        raise Invalid("digest", put.digest, f"the proposal is of {held.digest}", "put that document in force")
    _same("plan", held.base, _plan_of(state))
    return (*plan.DECIDE[type(put)](state, put, context), ProposalEnacted(held.id, context.received_at))


def _find(state: State, proposal: str) -> Proposal:
    held = state.proposals.get(proposal)
    if held is None:
        raise UnknownProposal(proposal)
    return held


def _pending(state: State, proposal: str) -> Proposal:
    held = _find(state, proposal)
    if held.status != PENDING:
        raise NotAllowed(
            "proposal", held.id, f"{held.status} by {held.decided_by}", "pending", "look at the list again"
        )
    return held


def _fresh(state: State, base: str, closures: str) -> None:
    _same("plan", base, _plan_of(state))
    _same("closures", closures, closures_mark(state.closures.values()))


def _same(what: str, rests_on: str, now: str) -> None:
    if rests_on != now:
        raise StalePlan(what, rests_on, now)


def _plan_of(state: State) -> str:
    return "" if state.plan is None else state.plan.digest


DECIDE = {ProposePlan: _propose, AcceptProposal: _accept, RejectProposal: _reject, EnactProposal: _enact}


def _proposed(draft: Draft, event: PlanProposed) -> None:
    decided = [each for each in draft.proposals.rows().values() if each.status in (REJECTED, ENACTED)]
    for each in sorted(decided, key=lambda each: (each.decided_at or 0, each.id))[: max(0, len(decided) - MOST_KEPT)]:
        draft.proposals.drop(each.id)
    draft.proposals.put(
        event.proposal,
        Proposal(
            event.proposal, event.name, event.version, event.digest, event.ground, event.base, event.closures,
            event.proof, event.valid_from, event.note, event.by, event.at,
        ),
    )  # fmt: skip


def _accepted(draft: Draft, event: ProposalAccepted) -> None:
    held = draft.proposals[event.proposal]
    draft.proposals.put(held.id, replace(held, status=ACCEPTED, decided_by=event.by, decided_at=event.at))


def _rejected(draft: Draft, event: ProposalRejected) -> None:
    held = draft.proposals[event.proposal]
    decided = replace(held, status=REJECTED, decided_by=event.by, decided_at=event.at, reason=event.reason)
    draft.proposals.put(held.id, decided)


def _enacted(draft: Draft, event: ProposalEnacted) -> None:
    draft.proposals.put(event.proposal, replace(draft.proposals[event.proposal], status=ENACTED))


EVOLVE = {
    PlanProposed: _proposed,
    ProposalAccepted: _accepted,
    ProposalRejected: _rejected,
    ProposalEnacted: _enacted,
}
