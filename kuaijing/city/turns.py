"""Turn restrictions and barriers as forbidden arc pairs on the junction graph.

``only_…`` becomes the prohibition of every other turn. A restriction binds the arc that enters the via junction on the *from*
line and the arc that leaves it on the *to* line; where a line runs through the junction the angle of the turn decides, and
where that does not either the restriction is dropped and counted.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.classes import FOOT
from kuaijing.city.junctions import JunctionGraph
from kuaijing.city.road_lines import Restriction, RoadLines

_ANGLE = {"left_turn": 90.0, "right_turn": -90.0, "straight_on": 0.0, "u_turn": 180.0}

Turns = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]


class _Junctions:
    """Arcs into and out of a junction, and the angle of a turn."""

    def __init__(self, graph: JunctionGraph, lines: RoadLines) -> None:
        self.graph, self.lines = graph, lines
        self.by_head = np.argsort(graph.head, kind="stable")
        self.heads = graph.head[self.by_head]
        self.index = {int(node): i for i, node in enumerate(graph.node)}

    def into(self, junction: int) -> NDArray[np.int64]:
        low, high = np.searchsorted(self.heads, [junction, junction + 1])
        return self.by_head[low:high]

    def out_of(self, junction: int) -> NDArray[np.int64]:
        low, high = np.searchsorted(self.graph.tail, [junction, junction + 1])
        return np.arange(low, high)

    def angle_deg(self, a: int, b: int) -> float:
        """Turn from arc ``a`` into arc ``b``: 0 straight on, positive left, 180 back."""
        step = 1 if self.graph.last[a] > self.graph.first[a] else -1
        came = self._bearing(self.graph.last[a] - step, self.graph.last[a])
        step = 1 if self.graph.last[b] > self.graph.first[b] else -1
        goes = self._bearing(self.graph.first[b], self.graph.first[b] + step)
        return float((goes - came + 180) % 360 - 180)

    def _bearing(self, i: int, j: int) -> float:
        lon, lat = self.lines.lon, self.lines.lat
        return float(np.degrees(np.arctan2(lat[j] - lat[i], (lon[j] - lon[i]) * np.cos(np.radians(lat[i])))))


def forbidden_turns(graph: JunctionGraph, lines: RoadLines) -> tuple[Turns, dict[str, int]]:
    """``turn_from``, ``turn_to``, ``turn_access`` and the counts of restrictions used and dropped, by reason."""
    at = _Junctions(graph, lines)
    counts: Counter[str] = Counter()
    forbidden: Counter[tuple[int, int]] = Counter()
    source = lines.source[graph.line]
    for restriction in lines.restrictions:
        pairs, fault = _pairs(restriction, at, source)
        counts[fault or "restrictions_used"] += 1
        for a, b in pairs:
            forbidden[a, b] |= restriction.access
    for node, blocked in lines.barriers.items():
        junction = at.index.get(node)
        if junction is None:
            continue
        for a in at.into(junction):
            for b in at.out_of(junction):
                if graph.street[a] != graph.street[b]:
                    forbidden[int(a), int(b)] |= blocked & ~FOOT
    pairs_sorted = sorted(forbidden)
    turn_from = np.array([a for a, _ in pairs_sorted], np.int32)
    turn_to = np.array([b for _, b in pairs_sorted], np.int32)
    access = np.array([forbidden[pair] for pair in pairs_sorted], np.uint8)
    return (turn_from, turn_to, access), dict(counts)


def _pairs(restriction: Restriction, at: _Junctions, source: NDArray[np.int64]) -> tuple[list[tuple[int, int]], str]:
    """Forbidden arc pairs of one restriction, or no pairs and the reason why it is dropped."""
    junction = at.index.get(restriction.via)
    if junction is None:
        return [], "restrictions_off_the_roads"
    into, out_of = at.into(junction), at.out_of(junction)
    froms = [int(a) for a in into if source[a] == restriction.from_source]
    tos = [int(b) for b in out_of if source[b] == restriction.to_source]
    if not froms or not tos:
        return [], "restrictions_off_the_roads"
    wanted = [(a, b) for a in froms for b in tos]
    if restriction.turn == "u_turn":
        wanted = [(a, b) for a, b in wanted if at.graph.twin[a] == b] or wanted
    elif len(wanted) > 1:
        wanted = [(a, b) for a, b in wanted if at.graph.twin[a] != b]
    if len(wanted) > 1 and restriction.turn in _ANGLE:
        best = min(wanted, key=lambda pair: _off_by(at.angle_deg(*pair), restriction.turn))
        close = _off_by(at.angle_deg(*best), restriction.turn)
        wanted = [pair for pair in wanted if _off_by(at.angle_deg(*pair), restriction.turn) <= close + 20]
    if not wanted or (len(wanted) > 1 and restriction.turn != "u_turn"):
        return [], "restrictions_ambiguous"
    if not restriction.only:
        return wanted, ""
    a, allowed = wanted[0]
    return [(a, int(b)) for b in out_of if b != allowed], ""


def _off_by(angle: float, turn: str) -> float:
    off = abs(angle - _ANGLE[turn]) % 360
    return min(off, 360 - off)


def usable_turns(turns: Turns, access: NDArray[np.uint8], new_arc: NDArray[np.int64]) -> Turns:
    """The turns on the arcs that remain: renumbered, bound only to classes that may use both arcs.

    ``access`` is per remaining arc; ``new_arc`` gives each old arc's new index, -1 if gone.
    """
    turn_from, turn_to = new_arc[turns[0]], new_arc[turns[1]]
    there = (turn_from >= 0) & (turn_to >= 0)
    turn_from, turn_to = turn_from[there], turn_to[there]
    bound = turns[2][there] & access[turn_from] & access[turn_to]
    kept = bound > 0
    return turn_from[kept].astype(np.int32), turn_to[kept].astype(np.int32), bound[kept]
