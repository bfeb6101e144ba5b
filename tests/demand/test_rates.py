"""Expected incidents per cell and hour of week."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.demand import (
    DamagedDemand,
    DemandError,
    DemandRates,
    FaultyHistory,
    Grid,
    NoHistory,
    rates,
    street_length_rates,
)
from kuaijing.demand.hours import HOUR, hour_of_week, hours_of_week
from kuaijing.demand.rates import Shrinkage
from kuaijing.measures.instants import from_datetime

GRID = Grid.over((112.0, 28.0, 112.02, 28.02))  # 8 columns and 9 rows of 250 m
MONDAY = from_datetime(datetime(2026, 11, 2, tzinfo=UTC))
WEEK = 168 * HOUR


def centre(cell: int) -> tuple[float, float]:
    lon, lat = GRID.centres(np.array([cell]))
    return float(lon[0]), float(lat[0])


def history(*rows: tuple[int, int, str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cell, hour since Monday 00:00 UTC, origin."""
    places = [centre(cell) for cell, _, _ in rows]
    return (
        np.array([lon for lon, _ in places]),
        np.array([lat for _, lat in places]),
        np.array([MONDAY + hour * HOUR for _, hour, _ in rows], np.int64),
        np.array([origin for _, _, origin in rows]),
    )


def test_expected_incidents_over_the_history_are_those_that_happened() -> None:
    rows = [(20, 3, "call_110"), (20, 30, "call_110"), (41, 100, "alarm"), (0, 167, "call_122")]
    made = rates(
        *history(*rows), grid=GRID, zone="UTC", period=(MONDAY, MONDAY + WEEK), shrinkage=Shrinkage(half_life_days=1e9)
    )

    assert made.rate.sum() == pytest.approx(4, rel=1e-4)  # one week: every hour of the week once
    assert made.counted == 4


def test_what_officers_find_themselves_is_left_out() -> None:
    rows = [(20, 3, "call_110"), (41, 5, "patrol"), (41, 6, "patrol"), (41, 7, "officer_help")]
    made = rates(*history(*rows), grid=GRID, zone="UTC", period=(MONDAY, MONDAY + WEEK))

    assert made.left_out == 3
    assert 41 not in made.cells  # too far from 20 for the kernel to touch it


def test_a_count_is_shrunken_towards_its_neighbours_only() -> None:
    made = rates(*history((20, 3, "call_110")), grid=GRID, zone="UTC", period=(MONDAY, MONDAY + WEEK))
    total = dict(zip(made.cells.tolist(), made.rate.sum(axis=1).tolist(), strict=True))

    assert total[20] > 10 * total[21] > 0
    assert total[21] > total[22] > 0
    assert 60 not in total


def test_an_incident_makes_its_own_hour_likelier_and_its_neighbouring_hours_less_so() -> None:
    rows = [(20, 51, "call_110")] * 6
    made = rates(*history(*rows), grid=GRID, zone="UTC", period=(MONDAY, MONDAY + 4 * WEEK))
    week = made.rate[list(made.cells).index(20)]

    assert week[51] > week[52] > week[60]
    assert week[27] > week[60]  # the same hour of another day is a little likelier too


def test_no_street_is_said_to_be_free_of_incidents_for_ever() -> None:
    street_m = np.zeros(GRID.cells)
    street_m[60] = 500.0
    made = rates(
        *history((20, 3, "call_110")), grid=GRID, zone="UTC", street_m=street_m, period=(MONDAY, MONDAY + WEEK)
    )

    assert (made.rate[list(made.cells).index(60)] > 0).all()


def test_older_incidents_count_less() -> None:
    rows = [(20, 0, "call_110"), (41, 52 * 168, "call_110")]
    made = rates(*history(*rows), grid=GRID, zone="UTC")
    total = dict(zip(made.cells.tolist(), made.rate.sum(axis=1).tolist(), strict=True))

    assert total[41] > 3 * total[20]  # a year is two half-lives of 180 days


def test_hours_are_those_of_the_city_and_survive_a_clock_change() -> None:
    before = from_datetime(datetime(2026, 3, 29, 0, 30, tzinfo=UTC))  # 01:30 in Berlin, a Sunday
    after = from_datetime(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))  # 03:30 there: 02:00-03:00 did not exist

    assert hour_of_week(before, "Europe/Berlin") == 6 * 24 + 1
    assert hour_of_week(after, "Europe/Berlin") == 6 * 24 + 3
    assert hour_of_week(MONDAY, "Asia/Shanghai") == 8
    assert hours_of_week(np.array([-1], np.int64), "UTC")[0] == 2 * 24 + 23  # the last hour before Thursday 1970-01-01


def test_incidents_outside_the_grid_are_counted_apart() -> None:
    lon, lat, at, origin = history((20, 3, "call_110"), (20, 4, "call_110"))
    lon[1] = 113.0
    made = rates(lon, lat, at, origin, grid=GRID, zone="UTC")

    assert (made.counted, made.outside) == (1, 1)


def test_a_history_without_one_call_is_refused() -> None:
    with pytest.raises(NoHistory, match="1 given, 1 found by officers"):
        rates(*history((20, 3, "patrol")), grid=GRID, zone="UTC")
    with pytest.raises(NoHistory, match="0 given"):
        rates(*history(), grid=GRID, zone="UTC")


def test_a_faulty_row_is_named() -> None:
    lon, lat, at, origin = history((20, 3, "call_110"), (20, 4, "call_110"))
    lat[1] = np.nan
    with pytest.raises(FaultyHistory, match="row 1"):
        rates(lon, lat, at, origin, grid=GRID, zone="UTC")
    with pytest.raises(FaultyHistory, match="differ in length"):
        rates(lon[:1], lat, at, origin, grid=GRID, zone="UTC")


def test_a_grid_without_ground_is_refused() -> None:
    with pytest.raises(DemandError, match="west < east"):
        Grid.over((112.0, 28.0, 112.0, 28.0))
    with pytest.raises(DemandError, match="name a city"):
        Grid.over((-180.0, -80.0, 180.0, 80.0))


def test_street_length_stands_in_and_says_so() -> None:
    street_m = np.zeros(GRID.cells)
    street_m[[5, 6]] = 300.0, 100.0
    made = street_length_rates(GRID, street_m, "UTC")

    assert made.basis == "street_length"
    assert made.at(MONDAY).tolist() == [0.75, 0.25]


def test_a_document_is_read_back_as_it_was_and_a_torn_one_is_refused(tmp_path: Path) -> None:
    made = rates(*history((20, 3, "call_110"), (41, 30, "alarm")), grid=GRID, zone="Asia/Shanghai")
    made.save(tmp_path / "demand.npz")
    again = DemandRates.load(tmp_path / "demand.npz")

    assert again.digest == made.digest
    assert np.array_equal(again.rate, made.rate)
    assert again.grid == made.grid
    whole = (tmp_path / "demand.npz").read_bytes()
    (tmp_path / "demand.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedDemand, match=r"demand\.npz"):
        DemandRates.load(tmp_path / "demand.npz")
    with pytest.raises(DamagedDemand, match="no such file"):
        DemandRates.load(tmp_path / "none.npz")


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, GRID.cells - 1), st.integers(0, 1000), st.just("call_110")), min_size=1, max_size=60
    )
)
def test_rates_are_never_negative_and_keep_the_city_s_sum(rows: list[tuple[int, int, str]]) -> None:
    made = rates(
        *history(*rows),
        grid=GRID,
        zone="UTC",
        period=(MONDAY, MONDAY + 6 * WEEK),
        shrinkage=Shrinkage(half_life_days=1e9),
    )

    assert (made.rate >= 0).all()
    assert float(made.rate.sum()) * 6 == pytest.approx(len(rows), rel=1e-3)
