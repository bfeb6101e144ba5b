"""When a unit arrives."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.engine.choice.arrival import Spread, arrivals, chance_within, delays_s, is_stale

SPREAD = Spread()


def estimate(
    drive_s: float, age_s: float, *, moving: bool = True, limit_s: float = 180.0, reaction_s: float = 15.0
) -> tuple[float, float, float]:
    ages, moves = np.array([age_s]), np.array([moving])
    delay = delays_s(np.array([reaction_s]), ages, moves, SPREAD)
    found = arrivals(np.array([drive_s]), delay, np.array([8.0]), ages, moves, limit_s, SPREAD)
    return float(found.median_s[0]), float(found.p90_s[0]), float(found.within[0])


def test_the_median_is_drive_plus_reaction_while_the_position_is_fresh() -> None:
    median, p90, _ = estimate(100.0, 5.0)

    assert median == pytest.approx(115.0)
    assert p90 > 115.0


def test_a_stale_position_widens_the_estimate_and_is_not_trusted() -> None:
    fresh, stale = estimate(100.0, 10.0), estimate(100.0, 200.0)

    assert stale[0] == pytest.approx(100 + 15 + 0.5 * 0.35 * (200 - 60))  # half of the spread gained since 60 s
    assert stale[1] - stale[0] > fresh[1] - fresh[0]
    assert is_stale(60.1, True, SPREAD)
    assert not is_stale(60.0, True, SPREAD)
    assert not is_stale(299.0, False, SPREAD)
    assert is_stale(math.inf, False, SPREAD)


def test_a_unit_never_heard_of_has_the_widest_estimate() -> None:
    assert estimate(100.0, math.inf)[1] >= estimate(100.0, 3600.0)[1]


def test_a_unit_at_rest_stays_trusted_longer() -> None:
    assert estimate(100.0, 200.0, moving=False)[1] < estimate(100.0, 200.0, moving=True)[1]


def test_a_unit_that_cannot_come_has_no_chance() -> None:
    assert estimate(math.inf, 1.0) == (math.inf, math.inf, 0.0)


def test_the_chance_is_a_half_where_the_limit_is_the_median() -> None:
    assert estimate(165.0, 0.0, limit_s=180.0)[2] == pytest.approx(0.5)
    assert chance_within(60.0, 60.0, 0.0) == 1.0
    assert chance_within(60.0, 60.1, 0.0) == 0.0
    assert chance_within(0.0, 60.0, 0.3) == 0.0


def test_the_closed_form_is_near_the_sum_of_its_sources() -> None:
    random = np.random.default_rng(3)
    reaction = random.lognormal(math.log(15), 0.47, 200_000)  # standard deviation 8 s
    drive = 100 * random.lognormal(0, 0.2, 200_000)
    total = reaction + drive
    median, p90, within = estimate(100.0, 0.0, limit_s=130.0)

    assert median == pytest.approx(float(np.median(total)), rel=0.02)
    assert p90 == pytest.approx(float(np.quantile(total, 0.9)), rel=0.03)
    assert within == pytest.approx(float((total <= 130).mean()), abs=0.04)


@settings(max_examples=300, deadline=None)
@given(
    drive=st.floats(0, 1200),
    age=st.floats(0, 4000),
    older=st.floats(0, 4000),
    moving=st.booleans(),
    reaction=st.floats(3, 60),
)
def test_p90_never_shrinks_as_the_fix_ages(
    drive: float, age: float, older: float, moving: bool, reaction: float
) -> None:
    young = estimate(drive, age, moving=moving, reaction_s=reaction)
    old = estimate(drive, age + older, moving=moving, reaction_s=reaction)

    assert old[0] >= young[0]
    assert old[1] >= young[1] - 1e-6
    assert young[1] >= young[0]
    assert 0 <= young[2] <= 1
