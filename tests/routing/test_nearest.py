"""The two soonest units of every street: what the city can be reached in, and what it loses with a unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.routing import Closure, Network, Snap, combine_nearest, nearest_two, reach_times, units_at
from kuaijing.routing.errors import LimitOutOfRange, ShapeMismatch
from kuaijing.routing.nearest import NearestTwo
from tests.routing.brute_force import Judge, some_units
from tests.routing.worlds import Street, arc, grid, network, world


def by_hand(judge: Judge, arc_number: int, found: list[tuple[float, int]], limit: int) -> tuple[int, int, int, int]:
    within = sorted((int(ms), unit) for ms, unit in found if ms <= limit)[:2]
    within += [(-1, -1)] * (2 - len(within))
    return (*within[0], *within[1])


def rows(answer: NearestTwo) -> list[tuple[int, int, int, int]]:
    columns = (answer.best_ms, answer.best_unit, answer.second_ms, answer.second_unit)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000), limit=st.integers(1_000, 300_000), delayed=st.booleans(), shut=st.booleans())
def test_nearest_two_equals_a_search_for_each_unit(seed: int, limit: int, delayed: bool, shut: bool) -> None:
    graph = Network(grid(5, seed, forbidden_share=0.1, one_way_share=0.3)).graph("car")
    rng = np.random.default_rng(seed)
    units = some_units(graph, 7, rng)
    delay = rng.integers(0, 60_000, 7).astype(np.int32) if delayed else np.zeros(7, np.int32)
    weights = graph.base.with_closures([Closure(rng.choice(graph.node_arc, 6), None)]) if shut else graph.base
    judge = Judge(graph, weights)
    answer = nearest_two(graph, weights, units, limit, delay_ms=delay if delayed else None)

    for number in graph.node_arc.tolist():
        middle = Snap(number, 0.5, -1, 0, 0)  # this arc's own middle, in its own direction
        times = judge.times(units, middle)
        found = [(float(ms + delay[u]), u) for u, ms in enumerate(times.tolist()) if ms >= 0]
        assert rows(answer)[number] == by_hand(judge, number, found, limit)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_classes_together_equal_all_their_units_in_one_list(seed: int) -> None:
    roads = Network(grid(5, seed))
    rng = np.random.default_rng(seed)
    units = {
        name: some_units(roads.graph(name), 4, rng).with_numbers(np.arange(4, dtype=np.int32) * 10 + number)
        for number, name in enumerate(UNIT_CLASSES)
    }
    weights = {name: roads.graph(name).base for name in UNIT_CLASSES}
    apart = {name: nearest_two(roads.graph(name), weights[name], units[name], 200_000) for name in UNIT_CLASSES}
    together = reach_times(roads, weights, units, 200_000)

    for number, row in enumerate(rows(together)):
        every = [rows(answer)[number] for answer in apart.values()]
        found = sorted({pair for a, b, c, d in every for pair in ((a, b), (c, d)) if pair[0] >= 0})[:2]
        found += [(-1, -1)] * (2 - len(found))
        assert row == (*found[0], *found[1])


def test_losing_the_best_unit_leaves_the_second() -> None:
    graph = Network(grid(12, 4)).graph("car")
    units = some_units(graph, 30, np.random.default_rng(4))
    whole = nearest_two(graph, graph.base, units, 300_000)
    gone = 7
    arcs = units.arc.copy()
    arcs[gone] = -1
    without = nearest_two(graph, graph.base, type(units)(arcs, units.fraction, units.off_road_m, units.both), 300_000)

    lost = whole.best_unit == gone
    assert lost.any()
    assert np.array_equal(without.best_ms[lost], whole.second_ms[lost])
    assert np.array_equal(without.best_unit[lost], whole.second_unit[lost])
    assert np.array_equal(without.best_ms[~lost], whole.best_ms[~lost])


def test_a_street_is_reached_by_the_sooner_of_its_directions() -> None:
    line = {"w": (0, 0), "a": (100, 0), "b": (200, 0)}
    roads = network(world(line, [Street("w-a"), Street("a-b")]))
    graph, ground = roads.graph("car"), roads.ground
    here = roads.place_on(arc(ground, 0, 1), 0.5, "car")
    answer = nearest_two(graph, graph.base, units_at([here], both=False), 60_000)
    street = answer.by_street(ground.arc_street, ground.street_count)

    assert answer.best_ms[arc(ground, 1, 2)] == 10_000
    assert answer.best_ms[arc(ground, 2, 1)] == 5_000 + 10_000 + 10_000 + 5_000  # to b, round, back to the middle
    assert street.best_ms.tolist() == [0, 10_000]
    assert street.second_ms.tolist() == [-1, -1]  # one unit is never both


def test_delay_is_part_of_the_answer_and_of_the_limit() -> None:
    roads = network(world({"w": (0, 0), "a": (100, 0), "b": (200, 0)}, [Street("w-a"), Street("a-b")]))
    graph, ground = roads.graph("car"), roads.ground
    here = units_at([roads.place_on(arc(ground, 0, 1), 0.5, "car")], both=False)
    wait = np.array([4_000], np.int32)

    assert nearest_two(graph, graph.base, here, 14_000, delay_ms=wait).best_ms[arc(ground, 1, 2)] == 14_000
    assert nearest_two(graph, graph.base, here, 13_999, delay_ms=wait).best_ms[arc(ground, 1, 2)] == -1


def test_no_unit_reaches_nothing() -> None:
    roads = Network(grid(4, 1))
    graph = roads.graph("car")

    assert (nearest_two(graph, graph.base, units_at([]), 60_000).best_ms == -1).all()
    assert (reach_times(roads, {}, {}, 60_000).best_unit == -1).all()
    assert (nearest_two(graph, graph.base, units_at([None]), 60_000).best_ms == -1).all()


def test_senseless_questions_are_refused_by_name() -> None:
    graph = Network(grid(4, 1)).graph("car")
    units = some_units(graph, 4, np.random.default_rng(1))

    with pytest.raises(ShapeMismatch, match="unit number 3 is given to two units"):
        nearest_two(graph, graph.base, units.with_numbers(np.array([3, 1, 3, 2], np.int32)), 1_000)
    with pytest.raises(ShapeMismatch, match="0 or more, got -1"):
        nearest_two(graph, graph.base, units.with_numbers(np.array([0, 1, -1, 2], np.int32)), 1_000)
    with pytest.raises(ShapeMismatch, match="one for each of 4 units"):
        nearest_two(graph, graph.base, units, 1_000, delay_ms=np.zeros(3, np.int32))
    with pytest.raises(ShapeMismatch, match="from 0 to"):
        nearest_two(graph, graph.base, units, 1_000, delay_ms=np.full(4, -1, np.int32))
    with pytest.raises(LimitOutOfRange):
        nearest_two(graph, graph.base, units, 0)
    with pytest.raises(ShapeMismatch, match="at least one"):
        combine_nearest([])
