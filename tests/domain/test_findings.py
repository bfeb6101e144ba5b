"""What tracking found, as facts of the core: each once, moving no status and no unit's version."""

import pytest

from kuaijing.domain.assignments import ArrivalMeasured
from kuaijing.domain.commands import AcknowledgeArea, RecordArrival, StampAssignment
from kuaijing.domain.empty_areas import AreaAcknowledged, AreaEmptied, AreaReached
from kuaijing.domain.errors import Invalid, NotAllowed, UnknownUnit
from kuaijing.domain.findings import (
    FindingCommand,
    RecordAreaReached,
    RecordBeat,
    RecordEmptyArea,
    RecordPost,
    RecordSceneLeft,
    RecordStop,
    RecordVisit,
)
from kuaijing.domain.patrol import KEPT_S
from kuaijing.domain.presence import BeatEntered, CityLeft, PostLeft, PostTaken, SceneLeft, UnitMovedOn, UnitStopped
from kuaijing.domain.registry import incidents_of
from kuaijing.domain.words import AssignmentStatus, Step
from kuaijing.measures.points import Point
from tests.domain.street import FIGHT, Street, at


def test_a_beat_is_entered_once_and_the_city_left_once() -> None:
    street = Street("u1")
    (entered,) = street.do(RecordBeat("u1", "b1", at(1), at(2)), 3)

    assert entered == BeatEntered("u1", "b1", None, at(1), at(2), at(3))
    assert street.do(RecordBeat("u1", "b1", at(4), at(5)), 6) == ()
    assert street.do(RecordBeat("u1", None, at(7), at(8)), 9) == (CityLeft("u1", "b1", at(7), at(8), at(9)),)
    assert street.state.presence["u1"].outside
    assert street.do(RecordBeat("u1", None, at(10), at(11)), 12) == ()


def test_what_is_found_of_a_unit_moves_neither_its_status_nor_its_version() -> None:
    street = Street("u1")
    before = street.unit("u1")
    found: tuple[FindingCommand, ...] = (
        RecordBeat("u1", "b1", at(1), at(2)),
        RecordPost("u1", "home", at(1), at(2)),
        RecordStop("u1", True, at(1), Point(1, 2)),
        RecordVisit("g1", "u1", at(1), at(2), at(400), at(410), 398.0),
    )
    for command in found:
        assert street.do(command, 500)

    assert street.unit("u1") is before


def test_an_order_made_before_its_unit_crossed_a_border_still_stands() -> None:
    street = Street("u1")
    street.call()
    version = street.unit("u1").version
    street.do(RecordBeat("u1", "b2", at(1), at(2)), 3)

    street.order(FIGHT, "u1", 4, version=version)

    assert street.unit("u1").active == f"{FIGHT}.1"


def test_a_post_is_left_with_how_long_it_was_held_and_another_taken_at_once() -> None:
    street = Street("u1")
    street.do(RecordPost("u1", "platform:p1", at(0), at(10)), 130)

    assert street.do(RecordPost("u1", "home", at(600), at(620)), 740) == (
        PostLeft("u1", "platform:p1", 590.0, at(600), at(620), at(740)),
        PostTaken("u1", "home", at(600), at(620), at(740)),
    )


def test_a_stop_on_the_way_stands_on_the_incidents_timeline_and_one_on_patrol_on_none() -> None:
    street = Street("u1", "u2")
    street.call()
    way = street.order(FIGHT, "u1", 0)
    street.do(StampAssignment(way, Step.EN_ROUTE, at(10)), 10)
    (stopped,) = street.do(RecordStop("u1", True, at(20), Point(1, 2)), 140)
    (patrol,) = street.do(RecordStop("u2", True, at(20), Point(1, 2)), 1300)
    (moved,) = street.do(RecordStop("u1", False, at(200)), 201)

    assert stopped == UnitStopped("u1", way, FIGHT, Point(1, 2), at(20), at(140))
    assert moved == UnitMovedOn("u1", FIGHT, 180.0, at(201))
    assert (incidents_of(stopped), incidents_of(moved), incidents_of(patrol)) == ((FIGHT,), (FIGHT,), ())
    assert street.do(RecordStop("u1", False, at(300)), 301) == ()


def test_a_scene_is_left_once_after_the_measured_arrival_and_clears_nothing() -> None:
    street = Street("u1")
    street.call()
    part = street.order(FIGHT, "u1", 0)
    assert street.do(RecordSceneLeft(part, at(5), at(6)), 10) == ()  # it has not arrived
    (arrived,) = street.do(RecordArrival(part, at(60), at(64)), 65)
    assert isinstance(arrived, ArrivalMeasured)

    (left,) = street.do(RecordSceneLeft(part, at(600), at(610)), 700)

    assert left == SceneLeft(part, FIGHT, "u1", at(600), at(610), 536.0, 550.0, at(700))
    assert street.state.assignments[part].status == AssignmentStatus.ORDERED
    assert street.state.assignments[part].stay_s == 536.0
    assert street.unit("u1").active == part
    assert street.do(RecordSceneLeft(part, at(900), at(910)), 950) == ()


def test_visits_are_kept_for_a_day_and_a_half() -> None:
    street = Street("u1")
    street.do(RecordVisit("g1", "u1", at(0), at(5), at(400), at(410), 395.0), 420)
    street.do(RecordVisit("g1", "u1", at(1000), at(1005), at(1400), at(1410), 395.0), 1420)
    assert len(street.state.patrol["g1"].visits) == 2
    later = KEPT_S + 1000

    street.do(RecordVisit("g1", "u1", at(later), at(later + 5), at(later + 400), at(later + 405), 395.0), later + 420)

    assert [visit.came.earliest for visit in street.state.patrol["g1"].visits] == [at(1000), at(later)]
    assert street.state.presence["u1"].visited == "g1"


def test_impossible_findings_are_refused_by_name() -> None:
    street = Street("u1")
    with pytest.raises(Invalid, match="later than latest"):
        street.do(RecordBeat("u1", "b1", at(5), at(4)))
    with pytest.raises(Invalid, match="later than latest"):
        street.do(RecordVisit("g1", "u1", at(0), at(500), at(400), at(410), 1.0))
    with pytest.raises(UnknownUnit):
        street.do(RecordPost("u9", "home", at(1), at(2)))


def test_an_empty_area_is_raised_once_seen_once_and_over_once_reached() -> None:
    street = Street("u1")
    raised = street.do(RecordEmptyArea("beat:b1", 0.1, at(0)), 120)
    assert [type(event) for event in raised] == [AreaEmptied]
    assert street.do(RecordEmptyArea("beat:b1", 0.05, at(0)), 130) == ()

    assert street.do(AcknowledgeArea("beat:b1"), 140) == (AreaAcknowledged("beat:b1", "dispatcher", at(140)),)
    assert street.do(AcknowledgeArea("beat:b1"), 150) == ()
    assert street.do(RecordAreaReached("beat:b1", 0.8), 300) == (AreaReached("beat:b1", 0.8, at(300)),)
    assert street.do(RecordAreaReached("beat:b1", 0.8), 310) == ()
    with pytest.raises(NotAllowed, match="nothing to acknowledge"):
        street.do(AcknowledgeArea("beat:b1"), 320)


def test_a_unit_that_leaves_the_force_takes_what_was_found_of_it_along() -> None:
    street = Street("u1", "u2")
    street.do(RecordBeat("u1", "b1", at(1), at(2)), 3)
    street.plan("u2", seconds=10)

    assert "u1" not in street.state.presence
