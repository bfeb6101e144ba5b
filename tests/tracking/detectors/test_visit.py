"""Visit of a patrol point: near it for its dwell, within its hours; what positions prove and no more."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.tracking import DEFAULT_THRESHOLDS
from kuaijing.tracking.detectors.visit import AtSpot, Spot, Visited, next_visits
from tests.tracking.detectors.stories import fix, point
from tests.tracking.reporting_units import at

# The point is at the origin and asks for 300 s. Near is within 120 m; gone is beyond that for 30 s.


def story(
    *fixes: tuple[float, float], open_at: Callable[[Instant], bool] = lambda _: True, dwell_s: float = 300.0
) -> list[Visited]:
    spot = Spot("G1", point(), dwell_s, open_at)
    known: dict[str, AtSpot] = {}
    before, found = None, []
    for seconds, east in fixes:
        known, visits = next_visits(known, before, fix(seconds, east), [spot], DEFAULT_THRESHOLDS)
        before = at(seconds)
        found += visits
    return found


def stands(start: float, end: float, step: float = 15.0) -> list[tuple[float, float]]:
    return [(start + step * i, 10.0) for i in range(int((end - start) / step) + 1)]


def test_a_visit_is_told_when_the_unit_has_gone_with_when_it_came_and_went() -> None:
    (visit,) = story((-15, 300), *stands(0, 360), (370, 200), (410, 500))

    assert (visit.came.earliest, visit.came.latest) == (at(-15), at(0))
    assert (visit.left.earliest, visit.left.latest) == (at(360), at(370))
    assert visit.dwell_s == 360


def test_too_short_a_stay_is_no_visit() -> None:
    assert story((-15, 300), *stands(0, 285), (300, 200), (340, 500)) == []


def test_a_step_across_the_street_does_not_end_a_visit_and_is_not_counted_as_dwelling() -> None:
    (visit,) = story(*stands(0, 150), (160, 150), (170, 150), *stands(180, 360), (370, 200), (410, 500))

    assert visit.dwell_s == 150 + 180


def test_hours_that_end_end_the_visit_and_a_stay_outside_them_is_none() -> None:
    (visit,) = story(*stands(0, 900), open_at=lambda at_: seconds_between(at(0), at_) < 400)

    assert visit.dwell_s == 390
    assert story(*stands(0, 900), open_at=lambda at_: False) == []


def test_a_unit_that_stays_for_hours_makes_one_visit() -> None:
    visits = story(*stands(0, 3 * 3600), (3 * 3600 + 15, 300), (3 * 3600 + 60, 500))

    assert [visit.dwell_s for visit in visits] == [DEFAULT_THRESHOLDS.visit_longest_s]


def test_silence_proves_nothing() -> None:
    assert story((0, 10), (1200, 10), (1210, 300), (1250, 600)) == []


@given(st.lists(st.tuples(st.floats(1, 120), st.floats(0, 300)), max_size=100))
def test_no_visit_is_longer_than_the_time_between_coming_and_going(steps: list[tuple[float, float]]) -> None:
    seconds, fixes = 0.0, []
    for step, east in steps:
        seconds += step
        fixes.append((seconds, east))

    for visit in story(*fixes, dwell_s=30.0):
        assert 30.0 <= visit.dwell_s <= seconds_between(visit.came.latest, visit.left.earliest) + 1e-6
        assert visit.came.earliest <= visit.came.latest <= visit.left.earliest <= visit.left.latest
