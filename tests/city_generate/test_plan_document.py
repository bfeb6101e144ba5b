"""The plan that comes with a generated city."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml

from kuaijing.city.generate.beats import platform_count, share_out
from kuaijing.city.generate.drawing import Drawing, draw_city
from kuaijing.city.generate.form import to_degrees
from kuaijing.city.generate.history import expected_by_block
from kuaijing.city.generate.incident_places import incident_ground
from kuaijing.city.generate.plan import response_yaml
from kuaijing.city.ground import open_ground
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.wire.plans import read_plan


@pytest.fixture(scope="module")
def plan(city: Path) -> PlanDocument:
    ground = open_ground(city)
    assert ground.bbox
    return read_plan(city / "plan")


def shape(polygons: object) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(p[0], p[1:]) for p in polygons])  # type: ignore[attr-defined]


@pytest.mark.parametrize(("area_km2", "platforms"), [(4.0, 1), (16.0, 3), (52.0, 10), (100.0, 19), (2000.0, 147)])
def test_one_platform_for_about_five_built_up_square_kilometres(area_km2: float, platforms: int) -> None:
    assert platform_count(area_km2) == platforms


def test_beats_partition_the_city(plan: PlanDocument, drawing: Drawing) -> None:
    beats = [shape(beat.polygons) for beat in plan.beats]
    outline = shapely.transform(
        drawing.form.outline, lambda xy: shapely.get_coordinates(shapely.points(*to_degrees(xy[:, 0], xy[:, 1])))
    )
    whole = shapely.union_all(beats)
    assert sum(beat.area for beat in beats) == pytest.approx(whole.area, rel=1e-6)  # no overlap
    assert whole.area == pytest.approx(outline.area, rel=1e-3)  # no gap
    assert whole.geom_type == "Polygon"


@pytest.mark.parametrize(("seed", "area_km2", "platforms"), [(11, 22.0, 4), (12, 22.0, 4), (13, 22.0, 4), (31, 4.0, 1)])
def test_beats_partition_other_cities_too(seed: int, area_km2: float, platforms: int) -> None:
    drawing = draw_city(seed, area_km2)
    work = expected_by_block(incident_ground(drawing), drawing.blocks.centre)
    beats = share_out(drawing, work, np.random.default_rng(seed))
    x, y = drawing.form.outline.exterior.xy
    outline = shapely.Polygon(np.column_stack(to_degrees(np.array(x), np.array(y))))
    assert len(beats.shapes) == platforms
    assert all(beat.is_valid for beat in beats.shapes)
    assert shapely.union_all(beats.shapes).area == pytest.approx(outline.area, rel=1e-3)
    assert sum(beat.area for beat in beats.shapes) == pytest.approx(outline.area, rel=1e-3)
    load = np.bincount(beats.of_face[: len(work)], work, platforms)
    assert load.max() < 2.2 * load.mean()


def test_every_beat_is_one_piece_without_slivers(plan: PlanDocument) -> None:
    for beat in plan.beats:
        assert len(beat.polygons) == 1
        polygon = shapely.Polygon(beat.polygons[0][0])
        assert polygon.is_valid
        assert polygon.area / polygon.minimum_rotated_rectangle.area > 0.3


def test_each_platform_stands_in_its_own_beat(plan: PlanDocument) -> None:
    assert len(plan.platforms) == len(plan.beats) == 3
    beats = {beat.id: beat for beat in plan.beats}
    for platform in plan.platforms:
        beat = beats[platform.beat]
        assert beat.platform == platform.id
        assert shape(beat.polygons).contains(shapely.Point(platform.point.lon, platform.point.lat))


def test_force_of_a_platform_is_one_command_vehicle_two_cars_four_motorcycles(plan: PlanDocument) -> None:
    count = Counter((unit.platform, unit.unit_class) for unit in plan.force)
    for platform in plan.platforms:
        assert count[(platform.id, "command_vehicle")] == 1
        assert count[(platform.id, "car")] == 2
        assert count[(platform.id, "motorcycle")] == 4
    assert len({unit.call_sign for unit in plan.force}) == len(plan.force) == 21


def test_tiers_are_key_inside_and_second_around_the_heart(plan: PlanDocument) -> None:
    areas = {area.id: shape(area.polygons) for area in plan.tier_areas}
    limits = {tier.id: tier.limit_s for tier in plan.tiers}
    assert limits == {"key": 60, "second": 180, "rest": 300}
    whole = shapely.union_all([shape(beat.polygons) for beat in plan.beats]).area
    assert 0.005 < areas["key"].area / whole < 0.2
    assert 0.05 < areas["second"].area / whole < 0.7


def test_patrol_points_lie_in_the_beat_that_they_name(plan: PlanDocument) -> None:
    beats = {beat.id: shape(beat.polygons) for beat in plan.beats}
    assert len(plan.patrol_points) >= 5
    for point in plan.patrol_points:
        assert beats[point.beat].distance(shapely.Point(point.point.lon, point.point.lat)) < 0.0003


def test_patrol_points_have_an_english_name_and_say_no_word_twice(plan: PlanDocument) -> None:
    for point in plan.patrol_points:
        assert point.name_en
        assert point.name_en.isascii()
        assert not any(point.name.count(word) > 1 for word in ("医院", "广场", "公园", "市场", "站")), point.name


def test_every_kind_has_a_plan_letters_and_a_grade() -> None:
    document = yaml.safe_load(response_yaml())
    plans = {plan["id"] for plan in document["plans"]}
    kinds = document["kinds"]
    codes = {kind["code"] for kind in kinds}
    assert len(kinds) >= 40
    assert {kind["plan"] for kind in kinds} == plans
    assert all(kind["grade"] in (1, 2, 3, 4) and kind["letters"] and kind["name_en"] for kind in kinds)
    assert all(kind["parent"] == "" or kind["parent"] in codes for kind in kinds)
    letters = Counter(kind["letters"] for kind in kinds)
    assert letters["dj"] == 1
    assert max(letters.values()) == 1
