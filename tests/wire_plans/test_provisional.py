"""A city without a plan gets one that its own reader accepts."""

import pytest

from kuaijing.domain.plan_document import Kind, ResponsePlan
from kuaijing.wire.plans import provisional as room
from kuaijing.wire.plans import read_plan, zip_of
from tests.grid_ground import grid_ground

RESPONSE = (
    (Kind("fight", "110", None, "打架", "Fight", "dj", 2, "fight"),),
    (ResponsePlan("fight", "打架", "Fight", 1, 1, ("car",), (), (), 30.0, "", ""),),
)


@pytest.fixture(autouse=True)
def response_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "default_response", lambda: RESPONSE)


@pytest.mark.parametrize(("columns", "rows"), [(2, 1), (6, 4), (50, 30)])
def test_provisional_plan_passes_every_check_and_is_labelled(columns: int, rows: int) -> None:
    ground = grid_ground(columns, rows)
    plan = room.provisional(ground)

    assert plan.provisional
    assert plan.fictional
    assert read_plan(zip_of(plan), ground.bbox) == plan


def test_each_platform_has_one_command_vehicle_two_cars_four_motorcycles_with_call_signs_of_its_own() -> None:
    plan = room.provisional(grid_ground(50, 30))

    per_platform = {
        post.id: [unit.unit_class for unit in plan.force if unit.platform == post.id] for post in plan.platforms
    }
    assert len(plan.platforms) >= 3
    assert all(classes == ["command_vehicle", *["car"] * 2, *["motorcycle"] * 4] for classes in per_platform.values())
    assert len({unit.call_sign for unit in plan.force}) == len(plan.force)


def test_same_ground_gives_the_same_plan() -> None:
    assert room.provisional(grid_ground(20, 20)) == room.provisional(grid_ground(20, 20))


def test_platforms_are_spread() -> None:
    plan = room.provisional(grid_ground(50, 30), platforms=10)
    lons = sorted(post.point.lon for post in plan.platforms)

    assert len(plan.platforms) == 10
    assert lons[-1] - lons[0] > 0.08  # the grid is 0.15 degrees wide
