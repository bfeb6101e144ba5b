"""Real calls played again: as they were, with luck drawn anew; what makes no sense in them is named."""

from dataclasses import replace

import numpy as np
import pytest

from kuaijing.simulation import (
    CallModel,
    MalformedScenario,
    NoCalls,
    RealCalls,
    Streams,
    draw_calls,
    given_calls,
    simulate,
)
from kuaijing.simulation.sweeps import Job, sweep
from tests.simulation.compiled.test_sweeps import line

AT = np.array([7_200_000, 3_600_000, 5_400_000])
PLACE, KIND = np.array([2, 0, 1]), np.zeros(3, np.int64)


def model() -> CallModel:
    return line()[1]


def test_moment_place_and_known_handling_are_as_they_were_and_the_rest_is_drawn() -> None:
    known = np.array([np.nan, 120.0, 600.0])
    one, other = (given_calls(model(), Streams(3), rep, AT, PLACE, KIND, known) for rep in (0, 1))

    assert one.at_ms.tolist() == [3_600_000, 5_400_000, 7_200_000]  # by time
    assert one.place.tolist() == [0, 1, 2]
    assert one.lead_ms[:2].tolist() == [120_000, 600_000]
    assert one.lead_ms[2] != other.lead_ms[2]
    assert (one.set_off_ms != other.set_off_ms).any()
    again = given_calls(model(), Streams(3), 0, AT, PLACE, KIND, known)
    assert all((a == b).all() for a, b in zip(one, again, strict=True))


def test_replications_of_real_calls_differ_in_luck_alone() -> None:
    scenario, calls = line()
    real = RealCalls(AT, PLACE, KIND, np.full(3, 900.0))
    swept = sweep(Job((scenario, scenario), (calls,), 1.0, Streams(1), real=real), 4, workers=1)

    assert [run.calls for run in swept.runs[0]] == [3] * 4
    assert len({run.mean_s for run in swept.runs[0]}) == 4
    assert swept.differences[0].late_relative.value == pytest.approx(0.0, nan_ok=True)  # the same plan twice


def test_calls_that_make_no_sense_are_refused_by_row_and_value() -> None:
    for at, place, kind, handling, said in (
        (AT - 4_000_000, PLACE, KIND, None, r"at_ms of row 1 is -400000"),
        (AT, PLACE + 7, KIND, None, r"place of row 0 is 9, wanted 0 to 8"),
        (AT, PLACE, KIND + 1, None, r"kind of row 0 is 1"),
        (AT, PLACE, KIND, np.array([1.0, -2.0, 3.0]), r"handling_s of row 1 is -2"),
        (AT, PLACE[:2], KIND, None, r"3, 2, 3 rows"),
    ):
        with pytest.raises(MalformedScenario, match=said):
            given_calls(model(), Streams(0), 0, at, place, kind, handling)
    with pytest.raises(NoCalls, match="empty"):
        given_calls(model(), Streams(0), 0, AT[:0], PLACE[:0], KIND[:0])


def test_rates_that_make_no_sense_are_refused_by_name() -> None:
    expected = np.ones((168, 9))
    expected[5, 3] = np.nan
    with pytest.raises(MalformedScenario, match=r"expected has nan at \(5, 3\)"):
        draw_calls(replace(model(), expected=expected), Streams(0), 0, 1.0)
    for days in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(NoCalls, match="days must be above 0"):
            draw_calls(model(), Streams(0), 0, days)
    with pytest.raises(NoCalls, match="none was drawn"):
        draw_calls(model().scaled(0.0), Streams(0), 0, 1.0)


def test_a_scenario_with_nan_is_refused_by_name() -> None:
    scenario, _ = line()
    rates = scenario.standards.expected.copy()
    rates[0, 1] = np.nan
    with pytest.raises(MalformedScenario, match=r"standards.expected has nan at \(0, 1\)"):
        replace(scenario, standards=scenario.standards._replace(expected=rates))
    assert len(simulate(scenario, given_calls(model(), Streams(0), 0, AT, PLACE, KIND)).orders) == 3
