"""Where on the roads a position lies: nearest, usable by the class, and on the right side and level by its heading."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.city.classes import BRIDGE, CAR, COMMAND_VEHICLE, FOOT, TUNNEL
from kuaijing.routing import Network, times_from_units
from kuaijing.routing.errors import ShapeMismatch, UnknownUnitClass
from kuaijing.routing.snap import TUNNEL_M
from tests.routing.real_grounds import real_ground
from tests.routing.worlds import Street, arc, grid, lat_of, lon_of, network, unit, world

NO_HEADING = np.array([math.nan])


def at(roads: Network, x: float, y: float, unit_class: str = "car", **options):  # type: ignore[no-untyped-def]
    return roads.snap(lon_of(x), lat_of(y), unit_class, **options)


def test_position_is_put_on_the_nearest_point_of_the_nearest_street() -> None:
    places = {"a": (0, 0), "b": (200, 0), "c": (200, 300)}
    roads = network(world(places, [Street("a-b", name="人民路"), Street("b-c", via=[(250, 150)])]))
    snap = at(roads, 50, 12)

    assert (snap.arc, snap.twin) == (arc(roads.ground, 0, 1), arc(roads.ground, 1, 0))
    assert snap.fraction == pytest.approx(0.25, abs=1e-6)
    assert snap.off_road_m == pytest.approx(12, abs=0.01)
    assert (snap.lon, snap.lat) == pytest.approx((lon_of(50), lat_of(0)), abs=1e-9)
    assert (snap.name, snap.street) == ("人民路", 0)
    bend = at(roads, 260, 150)
    assert bend.fraction == pytest.approx(0.5, abs=1e-6)  # the shape's own middle, not the straight line's
    assert bend.off_road_m == pytest.approx(10, abs=0.01)


def test_incident_off_the_road_network_is_none() -> None:
    roads = network(world({"a": (0, 0), "b": (200, 0)}, [Street("a-b")]))

    assert at(roads, 100, 501) is None
    assert at(roads, 100, 499) is not None
    assert at(roads, 100, 60, within_m=50) is None
    assert at(roads, 50_000, 0) is None
    assert roads.snap(-60.0, 10.0, "car") is None


@pytest.mark.parametrize("lat", [90.0, 89.9999, -90.0])
def test_a_place_at_a_pole_is_none_at_once(lat: float) -> None:
    roads = network(world({"a": (0, 0), "b": (200, 0)}, [Street("a-b")]))

    assert roads.snap(0.0, lat, "car") is None
    assert roads.snap_streets(0.0, lat, "car") == []


def test_street_that_the_class_cannot_use_is_passed_over() -> None:
    places = {"a": (0, 0), "b": (200, 0), "c": (0, 30), "d": (200, 30)}
    roads = network(world(places, [Street("a-b", "footway", access=FOOT), Street("c-d")]))

    assert at(roads, 100, 2, "car").street == 1
    assert at(roads, 100, 2, "foot").street == 0


def test_one_way_against_its_shape_gives_the_arc_that_may_be_driven() -> None:
    # The street is drawn from a to b; cars may only go from b to a, those on foot both ways.
    ground = world({"a": (0, 0), "b": (200, 0)}, [Street("a-b")])
    access = ground.arc_access
    access[arc(ground, 0, 1)] = FOOT
    snap = at(network(ground), 50, 0, "car")

    assert (snap.arc, snap.twin) == (arc(ground, 1, 0), -1)
    assert snap.fraction == pytest.approx(0.75, abs=1e-6)


def test_wrong_side_of_a_divided_road_is_told_by_the_heading() -> None:
    # Carriageways 20 m apart; the position lies 8 m from the westbound one but drives east.
    places = {"a": (0, 0), "b": (500, 0), "c": (500, 20), "d": (0, 20)}
    roads = network(world(places, [Street("a>b"), Street("b-c"), Street("c>d"), Street("d-a")]))

    assert at(roads, 250, 12).arc == arc(roads.ground, 2, 3)
    assert at(roads, 250, 12, heading_deg=88).arc == arc(roads.ground, 0, 1)
    assert at(roads, 250, 12, heading_deg=272).arc == arc(roads.ground, 2, 3)
    assert at(roads, 250, 90, heading_deg=88).arc == arc(roads.ground, 0, 1)


def test_unit_on_the_wrong_side_of_a_divided_road_goes_round() -> None:
    places = {"a": (0, 0), "b": (500, 0), "c": (500, 20), "d": (0, 20)}
    roads = network(world(places, [Street("a>b"), Street("b-c"), Street("c>d"), Street("d-a")]))
    graph = roads.graph("car")
    incident, eastbound = at(roads, 250, 20), at(roads, 250, 1, heading_deg=90)

    times = times_from_units(graph, graph.base, incident, unit(eastbound))
    assert times.tolist() == [25_000 + 2_000 + 25_000]  # 20 m away, 520 m of driving; bends cost nothing


def test_bridge_over_another_road_is_told_by_the_heading_or_the_layer() -> None:
    places = {"w": (-200, 0), "e": (200, 0), "s": (0, -200), "n": (0, 200)}
    streets = [Street("w-e", name="地面路"), Street("s-n", name="高架", flags=BRIDGE, layer=1)]
    ground = world({**places, "j": (200, 200)}, [*streets, Street("e-j"), Street("n-j")])
    roads = network(ground)

    assert at(roads, 6, 2, heading_deg=1).name == "高架"  # 2 m from the ground road, 6 m from the bridge, driving north
    assert at(roads, 2, 6, heading_deg=271).name == "地面路"
    assert at(roads, 6, 2, layer=1).name == "高架"
    assert at(roads, 2, 6, layer=0).name == "地面路"
    assert [snap.name for snap in roads.snap_streets(lon_of(6), lat_of(2), "car")] == ["地面路", "高架"]
    graph = roads.graph("car")
    above, below = at(roads, 0, 0, layer=1), at(roads, 0, 0, layer=0)
    # 0 m apart on the map; by road 200 + 200 + 200 + 200 m with a bend free of cost at each corner
    assert times_from_units(graph, graph.base, above, unit(below, both=True)).tolist() == [80_000]


def test_position_over_a_tunnel_is_on_the_street_above() -> None:
    places = {"a": (0, 0), "b": (200, 0), "c": (0, 6), "d": (200, 6)}
    roads = network(world(places, [Street("a-b", flags=TUNNEL, layer=-1), Street("c-d"), Street("a-c"), Street("b-d")]))

    assert at(roads, 100, 1).layer == 0
    assert at(roads, 100, 1, layer=-1).layer == -1


def test_moving_unit_faces_along_its_arc_and_one_at_rest_may_leave_both_ways() -> None:
    roads = network(world({"a": (0, 0), "b": (200, 0)}, [Street("a-b")]))
    lon, lat = np.full(4, lon_of(50)), np.full(4, lat_of(3))
    heading = np.array([90.0, 270.0, np.nan, 270.0])
    units = roads.snap_many(lon, lat, "car", heading, at_rest=np.array([False, False, False, True]))

    east, west = arc(roads.ground, 0, 1), arc(roads.ground, 1, 0)
    assert units.arc.tolist()[:2] + units.arc.tolist()[3:] == [east, west, west]
    assert units.both.tolist() == [False, False, True, True]
    assert units.fraction.tolist() == pytest.approx([0.25, 0.75, 0.25, 0.75], abs=1e-6)
    assert units.off_road_m.tolist() == pytest.approx([3.0] * 4, abs=0.01)


def test_one_way_street_lets_nobody_leave_backwards() -> None:
    roads = network(world({"a": (0, 0), "b": (200, 0)}, [Street("a>b")]))

    assert roads.snap_many(np.array([lon_of(9)]), np.array([lat_of(0)]), "car", NO_HEADING).both.tolist() == [False]


def test_positions_that_are_no_numbers_or_far_away_have_no_arc() -> None:
    roads = network(world({"a": (0, 0), "b": (200, 0)}, [Street("a-b")]))
    units = roads.snap_many(np.array([math.nan, 0.0, lon_of(1)]), np.array([lat_of(0)] * 3), "car", np.full(3, np.nan))

    assert (units.arc >= 0).tolist() == [False, False, True]


def test_senseless_questions_are_refused_by_name() -> None:
    roads = network(world({"a": (0, 0), "b": (200, 0)}, [Street("a-b")]))

    with pytest.raises(UnknownUnitClass, match="'boat'"):
        at(roads, 0, 0, "boat")
    with pytest.raises(ShapeMismatch, match="one row a unit"):
        roads.snap_many(np.zeros(2), np.zeros(3), "car", np.zeros(2))


def metres_to_streets(roads: Network, lon: float, lat: float, bit: int) -> float:
    """The plain way: the distance to every piece of every street."""
    grid_of = roads.grid
    place = grid_of.segment_place[(grid_of.arc_bits[grid_of.segment_arc] & bit).any(axis=1)]
    k = np.array([111_195.08 * math.cos(math.radians(lat)), 111_195.08])
    a, b = (place[:, :2] - (lon, lat)) * k, (place[:, 2:] - (lon, lat)) * k
    d = b - a
    share = np.clip(-(a * d).sum(1) / np.maximum((d * d).sum(1), 1e-12), 0, 1)
    return float(np.hypot(*(a + share[:, None] * d).T).min())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1000), x=st.floats(-700, 1700), y=st.floats(-700, 1700))
def test_without_heading_the_nearest_street_is_found_wherever_one_looks(seed: int, x: float, y: float) -> None:
    roads = Network(grid(9, seed % 7))
    wanted = metres_to_streets(roads, lon_of(x), lat_of(y), CAR)
    snap = at(roads, x, y)

    if snap is None:
        assert wanted > 500 - 0.01
    else:
        assert snap.off_road_m == pytest.approx(wanted, abs=0.01)


def test_positions_in_a_real_city_are_found_as_the_plain_way_finds_them() -> None:
    ground = real_ground("shanghai_core")
    roads = Network(ground)
    rng = np.random.default_rng(1)
    west, south, east, north = ground.bbox
    lon, lat = rng.uniform(west, east, 200), rng.uniform(south, north, 200)
    units = roads.snap_many(lon, lat, "command_vehicle", np.full(200, np.nan))
    wanted = np.array([metres_to_streets(roads, *place, COMMAND_VEHICLE) for place in zip(lon, lat, strict=True)])
    slack = (
        TUNNEL_M + 0.02 if (ground.arc_flags & TUNNEL).any() else 0.02
    )  # a tunnel gives way to a street that much farther

    found = units.arc >= 0
    assert found.sum() > 150
    assert (wanted[~found] > 499).all()
    assert np.allclose(units.off_road_m[found], wanted[found], rtol=0, atol=slack)
