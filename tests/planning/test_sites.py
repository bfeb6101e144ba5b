"""Sites: every answer is checked against all choices of small instances, written out or drawn."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kuaijing.planning import (
    NotANumber,
    OutOfRange,
    ShapeMismatch,
    Unreachable,
    max_cover,
    p_center,
    p_median,
    set_cover,
)

# Four clients on a line at 0, 1, 10, 11; a site may stand at each.
LINE = np.abs(np.subtract.outer([0.0, 1, 10, 11], [0.0, 1, 10, 11]))

small_costs = hnp.arrays(
    np.float64, st.tuples(st.integers(2, 9), st.integers(3, 7)), elements=st.integers(0, 12).map(float)
)


def choices(cost: np.ndarray, p: int) -> list[np.ndarray]:
    return [cost[:, list(sites)].min(axis=1) for sites in combinations(range(cost.shape[1]), p)]


def test_two_sites_on_a_line_stand_one_at_each_end() -> None:
    answer = p_median(LINE, 2)

    assert answer.cost == 2  # one of each pair walks 1
    assert answer.optimal
    assert answer.bound == 2
    assert len({site // 2 for site in answer.sites.tolist()}) == 2


def test_farthest_client_decides_the_centre() -> None:
    answer = p_center(LINE, 1)

    assert (answer.cost, answer.optimal) == (10, True)  # from 1 or from 10: 10 metres to the far end


@given(small_costs, st.integers(1, 3))
@settings(max_examples=120, deadline=None)
def test_median_is_the_best_of_all_choices(cost: np.ndarray, p: int) -> None:
    answer = p_median(cost, p, seconds=2)
    best = min(near.sum() for near in choices(cost, p))

    assert answer.cost == best
    assert answer.cost == cost[:, answer.sites].min(axis=1).sum()
    assert answer.optimal
    assert answer.bound == best


@given(small_costs, st.integers(1, 3))
@settings(max_examples=80, deadline=None)
def test_centre_is_the_best_of_all_choices(cost: np.ndarray, p: int) -> None:
    answer = p_center(cost, p, seconds=5)
    best = min(near.max() for near in choices(cost, p))

    assert answer.cost == best
    assert answer.cost == cost[:, answer.sites].min(axis=1).max()
    assert answer.optimal
    assert len(answer.sites) == p


@given(small_costs, st.integers(1, 3), st.integers(0, 6), st.data())
@settings(max_examples=80, deadline=None)
def test_most_weight_is_covered(cost: np.ndarray, p: int, radius: int, data: st.DataObject) -> None:
    weight = data.draw(hnp.arrays(np.float64, len(cost), elements=st.integers(0, 9).map(float)))
    answer = max_cover(cost, weight, radius, p, seconds=5)
    best = max(float(weight[near <= radius].sum()) for near in choices(cost, p))

    assert answer.covered == pytest.approx(best)
    assert answer.optimal
    assert len(answer.sites) == p


@given(small_costs, st.integers(3, 9))
@settings(max_examples=80, deadline=None)
def test_fewest_sites_cover_all(cost: np.ndarray, radius: int) -> None:
    if not (cost <= radius).any(axis=1).all():
        with pytest.raises(Unreachable):
            set_cover(cost, radius)
        return
    answer = set_cover(cost, radius)
    counts = range(1, cost.shape[1] + 1)
    fewest = next(p for p in counts if any((near <= radius).all() for near in choices(cost, p)))

    assert len(answer.sites) == fewest == answer.bound
    assert (cost[:, answer.sites].min(axis=1) <= radius).all()
    assert answer.optimal


def test_unreachable_pairs_are_allowed_where_another_site_reaches() -> None:
    cost = np.array([[1.0, np.inf], [np.inf, 2.0]])

    assert p_median(cost, 2).cost == 3


def test_client_that_no_site_reaches_is_named() -> None:
    cost = np.array([[1.0, 2.0], [np.inf, np.inf], [3.0, 1.0]])

    for solve in (p_median, p_center):
        with pytest.raises(Unreachable, match="no site reaches client 1") as refused:
            solve(cost, 1)
        assert refused.value.clients == (1,)


def test_too_few_sites_to_reach_everybody_is_said() -> None:
    apart = np.where(np.eye(4) > 0, 1.0, np.inf)

    for solve in (p_median, p_center):
        with pytest.raises(Unreachable, match="3 sites"):
            solve(apart, 3, seconds=1)


@pytest.mark.parametrize(
    ("cost", "p", "error", "words"),
    [
        ([[1.0, np.nan]], 1, NotANumber, r"\[0, 1\] = nan"),
        ([[1.0, -2.0]], 1, NotANumber, r"\[0, 1\] = -2.0"),
        ([1.0, 2.0], 1, ShapeMismatch, r"\(clients, sites\)"),
        (np.zeros((0, 3)), 1, ShapeMismatch, "at least one"),
        ([[1.0, 2.0]], 3, OutOfRange, "p must be between 1 and the 2 sites, got 3"),
        ([[1.0, 2.0]], 0, OutOfRange, "got 0"),
        ([[1.0, 2.0]], 1.5, OutOfRange, "whole number"),
    ],
)
def test_malformed_input_is_refused_by_name(cost, p, error, words) -> None:
    for solve in (p_median, p_center):
        with pytest.raises(error, match=words):
            solve(cost, p)


def test_no_time_gives_an_unproven_answer_that_says_so() -> None:
    cost = np.random.default_rng(0).random((120, 120))
    answer = p_median(cost, 12, seconds=0)

    assert len(answer.sites) == 12
    assert answer.bound <= answer.cost
    assert answer.optimal == (answer.bound >= answer.cost * (1 - 1e-6))


def test_same_seed_gives_the_same_sites() -> None:
    cost = np.random.default_rng(1).integers(1, 100, (80, 60)).astype(float)

    assert p_median(cost, 7, seed=3).sites.tolist() == p_median(cost, 7, seed=3).sites.tolist()
