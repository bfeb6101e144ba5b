"""What the free units reach in time, street by street, and what the city loses without some of them.

A street is *reached* where the arrival median of the soonest unit (reaction included) is within the limit of the street's tier.
Per street the two soonest distinct units are known, so what one unit's absence costs is exact without a search: the streets
where it is the soonest in time and the next is not. For a set of units the two tell it exactly wherever not both are in
the set; the rest are ``unknown`` and the caller searches again for those only, or takes them as not reached.

Arrays in, numbers out. Times are milliseconds int32 with -1 for none; weights are metres or incidents per hour.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaijing.routing.compiled import compiled

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class StreetReach(NamedTuple):
    """Per street: the two soonest distinct units and the limit of its tier, all int32 (streets,)."""

    best_ms: IntArray
    best_unit: IntArray
    second_ms: IntArray
    second_unit: IntArray
    limit_ms: IntArray


def reached(reach: StreetReach) -> BoolArray:
    """Whether each street is reached in time, bool (streets,)."""
    return np.asarray((reach.best_ms >= 0) & (reach.best_ms <= reach.limit_ms))


def tier_sums(tier: NDArray[np.int64], of: FloatArray, met: BoolArray, tiers: int) -> tuple[FloatArray, FloatArray]:
    """Sum of ``of`` over the streets of each tier, and over those of them that are ``met``; float64 (tiers,) each.

    Streets with a tier below 0 belong to none.
    """
    inside = tier >= 0
    whole = np.bincount(tier[inside], weights=of[inside], minlength=tiers)
    part = np.bincount(tier[inside & met], weights=of[inside & met], minlength=tiers)
    return whole.astype(np.float64), part.astype(np.float64)


@compiled
def compiled_losses(best_ms, best_unit, second_ms, limit_ms, weight, units):  # type: ignore[no-untyped-def]
    """Compiled core of ``losses``."""
    lost = np.zeros(units)
    for street in range(len(best_ms)):
        limit = limit_ms[street]
        if 0 <= best_ms[street] <= limit and not 0 <= second_ms[street] <= limit:
            lost[best_unit[street]] += weight[street]
    return lost


def losses(reach: StreetReach, weight: FloatArray, units: int) -> FloatArray:
    """What is no longer reached while one unit is gone, for each unit, float64 (units,), in the weight's measure."""
    return np.asarray(
        compiled_losses(reach.best_ms, reach.best_unit, reach.second_ms, reach.limit_ms, weight, units),
        dtype=np.float64,
    )


@compiled
def compiled_pair_losses(best_ms, best_unit, second_ms, second_unit, limit_ms, weight, lost):  # type: ignore[no-untyped-def]
    """Compiled core of ``pair_losses``, added into ``lost``."""
    for street in range(len(best_ms)):
        limit = limit_ms[street]
        if 0 <= best_ms[street] <= limit and 0 <= second_ms[street] <= limit:
            one, other = best_unit[street], second_unit[street]
            lost[one, other] += weight[street]
            lost[other, one] += weight[street]


def pair_losses(reach: StreetReach, weight: FloatArray, units: int) -> FloatArray:
    """What two units that back each other up hold together, beyond what each holds alone, float64 (units, units).

    An upper bound: a third unit may be in time there too. Symmetric, 0 on the diagonal.
    """
    lost = np.zeros((units, units))
    compiled_pair_losses(*reach, weight, lost)
    return lost


@compiled
def _without(best_ms, best_unit, second_ms, second_unit, limit_ms, gone):  # type: ignore[no-untyped-def]
    met, unknown = np.zeros(len(best_ms), np.bool_), np.zeros(len(best_ms), np.bool_)
    for street in range(len(best_ms)):
        limit = limit_ms[street]
        if not 0 <= best_ms[street] <= limit:
            continue
        if not gone[best_unit[street]]:
            met[street] = True
        elif 0 <= second_ms[street] <= limit:
            if gone[second_unit[street]]:
                unknown[street] = True
            else:
                met[street] = True
    return met, unknown


def reached_without(reach: StreetReach, gone: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Whether each street is reached once the ``gone`` units (bool (units,)) are away, and where two units cannot tell.

    ``unknown`` streets count as not reached: a third unit may be in time there.
    """
    met, unknown = _without(*reach, gone)
    return met, unknown


@compiled
def drop_units(best_ms, best_unit, second_ms, second_unit, gone):  # type: ignore[no-untyped-def]
    """Take the ``gone`` units out of the two soonest, in place; what only a third could reach is left as none."""
    for street in range(len(best_ms)):
        if second_ms[street] >= 0 and gone[second_unit[street]]:
            second_ms[street] = second_unit[street] = -1
        if best_ms[street] >= 0 and gone[best_unit[street]]:
            best_ms[street], best_unit[street] = second_ms[street], second_unit[street]
            second_ms[street] = second_unit[street] = -1
