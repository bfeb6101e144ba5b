"""Where a unit is on its way, and how long it needs from there: drives between places, interpolated. Compiled.

A point is told by the place ahead and the place behind with the milliseconds to each; from it one drives on, or turns back at the
same speed, whichever is sooner. The places of a drive are those through which it is no longer (``ON_PATH_MS``), looked up when first
asked. What this misses against the exact router is measured by ``interpolation.measured_error`` (docs/simulation.md).
"""

import numpy as np

from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.tables import FAR, MOST_PATH, ON_PATH_MS


@machine_code
def drive_ms(to_ms, period, kind, point, place):  # type: ignore[no-untyped-def]
    """Milliseconds from ``point`` (4,) to a place; FAR where there is no way."""
    row = to_ms[period, kind, place]
    best = point[1] + row[point[0]]
    if point[2] >= 0:
        best = min(best, point[3] + row[point[2]])
    return min(np.int64(best), np.int64(FAR))


@machine_code
def _look_up_path(to_ms, units, kind, unit):  # type: ignore[no-untyped-def]
    via, goal = units[unit].leg_via, units[unit].leg_to
    drives = to_ms[units[unit].leg_period, kind]
    onward = drives[goal]
    whole = onward[via]
    found, places, longer = 0, np.empty(MOST_PATH, np.int64), np.empty(MOST_PATH, np.int64)
    for place in range(len(onward)):
        left = onward[place]
        if left >= whole or left <= 0 or found == MOST_PATH:
            continue
        gone = drives[place, via]
        if gone <= 0 or gone >= whole or gone + left > whole + ON_PATH_MS:
            continue
        at = found  # those least out of the way first
        while at > 0 and longer[at - 1] > gone + left - whole:
            longer[at], places[at] = longer[at - 1], places[at - 1]
            at -= 1
        longer[at], places[at] = gone + left - whole, place
        found += 1
    on_way, times = units[unit].path_place, units[unit].path_ms
    count = 0
    for i in range(found):
        place, gone = places[i], np.int64(drives[places[i], via])
        at = count
        while at > 0 and times[at - 1] > gone:
            at -= 1
        # on another way, nearly as short: one does not come from the place before by it, nor get from it to the next
        if at > 0 and drives[place, on_way[at - 1]] > gone - times[at - 1] + ON_PATH_MS:
            continue
        if at < count and drives[on_way[at], place] > times[at] - gone + ON_PATH_MS:
            continue
        for j in range(count, at, -1):
            times[j], on_way[j] = times[j - 1], on_way[j - 1]
        times[at], on_way[at] = gone, place
        count += 1
    units[unit].path_count = count


@machine_code
def locate(to_ms, units, kind, unit, now, point):  # type: ignore[no-untyped-def]
    """Write where the unit is at ``now`` into ``point`` (4,)."""
    start = units[unit].point
    goal = units[unit].leg_to
    gone = np.int64(0)
    if goal >= 0:
        gone = np.int64((now - units[unit].leg_at) / units[unit].leg_scale)
    if goal < 0 or gone <= 0:
        point[:] = start
        return
    whole = units[unit].leg_total
    lead, via = units[unit].leg_lead, units[unit].leg_via
    if gone >= whole:
        point[0], point[1], point[2], point[3] = goal, 0, -1, 0
        return
    if gone < lead:
        point[0], point[1] = via, lead - gone
        if via == start[0]:
            point[2], point[3] = start[2], start[3] + gone
        else:
            point[2], point[3] = start[0], start[1] + gone
        return
    if units[unit].path_count < 0:
        _look_up_path(to_ms, units, kind, unit)
    gone -= lead
    behind, behind_ms = via, np.int64(0)
    ahead, ahead_ms = goal, whole - lead
    for i in range(units[unit].path_count):
        if units[unit].path_ms[i] > gone:
            ahead, ahead_ms = units[unit].path_place[i], units[unit].path_ms[i]
            break
        behind, behind_ms = units[unit].path_place[i], units[unit].path_ms[i]
    point[0], point[1], point[2], point[3] = ahead, ahead_ms - gone, behind, gone - behind_ms


@machine_code
def halt(to_ms, units, kind, unit, now, point):  # type: ignore[no-untyped-def]
    """Stop the unit where it is."""
    locate(to_ms, units, kind, unit, now, point)
    units[unit].point[:] = point
    units[unit].leg_to = -1


@machine_code
def set_out(to_ms, units, kind, unit, at, place, period, scale):  # type: ignore[no-untyped-def]
    """Let a halted unit drive to ``place`` from the moment ``at``; returns when it is there."""
    start = units[unit].point
    row = to_ms[period, kind, place]
    via, lead = start[0], start[1]
    if start[2] >= 0 and start[3] + row[start[2]] < lead + row[via]:
        via, lead = start[2], start[3]
    units[unit].leg_to, units[unit].leg_via, units[unit].leg_lead = place, via, lead
    units[unit].leg_total = lead + row[via]
    units[unit].leg_at, units[unit].leg_scale, units[unit].leg_period = at, scale, period
    units[unit].path_count = -1
    units[unit].place = place
    return at + np.int64(np.round(units[unit].leg_total * scale))


@machine_code
def stand_at(units, unit, place):  # type: ignore[no-untyped-def]
    """The unit is at a place."""
    point = units[unit].point
    point[0], point[1], point[2], point[3] = place, 0, -1, 0
    units[unit].leg_to = -1
    units[unit].place = place
