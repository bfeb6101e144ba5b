"""A change is told with its interval, and scatter is not called a change."""

import numpy as np
import pytest
from scipy import stats

from kuaijing.demand import DemandError, change


def test_twice_as_many_is_a_change_and_its_interval_is_the_textbooks() -> None:
    now, before = np.array([40.0]), np.array([20.0])

    found = change(now, before)

    low, high = stats.beta.ppf(0.025, 40, 21), stats.beta.ppf(0.975, 41, 20)
    assert found.ratio == 2.0
    assert (found.low, found.high) == pytest.approx((low / (1 - low), high / (1 - high)))
    assert found.certain


def test_periods_of_different_length_are_compared_by_the_day() -> None:
    assert change(np.full(30, 10.0), np.full(60, 10.0)).ratio == pytest.approx(1.0)


def test_clustered_days_widen_the_interval() -> None:
    even, clustered = np.full(28, 10.0), np.tile([0.0, 0.0, 0.0, 40.0], 7)

    calm, wild = change(even * 1.2, even), change(clustered * 1.2, clustered)

    assert calm.ratio == wild.ratio == pytest.approx(1.2)
    assert wild.low < calm.low < 1.2 < calm.high < wild.high


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    held = [
        (found := change(random.poisson(6.0, 28).astype(float), random.poisson(6.0, 28).astype(float))).low
        <= 1
        <= found.high
        for _ in range(400)
    ]

    assert np.mean(held) >= 0.93


def test_from_nothing_the_ratio_is_infinite_and_nothing_at_all_says_nothing() -> None:
    assert change(np.array([5.0]), np.array([0.0])).ratio == float("inf")
    nothing = change(np.array([0.0]), np.array([0.0]))
    assert np.isnan(nothing.ratio)
    assert not nothing.certain
    with pytest.raises(DemandError, match="daily_now"):
        change(np.array([]), np.array([1.0]))
