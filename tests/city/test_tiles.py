"""The base map's tiles: which there are, how they are handed out, and that many may ask at once."""

import gzip
import threading
from pathlib import Path

import pytest

from kuaijing.city.ground import DamagedGround, Ground, open_ground
from kuaijing.city.importing import import_city
from kuaijing.city.tiles import open_tiles
from tests.city.osm_world import write_osm

NODES = {1: (0, 0), 2: (5, 0), 3: (5, 5), 4: (0, 5)}
WAYS = {
    1: ([1, 2, 3, 4, 1], {"highway": "primary", "name": "人民路", "name:en": "Renmin Road"}),
    2: ([1, 2, 3, 4, 1], {"natural": "water", "name": "明湖"}),
}
TILE = (14, 13698, 6706)  # holds 121.0025, 31.0025


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("tiles")
    return open_ground(import_city(write_osm(folder / "town.osm", NODES, WAYS), folder / "city").folder)


def test_tile_is_gzip_compressed_and_holds_names_in_both_languages(ground: Ground) -> None:
    tile = open_tiles(ground).tile(*TILE)

    assert tile is not None
    content = gzip.decompress(tile)
    for text in ("roads", "water", "pois", "人民路", "Renmin Road", "明湖"):
        assert text.encode() in content, text


@pytest.mark.parametrize(
    "place", [(14, 0, 0), (15, 27398, 13406), (-1, 0, 0), (14, -1, 5), (14, 1 << 14, 5), (99, 0, 0)]
)
def test_where_there_is_nothing_there_is_no_tile(ground: Ground, place: tuple[int, int, int]) -> None:
    assert open_tiles(ground).tile(*place) is None


def test_tilejson_says_where_the_map_lies_and_whose_it_is(ground: Ground) -> None:
    facts = open_tiles(ground).tilejson("/tiles/{z}/{x}/{y}")

    assert facts["tiles"] == ["/tiles/{z}/{x}/{y}"]
    assert (facts["minzoom"], facts["maxzoom"]) == (6, 14)
    assert facts["bounds"] == pytest.approx([121.0, 31.0, 121.005, 31.005], abs=1e-3)
    assert facts["attribution"] == "© OpenStreetMap contributors"


def test_many_threads_read_the_same_tiles(ground: Ground) -> None:
    tiles = open_tiles(ground)
    wanted = tiles.tile(*TILE)
    found: list[bytes | None] = []
    threads = [threading.Thread(target=lambda: found.extend(tiles.tile(*TILE) for _ in range(200))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [wanted] * 1600


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "cut"])
def test_damaged_map_is_refused_by_name(tmp_path: Path, damage: str) -> None:
    folder = import_city(write_osm(tmp_path / "town.osm", NODES, WAYS), tmp_path / "city").folder
    path = folder / "base.pmtiles"
    data = path.read_bytes()
    path.write_bytes({"empty": b"", "garbage": b"x" * 500, "cut": data[: len(data) - 20]}.get(damage, b""))
    if damage == "missing":
        path.unlink()

    with pytest.raises(DamagedGround, match=r"base\.pmtiles"):
        open_tiles(open_ground(folder))
