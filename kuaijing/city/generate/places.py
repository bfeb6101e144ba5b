"""Named places of the city: subdistricts, estates, schools, hospitals, the station, parks, squares, villages.

A place that fills a block is an area of the block's shape; what stands in a street is a point.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment

from kuaijing.city.generate.beats import Beats
from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Use
from kuaijing.city.generate.osmfile import OsmFile, Tags
from kuaijing.city.generate.words import WORDS, numeral, pinyin

CITY_NAME, CITY_NAME_EN = "清岚市", "Qinglan"
RIVER_NAME, RIVER_NAME_EN = "清岚江", "Qinglan River"

_AREA_TAGS: dict[Use, Tags] = {
    Use.SCHOOL: {"amenity": "school"},
    Use.HOSPITAL: {"amenity": "hospital"},
    Use.PARK: {"leisure": "park"},
    Use.SQUARE: {"place": "square", "area": "yes"},
    Use.MARKET: {"amenity": "marketplace"},
    Use.MALL: {"shop": "mall"},
    Use.ESTATE: {"landuse": "residential"},
    Use.OLD_HOUSES: {"landuse": "residential"},
    Use.COMMERCE: {"landuse": "retail"},
    Use.OFFICES: {"landuse": "commercial"},
    Use.INDUSTRY: {"landuse": "industrial"},
    Use.FIELDS: {"landuse": "farmland"},
    Use.WOOD: {"natural": "wood"},
    Use.VILLAGE: {"landuse": "residential"},
    Use.STATION: {"landuse": "railway"},
}


@dataclass(frozen=True)
class Spot:
    """A named place that the plan cares about: schools, malls, the station."""

    name: str
    name_en: str
    use: Use
    block: int
    x: float
    y: float


_LIES = {"鼓楼": (0, 0), "城南": (0, -1), "江北": (-0.3, 1), "望江": (0.2, -0.3), "桃源": (1, 0.6), "文峰": (0.6, -1)}
_LIES |= {"东塔": (1, 0), "西苑": (-1, 0), "南湖": (-0.6, -1), "北山": (0.5, 1)}


def quarter_names(drawing: Drawing, hearts: FloatArray) -> list[str]:
    """A name for the quarter of each beat; those that speak of a side of the city lie there."""
    count = len(hearts)
    pool = WORDS["quarter"][:count]
    while len(pool) < count:
        root = drawing.words.root()
        if root not in pool:
            pool.append(root)
    cos, sin = np.cos(drawing.form.rotation), np.sin(drawing.form.rotation)
    off = (hearts - drawing.form.centre()) / (0.75 * drawing.form.urban_radius)
    turned = np.column_stack([cos * off[:, 0] + sin * off[:, 1], -sin * off[:, 0] + cos * off[:, 1]])
    placed = [name for name in pool if name in _LIES]
    gap = np.array([((turned - np.array(_LIES[name])) ** 2).sum(axis=1) for name in placed])
    chosen = dict(zip(linear_sum_assignment(gap)[1].tolist(), placed, strict=True))
    rest = iter([name for name in pool if name not in _LIES])
    return [chosen[row] if row in chosen else next(rest) for row in range(count)]


class _Namer:
    """Names of places by use; numbered where cities number them."""

    def __init__(self, drawing: Drawing) -> None:
        self._count: Counter[str] = Counter()
        self._words = drawing.words
        self._rng = drawing.streams[9]

    def name(self, use: Use) -> tuple[str, str]:
        """Chinese and English name of one more place of this use; empty where it has none."""
        if use == Use.ESTATE:
            return self._words.estate()
        if use == Use.SCHOOL:
            return self._school()
        if use == Use.HOSPITAL:
            return self._hospital()
        if use == Use.STATION:
            return "清岚站", "Qinglan Railway Station"
        if use == Use.SQUARE:
            return self._square()
        tails = {
            Use.PARK: (("公园", "Park"), ("游园", "Garden")),
            Use.MARKET: (("农贸市场", "Market"), ("综合市场", "Market")),
            Use.MALL: (("购物广场", "Shopping Plaza"), ("百货", "Department Store"), ("天地", "Mall")),
        }.get(use)
        if tails is None:
            return "", ""
        tail, english = tails[int(self._rng.integers(len(tails)))]
        root = self._words.root()
        return root + tail, f"{pinyin(root)} {english}"

    def _next(self, key: str) -> int:
        self._count[key] += 1
        return self._count[key]

    def _school(self) -> tuple[str, str]:
        kind = "中学" if self._rng.random() < 0.38 else "小学"
        english = "Middle School" if kind == "中学" else "Primary School"
        number = self._next(kind)
        if kind == "中学" and number <= 20:
            return f"清岚市第{numeral(number)}中学", f"Qinglan No. {number} Middle School"
        root = self._words.root()
        return f"{root}{kind}", f"{pinyin(root)} {english}"

    def _hospital(self) -> tuple[str, str]:
        fixed = [("清岚市中心医院", "Qinglan Central Hospital"), ("清岚市中医医院", "Qinglan TCM Hospital")]
        fixed += [("清岚市妇幼保健院", "Qinglan Maternity Hospital")]
        number = self._next("hospital")
        if number <= len(fixed):
            return fixed[number - 1]
        if number <= 12:
            return f"清岚市第{numeral(number)}医院", f"Qinglan No. {number} Hospital"
        root = self._words.root()
        return f"{root}医院", f"{pinyin(root)} Hospital"

    def _square(self) -> tuple[str, str]:
        fixed = (("鼓楼广场", "Drum Tower Square"), ("站前广场", "Station Square"), ("人民广场", "Renmin Square"))
        number = self._next("square")
        if number <= len(fixed):
            return fixed[number - 1]
        root = self._words.root()
        return f"{root}广场", f"{pinyin(root)} Square"


def write_places(osm: OsmFile, drawing: Drawing, beats: Beats, quarters: list[str]) -> list[Spot]:
    """Write the places; returns those that the plan cares about, nearest to the heart first."""
    _write_settlements(osm, drawing, beats, quarters)
    namer = _Namer(drawing)
    heart = drawing.form.centre()
    order = np.argsort(np.hypot(*(drawing.blocks.centre - heart).T), kind="stable")
    spots = []
    for block in order.tolist():
        use = Use(int(drawing.use[block]))
        tags = _AREA_TAGS.get(use)
        ring = drawing.mesh.points(drawing.mesh.expand(drawing.blocks.rings[block]))
        shape = shapely.Polygon(ring).buffer(-9.0, join_style="mitre")
        if tags is None or shape.is_empty or shape.geom_type != "Polygon":
            continue
        name, english = namer.name(use)
        tags = {**tags, "name": name, "name:en": english} if name else tags
        osm.add_area(np.asarray(shape.exterior.coords)[:-1], tags)
        if name and use != Use.ESTATE:
            at = _gate(ring, drawing.blocks.centre[block], use)
            spots.append(Spot(name, english, use, block, float(at[0]), float(at[1])))
    return spots


def _gate(ring: FloatArray, centre: FloatArray, use: Use) -> FloatArray:
    """Where people gather: at a school the gate, elsewhere the middle."""
    if use != Use.SCHOOL:
        return centre
    nearest = ring[np.argmin(np.hypot(*(ring - centre).T))]
    return np.asarray(nearest + 0.12 * (centre - nearest))


def _write_settlements(osm: OsmFile, drawing: Drawing, beats: Beats, quarters: list[str]) -> None:
    x, y = drawing.form.centre()
    people = str(int(drawing.people.sum().round(-3)))
    osm.add_node(x, y, {"place": "city", "name": CITY_NAME, "name:en": CITY_NAME_EN, "population": people})
    for name, (hx, hy) in zip(quarters, beats.hearts.tolist(), strict=True):
        osm.add_node(hx, hy, {"place": "suburb", "name": f"{name}街道", "name:en": f"{pinyin(name)} Subdistrict"})
    for vx, vy in drawing.form.villages.tolist():
        name, english = drawing.words.village()
        osm.add_node(vx, vy, {"place": "village", "name": name, "name:en": english})
    for tx, ty in drawing.form.towns.tolist():
        name = drawing.words.root()
        osm.add_node(tx, ty, {"place": "town", "name": f"{name}镇", "name:en": f"{pinyin(name)} Town"})


def write_water(osm: OsmFile, drawing: Drawing) -> None:
    """The river as an area and a named line, and the grass along its banks."""
    rings = [drawing.mesh.points(drawing.mesh.expand(ring)) for ring in drawing.river_faces]
    banks = shapely.union_all([shapely.Polygon(ring) for ring in rings]).buffer(-9.0)
    for part in shapely.get_parts(shapely.difference(banks, drawing.skeleton.river)):
        if part.area > 400:
            osm.add_area(np.asarray(part.exterior.coords)[:-1], {"landuse": "grass"})
    names = {"name": RIVER_NAME, "name:en": RIVER_NAME_EN}
    for part in shapely.get_parts(drawing.skeleton.river):
        osm.add_area(np.asarray(part.exterior.coords)[:-1], {"natural": "water", "water": "river", **names})
    line = shapely.intersection(shapely.LineString(drawing.skeleton.river_line), drawing.form.outline)
    for part in shapely.get_parts(line):
        osm.add_way(osm.add_points(np.asarray(part.coords)), {"waterway": "river", **names})
