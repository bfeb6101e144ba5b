"""Our own: keep 1-3-5 reach whole. A freed unit goes where it adds most; whenever reach has a hole worth it, a free unit closes it.

A freed unit's post is chosen as by DMEXCLP (the marginal expected cover). Then, at every change of the free units (one freed, or one
sent), single moves are made as long as the engine's own ``engine.choice.cover.best_move`` finds one that gains at least ``least_gain``
of the expected calls over the look-ahead: the very function behind the cover moves that a dispatcher is shown, so what is simulated here
is what happens where every proposal is accepted.

Idea of moves by others than the freed unit: Gendreau, Laporte & Semet (2001), Parallel Computing 27, 1641-1653; that few moves gain most
of it: van Barneveld, Bhulai & van der Mei (2016), European Journal of Operational Research 252, 257-269.
Figures: busy share, least gain (share), look-ahead (s), moves at most per change.
"""

import numpy as np

from kuaijing.engine.choice.cover import best_move, carry_out
from kuaijing.simulation.compiled.driving import drive_ms, locate
from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.standing import two_soonest
from kuaijing.simulation.compiled.tables import FAR, IDLE, MOVING


@machine_code
def fill_holes(roads, force, standards, moves, units, hour, now, goal):  # type: ignore[no-untyped-def]
    """Write into ``goal`` (units,) where free units are to be moved, -1 for those that stay."""
    goal[:] = -1
    count, posts = len(units), len(moves.posts)
    look_ahead_s = moves.figures[2]
    drive_s = np.full((count, posts), np.inf)
    may_move = np.zeros(count, np.bool_)
    point = np.empty(4, np.int64)
    period = roads.period_of_hour[hour]
    for unit in range(count):
        if units[unit].status != IDLE and units[unit].status != MOVING:
            continue
        may_move[unit] = True
        kind = units[unit].kind
        locate(roads.to_ms, units, kind, unit, now, point)
        for post in range(posts):
            away = drive_ms(roads.to_ms, period, kind, point, moves.posts[post])
            if away < FAR:
                drive_s[unit, post] = away / 1000.0
    best_ms, best_unit, second_ms, second_unit, limit = two_soonest(roads, force, standards, units, hour, now, True)
    for z in range(len(limit)):
        if best_ms[z] > limit[z]:
            best_unit[z] = -1
        if second_ms[z] > limit[z]:
            second_unit[z] = -1
    weight = standards.expected[hour]
    least = moves.figures[1] * weight.sum()
    reach = moves.place_reach[standards.limit_set[hour]]
    for _ in range(int(moves.figures[3])):
        worth, unit, post, _gain = best_move(
            best_unit, second_unit, weight, reach, units.kind, drive_s, may_move, look_ahead_s
        )
        if unit < 0 or worth <= least:
            return
        goal[unit] = moves.posts[post]
        carry_out(best_unit, second_unit, unit, reach[post, units[unit].kind])
        may_move[unit] = False
        drive_s[:, post] = np.inf
