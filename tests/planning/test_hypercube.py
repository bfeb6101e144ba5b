"""The exact hypercube, against the balance equations solved whole and against Erlang."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.planning import OutOfRange, ShapeMismatch, hypercube


def whole_solution(rate: np.ndarray, preference: np.ndarray, service_rate: float) -> np.ndarray:
    """Chance of each state from the full generator matrix."""
    zones, units = preference.shape
    states = 1 << units
    flow = np.zeros((states, states))
    for b in range(states):
        for z in range(zones):
            free = [u for u in preference[z] if not b >> u & 1]
            if free:
                flow[b, b | 1 << free[0]] += rate[z]
        for u in range(units):
            if b >> u & 1:
                flow[b, b ^ 1 << u] += service_rate
    flow -= np.diag(flow.sum(axis=1))
    return np.linalg.lstsq(np.vstack([flow.T, np.ones(states)]), np.append(np.zeros(states), 1.0), rcond=None)[0]


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_busy_shares_solve_the_balance_equations(units: int, zones: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    preference = np.array([chance.permutation(units) for _ in range(zones)])
    rate = chance.random(zones) * 4
    answer = hypercube(rate, preference, 2.0)
    state = whole_solution(rate, preference, 2.0)

    busy = [sum(state[b] for b in range(1 << units) if b >> u & 1) for u in range(units)]
    assert answer.utilisation == pytest.approx(busy, abs=1e-7)
    assert answer.lost == pytest.approx(state[-1], abs=1e-9)
    assert answer.dispatch.sum(axis=1) + answer.lost == pytest.approx(1.0)


def test_loss_is_erlangs() -> None:
    # Three units, 4 calls an hour, 2 an hour each: 2 erlang on 3 lines loses (2^3/3!) / (1 + 2 + 2 + 4/3) = 4/19.
    answer = hypercube([4.0], [[0, 1, 2]], 2.0)

    assert answer.lost == pytest.approx(4 / 19)
    assert answer.utilisation.sum() == pytest.approx(2 * (1 - 4 / 19))  # work carried


def test_first_choice_answers_most() -> None:
    answer = hypercube([1.0, 1.0], [[0, 1], [1, 0]], 2.0)

    assert answer.dispatch[0, 0] > answer.dispatch[0, 1]
    assert answer.dispatch[0, 0] == pytest.approx(answer.dispatch[1, 1])


def test_no_calls_keep_nobody_busy() -> None:
    answer = hypercube([0.0], [[0, 1]], 2.0)

    assert (answer.utilisation == 0).all()
    assert answer.dispatch.tolist() == [[1.0, 0.0]]


def test_fifteen_units_agree_with_erlang() -> None:
    chance = np.random.default_rng(0)
    answer = hypercube(np.full(30, 0.25), np.array([chance.permutation(15) for _ in range(30)]), 1.0)

    offered, terms = 7.5, [7.5**n / math.factorial(n) for n in range(16)]
    assert answer.lost == pytest.approx(terms[-1] / sum(terms))
    assert answer.utilisation.sum() == pytest.approx(offered * (1 - answer.lost), rel=1e-6)


@pytest.mark.parametrize(
    ("rate", "preference", "service", "error", "words"),
    [
        ([1.0], [[0, 0]], 1.0, OutOfRange, "zone 0"),
        ([1.0, 1.0], [[0, 1]], 1.0, ShapeMismatch, "rate"),
        ([1.0], [[0, 1]], 0.0, OutOfRange, "service_rate"),
        ([1.0], [list(range(23))], 1.0, OutOfRange, "at most 22"),
        ([1.0], [[0.5, 1.0]], 1.0, ShapeMismatch, "whole numbers"),
    ],
)
def test_malformed_input_is_refused_by_name(rate, preference, service, error, words) -> None:
    with pytest.raises(error, match=words):
        hypercube(rate, preference, service)
