"""Every fault of a plan document is listed by file, feature or row, and field; nothing is half applied."""

# ruff: noqa: E501  (tables read better on one line)

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kuaijing.wire.plans import PlanRefused, read_plan
from tests.wire_plans.small_plan import GROUND, box, encoded, faults_of, parts, zipped

Spoil = Callable[[dict[str, Any]], Any]


def feature(files: dict[str, Any], name: str, index: int) -> dict[str, Any]:
    found: dict[str, Any] = files[name]["features"][index]
    return found


def force(files: dict[str, Any], old: str, new: str) -> None:
    assert old in files["force.csv"]
    files["force.csv"] = files["force.csv"].replace(old, new)


BOW = {
    "type": "Polygon",
    "coordinates": [[[112.0, 27.0], [112.05, 27.1], [112.05, 27.0], [112.0, 27.1], [112.0, 27.0]]],
}
FAR = {"type": "Point", "coordinates": [27.05, 112.02]}

CASES: dict[str, tuple[Spoil, str, str]] = {
    "unknown class": (lambda f: force(f, "car", "tank"), "class", "tank"),
    "duplicate call sign": (lambda f: force(f, "2011", "2001"), "call_sign", "2001"),
    "duplicate unit": (lambda f: force(f, "U2", "U1"), "id", "U1"),
    "unknown platform of a unit": (lambda f: force(f, "P2,B2", "P9,B2"), "platform", "P9"),
    "unknown beat of a unit": (lambda f: force(f, "P2,B2", "P2,B9"), "beat", "B9"),
    "crew that is no number": (lambda f: force(f, "B1,1,2", "B1,x,2"), "crew_police", "x"),
    "crew that is half a person": (lambda f: force(f, "B1,1,2", "B1,1.5,2"), "crew_police", "1.5"),
    "formula as a leader": (lambda f: force(f, "李巡", "=1+1"), "leader", "=1+1"),
    "heading misspelt": (lambda f: force(f, "call_sign", "callsign"), "callsign", ""),
    "home outside the ground": (lambda f: force(f, "112.02,27.05", "12.02,27.05"), "lon, lat", "12.02"),
    "quotes left open": (lambda f: force(f, "李巡", '"李巡'), "", ""),
    "beats overlap": (lambda f: feature(f, "beats.geojson", 1).update(geometry=box(112.04, 27.0, 112.1, 27.1)), "geometry", "m²"),
    "gap between beats": (lambda f: feature(f, "beats.geojson", 1).update(geometry=box(112.0503, 27.0, 112.1, 27.1)), "geometry", "m²"),
    "platform outside its beat": (lambda f: feature(f, "platforms.geojson", 0)["geometry"].update(coordinates=[112.08, 27.05]), "geometry", " m"),
    "two platforms of one beat": (lambda f: feature(f, "platforms.geojson", 1)["properties"].update(beat="B1"), "beat", "B1"),
    "tier without a limit": (lambda f: feature(f, "tiers.geojson", 0)["properties"].pop("limit_s"), "limit_s", ""),
    "tier limit of nothing": (lambda f: feature(f, "tiers.geojson", 0)["properties"].update(limit_s=0), "limit_s", "0"),
    "tier called rest": (lambda f: feature(f, "tiers.geojson", 0)["properties"].update(id="rest"), "id", "rest"),
    "one tier with two limits": (lambda f: feature(f, "tiers.geojson", 1)["properties"].update(id="key"), "limit_s", "60, 180"),
    "hours malformed": (lambda f: feature(f, "tiers.geojson", 0)["properties"].update(hours="6 till 23"), "hours", "6 till 23"),
    "hours that do not exist": (lambda f: feature(f, "tiers.geojson", 0)["properties"].update(hours="06:00-25:00"), "hours", "25:00"),
    "area that crosses itself": (lambda f: feature(f, "beats.geojson", 0).update(geometry=BOW), "geometry", "Self-intersection"),
    "longitude and latitude exchanged": (lambda f: feature(f, "platforms.geojson", 0).update(geometry=FAR), "geometry", "27.05, 112.02"),
    "ring left open": (lambda f: feature(f, "beats.geojson", 0)["geometry"]["coordinates"][0].pop(), "geometry", "4"),
    "unknown coordinate system": (lambda f: f["beats.geojson"].update(crs={"type": "name", "properties": {"name": "EPSG:2415"}}), "crs", "EPSG:2415"),
    "closure that ends before it begins": (lambda f: feature(f, "closures.geojson", 0)["properties"].update(to="2026-10-01"), "to", "2026-10-01"),
    "closure faster than free": (lambda f: feature(f, "closures.geojson", 0)["properties"].update(factor=2), "factor", "2"),
    "kind naming an unknown plan": (lambda f: f["response.yaml"]["kinds"][0].update(plan="no-such"), "plan", "no-such"),
    "kind with an unknown parent": (lambda f: f["response.yaml"]["kinds"][0].update(parent="no-such"), "parent", "no-such"),
    "kind that is its own parent": (lambda f: f["response.yaml"]["kinds"][0].update(parent="fight"), "parent", "fight"),
    "grade five": (lambda f: f["response.yaml"]["kinds"][0].update(grade=5), "grade", "5"),
    "code that YAML takes for a number": (lambda f: f["response.yaml"]["kinds"][0].update(code=193), "code", "193"),
    "plan wanting an impossible class": (lambda f: f["response.yaml"]["plans"][0].update(classes=["tank"]), "classes", "tank"),
    "plan wanting a class that the force has not": (lambda f: f["response.yaml"]["plans"][0].update(classes=["drone"]), "classes", "drone"),
    "plan field misspelt": (lambda f: f["response.yaml"]["plans"][0].update(capabilites=[]), "capabilites", ""),
    "no date": (lambda f: f["plan.yaml"].pop("valid_from"), "valid_from", ""),
    "no such zone": (lambda f: f["plan.yaml"].update(timezone="Asia/Qinglan"), "timezone", "Asia/Qinglan"),
    "name that cannot be seen": (lambda f: f["plan.yaml"].update(name="方案\u202e"), "name", "202e"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_fault_is_named_with_its_field_and_value(case: str) -> None:
    spoil, field, value = CASES[case]
    files = parts()
    spoil(files)

    faults = faults_of(files)
    assert any(fault.field == field and value in fault.value and fault.remedy for fault in faults), faults


def test_all_faults_of_all_files_are_listed_at_once() -> None:
    files = parts()
    for case in ("unknown class", "tier without a limit", "hours malformed", "grade five", "closure faster than free"):
        CASES[case][0](files)

    found = {(fault.file, fault.field) for fault in faults_of(files)}
    assert found == {
        ("force.csv", "class"),
        ("tiers.geojson", "limit_s"),
        ("tiers.geojson", "hours"),
        ("response.yaml", "grade"),
        ("closures.geojson", "factor"),
    }


def test_a_missing_beat_is_one_fault_however_often_it_is_named() -> None:
    files = parts()
    feature(files, "beats.geojson", 0)["properties"].pop("id")

    faults = [fault for fault in faults_of(files) if fault.field in ("id", "beat")]
    assert [(fault.file, fault.field, fault.value) for fault in faults] == [
        ("beats.geojson", "id", ""),
        ("platforms.geojson", "beat", "B1"),
    ]
    assert "as do 3 more in platforms.geojson, force.csv, patrol_points.geojson" in faults[1].problem


def test_a_home_that_is_no_number_is_told_as_it_was_given() -> None:
    files = parts()
    force(files, "112.02,27.05", "east,27.05")

    assert [(fault.field, fault.value) for fault in faults_of(files)] == [("lon", "east")]


def test_row_and_feature_are_named() -> None:
    files = parts()
    force(files, "car", "tank")
    feature(files, "tiers.geojson", 1)["properties"].pop("limit_s")

    assert {fault.where for fault in faults_of(files)} == {"row 3 (U2)", "feature 1 (second)"}


def test_missing_and_unknown_files_are_named() -> None:
    files = parts()
    files["tier.geojson"] = files.pop("tiers.geojson")

    assert {fault.file for fault in faults_of(files)} == {"tier.geojson", "tiers.geojson"}


@pytest.mark.parametrize("name", ["plan.yaml", "beats.geojson", "response.yaml"])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"[" * 100_000, b"{", b"null", b'{"features": [1, null]}'])
def test_damaged_file_is_refused_by_name(name: str, content: bytes) -> None:
    files = parts()
    files[name] = content

    assert name in {fault.file for fault in faults_of(files)}


def test_xlsx_with_wrong_headings_is_refused() -> None:
    book = Workbook()
    book.active.append(["number", "sign"])
    packed = io.BytesIO()
    book.save(packed)
    files = {name: content for name, content in parts().items() if name != "force.csv"} | {
        "force.xlsx": packed.getvalue()
    }

    assert {"number", "sign"} <= {fault.field for fault in faults_of(files) if fault.where == "headings"}


def test_force_that_is_no_xlsx_is_refused() -> None:
    files = {name: content for name, content in parts().items() if name != "force.csv"} | {
        "force.xlsx": b"PK\x03\x04 no"
    }

    assert [fault.file for fault in faults_of(files) if "XLSX" in fault.problem] == ["force.xlsx"]


def test_force_in_two_forms_is_refused() -> None:
    files = parts() | {"force.xlsx": b""}

    assert any("both" in fault.problem for fault in faults_of(files))


@pytest.mark.parametrize(
    "path", ["../plan.yaml", "/etc/plan.yaml", "a/b/plan.yaml", "C:\\plan.yaml", "a\\..\\..\\plan.yaml"]
)
def test_path_that_leads_outside_is_refused(path: str) -> None:
    packed = io.BytesIO(zipped(parts()))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(path, b"name: evil")

    with pytest.raises(PlanRefused) as refused:
        read_plan(packed.getvalue(), GROUND)
    assert any("leads outside" in fault.problem for fault in refused.value.faults)


def test_bomb_is_refused_without_unpacking_it() -> None:
    files = parts()
    files["beats.geojson"] = b" " * (40 * 1024 * 1024)  # packs to 40 kB

    assert any(fault.file == "beats.geojson" and "larger than" in fault.problem for fault in faults_of(files))


def test_bytes_that_are_no_zip_are_refused() -> None:
    with pytest.raises(PlanRefused, match="cannot be read as a ZIP"):
        read_plan(b"not a zip", GROUND)


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanRefused, match="no such folder"):
        read_plan(tmp_path / "nowhere", GROUND)


def test_plan_without_ground_is_read_anywhere_on_earth(tmp_path: Path) -> None:
    for name, content in encoded(parts()).items():
        (tmp_path / name).write_bytes(content)

    assert read_plan(tmp_path).name == "试验方案"


def test_alias_bomb_is_refused_at_once() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    ]
    files = parts()
    files["plan.yaml"] = "\n".join([*lines, "name: *j"]).encode()  # 10^10 words if unfolded

    assert ("plan.yaml", "name") in {(fault.file, fault.field) for fault in faults_of(files)}
