"""Entered and left a beat or the city: clearly and for a while, so that a drive along the border changes nothing."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from kuaijing.tracking import DEFAULT_THRESHOLDS
from kuaijing.tracking.detectors.area import Crossed, InArea, next_area
from tests.tracking.reporting_units import at

# West of 0 m lies beat W, east of it beat E, up to 1,000 m; beyond that is no beat. The border is a street.


def beat(east: float) -> str | None:
    return None if abs(east) > 1000 else "W" if east < 0 else "E"


def away_m(held: str | None, east: float) -> float:
    if held is None:
        return math.inf
    return max(0.0, east, -1000 - east) if held == "W" else max(0.0, -east, east - 1000)


def drive(*fixes: tuple[float, float]) -> list[Crossed]:
    known: InArea | None = None
    found = []
    for seconds, east in fixes:
        known, crossed = next_area(
            known, at(seconds), beat(east), away_m(known.area if known else None, east), DEFAULT_THRESHOLDS
        )
        found += [crossed] if crossed else []
    return found


def test_the_first_fix_says_where_a_unit_is() -> None:
    (first,) = drive((0, -300), (10, -290))

    assert (first.area, first.was, first.first) == ("W", None, True)


def test_a_unit_that_drives_over_crossed_between_the_two_fixes_on_either_side_of_the_edge() -> None:
    _, crossed = drive(*((10.0 * i, -300 + 50 * i) for i in range(20)))  # 5 m/s; past the edge by 40 m after second 60

    assert (crossed.area, crossed.was) == ("E", "W")
    assert (crossed.when.earliest, crossed.when.latest) == (at(60), at(70))


def test_a_drive_along_the_border_street_changes_nothing() -> None:
    found = drive(*((5.0 * i, 15.0 if i % 2 else -15.0) for i in range(400)))

    assert [each.area for each in found] == ["W"] or [each.area for each in found] == ["E"]


def test_a_corner_of_the_neighbours_ground_cut_in_less_than_a_minute_changes_nothing() -> None:
    found = drive((0, -300), (10, 100), (30, 200), (55, 100), (65, -100), (90, -200))

    assert [each.area for each in found] == ["W"]


def test_the_city_is_left_and_entered_again() -> None:
    found = drive((0, 900), (30, 1100), (60, 1300), (95, 1500), (200, 900), (230, 800), (265, 700))

    assert [(each.area, each.was) for each in found] == [("E", None), (None, "E"), ("E", None)]
    assert found[1].when.latest == at(30)


@given(st.lists(st.floats(-1500, 1500), min_size=1, max_size=200))
def test_however_a_unit_jumps_about_it_changes_at_most_once_a_minute(easts: list[float]) -> None:
    found = drive(*((10.0 * i, east) for i, east in enumerate(easts)))

    assert len(found) <= 1 + 10 * len(easts) / DEFAULT_THRESHOLDS.beat_after_s
    assert all(a.area != b.area for a, b in itertools.pairwise(found))
