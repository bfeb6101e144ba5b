"""见警率: where free units are seen, minutes an hour by block, and by hour of the day, reconstructed from a simulated trace.

What each unit has left when its jobs are taken off is counted from the trace hour by hour. Where it spends that is its plan's: a unit with
patrol points is at them in proportion to their dwell, and for the share of its time that it was moving (counted by the simulator) on the
drives between them; one without stands at its post. So totals are simulated, places are the plan's: nobody is followed second by second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.simulation.compiled.running import Trace
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.compiled.tables import FAR, HOUR_MS, IDLE, MOVING, ON_PATH_MS, PATROL

Floats = NDArray[np.float64]
_MOST_PAIRS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Minutes in which a free unit is out, per hour of the clock."""

    by_place: Floats
    """(places,)."""
    by_hour: Floats
    """(24,)."""


def where_free(scenario: Scenario) -> tuple[Floats, Floats]:
    """Shares of each unit's free time by place: standing and moving, (units, places) each; rows sum to 1."""
    force, roads = scenario.force, scenario.roads
    standing, moving = (np.zeros((scenario.units, scenario.places)) for _ in range(2))
    for unit in range(scenario.units):
        first, last = int(force.patrol_start[unit]), int(force.patrol_start[unit + 1])
        if scenario.rules.between != PATROL or last == first:
            standing[unit, force.home[unit]] = moving[unit, force.home[unit]] = 1.0
            continue
        places = force.patrol_place[first:last]
        dwell = np.maximum(1, force.patrol_dwell_ms[first:last]).astype(np.float64)
        np.add.at(standing[unit], places, dwell / dwell.sum())
        to_ms = roads.to_ms[0, int(force.unit_class[unit])]
        spots = np.unique(places)
        pairs = [(a, b) for a in spots for b in spots if a != b and to_ms[b, a] < FAR][:_MOST_PAIRS]
        for start, end in pairs:
            # a place lies on the drive if going through it takes no longer
            through = to_ms[:, start].astype(np.int64) + to_ms[end, :] - to_ms[end, start] <= ON_PATH_MS
            moving[unit, through] += max(1, int(to_ms[end, start])) / max(1, int(through.sum()))
        if not moving[unit].any():
            moving[unit] = standing[unit]
        moving[unit] /= moving[unit].sum()
    return standing, moving


def presence_of(scenario: Scenario, trace: Trace, standing: Floats, moving: Floats) -> Presence:
    """Presence of one run; ``standing`` and ``moving`` as ``where_free`` gives them."""
    hours = (trace.window[1] - trace.window[0]) / HOUR_MS
    idle, on_way = (trace.spent_ms[:, status] / 60_000 / hours for status in (IDLE, MOVING))
    by_place = idle @ standing + on_way @ moving
    return Presence(by_place, _by_hour(scenario, trace, float(by_place.sum())))


def _by_hour(scenario: Scenario, trace: Trace, mean: float) -> Floats:
    """Minutes free in each hour of the day: duty less jobs; scaled to the mean that was counted."""
    days = (trace.window[1] - trace.window[0]) / HOUR_MS / 24
    duty = scenario.force.duty.sum(axis=0).reshape(7, 24).mean(axis=0) * 60.0
    orders = trace.orders
    until = np.maximum(orders["left_ms"], orders["withdrawn_ms"])
    known = (until >= 0) & (until > trace.window[0]) & (orders["at_ms"] < trace.window[1])
    start = np.clip(orders["at_ms"][known], *trace.window)
    end = np.clip(until[known], *trace.window)
    busy = np.zeros(24)
    hour = start // HOUR_MS
    while (start < end).any():
        edge = np.minimum(end, (hour + 1) * HOUR_MS)
        np.add.at(busy, hour % 24, np.maximum(0, edge - start) / 60_000)
        start, hour = np.maximum(start, edge), hour + 1
    free = np.maximum(0.0, duty - busy / days)
    return np.asarray(free * (mean / free.mean()) if free.mean() > 0 else free, np.float64)
