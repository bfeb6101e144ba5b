"""All roles of an incident chosen together."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from kuaijing.engine.choice.assignment import assign
from kuaijing.engine.choice.together import choose_together


def choose(
    median: list[float],
    may: list[list[int]],
    *,
    loss: list[float] | None = None,
    carries: list[list[int]] | None = None,
    weight: list[float] | None = None,
    urgent: bool = True,
    limit: float = 180.0,
    liked: list[float] | None = None,
    shared: list[list[float]] | None = None,
) -> tuple[list[int], list[int]]:
    units = len(median)
    found = choose_together(
        np.array(median, float),
        np.array(may, bool).reshape(len(may), units),
        np.array(weight if weight is not None else [1.0, 0.5, 0.25][: len(may)]),
        np.zeros(units) if loss is None else np.array(loss),
        np.zeros((units, 0), bool) if carries is None else np.array(carries, bool),
        limit_s=limit,
        minute_matters=urgent,
        preference=None if liked is None else np.array(liked),
        shared=None if shared is None else np.array(shared),
    )
    return found.unit.tolist(), found.uncarried.tolist()


def test_the_soonest_goes_first() -> None:
    assert choose([90, 40, 60], [[1, 1, 1]]) == ([1], [])


def test_two_units_chosen_together_differ_from_one_after_the_other() -> None:
    # The nearest is the only one near that may support; one after the other would send 0 first and wait 300 s for 2.
    median = [40.0, 50.0, 300.0]
    may = [[1, 1, 0], [1, 0, 1]]

    assert choose(median, may) == ([1, 0], [])


def test_a_wanted_capability_is_carried_by_somebody_who_is_sent() -> None:
    # 0 and 1 are nearest, only 2 carries; the first on scene stays the nearest.
    assert choose([40, 50, 90], [[1, 1, 1], [1, 1, 1]], carries=[[0], [0], [1]]) == ([0, 2], [])


def test_many_capabilities_in_many_roles_are_all_carried() -> None:
    # Eight roles, five capabilities: 32,768 ways to lay them. Five far units carry one each.
    median = [10.0 * number for number in range(1, 41)]
    carries = [[int(unit == 30 + skill) for skill in range(5)] for unit in range(40)]
    chosen, uncarried = choose(median, [[1] * 40] * 8, carries=carries, weight=[1.0] + [0.5] * 7)

    assert uncarried == []
    assert sorted(chosen) == [0, 1, 2, 30, 31, 32, 33, 34]


def test_a_capability_that_nobody_carries_is_named_and_units_go_all_the_same() -> None:
    assert choose([40, 50], [[1, 1]], carries=[[0, 1], [0, 0]]) == ([0], [0])


def test_a_role_that_nobody_can_fill_stays_empty() -> None:
    assert choose([40, 50], [[1, 1], [0, 0]]) == ([0, -1], [])
    assert choose([np.inf, np.inf], [[1, 1]]) == ([-1], [])
    assert choose([], [[]]) == ([-1], [])
    assert choose([40], []) == ([], [])


def test_as_many_roles_as_can_be_are_filled() -> None:
    # 0 is the only one for the second role: the first must leave it to it.
    assert choose([10, 400], [[1, 1], [1, 0]]) == ([1, 0], [])


def test_where_a_minute_matters_cover_breaks_only_ties_nearer_than_ten_seconds() -> None:
    loss = [0.20, 0.0]

    assert choose([50, 59], [[1, 1]], loss=loss) == ([1], [])
    assert choose([50, 60], [[1, 1]], loss=loss) == ([0], [])


def test_a_tie_never_costs_the_limit() -> None:
    assert choose([56, 62], [[1, 1]], loss=[0.20, 0.0], limit=60) == ([0], [])


def test_a_low_grade_spares_the_only_cover() -> None:
    loss = [0.20, 0.0, 0.0]

    assert choose([50, 100, 120], [[1, 1, 1]], loss=loss, urgent=False) == ([1], [])
    assert choose([200, 250, 290], [[1, 1, 1]], loss=loss, urgent=False) == ([1], [])  # nobody meets the limit


def test_a_low_grade_waits_no_more_than_a_minute_and_never_beyond_the_limit_for_cover() -> None:
    loss = [0.20, 0.0]

    assert choose([50, 110], [[1, 1]], loss=loss, urgent=False) == ([1], [])
    assert choose([50, 111], [[1, 1]], loss=loss, urgent=False) == ([0], [])
    assert choose([150, 181], [[1, 1]], loss=loss, urgent=False) == ([0], [])


def test_a_low_grade_sends_the_soonest_of_those_that_cost_about_as_much() -> None:
    # The theft: a motorcycle at 40 s, cars at 75 s and 87 s that cost a tenth of a point less; the plan likes cars best.
    assert choose([40, 75, 87], [[1, 1, 1]], loss=[0.001, 0, 0], liked=[0.5, 0, 0], urgent=False) == ([0], [])
    assert choose([40, 49, 87], [[1, 1, 1]], loss=[0.001, 0, 0], liked=[0.5, 0, 0], urgent=False) == ([1], [])  # a tie
    assert choose([40, 75, 87], [[1, 1, 1]], loss=[0.051, 0.001, 0], urgent=False) == ([1], [])
    assert choose([40, 75, 87], [[1, 1, 1]], loss=[0.007, 0.003, 0], urgent=False) == ([0], [])  # each a little better


def test_a_pair_that_backs_each_other_up_is_not_sent_away_together() -> None:
    # Either of 0 and 1 alone is not missed; both together leave a third of the city. 2 and 3 are missed a little.
    pair = [[0, 0.3, 0, 0], [0.3, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    loss = [0.0, 0.0, 0.01, 0.02]
    both = [[1] * 4, [1] * 4]

    assert sorted(choose([100, 100, 100, 100], both, loss=loss, urgent=False)[0]) == [0, 1]
    assert sorted(choose([100, 100, 100, 100], both, loss=loss, urgent=False, shared=pair)[0]) in ([0, 2], [1, 2])
    assert sorted(choose([50, 52, 55, 58], both, loss=loss, shared=pair)[0]) in ([0, 2], [1, 2])
    assert sorted(choose([50, 52, 65, 68], both, loss=loss, shared=pair)[0]) == [0, 1]  # no tie: arrival decides


def test_among_equals_the_class_that_the_plan_likes_best() -> None:
    assert choose([50, 55], [[1, 1]], liked=[1.0, 0.0]) == ([1], [])
    assert choose([50, 65], [[1, 1]], liked=[1.0, 0.0]) == ([0], [])


def test_liking_and_a_tenth_of_a_point_break_no_more_than_ties_where_a_minute_matters() -> None:
    assert choose([50, 55], [[1, 1]], loss=[0.0, 0.001], liked=[1.0, 0.0]) == ([1], [])
    assert choose([50, 55], [[1, 1]], loss=[0.001, 0.0]) == ([0], [])
    assert choose([50, 55], [[1, 1]], loss=[0.006, 0.0]) == ([1], [])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 20), st.integers(0, 2)), min_size=1, max_size=12),
)
def test_a_low_grade_passes_over_no_sooner_unit_that_costs_about_as_much(units: list[tuple[int, int, int]]) -> None:
    median, loss = [float(each[0]) for each in units], [each[1] / 1000 for each in units]
    (chosen,), _ = choose(median, [[1] * len(units)], loss=loss, liked=[each[2] / 3 for each in units], urgent=False)

    assert median[chosen] <= min(median) + 60
    assert median[chosen] <= 180 or min(median) > 180
    for other in range(len(units)):
        if median[other] <= median[chosen] - 10:
            assert loss[other] >= loss[chosen] + 0.005 - 1e-9


def test_the_same_question_gets_the_same_answer() -> None:
    assert len({str(choose([50, 50, 50, 50], [[1] * 4, [1] * 4])) for _ in range(5)}) == 1


tables = st.integers(1, 5).flatmap(
    lambda rows: st.integers(rows, 9).flatmap(
        lambda columns: st.lists(
            st.lists(st.floats(-1e3, 1e6), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


@settings(max_examples=200, deadline=None)
@given(tables)
def test_the_assignment_is_as_cheap_as_scipy_s(rows: list[list[float]]) -> None:
    cost = np.array(rows)
    own = assign(cost)
    row, column = linear_sum_assignment(cost)

    assert len(set(own.tolist())) == len(cost)
    assert cost[np.arange(len(cost)), own].sum() == pytest.approx(cost[row, column].sum(), rel=1e-9, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=6).flatmap(
        lambda median: st.tuples(
            st.just(median),
            st.lists(st.lists(st.integers(0, 1), min_size=len(median), max_size=len(median)), min_size=1, max_size=3),
        )
    )
)
def test_without_losses_no_choice_fills_more_roles_or_arrives_sooner(
    question: tuple[list[int], list[list[int]]],
) -> None:
    median, may = question
    weight = [1.0, 0.5, 0.25][: len(may)]
    chosen, _ = choose([float(m) for m in median], may)

    def value(units: tuple[int, ...]) -> tuple[int, float]:
        filled = [(role, unit) for role, unit in enumerate(units) if unit >= 0]
        return -len(filled), sum(weight[role] * median[unit] for role, unit in filled)

    options = [
        units
        for units in itertools.product(range(-1, len(median)), repeat=len(may))
        if all(unit < 0 or may[role][unit] for role, unit in enumerate(units))
        and len({unit for unit in units if unit >= 0}) == sum(unit >= 0 for unit in units)
    ]
    best = min(value(units) for units in options)
    # ties nearer than 10 s may be broken towards equal losses only by arrival, never to a later unit
    assert value(tuple(chosen)) == (best[0], pytest.approx(best[1]))
