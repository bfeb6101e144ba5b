"""What OpenStreetMap's roads become: junctions, one-ways, turns, access. A step of the grid is about 100 m."""

from pathlib import Path

import numpy as np
import pytest

from kuaijing.city.classes import BRIDGE, CAR, COMMAND_VEHICLE, FOOT, LINK, MOTORCYCLE, ROAD_CLASSES, ROUNDABOUT
from kuaijing.city.refused import ImportRefused
from tests.city.osm_world import arcs, forbidden, graph_of

ROAD = {"highway": "residential"}
SQUARE = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1)}
RING = {
    n: ([n, n % 4 + 1], ROAD) for n in (1, 2, 3, 4)
}  # four sides; keeps everything around it in one strongly connected part


def test_street_between_two_junctions_is_two_arcs_that_share_it(tmp_path: Path) -> None:
    roads = graph_of(tmp_path, {1: (0, 0), 2: (1, 0), 3: (2, 0)}, {7: ([1, 2, 3], ROAD | {"name": "人民路"})}).roads

    assert arcs(roads) == {((0, 0), (2, 0)), ((2, 0), (0, 0))}  # node 2 is a bend, not a junction
    assert roads.arc_street.tolist() == [0, 0]
    assert roads.arc_twin.tolist() == [1, 0]
    assert roads.arc_length_m == pytest.approx([190.6, 190.6], abs=0.1)  # 0.002 degrees at 31 north
    assert roads.arc_source.tolist() == [7, 7]
    assert roads.shape_start.tolist() == [0, 3, 6]
    assert roads.shape_lon == pytest.approx([121.0, 121.001, 121.002, 121.002, 121.001, 121.0])


def test_one_way_is_driven_one_way_and_walked_both(tmp_path: Path) -> None:
    ways = RING | {11: ([1, 3], ROAD | {"oneway": "yes"})}
    roads = graph_of(tmp_path, SQUARE, ways).roads

    assert ((0, 0), (1, 1)) in arcs(roads, CAR)
    assert ((1, 1), (0, 0)) not in arcs(roads, CAR | COMMAND_VEHICLE | MOTORCYCLE)
    assert {((0, 0), (1, 1)), ((1, 1), (0, 0))} <= arcs(roads, FOOT)


@pytest.mark.parametrize(
    ("tags", "bit", "along", "against"),
    [
        ({"oneway": "-1"}, CAR, False, True),
        ({"oneway": "yes", "oneway:motorcycle": "no"}, MOTORCYCLE, True, True),
        ({"oneway": "yes", "oneway:motorcycle": "no"}, CAR, True, False),
        ({"oneway": "yes", "oneway:foot": "yes"}, FOOT, True, False),
        ({"oneway": "no", "highway": "motorway"}, CAR, True, True),
        ({"highway": "motorway"}, CAR, True, False),
        ({"motor_vehicle:backward": "no"}, CAR, True, False),
        ({"highway": "motorway"}, FOOT, False, False),
        ({"access": "no"}, CAR, False, False),
        ({"access": "private"}, CAR, True, True),
        ({"access": "no", "emergency": "yes"}, CAR, True, True),
        ({"motor_vehicle": "no"}, CAR, False, False),
        ({"motor_vehicle": "no"}, FOOT, True, True),
        ({"motor_vehicle": "no", "motorcycle": "yes"}, MOTORCYCLE, True, True),
        ({"highway": "service", "service": "alley"}, MOTORCYCLE, True, True),
        ({"highway": "service", "service": "alley"}, CAR, False, False),
        ({"highway": "service", "service": "alley", "width": "3"}, CAR, True, True),
        ({"highway": "pedestrian"}, MOTORCYCLE, True, True),
        ({"highway": "pedestrian"}, COMMAND_VEHICLE, False, False),
        ({"highway": "steps"}, MOTORCYCLE, False, False),
        ({"highway": "steps"}, FOOT, True, True),
        ({"maxheight": "2.2"}, COMMAND_VEHICLE, False, False),
        ({"maxheight": "2.2"}, CAR, True, True),
    ],
)
def test_tags_decide_who_goes_which_way(
    tmp_path: Path, tags: dict[str, str], bit: int, along: bool, against: bool
) -> None:
    roads = graph_of(tmp_path, SQUARE, RING | {11: ([1, 3], ROAD | tags)}).roads

    assert (((0, 0), (1, 1)) in arcs(roads, bit), ((1, 1), (0, 0)) in arcs(roads, bit)) == (along, against)


CROSS = {1: (0, 0), 2: (-1, 0), 3: (1, 0), 4: (0, -1), 5: (0, 1)}  # 1 in the middle
ARMS = {21: ([2, 1], ROAD), 31: ([1, 3], ROAD), 41: ([4, 1], ROAD), 51: ([1, 5], ROAD)}
WEST, EAST, SOUTH, NORTH, MIDDLE = (-1, 0), (1, 0), (0, -1), (0, 1), (0, 0)
FROM_WEST_TO_NORTH = [("way", 21, "from"), ("node", 1, "via"), ("way", 51, "to")]


def test_no_turn_forbids_that_turn_only(tmp_path: Path) -> None:
    restriction = {9: (FROM_WEST_TO_NORTH, {"type": "restriction", "restriction": "no_left_turn"})}
    roads = graph_of(tmp_path, CROSS, ARMS, restriction).roads

    assert forbidden(roads, CAR) == {(WEST, MIDDLE, NORTH)}
    assert forbidden(roads, FOOT) == set()


def test_only_turn_forbids_every_other_turn_from_there(tmp_path: Path) -> None:
    restriction = {9: (FROM_WEST_TO_NORTH, {"type": "restriction", "restriction": "only_left_turn"})}
    roads = graph_of(tmp_path, CROSS, ARMS, restriction).roads

    assert forbidden(roads, CAR) == {(WEST, MIDDLE, EAST), (WEST, MIDDLE, SOUTH), (WEST, MIDDLE, WEST)}


def test_restriction_on_a_way_that_runs_through_the_junction_takes_the_turn_it_names(tmp_path: Path) -> None:
    through = {1: ([2, 1, 3], ROAD), 2: ([4, 1, 5], ROAD)}  # neither way is split at the crossing
    members = [("way", 1, "from"), ("node", 1, "via"), ("way", 2, "to")]
    restriction = {9: (members, {"type": "restriction", "restriction": "no_left_turn"})}
    graph = graph_of(tmp_path, CROSS, through, restriction)

    # eastbound left is north, westbound left is south: it cannot be known which is meant
    assert forbidden(graph.roads, CAR) == set()
    assert graph.dropped["restrictions_ambiguous"] == 1


def test_exception_frees_the_class_it_names(tmp_path: Path) -> None:
    tags = {"type": "restriction", "restriction": "no_left_turn", "except": "psv;motorcycle"}
    roads = graph_of(tmp_path, CROSS, ARMS, {9: (FROM_WEST_TO_NORTH, tags)}).roads

    assert forbidden(roads, CAR) == {(WEST, MIDDLE, NORTH)}
    assert forbidden(roads, MOTORCYCLE) == set()


def test_restrictions_that_bind_no_unit_or_lie_off_the_roads_are_dropped_and_counted(tmp_path: Path) -> None:
    via_way = [("way", 21, "from"), ("way", 31, "via"), ("way", 51, "to")]
    relations = {
        1: (FROM_WEST_TO_NORTH, {"type": "restriction", "restriction:hgv": "no_left_turn"}),
        2: (via_way, {"type": "restriction", "restriction": "no_u_turn"}),
        3: (
            [("way", 21, "from"), ("node", 1, "via"), ("way", 999, "to")],
            {"type": "restriction", "restriction": "no_left_turn"},
        ),
        4: ([("node", 1, "via"), ("way", 51, "to")], {"type": "restriction", "restriction": "no_left_turn"}),
    }
    graph = graph_of(tmp_path, CROSS, ARMS, relations)

    assert len(graph.roads.turn_from) == 0
    for reason in ("not_for_units", "via_way", "off_the_roads", "incomplete"):
        assert graph.dropped[f"restrictions_{reason}"] == 1


def test_roundabout_goes_round_one_way_and_says_so(tmp_path: Path) -> None:
    ring = {10: ([1, 2, 3, 4, 1], ROAD | {"junction": "roundabout"})}
    arms = {11: ([1, 5], ROAD), 12: ([3, 6], ROAD)}
    roads = graph_of(tmp_path, SQUARE | {5: (-1, -1), 6: (2, 2)}, ring | arms).roads

    driven = arcs(roads, CAR)
    assert {((0, 0), (1, 1)), ((1, 1), (0, 0))} <= driven  # two halves between the two arms
    on_ring = roads.arc_flags & ROUNDABOUT > 0
    assert (roads.arc_access[on_ring] & CAR > 0).sum() == 2


def test_bridge_is_not_joined_to_the_road_below(tmp_path: Path) -> None:
    nodes = {1: (-1, 0), 2: (1, 0), 3: (0, -1), 4: (0, 1)}
    ways = {
        1: ([1, 2], ROAD | {"bridge": "yes", "layer": "1"}),
        2: ([3, 4], ROAD),
        3: ([1, 3, 2, 4, 1], ROAD),
    }
    roads = graph_of(tmp_path, nodes, ways).roads

    assert len(roads.node_lon) == 4  # none in the middle, where the lines cross
    assert set(roads.arc_layer[roads.arc_flags & BRIDGE > 0].tolist()) == {1}


def test_bollard_stops_cars_but_neither_motorcycles_nor_feet(tmp_path: Path) -> None:
    nodes = SQUARE | {5: (0, -1, {"barrier": "bollard"}), 6: (1, -1)}
    roads = graph_of(tmp_path, nodes, RING | {11: ([1, 5, 6, 2], ROAD)}).roads

    assert {((0, 0), (0, -1), (1, 0)), ((1, 0), (0, -1), (0, 0))} == forbidden(roads, CAR)
    assert forbidden(roads, MOTORCYCLE) == set()


def test_part_from_which_nothing_leads_back_is_dropped_for_the_class_and_counted(tmp_path: Path) -> None:
    island = {5: (5, 5), 6: (6, 5)}
    ways = RING | {11: ([3, 5], ROAD | {"oneway": "yes"}), 12: ([5, 6], ROAD)}
    graph = graph_of(tmp_path, SQUARE | island, ways)

    assert ((5, 5), (6, 5)) not in arcs(graph.roads, CAR)
    assert ((5, 5), (6, 5)) in arcs(graph.roads, FOOT)  # on foot one walks back
    assert graph.dropped["outside_the_largest_part"]["car"]["arcs"] == 3
    assert graph.dropped["outside_the_largest_part"]["foot"]["arcs"] == 0


def test_street_that_a_forbidden_turn_cuts_off_is_dropped(tmp_path: Path) -> None:
    """A one-way road in can be left at its end only by a turn that is forbidden."""
    nodes = SQUARE | {5: (2, 0), 6: (2, 1)}
    ways = RING | {11: ([2, 5], ROAD | {"oneway": "yes"}), 12: ([5, 3], ROAD | {"oneway": "yes"})}
    members = [("way", 11, "from"), ("node", 5, "via"), ("way", 12, "to")]
    turns = {9: (members, {"type": "restriction", "restriction": "no_left_turn"})}

    assert ((1, 0), (2, 0)) in arcs(graph_of(tmp_path, nodes, ways).roads, CAR)
    assert ((1, 0), (2, 0)) not in arcs(graph_of(tmp_path, nodes, ways, turns).roads, CAR)


def test_loop_is_cut_in_the_middle_so_that_no_arc_returns_to_its_tail(tmp_path: Path) -> None:
    loop = {10: ([1, 2, 3, 4, 1], ROAD)}
    roads = graph_of(tmp_path, SQUARE | {5: (-1, 0)}, loop | {11: ([1, 5], ROAD)}).roads

    assert (roads.arc_tail != roads.arc_head).all()
    assert ((0, 0), (1, 1)) in arcs(roads, CAR)


def test_signal_at_the_stop_line_marks_the_junction_ahead(tmp_path: Path) -> None:
    nodes = CROSS | {6: (-0.2, 0, {"highway": "traffic_signals"})}  # 19 m before the crossing
    roads = graph_of(tmp_path, nodes, ARMS | {21: ([2, 6, 1], ROAD)}).roads

    (junction,) = np.flatnonzero(roads.signal_node)
    assert roads.node_lon[junction] == pytest.approx(121.0)
    assert roads.node_lat[junction] == pytest.approx(31.0)


@pytest.mark.parametrize(
    ("text", "metres_per_second"),
    [("60", 60 / 3.6), ("30 mph", 13.4112), ("none", None), ("CN:urban", None), ("0", None), ("999999", None)],
)
def test_signed_speed_is_metres_per_second_or_not_a_number(
    tmp_path: Path, text: str, metres_per_second: float | None
) -> None:
    roads = graph_of(tmp_path, SQUARE, {10: ([1, 2, 3, 4, 1], ROAD | {"maxspeed": text})}).roads

    if metres_per_second is None:
        assert np.isnan(roads.arc_maxspeed).all()
    else:
        assert roads.arc_maxspeed == pytest.approx(metres_per_second)


def test_slip_road_has_the_class_of_its_road_and_the_link_flag(tmp_path: Path) -> None:
    roads = graph_of(tmp_path, SQUARE, {10: ([1, 2, 3, 4, 1], {"highway": "primary_link"})}).roads

    assert {ROAD_CLASSES[index] for index in roads.arc_class} == {"primary"}
    assert (roads.arc_flags & LINK > 0).all()


def test_no_way_back_anywhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no road in the source leads anywhere and back"):
        graph_of(tmp_path, {1: (0, 0), 2: (1, 0)}, {1: ([1, 2], {"highway": "motorway"})})
