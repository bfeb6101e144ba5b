"""Solvers: arrays in, proposals out, seeded, with a time cap and a bound or proof in every answer.

The stable entry points are these names; docs/planning.md has a runnable example of each. Nothing here knows what a unit, an incident or
a map is.
"""

from kuaijing.planning.districts import DistrictsResult, districts
from kuaijing.planning.errors import (
    Disconnected,
    NotANumber,
    OutOfRange,
    PlanningError,
    ShapeMismatch,
    Unreachable,
)
from kuaijing.planning.fleet import FleetResult, fleet
from kuaijing.planning.hypercube import HypercubeResult, hypercube
from kuaijing.planning.max_cover import CoverResult, SetCoverResult, max_cover, set_cover
from kuaijing.planning.p_center import CenterResult, p_center
from kuaijing.planning.p_median import MedianResult, p_median

__all__ = [
    "CenterResult",
    "CoverResult",
    "Disconnected",
    "DistrictsResult",
    "FleetResult",
    "HypercubeResult",
    "MedianResult",
    "NotANumber",
    "OutOfRange",
    "PlanningError",
    "SetCoverResult",
    "ShapeMismatch",
    "Unreachable",
    "districts",
    "fleet",
    "hypercube",
    "max_cover",
    "p_center",
    "p_median",
    "set_cover",
]
