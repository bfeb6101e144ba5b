"""What holds of the road arrays whatever roads go in: random little towns on a grid."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.graph_of_lines import RoadGraph
from kuaijing.city.ground import ARRAYS, RoadArrays
from kuaijing.city.refused import ImportRefused
from tests.city.osm_world import graph_of

SIDE = 5
NODES = {1 + x + SIDE * y: (x, y) for x in range(SIDE) for y in range(SIDE)}

TAGS = st.fixed_dictionaries(
    {"highway": st.sampled_from(["residential", "motorway", "primary_link", "pedestrian", "footway"])},
    optional={
        "oneway": st.sampled_from(["yes", "-1", "no"]),
        "access": st.sampled_from(["no", "private"]),
        "junction": st.just("roundabout"),
        "name": st.sampled_from(["人民路", "西门路", ""]),
    },
)
WAY = st.tuples(st.lists(st.sampled_from(sorted(NODES)), min_size=2, max_size=4), TAGS)
KINDS = st.sampled_from(["no_left_turn", "no_straight_on", "only_straight_on", "no_u_turn"])


@st.composite
def towns(draw: st.DrawFn) -> tuple[dict, dict, dict]:
    ways = dict(enumerate(draw(st.lists(WAY, min_size=1, max_size=12)), 1))
    meeting = [
        (a, via, b) for a, (refs, _) in ways.items() for via in refs for b, (others, _) in ways.items() if via in others
    ]
    turns = {
        number: (
            [("way", a, "from"), ("node", via, "via"), ("way", b, "to")],
            {"type": "restriction", "restriction": kind},
        )
        for number, ((a, via, b), kind) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(meeting), KINDS), max_size=6)), 1
        )
    }
    return NODES, ways, turns


def graph_or_none(town: tuple[dict, dict, dict]) -> RoadGraph | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return graph_of(Path(folder), *town)
        except ImportRefused:
            return None


@given(town=towns())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_arrays_fit_each_other_whatever_the_town(town: tuple[dict, dict, dict]) -> None:
    graph = graph_or_none(town)
    if graph is None:
        return
    roads = graph.roads
    for name, (dtype, _) in ARRAYS.items():
        assert getattr(roads, name).dtype == np.dtype(dtype), name
    assert (np.diff(roads.arc_tail) >= 0).all()
    assert (roads.arc_length_m > 0).all()
    assert (roads.arc_access > 0).all()
    assert set(roads.arc_tail) | set(roads.arc_head) == set(range(len(roads.node_lon)))
    first, last = roads.shape_start[:-1], roads.shape_start[1:] - 1
    for place, ends in ((first, roads.arc_tail), (last, roads.arc_head)):
        assert (roads.shape_lon[place] == roads.node_lon[ends]).all()
        assert (roads.shape_lat[place] == roads.node_lat[ends]).all()


@given(town=towns())
@settings(max_examples=100, deadline=None)
def test_twins_are_each_others_reverse_and_share_their_street(town: tuple[dict, dict, dict]) -> None:
    graph = graph_or_none(town)
    if graph is None:
        return
    roads = graph.roads
    (a,) = np.nonzero(roads.arc_twin >= 0)
    b = roads.arc_twin[a]
    assert (roads.arc_twin[b] == a).all()
    assert (roads.arc_tail[a] == roads.arc_head[b]).all()
    assert (roads.arc_street[a] == roads.arc_street[b]).all()
    assert roads.arc_length_m[a] == pytest.approx(roads.arc_length_m[b])
    for one, other in zip(a, b, strict=True):
        there = slice(roads.shape_start[one], roads.shape_start[one + 1])
        back = slice(roads.shape_start[other], roads.shape_start[other + 1])
        assert (roads.shape_lon[there] == roads.shape_lon[back][::-1]).all()
    assert np.bincount(roads.arc_street).max() <= 2


@given(town=towns())
@settings(max_examples=100, deadline=None)
def test_every_class_gets_from_each_of_its_arcs_to_each(town: tuple[dict, dict, dict]) -> None:
    graph = graph_or_none(town)
    if graph is None:
        return
    for bit in UNIT_CLASSES.values():
        assert parts_of(graph.roads, bit) <= 1


def parts_of(roads: RoadArrays, bit: int) -> int:
    """Strongly connected parts of the arcs of a class, forbidden turns left out; written out pair by pair."""
    usable = np.flatnonzero(roads.arc_access & bit)
    banned = {(a, b) for a, b, who in zip(roads.turn_from, roads.turn_to, roads.turn_access, strict=True) if who & bit}
    place = {arc: i for i, arc in enumerate(usable)}
    pairs = [
        (place[a], place[b])
        for a in usable
        for b in usable
        if roads.arc_head[a] == roads.arc_tail[b] and (a, b) not in banned
    ]
    if not len(usable):
        return 0
    one, other = np.array(pairs, int).reshape(-1, 2).T
    matrix = coo_array((np.ones(len(one), int), (one, other)), shape=(len(usable), len(usable)))
    return int(connected_components(matrix, directed=True, connection="strong")[0])


@given(town=towns())
@settings(max_examples=100, deadline=None)
def test_forbidden_turns_are_turns_of_classes_that_could_make_them(town: tuple[dict, dict, dict]) -> None:
    graph = graph_or_none(town)
    if graph is None:
        return
    roads = graph.roads
    assert (roads.arc_head[roads.turn_from] == roads.arc_tail[roads.turn_to]).all()
    assert (roads.turn_access > 0).all()
    assert (roads.turn_access & ~(roads.arc_access[roads.turn_from] & roads.arc_access[roads.turn_to]) == 0).all()
    assert (roads.turn_access & UNIT_CLASSES["foot"] == 0).all()
