"""A plan becomes a proposal, another person accepts it, and it holds from its date; nothing stale gets that far."""

import pytest

from kuaijing.domain.commands import (
    AcceptProposal,
    Command,
    Context,
    EnactProposal,
    LiftClosure,
    PlaceClosure,
    ProposePlan,
    PutPlanInForce,
    RejectProposal,
)
from kuaijing.domain.errors import Invalid, NotAllowed, ReasonRequired
from kuaijing.domain.plan import PlanPutInForce
from kuaijing.domain.proposals import (
    MOST_KEPT,
    PlanProposed,
    ProposalEnacted,
    StalePlan,
    UnknownProposal,
    closures_mark,
)
from kuaijing.domain.registry import Event, decide, evolve
from kuaijing.domain.state import State
from kuaijing.measures.instants import Instant
from tests.domain.street import Street, at

NEXT = PutPlanInForce("plan", "2", "next", "ground", at(100), (), (("key", 60.0),))
CLOSED = PlaceClosure("c1", "施工", 0.0, "line", ((111.4, 27.2), (111.5, 27.2)))


class Desk:
    """A state with a plan in force, and persons who ask something of it."""

    def __init__(self) -> None:
        self.state: State = Street("u1").state

    def do(
        self, command: Command, by: str = "analyst", seconds: float = 10, reason: str = "更均衡"
    ) -> tuple[Event, ...]:
        events = decide(self.state, command, Context(by, "console", at(seconds), reason=reason))
        self.state = evolve(self.state, events)
        return events

    def proposed(self, proposal: str = "v1", digest: str = "next", valid_from: Instant | None = None) -> ProposePlan:
        return ProposePlan(
            proposal, "草案", "2", digest, "ground", "digest", closures_mark(self.state.closures.values()), "proof",
            at(100) if valid_from is None else valid_from,
        )  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_accepted_proposal_is_put_in_force_at_its_date_in_one_step(desk: Desk) -> None:
    (event,) = desk.do(desk.proposed())
    assert isinstance(event, PlanProposed)
    assert event.by == "analyst"
    assert event.proof == "proof"
    desk.do(AcceptProposal("v1"), "chief", 20)
    with pytest.raises(NotAllowed, match="due"):
        desk.do(EnactProposal("v1", NEXT), "chief", 99)

    events = desk.do(EnactProposal("v1", NEXT), "chief", 100)

    assert isinstance(events[0], PlanPutInForce)
    assert isinstance(events[-1], ProposalEnacted)
    assert desk.state.plan is not None
    assert desk.state.plan.digest == "next"
    assert desk.state.proposals["v1"].status == "enacted"
    assert desk.state.proposals["v1"].decided_by == "chief"


def test_who_proposed_it_cannot_accept_it(desk: Desk) -> None:
    desk.do(desk.proposed())
    with pytest.raises(NotAllowed, match="somebody else"):
        desk.do(AcceptProposal("v1"), "analyst")


def test_it_is_accepted_once(desk: Desk) -> None:
    desk.do(desk.proposed())
    desk.do(AcceptProposal("v1"), "chief")
    with pytest.raises(NotAllowed, match="accepted by chief"):
        desk.do(AcceptProposal("v1"), "deputy")


def test_a_proposal_is_stale_once_another_plan_is_in_force(desk: Desk) -> None:
    late = desk.proposed("v2", "other")
    desk.do(desk.proposed())
    other = PutPlanInForce("plan", "1b", "another", "ground", at(1), (), ())
    desk.do(other, "chief")

    with pytest.raises(StalePlan, match="plan"):
        desk.do(AcceptProposal("v1"), "chief")
    with pytest.raises(StalePlan) as stale:
        desk.do(late)
    assert stale.value.current() == {"what": "plan", "rests_on": "digest", "now": "another"}


def test_a_proposal_is_stale_while_other_closures_hold_and_fresh_again_once_they_are_lifted(desk: Desk) -> None:
    desk.do(desk.proposed())
    desk.do(CLOSED, "dispatcher")
    with pytest.raises(StalePlan, match="closures"):
        desk.do(AcceptProposal("v1"), "chief")

    desk.do(LiftClosure("c1"), "dispatcher")
    desk.do(AcceptProposal("v1"), "chief")
    assert desk.state.proposals["v1"].status == "accepted"


def test_a_plan_that_changed_between_acceptance_and_date_stops_it(desk: Desk) -> None:
    desk.do(desk.proposed())
    desk.do(AcceptProposal("v1"), "chief")
    desk.do(PutPlanInForce("plan", "1b", "another", "ground", at(1), (), ()), "chief")
    with pytest.raises(StalePlan):
        desk.do(EnactProposal("v1", NEXT), "chief", 200)


def test_a_rejection_says_why_and_nothing_follows_it(desk: Desk) -> None:
    desk.do(desk.proposed())
    with pytest.raises(ReasonRequired):
        desk.do(RejectProposal("v1"), "chief", reason="")
    desk.do(RejectProposal("v1"), "chief", reason="平台太远")
    assert desk.state.proposals["v1"].reason == "平台太远"
    for command in (AcceptProposal("v1"), RejectProposal("v1"), EnactProposal("v1", NEXT)):
        with pytest.raises(NotAllowed):
            desk.do(command, "deputy", 200)


def test_an_accepted_one_can_be_called_off_before_its_date(desk: Desk) -> None:
    desk.do(desk.proposed())
    desk.do(AcceptProposal("v1"), "chief")
    desk.do(RejectProposal("v1"), "chief", reason="推迟")
    assert desk.state.proposals["v1"].status == "rejected"


def test_one_document_is_proposed_once_at_a_time(desk: Desk) -> None:
    desk.do(desk.proposed())
    with pytest.raises(NotAllowed, match="proposed already"):
        desk.do(desk.proposed("v2"))
    desk.do(RejectProposal("v1"), reason="重来")
    desk.do(desk.proposed("v2"))


def test_only_the_document_that_was_accepted_is_put_in_force(desk: Desk) -> None:
    desk.do(desk.proposed())
    desk.do(AcceptProposal("v1"), "chief")
    other = PutPlanInForce("plan", "2", "forged", "ground", at(100), (), ())
    with pytest.raises(Invalid):
        desk.do(EnactProposal("v1", other), "chief", 100)


def test_an_unknown_proposal_is_named(desk: Desk) -> None:
    with pytest.raises(UnknownProposal, match="v9"):
        desk.do(AcceptProposal("v9"), "chief")


def test_memory_keeps_the_last_decided_ones_and_all_that_wait(desk: Desk) -> None:
    desk.do(desk.proposed("waits", "waits"))
    for number in range(MOST_KEPT + 10):
        desk.do(desk.proposed(f"p{number}", f"d{number}"), seconds=number)
        desk.do(RejectProposal(f"p{number}"), "chief", number, reason="否")
    kept = desk.state.proposals
    assert len(kept) <= MOST_KEPT + 2
    assert "waits" in kept
    assert f"p{MOST_KEPT + 9}" in kept
    assert "p0" not in kept


def test_the_mark_of_closures_knows_no_order(desk: Desk) -> None:
    other = PlaceClosure("c0", "积水", 0.5, "line", ((111.4, 27.3), (111.5, 27.3)))
    empty = closures_mark(())
    desk.do(CLOSED)
    desk.do(other)
    both = list(desk.state.closures.values())
    assert closures_mark(both) == closures_mark(reversed(both)) != closures_mark(both[:1]) != empty
