"""Each report is judged by itself; every reason for refusing one has a name and is counted."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.measures.coordinates import from_wgs84
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.routing.network import Network
from kuaijing.tracking import Fix, LiveTable, Pipeline, Report
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import MORNING, at, degrees, judged, report

GROUND = grid_ground(11, 11, 200.0)
NETWORK = Network(GROUND)


def pipeline() -> Pipeline:
    return Pipeline(NETWORK)


REFUSED: dict[str, dict[str, Any]] = {
    "no_crs": {"crs": None},
    "unknown_crs": {"crs": "mars2000"},
    "not_a_place": {"lon": math.nan},
    "inaccurate": {"accuracy_m": 2_000.0},
    "outside_ground": {"lon": 116.4, "lat": 39.9},
    "future": {"measured_at": at(3600)},
    "ancient": {"measured_at": at(-7200)},
    "unknown_unit": {"unit": "nobody"},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_bad_report_is_refused_by_name_and_counted(reason: str) -> None:
    pipe = pipeline()

    assert judged(pipe, report(0, **REFUSED[reason])) == [reason]
    assert pipe.counts == {reason: 1}


@pytest.mark.parametrize(("lon", "lat"), [(math.inf, 27), (112, -math.inf), (181, 27), (112, 91), (0, 0)])
def test_what_is_no_place_is_refused(lon: float, lat: float) -> None:
    assert judged(pipeline(), report(0, lon=lon, lat=lat)) == ["not_a_place"]


def test_senseless_speed_and_heading_are_dropped_and_the_position_kept() -> None:
    (fix,) = judged(pipeline(), report(0, 100, 0, speed_mps=math.nan, heading_deg=-1.0))

    assert isinstance(fix, Fix)
    assert (fix.speed_mps, fix.heading_deg) == (None, None)


def test_repeated_report_is_a_duplicate() -> None:
    first, again = judged(pipeline(), report(0), report(0, received_at=at(1)))

    assert isinstance(first, Fix)
    assert again == "duplicate"


def test_report_older_than_the_last_fix_is_kept_but_moves_nothing() -> None:
    pipe, table = pipeline(), LiveTable()
    for each in (report(10, 100, 0), report(5, 60, 0, received_at=at(11))):
        for judgement in pipe.judge([each], {"U1": "car"}):
            if judgement.moves and judgement.fix:
                table.put(judgement.fix)
            else:
                late = judgement

    assert late.refusal is not None
    assert late.refusal.reason == "out_of_order"
    assert late.fix is not None  # for the history
    assert late.fix.measured_at == at(5)
    newest = table.find("U1")
    assert newest is not None
    assert newest.measured_at == at(10)


def test_one_jump_is_refused_and_three_agreeing_ones_are_believed() -> None:
    outcomes = judged(
        pipeline(),
        report(0, 0, 0),
        report(1, 1900, 1900),
        report(2, 10, 0),
        *(report(3 + i, 1900, 1900) for i in range(3)),
    )

    kinds = [outcome if isinstance(outcome, str) else "fix" for outcome in outcomes]
    assert kinds == ["fix", "jump", "fix", "jump", "jump", "fix"]


def test_speed_sanity_is_per_class() -> None:
    far = (report(0, 0, 0), report(20, 600, 0))  # 30 m/s

    assert isinstance(judged(pipeline(), *far, unit_class="car")[1], Fix)
    assert judged(pipeline(), *far, unit_class="foot")[1] == "jump"


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_chinese_coordinates_are_moved_to_wgs84(system: Any) -> None:
    lon, lat = degrees(300, 0)
    shifted = [float(axis) for axis in from_wgs84(lon, lat, system)]
    (fix,) = judged(pipeline(), report(0, lon=shifted[0], lat=shifted[1], crs=system))

    assert isinstance(fix, Fix)
    assert fix.lon == pytest.approx(lon, abs=1e-7)
    assert fix.off_road_m < 0.1


def test_device_whose_clock_is_ten_minutes_ahead_is_learnt_and_its_times_are_shifted() -> None:
    pipe = pipeline()
    outcomes = judged(pipe, *(report(s, s * 10, 0, measured_at=at(s + 600)) for s in range(10)))

    assert outcomes[0] == "future"
    last = outcomes[-1]
    assert isinstance(last, Fix)
    assert last.measured_at == at(9)
    assert pipe.clock_offset_s("U1") == -600


def test_queue_emptied_after_a_lost_connection_keeps_its_own_times() -> None:
    pipe = pipeline()
    live = [report(s, s * 10, 0) for s in range(5)]
    queued = [report(300 + s / 100, 50 + s, 0, measured_at=at(100 + s)) for s in range(30)]
    outcomes = judged(pipe, *live, *queued)

    last = outcomes[-1]
    assert isinstance(last, Fix)
    assert last.measured_at == at(129)  # 171 s before it came


@pytest.mark.parametrize("spacing", [0.3, 1.0])
def test_device_that_begins_with_its_queue_keeps_its_own_times(spacing: float) -> None:
    queued = [report(300 + i / 100, 50 + i, 0, measured_at=at(100 + i * spacing)) for i in range(30)]
    outcomes = judged(pipeline(), *queued)

    times = [outcome.measured_at for outcome in outcomes if isinstance(outcome, Fix)]
    assert times == [each.measured_at for each in queued]


def test_irregular_delays_are_no_clock_that_is_behind() -> None:
    delays = [100, 130, 90, 160, 120, 95, 140, 105]
    late = [report(200 * i + delay, 50 + i, 0, measured_at=at(200 * i)) for i, delay in enumerate(delays)]

    times = [outcome.measured_at for outcome in judged(pipeline(), *late) if isinstance(outcome, Fix)]
    assert times == [each.measured_at for each in late]


def test_clock_set_back_does_not_silence_the_device() -> None:
    pipe = pipeline()
    ahead = [report(s, s * 10, 0, measured_at=at(s + 600)) for s in range(10)]
    right = [report(s, s * 10, 0) for s in range(10, 15)]
    outcomes = judged(pipe, *ahead, *right)

    assert all(isinstance(outcome, Fix) for outcome in outcomes[-5:])
    fixes = [outcome for outcome in outcomes if isinstance(outcome, Fix)]
    assert [fix.measured_at for fix in fixes] == sorted(fix.measured_at for fix in fixes)


def test_batch_is_judged_like_one_by_one() -> None:
    reports = [report(s, s * 8, 3, unit=unit) for s in range(20) for unit in ("U1", "U2", "U9")]
    together = pipeline().judge(reports, {"U1": "car", "U2": "motorcycle"})
    pipe = pipeline()
    single = [pipe.judge([each], {"U1": "car", "U2": "motorcycle"})[0] for each in reports]

    assert together == single


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=True, allow_infinity=True),
            st.floats(-200, 200),
            st.integers(-10_000, 10_000),
            st.sampled_from(["wgs84", "gcj02", "bd09", "", "x"]),
            st.one_of(st.none(), st.floats()),
        ),
        max_size=20,
    )
)
def test_any_report_is_either_a_fix_or_a_named_refusal(rows: list[tuple[float, float, int, str, float | None]]) -> None:
    pipe = pipeline()
    reports = [
        Report("U1", lon, lat, Instant(MORNING + s * SECOND), at(0), crs, speed, speed, speed)
        for lon, lat, s, crs, speed in rows
    ]
    reports += [Report("U1", 112.005, 27.0, Instant(MORNING + s * SECOND), at(0), crs) for _, _, s, crs, _ in rows]
    outcomes = pipe.judge(reports, {"U1": "car"})

    assert [outcome.report for outcome in outcomes] == reports
    assert sum(pipe.counts.values()) == len(reports)
    moving = [outcome.fix for outcome in outcomes if outcome.moves and outcome.fix]
    assert [fix.measured_at for fix in moving] == sorted({fix.measured_at for fix in moving})
