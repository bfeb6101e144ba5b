"""Calls drawn from a pattern."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kuaijing.measures.instants import Instant, after
from kuaijing.simulation.callers import Callers, Pattern, hours_of_week

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_NOON = Instant(1_789_963_200_000_000)  # 2026-09-21T04:00Z, a Monday, 12:00 in Shanghai
EVERY_HOUR_SIX = np.full(168, 6.0)


def pattern(hour_of_week: np.ndarray | None = None) -> Pattern:
    return Pattern(
        lon=np.array([112.0, 112.1]),
        lat=np.array([28.0, 28.1]),
        kind=["fight", "theft"],
        handling_s=np.array([600.0, 900.0]),
        hour_of_week=hour_of_week,
        per_hour=EVERY_HOUR_SIX,
    )


def test_number_of_calls_follows_the_rate() -> None:
    callers = Callers(pattern(), SHANGHAI, {}, seed=1)
    calls = [
        h for i in range(500) for h in callers.between(after(MONDAY_NOON, 3600 * i), after(MONDAY_NOON, 3600 * (i + 1)))
    ]

    first = [h for h in calls if not h.again]
    assert len(first) == pytest.approx(3000, abs=4 * 3000**0.5)  # 500 h at 6 an hour, four standard deviations


def test_only_incidents_of_that_hour_of_the_week_are_drawn() -> None:
    callers = Callers(pattern(np.array([12, 13])), SHANGHAI, {}, seed=2)
    calls = [
        h for i in range(60) for h in callers.between(after(MONDAY_NOON, 30 * i), after(MONDAY_NOON, 30 * (i + 1)))
    ]

    assert {h.kind for h in calls} == {"fight"}  # row 0 happened at Monday 12:00 to 13:00


def test_second_report_comes_after_the_first_and_from_nearby() -> None:
    callers = Callers(pattern(), SHANGHAI, {}, seed=3)
    calls = [
        h for i in range(300) for h in callers.between(after(MONDAY_NOON, 600 * i), after(MONDAY_NOON, 600 * (i + 1)))
    ]

    again = [h for h in calls if h.again]
    assert again
    for late in again:
        earlier = [h for h in calls if not h.again and 20 < (late.at - h.at) / 1e6 < 115 and h.kind == late.kind]
        assert earlier


def test_hour_of_week_is_the_citys_local_one() -> None:
    assert hours_of_week(np.array([MONDAY_NOON]), SHANGHAI, MONDAY_NOON).tolist() == [12]
