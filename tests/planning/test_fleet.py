"""Placing a fleet: never worse than what enumeration finds, never above its own bound, and kept posts stay."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.planning import fleet
from kuaijing.planning.errors import NotANumber, OutOfRange, ShapeMismatch


def value(reach: np.ndarray, rate: np.ndarray, units: np.ndarray, busy: float) -> float:
    near = (units[:, :, None] * reach).sum(axis=(0, 1))
    return float((rate * (1 - busy**near)).sum())


def best_of_all(reach: np.ndarray, rate: np.ndarray, count: list[int], busy: float, sites: int) -> float:
    places = reach.shape[1]
    one_class = [[units for units in product(range(n + 1), repeat=places) if sum(units) == n] for n in count]
    return max(
        value(reach, rate, np.array(units), busy)
        for units in product(*one_class)
        if (np.array(units).sum(axis=0) > 0).sum() <= sites
    )


def test_the_second_unit_adds_less_than_the_first() -> None:
    reach = np.ones((1, 1, 1), np.bool_)

    one, two = (fleet(reach, [10.0], [n], busy=0.4).covered for n in (1, 2))

    assert one == pytest.approx(6.0)  # 10 × (1 − 0.4)
    assert two == pytest.approx(8.4)  # 10 × (1 − 0.4²)


def test_a_motorcycle_goes_where_a_car_does_not_reach() -> None:
    reach = np.zeros((2, 2, 2), np.bool_)
    reach[0, 0, 0] = reach[0, 1, 0] = True  # cars reach the first point from both sites
    reach[1, 1, 1] = True  # only the motorcycle reaches the lane, from the second

    found = fleet(reach, [1.0, 1.0], [1, 1])

    assert found.covered == 2.0
    assert found.optimal
    assert found.units[1].tolist() == [0, 1]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.3, 0.7]), st.integers(1, 4))
def test_answers_are_those_of_enumeration_and_within_their_bound(seed: int, busy: float, sites: int) -> None:
    random = np.random.default_rng(seed)
    reach, rate = random.random((2, 4, 6)) < 0.4, random.integers(0, 9, 6).astype(float)

    found = fleet(reach, rate, [2, 1], busy=busy, sites=sites, seconds=5)
    best = best_of_all(reach, rate, [2, 1], busy, sites)

    assert found.covered == pytest.approx(value(reach, rate, found.units, busy))
    assert found.covered <= best + 1e-9 <= found.bound + 2e-6 * (1 + best)
    if found.optimal:
        assert found.covered == pytest.approx(best, rel=1e-5)
    assert found.units.sum(axis=1).tolist() == [2, 1]
    assert (found.units.sum(axis=0) > 0).sum() <= sites


def test_kept_posts_stay_and_the_rest_is_placed_around_them() -> None:
    reach = np.eye(3, dtype=np.bool_)[None]
    kept = np.array([[1, 0, 0]])

    found = fleet(reach, [1.0, 5.0, 4.0], [2], kept=kept)

    assert found.units.tolist() == [[1, 1, 0]]


def test_no_time_gives_an_answer_marked_as_unproven() -> None:
    random = np.random.default_rng(1)
    reach, rate = random.random((1, 40, 200)) < 0.1, random.random(200)

    found = fleet(reach, rate, [8], busy=0.3, seconds=0)

    assert not found.optimal
    assert 0 < found.covered < found.bound <= rate.sum()


def test_no_incident_anywhere_is_covered_by_anything() -> None:
    assert fleet(np.ones((1, 2, 2), np.bool_), [0.0, 0.0], [1]).optimal


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"reach": np.ones((2, 2))}, ShapeMismatch, "classes, sites, points"),
        ({"rate": [1.0]}, ShapeMismatch, "rate"),
        ({"rate": [1.0, float("nan")]}, NotANumber, "rate"),
        ({"count": [1.5]}, OutOfRange, "count"),
        ({"busy": 1.0}, OutOfRange, r"busy must be in \[0, 1\)"),
        ({"sites": 3}, OutOfRange, "sites must be between 1"),
        ({"kept": np.array([[2, 0]])}, OutOfRange, "raise count"),
        ({"count": [5], "most": [1]}, OutOfRange, "do not fit"),
        ({"seconds": -1}, OutOfRange, "seconds"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(given: dict[str, object], error: type[Exception], words: str) -> None:
    asked: dict[str, object] = {"reach": np.ones((1, 2, 2), np.bool_), "rate": [1.0, 1.0], "count": [1]} | given

    with pytest.raises(error, match=words):
        fleet(asked.pop("reach"), asked.pop("rate"), asked.pop("count"), **asked)  # type: ignore[arg-type]
