"""A fix lies on the road that position, heading and the road before speak for."""

import pytest

from kuaijing.routing.network import Network
from kuaijing.tracking import Fix, Pipeline
from tests.grid_ground import ground_of
from tests.tracking.reporting_units import judged, report

# Two parallel streets 12 m apart, not joined within the picture; both run east.
PARALLEL = ground_of(
    [(0, 0), (1000, 0), (0, 12), (1000, 12), (-200, 0), (1200, 0)],
    [(0, 1), (1, 0), (2, 3), (3, 2), (4, 0), (0, 4), (1, 5), (5, 1), (4, 2), (2, 4), (3, 5), (5, 3)],
)
# A road that runs north beneath a bridge that runs east.
BRIDGE = ground_of(
    [(0, 0), (400, 0), (200, -200), (200, 200)],
    [(0, 1), (1, 0), (2, 3), (3, 2), (1, 3), (3, 1), (0, 2), (2, 0)],
    layers=[1, 1, 0, 0, 0, 0, 0, 0],
    flags=[1, 1, 0, 0, 0, 0, 0, 0],
)


def test_unit_keeps_its_street_beside_a_parallel_one() -> None:
    pipe = Pipeline(Network(PARALLEL))
    wobble = [1, 2, 4, 7, 8, 7, 9, 3]  # metres north of the southern street: at times nearer to the northern
    fixes = judged(pipe, *(report(s, 100 + 10 * s, y, heading_deg=90.0, speed_mps=10.0) for s, y in enumerate(wobble)))

    arcs = {fix.arc for fix in fixes if isinstance(fix, Fix)}
    assert len(arcs) == 1


def test_unit_that_really_changes_street_is_followed() -> None:
    pipe = Pipeline(Network(PARALLEL))
    fixes = judged(
        pipe, *(report(s, 100 + 10 * s, y, heading_deg=90.0, speed_mps=10.0) for s, y in enumerate([0, 0, 12, 12]))
    )

    arcs = [fix.arc for fix in fixes if isinstance(fix, Fix)]
    assert arcs[0] != arcs[-1]


def test_heading_chooses_bridge_or_road_beneath() -> None:
    east = judged(Pipeline(Network(BRIDGE)), report(0, 201, 1, heading_deg=90.0, speed_mps=10.0))[0]
    north = judged(Pipeline(Network(BRIDGE)), report(0, 201, 1, heading_deg=0.0, speed_mps=10.0))[0]

    assert isinstance(east, Fix)
    assert isinstance(north, Fix)
    assert BRIDGE.arc_layer[east.arc] == 1
    assert BRIDGE.arc_layer[north.arc] == 0


def test_unit_that_stops_beneath_a_bridge_stays_beneath() -> None:
    pipe = Pipeline(Network(BRIDGE))
    coming = [report(s, 200, -50 + 10 * s, heading_deg=0.0, speed_mps=10.0) for s in range(6)]
    standing = [report(6 + s, 200 + s % 3, 1, speed_mps=0.0) for s in range(5)]
    fixes = judged(pipe, *coming, *standing)

    assert {int(BRIDGE.arc_layer[fix.arc]) for fix in fixes if isinstance(fix, Fix)} == {0}


def test_direction_of_a_two_way_street_follows_the_movement_where_no_heading_is_sent() -> None:
    east, west = (
        judged(Pipeline(Network(PARALLEL)), report(0, start, 0), report(5, start + step, 0))[1]
        for start, step in ((300, 50), (300, -50))
    )

    assert isinstance(east, Fix)
    assert isinstance(west, Fix)
    assert PARALLEL.arc_twin[east.arc] == west.arc


def test_drone_and_unit_far_from_any_road_are_on_none() -> None:
    drone = judged(Pipeline(Network(PARALLEL)), report(0, 100, 0), unit_class="drone")[0]
    field = judged(Pipeline(Network(PARALLEL)), report(0, 100, 300))[0]

    assert isinstance(drone, Fix)
    assert isinstance(field, Fix)
    assert (drone.arc, field.arc) == (-1, -1)
    assert field.lat == pytest.approx(27.0027, abs=1e-4)
