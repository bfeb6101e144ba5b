"""How much more or less than before, with an interval: counts of one period beside counts of another.

Incidents come in clusters, so that counts scatter more than Poisson's law says; the excess (``dispersion``, estimated on the days of
both periods) widens the interval. The ratio of two Poisson counts is a binomial share: Przyborowski and Wilenski (1940),
Biometrika 31, 313-323; the interval is Clopper and Pearson's (1934), with counts divided by the dispersion (quasi-Poisson).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from kuaijing.demand.grid import FloatArray
from kuaijing.demand.refused import DemandError


@dataclass(frozen=True, slots=True)
class Change:
    """One figure beside an earlier one."""

    now: float
    """Incidents of this period."""
    before: float
    """Incidents of the other."""
    ratio: float
    """Rate now by rate before; infinite where there was none, NaN where there is none at all."""
    low: float
    """95 % interval of the ratio."""
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves 1 out: it really changed."""
        return self.low > 1 or self.high < 1


def change(daily_now: FloatArray, daily_before: FloatArray, *, level: float = 0.95) -> Change:
    """The change of a rate between two periods.

    Parameters
    ----------
    daily_now, daily_before
        Incidents of each day, shape ``(days,)`` each; the periods may differ in length.
    level
        Of the interval, in (0, 1).

    Raises
    ------
    DemandError
        A period without days, a negative count, or ``level`` outside (0, 1).
    """
    for name, daily in (("daily_now", daily_now), ("daily_before", daily_before)):
        if not len(daily) or (daily < 0).any() or not np.isfinite(daily).all():
            raise DemandError(f"{name} must be counts of one day or more, got {len(daily)} days")
    if not 0 < level < 1:
        raise DemandError(f"level must be in (0, 1), got {level}")
    now, before = float(daily_now.sum()), float(daily_before.sum())
    exposure = len(daily_now) / len(daily_before)
    if now + before == 0:
        return Change(0.0, 0.0, float("nan"), 0.0, float("inf"))
    scale = dispersion(daily_now, daily_before)
    a, b = now / scale, before / scale
    tail = (1 - level) / 2
    low_share = 0.0 if a == 0 else float(stats.beta.ppf(tail, a, b + 1))
    high_share = 1.0 if b == 0 else float(stats.beta.ppf(1 - tail, a + 1, b))
    ratio = float("inf") if before == 0 else now / before / exposure
    low = low_share / (1 - low_share) / exposure
    high = float("inf") if high_share >= 1 else high_share / (1 - high_share) / exposure
    return Change(now, before, ratio, low, high)


def dispersion(*periods: FloatArray) -> float:
    """Variance of a day by its mean, pooled over the periods, at least 1 (Poisson)."""
    square, mean = 0.0, 0.0
    days = 0
    for daily in periods:
        if len(daily) > 1 and daily.sum() > 0:
            square += float(((daily - daily.mean()) ** 2).sum())
            mean += float(daily.mean()) * (len(daily) - 1)
            days += len(daily) - 1
    return max(1.0, square / mean) if days and mean > 0 else 1.0
