"""Units to an incident by road: the ten-minute list and the first ten, turn-aware, every time checked against scipy.

scipy's ``dijkstra`` runs on the same edge-expanded graph with the same limit. It is timed for one direction of the incident's
street only, which flatters it where there are two; all are used for the check. ``wrong`` counts units whose time differs.
Where ``kuaijing.bench.recommend`` exists its ``rows(network, units, incidents, seed)`` adds the figures of the whole
recommendation.
"""

import argparse
import importlib
import importlib.util
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.scattered import scattered_places, scattered_units
from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import DamagedGround, open_ground
from kuaijing.routing import Network, RoutingError, Snap, UnitSnaps, nearest_two, times_from_units, warm
from kuaijing.routing.arrays import FloatArray, IntArray
from kuaijing.routing.graph import DrivenGraph

Answer = TypeVar("Answer")

LIMIT_MS = 600_000
REACH_MS = 300_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench dispatch``."""
    parser.add_argument("--city", required=True, type=Path, metavar="DIR", help="city folder")
    parser.add_argument("--units", type=int, default=500, metavar="N", help="units on the roads (default 500)")
    parser.add_argument("--incidents", type=int, default=300, metavar="N", help="random incidents (default 300)")
    parser.add_argument("--class", dest="unit_class", default="car", choices=tuple(UNIT_CLASSES), help="default car")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default 1")


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, as they are measured."""
    if arguments.units < 10 or arguments.incidents < 1:
        raise BenchRefused(
            f"wanted at least 10 units and 1 incident, got {arguments.units} and {arguments.incidents}; ask for more"
        )
    try:
        network = Network(open_ground(arguments.city))
        graph = network.graph(arguments.unit_class)
    except (DamagedGround, RoutingError) as error:
        raise BenchRefused(str(error)) from None
    warm()
    rng = np.random.default_rng(arguments.seed)
    units = scattered_units(network, arguments.unit_class, arguments.units, rng)
    places = scattered_places(network, arguments.unit_class, arguments.incidents, rng)
    case = f"{network.ground.name} {arguments.unit_class} {arguments.units} units"
    yield from _measured(case, graph, units, places)
    if importlib.util.find_spec("kuaijing.bench.recommend"):
        recommend = importlib.import_module("kuaijing.bench.recommend")
        yield from recommend.rows(network, arguments.units, arguments.incidents, arguments.seed)


def _measured(case: str, graph: DrivenGraph, units: UnitSnaps, places: list[Snap]) -> Iterator[Row]:
    def row(figure: str, value: float, unit: str = "ms", engine: str = OURS) -> Row:
        return Row("dispatch", case, engine, figure, value, unit)

    def pair(figure: str, spent: FloatArray, engine: str = OURS) -> Iterable[Row]:
        return (row(f"{figure}_p{part}", float(np.percentile(spent, part)), engine=engine) for part in (50, 99))

    def ten_minutes(place: Snap) -> IntArray:
        return times_from_units(graph, graph.base, place, units, limit_ms=LIMIT_MS)

    def first_ten(place: Snap) -> IntArray:
        return times_from_units(graph, graph.base, place, units, limit_ms=LIMIT_MS, first=10)

    answers, spent = _timed(ten_minutes, places)
    yield from pair("search", spent)
    firsts, spent = _timed(first_ten, places)
    yield from pair("first10", spent)
    peer = _Peer(graph)
    peers = [peer.times(place, units) for place in places]
    checked = [times for times, _ in peers]
    yield from pair("search", np.array([seconds * 1000 for _, seconds in peers]), "scipy")
    wrong = sum(int((ours != theirs).sum()) for ours, theirs in zip(answers, checked, strict=True))
    wrong += sum(int((ours != _soonest(theirs, 10)).sum()) for ours, theirs in zip(firsts, checked, strict=True))
    yield row("wrong", wrong, "count")
    yield row("units_found_mean", float(np.mean([(times >= 0).sum() for times in answers])), "count")
    _, spent = _timed(lambda _: nearest_two(graph, graph.base, units, REACH_MS), places[:9])
    yield from (row("nearest_two_p50", float(np.percentile(spent, 50))),)


def _timed(ask: Callable[[Snap], Answer], places: list[Snap]) -> tuple[list[Answer], FloatArray]:
    """Answers, and milliseconds spent on each; one question unmeasured goes first."""
    ask(places[0])
    answers, spent = [], []
    for place in places:
        start = time.perf_counter()
        answers.append(ask(place))
        spent.append((time.perf_counter() - start) * 1000)
    return answers, np.array(spent)


def _soonest(times: IntArray, count: int) -> IntArray:
    """Only the soonest ``count`` times, lower rows first among equals; -1 elsewhere."""
    found = np.flatnonzero(times >= 0)
    kept = found[np.lexsort((found, times[found]))][:count]
    only = np.full_like(times, -1)
    only[kept] = times[kept]
    return only


class _Peer:
    """The same question asked of scipy, knowing only ``arcs()`` and where nodes and arcs are."""

    def __init__(self, graph: DrivenGraph) -> None:
        self._graph = graph
        tail, head, milliseconds = graph.arcs()
        self._ms = graph.base.node_milliseconds
        nodes = graph.node_count
        self._backwards = csr_matrix((milliseconds.astype(float), (head, tail)), shape=(nodes, nodes))
        self._forwards = csr_matrix((milliseconds.astype(float), (tail, head)), shape=(nodes, nodes))

    def times(self, place: Snap, units: UnitSnaps) -> tuple[IntArray, float]:
        """Milliseconds of each unit, and seconds spent in scipy for the first direction of the place."""
        share = float(np.float32(place.fraction))
        goals = [(int(self._graph.arc_node[place.arc]), share)]
        if place.twin >= 0:
            goals.append((int(self._graph.arc_node[place.twin]), 1.0 - share))
        onward = np.full(self._graph.node_count, np.inf)
        seconds = 0.0
        for number, (node, part) in enumerate(goals):
            start = time.perf_counter()
            to = dijkstra(self._backwards, indices=node, limit=float(LIMIT_MS))
            seconds += time.perf_counter() - start if number == 0 else 0.0
            onward = np.minimum(onward, to + int(part * int(self._ms[node]) + 0.5))
        found = [self._unit(units, unit, goals, onward) for unit in range(len(units))]
        return np.array([time if time <= LIMIT_MS else -1 for time in found], np.int32), seconds

    def _unit(self, units: UnitSnaps, unit: int, goals: list[tuple[int, float]], onward: FloatArray) -> float:
        arc, share = int(units.arc[unit]), float(units.fraction[unit])
        states = [(arc, share)]
        if units.both[unit]:
            states.append((int(self._graph.twin[arc]), 1.0 - share))
        best = float("inf")
        for on, part in states:
            node = int(self._graph.arc_node[on])
            whole = int(self._ms[node])
            done = int(part * whole + 0.5)
            low, high = self._forwards.indptr[node : node + 2]
            if low < high:
                steps = self._forwards.data[low:high] + onward[self._forwards.indices[low:high]]
                best = min(best, float(steps.min()) - done)
            for goal, goal_part in goals:
                ahead = int(goal_part * whole + 0.5) - done
                if goal == node and ahead >= 0:
                    best = min(best, float(ahead))
        return best
