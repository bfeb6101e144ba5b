"""Near repeats are claimed where the data has them, and only there."""

import numpy as np
import pytest

from kuaijing.demand import DemandError, near_repeat
from kuaijing.measures.instants import SECOND

DAY = 86_400 * SECOND


def scattered(seed: int, count: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.uniform(0, 5000, count), random.uniform(0, 5000, count), random.integers(0, 180 * DAY, count)


def test_incidents_that_follow_one_another_are_seen() -> None:
    x, y, at = scattered(1)
    echo = slice(0, 60)  # sixty of them come again next door two days later

    found = near_repeat(
        np.append(x, x[echo] + 30), np.append(y, y[echo]), np.append(at, at[echo] + 2 * DAY), permutations=99
    )

    assert found.shown
    assert found.observed[0, 0] >= 60
    assert found.ratio[0, 0] > 3
    assert found.p[0, 0] == pytest.approx(0.01)


def test_independent_incidents_are_not_called_repeats() -> None:
    shown = [near_repeat(*scattered(seed), permutations=39, seed=seed).shown for seed in range(20)]

    assert sum(shown) <= 3


def test_a_busy_corner_alone_is_no_repeat() -> None:
    x, y, at = scattered(3)
    x[:200], y[:200] = 100.0, 100.0  # half of all at one corner, all through the half-year

    assert not near_repeat(x, y, at, permutations=99).shown


def test_bands_must_ascend_and_permutations_suffice() -> None:
    with pytest.raises(DemandError, match="days must ascend"):
        near_repeat(*scattered(1), days=(7.0, 3.0))
    with pytest.raises(DemandError, match="19 or more"):
        near_repeat(*scattered(1), permutations=5)
