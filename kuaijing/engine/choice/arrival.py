"""When a unit arrives: one log-normal per unit, from its drive, its reaction and the age of its position.

The median is a sum, so that a search can carry it along as "drive plus the unit's own delay" and reach is judged by the very
same estimate as a recommendation:

    median = drive + delay,   delay = reaction + staleness shift

The spread joins three independent sources: reaction (order to wheels turning), driving (lights, traffic, the model's error: a
share of the drive) and position (how far the unit may have gone since its last fix). The log-normal has that median and,
about it, that spread: ``sigma = sqrt(log(1 + (spread / median)**2))``.

A stale position is not trusted: beyond its freshness limit half of the spread it has gained since is added to the median too,
since a unit that may have driven anywhere is on average farther away than where it was last seen. Scalars compiled by numba,
so that a simulator calls them in its loop; the array function broadcasts over units. Figures are configuration.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaijing.routing.compiled import compiled

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

Z90 = 1.2815515655446004
"""90th percentile of the standard normal."""


class Spread(NamedTuple):
    """Figures of the model that do not depend on the unit's class; a named tuple, so that compiled code takes it."""

    drive_share: float = 0.20
    """Standard deviation of a drive, as a share of it."""
    moving_gain: float = 0.35
    """Seconds of position spread gained per second of age while moving: a patrol wanders, it does not flee."""
    rest_gain: float = 0.02
    """The same at rest."""
    fix_error_s: float = 1.0
    """Seconds that a fresh position is off."""
    most_s: float = 180.0
    """Position spread of a unit that has not been heard for long, or never."""
    fresh_moving_s: float = 60.0
    """Age up to which a moving unit's fix counts as fresh."""
    fresh_rest_s: float = 300.0
    """The same at rest."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Order to wheels turning, seconds: median and standard deviation."""

    median_s: float
    spread_s: float


DEFAULT_REACTION: dict[str, Reaction] = {
    "command_vehicle": Reaction(20.0, 10.0),
    "car": Reaction(15.0, 8.0),
    "motorcycle": Reaction(12.0, 6.0),
    "foot": Reaction(8.0, 4.0),
    "drone": Reaction(30.0, 10.0),
}
"""Assumed until a city has measured its own (acknowledged to moving, by class): the sum of reading the order and setting off."""


@compiled
def position_spread_s(age_s: float, moving: bool, spread: Spread) -> float:
    """Seconds of drive that a position of that age may be off; NaN or infinite age: never heard."""
    if not age_s < math.inf:
        return spread.most_s
    gain = spread.moving_gain if moving else spread.rest_gain
    return min(spread.most_s, spread.fix_error_s + gain * max(0.0, age_s))


@compiled
def staleness_shift_s(age_s: float, moving: bool, spread: Spread) -> float:
    """Seconds that a position beyond its freshness adds to the median; 0 while fresh."""
    fresh = spread.fresh_moving_s if moving else spread.fresh_rest_s
    gained = position_spread_s(age_s, moving, spread) - position_spread_s(fresh, moving, spread)
    return 0.5 * max(0.0, float(gained))


@compiled
def is_stale(age_s: float, moving: bool, spread: Spread) -> bool:
    """Whether a position is beyond its freshness."""
    return not age_s <= (spread.fresh_moving_s if moving else spread.fresh_rest_s)


@compiled
def log_spread(median_s: float, drive_s: float, reaction_spread_s: float, position_s: float, spread: Spread) -> float:
    """Sigma of the log-normal."""
    total = math.hypot(math.hypot(reaction_spread_s, spread.drive_share * drive_s), position_s)
    return math.sqrt(math.log1p((total / max(median_s, 1e-3)) ** 2))


@compiled
def chance_within(limit_s: float, median_s: float, sigma: float) -> float:
    """Chance that the arrival is within the limit, 0 to 1; at least one half exactly where the median is."""
    if limit_s <= 0 or not median_s < math.inf:
        return 0.0
    if sigma <= 0:
        return 1.0 if median_s <= limit_s else 0.0
    return 0.5 * math.erfc(-math.log(limit_s / max(median_s, 1e-3)) / (sigma * math.sqrt(2.0)))


@compiled
def _delays(reaction_s, age_s, moving, spread):  # type: ignore[no-untyped-def]
    delay = np.empty(len(reaction_s))
    for i in range(len(reaction_s)):
        delay[i] = reaction_s[i] + staleness_shift_s(age_s[i], moving[i], spread)
    return delay


def delays_s(reaction_s: FloatArray, age_s: FloatArray, moving: BoolArray, spread: Spread) -> FloatArray:
    """What each unit adds to any drive of its, seconds (units,): reaction and staleness shift."""
    return np.asarray(_delays(reaction_s, age_s, moving, spread), dtype=np.float64)


class Arrivals(NamedTuple):
    """Estimates per unit, seconds; infinite where the drive is. ``within`` is the chance of the limit, 0 to 1."""

    median_s: FloatArray
    p90_s: FloatArray
    within: FloatArray


@compiled
def _arrivals(drive_s, delay_s, reaction_spread_s, age_s, moving, limit_s, spread):  # type: ignore[no-untyped-def]
    count = len(drive_s)
    median, p90, within = np.full(count, np.inf), np.full(count, np.inf), np.zeros(count)
    for i in range(count):
        if not drive_s[i] < math.inf:
            continue
        median[i] = drive_s[i] + delay_s[i]
        position = position_spread_s(age_s[i], moving[i], spread)
        sigma = log_spread(median[i], drive_s[i], reaction_spread_s[i], position, spread)
        p90[i] = median[i] * math.exp(Z90 * sigma)
        within[i] = chance_within(limit_s, median[i], sigma)
    return median, p90, within


def arrivals(
    drive_s: FloatArray,
    delay_s: FloatArray,
    reaction_spread_s: FloatArray,
    age_s: FloatArray,
    moving: BoolArray,
    limit_s: float,
    spread: Spread,
) -> Arrivals:
    """Arrival estimates of many units.

    Parameters
    ----------
    drive_s
        Seconds of driving (and of walking beyond the road), ``inf`` where there is no way; shape ``(units,)`` as all below.
    delay_s
        From ``delays_s``.
    reaction_spread_s, age_s, moving
        Spread of the class's reaction; age of the last fix (``inf`` if there never was one); whether it moved then.
    limit_s
        The tier's limit.
    """
    return Arrivals(*_arrivals(drive_s, delay_s, reaction_spread_s, age_s, moving, limit_s, spread))
