"""Divided roads: rings, avenues and their bridges as two one-way carriageways, with openings only at some junctions.

Along a run of divided edges every vertex becomes a left and a right one; where two runs cross there are four. Side streets
end at the near carriageway; whether one may cross or turn left there depends on an opening in the middle. China drives on
the right, so the right carriageway runs with the run.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.mesh import Edge, Mesh, edge_of
from kuaijing.city.generate.roads import Road
from kuaijing.city.generate.strokes import Stroke

_HALF_GAP = {Street.RING: 11.0, Street.AVENUE: 8.5}
_SHORTEST_RUN = 420.0
_OPEN_SHARE = 0.55


@dataclass(frozen=True)
class Passage:
    """A run passing through a vertex: its direction, and its carriageways' vertices there in order along the run."""

    run: int
    tangent: FloatArray
    normal: FloatArray
    half_gap: float


@dataclass
class Divided:
    """The divided edges, the passages at each vertex, and the vertices made from it by the sides of the passages."""

    edges: set[Edge]
    passages: dict[int, list[Passage]]
    sides: dict[int, dict[tuple[int, ...], int]]
    run_of: dict[Edge, int]

    def made_from(self, vertex: int) -> list[int]:
        """What stands for a vertex now."""
        return list(self.sides[vertex].values()) if vertex in self.sides else [vertex]


def divide(mesh: Mesh, strokes: list[Stroke], built_up: set[Edge]) -> Divided:
    """Decide which stretches of rings and avenues are divided and make their vertices; ``built_up`` edges qualify."""
    divided = Divided(set(), {}, {}, {})
    xy = mesh.coordinates()
    counter = 0
    for stroke in strokes:
        for run in _runs(mesh, stroke, built_up, xy):
            counter += 1
            for a, b in pairwise(run):
                divided.edges.add(edge_of(a, b))
                divided.run_of[edge_of(a, b)] = counter
            closed = run[0] == run[-1]
            inner = range(len(run) - 1) if closed else range(1, len(run) - 1)
            for index in inner:
                before = xy[run[index - 1 if index else -2]]
                tangent = xy[run[index + 1]] - before
                tangent = tangent / np.hypot(*tangent)
                normal = np.array([-tangent[1], tangent[0]])
                gap = _HALF_GAP[mesh.street[edge_of(run[index], run[index + 1])]]
                divided.passages.setdefault(run[index], []).append(Passage(counter, tangent, normal, gap))
    for vertex in sorted(divided.passages):
        _make_sides(mesh, divided, vertex, xy[vertex])
    return divided


def _runs(mesh: Mesh, stroke: Stroke, built_up: set[Edge], xy: FloatArray) -> list[list[int]]:
    """Maximal stretches of a stroke that are divided, long enough to be worth it."""
    runs: list[list[int]] = []
    current: list[int] = []
    for a, b in pairwise(stroke.nodes):
        edge = edge_of(a, b)
        if mesh.street[edge] in _HALF_GAP and edge in built_up:
            current = [*current, b] if current else [a, b]
        elif current:
            runs.append(current)
            current = []
    if current:
        runs.append(current)
    return [run for run in runs if np.hypot(*np.diff(xy[run], axis=0).T).sum() > _SHORTEST_RUN]


def _make_sides(mesh: Mesh, divided: Divided, vertex: int, at: FloatArray) -> None:
    passages = divided.passages[vertex]
    if len(passages) == 1:
        (one,) = passages
        offsets: dict[tuple[int, ...], FloatArray] = {(s,): s * one.half_gap * one.normal for s in (1, -1)}
    else:
        first, second = passages[:2]
        matrix = np.array([first.normal, second.normal])
        if len(passages) > 2 or abs(np.linalg.det(matrix)) < 0.5:
            divided.passages[vertex] = []
            return
        offsets = {
            (a, b): np.linalg.solve(matrix, np.array([a * first.half_gap, b * second.half_gap]))
            for a in (1, -1)
            for b in (1, -1)
        }
    divided.sides[vertex] = {key: mesh.add_vertex(*(at + off).tolist()) for key, off in offsets.items()}


def split_roads(mesh: Mesh, roads: list[Road], divided: Divided, rng: np.random.Generator) -> list[Road]:
    """The roads with divided ones doubled, side streets led to the carriageways, and openings added."""
    xy = mesh.coordinates()
    opened: set[int] = set()
    result: list[Road] = []
    touching = _street_ends(roads, divided)
    luck = {vertex: float(value) for vertex, value in zip(sorted(touching), rng.random(len(touching)), strict=True)}
    for road in roads:
        if edge_of(road.nodes[0], road.nodes[1]) in divided.edges:
            result.extend(_carriageways(road, divided, xy))
        else:
            result.extend(_led_to_sides(road, divided, xy, opened))
    for vertex in sorted(touching):
        sides = divided.sides.get(vertex, {})
        street, name, forced = touching[vertex]
        if len(sides) == 2 and vertex not in opened and (forced or luck[vertex] < _OPEN_SHARE):
            result.append(Road([sides[(1,)], sides[(-1,)]], street, name))
    return result


def _street_ends(roads: list[Road], divided: Divided) -> dict[int, tuple[Street, str, bool]]:
    """Vertices of divided roads where another street begins or ends: its standing, its name, whether it must cross."""
    found: dict[int, tuple[Street, str, bool]] = {}
    for road in roads:
        run = divided.run_of.get(edge_of(road.nodes[0], road.nodes[1]))
        for vertex in (road.nodes[0], road.nodes[-1]):
            if vertex not in divided.sides or any(passage.run == run for passage in divided.passages[vertex]):
                continue
            street, name, _ = found.get(vertex, (Street.BORDER, "", False))
            forced = road.street <= Street.COLLECTOR or vertex in found
            if road.street < street:
                street, name = road.street, road.name
            found[vertex] = (street, name, forced)
    return found


def _carriageways(road: Road, divided: Divided, xy: FloatArray) -> list[Road]:
    """Right carriageway with the run, left one against it."""
    right: list[int] = []
    left: list[int] = []
    last = len(road.nodes) - 1
    for index, vertex in enumerate(road.nodes):
        inner = road.nodes[index + 1] if index < last else road.nodes[index - 1]
        heading = xy[inner] - xy[vertex] if index < last else xy[vertex] - xy[inner]
        pair = [_lane(divided, vertex, heading, side, xy, inner) for side in (-1, 1)]
        keep = slice(-1, None) if index == 0 else slice(None)
        right.extend(pair[0][keep])
        left.extend(pair[1][keep])
    ways = [replace(road, nodes=_without_repeats(nodes), oneway=1) for nodes in (right, left[::-1])]
    if road.bridge and len(pair[0]) > 1:  # it lands on a crossing: the last few metres are on the ground
        right_end, left_start = ways[0].nodes[-2:], ways[1].nodes[:2]
        ways[0].nodes, ways[1].nodes = ways[0].nodes[:-1], ways[1].nodes[1:]
        ways += [replace(road, nodes=nodes, oneway=1, bridge=False) for nodes in (right_end, left_start)]
    return ways


def _lane(divided: Divided, vertex: int, heading: FloatArray, side: int, xy: FloatArray, inner: int) -> list[int]:
    """Vertices of one carriageway at a vertex, in the order of travel along the run."""
    sides = divided.sides.get(vertex)
    if sides is None:
        return [vertex]
    passages = divided.passages[vertex]
    heading = heading / np.hypot(*heading)
    along = [float(passage.tangent @ heading) for passage in passages]
    own = int(np.argmax(np.abs(along)))
    if abs(along[own]) < 0.75:  # the run ends here, against another
        return [_nearest_side(divided, vertex, xy, inner)]
    facing = side if along[own] > 0 else -side
    if len(passages) == 1:
        return [sides[(facing,)]]
    other = passages[1 - own]
    slope = float(other.normal @ heading)
    order = (-1, 1) if slope > 0 else (1, -1)
    return [sides[(facing, far) if own == 0 else (far, facing)] for far in order]


def _nearest_side(divided: Divided, vertex: int, xy: FloatArray, neighbour: int) -> int:
    off = xy[neighbour] - xy[vertex]
    key = tuple(1 if float(passage.normal @ off) > 0 else -1 for passage in divided.passages[vertex])
    return divided.sides[vertex][key]


def _led_to_sides(road: Road, divided: Divided, xy: FloatArray, opened: set[int]) -> list[Road]:
    """An undivided road with its vertices on divided roads replaced by those of the carriageways it meets."""
    chains: list[list[int]] = [[]]
    last = len(road.nodes) - 1
    for index, vertex in enumerate(road.nodes):
        if vertex not in divided.sides:
            chains[-1].append(vertex)
            continue
        entry = _nearest_side(divided, vertex, xy, road.nodes[index - 1]) if index else None
        leave = _nearest_side(divided, vertex, xy, road.nodes[index + 1]) if index < last else None
        if entry is not None:
            chains[-1].append(entry)
        if entry is not None and leave is not None and entry != leave and len(divided.passages[vertex]) > 1:
            chains.append([])
        elif entry is not None and leave is not None and entry != leave:
            opened.add(vertex)
        if leave is not None and leave != entry:
            chains[-1].append(leave)
    return [replace(road, nodes=chain) for chain in chains if len(chain) > 1]


def _without_repeats(nodes: list[int]) -> list[int]:
    return [node for index, node in enumerate(nodes) if index == 0 or node != nodes[index - 1]]
