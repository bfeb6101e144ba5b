"""Road layers and node and arc tables through a column mapping: directions, classes, coordinate systems, refusals."""

import json
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pyproj
import pytest
from pyogrio.raw import write
from shapely import LineString, to_wkb

from kuaijing.city.classes import CAR, FOOT, ROAD_CLASSES
from kuaijing.city.ground import open_ground
from kuaijing.city.importing import import_city
from kuaijing.city.mapping import read_mapping, shipped_layouts
from kuaijing.city.refused import ImportRefused
from kuaijing.measures.coordinates import from_wgs84
from tests.shared_data import shared_data

WEST, MIDDLE, EAST, NORTH = (116.99, 36.65), (117.0, 36.65), (117.01, 36.65), (117.0, 36.66)
LINES = [(WEST, MIDDLE), (MIDDLE, EAST), (EAST, NORTH), (NORTH, WEST)]
MAPPING = """
directed: false
columns: {id: gid, class: kind, name: label, oneway: ow, maxspeed: kmh}
oneway: {both: ["0"], forward: ["1"], backward: ["2"]}
classes: {快速路: trunk}
default_class: residential
"""
ROWS = {
    "gid": [11, 12, 13, 14],
    "kind": ["快速路", "primary_link", "其他", None],
    "label": ["经十路", "", None, "解放路"],
    "ow": [0, 1, 1, 1],
    "kmh": [80.0, 0.0, np.nan, 40.0],
}


def layer(path: Path, lines: list = LINES, rows: dict | None = None, crs: str | None = "EPSG:4326") -> Path:
    rows = ROWS if rows is None else rows
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        write(
            path,
            geometry=np.array([to_wkb(LineString(line)) for line in lines], object),
            field_data=[np.array(column, object if isinstance(column[0], str) else None) for column in rows.values()],
            fields=list(rows),
            geometry_type="LineString",
            crs=crs,
        )
    return path


def mapping(tmp_path: Path, text: str = MAPPING) -> Path:
    path = tmp_path / "columns.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp"])
@pytest.mark.filterwarnings("ignore:Normalized")
def test_layer_is_read_by_its_mapping_in_every_form(tmp_path: Path, ending: str) -> None:
    source = layer(tmp_path / f"roads.{ending}")
    ground = open_ground(import_city(source, tmp_path / "city", columns=mapping(tmp_path)).folder)

    by_source = {int(s): i for i, s in enumerate(ground.arc_source) if ground.arc_access[i] & CAR}
    assert sorted(by_source) == [11, 12, 13, 14]
    assert [ROAD_CLASSES[ground.arc_class[by_source[s]]] for s in (11, 12, 13, 14)] == [
        "trunk", "primary", "residential", "residential",
    ]  # fmt: skip
    assert {ground.names[ground.arc_name[by_source[s]]] for s in (11, 14)} == {"经十路", "解放路"}
    assert ground.arc_maxspeed[by_source[11]] == pytest.approx(80 / 3.6)
    assert np.isnan(ground.arc_maxspeed[by_source[12]])
    cars = ground.arc_access & CAR > 0
    assert (cars.sum(), len(cars)) == (5, 8)  # one street both ways, three one way; all walked both ways
    assert ground.manifest["dropped"]["lines_given_the_default_class"] == 2


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "EPSG:4547", "EPSG:3857"])
def test_coordinates_of_every_system_come_to_the_same_place(tmp_path: Path, crs: str) -> None:
    xy = np.array(LINES).reshape(-1, 2).T
    if crs in ("gcj02", "bd09"):
        there = from_wgs84(*xy, crs)  # type: ignore[arg-type]
    else:
        there = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*xy)
    lines = np.array(there).T.reshape(-1, 2, 2).tolist()
    source = layer(tmp_path / "roads.gpkg", lines, crs=None)
    ground = open_ground(import_city(source, tmp_path / "city", columns=mapping(tmp_path), crs=crs).folder)

    assert ground.bbox == pytest.approx((116.99, 36.65, 117.01, 36.66), abs=1e-7)


def test_directed_lines_there_and_back_become_one_street(tmp_path: Path) -> None:
    lines = [(WEST, (116.995, 36.651), MIDDLE), (MIDDLE, (116.995, 36.651), WEST), (MIDDLE, EAST), (EAST, WEST)]
    source = layer(tmp_path / "roads.geojson", lines, {"gid": [1, 2, 3, 4]})
    text = "directed: true\ncolumns: {id: gid}\ndefault_class: primary\n"
    ground = open_ground(import_city(source, tmp_path / "city", columns=mapping(tmp_path, text)).folder)

    cars = np.flatnonzero(ground.arc_access & CAR)
    twins = [(int(ground.arc_source[a]), int(ground.arc_source[ground.arc_twin[a]])) for a in cars]
    assert sorted(twins) == [(1, 2), (2, 1), (3, 3), (4, 4)]  # 3 and 4 are one way; their twins are for feet only
    assert (ground.arc_access[ground.arc_twin[cars[ground.arc_source[cars] == 3]]] == FOOT).all()
    assert ground.street_count == 3


def test_lines_that_cross_without_ending_do_not_meet_unless_vertices_are_junctions(tmp_path: Path) -> None:
    cross = (117.0, 36.65)
    lines = [(WEST, cross, EAST), ((117.0, 36.64), cross, NORTH), (WEST, NORTH), (EAST, (117.0, 36.64))]
    source = layer(tmp_path / "roads.geojson", lines, {"gid": [1, 2, 3, 4]})
    text = "directed: false\ndefault_class: primary\n"
    ends = import_city(source, tmp_path / "a", columns=mapping(tmp_path, text)).manifest["counts"]
    every = import_city(source, tmp_path / "b", columns=mapping(tmp_path, text + "junctions: vertices\n")).manifest[
        "counts"
    ]

    assert (ends["junctions"], every["junctions"]) == (4, 5)


STAR = [((117.0, 36.6), end) for end in ((117.3, 36.6), (116.7, 36.6), (117.0, 36.9), (117.0, 36.3))]
REFUSED = {
    "no crs": ({"crs": None}, MAPPING, {}, "does not say its coordinate system .* --crs"),
    "wrong column": ({}, MAPPING.replace("name: label", "name: road_name"), {}, "no column 'road_name' .* columns are gid, kind"),
    "unknown one-way value": ({}, MAPPING.replace('"1"', '"9"'), {}, "column 'ow' holds '1'"),
    "no class": ({}, MAPPING.replace("default_class: residential", ""), {}, r"2 lines have no road class: '其他'"),
    "class unknown": ({}, MAPPING.replace("trunk", "autobahn"), {}, "'autobahn' is no road class"),
    "field unknown": ({}, MAPPING + "colour: red\n", {}, "not a usable mapping: .*colour"),
    "not yaml": ({}, "a: [", {}, "not a usable mapping"),
    "projected as degrees": ({"lines": [((447123.0, 4056789.0), (447200.0, 4056789.0))] * 4}, MAPPING, {}, "are not degrees"),
    "gcj02 in Europe": ({"lines": [((-8.6, 41.1), (-8.7, 41.2))] * 4}, MAPPING, {"crs": "gcj02"}, "exists in China only"),
    "degrees as metres": ({"crs": None, "lines": STAR}, MAPPING, {"crs": "EPSG:32650"}, r"EPSG:32650, 4 streets would be 1 m .* --crs"),
    "boundary name": ({}, MAPPING, {"boundary": "历下区"}, "a road layer holds no boundaries"),
    "outside the box": ({}, MAPPING, {"bbox": (8, 50, 9, 51)}, "no roads in the wanted area"),
    "wrong layer": ({}, MAPPING + "layer: streets\n", {}, "cannot be read as a road layer"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_layer_that_does_not_fit_is_refused_and_nothing_is_left_behind(tmp_path: Path, case: str) -> None:
    build, text, options, message = REFUSED[case]
    source = layer(tmp_path / "roads.gpkg", **build)
    columns = mapping(tmp_path, text)
    before = sorted(tmp_path.iterdir())

    with pytest.raises(ImportRefused, match=message):
        import_city(source, tmp_path / "city", columns=columns, **options)
    assert sorted(tmp_path.iterdir()) == before


def test_polygon_file_as_boundary_cuts_a_layer(tmp_path: Path) -> None:
    ring = [[116.98, 36.645], [117.005, 36.645], [117.005, 36.67], [116.98, 36.67], [116.98, 36.645]]
    (tmp_path / "市区.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    source = layer(tmp_path / "roads.geojson", [*LINES, (EAST, (117.02, 36.65))], {"gid": [1, 2, 3, 4, 5]})
    text = "directed: false\ndefault_class: primary\n"
    report = import_city(
        source, tmp_path / "city", columns=mapping(tmp_path, text), boundary=str(tmp_path / "市区.geojson")
    )

    assert report.manifest["counts"]["streets"] == 4  # the fifth lies wholly outside
    assert report.manifest["name"] == "市区"


def test_truncated_shapefile_is_refused(tmp_path: Path) -> None:
    for path in shared_data("roads/jinan").glob("edges.*"):
        data = path.read_bytes()
        (tmp_path / path.name).write_bytes(data[: len(data) // 2] if path.suffix == ".shp" else data)

    with pytest.raises(ImportRefused, match=r"edges\.shp is truncated"):
        import_city(tmp_path / "edges.shp", tmp_path / "city", columns="jinan", crs="wgs84")


TABLES = """
directed: true
nodes: {file: nodes.csv, section: nodes, id: index, x: x, y: y}
arcs: {file: arcs.csv, section: arcs, from: fromNode, to: toNode, time: mode_1, time_unit: days}
columns: {id: index}
class_by_speed: [{at_least_kmh: 50, class: primary}]
default_class: residential
"""
NODES_CSV = "nodes,3,,\nindex,x,y,offRoadAccess,\n1.0,117.0,36.65,1.0\n2.0,117.01,36.65,1.0\n3.0,117.0,36.66,0.0\n"
DAY = 86400
ARCS_CSV = (
    "miscData,1,,\narcForm,numModes,\ndirected,1\n,\narcs,4,,\nindex,fromNode,toNode,mode_1,\n"
    f"1.0,1.0,2.0,{60 / DAY}\n2.0,2.0,1.0,{60 / DAY}\n3.0,2.0,3.0,{300 / DAY}\n4.0,3.0,1.0,{300 / DAY}\n"
)


def tables(tmp_path: Path, nodes: str = NODES_CSV, arcs: str = ARCS_CSV) -> Path:
    path = tmp_path / "roads.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("nodes.csv", nodes)
        archive.writestr("arcs.csv", arcs)
    return path


def test_tables_give_lengths_from_coordinates_and_speeds_from_times(tmp_path: Path) -> None:
    report = import_city(tables(tmp_path), tmp_path / "city", columns=mapping(tmp_path, TABLES), crs="wgs84")
    ground = open_ground(report.folder)

    cars = np.flatnonzero(ground.arc_access & CAR)
    arc = {int(ground.arc_source[a]): a for a in cars}
    assert sorted(arc) == [1, 2, 3, 4]
    assert ground.arc_length_m[arc[1]] == pytest.approx(892.1, abs=0.5)  # 0.01 degrees at 36.65 north
    assert ground.arc_maxspeed[arc[1]] == pytest.approx(892.1 / 60, abs=0.02)
    assert ROAD_CLASSES[ground.arc_class[arc[1]]] == "primary"  # 53.5 km/h
    assert ROAD_CLASSES[ground.arc_class[arc[3]]] == "residential"
    assert ground.arc_twin[arc[1]] == arc[2]


@pytest.mark.parametrize(
    ("nodes", "arcs", "options", "message"),
    [
        (NODES_CSV, ARCS_CSV, {"crs": None}, "tables do not say their coordinate system"),
        (NODES_CSV.replace("nodes,3", "nodes,9"), ARCS_CSV, {}, "states 9 rows, 3 are there; truncated"),
        (
            NODES_CSV,
            ARCS_CSV.replace("3.0,2.0,3.0", "3.0,2.0,7.0"),
            {},
            "row 3: toNode is 7.0, which nodes.csv does not hold",
        ),
        (NODES_CSV.replace("117.01", "east"), ARCS_CSV, {}, "nodes.csv, column 'x': could not convert"),
        (NODES_CSV.replace("index,x", "index,lon"), ARCS_CSV, {}, "no column 'x'"),
        (NODES_CSV.replace("117.01", "nan"), ARCS_CSV, {}, "not finite"),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path: Path, nodes: str, arcs: str, options: dict, message: str) -> None:
    source, columns = tables(tmp_path, nodes, arcs), mapping(tmp_path, TABLES)

    with pytest.raises(ImportRefused, match=message):
        import_city(source, tmp_path / "city", columns=columns, **{"crs": "wgs84"} | options)
    assert not (tmp_path / "city").exists()


def test_every_shipped_layout_is_a_usable_mapping() -> None:
    assert shipped_layouts() == ["jinan", "manhattan", "xian"]
    for name in shipped_layouts():
        assert read_mapping(name).title


def test_jinan_has_its_two_way_streets_paired(tmp_path: Path) -> None:
    source = shared_data("roads/jinan/edges.shp")
    report = import_city(source, tmp_path / "city", columns="jinan", crs="wgs84")
    ground = open_ground(report.folder)

    cars = ground.arc_access & CAR > 0
    assert 27_000 < cars.sum() < 28_597  # directed edges in the file
    both = cars & cars[ground.arc_twin] & (ground.arc_twin >= 0)
    assert 20_000 < both.sum() < 20_981  # of them with a reverse twin in the file
    cut_off = report.manifest["dropped"]["outside_the_largest_part"]["car"]["arcs"]
    assert 28_596 <= cut_off + cars.sum() < 28_596 + 50  # every edge with a length; a few loops are two arcs


def test_jinan_without_a_coordinate_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"edges.shp does not say its coordinate system \(no \.prj\)"):
        import_city(shared_data("roads/jinan/edges.shp"), tmp_path / "city", columns="jinan")


def test_jinan_in_a_wrong_coordinate_system_is_refused_with_the_figures(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"read as EPSG:32650, 14,490 streets .* m each\) on .* x .* m: .* --crs"):
        import_city(shared_data("roads/jinan/edges.shp"), tmp_path / "city", columns="jinan", crs="EPSG:32650")
    assert not list(tmp_path.iterdir())


def test_manhattan_is_read_whole(tmp_path: Path) -> None:
    report = import_city(shared_data("roads/manhattan/roads.zip"), tmp_path / "city", columns="manhattan", crs="wgs84")
    ground = open_ground(report.folder)

    assert len(ground.node_lon) == 16_811
    assert (ground.arc_access & CAR > 0).sum() == 24_437
    assert np.isfinite(ground.arc_maxspeed).mean() > 0.99
