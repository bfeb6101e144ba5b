"""Which free unit to move where, so that the city reaches more in time.

A move is worth what it adds to the streets reached in time, as an average over the next half hour: the loss counts from the
moment the unit leaves, the gain from its arrival. Moves are chosen one by one, each seeing the streets as the moves before it
leave them; a move that gains too little is not proposed, since every move wears out a crew.

Source of the idea: Gendreau, Laporte & Semet (2001), Parallel Computing 27, 1641-1653 (redeployment with a penalty per move).
Arrays in, numbers out. ``place_reach`` tells for each place and unit class which streets a unit standing there has in time.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaijing.engine.choice.reach import StreetReach
from kuaijing.routing.compiled import compiled

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

LOOK_AHEAD_S = 1800.0
"""Moves are judged over the next half hour."""
LEAST_GAIN = 0.002
"""Share of the city's expected incidents that a move must gain on average to be proposed."""


class Move(NamedTuple):
    """A unit to a place; ``gain`` is what its standing there adds, net, in the weight's measure."""

    unit: int
    place: int
    gain: float


@compiled
def best_move(best_unit, second_unit, weight, place_reach, unit_class, drive_s, may_move, look_ahead_s):  # type: ignore[no-untyped-def]
    """Compiled core of the best single move: unit, place and what it restores."""
    units, places = drive_s.shape
    classes = place_reach.shape[1]
    new = np.zeros((places, classes))
    sole = np.zeros(units)
    kept = np.zeros((units, places))
    for street in range(len(best_unit)):
        best = best_unit[street]
        if best >= 0 and second_unit[street] >= 0:
            continue
        if best >= 0:
            sole[best] += weight[street]
        for place in range(places):
            if best < 0:
                for kind in range(classes):
                    if place_reach[place, kind, street]:
                        new[place, kind] += weight[street]
            elif place_reach[place, unit_class[best], street]:
                kept[best, place] += weight[street]
    top, top_unit, top_place, top_gain = 0.0, -1, -1, 0.0
    for unit in range(units):
        if not may_move[unit]:
            continue
        for place in range(places):
            if not drive_s[unit, place] < look_ahead_s:
                continue
            lost = sole[unit] - kept[unit, place]
            gained = new[place, unit_class[unit]] + kept[unit, place]
            standing = 1.0 - drive_s[unit, place] / look_ahead_s
            value = gained * standing - sole[unit]
            if value > top:
                top, top_unit, top_place = value, unit, place
                top_gain = new[place, unit_class[unit]] - lost
    return top, top_unit, top_place, top_gain


@compiled
def carry_out(best_unit, second_unit, unit, reach):  # type: ignore[no-untyped-def]
    """Take the unit out of the nearest two and lay its reach from the new place in."""
    for street in range(len(best_unit)):
        if second_unit[street] == unit:
            second_unit[street] = -1
        if best_unit[street] == unit:
            best_unit[street], second_unit[street] = second_unit[street], -1
        if reach[street]:
            if best_unit[street] < 0:
                best_unit[street] = unit
            elif second_unit[street] < 0:
                second_unit[street] = unit


def choose_cover(
    reach: StreetReach,
    weight: FloatArray,
    place_reach: BoolArray,
    unit_class: IntArray,
    drive_s: FloatArray,
    may_move: BoolArray,
    *,
    most_moves: int = 3,
    look_ahead_s: float = LOOK_AHEAD_S,
    least_gain: float = 0.0,
) -> list[Move]:
    """The moves to propose, best first.

    Parameters
    ----------
    reach
        The streets as they are once the ordered units are gone.
    weight
        Expected incidents per hour on each street, shape ``(streets,)``.
    place_reach
        Streets in time from each place, shape ``(places, classes, streets)``.
    unit_class
        Row of ``place_reach``'s second axis for each unit, shape ``(units,)``.
    drive_s
        Seconds for each unit to each place, ``inf`` where there is no way, shape ``(units, places)``.
    may_move
        Units that are free to be moved, shape ``(units,)``.
    least_gain
        Average gain over the look-ahead below which a move is not worth proposing, in the weight's measure.
    """
    best = np.where((reach.best_ms >= 0) & (reach.best_ms <= reach.limit_ms), reach.best_unit, -1)
    second = np.where((reach.second_ms >= 0) & (reach.second_ms <= reach.limit_ms), reach.second_unit, -1)
    free = may_move.copy()
    open_place = np.ones(drive_s.shape[1], np.bool_)
    moves: list[Move] = []
    while len(moves) < most_moves and free.any() and open_place.any():
        drive = np.where(open_place[None, :], drive_s, np.inf)
        worth, unit, place, gain = best_move(best, second, weight, place_reach, unit_class, drive, free, look_ahead_s)
        if unit < 0 or worth <= least_gain or worth <= 0:
            break
        moves.append(Move(int(unit), int(place), float(gain)))
        carry_out(best, second, unit, place_reach[place, unit_class[unit]])
        free[unit] = False
        open_place[place] = False
    return moves
