"""Which street bears which name, and where a long street changes from East to Middle to West.

Great streets take the classic names, old-town lanes the trades and temples, small lanes the number of the street they leave
(``解放路三巷``). Estate roads and footpaths stay without a name.
"""

from collections import Counter

import numpy as np
import shapely

from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.strokes import Stroke, stroke_length
from kuaijing.city.generate.words import Words, numeral

_LONG = 2_400.0
_RINGS = ("内环", "二环", "三环", "绕城")


def name_streets(
    form: Form,
    strokes: list[Stroke],
    xy: FloatArray,
    old_town: shapely.Polygon,
    river: shapely.Geometry,
    words: Words,
    rng: np.random.Generator,
) -> list[list[str]]:
    """A name for every edge of every stroke, row for row (``""`` where it has none)."""
    length = np.array([stroke_length(stroke, xy) for stroke in strokes])
    order = sorted(range(len(strokes)), key=lambda i: (int(strokes[i].street), -length[i], i))
    at_vertex: dict[int, str] = {}
    children: Counter[str] = Counter()
    names: list[list[str]] = [[] for _ in strokes]
    heart = form.centre()
    shapely.prepare(old_town)
    riverside = set(np.flatnonzero(shapely.dwithin(river, shapely.points(xy), 75.0)).tolist())
    for index in order:
        stroke = strokes[index]
        middle = xy[stroke.nodes[len(stroke.nodes) // 2]]
        is_old = bool(shapely.contains_xy(old_town, middle[0], middle[1]))
        chosen = _full_names(
            form, stroke, float(length[index]), xy, heart, is_old, words, rng, at_vertex, children, riverside
        )
        names[index] = chosen
        if chosen and chosen[0]:
            for node, name in zip(stroke.nodes, [*chosen, chosen[-1]], strict=True):
                at_vertex.setdefault(node, name)
    return names


def _full_names(
    form: Form,
    stroke: Stroke,
    length: float,
    xy: FloatArray,
    heart: FloatArray,
    is_old: bool,
    words: Words,
    rng: np.random.Generator,
    at_vertex: dict[int, str],
    children: Counter[str],
    riverside: set[int],
) -> list[str]:
    edges = len(stroke.nodes) - 1
    street = stroke.street
    if street == Street.RING:
        return _ring_names(form, stroke, xy, heart)
    if street == Street.COLLECTOR and length > 900 and stroke.nodes[len(stroke.nodes) // 2] in riverside:
        for root in ("滨江", "沿江", "江岸", "河堤"):
            if words.claim(root + "路"):
                return _sided(stroke, root, "路", length, xy, heart)
    if street in (Street.AVENUE, Street.ARTERIAL, Street.COLLECTOR) and not is_old:
        kind = "大道" if street == Street.AVENUE and length > 1_500 else "路"
        return _sided(stroke, _free_root(words, kind), kind, length, xy, heart)
    if street <= Street.COLLECTOR:
        return [_free(words, "街", old=True)] * edges
    if street == Street.COUNTRY:
        return [_free(words, "路")] * edges if length > 350 else [""] * edges
    if street == Street.LOCAL:
        if is_old:
            return [_free(words, "街" if length > 260 else "巷", old=True)] * edges
        return [_free(words, "路" if length > 240 or rng.random() < 0.4 else "街")] * edges
    if street in (Street.ALLEY, Street.NARROW) and length > 70:
        parent = at_vertex.get(stroke.nodes[0]) or at_vertex.get(stroke.nodes[-1]) or ""
        if is_old and rng.random() < 0.5:
            return [_free(words, "巷", old=True)] * edges
        if parent.endswith(("路", "街", "大道")) and children[parent] < 30:
            children[parent] += 1
            return [f"{parent}{numeral(children[parent])}巷"] * edges
    return [""] * edges


def _free_root(words: Words, kind: str) -> str:
    """A root whose name of this kind is free, alone and with a side."""
    while True:
        root = words.root()
        if words.claim(root + kind):
            return root


def _free(words: Words, kind: str, old: bool = False) -> str:
    while True:
        name = (words.old_root() if old else words.root()) + kind
        if words.claim(name):
            return name


def _ring_names(form: Form, stroke: Stroke, xy: FloatArray, heart: FloatArray) -> list[str]:
    """``二环东路``: the side of the ring that an edge lies on."""
    middle = (xy[stroke.nodes[:-1]] + xy[stroke.nodes[1:]]) / 2 - heart
    mean = float(np.hypot(middle[:, 0], middle[:, 1]).mean()) / form.urban_radius
    bounds = (0.6,) if form.radius < 1_900 else (0.6, 1.1) if form.radius < 7_000 else (0.36, 0.62, 0.92)
    order = int(np.searchsorted(bounds, mean))
    cos, sin = np.cos(-form.rotation), np.sin(-form.rotation)
    angle = np.arctan2(sin * middle[:, 0] + cos * middle[:, 1], cos * middle[:, 0] - sin * middle[:, 1])
    side = np.round(angle / (np.pi / 2)).astype(int) % 4
    return [f"{_RINGS[order]}{'东北西南'[s]}路" for s in side.tolist()]


def _sided(stroke: Stroke, root: str, kind: str, length: float, xy: FloatArray, heart: FloatArray) -> list[str]:
    """A long street takes East, Middle and West (or North and South) as it passes the heart of the city."""
    edges = len(stroke.nodes) - 1
    if length < _LONG:
        return [root + kind] * edges
    middle = (xy[stroke.nodes[:-1]] + xy[stroke.nodes[1:]]) / 2 - heart
    span = xy[stroke.nodes[-1]] - xy[stroke.nodes[0]]
    axis, sides = (0, "西东") if abs(span[0]) > abs(span[1]) else (1, "南北")
    position = middle[:, axis]
    inner = 0.17 * length if length > 4_200 else 0.0
    if position.min() > -0.15 * length or position.max() < 0.15 * length:
        return [root + kind] * edges
    marks = np.where(position < -inner, sides[0], np.where(position > inner, sides[1], "中"))
    return [f"{root}{mark}{kind}" for mark in marks.tolist()]
