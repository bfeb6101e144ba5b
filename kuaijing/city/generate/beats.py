"""Beats: the blocks shared out among the platforms, evenly by people and work, each bank of the river by itself.

Weighted k-means with a price that rises for crowded beats, then every beat is made one piece. A beat is a union of whole
blocks, so its edges are streets and the middle of the river, and beats neither gap nor overlap.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.form import FloatArray, to_degrees
from kuaijing.city.generate.mesh import Edge, Mesh, Ring, edge_of, shoelace_many

IntArray = NDArray[np.int64]

AREA_PER_PLATFORM_KM2 = 5.2


@dataclass(frozen=True)
class Beats:
    """Beat number of every face (blocks first, then river faces); shapes in WGS-84 degrees; hearts in local metres."""

    of_face: IntArray
    shapes: list[shapely.Polygon]
    hearts: FloatArray


def platform_count(area_km2: float) -> int:
    """One for about 5.2 km² of built-up ground; beyond 100 km² about a third of the ground is built up."""
    built_up = area_km2 if area_km2 <= 100 else 100 + 0.35 * (area_km2 - 100)
    return max(1, round(built_up / AREA_PER_PLATFORM_KM2))


def share_out(drawing: Drawing, work: FloatArray, rng: np.random.Generator) -> Beats:
    """Share the faces out; ``work`` is the expected load of each block, any unit. Ground to be patrolled counts a quarter."""
    mesh = drawing.mesh
    rings = [mesh.expand(ring) for ring in drawing.blocks.rings + drawing.river_faces]
    area, centre = shoelace_many([mesh.points(ring) for ring in rings])
    load = np.concatenate([work, np.zeros(len(rings) - len(work))]) + work.sum() * 0.25 * area / area.sum()
    count = platform_count(drawing.form.area_km2)
    bank = _banks(drawing, centre)
    label = _balanced(centre, bank * 0.9 * np.sqrt(area.sum() / count), load, count, rng)
    borders = _borders(mesh, rings)
    label = _smooth(label, borders, len(rings))
    label = _river_to_its_bank(label, borders, len(work))
    label = _one_piece(label, borders, area, count)
    hearts = np.array([np.average(centre[label == k], axis=0, weights=load[label == k]) for k in range(count)])
    order = np.lexsort((hearts[:, 0], -np.round(hearts[:, 1] / 900.0)))
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    label, hearts = rank[label], hearts[order]
    return Beats(label, _shapes(mesh, rings, label, count), hearts)


def _banks(drawing: Drawing, centre: FloatArray) -> FloatArray:
    """+1 and -1 by the side of the river's middle line."""
    form, line = drawing.form, drawing.skeleton.river_line
    downstream = np.array([np.cos(form.rotation), np.sin(form.rotation)])
    place = np.maximum.accumulate(line @ downstream)
    index = np.searchsorted(place, centre @ downstream).clip(1, len(line) - 1)
    step, off = line[index] - line[index - 1], centre - line[index]
    side: FloatArray = np.sign(step[:, 0] * off[:, 1] - step[:, 1] * off[:, 0])
    return side


def _balanced(centre: FloatArray, bank: FloatArray, load: FloatArray, count: int, rng: np.random.Generator) -> IntArray:
    place = np.column_stack([centre, bank])
    seeds = [int(rng.choice(len(place), p=load / load.sum()))]
    nearest = np.full(len(place), np.inf)
    while len(seeds) < count:
        nearest = np.minimum(nearest, ((place - place[seeds[-1]]) ** 2).sum(axis=1))
        seeds.append(int(rng.choice(len(place), p=nearest * load / (nearest * load).sum())))
    middle, price = place[seeds], np.ones(count)
    label = np.zeros(len(place), np.int64)
    for _ in range(60 if len(place) * count < 3e6 else 20):
        label = np.array([], np.int64)
        for part in np.array_split(place, max(1, len(place) * count // 4_000_000)):
            cost = ((part[:, None, :] - middle[None]) ** 2).sum(axis=2) * price
            label = np.concatenate([label, cost.argmin(axis=1)])
        total = np.bincount(label, load, count)
        price = np.clip(price * (np.maximum(total, 1e-9) / load.sum() * count) ** 0.25, 0.2, 6.0)
        for axis in range(3):
            middle[:, axis] = np.bincount(label, load * place[:, axis], count) / np.maximum(total, 1e-9)
    return label


def _borders(mesh: Mesh, rings: list[Ring]) -> dict[tuple[int, int], float]:
    """Length of the border between every two neighbouring faces."""
    left: dict[Edge, int] = {}
    shared: defaultdict[tuple[int, int], float] = defaultdict(float)
    for face, ring in enumerate(rings):
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            edge = edge_of(a, b)
            other = left.setdefault(edge, face)
            if other != face:
                length = float(np.hypot(mesh.x[a] - mesh.x[b], mesh.y[a] - mesh.y[b]))
                shared[(min(other, face), max(other, face))] += length
    return dict(shared)


def _neighbours(borders: dict[tuple[int, int], float], faces: int) -> list[list[tuple[int, float]]]:
    around: list[list[tuple[int, float]]] = [[] for _ in range(faces)]
    for (a, b), length in borders.items():
        around[a].append((b, length))
        around[b].append((a, length))
    return around


def _smooth(label: IntArray, borders: dict[tuple[int, int], float], faces: int) -> IntArray:
    """A block most of whose border lies against another beat goes to it; edges become straighter."""
    around = _neighbours(borders, faces)
    label = label.copy()
    for _ in range(3):
        for face in range(faces):
            weight: defaultdict[int, float] = defaultdict(float)
            for other, length in around[face]:
                weight[int(label[other])] += length
            if weight:
                best = max(sorted(weight), key=lambda k: weight[k])
                if weight[best] > 0.55 * sum(weight.values()):
                    label[face] = best
    return label


def _pieces(label: IntArray, around: list[list[tuple[int, float]]]) -> IntArray:
    """Number of the connected piece of each face."""
    piece = np.full(len(label), -1)
    number = 0
    for start in range(len(label)):
        if piece[start] >= 0:
            continue
        stack = [start]
        piece[start] = number
        while stack:
            face = stack.pop()
            for other, _ in around[face]:
                if piece[other] < 0 and label[other] == label[start]:
                    piece[other] = number
                    stack.append(other)
        number += 1
    return piece


def _one_piece(label: IntArray, borders: dict[tuple[int, int], float], area: FloatArray, count: int) -> IntArray:
    """Detached pieces join the neighbour with whom they share the longest border."""
    around = _neighbours(borders, len(label))
    label = label.copy()
    for _ in range(12):
        piece = _pieces(label, around)
        size = np.bincount(piece, area)
        owner = np.zeros(len(size), np.int64)
        owner[piece] = label
        largest = {k: int(np.argmax(np.where(owner == k, size, -1))) for k in range(count)}
        stray = [p for p in range(len(size)) if largest[int(owner[p])] != p]
        if not stray:
            break
        for number in stray:
            weight: defaultdict[int, float] = defaultdict(float)
            faces = np.flatnonzero(piece == number)
            for face in faces.tolist():
                for other, length in around[face]:
                    if label[other] != label[face]:
                        weight[int(label[other])] += length
            if weight:
                label[faces] = max(sorted(weight), key=lambda k: weight[k])
    return label


def _river_to_its_bank(label: IntArray, borders: dict[tuple[int, int], float], blocks: int) -> IntArray:
    """A face of the river (numbers from ``blocks`` on) belongs to the beat along whose bank it lies most."""
    label = label.copy()
    weight: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (a, b), length in borders.items():
        if a < blocks <= b:
            weight[b][int(label[a])] += length
    for face in sorted(weight):
        label[face] = max(sorted(weight[face]), key=lambda beat: weight[face][beat])
    return label


def _shapes(mesh: Mesh, rings: list[Ring], label: IntArray, count: int) -> list[shapely.Polygon]:
    xy = mesh.coordinates()
    lon, lat = to_degrees(xy[:, 0], xy[:, 1])
    degrees = np.column_stack([lon, lat])
    polygons = np.array([shapely.Polygon(degrees[ring]) for ring in rings], dtype=object)
    shapes: list[shapely.Polygon] = []
    for beat in range(count):
        whole = _dissolve(polygons[label == beat])
        shapes.append(max(shapely.get_parts(shapely.orient_polygons(whole)), key=lambda part: float(part.area)))
    return shapes


def _dissolve(polygons: NDArray[np.object_]) -> shapely.Geometry:
    """Union of faces that share their vertices; where a face at the outline does not, the slower union that forgives it."""
    try:
        return shapely.coverage_union_all(polygons)
    except shapely.GEOSException:
        return shapely.union_all(polygons)


def beat_of(beats: Beats, lon: FloatArray, lat: FloatArray) -> IntArray:
    """Number of the beat of each place in degrees; the nearest one for a place outside all."""
    where = np.full(len(lon), -1)
    for number, shape in enumerate(beats.shapes):
        west, south, east, north = shape.bounds
        rows = np.flatnonzero((where < 0) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        shapely.prepare(shape)
        where[rows[shapely.contains_xy(shape, lon[rows], lat[rows])]] = number
    outside = np.flatnonzero(where < 0)
    points = np.asarray(shapely.points(lon[outside], lat[outside]))
    rows, nearest = shapely.STRtree(beats.shapes).query_nearest(points, all_matches=False)
    where[outside[rows]] = nearest
    return where
