"""A sound plan document is read whole, from a folder or a ZIP, in either force format and in Chinese coordinate systems."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from kuaijing.domain.closures import Closure
from kuaijing.domain.commands import LiftClosure, PlaceClosure
from kuaijing.domain.plan_document import hours_of
from kuaijing.measures.coordinates import from_wgs84
from kuaijing.measures.instants import Instant
from kuaijing.wire.plans import canonical, digest_of, files_of, from_canonical, read_plan, write_folder, zip_of
from tests.wire_plans.small_plan import GROUND, encoded, parts, read, zipped


def test_every_part_is_read() -> None:
    plan = read(parts())

    assert [tier.id for tier in plan.tiers] == ["key", "second", "rest"]
    assert [tier.limit_s for tier in plan.tiers] == [60, 180, 300]
    assert plan.tier_areas[0].hours == hours_of("06:00-23:00")
    assert [(beat.id, beat.platform) for beat in plan.beats] == [("B1", "P1"), ("B2", "P2")]
    assert [unit.unit_class for unit in plan.force] == ["command_vehicle", "car", "motorcycle"]
    assert plan.force[0].capabilities == ("video", "command")
    assert [unit.on_duty for unit in plan.force] == [True, True, False]
    assert plan.response_plans[0].followers[0].name == "派出所"
    assert plan.closures[0].factor == 0.5


@pytest.mark.parametrize("xlsx", [False, True])
def test_export_and_import_give_the_same_document(tmp_path: Path, xlsx: bool) -> None:
    plan = read(parts())
    write_folder(plan, tmp_path / "plan", xlsx=xlsx)

    assert read_plan(tmp_path / "plan", GROUND) == plan
    assert read_plan(zip_of(plan, xlsx=xlsx), GROUND) == plan


def test_digest_names_the_content_not_the_files() -> None:
    plan = read(parts())
    again = read_plan(zipped(files_of(plan), folder="plan/"), GROUND)

    assert digest_of(again) == digest_of(plan)
    assert from_canonical(canonical(plan)) == plan
    changed = parts()
    changed["plan.yaml"]["rest_limit_s"] = 301
    assert digest_of(read(changed)) != digest_of(plan)


def test_force_list_in_gb18030_is_read() -> None:
    files = parts()
    files["force.csv"] = files["force.csv"].encode("gb18030")

    assert read(files).force[0].leader == "王平台"


def test_force_list_as_xlsx_with_chinese_headings_and_numbers_is_read() -> None:
    book = Workbook()
    book.active.append(["编号", "呼号", "类别", "平台", "巡区", "民警", "辅警"])
    book.active.append(["U9", 2095, "指挥车", "P1", "B1", 1, 2])
    book.active.append(["U8", 2096.0, "car", "P1", "B1", 1, 2])
    packed = io.BytesIO()
    book.save(packed)
    files = {name: content for name, content in parts().items() if name != "force.csv"} | {
        "force.xlsx": packed.getvalue()
    }

    assert [(unit.call_sign, unit.unit_class) for unit in read(files).force] == [
        ("2095", "command_vehicle"),
        ("2096", "car"),
    ]


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_shapes_in_a_chinese_system_are_moved_to_wgs84(system: str) -> None:
    files = parts()
    for name in ("beats.geojson", "platforms.geojson"):
        files[name]["crs"] = {"type": "name", "properties": {"name": system}}
        for feature in files[name]["features"]:
            feature["geometry"]["coordinates"] = _moved(feature["geometry"]["coordinates"], system)

    moved, plain = read(files), read(parts())
    assert np.allclose(moved.beats[0].polygons[0][0], plain.beats[0].polygons[0][0], atol=1e-8)
    assert moved.platforms[0].point.lon == pytest.approx(plain.platforms[0].point.lon, abs=1e-8)


def _moved(coordinates: list, system: str) -> list:  # type: ignore[type-arg]
    if isinstance(coordinates[0], list):
        return [_moved(part, system) for part in coordinates]
    return [float(axis) for axis in from_wgs84(coordinates[0], coordinates[1], system)]  # type: ignore[arg-type]


def test_put_in_force_names_digest_limits_and_force() -> None:
    plan = read(parts())
    command = plan.in_force(digest_of(plan), "ground-hash")

    assert command.digest == digest_of(plan)
    assert dict(command.limits) == {"key": 60, "second": 180, "rest": 300}
    assert [unit.call_sign for unit in command.force] == ["2001", "2011", "2021"]


def test_closures_of_the_plan_are_placed_once_and_lifted_by_the_next_one() -> None:
    with_closure, without = parts(), parts()
    without["closures.geojson"]["features"] = []
    first, next_one = read(with_closure), read(without)
    (place,) = first.closure_commands([])
    assert isinstance(place, PlaceClosure)
    placed = Closure(
        place.closure, place.name, place.factor, place.shape, place.points, place.from_at, place.until, Instant(0)
    )
    drawn = replace(placed, id="drawn-by-hand")

    assert place.closure == "plan:C1"
    assert first.closure_commands([placed, drawn]) == ()
    assert next_one.closure_commands([placed, drawn]) == (LiftClosure("plan:C1"),)
    assert first.closure_commands([replace(placed, factor=0.0)]) == (LiftClosure("plan:C1"), place)


def test_folder_with_other_papers_beside_the_plan_is_read(tmp_path: Path) -> None:
    for name, content in encoded(parts()).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "README.txt").write_text("about this plan")

    assert read_plan(tmp_path, GROUND) == read(parts())


def test_hours_past_midnight_hold_on_both_sides_of_it() -> None:
    night = hours_of("22:00-06:00")

    assert night.hold(23 * 60)
    assert night.hold(0)
    assert not night.hold(6 * 60)
    assert not night.hold(12 * 60)
