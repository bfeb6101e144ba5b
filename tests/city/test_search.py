"""Place search: what is found for what is typed, and in which order. One small city with everything in it."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import pinyin

from kuaijing.city.ground import DamagedGround, open_ground
from kuaijing.city.importing import import_city
from kuaijing.city.search import Search, open_search
from kuaijing.city.search_keys import crossing_parts
from tests.city.osm_world import write_osm


def road(name: str, highway: str = "residential", **more: str) -> dict[str, str]:
    return {"highway": highway, "name": name} | more


# Two main roads east-west, two streets north-south, and far away a second street of the same name.
NODES = {
    9: (0, 20),
    10: (10, 20),
    11: (20, 20),
    1: (0, 0),
    2: (10, 0),
    3: (20, 0),
    4: (0, 10),
    5: (10, 10),
    6: (20, 10),
    7: (60, 60),
    8: (70, 60),
    30: (50, 70),
    31: (-3, 10),
    20: (11, 1, {"amenity": "police", "name": "西门派出所", "name:en": "Ximen Police Station"}),
    21: (12, 1, {"amenity": "hospital", "name": "市人民医院", "addr:street": "人民路", "addr:housenumber": "88号"}),
    22: (12, 2, {"shop": "convenience", "name": "人民超市"}),
    23: (13, 0, {"addr:street": "人民路", "addr:housenumber": "12"}),
    24: (1, 9, {"place": "suburb", "name": "城东街道"}),
    25: (14, 1, {"amenity": "school", "name": "重庆路小学"}),
}
WAYS = {
    1: ([1, 2, 3], road("人民路", "primary", **{"name:en": "Renmin Road", "alt_name": "老大街"})),
    2: ([4, 5, 6], road("解放路", "secondary")),
    3: ([1, 4], road("东风巷")),
    4: ([2, 5], road("西门路", "tertiary")),
    5: ([3, 6], road("Rua de São João")),
    6: ([6, 7], road("长行路")),
    7: ([7, 8], road("西门路")),
    8: ([9, 10, 11], road("和平东大街", "primary")),
    9: ([10, 5], road("和平巷")),
    10: ([7, 30], road("月梅路", "primary")),
    11: ([4, 31], road("解放路一巷")),
}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("search")
    import_city(write_osm(folder / "town.osm", NODES, WAYS), folder / "city")
    return open_search(open_ground(folder / "city"))


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("人民路", "road", "人民路"),  # the whole name before names that hold it
        ("民路", "road", "人民路"),  # any part
        ("人民", "road", "人民路"),  # the main road before the shop
        ("rml", "road", "人民路"),  # initials
        ("renminlu", "road", "人民路"),
        ("Renmin Lu", "road", "人民路"),
        ("renmin road", "road", "人民路"),  # English
        ("老大街", "road", "人民路"),  # another name
        ("chl", "road", "长行路"),  # every reading of a character: cháng háng
        ("zxl", "road", "长行路"),  # zhǎng xíng
        ("sao joao", "road", "Rua de São João"),  # without accents
        ("JOÃO são", "road", "Rua de São João"),  # words in any order
        ("派出所", "place", "西门派出所"),
        ("ximen police", "place", "西门派出所"),
        ("医院", "place", "市人民医院"),
        ("警察局", "place", "西门派出所"),  # the kind, in other words than the name's
        ("hospital", "place", "市人民医院"),
        ("人民市医院", "place", "市人民医院"),  # its characters
        ("城东", "place", "城东街道"),
        ("西门路与人民路", "crossing", "人民路与西门路"),
        ("人民路和西门路路口", "crossing", "人民路与西门路"),
        ("西门路/人民路", "crossing", "人民路与西门路"),
        ("西门路 人民路", "crossing", "人民路与西门路"),
        ("人民路、西门路交叉口", "crossing", "人民路与西门路"),
        ("xml rml", "crossing", "人民路与西门路"),
        ("西门路人民路", "crossing", "人民路与西门路"),  # run together
        ("西门路人民路口", "crossing", "人民路与西门路"),
        ("人民路西门路交叉口", "crossing", "人民路与西门路"),
        ("解放路和和平巷路口", "crossing", "解放路与和平巷"),
        ("人民路与西门路口", "crossing", "人民路与西门路"),  # 西门 with the 路 of 路口
        ("解放路一巷", "road", "解放路一巷"),  # one road's name, not two
        ("和平东大街和平巷", "crossing", "和平东大街与和平巷"),
        ("Renmin Rd & Rua de São João", "crossing", "人民路与Rua de São João"),
        ("和平巷与解放路", "crossing", "和平巷与解放路"),  # 和 in a name is no joint
        ("解放路 和平巷", "crossing", "解放路与和平巷"),
        ("rml ximen", "crossing", "人民路与西门路"),
        ("renmin road & ximenlu", "crossing", "人民路与西门路"),
        ("和平", "road", "和平东大街"),  # the main road before the lane, though the lane's name is shorter
        ("人民路88号", "address", "人民路88号"),
        ("人民路 12", "address", "人民路12号"),
        ("rml12", "address", "人民路12号"),
        ("12 Renmin Road", "address", "人民路12号"),
        ("人民路８８号", "address", "人民路88号"),  # full width
    ],
)
def test_what_is_typed_finds_what_is_meant_first(search: Search, typed: str, kind: str, name: str) -> None:
    hits = search.find(typed)

    assert (hits[0].kind, {*hits[0].name.split("与")}) == (kind, {*name.split("与")})


_SYLLABLES = st.text("黄河中山解放和平人民建设八一东西南北", min_size=2, max_size=4)
_ROADS = st.builds(lambda name, end: name + end, _SYLLABLES, st.sampled_from(["路", "街", "大道", "巷"]))


@given(
    _ROADS,
    _ROADS,
    st.sampled_from(["{}与{}", "{}和{}路口", "{} {}", "{}{}", "{}{}路口", "{}/{}", "{} & {}", "{}、{}交叉口"]),
)
def test_two_road_names_are_read_as_two_however_they_are_put_together(one: str, other: str, form: str) -> None:
    _, readings = crossing_parts(form.format(one, other))

    assert (one, other) in readings


@given(_ROADS, _SYLLABLES)
def test_the_mouth_of_a_road_is_that_road(one: str, name: str) -> None:
    assert (one, f"{name}路") in crossing_parts(f"{one}{name}路口")[1]


@given(_SYLLABLES.filter(lambda name: "和" not in name))
def test_a_name_without_an_end_in_the_middle_is_one(name: str) -> None:
    assert crossing_parts(f"{name}路") == (False, [])


def test_crossing_lies_where_the_roads_meet(search: Search) -> None:
    hit = search.find("西门路与人民路")[0]

    assert (hit.lon, hit.lat) == pytest.approx((121.01, 31.0), abs=1e-6)


def test_crossing_half_typed_offers_what_the_road_meets(search: Search) -> None:
    found = {frozenset(hit.name.split("与")) for hit in search.find("解放路与")}

    assert {frozenset(("解放路", name)) for name in ("东风巷", "西门路", "长行路")} <= found


def test_crossing_half_typed_offers_main_roads_before_lanes(search: Search) -> None:
    found = [frozenset(hit.name.split("与")) for hit in search.find("解放路与")]

    lane = found.index(frozenset({"解放路", "解放路一巷"}))
    assert {found.index(frozenset({"解放路", name})) for name in ("长行路", "西门路")} == {0, 1}
    assert lane > 1  # though what it meets is the greatest of them all


def test_a_rarer_reading_of_a_character_comes_after_the_common_one(search: Search) -> None:
    assert "r" in {reading[0] for reading in pinyin("月", heteronym=True)[0]}
    names = [hit.name for hit in search.find("rml") if hit.kind == "road"]

    assert names.index("人民路") == 0 < names.index("月梅路")
    assert next(hit.name for hit in search.find("yml")) == "月梅路"


def test_roads_that_do_not_meet_are_offered_each_by_itself(search: Search) -> None:
    assert {hit.name for hit in search.find("人民路与长行路")} == {"人民路", "长行路"}


def test_two_roads_of_one_name_are_two_hits_and_the_near_one_comes_first(search: Search) -> None:
    here, there = (search.find("西门路", near=near)[0] for near in ((121.01, 31.005), (121.065, 31.06)))

    assert here.name == there.name == "西门路"
    assert there.lat - here.lat > 0.03


def test_house_number_not_on_file_gives_the_nearest_and_says_so(search: Search) -> None:
    hits = search.find("人民路90号")

    assert hits[0].name == "人民路" or hits[0].kind == "address"
    (house,) = [hit for hit in hits if hit.kind == "address"]
    assert (house.name, house.detail) == ("人民路88号", "90 号未收录，最近的门牌")


@pytest.mark.parametrize(
    "typed",
    [
        "121.5,31.2",
        "31.2, 121.5",
        "31.2N 121.5E",
        "(121.5，31.2)",
        "121.5 31.2",
        "北31.2".replace("北", "") + "北 121.5东",
    ],
)
def test_coordinates_are_read_in_the_order_that_makes_sense(search: Search, typed: str) -> None:
    (hit,) = search.find(typed)

    assert (hit.kind, hit.lon, hit.lat) == ("coordinate", 121.5, 31.2)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "\n",
        "%",
        "';--",
        "与",
        "/",
        "🚓",
        "x" * 5000,
        "\x00",
        "人民路" * 500,
        "与与与",
        "999999999999999999号",
    ],
)
def test_nonsense_finds_nothing_and_breaks_nothing(search: Search, typed: str) -> None:
    assert all(hit.name for hit in search.find(typed))


def test_limit_is_kept_and_order_is_by_score(search: Search) -> None:
    hits = search.find("路", limit=3)

    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert search.find("路", limit=0) == []


def test_many_threads_search_at_once(search: Search) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.extend(search.find("人民路")[0].name for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["人民路"] * 400


def test_missing_or_damaged_search_file_is_refused_by_name(tmp_path: Path) -> None:
    ground = open_ground(import_city(write_osm(tmp_path / "town.osm", NODES, WAYS), tmp_path / "city").folder)
    (ground.folder / "search.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(DamagedGround, match=r"search\.sqlite cannot be read"):
        open_search(ground)
    (ground.folder / "search.sqlite").unlink()
    with pytest.raises(DamagedGround, match=r"search\.sqlite is missing"):
        open_search(ground)
