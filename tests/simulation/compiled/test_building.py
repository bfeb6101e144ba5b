"""A scenario from a city, its plan and its expected calls: drives are the router's, standards and force the plan's."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kuaijing.app.cli import main
from kuaijing.city.classes import ALL, UNIT_CLASSES
from kuaijing.city.ground import Ground
from kuaijing.demand import Grid, street_length_rates, street_metres
from kuaijing.engine.advice import CityStreets
from kuaijing.routing import Network, base_weights, times_from_units
from kuaijing.routing.arrays import NO_LIMIT
from kuaijing.routing.snaps import units_at
from kuaijing.simulation.compiled.anchors import Places, drives_between
from kuaijing.simulation.compiled.building import Built, build
from kuaijing.simulation.compiled.calls import Streams, draw_calls
from kuaijing.simulation.compiled.errors import MalformedScenario, NoCalls
from kuaijing.simulation.compiled.interpolation import measured_error
from kuaijing.simulation.compiled.running import simulate
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import grid_ground, ground_of

GROUND = grid_ground(12, 10, 300.0)
NETWORK = Network(GROUND)
PLAN = provisional(GROUND, platforms=3)


def demand():  # type: ignore[no-untyped-def]
    west, south, east, north = GROUND.bbox
    grid = Grid.over((west - 0.003, south - 0.003, east + 0.003, north + 0.003))
    return street_length_rates(grid, street_metres(grid, CityStreets.of(GROUND).pieces), GROUND.timezone)


def point_of(ground: Ground, east: float, north: float) -> tuple[float, float]:
    """Metres from the first junction."""
    metre = 1 / 111_195
    lat = float(ground.node_lat[0])
    return float(ground.node_lon[0]) + east * metre / math.cos(math.radians(lat)), lat + north * metre


@pytest.fixture(scope="module")
def built() -> Built:
    fewer = replace(PLAN, name="fewer", force=PLAN.force[::2])
    return build(NETWORK, [PLAN, fewer], demand(), calls_per_day=100.0, most_further=20)


def test_drives_are_the_routers(built: Built) -> None:
    scenario = built.scenarios[0]
    classes = sorted({unit.unit_class for unit in PLAN.force})
    chance = np.random.default_rng(1)
    graph = NETWORK.graph("car")
    for start, end in chance.integers(0, len(built.places), (20, 2)):
        one, other = (NETWORK.snap(float(built.places.lon[n]), float(built.places.lat[n]), "car") for n in (start, end))
        assert one is not None
        assert other is not None
        exact = times_from_units(graph, base_weights(graph), other, units_at([one]), limit_ms=NO_LIMIT)[0]
        assert scenario.roads.to_ms[0, classes.index("car"), end, start] == (0 if start == end else exact)


def test_unit_leaves_a_place_by_the_nearest_road_of_its_own_class_and_drives_to_the_places_street() -> None:
    # A street along y = 0, and from its east end back along y = 60 a lane that no car may use; a post between them, nearer to the lane.
    ground = ground_of(
        [(0, 0), (1000, 0), (1000, 60), (0, 60)], [pair for a in range(3) for pair in ((a, a + 1), (a + 1, a))]
    )
    lane = np.minimum(ground.arc_tail, ground.arc_head) == 2
    access = np.where(lane, ALL & ~UNIT_CLASSES["car"], ALL).astype(np.uint8)
    network = Network(replace(ground, arc_access=access))
    post, end = (point_of(ground, east, 50.0) for east in (500.0, 1000.0))
    places = Places(np.array([post[0], end[0]]), np.array([post[1], end[1]]))
    (car, motorcycle), _ = drives_between(network, places, ["car", "motorcycle"])

    def exact(unit_class: str, leaves: tuple[float, float], goal: tuple[float, float]) -> int:
        graph = network.graph(unit_class)
        start, street = network.snap(*leaves, unit_class), network.snap(*goal, "car")
        assert start is not None
        assert street is not None
        there = network.place_on(street.arc, street.fraction, unit_class)
        return int(times_from_units(graph, base_weights(graph), there, units_at([start]), limit_ms=NO_LIMIT)[0])

    assert network.snap(*post, "motorcycle").street != network.snap(*post, "car").street
    assert car[1, 0] == exact("car", post, end)
    assert motorcycle[1, 0] == exact("motorcycle", post, end)
    assert motorcycle[0, 1] == exact("motorcycle", end, post)  # to the street, where it is looked for


def test_plans_share_places_and_drives_but_not_force(built: Built) -> None:
    one, other = built.scenarios

    assert one.roads.to_ms is other.roads.to_ms
    assert (one.units, other.units) == (len(PLAN.force), len(PLAN.force[::2]))
    assert one.unit_names == tuple(sorted(unit.unit for unit in PLAN.force))
    calls = [draw_calls(model, Streams(4), 0, 5.0) for model in built.models]
    assert all((a == b).all() for a, b in zip(calls[0], calls[1], strict=True))
    assert calls[0].at_ms.shape[0] == pytest.approx(500, abs=80)
    assert np.isfinite(simulate(one, calls[0]).response_s).all()


def test_hours_with_slow_roads_have_longer_drives() -> None:
    factor = np.ones(168)
    factor[8] = 1.5
    scenario = build(NETWORK, [PLAN], demand(), calls_per_day=10.0, most_further=0, hour_factor=factor).scenarios[0]
    fast, slow = (
        scenario.roads.to_ms[scenario.roads.period_of_hour[7]],
        scenario.roads.to_ms[scenario.roads.period_of_hour[8]],
    )

    assert np.abs(slow - 1.5 * fast).max() <= 0.5


def test_mid_route_estimates_are_near_the_routers_where_places_are_dense(built: Built) -> None:
    classes = sorted({unit.unit_class for unit in PLAN.force})
    error = measured_error(
        NETWORK, built.places, built.scenarios[0].roads.to_ms, "car", classes.index("car"), samples=60
    )

    assert error.samples == 60
    assert error.mean_abs < 25  # a grid has many ways as short: the router stands on one, the estimate on another


def test_what_a_scenario_lacks_is_said() -> None:
    with pytest.raises(NoCalls, match="give calls_per_day"):
        build(NETWORK, [PLAN], demand())
    with pytest.raises(MalformedScenario, match="no unit on duty"):
        build(NETWORK, [replace(PLAN, force=())], demand(), calls_per_day=10.0)


def test_a_city_that_is_none_is_a_line_not_a_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--city", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("kuaijing simulate: ")
