"""Importing a city: what is made, what is refused, and that a refusal leaves nothing behind."""

import argparse
import bz2
import errno
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kuaijing.city.command import add_commands
from kuaijing.city.ground import DamagedGround, open_ground
from kuaijing.city.importing import import_city
from kuaijing.city.refused import ImportRefused
from kuaijing.city.tiles import open_tiles
from tests.city.osm_world import osm_text, write_osm
from tests.shared_data import shared_data

ROAD = {"highway": "residential"}
NODES = {1: (0, 0), 2: (2, 0), 3: (2, 2), 4: (0, 2)}
WAYS = {
    n: ([n, n % 4 + 1], ROAD | {"name": name}) for n, name in enumerate(("人民路", "西门路", "东风路", "解放路"), 1)
}
TOWN = (NODES, WAYS)


def boundary(*ids: int, name: str = "城关区") -> dict:
    return {n: ([1, 2, 3, 4, 1], {"boundary": "administrative", "admin_level": "6", "name": name}) for n in ids}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    return import_city(write_osm(folder / "town.osm", *TOWN), folder / "city").folder


def test_imported_city_opens_within_a_second_with_its_name_hash_and_counts(tmp_path: Path) -> None:
    import_city(write_osm(tmp_path / "town.osm", *TOWN), tmp_path / "city", name="清河")

    began = time.perf_counter()
    ground = open_ground(tmp_path / "city", verify=True)
    assert time.perf_counter() - began < 1
    assert (ground.name, ground.timezone, ground.fictional) == ("清河", "Asia/Shanghai", False)
    assert ground.bbox == pytest.approx((121.0, 31.0, 121.002, 31.002))
    assert ground.names == ["", "人民路", "西门路", "东风路", "解放路"]
    assert ground.street_count == ground.manifest["counts"]["streets"] == 4
    assert len(ground.hash) == 64


def test_same_source_gives_the_same_hash(tmp_path: Path) -> None:
    source = write_osm(tmp_path / "town.osm", *TOWN)
    hashes = {import_city(source, tmp_path / out).manifest["hash"] for out in ("a", "b")}

    assert len(hashes) == 1


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
def test_every_form_of_osm_file_is_read(tmp_path: Path, ending: str) -> None:
    source = tmp_path / f"town{ending}"
    if ending.endswith("bz2"):
        source.write_bytes(bz2.compress(osm_text(*TOWN).encode()))
    else:
        write_osm(source, *TOWN)

    assert import_city(source, tmp_path / "city").manifest["counts"]["streets"] == 4


def test_box_and_boundary_cut_the_roads(tmp_path: Path) -> None:
    far = {5: (30, 30), 6: (31, 30)}
    nodes, ways = NODES | far, WAYS | {9: ([3, 5, 6], ROAD)} | boundary(100)
    source = write_osm(tmp_path / "town.osm", nodes, ways)

    whole = import_city(source, tmp_path / "whole").manifest["counts"]["street_km"]
    boxed = import_city(source, tmp_path / "boxed", bbox=(120.99, 30.99, 121.0105, 31.0105)).manifest["counts"]
    named = import_city(source, tmp_path / "named", boundary="城关区").manifest
    assert boxed["street_km"] == pytest.approx(whole - 0.095, abs=0.002)  # the last 95 m lie wholly outside
    assert named["counts"]["street_km"] == boxed["street_km"]
    assert named["name"] == "城关区"


def test_reimport_replaces_a_city_and_leaves_no_trace_of_the_old(tmp_path: Path) -> None:
    source = write_osm(tmp_path / "town.osm", *TOWN)
    import_city(source, tmp_path / "city", name="旧")
    (tmp_path / "city" / "history.parquet").write_bytes(b"old")
    import_city(source, tmp_path / "city", name="新")

    assert open_ground(tmp_path / "city").name == "新"
    assert not (tmp_path / "city" / "history.parquet").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["city", "town.osm"]


def test_companions_are_in_the_folder_when_it_appears(tmp_path: Path) -> None:
    source = write_osm(tmp_path / "town.osm", *TOWN)
    import_city(source, tmp_path / "city", fictional=True, companions=lambda folder: (folder / "truth.json").touch())

    assert (tmp_path / "city" / "truth.json").exists()
    ground = open_ground(tmp_path / "city")
    assert ground.fictional
    assert ground.manifest["attribution"] == open_tiles(ground).tilejson("")["attribution"] == "虚构城市 Fictional city"


def test_disk_that_fills_up_ends_with_one_message_and_nothing_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    source = write_osm(tmp_path / "town.osm", *TOWN)
    monkeypatch.setattr("kuaijing.city.importing.write_search", full)

    assert run("city", "import", str(source), "--out", str(tmp_path / "city")) == 1
    assert "could not be written: [Errno 28]" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["town.osm"]


def damaged(tmp_path: Path, name: str, text: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(text)
    return path


TEXT = osm_text(*TOWN).encode()
EMPTY = osm_text({1: (0, 0)}, {}).encode()
OFF_EARTH = osm_text({node: (east + 90_000, north) for node, (east, north) in NODES.items()}, WAYS).encode()
TWO_BOUNDARIES = osm_text(NODES, WAYS | boundary(100, 101)).encode()
WIDE = osm_text(NODES | {5: (40_000, 0)}, WAYS | {9: ([2, 5], ROAD)}).encode()

REFUSED: dict[str, tuple[Callable[[Path], Path], dict, str]] = {
    "missing": (lambda p: p / "no.osm", {}, "there is no file"),
    "empty": (lambda p: damaged(p, "a.osm.pbf", b""), {}, "is empty"),
    "no pbf": (
        lambda p: damaged(p, "a.osm.pbf", b"\x00\x00\x00\x0d" + b"nonsense" * 99),
        {},
        "cannot be read as OpenStreetMap",
    ),
    "cut xml": (lambda p: damaged(p, "a.osm", TEXT[: len(TEXT) // 2]), {}, "cannot be read as OpenStreetMap"),
    "cut gz": (
        lambda p: damaged(p, "a.osm.gz", write_osm(p / "b.osm.gz", *TOWN).read_bytes()[:-30]),
        {},
        "cannot be read",
    ),
    "cut bz2": (lambda p: damaged(p, "a.osm.bz2", bz2.compress(TEXT)[:-30]), {}, "cannot be read"),
    "no roads": (lambda p: damaged(p, "a.osm", EMPTY), {}, "holds no roads"),
    "no roads there": (lambda p: damaged(p, "a.osm", TEXT), {"bbox": (8, 50, 9, 51)}, "no roads in the wanted area"),
    "upside-down box": (lambda p: damaged(p, "a.osm", TEXT), {"bbox": (9, 50, 8, 51)}, "is no box"),
    "two areas": (lambda p: damaged(p, "a.osm", TEXT), {"bbox": (8, 50, 9, 51), "boundary": "x"}, "give one of them"),
    "ambiguous": (
        lambda p: damaged(p, "a.osm", TWO_BOUNDARIES),
        {"boundary": "城关区"},
        r"w100 \(admin_level 6\), w101",
    ),
    "no such boundary": (
        lambda p: damaged(p, "a.osm", TWO_BOUNDARIES),
        {"boundary": "x"},
        "complete in the file: 城关区",
    ),
    "too wide": (lambda p: damaged(p, "a.osm", WIDE), {}, "wider than 12 degrees"),
    "off the Earth": (lambda p: damaged(p, "a.osm", OFF_EARTH), {}, "have no places: its nodes are missing"),
    "wrong zone": (lambda p: damaged(p, "a.osm", TEXT), {"timezone": "Asia/Atlantis"}, "no IANA time zone"),
    "crs of osm": (lambda p: damaged(p, "a.osm", TEXT), {"crs": "gcj02"}, "always WGS-84"),
    "unknown crs": (lambda p: damaged(p, "a.osm", TEXT), {"crs": "mars"}, "use wgs84, gcj02, bd09 or EPSG:n"),
    "columns of osm": (lambda p: damaged(p, "a.osm", TEXT), {"columns": "jinan"}, "needs none"),
    "layer without columns": (lambda p: damaged(p, "a.geojson", b"{}"), {}, "needs --columns FILE"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_one_message_and_nothing_is_left_behind(tmp_path: Path, case: str) -> None:
    make, options, message = REFUSED[case]
    source = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(ImportRefused, match=message):
        import_city(source, tmp_path / "deep" / "city", **options)
    assert sorted(tmp_path.rglob("*")) == before


def test_boundary_that_the_extract_cuts_is_refused_and_a_whole_one_is_used(tmp_path: Path) -> None:
    source = shared_data("roads/monaco.osm.pbf")
    with pytest.raises(ImportRefused, match=r"boundary France \(r\d+\) is not complete in monaco"):
        import_city(source, tmp_path / "city", boundary="France")

    report = import_city(source, tmp_path / "city", boundary="Fontvieille")
    west, south, east, north = report.manifest["bbox"]
    assert 7.40 < west < east < 7.43
    assert 43.72 < south < north < 43.74


@pytest.mark.parametrize("truncated_at", [0.2, 0.9, 0.999])
def test_truncated_pbf_is_refused(tmp_path: Path, truncated_at: float) -> None:
    data = shared_data("roads/monaco.osm.pbf").read_bytes()
    source = damaged(tmp_path, "cut.osm.pbf", data[: int(len(data) * truncated_at)])

    with pytest.raises(ImportRefused, match="cannot be read as OpenStreetMap data"):
        import_city(source, tmp_path / "city")
    assert [path.name for path in tmp_path.iterdir()] == ["cut.osm.pbf"]


def test_folder_that_is_no_city_is_never_replaced(tmp_path: Path) -> None:
    source = write_osm(tmp_path / "town.osm", *TOWN)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()

    with pytest.raises(ImportRefused, match="exists and is not a city folder"):
        import_city(source, tmp_path / "photos")
    with pytest.raises(ImportRefused, match="is a file"):
        import_city(source, source)
    assert (tmp_path / "photos" / "a.jpg").exists()


def test_failed_reimport_leaves_the_old_city_in_place(tmp_path: Path) -> None:
    import_city(write_osm(tmp_path / "town.osm", *TOWN), tmp_path / "city")
    with pytest.raises(ImportRefused):
        import_city(damaged(tmp_path, "a.osm", EMPTY), tmp_path / "city")

    assert open_ground(tmp_path / "city").street_count == 4


@pytest.mark.parametrize(
    ("file", "damage", "fault"),
    [
        ("ground.json", None, "ground.json is missing"),
        ("ground.json", b"{", "ground.json cannot be read"),
        ("ground.json", b'{"format": "kuaijing-city-99"}', "its format is 'kuaijing-city-99'"),
        ("names.json", b"[]", "names.json is not a list of names"),
        ("roads/arc_head.npy", None, "roads/arc_head.npy is missing"),
        ("roads/arc_head.npy", b"\x93NUMPY", "roads/arc_head.npy cannot be read"),
    ],
)
def test_damaged_city_is_refused_by_name(
    town: Path, tmp_path: Path, file: str, damage: bytes | None, fault: str
) -> None:
    folder = shutil.copytree(town, tmp_path / "city")
    (folder / file).unlink() if damage is None else (folder / file).write_bytes(damage)

    with pytest.raises(DamagedGround, match=fault) as refused:
        open_ground(folder)
    assert str(folder) in str(refused.value)


def test_one_changed_byte_in_the_arrays_is_noticed(town: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(town, tmp_path / "city")
    path = folder / "roads" / "arc_length_m.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)

    with pytest.raises(DamagedGround, match="do not have the hash"):
        open_ground(folder)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    parsed = parser.parse_args(arguments)
    return int(parsed.run(parsed))


def test_command_prints_the_report_and_ends_with_0_or_refuses_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_osm(tmp_path / "town.osm", *TOWN)

    assert run("city", "import", str(source), "--out", str(tmp_path / "city"), "--name", "清河") == 0
    assert "4 junctions, 8 arcs, 4 streets" in capsys.readouterr().out
    assert run("city", "import", str(tmp_path / "no.osm"), "--out", str(tmp_path / "b")) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), "there is no file" in err) == ("", 1, True)


def test_monaco_has_the_turns_places_tiles_of_its_source(tmp_path: Path) -> None:
    report = import_city(shared_data("roads/monaco.osm.pbf"), tmp_path / "monaco", timezone="Europe/Monaco")
    ground = open_ground(report.folder)
    tiles = open_tiles(ground)

    assert ground.timezone == "Europe/Monaco"
    assert report.manifest["dropped"]["restrictions_used"] == 27  # of 27 in the file
    assert 3_500 < len(ground.node_lon) < 4_500
    assert report.manifest["counts"]["searchable_addresses"] > 20
    assert {layer["id"] for layer in tiles.tilejson("")["vector_layers"]} == {
        "roads", "water", "green", "buildings", "places", "pois",
    }  # fmt: skip
    assert "OpenStreetMap" in tiles.tilejson("")["attribution"]
    tile = tiles.tile(14, 8529, 5974)  # the harbour
    assert tile is not None
    assert tile[:2] == b"\x1f\x8b"  # gzip
    assert tiles.tile(14, 0, 0) is None
    assert json.loads((report.folder / "ground.json").read_text())["dropped"] == report.manifest["dropped"]
