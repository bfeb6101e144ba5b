"""Our own: keep 1-3-5 reach whole. A freed unit goes where it adds most; whenever reach has a hole worth it, a free unit closes it.

A freed unit's post is chosen as by DMEXCLP (the marginal expected cover). Then, at every change of the free units (one freed, or one
sent), single moves are made as long as the engine's own ``engine.choice.cover.best_move`` finds one that gains at least ``least_gain``
of the expected calls over the look-ahead: the very function behind the cover moves that a dispatcher is shown, so what is simulated here
is what happens where every proposal is accepted.

Idea of moves by others than the freed unit: Gendreau, Laporte & Semet (2001), Parallel Computing 27, 1641-1653; that few moves gain most
of it: van Barneveld, Bhulai & van der Mei (2016), European Journal of Operational Research 252, 257-269.
Figures: busy share, least gain (share), look-ahead (s), moves at most per change, and by what a move is judged: 0 by holes as above; 1 by
the gain in expected cover (Daskin 1983) of the whole free force, so that a second unit near by counts for as much as the first is likely
to be away, less the share of the look-ahead that the unit spends driving.
"""

import numpy as np

from kuaijing.engine.choice.cover import best_move, carry_out
from kuaijing.simulation.compiled.driving import drive_ms, locate
from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.standing import two_soonest
from kuaijing.simulation.compiled.tables import FAR, IDLE, MOVING
from kuaijing.simulation.policies.dmexclp import counts_in_time

_counts_in_time = counts_in_time


@machine_code
def improve_expected(roads, force, standards, moves, units, hour, now, goal, in_time):  # type: ignore[no-untyped-def]
    """Write into ``goal`` (units,) the moves that raise the expected cover most, one after the other, -1 for units that stay."""
    goal[:] = -1
    busy, look_ahead_s = moves.figures[0], moves.figures[2]
    weight = standards.expected[hour]
    limit = standards.limit_ms[standards.limit_set[hour]]
    reach = moves.place_reach[standards.limit_set[hour]]
    period, points = roads.period_of_hour[hour], len(in_time)
    least = moves.figures[1] * weight.sum()
    point = np.empty(4, np.int64)
    alone, beside = np.empty(points), np.empty(points)  # what one more is worth where so many are in time; one of them
    covers = np.zeros(points, np.bool_)
    _counts_in_time(roads, force, standards, units, hour, -1, in_time)
    for _ in range(int(moves.figures[3])):
        for z in range(points):
            alone[z] = weight[z] * (1.0 - busy) * busy ** in_time[z]
            beside[z] = weight[z] * (1.0 - busy) * busy ** max(0, in_time[z] - 1)
        best, best_unit, best_post = least, -1, -1
        for unit in range(len(units)):
            if (units[unit].status != IDLE and units[unit].status != MOVING) or goal[unit] >= 0:
                continue
            kind = units[unit].kind
            drives, left = roads.from_ms[period, kind, units[unit].place], units[unit].estimate_ms
            lost = 0.0
            for z in range(points):
                covers[z] = drives[z] + left <= limit[z]
                if covers[z]:
                    lost += beside[z]
            locate(roads.to_ms, units, kind, unit, now, point)
            for post in range(len(moves.posts)):
                away_s = drive_ms(roads.to_ms, period, kind, point, moves.posts[post]) / 1000.0
                if moves.posts[post] == units[unit].place or away_s >= look_ahead_s:
                    continue
                gain = -lost
                for z in range(points):
                    if reach[post, kind, z]:
                        gain += beside[z] if covers[z] else alone[z]
                worth = gain * (1.0 - away_s / look_ahead_s)
                if worth > best:
                    best, best_unit, best_post = worth, unit, post
        if best_unit < 0:
            return
        goal[best_unit] = moves.posts[best_post]
        kind = units[best_unit].kind
        drives, left = roads.from_ms[period, kind, units[best_unit].place], units[best_unit].estimate_ms
        for z in range(points):
            in_time[z] -= drives[z] + left <= limit[z]
            in_time[z] += reach[best_post, kind, z]


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
