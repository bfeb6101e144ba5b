"""Which street bears which name, and where a long street changes from East to Middle to West.

Great streets take the classic names, old-town lanes the trades and temples, small lanes the number of the street they leave
(``解放路三巷``). The two longest that cross each other are always 人民路 and 解放路, whole. Estate roads and footpaths stay without a name.
"""

from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import shapely

from kuaijing.city.generate.arterials import Skeleton
from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.strokes import Stroke, stroke_length
from kuaijing.city.generate.words import Words, numeral

_LONG = 2_400.0
_NEAR_RIVER = 75.0
_RINGS = {1: ("环城",), 2: ("内环", "二环"), 4: ("内环", "二环", "三环", "绕城")}
_RIVERSIDE = ("滨江", "沿江", "江岸", "河堤")
_THROUGH = (Street.AVENUE, Street.ARTERIAL, Street.COLLECTOR)


class StreetNames:
    """Names the strokes of one city, the greatest first."""

    def __init__(self, form: Form, skeleton: Skeleton, xy: FloatArray, words: Words, rng: np.random.Generator) -> None:
        self._form, self._xy, self._words, self._rng = form, xy, words, rng
        self._heart = form.centre()
        self._old_town = skeleton.old_town
        shapely.prepare(self._old_town)
        self._rings = shapely.STRtree([shapely.LineString(ring) for ring in skeleton.rings])
        self._ring_names = _RINGS[len(skeleton.rings)]
        near = shapely.dwithin(skeleton.river, shapely.points(xy), _NEAR_RIVER)
        self._riverside = set(np.flatnonzero(near).tolist())
        self._at_vertex: dict[int, str] = {}
        self._children: Counter[str] = Counter()

    def name_all(self, strokes: list[Stroke]) -> list[list[str]]:
        """A name for every edge of every stroke, row for row (``""`` where it has none)."""
        length = [stroke_length(stroke, self._xy) for stroke in strokes]
        order = sorted(range(len(strokes)), key=lambda row: (int(strokes[row].street), -length[row], row))
        names: list[list[str]] = [[] for _ in strokes]
        given = dict(zip(self._great_crossing(strokes, length), self._words.great_two(), strict=False))
        for row in order:
            stroke = strokes[row]
            whole = [given[row]] * (len(stroke.nodes) - 1) if row in given else []
            names[row] = whole or self._names(stroke, length[row])
            if names[row][0]:
                for node, name in zip(stroke.nodes, [*names[row], names[row][-1]], strict=True):
                    self._at_vertex.setdefault(node, name)
        return names

    def _great_crossing(self, strokes: list[Stroke], length: list[float]) -> tuple[int, ...]:
        """Rows of the two longest streets that cross each other, the longer first: every city calls them by the same names."""
        for lesser in (Street.ARTERIAL, Street.COLLECTOR):
            met: defaultdict[int, list[int]] = defaultdict(list)
            for row, stroke in enumerate(strokes):
                if Street.AVENUE <= stroke.street <= lesser and not self._is_old(stroke):
                    for node in set(stroke.nodes[1:-1]):
                        met[node].append(row)
            pairs = {pair for crossing in met.values() for pair in combinations(crossing, 2)}
            if pairs:
                best = min(pairs, key=lambda pair: (-min(length[row] for row in pair), pair))
                return tuple(sorted(best, key=lambda row: (-length[row], row)))
        return ()

    def _is_old(self, stroke: Stroke) -> bool:
        return bool(shapely.contains_xy(self._old_town, *self._xy[stroke.nodes[len(stroke.nodes) // 2]]))

    def _names(self, stroke: Stroke, length: float) -> list[str]:
        street = stroke.street
        middle = stroke.nodes[len(stroke.nodes) // 2]
        is_old = self._is_old(stroke)
        if street == Street.RING:
            return self._along_ring(stroke)
        if street == Street.COLLECTOR and length > 900 and middle in self._riverside:
            root = next((root for root in _RIVERSIDE if self._words.claim(root + "路")), "")
            if root:
                return self._sided(stroke, root, "路", length)
        if street in _THROUGH and not is_old:
            kind = "大道" if street == Street.AVENUE and length > 1_500 else "路"
            return self._sided(stroke, self._free(kind)[: -len(kind)], kind, length)
        return [self._plain(stroke, length, is_old)] * (len(stroke.nodes) - 1)

    def _plain(self, stroke: Stroke, length: float, is_old: bool) -> str:
        """The one name of a lesser street."""
        street = stroke.street
        if street <= Street.COLLECTOR:
            return self._free("街", old=True)
        if street == Street.COUNTRY:
            return self._free("路") if length > 350 else ""
        if street == Street.LOCAL and is_old:
            return self._free("街" if length > 260 else "巷", old=True)
        if street == Street.LOCAL:
            return self._free("路" if length > 240 or self._rng.random() < 0.4 else "街")
        if street in (Street.ALLEY, Street.NARROW) and length > 70:
            if is_old and self._rng.random() < 0.5:
                return self._free("巷", old=True)
            parent = self._at_vertex.get(stroke.nodes[0]) or self._at_vertex.get(stroke.nodes[-1]) or ""
            if parent.endswith(("路", "街", "大道")) and self._children[parent] < 30:
                self._children[parent] += 1
                return f"{parent}{numeral(self._children[parent])}巷"
        return ""

    def _free(self, kind: str, old: bool = False) -> str:
        while True:
            name = (self._words.old_root() if old else self._words.root()) + kind
            if self._words.claim(name):
                return name

    def _middles(self, stroke: Stroke) -> FloatArray:
        middles: FloatArray = (self._xy[stroke.nodes[:-1]] + self._xy[stroke.nodes[1:]]) / 2
        return middles

    def _along_ring(self, stroke: Stroke) -> list[str]:
        """``二环东路``: the ring that an edge lies on and the side of it."""
        middles = self._middles(stroke)
        ring = np.bincount(self._rings.nearest(np.asarray(shapely.points(middles)))).argmax()
        off = middles - self._heart
        cos, sin = np.cos(self._form.rotation), np.sin(self._form.rotation)
        angle = np.arctan2(-sin * off[:, 0] + cos * off[:, 1], cos * off[:, 0] + sin * off[:, 1])
        side = np.round(angle / (np.pi / 2)).astype(int) % 4
        return [f"{self._ring_names[ring]}{'东北西南'[s]}路" for s in side.tolist()]

    def _sided(self, stroke: Stroke, root: str, kind: str, length: float) -> list[str]:
        """A long street takes East, Middle and West (or North and South) as it passes the heart of the city."""
        edges = len(stroke.nodes) - 1
        span = self._xy[stroke.nodes[-1]] - self._xy[stroke.nodes[0]]
        axis, sides = (0, "西东") if abs(span[0]) > abs(span[1]) else (1, "南北")
        position = (self._middles(stroke) - self._heart)[:, axis]
        if length < _LONG or position.min() > -0.15 * length or position.max() < 0.15 * length:
            return [root + kind] * edges
        inner = 0.17 * length if length > 4_200 else 0.0
        marks = np.where(position < -inner, sides[0], np.where(position > inner, sides[1], "中"))
        form = "{root}大道{mark}段" if kind == "大道" else "{root}{mark}{kind}"
        return [form.format(root=root, mark=mark, kind=kind) for mark in marks.tolist()]
