"""What a simulated crew does: only what a terminal can send, in the order that a crew would."""

import random

import numpy as np

from kuaijing.domain.words import Step
from kuaijing.measures.instants import Instant, after
from kuaijing.simulation.driving import Leg
from kuaijing.simulation.officers import Crew, Deed, Place, Reported, Stamped, Task

START = Instant(1_790_000_000_000_000)
PLATFORM, SCENE = (112.0, 28.0), (112.01, 28.0)


def straight_in_a_minute(unit_class: str, start: Place, end: Place) -> Leg:
    return Leg(np.array([start, end]), seconds=60)


def no_road(unit_class: str, start: Place, end: Place) -> None:
    return None


def crew(seed: int = 1, router=straight_in_a_minute) -> Crew:
    return Crew("2011", "car", PLATFORM, router, random.Random(seed), gps_error_m=0.0)


def deeds_until(one: Crew, seconds: int) -> list[Deed]:
    return [deed for t in range(seconds) for deed in one.act(after(START, t))]


def test_first_unit_stamps_every_step_in_order() -> None:
    one = crew()
    one.show(Task("i.1", SCENE, "first", handling_s=300), None, START)

    stamps = [d for d in deeds_until(one, 2000) if isinstance(d, Stamped)]

    assert [s.step for s in stamps] == [
        Step.DELIVERED,
        Step.ACKNOWLEDGED,
        Step.EN_ROUTE,
        Step.ON_SCENE,
        Step.CONTROLLED,
        Step.SETTLED,
        Step.CLEARED,
    ]
    assert [s.at for s in stamps] == sorted(s.at for s in stamps)


def test_parked_terminal_says_where_it_is_once_it_is_handed_an_order() -> None:
    one = crew()
    one.rest_report_every_s = 240.0
    assert [d.at for d in one.act(START)] == [START]
    one.show(Task("i.1", SCENE, "first", handling_s=300), None, after(START, 100))

    assert one.has_news
    assert [d.at for d in one.act(after(START, 100)) if isinstance(d, Reported)] == [after(START, 100)]
    assert not one.has_news


def test_terminal_says_that_it_has_stopped_also_where_it_spoke_in_that_instant() -> None:
    one = crew()
    one.rest_report_every_s = 240.0
    one.show(Task("i.1", SCENE, "first", handling_s=300, status="en_route"), None, START)
    stops = after(START, 30)
    assert one.position(stops).speed_mps > 0
    one.show(Task("i.2", PLATFORM, "first", handling_s=300), None, stops)  # diverted: it stops and reads the order
    one.position(stops)  # a second report of one instant, which nobody believes

    assert one.has_news
    (said,) = (d for d in one.act(after(stops, 2.5)) if isinstance(d, Reported))
    assert said.speed_mps == 0


def test_crew_drives_to_the_scene_only_after_setting_off() -> None:
    one = crew()
    one.show(Task("i.1", SCENE, "first", handling_s=300), None, START)
    deeds = deeds_until(one, 200)
    set_off = next(d.at for d in deeds if isinstance(d, Stamped) and d.step is Step.EN_ROUTE)

    for report in (d for d in deeds if isinstance(d, Reported)):
        if report.at < set_off:
            assert (report.lon, report.lat) == PLATFORM
    assert one.whereabouts(after(set_off, 61)).lon == SCENE[0]


def test_visitors_unit_drives_when_told_and_presses_nothing() -> None:
    one = crew()
    one.by_hand = True
    one.show(Task("i.1", SCENE, "first", handling_s=300, status="ordered"), None, START)
    assert not [d for d in deeds_until(one, 100) if isinstance(d, Stamped)]
    assert one.whereabouts(after(START, 100)).lon == PLATFORM[0]

    one.show(Task("i.1", SCENE, "first", handling_s=300, status="en_route"), None, after(START, 100))
    assert one.whereabouts(after(START, 161)).lon == SCENE[0]
    assert not [d for d in one.act(after(START, 400)) if isinstance(d, Stamped)]


def test_crew_found_on_scene_after_a_restart_goes_on_there() -> None:
    one = crew()
    one.show(Task("i.1", SCENE, "first", handling_s=300, status="on_scene"), None, START)

    assert one.whereabouts(START).lon == SCENE[0]
    assert [d.step for d in deeds_until(one, 2000) if isinstance(d, Stamped)] == [
        Step.CONTROLLED,
        Step.SETTLED,
        Step.CLEARED,
    ]


def test_withdrawn_task_stops_the_drive_where_it_is() -> None:
    one = crew()
    one.show(Task("i.1", SCENE, "first", handling_s=300), None, START)
    deeds_until(one, 50)
    one.show(None, None, after(START, 50))

    here = one.whereabouts(after(START, 51))
    assert PLATFORM[0] < here.lon < SCENE[0]
    assert not [d for d in one.act(after(START, 60)) if isinstance(d, Stamped)]


def test_crew_that_no_road_leads_to_never_says_that_it_arrived() -> None:
    one = crew(router=no_road)
    one.show(Task("i.1", SCENE, "first", handling_s=300), None, START)

    steps = [d.step for d in deeds_until(one, 600) if isinstance(d, Stamped)]
    assert steps == [Step.DELIVERED, Step.ACKNOWLEDGED, Step.EN_ROUTE]


def test_same_seed_gives_the_same_deeds() -> None:
    runs = []
    for _ in range(2):
        one = crew(seed=7)
        one.show(Task("i.1", SCENE, "support", handling_s=300), None, START)
        runs.append(deeds_until(one, 600))

    assert runs[0] == runs[1]
