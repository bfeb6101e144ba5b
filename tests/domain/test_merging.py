"""Two incidents that are one: merged, undone, and calls that belong to the other."""

import pytest

from kuaijing.domain.commands import (
    LinkCall,
    MergeIncidents,
    UnlinkCall,
    UnmergeIncident,
    WithdrawAssignment,
)
from kuaijing.domain.errors import (
    MergeCycle,
    NotAllowed,
)
from kuaijing.domain.words import AssignmentStatus, IncidentStatus
from tests.domain.street import FIGHT, THEFT, Street, at


def test_a_merge_takes_calls_and_running_assignments_over_and_the_undo_brings_them_back() -> None:
    street = Street()
    street.call(FIGHT, 0)
    street.call(THEFT, 5)
    done = street.order(THEFT, "u1", 10)
    street.do(WithdrawAssignment(done), 12, reason="farther")
    running = street.order(THEFT, "u2", 15)
    street.stamp(running, "en_route", 16)

    street.do(MergeIncidents(THEFT, FIGHT), 20)

    fight, theft = street.incident(FIGHT), street.incident(THEFT)
    assert (theft.status, theft.merged_into) == (IncidentStatus.MERGED, FIGHT)
    assert fight.calls == (f"c{FIGHT}", f"c{THEFT}")
    assert fight.assignments == (running,)
    assert theft.assignments == (done,)
    assert fight.status == IncidentStatus.RESPONDING
    assert fight.first_ordered_at == at(15)  # of the assignments that are its own now
    assert fight.merged_from == (THEFT,)

    street.do(UnmergeIncident(THEFT), 30)

    fight, theft = street.incident(FIGHT), street.incident(THEFT)
    assert (theft.status, theft.merged_into, theft.first_ordered_at) == (IncidentStatus.RESPONDING, None, at(10))
    assert theft.assignments == (done, running)
    assert (fight.status, fight.calls, fight.assignments) == (IncidentStatus.OPEN, (f"c{FIGHT}",), ())
    assert fight.first_ordered_at is None


def test_an_undo_leaves_what_has_ended_meanwhile() -> None:
    street = Street()
    street.call(FIGHT)
    street.call(THEFT)
    part = street.order(THEFT, "u1", 10)
    street.do(MergeIncidents(THEFT, FIGHT), 20)
    street.stamp(part, "cleared", 30)

    street.do(UnmergeIncident(THEFT), 40)

    assert street.incident(THEFT).assignments == ()
    assert street.incident(FIGHT).assignments == (part,)


def test_an_undo_reaches_through_a_second_merge() -> None:
    street = Street()
    third = "20261121-0003"
    for incident in (FIGHT, THEFT, third):
        street.call(incident)
    part = street.order(THEFT, "u1", 10)
    street.do(MergeIncidents(THEFT, FIGHT), 20)
    street.do(MergeIncidents(FIGHT, third), 30)

    street.do(UnmergeIncident(THEFT), 40)

    assert street.assignment(part).incident == THEFT
    assert street.incident(THEFT).calls == (f"c{THEFT}",)
    assert street.incident(third).calls == (f"c{third}", f"c{FIGHT}")


def test_a_merge_into_itself_or_round_a_circle_is_refused() -> None:
    street = Street()
    street.call(FIGHT)
    street.call(THEFT)
    with pytest.raises(MergeCycle):
        street.do(MergeIncidents(FIGHT, FIGHT), 10)
    street.do(MergeIncidents(THEFT, FIGHT), 20)

    with pytest.raises(MergeCycle):
        street.do(MergeIncidents(FIGHT, THEFT), 30)


def test_a_unit_held_by_both_incidents_is_held_once_after_the_merge() -> None:
    street = Street()
    street.call(FIGHT)
    street.call(THEFT)
    active = street.order(FIGHT, "u1", 10)
    queued = street.order(THEFT, "u1", 11, mode="queue")

    street.do(MergeIncidents(THEFT, FIGHT), 20)

    assert street.assignment(queued).status == AssignmentStatus.WITHDRAWN
    assert (street.unit("u1").active, street.unit("u1").queued) == (active, ())


def test_linking_the_only_call_away_merges_its_incident_and_unlinking_undoes_it() -> None:
    street = Street()
    street.call(FIGHT)
    call = street.call(THEFT)

    street.do(LinkCall(call, FIGHT), 20)
    assert street.incident(THEFT).status == IncidentStatus.MERGED
    assert street.incident(FIGHT).calls == (f"c{FIGHT}", call)

    street.do(UnlinkCall(call, THEFT), 30)
    assert street.incident(THEFT).status == IncidentStatus.OPEN
    assert street.incident(THEFT).calls == (call,)
    assert street.incident(FIGHT).calls == (f"c{FIGHT}",)
    assert street.incident(FIGHT).merged_from == ()


def test_a_call_taken_for_a_known_incident_can_get_one_of_its_own() -> None:
    street = Street()
    street.call(FIGHT)
    call = street.call(THEFT, 10, link_to=FIGHT)
    assert street.incident(FIGHT).calls == (f"c{FIGHT}", call)

    street.do(UnlinkCall(call, THEFT), 30)

    assert street.incident(THEFT).calls == (call,)
    assert street.incident(THEFT).called_at == at(10)
    with pytest.raises(NotAllowed, match="the only call"):
        street.do(UnlinkCall(call, "20261121-0009"), 40)
