"""What the free units reach in time at one moment of a run, as the two soonest of each demand point: the engine's ``StreetReach``.

The losses are then the engine's own compiled functions over it. Compiled.
"""

import numpy as np

from kuaijing.engine.choice.reach import compiled_losses, compiled_pair_losses
from kuaijing.simulation.compiled.driving import locate
from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.tables import IDLE, MOVING


@machine_code
def two_soonest(roads, force, standards, units, hour, now, to_destination):  # type: ignore[no-untyped-def]
    """(best_ms, best_unit, second_ms, second_unit, limit_ms) per demand point over the units that are idle.

    With ``to_destination`` a unit that is moving counts where it is going, as redeployment does, else where it is.
    """
    points = standards.expected.shape[1]
    limit = standards.limit_ms[standards.limit_set[hour], :points].astype(np.int32)
    best_ms, second_ms = np.full(points, -1, np.int32), np.full(points, -1, np.int32)
    best_unit, second_unit = np.full(points, -1, np.int32), np.full(points, -1, np.int32)
    longest = limit.max()
    period = roads.period_of_hour[hour]
    point = np.empty(4, np.int64)
    for unit in range(len(units)):
        if units[unit].status != IDLE and units[unit].status != MOVING:
            continue
        kind = units[unit].kind
        if to_destination:
            point[0], point[1], point[2], point[3] = units[unit].place, 0, -1, 0
        else:
            locate(roads.to_ms, units, kind, unit, now, point)
        delay = units[unit].estimate_ms
        ahead, ahead_ms = roads.from_ms[period, kind, point[0]], point[1] + delay
        behind = roads.from_ms[period, kind, max(point[2], 0)]
        behind_ms = point[3] + delay if point[2] >= 0 else np.int64(longest) + 1
        for z in range(points):
            ms = min(ahead_ms + ahead[z], behind_ms + behind[z])
            if ms > longest:
                continue
            if best_ms[z] < 0 or ms < best_ms[z]:
                second_ms[z], second_unit[z] = best_ms[z], best_unit[z]
                best_ms[z], best_unit[z] = ms, unit
            elif second_ms[z] < 0 or ms < second_ms[z]:
                second_ms[z], second_unit[z] = ms, unit
    return best_ms, best_unit, second_ms, second_unit, limit


@machine_code
def loss_shares(roads, force, standards, units, hour, now, loss, shared):  # type: ignore[no-untyped-def]
    """Fill ``loss`` (units,) and ``shared`` (units, units) with shares of the expected calls."""
    best_ms, best_unit, second_ms, second_unit, limit = two_soonest(roads, force, standards, units, hour, now, False)
    weight = standards.expected[hour]
    total = weight.sum()
    loss[:] = compiled_losses(best_ms, best_unit, second_ms, limit, weight, len(loss))
    shared[:] = 0.0
    compiled_pair_losses(best_ms, best_unit, second_ms, second_unit, limit, weight, shared)
    if total > 0:
        loss /= total
        shared /= total
