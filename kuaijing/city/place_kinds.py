"""Kinds of places in OpenStreetMap's tags, what they are called in Chinese and English, and how much they matter on a police map.

Pure tables and lookups. ``rank`` runs from 0 (a whole city) to 9 (a small shop): the lower, the earlier on the map and the
higher in the search.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place: identifier, Chinese and English words, rank."""

    key: str
    zh: str
    en: str
    rank: int


def _table(rows: str) -> dict[str, Kind]:
    kinds = {}
    for row in rows.strip().splitlines():
        key, zh, en, rank = (cell.strip() for cell in row.split("|"))
        kinds[key] = Kind(key, zh, en, int(rank))
    return kinds


SETTLEMENTS = _table("""
    city | 城市 | city | 0
    municipality | 市 | municipality | 0
    town | 镇 | town | 1
    borough | 区 | borough | 1
    district | 区 | district | 1
    county | 县 | county | 1
    suburb | 街道 | suburb | 2
    subdistrict | 街道 | subdistrict | 2
    township | 乡 | township | 2
    village | 村 | village | 2
    quarter | 片区 | quarter | 3
    neighbourhood | 社区 | neighbourhood | 4
    hamlet | 自然村 | hamlet | 4
    island | 岛 | island | 3
    islet | 小岛 | islet | 5
    square | 广场 | square | 4
    locality | 地点 | locality | 5
    isolated_dwelling | 孤宅 | dwelling | 6
    farm | 农场 | farm | 6
""")

POINTS = _table("""
    police | 公安机关 | police | 4
    fire_station | 消防站 | fire station | 4
    hospital | 医院 | hospital | 4
    clinic | 诊所 | clinic | 6
    doctors | 诊所 | doctor | 7
    pharmacy | 药店 | pharmacy | 7
    townhall | 政府 | town hall | 4
    government | 政府机关 | government office | 5
    courthouse | 法院 | courthouse | 5
    prison | 监狱 | prison | 5
    embassy | 使馆 | embassy | 6
    university | 大学 | university | 4
    college | 学院 | college | 5
    school | 学校 | school | 5
    kindergarten | 幼儿园 | kindergarten | 6
    library | 图书馆 | library | 6
    station | 车站 | station | 4
    halt | 车站 | station | 5
    subway_entrance | 地铁口 | subway entrance | 7
    bus_station | 汽车站 | bus station | 5
    bus_stop | 公交站 | bus stop | 8
    platform | 站台 | platform | 8
    ferry_terminal | 码头 | ferry terminal | 5
    aerodrome | 机场 | airport | 3
    marketplace | 市场 | market | 5
    mall | 商场 | shopping centre | 5
    department_store | 百货 | department store | 6
    supermarket | 超市 | supermarket | 7
    bank | 银行 | bank | 7
    fuel | 加油站 | fuel station | 6
    parking | 停车场 | parking | 8
    hotel | 酒店 | hotel | 6
    attraction | 景点 | attraction | 5
    museum | 博物馆 | museum | 5
    theatre | 剧院 | theatre | 6
    cinema | 影院 | cinema | 6
    place_of_worship | 宗教场所 | place of worship | 6
    community_centre | 社区中心 | community centre | 6
    post_office | 邮局 | post office | 7
    restaurant | 餐馆 | restaurant | 7
    fast_food | 快餐 | fast food | 8
    cafe | 咖啡馆 | café | 8
    bar | 酒吧 | bar | 7
    pub | 酒吧 | pub | 7
    nightclub | 夜总会 | nightclub | 6
    toilets | 公厕 | toilets | 9
    park | 公园 | park | 4
    garden | 花园 | garden | 6
    stadium | 体育场 | stadium | 5
    sports_centre | 体育中心 | sports centre | 5
    pitch | 球场 | pitch | 8
    playground | 游乐场 | playground | 8
    peak | 山峰 | peak | 5
    water | 水域 | water | 5
    residential | 小区 | residential estate | 6
    apartments | 住宅 | apartments | 7
    industrial | 工业区 | industrial area | 6
    commercial | 商务区 | business area | 6
    retail | 商业区 | shopping area | 6
    cemetery | 墓园 | cemetery | 6
    bridge | 桥 | bridge | 5
    memorial | 纪念地 | memorial | 7
    monument | 纪念碑 | monument | 6
    shop | 商店 | shop | 8
    office | 办公 | office | 7
    building | 建筑 | building | 7
    place | 地点 | place | 8
""")

_BY_TAG = (
    "amenity",
    "railway",
    "public_transport",
    "aeroway",
    "tourism",
    "leisure",
    "healthcare",
    "shop",
    "office",
    "historic",
)
_GENERAL = {"shop": "shop", "office": "office", "healthcare": "clinic"}
_LANDUSE = frozenset({"residential", "industrial", "commercial", "retail", "cemetery"})
_NO_PLACE = frozenset(
    {"no", "vacant", "yes", "traffic_signals", "crossing", "switch", "level_crossing", "rail", "signal"}
)
_GREEN = {
    "leisure": frozenset({"park", "garden", "golf_course", "nature_reserve", "pitch", "recreation_ground", "common"}),
    "landuse": frozenset(
        {"grass", "forest", "meadow", "village_green", "recreation_ground", "cemetery", "orchard", "allotments"}
    ),
    "natural": frozenset({"wood", "scrub", "grassland", "heath", "wetland"}),
}
_WATER = {
    "natural": frozenset({"water", "bay", "strait"}),
    "waterway": frozenset({"riverbank", "dock"}),
    "landuse": frozenset({"reservoir", "basin"}),
}


_ASKED_FOR_BY_KIND = 6
_TOO_GENERAL = frozenset({"place", "building", "water", "office", "locality"})
_FURTHER_WORDS = {
    "police": ("警察局", "公安局", "公安"),
    "station": ("火车站", "地铁站", "高铁站"),
    "bus_station": ("客运站",),
    "fire_station": ("消防",),
    "townhall": ("市政府", "区政府"),
    "marketplace": ("菜市场", "农贸市场"),
    "mall": ("购物中心",),
    "hotel": ("宾馆",),
}


def words_for(kind: Kind) -> tuple[str, ...]:
    """Words by which places of this kind are asked for without their names, in Chinese and English."""
    if (kind.key in SETTLEMENTS and kind.key != "square") or kind.key in _TOO_GENERAL or kind.rank > _ASKED_FOR_BY_KIND:
        return ()
    return (kind.zh, kind.en, *_FURTHER_WORDS.get(kind.key, ()))


def settlement_of(tags: Tags) -> Kind | None:
    """Kind of a ``place=*``, ``None`` for anything else."""
    return SETTLEMENTS.get(tags.get("place", ""))


def point_of_interest_of(tags: Tags) -> Kind | None:
    """Kind of a named place that is no settlement; ``None`` where the tags make no place that one would look for."""
    for key in _BY_TAG:
        value = tags.get(key, "").split(";")[0].strip()
        if value and value not in _NO_PLACE:
            return POINTS.get(value) or POINTS[_GENERAL.get(key, "place")]
    if tags.get("landuse") in _LANDUSE:
        return POINTS[tags["landuse"]]
    if tags.get("natural") == "peak":
        return POINTS["peak"]
    if water_of(tags):
        return POINTS["water"]
    if tags.get("man_made") == "bridge":
        return POINTS["bridge"]
    if tags.get("building", "no") != "no":
        return POINTS.get(tags["building"]) or POINTS["building"]
    return None


def green_of(tags: Tags) -> str:
    """Kind of green ground, empty if none."""
    return next((tags[key] for key, values in _GREEN.items() if tags.get(key) in values), "")


def water_of(tags: Tags) -> str:
    """Kind of standing or flowing water with an area, empty if none."""
    return next((tags[key] for key, values in _WATER.items() if tags.get(key) in values), "")
