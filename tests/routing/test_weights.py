"""Live weights: closures and slow zones act at once, on new searches only, and are lifted without a rest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.routing import Closure, Network, base_weights, times_from_units
from kuaijing.routing.arrays import CLOSED
from kuaijing.routing.errors import BadClosure
from tests.routing.brute_force import Judge, some_place, some_units
from tests.routing.worlds import Street, arc, grid, network, unit, world

RING = {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (0, 100)}
STREETS = [Street("a-b"), Street("b-c"), Street("c-d"), Street("d-a")]


def test_slow_zone_closure_and_their_end() -> None:
    roads = network(world(RING, STREETS))
    graph, ground = roads.graph("car"), roads.ground
    here, there = roads.place_on(arc(ground, 3, 0), 0.9, "car"), roads.place_on(arc(ground, 1, 2), 0.1, "car")
    base = base_weights(graph)
    street = [arc(ground, 0, 1), arc(ground, 1, 0)]

    def seconds(weights) -> float:  # type: ignore[no-untyped-def]
        return int(times_from_units(graph, weights, there, unit(here, both=True))[0]) / 1000

    assert seconds(base) == 1 + 10 + 1  # along a-b
    assert seconds(base.with_closures([Closure(street, 0.5)])) == 1 + 20 + 1
    shut = base.with_closures([Closure(street)])
    assert seconds(shut) == 9 + 10 + 9  # the other way round
    assert seconds(shut.with_closures([])) == 12  # what is in force is stated whole
    assert seconds(base) == 12  # the old weights never changed
    assert [base.version, shut.version, shut.with_closures([]).version] == [0, 1, 2]


def test_where_closures_overlap_the_slowest_counts() -> None:
    roads = network(world(RING, STREETS))
    graph, ground = roads.graph("car"), roads.ground
    street = arc(ground, 0, 1)
    ms = graph.base.with_closures(
        [Closure([street], 0.5), Closure([street], 0.25), Closure([street], 1.0)]
    ).milliseconds

    assert ms[street] == 40_000
    assert graph.base.with_closures([Closure([street], 0.5), Closure([street], 0)]).milliseconds[street] == CLOSED
    assert graph.base.milliseconds[street] == 10_000


def test_unit_may_leave_a_closed_street_and_be_sent_into_one() -> None:
    roads = network(world(RING, STREETS))
    graph, ground = roads.graph("car"), roads.ground
    here, there = roads.place_on(arc(ground, 3, 0), 0.5, "car"), roads.place_on(arc(ground, 0, 1), 0.5, "car")
    shut = graph.base.with_closures([Closure([there.arc, there.twin, here.arc, here.twin])])

    assert times_from_units(graph, shut, there, unit(here)).tolist() == [10_000]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000), factor=st.sampled_from([None, 0.0, 0.01, 0.3, 0.99, 1.0]))
def test_slower_roads_never_bring_a_unit_sooner_and_times_stay_exact(seed: int, factor: float | None) -> None:
    graph = Network(grid(6, seed)).graph("car")
    rng = np.random.default_rng(seed)
    units, place = some_units(graph, 10, rng), some_place(graph, rng)
    weights = graph.base.with_closures([Closure(rng.choice(graph.node_arc, 15), factor)])
    before = times_from_units(graph, graph.base, place, units, limit_ms=10**8)
    now = times_from_units(graph, weights, place, units, limit_ms=10**8)

    assert ((now >= before) | (now == -1)).all()
    assert np.array_equal(now, Judge(graph, weights).times(units, place))


def test_weights_cannot_be_written() -> None:
    weights = network(world(RING, STREETS)).graph("car").base

    for array in (weights.node_milliseconds, weights.milliseconds):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_bad_closures_are_refused_by_name() -> None:
    weights = network(world(RING, STREETS)).graph("car").base

    with pytest.raises(BadClosure, match=r"factor must be None or from 0 \(closed\) to 3, got -0.5"):
        Closure([0], -0.5)
    with pytest.raises(BadClosure, match="got nan"):
        Closure([0], float("nan"))
    with pytest.raises(BadClosure, match="names arc 99; the city's arcs are 0 to 7"):
        weights.with_closures([Closure([0, 99])])
