"""Routes: their time is the search's, their arcs join, and they say the turns as a driver meets them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.routing import (
    Closure,
    Network,
    Turn,
    isochrone,
    nearest_two,
    route,
    times_from_units,
    turn_text,
    units_at,
)
from kuaijing.routing.errors import LimitOutOfRange
from tests.routing.brute_force import some_place
from tests.routing.worlds import Street, arc, grid, lat_of, lon_of, network, world

CROSS = {"w": (-100, 0), "o": (0, 0), "e": (300, 0), "n": (0, 200), "s": (0, -400)}
NAMED = [
    Street("w-o", name="人民路"),
    Street("o-e", name="人民路"),
    Street("o-n", name="西门路"),
    Street("o-s", name="南门路"),
]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), both=st.booleans(), shut=st.booleans())
def test_route_takes_as_long_as_the_search_says_and_is_drivable(seed: int, both: bool, shut: bool) -> None:
    ground = grid(7, seed, forbidden_share=0.2, one_way_share=0.3)
    graph = Network(ground).graph("car")
    rng = np.random.default_rng(seed)
    here, there = some_place(graph, rng), some_place(graph, rng)
    closed = rng.choice(graph.node_arc, 8).tolist() if shut else []
    weights = graph.base.with_closures([Closure(closed, None)])
    way = route(graph, weights, here, there, both=both)
    wanted = int(times_from_units(graph, weights, there, units_at([here], both=both), limit_ms=10**8)[0])

    if way is None:
        assert wanted == -1
        return
    assert way.milliseconds == wanted
    assert (ground.arc_head[way.arcs[:-1]] == ground.arc_tail[way.arcs[1:]]).all()
    forbidden = set(zip(ground.turn_from.tolist(), ground.turn_to.tolist(), strict=True))
    assert not forbidden & set(zip(way.arcs[:-1].tolist(), way.arcs[1:].tolist(), strict=True))
    assert not set(way.arcs[1:-1].tolist()) & set(closed)
    assert way.arcs[0] in ((here.arc, here.twin) if both else (here.arc,))
    assert way.arcs[-1] in (there.arc, there.twin)
    assert way.turns[-1].key == "arrive"
    assert sum(turn.metres for turn in way.turns) == pytest.approx(way.metres)


def test_route_lists_turns_with_road_names_and_metres() -> None:
    roads = network(world(CROSS, NAMED))
    graph, ground = roads.graph("car"), roads.ground
    here, there = roads.place_on(arc(ground, 0, 1), 0.5, "car"), roads.place_on(arc(ground, 1, 3), 0.25, "car")
    way = route(graph, graph.base, here, there)

    assert way is not None
    assert way.milliseconds == 5_000 + 3_000 + 5_000  # 50 m, left, 50 m
    assert [(turn.key, turn.road, round(turn.metres)) for turn in way.turns] == [
        ("straight", "人民路", 50),
        ("left", "西门路", 50),
        ("arrive", "西门路", 0),
    ]
    assert np.allclose(way.points, [[lon_of(-50), lat_of(0)], [lon_of(0), lat_of(0)], [lon_of(0), lat_of(50)]])
    assert turn_text(way.turns[1]) == "左转进入西门路，行驶 50 米"
    assert turn_text(way.turns[1], "en") == "Left into 西门路 for 50 m"
    assert turn_text(Turn("arrive", "", 0, 0, 0)) == "到达无名道路"


def test_straight_over_is_one_stretch_right_and_turning_round_are_said() -> None:
    roads = network(world(CROSS, NAMED))
    graph, ground = roads.graph("car"), roads.ground
    west = roads.place_on(arc(ground, 0, 1), 0.0, "car")

    def keys(tail: int, head: int, start_tail: int = 0, start_head: int = 1) -> list[str]:
        start = roads.place_on(arc(ground, start_tail, start_head), 0.9, "car")
        way = route(graph, graph.base, start, roads.place_on(arc(ground, tail, head), 0.5, "car"), both=False)
        assert way is not None
        return [turn.key for turn in way.turns]

    assert keys(1, 2) == ["straight", "arrive"]
    assert keys(1, 4) == ["straight", "right", "arrive"]
    back = route(graph, graph.base, roads.place_on(arc(ground, 1, 0), 0.9, "car"), west, both=False)
    assert back is not None
    assert [turn.key for turn in back.turns] == ["straight", "arrive"]  # ahead of it on the far side of the street
    assert keys(2, 1, 1, 2) == ["straight", "u_turn", "arrive"]  # 30 m on to the dead end, then back


def test_route_within_one_street_is_the_piece_between() -> None:
    roads = network(world(CROSS, NAMED))
    graph, ground = roads.graph("car"), roads.ground
    here, there = (roads.place_on(arc(ground, 1, 2), fraction, "car") for fraction in (0.2, 0.6))
    way, back = route(graph, graph.base, here, there), route(graph, graph.base, there, here)

    assert way is not None
    assert back is not None
    assert (way.milliseconds, round(way.metres)) == (12_000, 120)
    assert (back.milliseconds, round(back.metres)) == (12_000, 120)  # by the other direction
    assert way.arcs.tolist() == [arc(ground, 1, 2)]
    assert back.arcs.tolist() == [arc(ground, 2, 1)]
    spot = route(graph, graph.base, here, here)
    assert spot is not None
    assert (spot.milliseconds, len(spot.points)) == (0, 2)


def test_no_way_is_none() -> None:
    roads = network(world(CROSS, [Street("w>o"), Street("o>e")]))
    graph, ground = roads.graph("car"), roads.ground

    assert (
        route(graph, graph.base, roads.place_on(arc(ground, 1, 2), 0.5, "car"), roads.place_on(0, 0.5, "car")) is None
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000), limit=st.integers(1, 200_000), both=st.booleans())
def test_isochrone_is_the_reach_of_one_unit(seed: int, limit: int, both: bool) -> None:
    graph = Network(grid(7, seed)).graph("car")
    place = some_place(graph, np.random.default_rng(seed))
    alone = units_at([place], both=both)

    assert np.array_equal(
        isochrone(graph, graph.base, place, limit, both=both), nearest_two(graph, graph.base, alone, limit).best_ms
    )


def test_isochrone_refuses_no_time() -> None:
    graph = Network(grid(4, 1)).graph("car")

    with pytest.raises(LimitOutOfRange, match="got 0"):
        isochrone(graph, graph.base, some_place(graph, np.random.default_rng(1)), 0)
