"""What each arc costs now: an immutable array, swapped whole when a closure comes or goes.

A search holds the weights that it began with to its end. ``with_closures`` states the closures in force, all of them, and
always starts from the base: to lift one, give the list without it. Where several touch one arc the slowest counts.

A closed arc cannot be driven *through*. A unit that stands on one may leave it, and an incident on one may be driven to, both
at the base speed: an order into a closed street is the dispatcher's to give.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kuaijing.routing.arrays import CLOSED, IntArray, frozen
from kuaijing.routing.errors import BadClosure
from kuaijing.routing.expansion import Expansion

MAX_FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class Closure:
    """Junction arcs that are closed (``factor`` None or 0) or driven at ``factor`` times the base speed."""

    arcs: Sequence[int] | IntArray
    factor: float | None = None

    def __post_init__(self) -> None:
        if self.factor is not None and not 0 <= self.factor <= MAX_FACTOR:
            raise BadClosure(f"closure factor must be None or from 0 (closed) to {MAX_FACTOR:g}, got {self.factor}")


@dataclass(frozen=True, eq=False)
class Weights:
    """Milliseconds of every node of one class's driven graph, ``CLOSED`` where nothing passes; shape ``(nodes,)``."""

    expansion: Expansion
    base_node_milliseconds: IntArray
    node_milliseconds: IntArray
    version: int
    longest: int
    """Milliseconds of the slowest arc that is open."""

    @cached_property
    def milliseconds(self) -> IntArray:
        """Per junction arc, int32 ``(arcs,)``; -1 where the class may not drive, ``CLOSED`` where closed."""
        per_arc = np.full(len(self.expansion.arc_node), -1, np.int32)
        per_arc[self.expansion.node_arc] = self.node_milliseconds
        return frozen(per_arc)

    def with_closures(self, closures: Iterable[Closure]) -> "Weights":
        """The base weights with exactly these closures; the version is one higher.

        Raises
        ------
        BadClosure
            An arc is not in the city. Arcs that this class does not use anyway are passed over.
        """
        arcs = len(self.expansion.arc_node)
        factor = np.full(len(self.base_node_milliseconds), np.inf)
        for closure in closures:
            listed = np.asarray(closure.arcs, dtype=np.int64).reshape(-1)
            outside = listed[(listed < 0) | (listed >= arcs)]
            if len(outside):
                raise BadClosure(f"closure names arc {outside[0]}; the city's arcs are 0 to {arcs - 1}")
            nodes = self.expansion.arc_node[listed]
            nodes = nodes[nodes >= 0]
            factor[nodes] = np.minimum(factor[nodes], closure.factor or 0.0)
        changed = np.flatnonzero(np.isfinite(factor))
        milliseconds = self.base_node_milliseconds.copy()
        wanted = factor[changed]
        slowed = np.ceil(milliseconds[changed] / np.where(wanted > 0, wanted, 1.0))
        milliseconds[changed] = np.where(wanted > 0, np.clip(slowed, 1, CLOSED), CLOSED)
        return _weights(self.expansion, self.base_node_milliseconds, milliseconds, self.version + 1)


def first_weights(expansion: Expansion, milliseconds: IntArray) -> Weights:
    """Version 0, nothing closed."""
    return _weights(expansion, frozen(milliseconds), milliseconds, 0)


def _weights(expansion: Expansion, base: IntArray, milliseconds: IntArray, version: int) -> Weights:
    is_open = milliseconds < CLOSED
    longest = int(milliseconds[is_open].max()) if is_open.any() else 1
    return Weights(expansion, base, frozen(milliseconds), version, longest)
