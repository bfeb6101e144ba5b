"""Shares with their intervals, and the totals of the city's own day, also where the zone's clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.domain.clocks import Interval
from kuaijing.domain.incidents import Incident
from kuaijing.domain.words import IncidentStatus, Origin
from kuaijing.measures.instants import Instant, after, from_datetime, seconds_between
from kuaijing.wire.shares import share_view
from kuaijing.wire.today import day_bounds, local_day, today_view
from tests.wire.write_cases import place

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOON = from_datetime(datetime(2026, 11, 21, 4, tzinfo=UTC))


def test_wilson_interval_of_47_of_50() -> None:
    share = share_view(47, 50)
    assert (share.met, share.of, share.share) == (47, 50, 0.94)
    assert share.low == pytest.approx(0.8378, abs=1e-4)  # Wilson 1927; R's prop.test(correct = FALSE)
    assert share.high == pytest.approx(0.9794, abs=1e-4)


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_lies_within_its_interval(met: int, of: int) -> None:
    share = share_view(min(met, of), of)
    assert share.low is not None
    assert share.share is not None
    assert share.high is not None
    assert 0 <= share.low <= share.share <= share.high <= 1


def test_nothing_counted_has_no_share() -> None:
    assert share_view(0, 0, unmeasured=3).share is None


def incident(name: str, opened_at: Instant, response_s: float | None, **more: object) -> Incident:
    arrived = None if response_s is None else Interval(opened_at, after(opened_at, response_s))
    made = Incident(
        name, 1, IncidentStatus.CLOSED, Origin.CALL_110, "fight", 2, "fight", 2, "order", place("x"), opened_at,
        opened_at, first_ordered_at=opened_at, arrived=arrived, closed_at=after(opened_at, 600.0),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def test_attainment_counts_what_was_ordered_and_measured() -> None:
    incidents = [
        incident("met", NOON, 120.0),
        incident("missed", NOON, 200.0),
        incident("unmeasured", NOON, None),
        incident("found by patrol", NOON, 10.0, origin=Origin.PATROL),
        incident("never ordered", NOON, None, first_ordered_at=None),
        incident("cancelled before arrival", NOON, None, status=IncidentStatus.CANCELLED),
        incident("still on the way", NOON, None, status=IncidentStatus.RESPONDING, closed_at=None),
        incident("part of another", NOON, 10.0, status=IncidentStatus.MERGED),
    ]
    today = today_view(incidents, [("second", 180.0)], NOON, SHANGHAI)
    share = today.attainment[0].response
    assert (share.met, share.of, share.unmeasured) == (1, 2, 1)
    assert today.incidents == 7
    assert today.by_origin == {"call_110": 6, "patrol": 1}
    assert today.mean_handling_s == pytest.approx(600.0)


def test_an_arrival_that_straddles_the_limit_is_not_met() -> None:
    straddling = incident("x", NOON, 190.0)  # between 0 and 190 s after the order, the limit is 180 s
    share = today_view([straddling], [("second", 180.0)], NOON, SHANGHAI).attainment[0].response
    assert (share.met, share.of) == (0, 1)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 21), 24)]
)
def test_a_day_is_the_zones_own_also_where_its_clock_changes(day: date, hours: int) -> None:
    begins, ends = day_bounds(day, BERLIN)
    assert seconds_between(begins, ends) == hours * 3600
    assert local_day(begins, BERLIN) == day
    assert local_day(Instant(ends - 1), BERLIN) == day
    assert local_day(ends, BERLIN) != day


def test_both_hours_of_the_night_when_the_clock_is_set_back_are_of_that_day() -> None:
    twice = [from_datetime(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1)]  # 02:30 local, both
    today = today_view([incident(str(at), at, 60.0) for at in twice], [], after(twice[1], 3600), BERLIN)
    assert today.incidents == 2
