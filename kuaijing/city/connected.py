"""The part of the roads from which a unit class can get everywhere and back: the largest strongly connected part.

Worked out on arcs and turns, not on junctions, so that a forbidden turn that cuts a street off is seen. Turning round is
taken as possible unless a restriction forbids it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.junctions import JunctionGraph
from kuaijing.city.turns import Turns


def keep_largest_part(graph: JunctionGraph, turns: Turns) -> dict[str, dict[str, float]]:
    """Clear the access bits outside each class's largest strongly connected part; returns what was dropped, per class."""
    a, b = _turn_table(graph)
    forbidden = turns[0].astype(np.int64) * len(graph.tail) + turns[1]
    order = np.argsort(forbidden)
    slot = np.searchsorted(forbidden[order], a * len(graph.tail) + b)
    bound = np.zeros(len(a), np.uint8)
    if len(forbidden):
        hit = forbidden[order][np.minimum(slot, len(order) - 1)] == a * len(graph.tail) + b
        bound[hit] = turns[2][order][slot[hit]]
    dropped: dict[str, dict[str, float]] = {}
    for unit_class, bit in UNIT_CLASSES.items():
        usable = (graph.access & bit) > 0
        edge = usable[a] & usable[b] & ((bound & bit) == 0)
        kept = usable & _largest(a[edge], b[edge], usable)
        out = usable & ~kept
        graph.access[out] &= np.uint8(~bit & 0xFF)
        dropped[unit_class] = {"arcs": int(out.sum()), "km": round(float(graph.length[out].sum()) / 1000, 3)}
    return dropped


def _turn_table(graph: JunctionGraph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every pair of an arc and an arc that leaves its head."""
    begin = np.searchsorted(graph.tail, np.arange(len(graph.node)))
    count = np.append(begin[1:], len(graph.tail)) - begin
    leaving = count[graph.head]
    a = np.repeat(np.arange(len(graph.tail)), leaving)
    within = np.arange(len(a)) - np.repeat(np.cumsum(leaving) - leaving, leaving)
    return a, begin[graph.head[a]] + within


def _largest(a: NDArray[np.int64], b: NDArray[np.int64], usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    size = len(usable)
    if not usable.any():
        return usable
    matrix = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(size, size)).tocsr()
    _, part = connected_components(matrix, directed=True, connection="strong")
    size_of = np.bincount(part[usable])
    if size_of.max() < 2:  # an arc alone leads nowhere back
        return np.zeros(size, bool)
    return np.asarray(part == size_of.argmax())
