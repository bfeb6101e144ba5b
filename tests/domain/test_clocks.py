"""Clocks: each set once, never overwritten; whose they are; what the response clock runs from and to."""

from dataclasses import replace

from kuaijing.domain.commands import (
    MoveIncident,
    Reclassify,
    RecordArrival,
    ReopenIncident,
    TakeCall,
    WithdrawAssignment,
)
from kuaijing.domain.words import IncidentStatus, Origin, UnitStatus
from tests.domain.street import FIGHT, Street, at, place


def test_response_clock_runs_from_the_first_order_to_the_latest_bound_of_the_arrival() -> None:
    street = Street()
    street.call(FIGHT, 0)
    first = street.order(FIGHT, "u1", 20)
    street.do(RecordArrival(first, at(70), at(78)), 80)

    incident = street.incident(FIGHT)
    assert incident.response_s == 58  # 78 - 20
    assert incident.citizen_s == 78  # 78 - 0
    assert incident.within_limit is True


def test_an_interval_that_straddles_the_limit_counts_as_not_met() -> None:
    street = Street()
    street.call(FIGHT, 0)
    first = street.order(FIGHT, "u1", 20)

    street.do(RecordArrival(first, at(75), at(81)), 85)  # limit 60 s: 55 to 61 s

    assert street.incident(FIGHT).within_limit is False


def test_withdrawing_and_ordering_again_does_not_reset_the_response_clock() -> None:
    street = Street()
    street.call(FIGHT, 0)
    first = street.order(FIGHT, "u1", 20)
    street.do(WithdrawAssignment(first), 40, reason="wrong street")
    second = street.order(FIGHT, "u2", 45)
    street.do(RecordArrival(second, at(90), at(90)), 91)

    assert street.incident(FIGHT).first_ordered_at == at(20)
    assert street.incident(FIGHT).response_s == 70


def test_the_arrival_of_an_incident_is_the_earliest_of_any_assigned_unit() -> None:
    street = Street()
    street.call(FIGHT, 0)
    first, second = street.order(FIGHT, "u1", 20), street.order(FIGHT, "u2", 20)
    street.do(RecordArrival(second, at(80), at(90)), 95)

    street.do(RecordArrival(first, at(70), at(85)), 96)  # told later, but there earlier

    arrived = street.incident(FIGHT).arrived
    assert arrived is not None
    assert (arrived.earliest, arrived.latest) == (at(70), at(85))


def test_a_measured_arrival_stands_beside_the_pressed_stamp_and_moves_no_status() -> None:
    street = Street()
    street.call(FIGHT, 0)
    first = street.order(FIGHT, "u1", 20)
    street.stamp(first, "en_route", 22)

    street.do(RecordArrival(first, at(70), at(75)), 76)
    assert street.unit("u1").status == UnitStatus.EN_ROUTE
    assert street.incident(FIGHT).status == IncidentStatus.RESPONDING

    street.stamp(first, "on_scene", 150)
    assert street.assignment(first).pressed_gap_s == 75  # 150 - 75: a mismatch to be listed
    street.do(RecordArrival(first, at(100), at(101)), 151)  # measured again: the first stays
    arrived = street.assignment(first).arrived
    assert arrived is not None
    assert arrived.latest == at(75)


def test_pressing_within_the_measured_interval_is_no_gap() -> None:
    street = Street()
    street.call(FIGHT, 0)
    first = street.order(FIGHT, "u1", 20)
    street.do(RecordArrival(first, at(70), at(75)), 76)

    street.stamp(first, "on_scene", 72, received=77)

    assert street.assignment(first).pressed_gap_s == 0


def test_no_clock_is_overwritten_by_a_second_stamp_or_a_second_closing() -> None:
    street = Street()
    street.call(FIGHT, 0)
    first = street.order(FIGHT, "u1", 20)
    for step in ("on_scene", "controlled", "settled"):
        street.stamp(first, step, 60)
        street.stamp(first, step, 70)
    street.close(FIGHT, 100)
    street.do(ReopenIncident(FIGHT), 200)
    second = street.order(FIGHT, "u2", 210)
    street.stamp(second, "controlled", 220)
    street.close(FIGHT, 300)

    incident = street.incident(FIGHT)
    assert (incident.first_ordered_at, incident.controlled_at, incident.settled_at) == (at(20), at(60), at(60))
    assert incident.closed_at == at(100)
    assert incident.ended_at == at(300)  # the last end, which is no clock


def test_tier_and_limit_are_frozen_at_opening_and_the_beat_follows_the_place() -> None:
    street = Street()
    street.call(FIGHT, 0)

    street.do(MoveIncident(FIGHT, replace(place("江北", tier="rest", limit_s=300.0), beat="b7")), 30)

    moved = street.incident(FIGHT).place
    assert (moved.text, moved.tier, moved.tier_limit_s, moved.beat) == ("江北", "key", 60.0, "b7")


def test_first_kind_and_grade_are_frozen() -> None:
    street = Street()
    street.call(FIGHT, 0, grade=3)

    street.do(Reclassify(FIGHT, "stabbing", 1, "serious"), 30)

    incident = street.incident(FIGHT)
    assert (incident.kind, incident.grade, incident.plan) == ("stabbing", 1, "serious")
    assert (incident.first_kind, incident.first_grade) == ("fight", 3)


def test_a_call_stamped_in_the_future_is_taken_at_our_time() -> None:
    street = Street()

    street.do(TakeCall("c1", FIGHT, None, Origin.CALL_110, at(600), place(), "fight", 2, "standard"), 10)

    assert street.incident(FIGHT).called_at == at(10)
