"""What is reached in time, and what is lost."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.engine.choice.divert import may_divert, minute_matters, reinforcements_wanted
from kuaijing.engine.choice.reach import StreetReach, losses, pair_losses, reached, reached_without, tier_sums


def two_soonest(times: np.ndarray, limit: np.ndarray) -> StreetReach:
    """From a table units × streets of milliseconds, -1 for none."""
    streets = times.shape[1]
    columns = [np.full(streets, -1, np.int32) for _ in range(4)]
    for street in range(streets):
        order = sorted((int(ms), unit) for unit, ms in enumerate(times[:, street]) if ms >= 0)[:2]
        for rank, (ms, unit) in enumerate(order):
            columns[2 * rank][street], columns[2 * rank + 1][street] = ms, unit
    return StreetReach(*columns, limit.astype(np.int32))


def test_a_street_is_reached_up_to_its_limit_inclusive() -> None:
    reach = two_soonest(np.array([[60_000, 60_001, -1]]), np.array([60_000, 60_000, 60_000]))

    assert reached(reach).tolist() == [True, False, False]


def test_sums_by_tier_leave_out_streets_without_one() -> None:
    whole, part = tier_sums(np.array([0, 1, 1, -1]), np.array([1.0, 2, 4, 8]), np.array([True, False, True, True]), 3)

    assert whole.tolist() == [1, 6, 0]
    assert part.tolist() == [1, 4, 0]


times_and_limits = st.integers(1, 5).flatmap(
    lambda units: st.integers(1, 12).flatmap(
        lambda streets: st.tuples(
            st.lists(st.lists(st.integers(-1, 9), min_size=streets, max_size=streets), min_size=units, max_size=units),
            st.lists(st.integers(0, 9), min_size=streets, max_size=streets),
            st.sets(st.integers(0, units - 1)),
        )
    )
)


@settings(max_examples=300, deadline=None)
@given(times_and_limits)
def test_a_unit_s_loss_is_that_of_leaving_it_out(world: tuple[list[list[int]], list[int], set[int]]) -> None:
    times, limit = np.array(world[0]), np.array(world[1])
    weight = np.arange(1.0, len(limit) + 1)
    reach = two_soonest(times, limit)
    lost = losses(reach, weight, len(times))
    for unit in range(len(times)):
        fewer = times.copy()
        fewer[unit] = -1
        assert lost[unit] == weight @ reached(reach) - weight @ reached(two_soonest(fewer, limit))


@settings(max_examples=200, deadline=None)
@given(times_and_limits)
def test_single_and_pair_losses_bound_what_a_pair_loses(world: tuple[list[list[int]], list[int], set[int]]) -> None:
    times, limit = np.array(world[0]), np.array(world[1])
    weight = np.arange(1.0, len(limit) + 1)
    reach = two_soonest(times, limit)
    lost, shared = losses(reach, weight, len(times)), pair_losses(reach, weight, len(times))
    for one in range(len(times)):
        for other in range(one):
            fewer = times.copy()
            fewer[[one, other]] = -1
            truth = weight @ reached(reach) - weight @ reached(two_soonest(fewer, limit))
            bound = lost[one] + lost[other] + shared[one, other]
            assert truth <= bound
            assert truth == bound or len(times) > 2


@settings(max_examples=300, deadline=None)
@given(times_and_limits)
def test_without_a_set_of_units_it_is_exact_but_where_it_says_unknown(
    world: tuple[list[list[int]], list[int], set[int]],
) -> None:
    times, limit = np.array(world[0]), np.array(world[1])
    gone = np.isin(np.arange(len(times)), list(world[2]))
    met, unknown = reached_without(two_soonest(times, limit), gone)
    fewer = np.where(gone[:, None], -1, times)
    truth = reached(two_soonest(fewer, limit))

    assert (met[~unknown] == truth[~unknown]).all()
    assert not met[unknown].any()


def test_only_what_drives_to_something_lesser_may_be_diverted() -> None:
    responding, grades = np.array([True, True, True, False]), np.array([1, 2, 3, 4])

    assert may_divert(responding, grades, 2).tolist() == [False, False, True, False]
    assert [minute_matters(grade) for grade in (1, 2, 3, 4)] == [True, True, False, False]
    assert reinforcements_wanted(1) > reinforcements_wanted(4)
