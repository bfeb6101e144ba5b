"""A device whose clock is wrong is learnt, followed and named; nobody is silenced by having it set right."""

import pytest

from kuaijing.routing.network import Network
from kuaijing.tracking import Fix, Pipeline
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import at, judged, report

NETWORK = Network(grid_ground(11, 11, 200.0))


def fixes_of(outcomes: list[Fix | str]) -> list[Fix]:
    return [outcome for outcome in outcomes if isinstance(outcome, Fix)]


@pytest.mark.parametrize("hours", [8, -8, -24 * 7 * 1024])
def test_clock_that_is_hours_or_years_off_is_learnt_within_a_minute(hours: int) -> None:
    pipe = Pipeline(NETWORK)
    outcomes = judged(pipe, *(report(s, s * 5, 0, measured_at=at(s + hours * 3600)) for s in range(0, 120, 5)))

    assert outcomes[0] == ("future" if hours > 0 else "ancient")
    assert all(isinstance(outcome, Fix) for outcome in outcomes[12:])
    assert fixes_of(outcomes)[-1].measured_at == at(115)
    (facts,) = pipe.facts().values()
    assert facts.offset_s == -hours * 3600


def test_clock_that_loses_a_second_a_minute_is_followed() -> None:
    pipe = Pipeline(NETWORK)
    outcomes = judged(pipe, *(report(s, 100, 0, measured_at=at(s - s / 60)) for s in range(0, 1800, 5)))

    fixes = fixes_of(outcomes)
    assert len(fixes) == 360
    assert (
        max(abs(fix.measured_at - fix.received_at) for fix in fixes) < 4_000_000
    )  # deadband 2 s and 20 reports of drift
    assert pipe.clock_offset_s("U1") == pytest.approx(30, abs=2)


@pytest.mark.parametrize("ahead_s", [7200, 600, -600, -7200])
@pytest.mark.parametrize("left_s", [0, 20])
def test_clock_set_right_in_the_middle_moves_the_unit_again_within_half_a_minute(ahead_s: float, left_s: float) -> None:
    pipe = Pipeline(NETWORK)
    wrong = [report(s, s * 4, 0, measured_at=at(s + ahead_s)) for s in range(0, 120, 5)]
    right = [report(s, s * 4, 0, measured_at=at(s + left_s)) for s in range(120, 240, 5)]
    outcomes = judged(pipe, *wrong, *right)

    assert all(isinstance(outcome, Fix) for outcome in outcomes[len(wrong) + 6 :])
    fixes = fixes_of(outcomes)
    assert [fix.measured_at for fix in fixes] == sorted({fix.measured_at for fix in fixes})
    assert fixes[-1].received_at - fixes[-1].measured_at <= 21_000_000


@pytest.mark.parametrize("wrong_s", [8 * 3600, -8 * 3600, 900, -900])
def test_clock_that_goes_wrong_in_the_middle_is_followed_within_three_minutes(wrong_s: float) -> None:
    pipe = Pipeline(NETWORK)
    good = [report(s, s * 4, 0) for s in range(0, 120, 5)]
    bad = [report(s, s * 4, 0, measured_at=at(s + wrong_s)) for s in range(120, 360, 5)]
    outcomes = judged(pipe, *good, *bad)

    assert all(isinstance(outcome, Fix) for outcome in outcomes[len(good) + 26 :])
    last = fixes_of(outcomes)[-1]
    assert last.received_at - last.measured_at < 2_000_000


def test_clock_belongs_to_the_device_and_not_to_the_unit() -> None:
    pipe = Pipeline(NETWORK)
    for s in range(0, 100, 5):
        judged(
            pipe,
            report(s, s * 4, 0, device="jt808:1", measured_at=at(s + 300)),
            report(s + 1, s * 4, 0, device="osmand:2"),
        )

    assert {name: facts.offset_s for name, facts in pipe.facts().items()} == {"jt808:1": -300, "osmand:2": 0}


@pytest.mark.parametrize("behind_s", [0, 6])
def test_clock_that_gains_moves_the_unit_at_every_report_and_never_back_in_time(behind_s: float) -> None:
    gaining = [report(s, 100, 0, measured_at=at(s - behind_s + s / 20)) for s in range(200)]
    outcomes = judged(Pipeline(NETWORK), *gaining)

    fixes = fixes_of(outcomes)
    assert len(fixes) == 200
    assert [fix.measured_at for fix in fixes] == sorted({fix.measured_at for fix in fixes})


def test_queue_sent_at_the_pace_of_its_measuring_is_no_clock_that_is_hours_behind() -> None:
    pipe = Pipeline(NETWORK)
    good = [report(s, 100, 0) for s in range(0, 100, 5)]
    queue = [report(8000 + s, 100 + s, 0, measured_at=at(200 + s)) for s in range(100)]
    outcomes = judged(pipe, *good, *queue)

    assert outcomes[20:] == ["backfill"] * 100
    assert pipe.clock_offset_s("U1") == 0


def test_few_old_reports_of_a_new_device_are_not_believed_to_be_of_now() -> None:
    few = judged(Pipeline(NETWORK), *(report(8000 + s, 100, 0, measured_at=at(s)) for s in range(0, 45, 5)))
    at_once = judged(Pipeline(NETWORK), *(report(8000 + s / 10, 100, 0, measured_at=at(s / 10)) for s in range(200)))

    assert set(few) == {"ancient"}
    assert set(at_once) == {"ancient"}
