"""Season and trend: a planted one is found, a short history claims none."""

from datetime import date, timedelta

import numpy as np
import pytest

from kuaijing.demand import find_season

FIRST = date(2023, 1, 1)


def drawn(days: int, *, per_year: float = 1.0, summer: float = 0.0, mean: float = 100.0) -> np.ndarray:
    day = np.arange(days)
    turn = np.array([(FIRST + timedelta(int(each))).timetuple().tm_yday for each in day]) / 365.25
    rate = mean * per_year ** (day / 365.25) * (1 - summer * np.cos(2 * np.pi * (turn - 0.04)))
    return np.random.default_rng(7).poisson(rate).astype(np.float64)


def test_a_planted_trend_and_summer_are_found() -> None:
    season = find_season(drawn(1096, per_year=1.1, summer=0.2), FIRST)

    assert season is not None
    assert season.per_year_low < 1.1 < season.per_year_high
    assert season.per_year_high - season.per_year_low < 0.05
    assert np.argmax(season.months) in (6, 7)
    assert season.factor(date(2026, 7, 15)) == pytest.approx(1.2, abs=0.04)
    assert season.factor(date(2026, 1, 15)) == pytest.approx(0.8, abs=0.04)


def test_an_even_history_has_neither() -> None:
    season = find_season(drawn(1096), FIRST)

    assert season is not None
    assert season.per_year_low < 1 < season.per_year_high
    assert max(season.months) < 1.03


def test_less_than_a_year_and_a_half_claims_nothing() -> None:
    assert find_season(drawn(500), FIRST) is None
    assert find_season(np.zeros(1000), FIRST) is None
