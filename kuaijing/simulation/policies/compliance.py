"""Compliance table: for each number of free units a fixed set of posts; whenever the number changes, units move to comply.

Source: Gendreau, Laporte & Semet (2006), Journal of the Operational Research Society 57, 22-28 (relocation by number of free vehicles);
van Barneveld, Jagtenberg, Bhulai & van der Mei (2018), Socio-Economic Planning Sciences 61, 54-69. The table is made by ``table_for``:
each row maximises expected cover (Daskin 1983) and keeps the posts of the row before but for at most ``changes``; who goes where is the
assignment of least total driving (``engine.choice.assignment.assign``).
"""

import numpy as np
from numpy.typing import NDArray

from kuaijing.engine.choice.assignment import assign
from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.tables import IDLE, MOVING


@machine_code
def wanted_places(roads, force, moves, units, hour, goal):  # type: ignore[no-untyped-def]
    """Write into ``goal`` (units,) the place where each free unit shall stand, -1 for the others."""
    goal[:] = -1
    free = np.flatnonzero((units.status == IDLE) | (units.status == MOVING))
    row = moves.table[len(free)]
    seats = np.empty(len(free), np.int64)
    count = 0
    for post in range(len(row)):
        for _ in range(row[post]):
            if count < len(free):
                seats[count] = moves.posts[post]
                count += 1
    if count < len(free) or count == 0:
        return
    period = roads.period_of_hour[hour]
    cost = np.empty((count, count))
    for i in range(count):
        kind = units[free[i]].kind
        for j in range(count):
            cost[i, j] = roads.to_ms[period, kind, seats[j], units[free[i]].place]
    chosen = assign(cost)
    for i in range(count):
        goal[free[i]] = seats[chosen[i]]


@machine_code
def _expected(row, covers, weight, busy):  # type: ignore[no-untyped-def]
    total = 0.0
    for z in range(len(weight)):
        count = 0
        for post in range(len(row)):
            if covers[post, z]:
                count += row[post]
        total += weight[z] * (1.0 - busy**count)
    return total


@machine_code
def _table(covers, weight, busy, units, changes):  # type: ignore[no-untyped-def]
    posts = len(covers)
    table = np.zeros((units + 1, posts), np.int64)
    row = np.zeros(posts, np.int64)
    for size in range(1, units + 1):
        best, at = -1.0, 0
        for post in range(posts):
            row[post] += 1
            value = _expected(row, covers, weight, busy)
            if value > best:
                best, at = value, post
            row[post] -= 1
        row[at] += 1
        for _ in range(changes):
            gain, away, to = best * (1 + 1e-9), -1, -1
            for one in range(posts):
                if row[one] == 0:
                    continue
                row[one] -= 1
                for other in range(posts):
                    row[other] += 1
                    value = _expected(row, covers, weight, busy)
                    if value > gain:
                        gain, away, to = value, one, other
                    row[other] -= 1
                row[one] += 1
            if away < 0:
                break
            row[away] -= 1
            row[to] += 1
            best = gain
        table[size] = row
    return table


def table_for(
    covers: NDArray[np.bool_], weight: NDArray[np.float64], busy: float, units: int, changes: int = 2
) -> NDArray[np.int64]:
    """The table, int64 (units + 1, posts).

    Parameters
    ----------
    covers
        Whether a unit at the post is in time of each demand point, bool (posts, points).
    weight
        Expected calls of each point.
    busy
        Busy share, in (0, 1).
    units
        Rows are made for 0 to so many free units.
    changes
        Posts in which a row may differ from the one before, beyond the unit that it has more.
    """
    return np.asarray(_table(covers, weight, busy, units, changes), dtype=np.int64)
