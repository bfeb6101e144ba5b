"""The nine rules of the domain page that peers get wrong. Rules 5 (stale positions) and 6 (repeats) are shown where they live:
tracking and the engine; here is what of them the domain carries."""

import pytest

from kuaijing.domain.commands import (
    CancelIncident,
    OrderUnits,
    RecordContact,
    SetUnitStatus,
    StampAssignment,
    UnitOrder,
    WithdrawAssignment,
)
from kuaijing.domain.errors import NotAllowed, Refused, UnitOffDuty, UnitTaken
from kuaijing.domain.words import AssignmentStatus, IncidentStatus, Role, Step, UnitStatus
from tests.domain.street import FIGHT, THEFT, Street, at


def street_with_two_incidents() -> Street:
    street = Street()
    street.call(FIGHT, 0)
    street.call(THEFT, 5)
    return street


# 1. One unit may hold several assignments: one active, others queued. A stamp on one touches no other.


def test_rule_1_a_unit_holds_one_active_and_others_queued() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    second = street.order(THEFT, "u1", 20, mode="queue")

    assert street.unit("u1").active == first
    assert street.unit("u1").queued == (second,)
    assert street.assignment(second).status == AssignmentStatus.QUEUED


def test_rule_1_a_stamp_on_one_assignment_touches_no_other() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    second = street.order(THEFT, "u1", 20, mode="queue")
    other = street.order(THEFT, "u2", 25)
    before = street.assignment(second), street.assignment(other), street.unit("u2")

    for step in ("delivered", "acknowledged", "en_route", "on_scene", "controlled"):
        street.stamp(first, step, 30)

    assert (street.assignment(second), street.assignment(other), street.unit("u2")) == before


def test_rule_1_a_stamp_on_a_queued_assignment_is_refused() -> None:
    street = street_with_two_incidents()
    street.order(FIGHT, "u1", 10)
    second = street.order(THEFT, "u1", 20, mode="queue")

    with pytest.raises(NotAllowed, match="queued, wanted: ordered"):
        street.stamp(second, "en_route", 30)


# 2. A queued or planned assignment does not make a unit busy before its time.


def test_rule_2_a_queued_assignment_changes_neither_status_nor_the_other_incident() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.stamp(first, "en_route", 15)
    street.order(THEFT, "u1", 20, mode="queue")

    assert street.unit("u1").status == UnitStatus.EN_ROUTE
    assert street.incident(THEFT).status == IncidentStatus.OPEN
    assert street.incident(THEFT).first_ordered_at is None  # its response clock has not begun


def test_rule_2_queueing_a_free_unit_orders_it_since_there_is_nothing_to_wait_for() -> None:
    street = street_with_two_incidents()

    assignment = street.order(FIGHT, "u1", 10, mode="queue")

    assert street.assignment(assignment).status == AssignmentStatus.ORDERED


# 3. Closing an incident frees its units, each to its next assignment or to available.


def test_rule_3_closing_frees_each_unit_to_its_next_assignment_or_to_available() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.order(FIGHT, "u2", 10)
    second = street.order(THEFT, "u1", 20, mode="queue")
    street.stamp(first, "on_scene", 50)

    street.close(FIGHT, 100)

    assert street.unit("u1").active == second
    assert street.unit("u1").status == UnitStatus.ORDERED
    assert street.assignment(second).ordered_at == at(100)  # ordered at that moment, not when it was queued
    assert street.incident(THEFT).first_ordered_at == at(100)
    assert street.unit("u2").status == UnitStatus.AVAILABLE
    assert street.assignment(first).status == AssignmentStatus.CLEARED
    assert street.assignment(f"{FIGHT}.2").status == AssignmentStatus.WITHDRAWN  # it had never arrived
    assert street.assignment(f"{FIGHT}.2").reason == "incident closed"


def test_rule_3_closing_takes_its_own_queued_assignments_with_it() -> None:
    street = street_with_two_incidents()
    street.order(FIGHT, "u1", 10)
    second = street.order(THEFT, "u1", 20, mode="queue")

    street.close(THEFT, 30)

    assert street.assignment(second).status == AssignmentStatus.WITHDRAWN
    assert street.unit("u1").queued == ()
    assert street.unit("u1").status == UnitStatus.ORDERED


def test_rule_3_clearing_orders_the_next_in_the_queue() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    second = street.order(THEFT, "u1", 20, mode="queue")

    street.stamp(first, "cleared", 90)

    assert street.unit("u1").active == second
    assert street.incident(THEFT).status == IncidentStatus.DISPATCHED


# 4. A status that forbids dispatch is enforced by the core, not painted by the screen.


@pytest.mark.parametrize("status", [UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE])
@pytest.mark.parametrize("mode", ["now", "queue", "divert"])
def test_rule_4_a_status_that_forbids_dispatch_is_enforced(status: UnitStatus, mode: str) -> None:
    street = street_with_two_incidents()
    street.do(SetUnitStatus("u1", status), 5)

    with pytest.raises(UnitOffDuty, match=status):
        street.order(FIGHT, "u1", 10, mode=mode)


def test_rule_4_a_unit_busy_with_something_else_can_only_be_queued() -> None:
    street = street_with_two_incidents()
    street.do(SetUnitStatus("u1", UnitStatus.BUSY_OTHER), 5)

    for mode in ("now", "divert"):
        with pytest.raises(UnitTaken) as refusal:
            street.order(FIGHT, "u1", 10, mode=mode)
        assert refusal.value.offers == ("queue",)
    assignment = street.order(FIGHT, "u1", 10, mode="queue")
    assert street.unit("u1").status == UnitStatus.BUSY_OTHER
    street.do(SetUnitStatus("u1", UnitStatus.AVAILABLE), 60)
    assert street.unit("u1").active == assignment


def test_rule_4_a_status_is_never_a_way_round_an_assignment() -> None:
    street = street_with_two_incidents()
    street.order(FIGHT, "u1", 10)

    for status in (UnitStatus.AVAILABLE, UnitStatus.OFF_DUTY, UnitStatus.BUSY_OTHER):
        with pytest.raises(NotAllowed, match="clear or withdraw"):
            street.do(SetUnitStatus("u1", status), 20)


# 5. Lost contact is a flag beside the status, never instead of it.


def test_rule_5_lost_contact_is_a_flag_and_forbids_no_order() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.stamp(first, "en_route", 12)
    street.do(RecordContact("u1", True, at(15)), 75)
    street.do(RecordContact("u2", True, at(15)), 75)

    assert street.unit("u1").status == UnitStatus.EN_ROUTE
    assert street.unit("u1").lost_contact
    street.order(FIGHT, "u2", 80)
    street.do(RecordContact("u1", False, at(90)), 90)
    assert not street.unit("u1").lost_contact


# 6. Any command can be repeated by the network. (Keys: tests/engine/test_repeats.py.)


def test_rule_6_a_stamp_that_comes_again_changes_nothing_and_is_no_fault() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.stamp(first, "en_route", 20)
    before = street.state

    assert street.stamp(first, "en_route", 20) == ()
    assert street.stamp(first, "en_route", 40) == ()
    assert street.state == before


# 7. An order names the unit version that the dispatcher saw; stale is UnitTaken, offering to queue or to divert.


def test_rule_7_the_second_of_two_dispatchers_gets_unit_taken_with_what_changed() -> None:
    street = street_with_two_incidents()
    seen = street.unit("u1").version
    street.order(FIGHT, "u1", 10, version=seen)

    with pytest.raises(UnitTaken) as refusal:
        street.order(THEFT, "u1", 11, version=seen)

    assert refusal.value.offers == ("queue", "divert")
    assert refusal.value.current() == {
        "unit": "u1",
        "call_sign": "201",
        "version": seen + 1,
        "status": "ordered",
        "incident": FIGHT,
        "change": "AssignmentOrdered",
        "offers": ["queue", "divert"],
    }
    assert "queue or divert" in str(refusal.value)


def test_rule_7_a_unit_that_changed_since_it_was_seen_is_taken_even_where_it_is_free_again() -> None:
    street = street_with_two_incidents()
    seen = street.unit("u1").version
    street.do(SetUnitStatus("u1", UnitStatus.BUSY_OTHER), 10)
    street.do(SetUnitStatus("u1", UnitStatus.AVAILABLE), 20)

    for mode in ("now", "queue", "divert"):
        with pytest.raises(UnitTaken, match=f"version {seen} was seen, it is now at {seen + 2}: available") as refusal:
            street.order(FIGHT, "u1", 30, mode=mode, version=seen)
        assert refusal.value.offers == ("now",)
    street.order(FIGHT, "u1", 31)


def test_rule_7_an_order_is_all_or_none_and_names_every_fault() -> None:
    street = Street("u1", "u2", "u3", "u4")
    street.call(FIGHT)
    street.call(THEFT)
    stale = street.unit("u1").version
    street.order(FIGHT, "u1", 10)
    street.do(SetUnitStatus("u2", UnitStatus.OFF_DUTY), 10)
    before = street.state
    orders = tuple(
        UnitOrder(unit, version, Role.FIRST, "now", f"{THEFT}.{number}")
        for number, (unit, version) in enumerate(
            [("u1", stale), ("u2", street.unit("u2").version), ("u3", 1), ("u9", 1), ("u3", 1)], start=1
        )
    )

    with pytest.raises(Refused) as refusal:
        street.do(OrderUnits(THEFT, orders), 20)

    assert [type(error).__name__ for error in refusal.value.errors] == [
        "UnitTaken",
        "UnitOffDuty",
        "UnknownUnit",
        "DuplicateOrder",
    ]
    assert len(refusal.value.fields()) == 4
    assert street.state is before


def test_rule_7_a_diversion_withdraws_what_the_unit_drove_to_with_its_reason() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.stamp(first, "en_route", 15)

    second = street.order(THEFT, "u1", 20, mode="divert")

    assert street.assignment(first).status == AssignmentStatus.WITHDRAWN
    assert street.assignment(first).reason == f"diverted to {THEFT}"
    assert street.incident(FIGHT).status == IncidentStatus.OPEN  # plainly unattended again
    assert street.unit("u1").active == second


def test_rule_7_a_unit_that_arrived_cannot_be_diverted_nor_withdrawn() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.stamp(first, "on_scene", 15)

    with pytest.raises(UnitTaken) as refusal:
        street.order(THEFT, "u1", 20, mode="divert")
    assert refusal.value.offers == ("queue",)
    with pytest.raises(NotAllowed, match="clear it instead"):
        street.do(WithdrawAssignment(first), 20, reason="wrong unit")


# 8. A late stamp fills its own field at its device's time and never moves a status back.


def test_rule_8_a_late_stamp_fills_its_own_field_and_moves_no_status_back() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.stamp(first, "on_scene", 60)

    street.stamp(first, "acknowledged", 14, received=90)
    street.stamp(first, "en_route", 18, received=91)

    part = street.assignment(first)
    assert (part.acknowledged_at, part.en_route_at, part.on_scene_at) == (at(14), at(18), at(60))
    assert part.status == AssignmentStatus.ON_SCENE
    assert street.unit("u1").status == UnitStatus.ON_SCENE
    assert street.incident(FIGHT).status == IncidentStatus.ON_SCENE


def test_rule_8_a_late_stamp_is_kept_after_the_incident_was_closed() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.close(FIGHT, 100)

    street.stamp(first, "on_scene", 55, received=200)

    assert street.assignment(first).on_scene_at == at(55)
    assert street.assignment(first).status == AssignmentStatus.WITHDRAWN
    assert street.incident(FIGHT).status == IncidentStatus.CLOSED
    assert street.unit("u1").status == UnitStatus.AVAILABLE


def test_rule_8_an_impossible_device_time_is_moved_as_far_as_it_must_and_kept_beside() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)

    (early,) = street.stamp(first, "acknowledged", -500, received=20)
    (late,) = street.stamp(first, "en_route", 9_000, received=30)

    assert street.assignment(first).acknowledged_at == at(10)
    assert street.assignment(first).en_route_at == at(30)
    assert getattr(early, "device_at") == at(-500)  # noqa: B009  (a union of events)
    assert getattr(late, "device_at") == at(9_000)  # noqa: B009


# 9. Nothing is deleted; a mistake is corrected by a further fact. By voice is said.


def test_rule_9_a_stamp_by_voice_says_so() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.stamp(first, "acknowledged", 12)
    events = street.do(StampAssignment(first, Step.EN_ROUTE, at(20)), 20, by_voice=True)

    assert street.assignment(first).by_voice == ("en_route",)
    assert [getattr(event, "by_voice") for event in events] == [True]  # noqa: B009


def test_rule_9_no_command_takes_a_record_away() -> None:
    street = street_with_two_incidents()
    first = street.order(FIGHT, "u1", 10)
    street.do(WithdrawAssignment(first), 20, reason="closer unit found")
    street.do(CancelIncident(FIGHT), 30, reason="caller withdrew")

    assert street.assignment(first).reason == "closer unit found"
    assert street.incident(FIGHT).assignments == (first,)
    assert street.incident(FIGHT).calls == (f"c{FIGHT}",)
