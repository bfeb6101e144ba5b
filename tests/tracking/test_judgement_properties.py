"""What holds whatever comes, in whatever order: the history is the same, nothing goes backwards, nothing is uncounted."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.routing.network import Network
from kuaijing.tracking import KEPT, Judgement, LiveTable, Pipeline, Report
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import at, report

NETWORK = Network(grid_ground(11, 11, 200.0))
CLASSES = {"U1": "car", "U2": "motorcycle"}

DRIVE = [report(s, 100 + 8 * s, 3, speed_mps=8.0, device="jt808:1") for s in range(0, 150, 5)]


def history(judgements: list[Judgement]) -> list[tuple[float, float, int]]:
    return sorted((each.fix.lon, each.fix.lat, each.fix.measured_at) for each in judgements if each.fix is not None)


@settings(max_examples=60, deadline=None)
@given(st.permutations(DRIVE), st.sets(st.integers(0, len(DRIVE) - 1)), st.lists(st.integers(0, len(DRIVE) - 1)))
def test_history_is_the_same_in_whatever_order_and_however_often_it_arrives(
    order: list[Report], stored: set[int], again: list[int]
) -> None:
    sent = [replace(each, backfill=DRIVE.index(each) in stored) for each in order]
    sent += [sent[i] for i in again]
    came = at(150)
    sent = [replace(each, received_at=Instant(came + i * SECOND // 100)) for i, each in enumerate(sent)]
    pipe = Pipeline(NETWORK)
    judgements = [judgement for each in sent for judgement in pipe.judge([each], CLASSES)]

    assert history(judgements) == sorted((each.lon, each.lat, each.measured_at) for each in DRIVE)
    assert pipe.counts["duplicate"] == len(again)


REPORTS = st.builds(
    lambda unit, device, source, east, north, measured, delay, backfill, crs, accuracy, speed: report(
        0, east, north, unit, device=device, source=source, measured_at=at(measured), received_at=at(delay), backfill=backfill,
        crs=crs, accuracy_m=accuracy, speed_mps=speed,
    ),
    st.sampled_from(["U1", "U2", "nobody"]),
    st.sampled_from(["", "a:1", "a:2", "b:3"]),
    st.sampled_from(["page", "terminal"]),
    st.sampled_from([0.0, 10.0, 400.0, 1900.0, 90_000.0]),
    st.floats(-50, 2_000),
    st.one_of(st.integers(-20, 200), st.integers(-900_000, 90_000)),
    st.integers(0, 200),
    st.booleans(),
    st.sampled_from(["wgs84", "wgs84", "wgs84", "gcj02", None, "mars"]),
    st.sampled_from([None, 5.0, 80.0, 900.0]),
    st.sampled_from([None, 0.0, 12.0, -1.0, 400.0]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(REPORTS, max_size=40), st.booleans(), st.integers(1, 7))
def test_nothing_moves_a_unit_back_in_time_and_every_report_is_counted_once(
    reports: list[Report], in_order: bool, batch: int
) -> None:
    if in_order:
        reports = sorted(reports, key=lambda each: each.received_at)
    pipe, table = Pipeline(NETWORK), LiveTable()
    judgements: list[Judgement] = []
    for first in range(0, len(reports), batch):
        part = pipe.judge(reports[first : first + batch], CLASSES)
        for fix in [each.fix for each in part if each.moves and each.fix is not None]:
            before = table.find(fix.unit)
            assert before is None or before.measured_at < fix.measured_at
            table.put(fix)
        judgements += part

    assert [each.report for each in judgements] == reports
    assert all(each.moves or each.fix is None or each.refusal.reason in KEPT for each in judgements if each.refusal)
    assert not any(each.moves and each.report.backfill for each in judgements)
    assert sum(pipe.counts.values()) == len(reports)
    facts = pipe.facts().values()
    of_nobody = sum(each.report.unit == "nobody" and not each.report.device for each in judgements)
    assert sum(each.reports for each in facts) == len(reports) - of_nobody
    assert sum(each.accepted for each in facts) == pipe.counts["accepted"]
    assert all(sum(each.speaks for each in facts if each.unit == unit) <= 1 for unit in CLASSES)


@settings(max_examples=40, deadline=None)
@given(st.lists(REPORTS, max_size=30), st.integers(1, 9))
def test_how_reports_are_cut_into_batches_changes_no_judgement(reports: list[Report], batch: int) -> None:
    single, together = Pipeline(NETWORK), Pipeline(NETWORK)
    one_by_one = [judgement for each in reports for judgement in single.judge([each], CLASSES)]
    in_batches = [
        judgement
        for first in range(0, len(reports), batch)
        for judgement in together.judge(reports[first : first + batch], CLASSES)
    ]

    assert one_by_one == in_batches
    assert single.facts() == together.facts()
