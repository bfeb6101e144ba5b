"""Offline place search of a city: roads, crossings, places, addresses, coordinates; Chinese, pinyin, initials, other scripts.

``open_search(ground).find("人民路与西门路")``. Ranked, never empty-handed where a part of the text is known. Any number of
threads may search at once. How names become keys is in ``city.search_keys``, what is searchable in ``city.search_entries``.
"""

import threading
from dataclasses import dataclass, replace
from typing import Any

import apsw
import numpy as np
from numpy.typing import NDArray

from kuaijing.city.ground import DamagedGround, Ground
from kuaijing.city.search_file import VERSION
from kuaijing.city.search_keys import address_parts, compact, coordinate_of, crossing_parts, spelled_out
from kuaijing.city.search_match import FROM_THE_BEGINNING, KeyBlob, Matcher, Scores

LONGEST_TEXT = 100
"""Characters of a query that are looked at."""

_ROADS_PER_SIDE = 60
_CROSSING_BONUS = 15.0
_NEAR_BONUS = 10.0
_NEAR_M = 3000.0
_HOUSE = "门牌"
_ROAD_FOR_HOUSE = 15.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One place found. ``kind`` is road, crossing, place, address or coordinate; a higher ``score`` stands earlier."""

    kind: str
    name: str
    name_en: str
    lon: float
    lat: float
    detail: str
    score: float
    detail_en: str = ""


class Search:
    """The search of one city."""

    def __init__(self, database: apsw.Connection, bbox: tuple[float, float, float, float]) -> None:
        self._database, self._bbox = database, bbox
        self._lock = threading.Lock()
        parts: dict[str, bytes] = dict(database.execute("select name, data from part"))
        self._lon, self._lat = _array(parts, "lon", np.float64), _array(parts, "lat", np.float64)
        self._is_road = _array(parts, "is_road", np.bool_)
        self._first, self._second = (
            _array(parts, "crossing_first", np.int32),
            _array(parts, "crossing_second", np.int32),
        )
        self._crossing_lon = _array(parts, "crossing_lon", np.float64)
        self._crossing_lat = _array(parts, "crossing_lat", np.float64)
        self._importance = _array(parts, "importance", np.float32)
        blobs = [
            KeyBlob.of(kind, parts[f"{kind}_keys"], _array(parts, f"{kind}_entry", np.int32))
            for kind in ("written", "alias", "pinyin", "initials", "readings")
            if f"{kind}_keys" in parts  # a city imported before there were readings is searched without
        ]
        self._matcher = Matcher(blobs, self._importance)

    def find(self, text: str, *, near: tuple[float, float] | None = None, limit: int = 10) -> list[Hit]:
        """The best ``limit`` hits for ``text``; ``near`` (lon, lat) prefers what is close to it."""
        text = " ".join(text.split())[:LONGEST_TEXT]
        if not text or limit < 1:
            return []
        coordinate = coordinate_of(text, self._bbox)
        if coordinate is not None:
            return [self._coordinate_hit(*coordinate)]
        hits = (
            self._crossing_hits(text, near, limit)
            + self._address_hits(text, near)
            + self._entry_hits(text, near, limit)
        )
        if not hits:
            for road in {part for parts in crossing_parts(text)[1][:1] for part in parts}:
                hits += self._entry_hits(road, near, limit)
        hits.sort(key=lambda hit: -hit.score)
        return list({(hit.kind, hit.name, hit.lon, hit.lat): hit for hit in hits}.values())[:limit]

    def _entry_hits(self, text: str, near: tuple[float, float] | None, limit: int) -> list[Hit]:
        ids, scores = self._matcher.match(text)
        scores = scores + _near_bonus(self._lon[ids], self._lat[ids], near)
        best = _highest(scores, limit)
        return [self._entry(int(ids[k]), float(scores[k])) for k in best]

    def _crossing_hits(self, text: str, near: tuple[float, float] | None, limit: int) -> list[Hit]:
        rows: list[tuple[float, int]] = []
        stated, readings = crossing_parts(text)
        bonus = (
            _CROSSING_BONUS if stated or " " in text else 0.0
        )  # 解放路一巷 is a lane before it is 解放路 where it meets 一巷
        for one, other in readings:
            a = self._road_scores(one, stated)
            b = self._road_scores(other, stated) if other else self._importance * 1.0
            if not (a.any() and b.any()):
                continue
            forth = np.minimum(a[self._first], b[self._second])
            back = np.minimum(b[self._first], a[self._second])
            if not other:  # "西门路与": whatever it meets, the important first
                forth, back = self._met(a, self._first, self._second), self._met(a, self._second, self._first)
            score = np.maximum(forth, back)
            score = np.where(score > 0, score + bonus, 0.0)
            score += np.where(score > 0, _near_bonus(self._crossing_lon, self._crossing_lat, near), 0.0)
            rows += [(float(score[k]), int(k)) for k in _highest(score, limit) if score[k] > 0]
        best: dict[int, float] = {}
        for value, k in rows:
            best[k] = max(best.get(k, 0.0), value)
        return [self._crossing(k, value) for k, value in sorted(best.items(), key=lambda item: -item[1])[:limit]]

    def _met(self, a: Scores, road: NDArray[np.int32], other: NDArray[np.int32]) -> Scores:
        """Scores of crossings for what ``road`` meets: main roads before lanes, the road that was meant before its like."""
        weight = self._importance.astype(np.float64)
        met = np.where(
            a[other] > 0, np.minimum(weight[road], weight[other]), weight[other]
        )  # 人民路 is not met by its lane
        return np.where(a[road] > 0, 60 + met - 0.3 * (a.max() - a[road]), 0.0)

    def _road_scores(self, text: str, stated: bool) -> NDArray[np.float64]:
        """Score of every entry as one of two roads; zero for what is no road or does not match.

        Where the query does not say that it means two roads (``stated``), their names must begin with the texts.
        """
        dense = np.zeros(len(self._lon))
        ids, scores = self._matcher.match(text)
        if not len(ids):
            ids, scores = self._matcher.match(spelled_out(text))
        road = self._is_road[ids]
        if not stated:
            road &= scores - self._importance[ids] > FROM_THE_BEGINNING
        ids, scores = ids[road], scores[road]
        best = _highest(scores, _ROADS_PER_SIDE)
        dense[ids[best]] = scores[best]
        return dense

    def _address_hits(self, text: str, near: tuple[float, float] | None) -> list[Hit]:
        parts = address_parts(text)
        if parts is None:
            return []
        road, number = parts
        ids, scores = self._matcher.match(road)
        roads = self._is_road[ids]
        ids, scores = ids[roads], scores[roads]
        names = {compact(road): 100.0}
        for k in _highest(scores, 8):
            names.setdefault(compact(self._entry(int(ids[k]), 0.0).name), float(scores[k]))
        hits = []
        for name, score in names.items():
            hit = self._house(name, number, score)
            if hit is not None:
                bonus = _near_bonus(np.array([hit.lon]), np.array([hit.lat]), near)
                hits.append(replace(hit, score=round(hit.score + float(bonus[0]), 2)))
        if not any(hit.detail == _HOUSE for hit in hits):
            hits += [replace(hit, score=hit.score - _ROAD_FOR_HOUSE) for hit in self._entry_hits(road, near, 5)]
        return hits

    def _house(self, road: str, number: str, score: float) -> Hit | None:
        """The house, or the nearest number known on that road."""
        leading = int("".join(char if char.isdigit() else " " for char in number).split()[0])
        with self._lock:
            row = self._database.execute(
                "select number, name, lon, lat from address where road = ? order by number <> ?, abs(leading - ?) limit 1",
                (road, number, leading),
            ).fetchone()
        if row is None:
            return None
        found, name, lon, lat = row
        han = any("\u3400" <= char <= "\u9fff" for char in name)
        label = f"{name}{found}号" if han else f"{name} {found}"
        if found == number:
            return Hit("address", label, "", lon, lat, _HOUSE, score + 20, "address")
        detail, detail_en = f"{number} 号未收录，最近的门牌", f"no {number} on file, nearest number"
        return Hit("address", label, "", lon, lat, detail, score - 10, detail_en)

    def _coordinate_hit(self, lon: float, lat: float) -> Hit:
        west, south, east, north = self._bbox
        inside = west <= lon <= east and south <= lat <= north
        detail, detail_en = ("坐标", "coordinates") if inside else ("坐标，在地图之外", "coordinates, off the map")
        name = f"{lon:.6f}, {lat:.6f}"
        return Hit("coordinate", name, name, lon, lat, detail, 100.0, detail_en)

    def _row(self, number: int) -> tuple[Any, ...]:
        with self._lock:
            row = self._database.execute(
                "select kind, name, name_en, lon, lat, detail, detail_en from entry where id = ?", (number,)
            ).fetchone()
        return tuple(row or ())

    def _entry(self, number: int, score: float) -> Hit:
        kind, name, name_en, lon, lat, detail, detail_en = self._row(number)
        return Hit(kind, name, name_en, lon, lat, detail, round(score, 2), detail_en)

    def _crossing(self, k: int, score: float) -> Hit:
        a, b = self._row(int(self._first[k])), self._row(int(self._second[k]))
        han = any("\u3400" <= char <= "\u9fff" for char in a[1] + b[1])
        name = f"{a[1]}与{b[1]}" if han else f"{a[1]} / {b[1]}"
        english = f"{a[2] or a[1]} & {b[2] or b[1]}" if a[2] or b[2] else ""
        lon, lat = float(self._crossing_lon[k]), float(self._crossing_lat[k])
        return Hit("crossing", name, english, lon, lat, "路口", round(score, 2), "crossing")


def _array(parts: dict[str, bytes], name: str, dtype: Any) -> NDArray[Any]:
    return np.frombuffer(parts[name], dtype)


def _highest(scores: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Indices of the highest scores, best first, ties in their order."""
    candidates = np.arange(len(scores))
    if len(scores) > 4 * count:
        candidates = np.flatnonzero(scores >= np.partition(scores, -count)[-count])
    return candidates[np.argsort(-scores[candidates], kind="stable")][:count]


def _near_bonus(lon: NDArray[np.float64], lat: NDArray[np.float64], near: tuple[float, float] | None) -> Scores:
    if near is None:
        return np.zeros(len(lon))
    x = (lon - near[0]) * 111_195 * np.cos(np.radians(near[1]))
    y = (lat - near[1]) * 111_195
    bonus: Scores = _NEAR_BONUS * np.exp(-np.hypot(x, y) / _NEAR_M)
    return bonus


def open_search(ground: Ground) -> Search:
    """The search of an opened city. Raises ``DamagedGround`` where its file is missing, damaged or of another version."""
    path = ground.folder / "search.sqlite"
    if not path.is_file():
        raise DamagedGround(ground.folder, "search.sqlite is missing")
    try:
        database = apsw.Connection(
            f"file:{_uri_path(path.absolute().as_posix())}?immutable=1",
            flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        )
        versions = [row[0] for row in database.execute("select version from about")]
        if versions != [VERSION]:
            raise DamagedGround(ground.folder, f"search.sqlite has version {versions}, wanted {VERSION}")
        return Search(database, ground.bbox)
    except (apsw.Error, KeyError, TypeError, ValueError) as error:
        if isinstance(error, DamagedGround):
            raise
        raise DamagedGround(ground.folder, f"search.sqlite cannot be read: {error}") from None


def _uri_path(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
