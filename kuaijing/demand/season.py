"""Season and trend of a city's incidents: Poisson regression of daily counts on weekday, time and two waves a year.

Fitted by iteratively reweighted least squares (McCullagh and Nelder 1989, chapter 2), standard errors widened by the dispersion.
With less than a year and a half the season cannot be told from the trend; then neither is claimed.
"""

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kuaijing.demand.grid import FloatArray
from kuaijing.demand.refused import DemandError

LEAST_DAYS: Final = 548
"""A year and a half."""
_YEAR: Final = 365.2425


@dataclass(frozen=True, slots=True)
class Season:
    """What the calendar does to the rate."""

    months: tuple[float, ...]
    """Twelve factors, January first, mean 1 over the year."""
    per_year: float
    """Factor of one year: 1.05 is five per cent more each year."""
    per_year_low: float
    per_year_high: float
    """95 % interval."""
    dispersion: float

    def factor(self, day: date) -> float:
        """The month's factor on that day."""
        return self.months[day.month - 1]


def find_season(daily: FloatArray, first: date) -> Season | None:
    """Season and trend of daily counts; ``None`` where the history is too short or too thin to tell.

    Parameters
    ----------
    daily
        Incidents of each local day, shape ``(days,)``, without gaps.
    first
        The first of these days.

    Raises
    ------
    DemandError
        A negative count or one that is no number.
    """
    if (daily < 0).any() or not np.isfinite(daily).all():
        raise DemandError("daily holds a negative or no number; counts are 0 or more")
    if len(daily) < LEAST_DAYS or daily.sum() < len(daily) / 2:
        return None
    day = np.arange(len(daily), dtype=np.float64)
    waves = _waves((day + first.timetuple().tm_yday - 1) / _YEAR)
    years = (day - day.mean()) / _YEAR
    weekday = (np.arange(len(daily)) + first.weekday()) % 7
    design = np.column_stack([np.ones(len(daily)), years, waves, *(weekday == each for each in range(1, 7))])
    beta, covariance = _poisson(design, daily)
    fitted = np.exp(design @ beta)
    scale = max(1.0, float(((daily - fitted) ** 2 / fitted).sum() / (len(daily) - design.shape[1])))
    error = 1.96 * math.sqrt(scale * covariance[1, 1])
    middle = np.array([(month + 0.5) / 12 for month in range(12)])
    months = np.exp(_waves(middle) @ beta[2:6])
    months /= months.mean()
    trend = math.exp(beta[1])
    return Season(tuple(months.tolist()), trend, math.exp(beta[1] - error), math.exp(beta[1] + error), scale)


def _waves(year: FloatArray) -> FloatArray:
    turn = 2 * np.pi * year
    return np.column_stack([np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)])


def _poisson(design: FloatArray, count: FloatArray) -> tuple[FloatArray, FloatArray]:
    beta = np.zeros(design.shape[1])
    beta[0] = math.log(count.mean())
    information = np.eye(design.shape[1])
    for _ in range(50):
        mean = np.exp(np.clip(design @ beta, -30, 30))
        information = design.T @ (design * mean[:, None])
        step = np.linalg.solve(information, design.T @ (count - mean))
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    return beta, np.asarray(np.linalg.inv(information), np.float64)
