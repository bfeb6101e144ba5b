"""Points in the streets: police and fire stations, offices, banks, hotels, shops, bars, bus stops, filling stations."""

from dataclasses import dataclass

import numpy as np
import shapely

from kuaijing.city.generate.addresses import Numbering
from kuaijing.city.generate.beats import Beats
from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.history import Ground
from kuaijing.city.generate.osmfile import OsmFile, Tags
from kuaijing.city.generate.words import pinyin

MOST = 20_000
"""Points of trade in the largest cities; there are 7 for every thousand people up to this."""


@dataclass(frozen=True)
class Trade:
    """A kind of place: how common, where, its tags, the ends of its names and their English."""

    share: float
    places: str
    tags: tuple[str, str]
    endings: tuple[tuple[str, str], ...]


_TRADES = (
    Trade(
        20, "trade", ("amenity", "restaurant"), (("酒家", "Restaurant"), ("米粉店", "Noodles"), ("土菜馆", "Kitchen"))
    ),
    Trade(14, "home", ("shop", "convenience"), (("便利店", "Store"), ("商行", "Store"), ("食杂店", "Grocery"))),
    Trade(7, "trade", ("amenity", "fast_food"), (("小吃", "Snacks"), ("早餐店", "Breakfast"))),
    Trade(6, "home", ("amenity", "pharmacy"), (("大药房", "Pharmacy"),)),
    Trade(6, "trade", ("tourism", "hotel"), (("宾馆", "Hotel"), ("大酒店", "Grand Hotel"), ("旅馆", "Inn"))),
    Trade(5, "home", ("shop", "supermarket"), (("超市", "Supermarket"), ("生鲜超市", "Fresh Market"))),
    Trade(5, "trade", ("shop", "clothes"), (("服装店", "Clothes"), ("鞋城", "Shoes"))),
    Trade(4, "night", ("amenity", "bar"), (("酒吧", "Bar"), ("清吧", "Bar"))),
    Trade(4, "night", ("leisure", "adult_gaming_centre"), (("棋牌室", "Mahjong Room"),)),
    Trade(3, "night", ("amenity", "nightclub"), (("歌城", "Karaoke"), ("KTV", "KTV"))),
    Trade(3, "night", ("amenity", "internet_cafe"), (("网咖", "Internet Café"),)),
    Trade(3, "night", ("amenity", "fast_food"), (("烧烤", "Barbecue"), ("夜宵店", "Night Snacks"))),
    Trade(4, "home", ("amenity", "kindergarten"), (("幼儿园", "Kindergarten"),)),
    Trade(3, "home", ("amenity", "clinic"), (("诊所", "Clinic"), ("社区卫生服务站", "Health Station"))),
    Trade(2, "trade", ("shop", "jewelry"), (("金行", "Jeweller"), ("珠宝", "Jeweller"))),
    Trade(1.5, "road", ("amenity", "fuel"), (("加油站", "Filling Station"),)),
    Trade(1.2, "home", ("amenity", "community_centre"), (("社区居委会", "Neighbourhood Committee"),)),
    Trade(1.0, "work", ("amenity", "parking"), (("停车场", "Car Park"),)),
    Trade(0.5, "night", ("amenity", "cinema"), (("影城", "Cinema"),)),
)
_BANKS = (("清岚农商银行", "Qinglan Rural Bank"), ("湘岚银行", "Xianglan Bank"), ("清江商业银行", "Qingjiang Bank"))
_ONCE: tuple[tuple[Tags, str, str], ...] = (
    ({"amenity": "townhall"}, "清岚市人民政府", "Qinglan City Government"),
    ({"amenity": "police"}, "清岚市公安局", "Qinglan Public Security Bureau"),
    ({"amenity": "police"}, "清岚市公安局交警支队", "Qinglan Traffic Police"),
    ({"amenity": "police"}, "清岚市公安局特巡警支队", "Qinglan SWAT and Patrol Police"),
    ({"amenity": "courthouse"}, "清岚市中级人民法院", "Qinglan Court"),
    ({"amenity": "bus_station"}, "清岚汽车总站", "Qinglan Bus Station"),
    ({"amenity": "library"}, "清岚市图书馆", "Qinglan Library"),
    ({"tourism": "museum"}, "清岚博物馆", "Qinglan Museum"),
    ({"leisure": "stadium"}, "清岚体育中心", "Qinglan Stadium"),
    ({"amenity": "post_office"}, "清岚邮政总局", "Qinglan Post Office"),
    ({"historic": "monument", "tourism": "attraction"}, "清岚鼓楼", "Qinglan Drum Tower"),
)


class _Writer:
    """Writes named points with an address where a street is near."""

    def __init__(self, osm: OsmFile, drawing: Drawing, numbering: Numbering) -> None:
        self._osm, self._numbering = osm, numbering
        self.rng, self.words = drawing.streams[13], drawing.words

    def write(self, xy: FloatArray, tags: list[Tags]) -> None:
        """Write one point a row."""
        for (x, y), own, address in zip(xy.tolist(), tags, self._numbering.number(xy), strict=True):
            self._osm.add_node(x, y, {**own, **address})

    def pick(self, ground: Ground, places: str, count: int) -> FloatArray:
        """Distinct street sides drawn by the weight of a place class."""
        weight = ground.weights[places]
        wanted = min(count, int((weight > 1e-8).sum()))
        rows = self.rng.choice(len(weight), wanted, replace=False, p=weight / weight.sum())
        return ground.xy[rows] + self.rng.normal(0, 1.5, (len(rows), 2))


def write_amenities(
    osm: OsmFile, drawing: Drawing, ground: Ground, beats: Beats, quarters: list[str], numbering: Numbering
) -> None:
    """Write everything that stands in the streets."""
    writer = _Writer(osm, drawing, numbering)
    _write_public(writer, drawing, ground, beats, quarters)
    total = min(MOST, int(0.007 * drawing.people.sum()))
    shares = sum(trade.share for trade in _TRADES) + 3.0
    for trade in _TRADES:
        xy = writer.pick(ground, trade.places, max(1, round(total * trade.share / shares)))
        tags = []
        for _ in range(len(xy)):
            ending, english = trade.endings[int(writer.rng.integers(len(trade.endings)))]
            root = writer.words.shop()
            tags.append({trade.tags[0]: trade.tags[1], "name": root + ending, "name:en": f"{pinyin(root)} {english}"})
        writer.write(xy, tags)
    xy = writer.pick(ground, "trade", max(1, round(total * 3.0 / shares)))
    tags = []
    for row in range(len(xy)):
        bank, english = _BANKS[row % len(_BANKS)]
        root = writer.words.shop()
        name = {"name": f"{bank}{root}支行", "name:en": f"{english} {pinyin(root)} Branch"}
        tags.append({"amenity": "bank", **name})
    writer.write(xy, tags)


def _write_public(writer: _Writer, drawing: Drawing, ground: Ground, beats: Beats, quarters: list[str]) -> None:
    """Offices that are there once, and a police station in every beat; fire stations for every two."""
    heart = drawing.form.centre()
    angle = np.arange(len(_ONCE)) * 2.4 + 0.6
    reach = drawing.form.urban_radius * (0.12 + 0.028 * np.arange(len(_ONCE)))
    reach[-1] = 0.0
    wanted = heart + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    writer.write(_street_sides(ground, wanted), [{**t, "name": n, "name:en": e} for t, n, e in _ONCE])
    side = writer.rng.normal(0, 260.0, beats.hearts.shape)
    stations: list[Tags] = []
    for quarter in quarters:
        name = {"name": f"清岚市公安局{quarter}派出所", "name:en": f"{pinyin(quarter)} Police Station"}
        stations.append({"amenity": "police", **name})
    writer.write(_street_sides(ground, beats.hearts + side), stations)
    rows = range(0, len(quarters), 2)
    fire: list[Tags] = []
    for row in rows:
        name = {"name": f"{quarters[row]}消防救援站", "name:en": f"{pinyin(quarters[row])} Fire Station"}
        fire.append({"amenity": "fire_station", **name})
    writer.write(_street_sides(ground, beats.hearts[list(rows)] - 1.6 * side[list(rows)]), fire)


def _street_sides(ground: Ground, wanted: FloatArray) -> FloatArray:
    """The street side of a through street nearest to each wanted place."""
    good = ground.xy[ground.weights["road"] > np.percentile(ground.weights["road"], 70)]
    index = shapely.STRtree(np.asarray(shapely.points(good))).nearest(shapely.points(wanted))
    return np.asarray(good[index])


def write_bus_stops(osm: OsmFile, drawing: Drawing) -> None:
    """Stops along the named through streets, about every 450 m."""
    xy = drawing.mesh.coordinates()
    for road in drawing.roads:
        if not road.name or road.bridge or road.street > 4 or road.tags:
            continue
        line = shapely.LineString(xy[road.nodes])
        for at in np.arange(210.0, line.length - 150.0, 460.0).tolist():
            point = shapely.line_interpolate_point(line, at)
            ahead = shapely.line_interpolate_point(line, at + 5.0)
            dx, dy = (ahead.x - point.x) / 5.0, (ahead.y - point.y) / 5.0
            tags = {"highway": "bus_stop", "public_transport": "platform", "name": f"{road.name}站"}
            osm.add_node(point.x + 7.0 * dy, point.y - 7.0 * dx, tags)
