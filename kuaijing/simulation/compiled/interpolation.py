"""How far off the simulator's drives from mid-route are, measured against the exact router: the error of its one approximation.

Units are stopped at drawn moments of drawn drives; from there the exact time to a drawn place (unit on its arc, leaving in both
directions) is compared with the simulator's estimate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.routing import Network, Snap, Weights, base_weights, route, times_from_units
from kuaijing.routing.arrays import NO_LIMIT
from kuaijing.routing.graph import DrivenGraph
from kuaijing.routing.snaps import units_at
from kuaijing.simulation.compiled.anchors import Places
from kuaijing.simulation.compiled.driving import drive_ms, locate, set_out, stand_at
from kuaijing.simulation.compiled.errors import MalformedScenario
from kuaijing.simulation.compiled.tables import FAR, UNIT, Int32s

_NEAR_MS = 600_000


@dataclass(frozen=True, slots=True)
class DriveError:
    """Seconds, estimate minus exact, over ``samples`` stops mid-route."""

    samples: int
    mean: float
    mean_abs: float
    p95_abs: float
    mean_drive: float
    """Of the exact drives, to see the error in proportion."""


def measured_error(
    network: Network, places: Places, to_ms: Int32s, unit_class: str, row: int, *, samples: int = 200, seed: int = 0
) -> DriveError:
    """The error for a class (``row`` of ``to_ms``'s second axis, period 0)."""
    chance = np.random.default_rng(seed)
    graph = network.graph(unit_class)
    weights = base_weights(graph)
    errors: list[float] = []
    exacts: list[float] = []
    unit, point = np.zeros(1, UNIT), np.zeros(4, np.int64)
    for _ in range(50 * samples):
        if len(errors) == samples:
            break
        start, end = (int(n) for n in chance.choice(len(places), 2, replace=False))
        drive = int(to_ms[0, row, end, start])
        near = np.flatnonzero(to_ms[0, row, :, end] < _NEAR_MS)
        goal = int(near[chance.integers(len(near))])
        snaps = [network.snap(float(places.lon[n]), float(places.lat[n]), unit_class) for n in (start, end, goal)]
        if any(snap is None for snap in snaps) or not 60_000 <= drive < _NEAR_MS:
            continue
        one, other, there = (snap for snap in snaps if snap is not None)
        way = route(graph, weights, one, other)
        if way is None:
            continue
        share = float(chance.uniform(0.1, 0.9))
        stand_at(unit, 0, start)
        set_out(to_ms, unit, row, 0, 0, end, 0, 1.0)
        locate(to_ms, unit, row, 0, round(share * drive), point)
        estimate = int(drive_ms(to_ms, 0, row, point, goal))
        arc, fraction = _after(graph, weights, way.arcs, one, other, share)
        here = network.place_on(arc, fraction, unit_class)
        exact = int(times_from_units(graph, weights, there, units_at([here]), limit_ms=NO_LIMIT)[0])
        if exact < 0 or estimate >= FAR:
            continue
        errors.append((estimate - exact) / 1000)
        exacts.append(exact / 1000)
    if not errors:
        raise MalformedScenario(f"no drive of a {unit_class} between the {len(places)} places could be measured")
    error = np.array(errors)
    return DriveError(
        len(error),
        float(error.mean()),
        float(np.abs(error).mean()),
        float(np.quantile(np.abs(error), 0.95)),
        float(np.mean(exacts)),
    )


def _after(
    graph: DrivenGraph, weights: Weights, arcs: NDArray[np.int32], one: Snap, other: Snap, share: float
) -> tuple[int, float]:
    """Arc and fraction at a share of the drive's time (what turns cost is spread over it)."""
    whole = weights.node_milliseconds[graph.arc_node[arcs]].astype(np.float64)
    begin = one.fraction if arcs[0] == one.arc else 1 - one.fraction
    end = other.fraction if arcs[-1] == other.arc else 1 - other.fraction
    first, last = np.zeros(len(arcs)), np.ones(len(arcs))
    first[0], last[-1] = begin, end
    parts = np.maximum(0.0, last - first) * whole
    at = share * parts.sum()
    gone = np.concatenate([[0.0], np.cumsum(parts)])
    n = int(min(len(arcs) - 1, np.searchsorted(gone, at, side="right") - 1))
    return int(arcs[n]), float(np.clip(first[n] + (at - gone[n]) / max(1.0, whole[n]), 0.0, 1.0))
