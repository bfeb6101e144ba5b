"""The compiled choice gives the engine's answer, whatever is asked: the simulator and the engine send the same units."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.engine.choice.together import DEFAULT_AIMS, Aims, choose_together
from kuaijing.simulation.compiled.choosing import choose


def both(seed: int, roles: int, units: int, skills: int, urgent: bool, aims: Aims) -> tuple[list[int], list[int]]:
    chance = np.random.default_rng(seed)
    median = chance.choice([20.0, 25.0, 31.0, 60.0, 75.0, 118.0, 119.0, 180.0, 400.0], units) + chance.integers(
        0, 3, units
    )
    median[chance.random(units) < 0.2] = np.inf
    may = chance.random((roles, units)) < 0.8
    weight = chance.choice([1.0, 0.5, 0.25], roles)
    loss = np.round(chance.random(units) * 0.03, 3)
    carries = chance.random((units, skills)) < 0.3
    liked = chance.choice([0.0, 0.5, 1.0], units)
    half = np.round(chance.random((units, units)) * 0.01, 3)
    shared = half + half.T
    np.fill_diagonal(shared, 0.0)
    limit = float(chance.choice([60.0, 180.0, 300.0]))
    theirs = choose_together(
        median,
        may,
        weight,
        loss,
        carries,
        limit_s=limit,
        minute_matters=urgent,
        preference=liked,
        shared=shared,
        aims=aims,
    )
    ours = choose(
        median, may, weight, loss, carries.T.copy(), limit, urgent, liked, shared, True,
        aims.tie_s, aims.patience_s, aims.loss_step,
    )  # fmt: skip
    return ours.tolist(), theirs.unit.tolist()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 12), st.integers(0, 3), st.booleans())
def test_compiled_choice_is_the_engines_choice(seed: int, roles: int, units: int, skills: int, urgent: bool) -> None:
    ours, theirs = both(seed, roles, units, skills, urgent, DEFAULT_AIMS)

    assert ours == theirs


@pytest.mark.parametrize("urgent", [True, False])
def test_more_ways_than_are_tried_are_laid_one_after_the_other_in_both(urgent: bool) -> None:
    for seed in range(40):
        ours, theirs = both(seed, roles=6, units=10, skills=3, urgent=urgent, aims=Aims(5.0, 30.0, 0.002))

        assert ours == theirs  # 6**3 = 216 ways, above the 128 that are all tried


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("aims", [Aims(0.0, 60.0, 0.005), Aims(10.0, 0.0, 0.005), Aims(0.0, 0.0, 0.005)])
def test_aims_of_zero_are_answered_too_and_alike(aims: Aims, urgent: bool) -> None:
    for seed in range(60):
        ours, theirs = both(seed, roles=2, units=8, skills=1, urgent=urgent, aims=aims)

        assert ours == theirs
