"""The daily report counts every incident once, names its clock, and never flatters."""

import csv
import io
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from kuaijing.domain.commands import FollowUp
from kuaijing.domain.words import Follower, IncidentStatus, Origin, Outcome
from kuaijing.engine.recorded import IncidentFile
from kuaijing.measures.instants import after
from kuaijing.reporting import csv_of, daily_report, xlsx_of
from kuaijing.wire.reports import AttainmentView
from tests.reporting.day_of_incidents import DAY, SHANGHAI, file, moment, report_of
from tests.wire_plans.small_plan import parts, read


def test_both_clocks_run_to_the_same_arrival_from_order_and_from_call() -> None:
    report = report_of(file(arrived=(310, 315)))  # ordered 20 s after the call, limit 300 s

    assert (report.total.response.met, report.total.response.of) == (1, 1)
    assert (report.total.citizen.met, report.total.citizen.of) == (0, 1)


def test_interval_that_straddles_the_limit_is_not_met_and_is_listed() -> None:
    report = report_of(file(arrived=(310, 325)))  # response 290 to 305 s

    assert report.total.response.met == 0
    (miss,) = report.misses
    assert miss.straddles
    assert miss.response_over_s == pytest.approx(5)


def test_miss_says_by_how_much_and_by_which_clock() -> None:
    late, only_for_the_citizen, in_time = (
        file(1, arrived=(400, 401)),
        file(2, arrived=(310, 311)),
        file(3, arrived=(90, 91)),
    )
    report = report_of(late, only_for_the_citizen, in_time)

    assert [(m.incident, m.response_over_s, m.citizen_over_s) for m in report.misses] == [
        ("20261121-0001", pytest.approx(81), pytest.approx(101)),
        ("20261121-0002", None, pytest.approx(11)),
    ]
    assert not report.misses[0].straddles
    assert report.misses[0].first_unit == "2095"


def test_denominator_leaves_out_what_the_rules_leave_out_and_shows_it() -> None:
    report = report_of(
        file(1, arrived=(90, 91)),
        file(2, arrived=(90, 91), origin=Origin.PATROL),
        file(3, status=IncidentStatus.CANCELLED),
        file(4, status=IncidentStatus.CANCELLED, arrived=(90, 91)),
        file(5),
        file(6, status=IncidentStatus.RESPONDING),
        file(7, ordered=None),
        file(8, status=IncidentStatus.MERGED),
    )
    accounts = report.accounts

    assert report.total.response.of == 2  # the plain one and the one cancelled after the arrival
    assert report.total.response.unmeasured == 1
    assert (accounts.found_by_patrol, accounts.cancelled_before_arrival, accounts.running) == (1, 1, 1)
    assert (accounts.never_ordered, accounts.merged, accounts.unmeasured, accounts.incidents) == (1, 1, 1, 8)


def test_share_carries_its_wilson_interval() -> None:
    report = report_of(
        *(file(i, arrived=(90, 91)) for i in range(47)), *(file(50 + i, arrived=(900, 901)) for i in range(3))
    )
    share = report.total.response

    assert (share.met, share.of) == (47, 50)
    assert share.low == pytest.approx(0.8378, abs=1e-3)  # Wilson 95 % of 47/50
    assert share.high == pytest.approx(0.9794, abs=1e-3)


def test_tier_is_the_one_frozen_at_opening_with_its_own_limit() -> None:
    report = report_of(
        file(1, tier="key", limit=60.0, arrived=(70, 75)),
        file(2, tier="key", limit=60.0, arrived=(90, 95)),
        file(3, tier="rest", limit=300.0, arrived=(90, 95)),
    )

    assert [(row.key, row.response.met, row.response.of) for row in report.by_tier] == [("key", 1, 2), ("rest", 1, 1)]


def test_kind_and_grade_first_given_stay_for_statistics() -> None:
    report = report_of(file(kind="stabbing", grade=1, outcome=Outcome.ARRESTED))

    assert [(row.key, row.count) for row in report.by_kind] == [("fight", 1)]
    assert [(row.key, row.count) for row in report.by_grade] == [("2", 1)]
    assert [(row.name, row.count) for row in report.by_outcome] == [("抓获", 1)]


def test_closed_incidents_are_counted_by_who_goes_on_with_them() -> None:
    report = report_of(
        file(1, outcome=Outcome.SETTLED),
        file(2, outcome=Outcome.MEDIATION, follow_up=FollowUp(Follower.STATION, "回访")),
        file(3, outcome=Outcome.ARRESTED, follow_up=FollowUp(Follower.STATION)),
        file(4, status=IncidentStatus.CANCELLED),
    )

    assert [(row.name, row.count) for row in report.by_follow_up] == [("无需接手", 1), ("属地派出所", 2)]
    assert "按后续接手 By who goes on with it" in csv_of(report).decode()
    assert "回访" not in csv_of(report).decode()


def test_pressed_more_than_a_minute_off_the_measured_arrival_is_listed() -> None:
    report = report_of(
        file(1, arrived=(200, 210), pressed=120.0),  # 80 s too early
        file(2, arrived=(200, 210), pressed=205.0),
        file(3, arrived=(200, 210), pressed=265.0),  # 55 s late: in order
        file(4, arrived=(200, 210), pressed=300.0),
    )

    assert [(each.incident[-1], each.gap_s) for each in report.mismatches] == [
        ("1", pytest.approx(-80)),
        ("4", pytest.approx(90)),
    ]


def test_five_clocks_with_mean_median_and_p90() -> None:
    called = moment(9)
    files = [
        file(
            i,
            ordered=10.0,
            arrived=(100.0 * i - 1, 100.0 * i),
            controlled_at=after(called, 100 * i + 60),
            settled_at=after(called, 100 * i + 600),
            closed_at=after(called, 1000 * i),
        )
        for i in (1, 2, 3)
    ]
    clocks = {row.clock: row for row in report_of(*files).clocks}

    assert clocks["dispatch"].mean_s == 10
    assert clocks["arrival"].median_s == 190
    assert clocks["arrival"].p90_s == pytest.approx(270)  # 90, 190, 290
    assert clocks["control"].mean_s == 60
    assert clocks["settlement"].mean_s == 600
    assert clocks["whole"].mean_s == 2000


def test_stamp_that_runs_backwards_is_left_out_and_counted() -> None:
    called = moment(9)
    report = report_of(file(arrived=(100, 110), controlled_at=after(called, 60)))
    control = next(row for row in report.clocks if row.clock == "control")

    assert (control.counted, control.backwards, control.mean_s) == (0, 1, None)


def test_day_without_incidents_has_no_shares_and_no_division_by_zero() -> None:
    report = report_of()

    assert report.total.response.share is None
    assert report.complete is False
    assert report_of(now=moment(0, day=date(2026, 11, 22))).complete


BERLIN = ZoneInfo("Europe/Berlin")


def test_day_on_which_the_clock_goes_back_has_25_hours_and_its_double_hour_holds_both() -> None:
    day = date(2026, 10, 25)
    first = file(1, called=moment(2, 30, zone=BERLIN, day=day, fold=0), arrived=(90, 91))
    second = file(2, called=moment(2, 30, zone=BERLIN, day=day, fold=1), arrived=(90, 91))
    report = report_of(first, second, zone=BERLIN, day=day)

    assert report.hours_in_day == 25
    assert {row.key: row.incidents for row in report.by_hour if row.incidents} == {"02": 2}


def test_day_on_which_the_clock_goes_forward_has_23_hours_and_clocks_run_through() -> None:
    day = date(2026, 3, 29)
    over_the_gap = file(
        1, called=moment(1, 59, zone=BERLIN, day=day), arrived=(119, 120)
    )  # arrives at 03:01 on the wall
    report = report_of(over_the_gap, zone=BERLIN, day=day)

    assert report.hours_in_day == 23
    assert next(row for row in report.clocks if row.clock == "arrival").mean_s == 100
    assert report.total.response.met == 1


def _sums(rows: list[AttainmentView]) -> tuple[int, ...]:
    return (
        sum(row.incidents for row in rows),
        sum(row.response.met for row in rows),
        sum(row.response.of for row in rows),
        sum(row.response.unmeasured for row in rows),
        sum(row.citizen.met for row in rows),
        sum(row.citizen.of for row in rows),
        sum(row.running for row in rows),
    )


seconds = st.floats(0, 2000)
any_file = st.builds(
    lambda number, minute, ordered, arrived, tier, beat, status, origin: file(
        number,
        called=after(moment(0), 60 * minute),
        ordered=ordered,
        arrived=None if ordered is None or arrived is None else (ordered + arrived[0], ordered + sum(arrived)),
        tier=tier[0],
        limit=tier[1],
        beat=beat,
        status=status,
        origin=origin,
    ),
    st.integers(1, 9999),
    st.integers(0, 24 * 60 - 1),
    st.none() | seconds,
    st.none() | st.tuples(seconds, st.floats(0, 100)),
    st.sampled_from([("key", 60.0), ("second", 180.0), ("rest", 300.0), ("rest", 240.0)]),
    st.sampled_from(["B1", "B2", None]),
    st.sampled_from(list(IncidentStatus)),
    st.sampled_from(list(Origin)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(any_file, max_size=25))
def test_sums_over_tiers_beats_and_hours_equal_the_total_and_the_log(files: list[IncidentFile]) -> None:
    report = report_of(*files)
    accounts = report.accounts

    total = _sums([report.total])
    assert _sums(report.by_tier) == _sums(report.by_beat) == _sums(report.by_hour) == total
    assert accounts.incidents == len(files)
    assert len(files) == sum(
        (
            accounts.measured,
            accounts.unmeasured,
            accounts.running,
            accounts.never_ordered,
            accounts.cancelled_before_arrival,
            accounts.found_by_patrol,
            accounts.merged,
        )
    )
    for counted in (report.by_kind, report.by_origin, report.by_outcome, report.by_grade):
        assert sum(row.count for row in counted) == len(files)
    share = report.total.response
    missed = [miss for miss in report.misses if miss.response_over_s is not None]
    assert share.of - share.met == len(missed)
    assert report.total.citizen.met <= share.met  # the call is never later than the order


def test_names_come_from_the_plan_and_beats_without_incidents_are_rows_too() -> None:
    plan = read(parts())
    report = daily_report([file(beat="B2", arrived=(90, 91)), file(2, beat=None)], DAY, SHANGHAI, plan, moment(23))

    assert [(row.name, row.incidents) for row in report.by_beat] == [("西区", 0), ("东区", 1), ("网格之外", 1)]
    assert [row.key for row in report.by_tier] == ["key", "second", "rest"]
    assert report.by_kind[0].name == "打架"


def test_csv_holds_every_table_under_bilingual_headings() -> None:
    report = report_of(file(1, arrived=(400, 401)), file(2, arrived=(90, 91), pressed=300.0))
    content = csv_of(report)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))

    assert content.startswith(b"\xef\xbb\xbf")
    titles = [row[0] for row in rows if len(row) == 1]
    assert len(titles) == 13
    assert all(any("\u4e00" <= c <= "\u9fff" for c in title) and title.split()[-1].isascii() for title in titles)
    assert next(row for row in rows if row and row[0] == "合计 Total")[:6] == ["合计 Total", "", "2", "1", "2", "0.5"]


def test_xlsx_holds_every_table_on_a_sheet_of_its_own_and_numbers_are_numbers() -> None:
    book = load_workbook(io.BytesIO(xlsx_of(report_of(file(1, arrived=(400, 401))))))

    assert len(book.sheetnames) == 13
    assert book["超时 misses"]["A2"].value == "20261121-0001"
    assert book["超时 misses"]["J2"].value == pytest.approx(381)
    assert book["分区 tiers"]["A1"].value == "分区 tier"


def test_text_that_looks_like_a_formula_stays_text() -> None:
    report = report_of(file(1, arrived=(400, 401), first_kind="=cmd|' /C calc'!A0"))

    assert "'=cmd" in csv_of(report).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(xlsx_of(report)))
    assert str(book["超时 misses"]["C2"].value).startswith("'=cmd")
    assert book["超时 misses"]["C2"].data_type == "s"
