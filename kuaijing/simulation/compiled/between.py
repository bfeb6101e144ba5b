"""What units do between jobs: stand, patrol, go home, or what a redeployment policy says. Compiled.

The rules of patrol: a unit visits the places of its own list one after the other, each drawn by a hash of unit and move (so that plans
compared see the same draws), stays there for the place's dwell and goes on. A unit without a list goes home.
"""

import numpy as np

from kuaijing.simulation.compiled.agenda import rank_again
from kuaijing.simulation.compiled.driving import halt, set_out
from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.tables import (
    COMPLIANCE,
    DMEXCLP,
    FAR,
    HOME,
    IDLE,
    MOVING,
    NEVER,
    PATROL,
    REACH,
)
from kuaijing.simulation.policies import compliance, dmexclp, reach, stay_home

_home = stay_home.place_of
_dmexclp = dmexclp.place_of
_comply = compliance.wanted_places
_fill_holes = reach.fill_holes
_improve = reach.improve_expected


@machine_code
def drawn(unit, move):  # type: ignore[no-untyped-def]
    """A whole number >= 0 that looks drawn, the same for the same unit and move (splitmix64)."""
    x = (np.uint64(unit) << np.uint64(32)) + np.uint64(move) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((x ^ (x >> np.uint64(31))) >> np.uint64(2))


@machine_code
def turn_to(units, unit, status, now, warm_ms, end_ms):  # type: ignore[no-untyped-def]
    """Another status from now on; the time spent in the one before is counted."""
    begun, ended = max(units[unit].since, warm_ms), min(now, end_ms)
    if ended > begun:
        units[unit].spent_ms[units[unit].status] += ended - begun
    units[unit].status = status
    units[unit].since = now


@machine_code
def move(roads, force, units, heap, slot, scratch, hour, now, unit, place, window):  # type: ignore[no-untyped-def]
    """Send an idle unit to a place between jobs, from wherever it is; nothing where it stands there or is going there."""
    if place < 0 or units[unit].place == place:
        return
    kind, period = units[unit].kind, roads.period_of_hour[hour]
    halt(roads.to_ms, units, kind, unit, now, scratch.point)
    due = set_out(roads.to_ms, units, kind, unit, now, place, period, roads.grade_factor[0])
    if due - now >= FAR:  # no way: stays
        units[unit].leg_to = -1
        units[unit].place = units[unit].point[0]
        due = NEVER
        turn_to(units, unit, IDLE, now, window[0], window[1])
    else:
        turn_to(units, unit, MOVING, now, window[0], window[1])
        units[unit].legs += 1
        leg = scratch.leg_count[0]
        if leg < len(scratch.legs):
            row = scratch.legs[leg]
            row[0], row[1], row[2], row[3] = unit, now, place, due
        scratch.leg_count[0] += 1
        if window[0] <= now < window[1]:
            units[unit].moves += 1
    units[unit].due = due
    rank_again(heap, slot, units, unit)


@machine_code
def go_on(roads, force, standards, rules, moves, units, heap, slot, scratch, hour, now, unit, window):  # type: ignore[no-untyped-def]
    """What a unit does that has just become free, or whose dwell is over."""
    if rules.between == HOME:
        move(roads, force, units, heap, slot, scratch, hour, now, unit, _home(units, unit), window)
    elif rules.between == PATROL:
        first, last = force.patrol_start[unit], force.patrol_start[unit + 1]
        place = units[unit].home
        if last > first:
            place = force.patrol_place[first + drawn(unit, units[unit].legs) % (last - first)]
        if place == units[unit].place and last > first:  # drawn again the place where it stands: another dwell
            units[unit].legs += 1
            units[unit].due = now + max(1, dwell_ms(force, unit, place))
            rank_again(heap, slot, units, unit)
        else:
            move(roads, force, units, heap, slot, scratch, hour, now, unit, place, window)
    elif rules.between == DMEXCLP or rules.between == REACH:
        place = _dmexclp(roads, force, standards, moves, units, hour, unit, scratch.in_time)
        move(roads, force, units, heap, slot, scratch, hour, now, unit, place, window)


@machine_code
def dwell_ms(force, unit, place):  # type: ignore[no-untyped-def]
    """How long a unit's patrol stays at a place; 0 where it is none of its places."""
    for i in range(force.patrol_start[unit], force.patrol_start[unit + 1]):
        if force.patrol_place[i] == place:
            return force.patrol_dwell_ms[i]
    return 0


@machine_code
def rearrange(roads, force, standards, rules, moves, units, heap, slot, scratch, hour, now, window):  # type: ignore[no-untyped-def]
    """What the policy changes once the number of free units has changed."""
    if rules.between == COMPLIANCE:
        _comply(roads, force, moves, units, hour, scratch.goal)
    elif rules.between == REACH and moves.figures[3] > 0 and moves.figures[4] > 0:
        _improve(roads, force, standards, moves, units, hour, now, scratch.goal, scratch.in_time)
    elif rules.between == REACH and moves.figures[3] > 0:
        _fill_holes(roads, force, standards, moves, units, hour, now, scratch.goal)
    else:
        return
    for unit in range(len(units)):
        if scratch.goal[unit] >= 0 and (units[unit].status == IDLE or units[unit].status == MOVING):
            move(roads, force, units, heap, slot, scratch, hour, now, unit, scratch.goal[unit], window)
