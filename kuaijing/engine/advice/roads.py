"""The roads as they are now: the weights of every unit class with the closures and slow zones in force.

Weights are swapped whole, so that a search keeps those it began with. Knows closures as drawn; who drew them does not matter.
"""

import logging
import threading
from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.domain.closures import Closure as PlacedClosure
from kuaijing.measures.instants import Instant
from kuaijing.routing import Closure, Network, RoutingError, Weights
from kuaijing.routing.arrays import IntArray
from kuaijing.routing.errors import NoRoadsForClass
from kuaijing.routing.graph import DrivenGraph

_log = logging.getLogger(__name__)


class LiveRoads:
    """Current weights per unit class of one network; ``version`` counts the changes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.version = 0
        self.unused: dict[str, str] = {}
        """Closures that could not be laid on the roads, with the reason."""
        self._closures: tuple[Closure, ...] = ()
        self._in_force: tuple[PlacedClosure, ...] = ()
        self._weights: dict[str, Weights] = {}
        self._arcs: dict[PlacedClosure, IntArray | None] = {}
        self._swapping = threading.Lock()
        self._applying = threading.Lock()
        self.classes = tuple(name for name in UNIT_CLASSES if self.find_graph(name) is not None)
        """Unit classes that have roads here."""

    def find_graph(self, unit_class: str) -> DrivenGraph | None:
        """The class's graph, ``None`` where it has no roads or flies."""
        if unit_class not in UNIT_CLASSES:
            return None
        try:
            return self.network.graph(unit_class)
        except NoRoadsForClass:
            return None

    def weights(self, unit_class: str) -> Weights:
        """The class's weights now."""
        with self._swapping:
            if unit_class not in self._weights:
                base = self.network.graph(unit_class).base
                self._weights[unit_class] = base.with_closures(self._closures) if self._closures else base
            return self._weights[unit_class]

    def apply(self, closures: Mapping[str, PlacedClosure] | Iterable[PlacedClosure], at: Instant) -> bool:
        """Bring the weights to the closures that hold at ``at``; whether anything changed."""
        listed = closures.values() if isinstance(closures, Mapping) else closures
        in_force = tuple(sorted((each for each in listed if _holds(each, at)), key=lambda each: each.id))
        with self._applying:
            return in_force != self._in_force and self._lay(in_force)

    def _lay(self, in_force: tuple[PlacedClosure, ...]) -> bool:
        laid = [(each, arcs) for each in in_force if (arcs := self._arcs_of(each)) is not None]
        with self._swapping:
            self._closures = tuple(Closure(arcs, each.factor) for each, arcs in laid)
            self._in_force = in_force
            self._weights = {}
            self.version += 1
        self._arcs = {each: arcs for each, arcs in self._arcs.items() if each in in_force}
        return True

    def _arcs_of(self, closure: PlacedClosure) -> IntArray | None:
        if closure not in self._arcs:
            try:
                arcs = self.network.arcs_near(_drawn(closure))
                self._arcs[closure] = arcs
                self.unused.pop(closure.id, None)
                if not len(arcs):
                    self.unused[closure.id] = "it follows no road and covers none; draw it along the road that is meant"
            except (RoutingError, shapely.errors.ShapelyError, ValueError) as error:
                _log.warning("closure %s cannot be laid on the roads: %s", closure.id, error)
                self.unused[closure.id] = str(error)
                self._arcs[closure] = None
        return self._arcs[closure]


def _holds(closure: PlacedClosure, at: Instant) -> bool:
    begun = closure.from_at is None or closure.from_at <= at
    return begun and (closure.until is None or at < closure.until)


def _drawn(closure: PlacedClosure) -> BaseGeometry:
    points = np.array(closure.points, dtype=np.float64)
    return shapely.LineString(points) if closure.shape == "line" else shapely.Polygon(points)
