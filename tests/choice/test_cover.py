"""Which free unit to move where."""

import numpy as np

from kuaijing.engine.choice.cover import choose_cover
from kuaijing.engine.choice.reach import StreetReach

NOBODY = -1


def streets(best: list[int], second: list[int]) -> StreetReach:
    """All within or without a limit of 1 s: -1 means nobody in time."""
    columns = [np.array(units, np.int32) for units in (best, second)]
    times = [np.where(units >= 0, 500, -1).astype(np.int32) for units in columns]
    return StreetReach(times[0], columns[0], times[1], columns[1], np.full(len(best), 1000, np.int32))


def propose(
    reach: StreetReach, place_reach: list[list[int]], drive: list[list[float]], **more: object
) -> list[tuple[int, int, float]]:
    units = len(drive)
    moves = choose_cover(
        reach,
        np.ones(len(reach.best_ms)),
        np.array(place_reach, bool)[:, None, :],
        np.zeros(units, np.int64),
        np.array(drive, float),
        np.ones(units, bool),
        **more,  # type: ignore[arg-type]
    )
    return [(move.unit, move.place, move.gain) for move in moves]


def test_the_unit_that_is_missed_least_fills_the_hole() -> None:
    # Streets 0-1 only unit 0 reaches, 2-3 both 1 and 2, 4-6 nobody: a place reaches those.
    reach = streets([0, 0, 1, 1, NOBODY, NOBODY, NOBODY], [NOBODY, NOBODY, 2, 2, NOBODY, NOBODY, NOBODY])

    assert propose(reach, [[0, 0, 0, 0, 1, 1, 1]], [[60], [120], [300]], most_moves=1) == [(1, 0, 3.0)]


def test_the_gain_is_net_of_what_the_unit_leaves_behind() -> None:
    # Unit 0 alone holds street 0; the place reaches three streets that nobody does.
    reach = streets([0, NOBODY, NOBODY, NOBODY], [NOBODY] * 4)

    assert propose(reach, [[0, 1, 1, 1]], [[10]]) == [(0, 0, 2.0)]


def test_a_unit_far_away_gives_way_to_a_near_one() -> None:
    reach = streets([0, NOBODY], [1, NOBODY])

    assert propose(reach, [[0, 1]], [[900], [100]], most_moves=1) == [(1, 0, 1.0)]


def test_no_move_that_tears_a_hole_as_large_as_it_mends() -> None:
    assert propose(streets([0, NOBODY], [NOBODY, NOBODY]), [[0, 1]], [[10]]) == []


def test_streets_that_the_place_still_reaches_are_not_lost() -> None:
    assert propose(streets([0, NOBODY], [NOBODY, NOBODY]), [[1, 1]], [[10]]) == [(0, 0, 1.0)]


def test_a_second_move_sees_what_the_first_left() -> None:
    # Both could fill place 0; once unit 0 stands there unit 1 alone holds street 0 and stays.
    reach = streets([0, NOBODY, NOBODY], [1, NOBODY, NOBODY])

    assert propose(reach, [[0, 1, 0], [0, 0, 1]], [[10, 10], [20, 20]]) == [(0, 0, 1.0)]


def test_a_unit_that_cannot_get_there_or_gains_too_little_is_not_moved() -> None:
    reach = streets([0, NOBODY], [1, NOBODY])

    assert propose(reach, [[0, 1]], [[np.inf], [np.inf]]) == []
    assert propose(reach, [[0, 1]], [[10], [10]], least_gain=1.5) == []
