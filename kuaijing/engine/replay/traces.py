"""Where units were, as a replay asks for it; the position history stands behind it.

Points come as arrays, since a minute of a thousand units is twelve thousand of them. What was not known at a moment is not shown at
it: ``shown`` is the instant from which a live screen could have had the point.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True, eq=False)
class TracePoints:
    """Points of several units, in the order of ``shown``. All arrays have one shape, ``(points,)``."""

    units: tuple[str, ...] = ()
    """Names that ``unit`` counts."""
    unit: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    shown: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    measured: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    lon: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0, np.float64))
    lat: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0, np.float64))
    speed_mps: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """NaN where not stated."""
    heading_deg: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    at_rest: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    sources: tuple[str, ...] = ()
    """What ``source`` counts: ``jt808``, ``api`` ..."""
    source: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))

    def __len__(self) -> int:
        return len(self.unit)


class Traces(Protocol):
    """The position history."""

    def newest(self, at: Instant, units: Collection[str]) -> TracePoints:
        """The newest point of each of these units that was shown by ``at``, one a unit."""

    def between(self, after: Instant, until: Instant) -> TracePoints:
        """All points shown after ``after`` and by ``until``, oldest first."""


class _NoTraces:
    """A city that keeps no position history: the street is replayed without positions."""

    def newest(self, at: Instant, units: Collection[str]) -> TracePoints:
        return TracePoints()

    def between(self, after: Instant, until: Instant) -> TracePoints:
        return TracePoints()


NO_TRACES: Final[Traces] = _NoTraces()
