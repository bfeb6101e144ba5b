"""Empty areas: told once after a while, told over after a while, never by a share that flickers."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kuaijing.measures.instants import seconds_between
from kuaijing.tracking import DEFAULT_THRESHOLDS
from kuaijing.tracking.detectors.empty import AreaFinding, AreaWatch, next_area_watch
from tests.tracking.reporting_units import at

# Empty is below 0.4 for 120 s, reached again from 0.5 for 60 s.


def story(*looks: tuple[float, float]) -> list[AreaFinding]:
    watch, found = AreaWatch(), []
    for seconds, share in looks:
        watch, finding = next_area_watch(watch, share, at(seconds), DEFAULT_THRESHOLDS)
        found += [finding] if finding else []
    return found


def test_it_is_told_once_after_two_minutes_with_when_it_began() -> None:
    (empty,) = story(*((10.0 * i, 0.8 if i < 5 else 0.1) for i in range(60)))

    assert empty == AreaFinding(True, at(50))


def test_a_dip_of_a_minute_is_nothing() -> None:
    assert story((0, 0.8), (10, 0.1), (70, 0.1), (80, 0.45), (90, 0.1), (200, 0.1)) == []


def test_a_share_between_the_marks_neither_raises_nor_ends_it() -> None:
    found = story((0, 0.1), (120, 0.1), *((130.0 + 10 * i, 0.45) for i in range(50)))

    assert [each.empty for each in found] == [True]


def test_reached_again_for_a_minute_it_is_over_and_can_be_raised_anew() -> None:
    found = story((0, 0.1), (120, 0.1), (200, 0.5), (260, 0.5), (300, 0.1), (420, 0.1))

    assert [(each.empty, each.since) for each in found] == [(True, at(0)), (False, at(200)), (True, at(300))]


@given(st.lists(st.floats(0, 1), max_size=300))
def test_findings_alternate_and_none_comes_sooner_than_its_delay(shares: list[float]) -> None:
    found = story(*((10.0 * i, share) for i, share in enumerate(shares)))

    assert [each.empty for each in found] == [i % 2 == 0 for i in range(len(found))]
    assert all(seconds_between(a.since, b.since) >= 60.0 for a, b in itertools.pairwise(found))
