"""The ground of a generated city, as the importer reads it."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from kuaijing.city.generate.drawing import Drawing, draw_city
from kuaijing.city.generate.kinds import Street, Zone
from kuaijing.city.generate.mesh import edge_of
from kuaijing.city.generate.writing import generate_city
from kuaijing.city.ground import open_ground
from kuaijing.city.search import open_search

WANTED = (
    *("amenity=school", "amenity=hospital", "amenity=police", "amenity=fire_station", "amenity=marketplace"),
    *("place=square", "place=suburb", "place=city", "shop=mall", "railway=station", "railway=rail", "leisure=park"),
    *("natural=water", "building=apartments", "signals", "restriction"),
)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".npy", ".json", ".pbf", ".csv", ".geojson"))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_gives_the_same_bytes_and_another_seed_another_city(tmp_path: Path) -> None:
    for name, seed in (("first", 3), ("again", 3), ("other", 4)):
        generate_city(tmp_path / name, seed=seed, area_km2=4.0)

    first, again, other = (digests(tmp_path / name) for name in ("first", "again", "other"))
    assert "roads/arc_head.npy" in first
    assert "source.osm.pbf" in first
    assert first == again
    assert first["roads/node_lon.npy"] != other["roads/node_lon.npy"]


@pytest.mark.parametrize(("typed", "kind"), [("人民路", "road"), ("rml", "road"), ("人民路与解放路", "crossing")])
def test_the_two_great_streets_of_every_city_are_found(city: Path, typed: str, kind: str) -> None:
    first = open_search(open_ground(city)).find(typed)[0]
    assert (first.kind, {*first.name.split("与")}) == (kind, {"人民路", "解放路"} if kind == "crossing" else {"人民路"})


@pytest.mark.parametrize(("seed", "area_km2"), [(1, 4.0), (2, 4.0), (7, 2.0), (5, 16.0)])
def test_the_two_great_streets_cross(seed: int, area_km2: float) -> None:
    drawing = draw_city(seed, area_km2)
    nodes = {
        name: {n for road in drawing.roads if road.name == name for n in road.nodes} for name in ("人民路", "解放路")
    }
    assert nodes["人民路"] & nodes["解放路"]


def test_manifest_says_fictional(city: Path) -> None:
    manifest = json.loads((city / "ground.json").read_text())
    assert manifest["fictional"] is True
    assert manifest["name"] == "清岚市"
    assert manifest["timezone"] == "Asia/Shanghai"


def test_area_is_what_was_asked_for(drawing: Drawing) -> None:
    assert (
        drawing.form.outline.area / 1e6 == np.float64(16.0).round(6) or abs(drawing.form.outline.area / 16e6 - 1) < 1e-6
    )


def test_almost_all_street_length_is_strongly_connected_for_cars(city: Path) -> None:
    manifest = json.loads((city / "ground.json").read_text())
    dropped = manifest["dropped"]["outside_the_largest_part"]
    for unit_class, kept_km in manifest["counts"]["arc_km_by_class"].items():
        assert dropped[unit_class]["km"] < 0.05 * kept_km


def test_bridge_over_the_river_does_not_join_the_drive_beneath(drawing: Drawing) -> None:
    """Every bridge passes over a street on the ground, and joins streets only at its two ends."""
    xy = drawing.mesh.coordinates()
    bridges = [road for road in drawing.roads if road.bridge]
    ground = [road for road in drawing.roads if not road.bridge]
    assert bridges
    ground_nodes = {node for road in ground for node in road.nodes}
    drives = shapely.MultiLineString([xy[road.nodes] for road in ground if road.street <= Street.COLLECTOR])
    for road in bridges:
        assert not set(road.nodes[1:-1]) & ground_nodes
        met = shapely.intersection(shapely.LineString(xy[road.nodes]), drives)
        assert shapely.get_num_geometries(met) >= 3, road.name  # two landings and at least one street beneath


def test_bridges_are_on_a_layer_above_in_the_ground(city: Path) -> None:
    ground = open_ground(city)
    bridge = (np.asarray(ground.arc_flags) & 1) > 0
    assert bridge.any()
    assert (np.asarray(ground.arc_layer)[bridge] == 1).all()


def test_old_town_blocks_are_small_and_crooked_and_fields_are_large(drawing: Drawing) -> None:
    area, zone = drawing.blocks.area, drawing.blocks.zone
    assert np.median(area[zone == Zone.OLD]) < 0.6 * np.median(area[zone == Zone.URBAN])
    assert area.std() / area.mean() > 0.6


def test_streets_do_not_run_on_a_plain_grid(drawing: Drawing) -> None:
    """Directions of the streets, folded to a quarter turn, spread over many of eighteen 5-degree bins."""
    xy = drawing.mesh.coordinates()
    edges = np.array([edge for edge, street in drawing.mesh.street.items() if street <= Street.LOCAL])
    step = xy[edges[:, 1]] - xy[edges[:, 0]]
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0])) % 90
    share = np.histogram(angle, 18, (0, 90), weights=np.hypot(*step.T))[0]
    share = share / share.sum()
    assert share.max() < 0.35
    assert (share > 0.01).sum() >= 10


def test_names_are_mostly_one_street_each(drawing: Drawing) -> None:
    strokes: dict[str, set[int]] = {}
    for road in drawing.roads:
        if road.name and not road.bridge and road.street != Street.RING and road.stroke >= 0:
            strokes.setdefault(road.name, set()).add(road.stroke)
    assert len(strokes) > 150
    assert sum(len(owners) > 1 for owners in strokes.values()) / len(strokes) < 0.02


def test_named_streets_have_chinese_kinds_and_english(city: Path) -> None:
    endings: Counter[str] = Counter()
    for way in osmium.FileProcessor(str(city / "source.osm.pbf"), osmium.osm.WAY):
        if "highway" in way.tags and "name" in way.tags:
            name, english = way.tags["name"], way.tags["name:en"]
            endings[next(kind for kind in ("大道", "段", "大桥", "路", "街", "巷", "弄") if name.endswith(kind))] += 1
            assert english.isascii()
            assert english.split()[-1] in ("Road", "Street", "Avenue", "Lane", "Bridge", "Section")
    assert {"路", "街", "巷", "大道", "大桥"} <= set(endings)


def test_places_that_a_commander_looks_for_are_there(city: Path) -> None:
    found: Counter[str] = Counter()
    addresses: set[tuple[str, str]] = set()
    for item in osmium.FileProcessor(str(city / "source.osm.pbf")):
        for key in ("amenity", "shop", "railway", "leisure", "place", "natural", "building"):
            if key in item.tags:
                found[f"{key}={item.tags[key]}"] += 1
        if "addr:housenumber" in item.tags:
            address = (item.tags["addr:street"], item.tags["addr:housenumber"])
            assert address not in addresses
            addresses.add(address)
        if item.tags.get("highway") == "traffic_signals":
            found["signals"] += 1
        if item.tags.get("type") == "restriction":
            found["restriction"] += 1
    for wanted in WANTED:
        assert found[wanted] > 0, wanted
    assert len(addresses) > 1_000


def test_alleys_for_motorcycles_only_exist(city: Path) -> None:
    ground = open_ground(city)
    access = np.asarray(ground.arc_access)
    assert ((access & 4 > 0) & (access & 2 == 0)).sum() > 20


def test_divided_roads_have_one_carriageway_each_way(drawing: Drawing) -> None:
    rings = [road for road in drawing.roads if road.street == Street.RING]
    assert rings
    one_way = sum(road.oneway for road in rings)
    assert one_way / len(rings) > 0.8


@pytest.mark.parametrize(("seed", "area_km2"), [(5, 16.0), (31, 4.0), (7, 9.0)])
def test_faces_fill_the_outline_without_gap_or_overlap(seed: int, area_km2: float) -> None:
    drawing = draw_city(seed, area_km2)
    mesh = drawing.mesh
    rings = [mesh.expand(ring) for ring in drawing.blocks.rings + drawing.river_faces]
    polygons = [shapely.Polygon(mesh.points(ring)) for ring in rings]
    total = sum(polygon.area for polygon in polygons)
    assert abs(total / drawing.form.outline.area - 1) < 1e-3
    assert all(polygon.is_valid for polygon in polygons)
    sides = Counter(edge_of(a, b) for ring in rings for a, b in zip(ring, ring[1:] + ring[:1], strict=True))
    assert max(sides.values()) <= 2
