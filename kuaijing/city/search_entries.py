"""What can be found in a city: its roads, their crossings, its places and addresses, worked out of graph and source.

Streets of one name far apart are different roads (every second village has a church road); the pieces of one road, and the
four junctions of two dual carriageways, are one thing to whoever looks for them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from kuaijing.city.classes import ROAD_CLASSES
from kuaijing.city.ground import RoadArrays
from kuaijing.city.place_kinds import words_for
from kuaijing.city.places import PlaceList

ROAD_CELL_M = 700.0
"""Pieces of one name in neighbouring cells of this size are one road."""

CROSSING_CELL_M = 120.0
"""Junctions of the same two roads in neighbouring cells of this size are one crossing."""

CROSSING_REACH_M = 40.0
"""Two roads that share no junction still cross where they come this near (turning links, flyovers)."""

ROAD_WORDS = {
    "motorway": ("高速公路", "motorway"),
    "trunk": ("快速路", "trunk road"),
    "primary": ("主干路", "main road"),
    "secondary": ("次干路", "secondary road"),
    "tertiary": ("支路", "minor road"),
    "unclassified": ("道路", "road"),
    "residential": ("街道", "street"),
    "living_street": ("生活街", "living street"),
    "service": ("内部路", "service road"),
    "alley": ("小巷", "alley"),
    "busway": ("公交专用路", "busway"),
    "road": ("道路", "road"),
    "track": ("土路", "track"),
    "pedestrian": ("步行街", "pedestrian street"),
    "cycleway": ("自行车道", "cycleway"),
    "path": ("小路", "path"),
    "footway": ("人行道", "footway"),
    "steps": ("台阶", "steps"),
}
_CLASS_WEIGHT = np.array([5, 6, 6, 5, 4, 3, 3, 2, 1, 1, 1, 2, 0, 3, 0, 0, 0, 0], float)
assert set(ROAD_WORDS) == set(ROAD_CLASSES)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be found. ``importance`` is 0 to 12; ``keys`` are all its names."""

    kind: str
    name: str
    name_en: str
    lon: float
    lat: float
    detail: str
    detail_en: str
    importance: float
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """Crossings of roads by their entry numbers, ``first < second``."""

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def clusters(
    label: NDArray[np.int64], lon: NDArray[np.float64], lat: NDArray[np.float64], cell_m: float
) -> NDArray[np.int64]:
    """Number of the cluster of each point: points of one label in the same or touching cells belong together."""
    if not len(label):
        return np.zeros(0, np.int64)
    squeeze = np.cos(np.radians(float(np.mean(lat))))
    x = np.floor((lon - lon.min()) * 111_195 * squeeze / cell_m).astype(np.int64)
    y = np.floor((lat - lat.min()) * 111_195 / cell_m).astype(np.int64)
    wide, high = int(x.max()) + 3, int(y.max()) + 3
    key = (label * high + y + 1) * wide + x + 1
    cell, of_point = np.unique(key, return_inverse=True)
    pairs = []
    for step in (1, wide - 1, wide, wide + 1):
        slot = np.minimum(np.searchsorted(cell, cell + step), len(cell) - 1)
        there = np.flatnonzero(cell[slot] == cell + step)
        pairs.append(np.stack((there, slot[there])))
    a, b = np.concatenate(pairs, axis=1)
    matrix = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(len(cell), len(cell)))
    return np.asarray(connected_components(matrix, directed=False)[1][of_point], np.int64)


def road_entries(roads: RoadArrays, names: list[str], found: PlaceList) -> tuple[list[Entry], NDArray[np.int64]]:
    """Named roads as entries, and each arc's entry number (-1 without a name)."""
    road_of_arc = np.full(len(roads.arc_tail), -1, np.int64)
    named = np.flatnonzero(roads.arc_name > 0)
    if not len(named):
        return [], road_of_arc
    point_arc = np.repeat(np.arange(len(roads.arc_tail)), np.diff(roads.shape_start))
    points = np.flatnonzero(roads.arc_name[point_arc] > 0)
    part = clusters(
        roads.arc_name[point_arc[points]].astype(np.int64),
        roads.shape_lon[points],
        roads.shape_lat[points],
        ROAD_CELL_M,
    )
    # a long piece between two far points holds its clusters together
    size = int(part.max()) + 1
    joint = point_arc[points][:-1] == point_arc[points][1:]
    matrix = coo_array((np.ones(int(joint.sum()), np.int8), (part[:-1][joint], part[1:][joint])), shape=(size, size))
    part = connected_components(matrix, directed=False)[1][part]
    road_of_arc[point_arc[points]] = part
    road_of_arc[named] = np.unique(road_of_arc[named], return_inverse=True)[1]
    middle = (roads.shape_start[:-1] + roads.shape_start[1:]) // 2
    near = _nearest_settlement(found)
    entries = []
    order = named[np.argsort(road_of_arc[named], kind="stable")]
    for arcs in np.split(order, np.flatnonzero(np.diff(road_of_arc[order])) + 1):
        weight = roads.arc_length_m[arcs].astype(np.float64)
        lon, lat = roads.shape_lon[middle[arcs]], roads.shape_lat[middle[arcs]]
        off = np.hypot(lon - np.average(lon, weights=weight), lat - np.average(lat, weights=weight))
        at = int(np.argmin(off))
        longest = np.bincount(roads.arc_class[arcs], weights=weight, minlength=len(ROAD_CLASSES))
        zh, en = ROAD_WORDS[ROAD_CLASSES[int(longest.argmax())]]
        place = near(float(lon[at]), float(lat[at]))
        name = names[roads.arc_name[arcs[0]]]
        english, others = found.road_names.get(name, ("", ()))
        importance = float(_CLASS_WEIGHT[int(longest.argmax())] + min(5.0, np.log10(1 + weight.sum() / 100) * 2))
        detail, detail_en = (f"{zh} · {place}", f"{en} · {place}") if place else (zh, en)
        keys = (name, *((english,) if english else ()), *others)
        entries.append(
            Entry("road", name, english, float(lon[at]), float(lat[at]), detail, detail_en, importance, keys)
        )
    return entries, road_of_arc


class _nearest_settlement:  # noqa: N801 - used as a function
    """Name of the nearest town, district or village within 5 km, empty if none."""

    def __init__(self, found: PlaceList) -> None:
        self.places = [place for place in found.places if place.settlement and place.kind.rank <= 4]
        self.tree = KDTree([(place.lon, place.lat) for place in self.places]) if self.places else None

    def __call__(self, lon: float, lat: float) -> str:
        if self.tree is None:
            return ""
        off, which = self.tree.query((lon, lat))
        return self.places[int(which)].name if off < 0.05 else ""


def crossings(roads: RoadArrays, road_of_arc: NDArray[np.int64]) -> Crossings:
    """Where two named roads meet, or nearly meet."""
    named = road_of_arc >= 0
    node = np.concatenate((roads.arc_tail[named], roads.arc_head[named])).astype(np.int64)
    road = np.concatenate((road_of_arc[named], road_of_arc[named]))
    if not len(node):
        nothing = np.zeros(0, np.int32)
        return Crossings(nothing, nothing, np.zeros(0), np.zeros(0))
    at = np.unique(np.stack((node, road)), axis=1)
    lon, lat = roads.node_lon[at[0]], roads.node_lat[at[0]]
    metres = np.stack(((lon - lon[0]) * 111_195 * np.cos(np.radians(lat.mean())), (lat - lat[0]) * 111_195), axis=1)
    i, j = KDTree(metres).query_pairs(CROSSING_REACH_M, output_type="ndarray").T
    i, j = i[at[1][i] != at[1][j]], j[at[1][i] != at[1][j]]
    apart = at[0][i] != at[0][j]
    first, second = np.minimum(at[1][i], at[1][j]), np.maximum(at[1][i], at[1][j])
    pair = first * (int(road.max()) + 1) + second
    shared = np.unique(pair[~apart])
    kept = ~apart | ~np.isin(pair, shared)  # a near miss counts only where the two never share a junction
    pair, first, second = pair[kept], first[kept], second[kept]
    lon, lat = (lon[i] + lon[j])[kept] / 2, (lat[i] + lat[j])[kept] / 2
    part = clusters(np.unique(pair, return_inverse=True)[1].astype(np.int64), lon, lat, CROSSING_CELL_M)
    unique, row, count = np.unique(part, return_index=True, return_counts=True)
    of = np.searchsorted(unique, part)
    return Crossings(
        first=first[row].astype(np.int32),
        second=second[row].astype(np.int32),
        lon=np.bincount(of, lon) / count,
        lat=np.bincount(of, lat) / count,
    )


def place_entries(found: PlaceList) -> list[Entry]:
    """Places as entries; of those of one name within a stone's throw only the one that matters most."""
    entries: list[Entry] = []
    seen: set[tuple[str, int, int]] = set()
    near = _nearest_settlement(found)
    for place in sorted(found.places, key=lambda place: place.kind.rank):
        cell = (place.name, round(place.lon * 400), round(place.lat * 400))
        if cell in seen:
            continue
        seen.add(cell)
        where = place.address or ("" if place.settlement else near(place.lon, place.lat))
        detail = f"{place.kind.zh} · {where}" if where else place.kind.zh
        detail_en = f"{place.kind.en} · {where}" if where else place.kind.en
        importance = max(0.0, 9.0 - place.kind.rank)
        keys = (place.name, *((place.name_en,) if place.name_en else ()), *place.other_names, *words_for(place.kind))
        entries.append(
            Entry("place", place.name, place.name_en, place.lon, place.lat, detail, detail_en, importance, keys)
        )
    return entries
