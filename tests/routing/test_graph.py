"""The driven graph: what its nodes and edges are and what they cost."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.city.classes import CAR, COMMAND_VEHICLE, FOOT, LINK, MOTORCYCLE
from kuaijing.routing import Network
from kuaijing.routing.errors import LimitOutOfRange, NodeOutOfRange, NoRoadsForClass, UnknownUnitClass
from kuaijing.routing.graph import DrivenGraph
from tests.routing.worlds import Street, grid, network, plain_profile, world

CROSS = {"w": (-100, 0), "o": (0, 0), "e": (300, 0), "n": (0, 200), "s": (0, -400)}


def edges(graph: DrivenGraph) -> dict[tuple[str, str], int]:
    """Edges by the names of their arcs in the cross: ``("w>o", "o>e")``."""
    places = list(CROSS)
    ground = graph.ground
    named = [f"{places[t]}>{places[h]}" for t, h in zip(ground.arc_tail, ground.arc_head, strict=True)]
    tail, head, ms = graph.arcs()
    of = [named[arc] for arc in graph.node_arc]
    return {(of[t], of[h]): int(m) for t, h, m in zip(tail, head, ms, strict=True)}


def test_an_edge_costs_the_whole_of_its_arc_and_the_turn() -> None:
    ground = world(CROSS, [Street("w-o"), Street("o-e"), Street("o-n"), Street("o-s")])
    cost = edges(network(ground).graph("car"))

    assert cost["w>o", "o>e"] == 10_000  # 100 m at 10 m/s, straight on
    assert cost["w>o", "o>n"] == 13_000  # left: 3 s more
    assert cost["w>o", "o>s"] == 11_000  # right: 1 s more
    assert cost["w>o", "o>w"] == 20_000  # U-turn: 10 s more
    assert cost["o>e", "e>o"] == 40_000  # at a dead end one turns round too
    assert len(cost) == 4 * 4 + 4  # from each way into the crossing to each way out, and the four dead ends


def test_a_signal_costs_every_turn_and_a_bend_costs_nothing() -> None:
    bend = world(CROSS, [Street("w-o"), Street("o-n")], signals="")
    lights = world(CROSS, [Street("w-o"), Street("o-n")], signals="o")

    assert edges(network(bend).graph("car"))["w>o", "o>n"] == 10_000  # nothing to choose: no left turn
    assert edges(network(lights).graph("car"))["w>o", "o>n"] == 15_000


def test_forbidden_turn_binds_its_classes_only() -> None:
    streets = [Street("w-o"), Street("o-e"), Street("o-n"), Street("o-s")]
    roads = network(world(CROSS, streets, forbidden=[("w>o", "o>n", CAR | COMMAND_VEHICLE)]))

    assert ("w>o", "o>n") not in edges(roads.graph("car"))
    assert ("w>o", "o>n") in edges(roads.graph("motorcycle"))


def test_alleys_are_nodes_for_motorcycles_and_not_for_cars() -> None:
    ground = world(CROSS, [Street("w-o"), Street("o-e"), Street("o-n", "alley", access=MOTORCYCLE | FOOT)])
    roads = network(ground)
    alley = int(np.flatnonzero((ground.arc_tail == 1) & (ground.arc_head == 3))[0])

    assert roads.graph("car").arc_node[alley] == -1
    assert roads.graph("motorcycle").arc_node[alley] >= 0
    assert roads.graph("car").node_count == 4
    assert roads.graph("motorcycle").node_count == 6


def test_signed_limit_is_kept_up_to_the_factor_and_slip_roads_are_slower() -> None:
    slow = world(CROSS, [Street("w-o", maxspeed=5.0), Street("o-e", flags=LINK), Street("o-n"), Street("o-s")])
    cost = edges(network(slow, maxspeed_factor=1.6, link_factor=0.5).graph("car"))

    assert cost["w>o", "o>e"] == 12_500  # 100 m at 5 * 1.6 m/s
    assert cost["e>o", "o>w"] == 60_000  # 300 m at 10 * 0.5 m/s


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_edge_comes_twice_or_costs_nothing_and_forbidden_turns_are_absent(seed: int) -> None:
    ground = grid(7, seed, forbidden_share=0.3)
    graph = Network(ground).graph("car")
    tail, head, ms = graph.arcs()
    arc_of = graph.node_arc

    assert (ms >= 1).all()
    assert len({(t, h) for t, h in zip(tail.tolist(), head.tolist(), strict=True)}) == len(tail)
    assert (ground.arc_head[arc_of[tail]] == ground.arc_tail[arc_of[head]]).all()
    driven = set(zip(arc_of[tail].tolist(), arc_of[head].tolist(), strict=True))
    assert not driven & set(zip(ground.turn_from.tolist(), ground.turn_to.tolist(), strict=True))
    wanted = int(np.bincount(ground.arc_tail, minlength=49)[ground.arc_head].sum())
    assert len(driven) == wanted - len(set(zip(ground.turn_from.tolist(), ground.turn_to.tolist(), strict=True)))


def test_numbering_maps_both_ways_without_gaps() -> None:
    graph = Network(grid(6, 3)).graph("car")

    assert sorted(graph.node_arc.tolist()) == np.flatnonzero(graph.arc_node >= 0).tolist()
    assert (graph.arc_node[graph.node_arc] == np.arange(graph.node_count)).all()


def test_unknown_class_lists_the_classes() -> None:
    roads = network(world(CROSS, [Street("w-o")]))

    with pytest.raises(UnknownUnitClass, match=r"'tank'.*command_vehicle, car, motorcycle, foot"):
        roads.graph("tank")
    with pytest.raises(UnknownUnitClass, match=r"drone flies straight"):
        roads.graph("drone")


def test_class_without_any_road_is_refused() -> None:
    with pytest.raises(NoRoadsForClass, match="no road that a car may use"):
        network(world(CROSS, [Street("w-o", access=FOOT)])).graph("car")


def test_times_to_refuses_what_is_not_in_the_graph() -> None:
    graph = network(world(CROSS, [Street("w-o")])).graph("car")

    with pytest.raises(NodeOutOfRange, match="node 2 is not in the graph; wanted 0 to 1"):
        graph.times_to(2)
    with pytest.raises(NodeOutOfRange, match="node -1"):
        graph.times_to(-1)
    with pytest.raises(NodeOutOfRange, match=r"node 0\.0"):
        graph.times_to(0.0)  # type: ignore[arg-type]
    for limit in (0, -5, 0.5, -math.inf, math.nan, True, "600", None):
        with pytest.raises(LimitOutOfRange, match="limit_ms must be a number of milliseconds of at least 1"):
            graph.times_to(0, limit)  # type: ignore[arg-type]


def test_times_to_is_infinite_beyond_the_limit_and_zero_at_the_node() -> None:
    ground = world(CROSS, [Street("w-o"), Street("o-e")])
    graph = Network(ground, plain_profile()).graph("car")
    to_east = int(graph.arc_node[np.flatnonzero((ground.arc_tail == 1) & (ground.arc_head == 2))[0]])
    from_west = int(graph.arc_node[np.flatnonzero((ground.arc_tail == 0) & (ground.arc_head == 1))[0]])

    assert graph.times_to(to_east, 10_000)[from_west] == 10_000
    assert graph.times_to(to_east, 9_999)[from_west] == math.inf
    assert graph.times_to(to_east, 1)[to_east] == 0
    assert graph.times_to(to_east, 9_999.9)[from_west] == math.inf  # type: ignore[arg-type]
    assert graph.times_to(to_east, math.inf)[from_west] == 10_000  # type: ignore[arg-type]
