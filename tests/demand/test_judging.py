"""Forecasts are judged on months that they have not seen, and plain counts may win."""

import numpy as np
import pytest

from kuaijing.demand import DemandError, counts_of, judge
from kuaijing.measures.instants import SECOND

MONTH = 30 * 86_400 * SECOND
CELLS = 200
STUDIED = np.ones(CELLS, np.bool_)
MONTHS = [(start * MONTH, (start + 1) * MONTH) for start in range(8, 12)]


def year(rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    cell = np.repeat(np.arange(CELLS), random.poisson(rate * 12))
    return cell, random.integers(0, 12 * MONTH, len(cell))


def test_the_arithmetic_of_pai_and_pei() -> None:
    cell = np.array([0] * 6 + [1] * 3 + [2] * 1)
    at = np.full(10, 5)
    known_best = {"best": lambda known, start: np.array([3.0, 2.0, 1.0] + [0.0] * 7)}

    (score,) = judge(cell, at, np.ones(10, np.bool_), known_best, [(0, 10)], area_shares=(0.1,))

    assert (score.caught, score.incidents, score.most) == (6, 10, 6)
    assert score.pai == pytest.approx(0.6 / 0.1)
    assert score.pei == 1.0


def test_all_that_was_counted_beats_last_month_where_nothing_changes() -> None:
    rate = np.random.default_rng(1).lognormal(0.0, 1.0, CELLS)
    cell, at = year(rate)

    scores = judge(
        cell, at, STUDIED,
        {"all": counts_of(cell, CELLS, at), "last month": counts_of(cell, CELLS, at, MONTH)}, MONTHS, area_shares=(0.05,),
    )  # fmt: skip

    by_name = {score.forecast: score for score in scores}
    assert by_name["all"].pai > by_name["last month"].pai
    assert by_name["all"].pai_low < by_name["all"].pai < by_name["all"].pai_high


def test_last_month_wins_where_the_hot_spot_has_moved() -> None:
    random = np.random.default_rng(4)
    old, new = np.full(400, 5), np.full(120, 150)
    cell = np.concatenate([old, new, random.integers(0, CELLS, 300)])
    at = np.concatenate(
        [
            random.integers(0, 9 * MONTH, 400),
            random.integers(9 * MONTH, 12 * MONTH, 120),
            random.integers(0, 12 * MONTH, 300),
        ]
    )

    scores = judge(
        cell, at, STUDIED,
        {"all": counts_of(cell, CELLS, at), "last month": counts_of(cell, CELLS, at, MONTH)}, [MONTHS[-1]], area_shares=(0.005,),
    )  # fmt: skip

    by_name = {score.forecast: score for score in scores}
    assert by_name["last month"].caught > by_name["all"].caught


def test_no_forecast_sees_the_month_it_is_judged_on() -> None:
    cell, at = np.arange(CELLS), np.arange(CELLS) * MONTH // 20
    seen: list[int] = []

    def forecast(known: np.ndarray, start: int) -> np.ndarray:
        seen.append(int(at[known].max()) - start)
        return np.zeros(CELLS)

    judge(cell, at, STUDIED, {"spy": forecast}, [(8 * MONTH, 9 * MONTH)])

    assert max(seen) < 0


def test_months_without_incidents_are_refused() -> None:
    with pytest.raises(DemandError, match="held-out months"):
        judge(np.zeros(3, np.int64), np.zeros(3, np.int64), STUDIED, {}, [(5, 6)])
