"""How soon units are at an incident: exact, from mid-street to mid-street, in the directions that they may take."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.city.classes import FOOT, MOTORCYCLE
from kuaijing.routing import Closure, Network, Snap, UnitSnaps, find_units, times_from_units, units_at
from kuaijing.routing.errors import FirstOutOfRange, ForeignWeights, LimitOutOfRange, NodeOutOfRange, ShapeMismatch
from tests.routing.brute_force import Judge, some_place, some_units
from tests.routing.worlds import Street, arc, grid, lat_of, lon_of, network, unit, world

# A one-way square, driven a > b > c > d > a, 100 m a side.
SQUARE = {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (0, 100)}
ROUND = [Street("a>b"), Street("b>c"), Street("c>d"), Street("d>a")]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000), limit=st.integers(1, 400_000))
def test_times_equal_brute_force_in_any_town(seed: int, limit: int) -> None:
    graph = Network(grid(6, seed, forbidden_share=0.1, one_way_share=0.3)).graph("car")
    rng = np.random.default_rng(seed)
    units, place = some_units(graph, 12, rng), some_place(graph, rng)

    assert np.array_equal(
        times_from_units(graph, graph.base, place, units, limit_ms=limit), Judge(graph).times(units, place, limit)
    )


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), first=st.integers(1, 15), limit=st.integers(1, 400_000))
def test_first_k_are_the_soonest_of_the_whole_list(seed: int, first: int, limit: int) -> None:
    graph = Network(grid(9, seed)).graph("car")
    rng = np.random.default_rng(seed)
    units, place, eligible = some_units(graph, 25, rng), some_place(graph, rng), rng.random(25) < 0.7
    whole = times_from_units(graph, graph.base, place, units, limit_ms=limit, eligible=eligible)

    soonest = sorted((ms, unit) for unit, ms in enumerate(whole.tolist()) if ms >= 0)[:first]
    few = times_from_units(graph, graph.base, place, units, limit_ms=limit, eligible=eligible, first=first)
    assert [(ms, unit) for unit, ms in enumerate(few.tolist()) if ms >= 0] == sorted(soonest, key=lambda pair: pair[1])
    assert (whole[~eligible] == -1).all()


def test_a_unit_drives_the_rest_of_its_arc_and_the_first_part_of_the_incidents() -> None:
    roads = network(world({"w": (0, 0), "o": (100, 0), "e": (200, 0)}, [Street("w-o"), Street("o-e")]))
    graph, ground = roads.graph("car"), roads.ground
    here, there = roads.place_on(arc(ground, 0, 1), 0.3, "car"), roads.place_on(arc(ground, 1, 2), 0.25, "car")

    assert times_from_units(graph, graph.base, there, unit(here)).tolist() == [9_500]  # 70 m + 25 m at 10 m/s


def test_unit_at_rest_leaves_in_both_directions_and_a_moving_one_as_it_faces() -> None:
    roads = network(world({"w": (0, 0), "o": (100, 0), "e": (200, 0)}, [Street("w-o"), Street("o-e")]))
    graph, ground = roads.graph("car"), roads.ground
    facing_west = roads.place_on(arc(ground, 1, 0), 0.4, "car")  # 60 m before w
    there = roads.place_on(arc(ground, 1, 2), 0.5, "car")

    assert times_from_units(graph, graph.base, there, unit(facing_west, both=True)).tolist() == [9_000]  # 40 + 50 m
    # to w (60 m), turn round (10 s), all of w>o (100 m) and 50 m on
    assert times_from_units(graph, graph.base, there, unit(facing_west)).tolist() == [6_000 + 10_000 + 10_000 + 5_000]


def test_unit_just_past_the_incident_on_a_one_way_goes_all_the_way_round() -> None:
    roads = network(world(SQUARE, ROUND), left_s=0.0)
    graph, ground = roads.graph("car"), roads.ground
    incident = roads.place_on(arc(ground, 0, 1), 0.5, "car")
    before, past = (roads.place_on(arc(ground, 0, 1), fraction, "car") for fraction in (0.4, 0.6))

    assert times_from_units(graph, graph.base, incident, units_at([before, past])).tolist() == [1_000, 39_000]
    assert times_from_units(graph, graph.base, incident, units_at([before, past]), first=2).tolist() == [1_000, 39_000]
    assert times_from_units(graph, graph.base, incident, units_at([before, past]), first=1).tolist() == [1_000, -1]


def test_unit_on_the_very_spot_is_there() -> None:
    roads = network(world(SQUARE, ROUND))
    spot = roads.place_on(0, 0.123456789, "car")

    assert times_from_units(roads.graph("car"), roads.graph("car").base, spot, unit(spot)).tolist() == [0]


def test_incident_on_a_two_way_street_is_reached_from_both_its_ends() -> None:
    line = {"w": (0, 0), "a": (100, 0), "b": (200, 0), "e": (300, 0)}
    roads = network(world(line, [Street("w-a"), Street("a-b"), Street("b-e")]))
    graph, ground = roads.graph("car"), roads.ground
    incident = roads.place_on(arc(ground, 1, 2), 0.5, "car")
    west, east = roads.place_on(arc(ground, 0, 1), 0.0, "car"), roads.place_on(arc(ground, 3, 2), 0.0, "car")

    assert times_from_units(graph, graph.base, incident, units_at([west, east], both=False)).tolist() == [
        15_000,
        15_000,
    ]


def test_none_reachable_is_said_after_searching_everything() -> None:
    ground = world(SQUARE, ROUND)
    roads = network(ground)
    graph = roads.graph("car")
    far = roads.place_on(arc(ground, 2, 3), 0.9, "car")
    incident = roads.place_on(arc(ground, 2, 3), 0.1, "car")

    late = find_units(graph, graph.base, incident, unit(far), limit_ms=1_000)
    assert (late.searched, late.milliseconds.tolist()) == ("unbounded", [32_000])  # 320 m; bends cost nothing
    shut = graph.base.with_closures([Closure([arc(ground, 0, 1)], None)])
    none = find_units(graph, shut, incident, unit(far), limit_ms=1_000)
    assert (none.searched, none.milliseconds.tolist()) == ("none_reachable", [-1])
    assert find_units(graph, graph.base, incident, unit(None)).searched == "none_reachable"
    assert find_units(graph, graph.base, incident, units_at([])).searched == "none_reachable"
    assert find_units(graph, graph.base, incident, unit(far)).searched == "within_limit"


def test_equal_times_are_told_apart_by_the_lower_row() -> None:
    roads = network(world(SQUARE, ROUND))
    graph = roads.graph("car")
    same = roads.place_on(0, 0.2, "car")
    incident = roads.place_on(0, 0.8, "car")

    assert times_from_units(graph, graph.base, incident, units_at([same] * 4), first=2).tolist() == [
        6_000,
        6_000,
        -1,
        -1,
    ]


def test_senseless_questions_are_refused_by_name() -> None:
    roads = network(world(SQUARE, ROUND))
    graph, base = roads.graph("car"), roads.graph("car").base
    place = roads.place_on(0, 0.5, "car")
    units = unit(place)

    with pytest.raises(LimitOutOfRange, match="got 0"):
        times_from_units(graph, base, place, units, limit_ms=0)
    with pytest.raises(FirstOutOfRange, match="at least 1, got 0"):
        times_from_units(graph, base, place, units, first=0)
    with pytest.raises(ShapeMismatch, match="for each of 1 units"):
        times_from_units(graph, base, place, units, eligible=np.ones(2, np.bool_))
    with pytest.raises(ForeignWeights, match="base_weights"):
        times_from_units(graph, roads.graph("foot").base, place, units)
    with pytest.raises(NodeOutOfRange, match="a car may use"):
        times_from_units(graph, base, Snap(-1, 0.5, -1, 0, 0), units)
    with pytest.raises(NodeOutOfRange, match="arc 99"):
        times_from_units(graph, base, Snap(99, 0.5, -1, 0, 0), units)
    with pytest.raises(ShapeMismatch, match="fraction is"):
        UnitSnaps(units.arc, np.zeros(3, np.float32), units.off_road_m, units.both)


def test_threads_search_one_graph_at_once_with_the_same_answers() -> None:
    graph = Network(grid(40, 5)).graph("car")
    rng = np.random.default_rng(5)
    units, places = some_units(graph, 60, rng), [some_place(graph, rng) for _ in range(40)]
    wanted = [times_from_units(graph, graph.base, place, units).tolist() for place in places]
    answers: dict[int, list[list[int]]] = {}

    def ask(number: int) -> None:
        answers[number] = [times_from_units(graph, graph.base, place, units).tolist() for place in places]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answer == wanted for answer in answers.values())
    assert len(answers) == 4


def test_motorcycle_through_the_alley_beats_the_car_around_the_block() -> None:
    alley = Street("a>c", "alley", access=MOTORCYCLE | FOOT)
    roads = network(world(SQUARE, [*ROUND, alley]), left_s=0.0, sharp_s=0.0, right_s=0.0)
    incident = lon_of(90), lat_of(100)  # 10 m after c
    times = {}
    for unit_class in ("car", "motorcycle"):
        graph = roads.graph(unit_class)
        here = roads.place_on(arc(roads.ground, 3, 0), 0.99, unit_class)
        there = roads.snap(*incident, unit_class)
        assert there is not None
        times[unit_class] = int(times_from_units(graph, graph.base, there, unit(here))[0])
    assert times == {"car": 100 + 21_000, "motorcycle": 100 + 14_142 + 1_000}
