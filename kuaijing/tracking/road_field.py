"""Road distances around one place: to it as a class may drive, from it, and along streets in any direction as a person walks.

Metres over the junction graph within a few hundred metres; turn restrictions are left out, since one hardly matters on the last
50 m. A street that passes over or under another is no neighbour of it here, and the other side of a divided road is as far as
the next opening. Made once for a place and class, in a few milliseconds.
"""

import heapq
import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.ground import Ground
from kuaijing.routing.snaps import Snap
from kuaijing.tracking.steps import M_PER_DEG

Metres = dict[int, float]
"""Junction to metres; a junction beyond the field is absent."""


class Streets:
    """One ground's junction graph, ready to be walked in both directions."""

    def __init__(self, ground: Ground) -> None:
        self.tail, self.head = np.asarray(ground.arc_tail), np.asarray(ground.arc_head)
        self.length, self.access = np.asarray(ground.arc_length_m), np.asarray(ground.arc_access)
        self.twin = np.asarray(ground.arc_twin)
        self._shape_start = np.asarray(ground.shape_start)
        self._shape_lon, self._shape_lat = np.asarray(ground.shape_lon), np.asarray(ground.shape_lat)
        nodes = np.arange(len(ground.node_lon) + 1)
        self._leaving = np.searchsorted(self.tail, nodes)
        self._by_head = np.argsort(self.head, kind="stable")
        self._entering = np.searchsorted(self.head[self._by_head], nodes)

    def leaving(self, node: int) -> list[int]:
        """Arcs that begin at the junction."""
        return list(range(int(self._leaving[node]), int(self._leaving[node + 1])))

    def entering(self, node: int) -> list[int]:
        """Arcs that end at the junction."""
        found: list[int] = self._by_head[int(self._entering[node]) : int(self._entering[node + 1])].tolist()
        return found

    def shape(self, arc: int) -> NDArray[np.float64]:
        """Longitude and latitude of the arc's points, (points, 2)."""
        part = slice(int(self._shape_start[arc]), int(self._shape_start[arc + 1]))
        return np.stack([self._shape_lon[part], self._shape_lat[part]], axis=1).astype(np.float64)

    def spread(
        self, seeds: Iterable[tuple[int, float]], next_of: Callable[[int], Iterable[tuple[int, float]]], limit_m: float
    ) -> Metres:
        """Shortest metres from the seeds over ``next_of`` within the limit."""
        best: Metres = {}
        queue = sorted((metres, node) for node, metres in seeds if metres <= limit_m)
        while queue:
            metres, node = heapq.heappop(queue)
            if node in best:
                continue
            best[node] = metres
            for other, more in next_of(node):
                if other not in best and metres + more <= limit_m:
                    heapq.heappush(queue, (metres + more, other))
        return best

    def forwards(self, bit: int) -> Callable[[int], Iterable[tuple[int, float]]]:
        """Steps in driving direction for a class."""
        return lambda node: (
            (int(self.head[arc]), float(self.length[arc])) for arc in self.leaving(node) if self.access[arc] & bit
        )

    def backwards(self, bit: int) -> Callable[[int], Iterable[tuple[int, float]]]:
        """Steps against driving direction for a class."""
        return lambda node: (
            (int(self.tail[arc]), float(self.length[arc])) for arc in self.entering(node) if self.access[arc] & bit
        )

    def any_way(self, node: int) -> Iterable[tuple[int, float]]:
        """Steps on foot: every street, both ways."""
        yield from ((int(self.head[arc]), float(self.length[arc])) for arc in self.leaving(node))
        yield from ((int(self.tail[arc]), float(self.length[arc])) for arc in self.entering(node))


class RoadField:
    """Road distances around one place for one class."""

    def __init__(self, streets: Streets, place: Snap, bit: int, limit_m: float) -> None:
        self._streets, self._bit, self._limit = streets, bit, limit_m
        self._at = [(place.arc, place.fraction)]
        if place.twin >= 0:
            self._at.append((place.twin, 1.0 - place.fraction))
        driven = [(arc, at) for arc, at in self._at if streets.access[arc] & bit] or self._at
        before = [(int(streets.tail[arc]), at * float(streets.length[arc])) for arc, at in driven]
        behind = [(int(streets.head[arc]), (1 - at) * float(streets.length[arc])) for arc, at in driven]
        self._driven = driven
        self._to = streets.spread(before, streets.backwards(bit), limit_m)
        self._from = streets.spread(behind, streets.forwards(bit), limit_m)
        self._around = streets.spread([*before, *behind], streets.any_way, limit_m)
        self._shapes: tuple[float, list[tuple[int, NDArray[np.float64]]]] | None = None

    def drive_m(self, arc: int, fraction: float) -> float:
        """Metres to drive from a position to the place; infinite beyond the field."""
        long = float(self._streets.length[arc])
        ahead = [(at - fraction) * long for own, at in self._driven if own == arc and at >= fraction]
        return min(ahead, default=(1 - fraction) * long + self._to.get(int(self._streets.head[arc]), math.inf))

    def past_m(self, arc: int, fraction: float) -> float:
        """Metres to drive from the place to a position."""
        long = float(self._streets.length[arc])
        behind = [(fraction - at) * long for own, at in self._driven if own == arc and at <= fraction]
        return min(behind, default=fraction * long + self._from.get(int(self._streets.tail[arc]), math.inf))

    def walk_m(self, arc: int, fraction: float) -> float:
        """Metres along streets in any direction."""
        long, twin = float(self._streets.length[arc]), int(self._streets.twin[arc])
        for own, at in self._at:
            if own == arc:
                return abs(at - fraction) * long
            if own == twin:
                return abs(1 - at - fraction) * long
        tail, head = int(self._streets.tail[arc]), int(self._streets.head[arc])
        return min(
            fraction * long + self._around.get(tail, math.inf),
            (1 - fraction) * long + self._around.get(head, math.inf),
        )

    def near_m(self, lon: float, lat: float, error_m: float, reach_m: float) -> float:
        """Least metres along streets from any street within ``error_m`` of a position; infinite beyond ``reach_m``."""
        if self._shapes is None or self._shapes[0] != reach_m:
            self._shapes = reach_m, [(arc, self._streets.shape(arc)) for arc in self._arcs_within(reach_m)]
        least = math.inf
        for arc, shape in self._shapes[1]:
            metres, fraction = _foot(shape, lon, lat)
            if metres <= error_m:
                least = min(least, self.walk_m(arc, fraction))
        return least if least <= reach_m else math.inf

    def _arcs_within(self, reach_m: float) -> list[int]:
        """The place's own arcs and all that begin or end at a junction within ``reach_m`` on foot."""
        found = {arc for arc, _ in self._at}
        for node, metres in self._around.items():
            if metres <= reach_m:
                found.update(self._streets.leaving(node), self._streets.entering(node))
        return sorted(found)

    def between_m(self, start: tuple[int, float], end: tuple[int, float]) -> float:
        """Metres to drive between two positions by the shortest way, the place or not."""
        streets = self._streets
        if start[0] == end[0] and start[1] <= end[1]:
            return (end[1] - start[1]) * float(streets.length[start[0]])
        first = (1 - start[1]) * float(streets.length[start[0]])
        reached = streets.spread([(int(streets.head[start[0]]), first)], streets.forwards(self._bit), 2 * self._limit)
        last = end[1] * float(streets.length[end[0]])
        return reached.get(int(streets.tail[end[0]]), math.inf) + last


def _foot(shape: NDArray[np.float64], lon: float, lat: float) -> tuple[float, float]:
    """Metres from a position to the line, and the fraction of the line at the nearest point."""
    points = (shape - (lon, lat)) * (M_PER_DEG * math.cos(math.radians(lat)), M_PER_DEG)
    start, step = points[:-1], np.diff(points, axis=0)
    long = np.hypot(step[:, 0], step[:, 1])
    square = np.where(long > 0, long * long, 1.0)
    at = np.clip(-(start * step).sum(axis=1) / square, 0.0, 1.0)
    away = np.hypot(*(start + at[:, None] * step).T)
    best, whole = int(away.argmin()), float(long.sum())
    done = float(long[:best].sum() + at[best] * long[best])
    return float(away[best]), done / whole if whole > 0 else 0.0
