"""From road lines to the junction graph: junctions where lines meet or end, streets between them, one arc each way.

Array work throughout; nothing here knows where the lines came from. Turn restrictions are laid on by ``city.turns``, dead
parts are cut off by ``city.connected``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.classes import FOOT
from kuaijing.city.road_lines import RoadLines
from kuaijing.measures.points import EARTH_RADIUS_M

SHORTEST_M = 0.1
"""Two junctions at one place are still this far apart, so that no arc has the length zero."""

SIGNAL_REACH_M = 40.0
"""A signal that stands at a stop line before a junction belongs to that junction if it is this near."""


@dataclass(slots=True, eq=False)
class JunctionGraph:
    """The graph under construction: junction ``node`` identities and per-arc arrays, sorted by tail.

    ``first`` and ``last`` are the positions in the lines' points between which the arc runs (``first > last`` against the line).
    """

    node: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    length: NDArray[np.float32]
    line: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    access: NDArray[np.uint8]
    street: NDArray[np.int32]
    twin: NDArray[np.int32]
    signal: NDArray[np.bool_]

    def keep_arcs(self, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Drop all other arcs and the junctions and streets left bare; returns each old arc's new index, -1 if gone."""
        new_arc = np.where(wanted, np.cumsum(wanted) - 1, -1)
        used = np.zeros(len(self.node), bool)
        used[self.tail[wanted]] = used[self.head[wanted]] = True
        new_node = (np.cumsum(used) - 1).astype(np.int32)
        for name in ("node", "lon", "lat", "signal"):
            setattr(self, name, getattr(self, name)[used])
        for name in ("tail", "head", "length", "line", "first", "last", "access", "street", "twin"):
            setattr(self, name, getattr(self, name)[wanted])
        self.tail, self.head = new_node[self.tail], new_node[self.head]
        self.twin = np.where(self.twin >= 0, new_arc[self.twin], -1).astype(np.int32)
        self.street = np.unique(self.street, return_inverse=True)[1].astype(np.int32)
        return new_arc


def segment_metres(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle metres from each point to the next, shape (p-1,)."""
    x, y = np.radians(lon), np.radians(lat)
    half = np.sin(np.diff(y) / 2) ** 2 + np.cos(y[:-1]) * np.cos(y[1:]) * np.sin(np.diff(x) / 2) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half)))
    return metres


def build_junctions(lines: RoadLines) -> JunctionGraph:
    """Junction graph of ``lines``; access bits as the lines state them."""
    point_line = np.repeat(np.arange(len(lines)), np.diff(lines.start))
    identity, point_node = np.unique(lines.node, return_inverse=True)
    first, last = _streets(lines, identity, point_node, point_line)
    along = np.concatenate(([0.0], np.cumsum(segment_metres(lines.lon, lines.lat)))) if len(lines.lon) else np.zeros(0)
    length = np.maximum(along[last] - along[first], SHORTEST_M)
    line = point_line[first]
    forward, backward = lines.forward[line] > 0, lines.backward[line] > 0
    street = np.arange(len(first))
    arc_street = np.concatenate((street[forward], street[backward]))
    arc_first = np.concatenate((first[forward], last[backward]))
    arc_last = np.concatenate((last[forward], first[backward]))
    arc_line = line[arc_street]
    access = np.concatenate((lines.forward[line[forward]], lines.backward[line[backward]]))

    nodes, ends = np.unique(np.concatenate((point_node[arc_first], point_node[arc_last])), return_inverse=True)
    tail, head = ends[: len(arc_first)], ends[len(arc_first) :]
    lon, lat = np.empty(len(identity)), np.empty(len(identity))
    lon[point_node], lat[point_node] = lines.lon, lines.lat
    graph = JunctionGraph(
        node=identity[nodes],
        lon=lon[nodes],
        lat=lat[nodes],
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        length=length[arc_street].astype(np.float32),
        line=arc_line,
        first=arc_first,
        last=arc_last,
        access=access,
        street=arc_street.astype(np.int32),
        twin=np.full(len(tail), -1, np.int32),
        signal=np.zeros(len(nodes), bool),
    )
    _pair_twins(graph)
    if lines.directed_twins:
        _pair_directed_twins(graph, along)
        _let_walk_back(graph)
    _sort_by_tail(graph)
    _place_signals(graph, lines, along)
    return graph


def _streets(
    lines: RoadLines,
    identity: NDArray[np.int64],
    point_node: NDArray[np.int64],
    point_line: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last point position of every street. A street from a junction to itself is cut in the middle."""
    junction = np.bincount(point_node, minlength=len(identity)) > 1
    junction[point_node[lines.start[:-1]]] = True
    junction[point_node[lines.start[1:] - 1]] = True
    if lines.barriers:
        junction |= np.isin(identity, np.fromiter(lines.barriers, np.int64))
    while True:
        cut = np.flatnonzero(junction[point_node])
        same_line = point_line[cut[:-1]] == point_line[cut[1:]]
        first, last = cut[:-1][same_line], cut[1:][same_line]
        loop = point_node[first] == point_node[last]
        middle = (first[loop] + last[loop]) // 2
        middle = middle[(middle > first[loop]) & (middle < last[loop])]
        if not len(middle):
            return first[~loop], last[~loop]
        junction[point_node[middle]] = True


def _pair_twins(graph: JunctionGraph) -> None:
    """The two arcs of one street are each other's twin."""
    order = np.argsort(graph.street, kind="stable")
    same = graph.street[order[:-1]] == graph.street[order[1:]]
    a, b = order[:-1][same], order[1:][same]
    graph.twin[a], graph.twin[b] = b, a


def _pair_directed_twins(graph: JunctionGraph, along: NDArray[np.float64]) -> None:
    """Pair lines that run the same way back: ends swapped, as many points, the length within 1 % (or half a metre).

    A source of directed edges draws a two-way street twice; afterwards the two arcs share one street.
    """
    single = np.flatnonzero(graph.twin < 0)
    low, high = np.minimum(graph.tail[single], graph.head[single]), np.maximum(graph.tail[single], graph.head[single])
    points = np.abs(graph.last[single] - graph.first[single])
    downhill = graph.tail[single] > graph.head[single]
    metres = np.abs(along[graph.last[single]] - along[graph.first[single]])
    order = np.lexsort((downhill, np.round(metres), points, high, low))
    waiting: dict[tuple[int, int, int], list[int]] = {}
    for k in order:
        key = (int(low[k]), int(high[k]), int(points[k]))
        for other in waiting.setdefault(key, []):
            if downhill[other] != downhill[k] and abs(metres[other] - metres[k]) <= max(0.5, 0.01 * metres[k]):
                a, b = single[other], single[k]
                graph.twin[a], graph.twin[b] = b, a
                graph.street[b] = graph.street[a]
                waiting[key].remove(other)
                break
        else:
            waiting[key].append(int(k))


def _let_walk_back(graph: JunctionGraph) -> None:
    """On foot a directed line without a line back is open against its direction too."""
    single = np.flatnonzero((graph.twin < 0) & ((graph.access & FOOT) > 0))
    back = np.arange(len(single)) + len(graph.tail)
    for name, other in (("tail", "head"), ("first", "last")):
        forth, against = getattr(graph, name), getattr(graph, other)
        setattr(graph, name, np.concatenate((forth, against[single])))
        setattr(graph, other, np.concatenate((against, forth[single])))
    for name in ("length", "line", "street"):
        setattr(graph, name, np.concatenate((getattr(graph, name), getattr(graph, name)[single])))
    graph.access = np.concatenate((graph.access, np.full(len(single), FOOT, np.uint8)))
    graph.twin[single] = back
    graph.twin = np.concatenate((graph.twin, single)).astype(np.int32)


def _sort_by_tail(graph: JunctionGraph) -> None:
    order = np.lexsort((graph.street, graph.head, graph.tail))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    for name in ("tail", "head", "length", "line", "first", "last", "access", "street", "twin"):
        setattr(graph, name, getattr(graph, name)[order])
    graph.twin = np.where(graph.twin >= 0, place[graph.twin], -1).astype(np.int32)
    graph.street = np.unique(graph.street, return_inverse=True)[1].astype(np.int32)


def _place_signals(graph: JunctionGraph, lines: RoadLines, along: NDArray[np.float64]) -> None:
    """A signal at a junction marks it; one along an arc marks the junction ahead or behind, whichever is nearer."""
    if not len(lines.signals):
        return
    graph.signal[np.isin(graph.node, lines.signals)] = True
    at_signal = np.flatnonzero(np.isin(lines.node, lines.signals))
    low, high = np.minimum(graph.first, graph.last), np.maximum(graph.first, graph.last)
    order = np.argsort(low, kind="stable")
    slot = np.searchsorted(low[order], at_signal, side="right") - 1
    inside = slot >= 0
    arc, position = order[slot[inside]], at_signal[inside]
    inside = (low[arc] < position) & (position < high[arc])
    arc, position = arc[inside], position[inside]
    to_first, to_last = (
        np.abs(along[position] - along[graph.first[arc]]),
        np.abs(along[graph.last[arc]] - along[position]),
    )
    nearer = np.where(to_first < to_last, graph.tail[arc], graph.head[arc])
    graph.signal[nearer[np.minimum(to_first, to_last) <= SIGNAL_REACH_M]] = True


def shapes(
    graph: JunctionGraph, lines: RoadLines
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """``shape_start``, ``shape_lon``, ``shape_lat``: every arc's points from tail to head."""
    count = np.abs(graph.last - graph.first) + 1
    start = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    step = np.where(graph.last >= graph.first, 1, -1)
    within = np.arange(start[-1]) - np.repeat(start[:-1], count)
    position = np.repeat(graph.first, count) + within * np.repeat(step, count)
    return start, lines.lon[position], lines.lat[position]
