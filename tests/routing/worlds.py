"""Small road worlds written by hand, and seeded planar ones, as ``RoadArrays``/``Ground`` without a city folder.

Metres on a plane at 36.65 N, 117.0 E (Jinan); one street of a world is a line of text: ``"a-b"`` two-way, ``"a>b"`` one-way.
"""

import itertools
import math
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np

from kuaijing.city.classes import ALL, CLASS_INDEX, ROAD_CLASSES, UNIT_CLASSES
from kuaijing.city.ground import Ground, RoadArrays
from kuaijing.routing import Network, Profile, Snap, UnitSnaps, units_at
from kuaijing.routing.profile import ClassDriving

LON_0, LAT_0 = 117.0, 36.65
M_PER_DEG_LAT = 111_195.08
M_PER_DEG_LON = M_PER_DEG_LAT * math.cos(math.radians(LAT_0))


def lon_of(x: float) -> float:
    return LON_0 + x / M_PER_DEG_LON


def lat_of(y: float) -> float:
    return LAT_0 + y / M_PER_DEG_LAT


@dataclass
class Street:
    ends: str  # "a-b" or "a>b"
    road_class: str = "tertiary"
    name: str = ""
    access: int = ALL
    via: list[tuple[float, float]] = field(default_factory=list)
    maxspeed: float = math.nan
    flags: int = 0
    layer: int = 0


def world(
    places: dict[str, tuple[float, float]],
    streets: list[Street],
    *,
    forbidden: list[tuple[str, str, int]] | None = None,
    signals: str = "",
) -> Ground:
    """A ground of named junctions (metres east and north of the corner) and streets; forbidden turns as ("a>b", "b>c", bits)."""
    number = {name: i for i, name in enumerate(places)}
    arcs: list[tuple[int, int, int, bool]] = []  # tail, head, street, reversed
    for index, street in enumerate(streets):
        one_way = ">" in street.ends
        a, b = (number[name] for name in street.ends.replace(">", "-").split("-"))
        arcs.append((a, b, index, False))
        if not one_way:
            arcs.append((b, a, index, True))
    arcs.sort(key=lambda arc: arc[0])
    by_street: dict[int, list[int]] = {}
    for i, arc in enumerate(arcs):
        by_street.setdefault(arc[2], []).append(i)
    names = ["", *sorted({street.name for street in streets} - {""})]
    point = list(places.values())
    shapes = []
    for tail, head, index, reverse in arcs:
        via = streets[index].via
        shapes.append([point[tail], *(reversed(via) if reverse else via), point[head]])
    label = [f"{list(places)[tail]}>{list(places)[head]}" for tail, head, *_ in arcs]
    turns = [(label.index(f), label.index(t), bits) for f, t, bits in forbidden or []]
    of = [streets[arc[2]] for arc in arcs]
    flat = np.array([p for shape in shapes for p in shape], dtype=float).reshape(-1, 2)
    roads = RoadArrays(
        node_lon=np.array([lon_of(x) for x, _ in point]),
        node_lat=np.array([lat_of(y) for _, y in point]),
        arc_tail=np.array([arc[0] for arc in arcs], np.int32),
        arc_head=np.array([arc[1] for arc in arcs], np.int32),
        arc_length_m=np.array([_length(shape) for shape in shapes], np.float32),
        arc_class=np.array([CLASS_INDEX[street.road_class] for street in of], np.uint8),
        arc_name=np.array([names.index(street.name) for street in of], np.int32),
        arc_access=np.array([street.access for street in of], np.uint8),
        arc_maxspeed=np.array([street.maxspeed for street in of], np.float32),
        arc_flags=np.array([street.flags for street in of], np.uint8),
        arc_layer=np.array([street.layer for street in of], np.int8),
        arc_street=np.array([arc[2] for arc in arcs], np.int32),
        arc_twin=np.array([next((j for j in by_street[arc[2]] if j != i), -1) for i, arc in enumerate(arcs)], np.int32),
        arc_source=np.array([arc[2] for arc in arcs], np.int64),
        shape_start=np.cumsum([0] + [len(shape) for shape in shapes]).astype(np.int64),
        shape_lon=LON_0 + flat[:, 0] / M_PER_DEG_LON,
        shape_lat=LAT_0 + flat[:, 1] / M_PER_DEG_LAT,
        turn_from=np.array([t[0] for t in turns], np.int32),
        turn_to=np.array([t[1] for t in turns], np.int32),
        turn_access=np.array([t[2] for t in turns], np.uint8),
        signal_node=np.array([name in signals for name in places]),
    )
    return as_ground(roads, names)


def _length(shape: list[tuple[float, float]]) -> float:
    return sum(math.dist(a, b) for a, b in itertools.pairwise(shape))


def as_ground(roads: RoadArrays, names: list[str]) -> Ground:
    bbox = (roads.node_lon.min(), roads.node_lat.min(), roads.node_lon.max(), roads.node_lat.max())
    return Ground(
        **{f.name: getattr(roads, f.name) for f in fields(RoadArrays)},
        folder=Path(),
        manifest={},
        name="test",
        names=names,
        hash="",
        bbox=tuple(float(value) for value in bbox),  # type: ignore[arg-type]
        timezone="Asia/Shanghai",
        fictional=True,
    )


def arc(ground: Ground, tail: int, head: int) -> int:
    """The arc from junction number ``tail`` to ``head``."""
    found = np.flatnonzero((ground.arc_tail == tail) & (ground.arc_head == head))
    assert len(found) == 1
    return int(found[0])


def grid(
    side: int,
    seed: int,
    *,
    spacing: float = 120.0,
    one_way_share: float = 0.15,
    gap_share: float = 0.2,
    forbidden_share: float = 0.02,
) -> Ground:
    """A seeded planar town of ``side`` x ``side`` junctions with gaps, one-ways, road classes, signals and forbidden turns."""
    rng = np.random.default_rng(seed)
    count = side * side
    jitter = rng.uniform(-0.3, 0.3, (count, 2)) * spacing
    x = (np.arange(count) % side) * spacing + jitter[:, 0]
    y = (np.arange(count) // side) * spacing + jitter[:, 1]
    cell = np.arange(count).reshape(side, side)
    pairs = np.concatenate(
        [np.stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()], 1), np.stack([cell[:-1].ravel(), cell[1:].ravel()], 1)]
    )
    pairs = pairs[rng.random(len(pairs)) >= gap_share]
    streets = len(pairs)
    classes = rng.choice([2, 3, 4, 6, 8], streets, p=[0.08, 0.12, 0.2, 0.45, 0.15])
    one_way = rng.random(streets) < one_way_share
    flip = rng.random(streets) < 0.5
    pairs[flip] = pairs[flip][:, ::-1]
    tail = np.concatenate([pairs[:, 0], pairs[~one_way, 1]])
    head = np.concatenate([pairs[:, 1], pairs[~one_way, 0]])
    street = np.concatenate([np.arange(streets), np.flatnonzero(~one_way)])
    order = np.argsort(tail, kind="stable")
    tail, head, street = tail[order].astype(np.int32), head[order].astype(np.int32), street[order].astype(np.int32)
    arcs = len(tail)
    slot = np.full((streets, 2), -1, np.int32)
    for i in range(arcs):
        slot[street[i], 0 if slot[street[i], 0] < 0 else 1] = i
    twin = np.array([slot[s, 1] if slot[s, 0] == i else slot[s, 0] for i, s in enumerate(street)], np.int32)
    start = np.searchsorted(tail, np.arange(count + 1))
    turns = [
        (a, int(rng.integers(start[head[a]], start[head[a] + 1])))
        for a in rng.choice(arcs, int(arcs * forbidden_share), replace=False)
        if start[head[a] + 1] > start[head[a]]
    ]
    turn = np.array(turns, np.int32).reshape(-1, 2)
    length = np.hypot(x[tail] - x[head], y[tail] - y[head]).astype(np.float32)
    shape = np.stack([tail, head], 1).ravel()
    lon, lat = LON_0 + x / M_PER_DEG_LON, LAT_0 + y / M_PER_DEG_LAT
    access = np.full(arcs, ALL, np.uint8)
    roads = RoadArrays(
        node_lon=lon,
        node_lat=lat,
        arc_tail=tail,
        arc_head=head,
        arc_length_m=length,
        arc_class=classes[street].astype(np.uint8),
        arc_name=(1 + street % 50).astype(np.int32),
        arc_access=access,
        arc_maxspeed=np.full(arcs, np.nan, np.float32),
        arc_flags=np.zeros(arcs, np.uint8),
        arc_layer=np.zeros(arcs, np.int8),
        arc_street=street,
        arc_twin=twin,
        arc_source=street.astype(np.int64),
        shape_start=np.arange(0, 2 * arcs + 1, 2, dtype=np.int64),
        shape_lon=lon[shape],
        shape_lat=lat[shape],
        turn_from=turn[:, 0].copy(),
        turn_to=turn[:, 1].copy(),
        turn_access=np.full(len(turn), 7, np.uint8),
        signal_node=rng.random(count) < 0.1,
    )
    return as_ground(roads, ["", *(f"第{i}路" for i in range(50))])


def plain_profile(**changes: float) -> Profile:
    """Every class drives 10 m/s everywhere; left 3 s, right 1 s, sharp 0.5 s, U-turn 10 s, signal 5 s."""
    costs = {"left_s": 3.0, "right_s": 1.0, "sharp_s": 0.5, "u_turn_s": 10.0, "signal_s": 5.0, "link_factor": 1.0}
    driving = ClassDriving(dict.fromkeys(ROAD_CLASSES, 36.0), **(costs | changes))
    return Profile(dict.fromkeys(UNIT_CLASSES, driving))


def network(ground: Ground, **changes: float) -> Network:
    """Network of a world under the plain profile."""
    return Network(ground, plain_profile(**changes))


def unit(snap: Snap | None, *, both: bool = False) -> UnitSnaps:
    """One unit at a place."""
    return units_at([snap], both=both)
