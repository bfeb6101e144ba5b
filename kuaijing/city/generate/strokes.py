"""Streets as people know them: chains of edges that run on through junctions in about the same direction.

One stroke is one street with one name. The idea is Thomson & Richardson (1999), "The good continuation principle".
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.mesh import Edge, Mesh, edge_of

_GROUP = {
    Street.RING: 0,
    Street.AVENUE: 1,
    Street.ARTERIAL: 1,
    Street.COLLECTOR: 2,
    Street.LOCAL: 3,
    Street.COUNTRY: 4,
    Street.ESTATE: 5,
    Street.ALLEY: 6,
    Street.NARROW: 6,
    Street.FOOTPATH: 7,
}
_RUNS_ON = 0.77  # cosine of the greatest turn within one stroke, about 40 degrees


@dataclass(frozen=True)
class Stroke:
    """One street: its vertices in order (first repeated at the end where it is a loop) and its standing."""

    nodes: list[int]
    street: Street


def _pairs_at(vertex: int, edges: list[tuple[int, Street]], xy: FloatArray) -> list[tuple[int, int]]:
    """Which neighbours of ``vertex`` are joined through it, best continuation first."""
    count = len(edges)
    away = xy[[end for end, _ in edges]] - xy[vertex]
    away = away / np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-9)[:, None]
    offers = []
    for i in range(count):
        for j in range(i + 1, count):
            if _GROUP[edges[i][1]] == _GROUP[edges[j][1]]:
                ahead = -float(away[i] @ away[j])
                if ahead > _RUNS_ON:
                    offers.append((-ahead - (0.2 if edges[i][1] == edges[j][1] else 0.0), i, j))
    taken: set[int] = set()
    pairs = []
    for _, i, j in sorted(offers):
        if i not in taken and j not in taken:
            taken.update((i, j))
            pairs.append((edges[i][0], edges[j][0]))
    return pairs


def find_strokes(mesh: Mesh) -> list[Stroke]:
    """All streets of the mesh, the greatest first, in an order that only the mesh decides."""
    xy = mesh.coordinates()
    around: defaultdict[int, list[tuple[int, Street]]] = defaultdict(list)
    for (a, b), street in sorted(mesh.street.items()):
        if street != Street.BORDER:
            around[a].append((b, street))
            around[b].append((a, street))
    onward: dict[tuple[int, int], int] = {}
    for vertex in sorted(around):
        edges = around[vertex]
        pairs = [(edges[0][0], edges[1][0])] if len(edges) == 2 else _pairs_at(vertex, edges, xy)
        if len(edges) == 2 and _GROUP[edges[0][1]] != _GROUP[edges[1][1]]:
            pairs = []
        for first, second in pairs:
            onward[(first, vertex)] = second
            onward[(second, vertex)] = first
    used: set[Edge] = set()
    strokes = []
    for a, b in sorted(mesh.street):
        if mesh.street[(a, b)] == Street.BORDER or (a, b) in used:
            continue
        nodes = _follow(a, b, onward, used)
        back = _follow(b, a, onward, used)
        chain = [*back[::-1][:-1], *nodes[1:]]
        standing = min(mesh.street[edge_of(p, q)] for p, q in pairwise(chain))
        strokes.append(Stroke(chain, standing))
    return strokes


def _follow(a: int, b: int, onward: dict[tuple[int, int], int], used: set[Edge]) -> list[int]:
    """Vertices from ``a`` over ``b`` and on, marking the edges as used; stops where it closes."""
    chain = [a, b]
    used.add(edge_of(a, b))
    while True:
        nxt = onward.get((chain[-2], chain[-1]))
        if nxt is None or edge_of(chain[-1], nxt) in used:
            return chain
        used.add(edge_of(chain[-1], nxt))
        chain.append(nxt)


def stroke_length(stroke: Stroke, xy: FloatArray) -> float:
    """Length in metres."""
    return float(np.hypot(*np.diff(xy[stroke.nodes], axis=0).T).sum())
