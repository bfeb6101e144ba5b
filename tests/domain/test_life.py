"""Lives: of incidents, of assignments, of units; ending and going on. Merging and linking stand in test_merging.py."""

import pytest

from kuaijing.domain.commands import (
    AddNote,
    CancelIncident,
    CloseIncident,
    EndCover,
    Escalate,
    FollowUp,
    OrderCover,
    RaiseHelp,
    RecordArrival,
    RefuseAssignment,
    ReopenIncident,
    SetUnitStatus,
    WithdrawAssignment,
)
from kuaijing.domain.commands import CoverMove as Move
from kuaijing.domain.errors import (
    AlreadyEnded,
    DuplicateOrder,
    GradeUnknown,
    NotAllowed,
    ReasonRequired,
    StaleIncident,
    UnitTaken,
    UnknownAssignment,
    UnknownIncident,
    ValueUnknown,
)
from kuaijing.domain.words import AssignmentStatus, Follower, IncidentStatus, Origin, Outcome, UnitStatus
from kuaijing.measures.points import Point
from tests.domain.street import FIGHT, Street, at, place


def test_an_incident_goes_from_open_to_closed_with_its_unit() -> None:
    street = Street()
    street.call(FIGHT)
    seen = [street.incident(FIGHT).status]
    part = street.order(FIGHT, "u1", 10)
    seen.append(street.incident(FIGHT).status)
    for step in ("delivered", "acknowledged", "en_route", "on_scene", "controlled", "cleared"):
        street.stamp(part, step, 20)
        seen.append(street.incident(FIGHT).status)
    street.close(FIGHT, 100)
    seen.append(street.incident(FIGHT).status)

    assert seen == [
        "open",
        "dispatched",
        "dispatched",
        "dispatched",
        "responding",
        "on_scene",
        "handling",
        "handling",
        "closed",
    ]
    assert street.incident(FIGHT).outcome == Outcome.SETTLED


def test_handling_begins_with_the_first_note_of_measures() -> None:
    street = Street()
    street.call(FIGHT)
    street.stamp(street.order(FIGHT, "u1", 10), "on_scene", 50)
    street.do(AddNote(FIGHT, "到场"), 55)
    assert street.incident(FIGHT).status == IncidentStatus.ON_SCENE

    street.do(AddNote(FIGHT, "已隔离双方", measures=True), 60)

    assert street.incident(FIGHT).status == IncidentStatus.HANDLING
    assert street.incident(FIGHT).controlled_at is None  # a note is no stamp


def test_an_incident_whose_only_unit_refuses_is_open_again() -> None:
    street = Street()
    street.call(FIGHT)
    part = street.order(FIGHT, "u1", 10)

    with pytest.raises(ReasonRequired):
        street.do(RefuseAssignment(part), 12)
    street.do(RefuseAssignment(part), 12, reason="车辆故障")

    assert street.assignment(part).status == AssignmentStatus.REFUSED
    assert street.assignment(part).reason == "车辆故障"
    assert street.incident(FIGHT).status == IncidentStatus.OPEN
    assert street.unit("u1").status == UnitStatus.AVAILABLE
    with pytest.raises(AlreadyEnded):
        street.do(WithdrawAssignment(part), 13, reason="x")


def test_the_same_unit_is_not_ordered_twice_to_one_incident() -> None:
    street = Street()
    street.call(FIGHT)
    street.order(FIGHT, "u1", 10)

    with pytest.raises(DuplicateOrder, match=f"{FIGHT}.1"):
        street.order(FIGHT, "u1", 11, mode="queue")


def test_a_reopened_incident_begins_as_open_and_its_old_stamps_say_nothing_of_it() -> None:
    street = Street()
    street.call(FIGHT)
    part = street.order(FIGHT, "u1", 10)
    street.stamp(part, "controlled", 50)
    street.stamp(part, "on_scene", 50)
    street.close(FIGHT, 60)

    street.do(ReopenIncident(FIGHT), 100, reason="他们又回来了")
    assert street.incident(FIGHT).status == IncidentStatus.OPEN
    assert street.incident(FIGHT).outcome is None
    street.order(FIGHT, "u2", 110)
    assert street.incident(FIGHT).status == IncidentStatus.DISPATCHED


def test_a_late_report_from_before_the_reopening_fills_its_clock_and_begins_nothing() -> None:
    street = Street()
    street.call(FIGHT)
    part = street.order(FIGHT, "u1", 10)
    street.stamp(part, "on_scene", 50)
    street.close(FIGHT, 60)
    street.do(ReopenIncident(FIGHT), 100, reason="他们又回来了")
    second = street.order(FIGHT, "u2", 110)

    street.stamp(part, "controlled", 55, received=120)  # sent at 55, the link came back at 120
    assert street.incident(FIGHT).controlled_at == at(55)
    assert street.incident(FIGHT).status == IncidentStatus.DISPATCHED

    street.stamp(second, "controlled", 130)
    assert street.incident(FIGHT).status == IncidentStatus.HANDLING


def test_ended_incidents_take_no_orders_and_running_ones_are_not_reopened() -> None:
    street = Street()
    street.call(FIGHT)
    with pytest.raises(NotAllowed, match="it goes on as it is"):
        street.do(ReopenIncident(FIGHT), 5)
    with pytest.raises(ReasonRequired):
        street.do(CancelIncident(FIGHT), 5)
    street.do(CancelIncident(FIGHT), 10, reason="误报")

    with pytest.raises(AlreadyEnded, match="reopen it first"):
        street.order(FIGHT, "u1", 20)


def test_an_outcome_and_a_grade_outside_the_vocabulary_are_refused_by_name() -> None:
    street = Street()
    street.call(FIGHT)

    with pytest.raises(ValueUnknown, match="handed_to_station"):
        street.do(CloseIncident(FIGHT, "gone"), 10)  # type: ignore[arg-type]
    with pytest.raises(GradeUnknown, match="1, 2, 3 and 4"):
        street.do(Escalate(FIGHT, 7), 10, reason="x")


def test_whoever_goes_on_with_it_is_named_at_the_close_and_stands_until_it_is_reopened() -> None:
    street = Street()
    street.call(FIGHT)
    handed_on = FollowUp(Follower.STATION, "次日回访，查看调解是否履行")
    street.do(CloseIncident(FIGHT, Outcome.MEDIATION, follow_up=handed_on), 10)
    assert street.incident(FIGHT).follow_up == handed_on

    street.do(ReopenIncident(FIGHT), 20)
    assert street.incident(FIGHT).follow_up is None
    street.close(FIGHT, 30)
    assert street.incident(FIGHT).follow_up is None  # nobody needs to


def test_a_follower_outside_the_vocabulary_is_refused_by_name() -> None:
    street = Street()
    street.call(FIGHT)

    with pytest.raises(ValueUnknown, match=r"follow_up\.by.*station"):
        street.do(CloseIncident(FIGHT, Outcome.SETTLED, follow_up=FollowUp("uncle")), 10)  # type: ignore[arg-type]
    assert street.incident(FIGHT).status == IncidentStatus.OPEN


def test_an_incident_seen_at_an_older_version_is_stale() -> None:
    street = Street()
    street.call(FIGHT)
    seen = street.incident(FIGHT).version
    street.order(FIGHT, "u1", 10)

    with pytest.raises(StaleIncident, match=f"seen at version {seen}"):
        street.do(CloseIncident(FIGHT, Outcome.SETTLED, seen), 20)


def test_escalation_raises_the_grade_and_never_lowers_it() -> None:
    street = Street()
    street.call(FIGHT, grade=3)
    street.do(Escalate(FIGHT, 1), 10, reason="持刀")

    assert (street.incident(FIGHT).grade, street.incident(FIGHT).escalated) == (1, True)
    with pytest.raises(NotAllowed, match="reclassify"):
        street.do(Escalate(FIGHT, 2), 20, reason="x")


def test_a_call_for_help_opens_an_incident_of_grade_one() -> None:
    street = Street()

    street.do(RaiseHelp("u2", "c9", "20261121-0009", place(), "officer_help", "help"), 10)

    incident = street.incident("20261121-0009")
    assert (incident.grade, incident.origin, incident.raised_by) == (1, Origin.OFFICER_HELP, "u2")
    assert incident.calls == ("c9",)


def test_the_unit_that_asked_for_help_does_not_count_as_the_arrival() -> None:
    street = Street()
    street.do(RaiseHelp("u2", "c9", "20261121-0009", place(), "officer_help", "help"), 10)
    own, other = street.order("20261121-0009", "u2", 12), street.order("20261121-0009", "u1", 14)

    street.do(RecordArrival(own, at(12), at(12)), 13)
    assert street.incident("20261121-0009").arrived is None
    street.do(RecordArrival(other, at(70), at(74)), 75)
    assert street.incident("20261121-0009").response_s == 62  # 12 to 74, the latest bound


def test_cover_leaves_a_unit_available_and_ends_when_it_is_ordered() -> None:
    street = Street()
    street.call(FIGHT)
    seen = street.unit("u1").version
    street.do(OrderCover((Move("u1", seen, Point(111.4, 27.2), "南门口"),)), 10)
    assert street.unit("u1").status == UnitStatus.AVAILABLE
    assert street.unit("u1").cover == Point(111.4, 27.2)
    assert street.state.cover["u1"].text == "南门口"
    with pytest.raises(UnitTaken):
        street.do(OrderCover((Move("u1", seen, Point(111.4, 27.2), "x"),)), 11)

    street.order(FIGHT, "u1", 20)

    assert street.unit("u1").cover is None
    assert street.state.cover == {}
    with pytest.raises(NotAllowed, match="nothing to end"):
        street.do(EndCover("u1"), 30)


def test_going_off_duty_ends_cover_and_withdraws_what_was_queued() -> None:
    street = Street()
    street.call(FIGHT)
    street.do(SetUnitStatus("u1", UnitStatus.BUSY_OTHER), 5)
    part = street.order(FIGHT, "u1", 10, mode="queue")

    street.do(SetUnitStatus("u1", UnitStatus.OFF_DUTY), 20)

    assert street.assignment(part).status == AssignmentStatus.WITHDRAWN
    assert street.unit("u1").queued == ()


def test_a_unit_that_the_new_plan_lacks_stays_until_it_is_free() -> None:
    street = Street()
    street.call(FIGHT)
    part = street.order(FIGHT, "u1", 10)

    street.plan("u3", "u4", seconds=20, leader="李明")

    assert sorted(street.state.units) == ["u1", "u3", "u4"]  # u2 was free and went
    assert street.unit("u1").leaving
    assert street.unit("u3").leader == "李明"
    street.stamp(part, "cleared", 60)
    assert sorted(street.state.units) == ["u3", "u4"]
    street.stamp(part, "on_scene", 40, received=90)  # a late stamp of a unit that is gone is kept all the same
    assert street.assignment(part).on_scene_at == at(40)


def test_a_new_plan_leaves_the_duty_of_known_units_to_the_street() -> None:
    street = Street()
    street.do(SetUnitStatus("u1", UnitStatus.OFF_DUTY), 5)

    street.plan("u1", "u2", "u5", seconds=10, off_duty=("u2", "u5"))

    assert street.unit("u1").status == UnitStatus.OFF_DUTY
    assert street.unit("u2").status == UnitStatus.AVAILABLE
    assert street.unit("u5").status == UnitStatus.OFF_DUTY


def test_what_is_not_known_is_refused_by_its_own_name() -> None:
    street = Street()
    with pytest.raises(UnknownIncident, match="20261121-0077"):
        street.close("20261121-0077", 1)
    with pytest.raises(UnknownAssignment, match=r"0077\.1"):
        street.do(RecordArrival("20261121-0077.1", at(1), at(2)), 3)
