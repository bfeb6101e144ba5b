"""DMEXCLP: a unit that becomes free goes to the post where it adds most to the expected cover, and nobody else moves.

Source: Jagtenberg, Bhulai & van der Mei (2015), Operations Research for Health Care 4, 27-35. The gain of post w is
``sum_i d_i (1 - q) q**(k_i - 1)`` over the demand points i in time of w, with k_i free units then in time of i, counted where they
stand or are going. The busy share q is the policy's one figure: set too high it is worse than static posts, so it is tuned.
"""

import numpy as np

from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.tables import FAR, IDLE, MOVING


@machine_code
def counts_in_time(roads, force, standards, units, hour, left_out, in_time):  # type: ignore[no-untyped-def]
    """Free units in time of each demand point, where they stand or are going, without ``left_out`` (-1: nobody)."""
    period = roads.period_of_hour[hour]
    limit = standards.limit_ms[standards.limit_set[hour]]
    in_time[:] = 0
    for unit in range(len(units)):
        if unit == left_out or (units[unit].status != IDLE and units[unit].status != MOVING):
            continue
        drives = roads.from_ms[period, units[unit].kind, units[unit].place]
        left = units[unit].estimate_ms
        for z in range(len(in_time)):
            in_time[z] += drives[z] + left <= limit[z]


@machine_code
def place_of(roads, force, standards, moves, units, hour, unit, in_time):  # type: ignore[no-untyped-def]
    """Where a unit that has become free goes; -1: no post can be reached."""
    busy = moves.figures[0]
    counts_in_time(roads, force, standards, units, hour, unit, in_time)
    weight = standards.expected[hour]
    reach = moves.place_reach[standards.limit_set[hour]]
    kind = units[unit].kind
    worth = np.empty(len(in_time))
    for z in range(len(in_time)):
        worth[z] = weight[z] * (1.0 - busy) * busy ** in_time[z]
    best, found, nearest = -1.0, -1, np.int64(FAR)
    for post in range(len(moves.posts)):
        place = moves.posts[post]
        away = np.int64(roads.to_ms[roads.period_of_hour[hour], kind, place, units[unit].place])
        if away >= FAR:
            continue
        gain = 0.0
        for z in range(len(in_time)):
            if reach[post, kind, z]:
                gain += worth[z]
        if gain > best or (gain == best and away < nearest):
            best, found, nearest = gain, place, away
    return found
