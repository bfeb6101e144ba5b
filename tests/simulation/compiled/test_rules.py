"""The simulator's rules, each on a world that stands on the page. Drives are whole seconds; units stand where they are put."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.engine.advice import AdviceModel
from kuaijing.engine.choice.together import Aims
from kuaijing.simulation.compiled.errors import MalformedScenario, NoCalls, UnknownPolicy
from kuaijing.simulation.compiled.intervals import mean_of, share_of, wilson
from kuaijing.simulation.compiled.running import simulate
from kuaijing.simulation.compiled.scenario import DEFAULT_RULES, Scenario, plain_scenario
from kuaijing.simulation.compiled.tables import DONE, HOME, STAND, WEEK_HOURS
from tests.simulation.compiled.drawn import table

HOUR = 3_600_000


def along(places: int, gap_s: int = 60) -> np.ndarray:
    """Places on a line."""
    spots = np.arange(places)
    return np.abs(spots[:, None] - spots[None, :]) * gap_s * 1000


def full(drives: np.ndarray, home: list[int], **rules: object) -> Scenario:
    """With the whole choice instead of the closest idle."""
    used = DEFAULT_RULES._replace(cover=False, between=STAND)._replace(**rules)  # type: ignore[arg-type]
    return plain_scenario(drives, np.array(home), rules=used)


def test_urgent_call_takes_the_unit_that_drives_to_a_lesser_one() -> None:
    # u0 at 0 sets off to a grade 3 call at 4 (240 s); after 120 s it passes place 2. An urgent call at 3: u0 is 60 s away plus a
    # penalty of 60; u1 at 9 needs 360 s.
    scenario = full(along(10), [0, 9])
    trace = simulate(scenario, table([0, 120], [4, 3], 600, grade=[3, 1]))

    assert trace.orders["unit"].tolist() == [0, 0, 1]
    assert trace.orders["call"].tolist() == [0, 1, 0]
    assert trace.orders["withdrawn_ms"].tolist() == [120_000, -1, -1]
    assert trace.arrived_ms.tolist() == [120_000 + 300_000, 120_000 + 60_000]  # u1 drives 5 places
    assert trace.ordered_ms.tolist() == [0, 120_000]  # the first order counts, also after the diversion


def test_unit_on_its_way_is_where_its_drive_has_brought_it() -> None:
    scenario = full(along(10), [0], divert=True)
    trace = simulate(scenario, table([0, 90], [9, 1], 600, grade=[3, 1]))

    # at 90 s it is half way between 1 and 2: back to 1 takes 30 s
    assert trace.arrived_ms[1] == 120_000


def test_waiting_calls_are_served_by_grade_then_age() -> None:
    scenario = full(along(1), [0])
    trace = simulate(scenario, table([0, 10, 20, 30], 0, 100, grade=[2, 3, 2, 1]))

    assert trace.orders["call"].tolist() == [0, 3, 2, 1]
    assert trace.arrived_ms.tolist() == [0, 300_000, 200_000, 100_000]


def test_of_units_free_at_one_moment_who_waits_gets_the_best_not_the_first() -> None:
    # both are free at 600 s: u0 at place 0, u1 at place 4; the call at 5 waits since 10 s
    scenario = full(along(10), [0, 4])
    trace = simulate(scenario, table([0, 0, 10], [0, 4, 5], 600, set_off_s=0.0))

    assert trace.orders["unit"].tolist() == [0, 1, 1]
    assert trace.arrived_ms[2] == 660_000


def test_several_units_are_sent_together_and_the_first_there_counts() -> None:
    scenario = plain_scenario(along(10), np.array([0, 4, 9]), roles=2).with_rules(between=STAND, simple=False)
    trace = simulate(scenario, table([0], [3], 600))

    assert sorted(trace.orders["unit"].tolist()) == [0, 1]
    assert (trace.unit[0], trace.arrived_ms[0]) == (1, 60_000)
    assert trace.done_ms[0] == 180_000 + 600_000  # the later one's part


def test_unit_goes_home_between_jobs_and_can_be_sent_from_the_way() -> None:
    scenario = full(along(10), [0], between=HOME)
    trace = simulate(scenario, table([0, 840], [4, 4], 500, set_off_s=0.0))

    # there 240 s, free at 740 s, drives home; at 840 s it is 100 s away from place 4
    assert trace.arrived_ms.tolist() == [240_000, 940_000]
    assert trace.moves.tolist() == [2]


def test_unit_off_duty_is_not_sent_and_one_at_work_finishes_first() -> None:
    scenario = full(along(2), [0, 1])
    duty = np.ones((2, WEEK_HOURS), np.bool_)
    duty[0, 1:] = False  # u0 on duty in the first hour of the week only
    scenario = Scenario(
        scenario.roads,
        scenario.force._replace(duty=duty),
        scenario.responses,
        scenario.standards,
        scenario.moves,
        scenario.rules,
    )
    trace = simulate(scenario, table([3500, 3700, 4000], 0, 400))

    assert trace.orders["unit"].tolist() == [0, 1, 1]
    assert trace.state.tolist() == [DONE] * 3


def test_leading_unit_drives_on_to_the_second_place() -> None:
    scenario = full(along(10), [0])
    calls = table([0, 10], [2, 2], 100)
    calls = calls._replace(second_place=np.array([5, -1]), second_ms=np.array([50_000, 0]))
    trace = simulate(scenario, calls)

    # 120 there, 100 on scene, 180 to place 5, 50 there: free at 450, 180 back
    assert trace.arrived_ms.tolist() == [120_000, 450_000 + 180_000]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.booleans(), st.booleans())
def test_whatever_is_asked_every_call_ends_and_no_unit_is_in_two_places(
    seed: int, units: int, divert: bool, home: bool
) -> None:
    chance = np.random.default_rng(seed)
    scenario = full(along(12), chance.integers(0, 12, units).tolist(), divert=divert, between=HOME if home else STAND)
    count = 60
    calls = table(
        np.sort(chance.uniform(0, 20_000, count)), chance.integers(0, 12, count), chance.integers(60, 1500, count),
        grade=chance.integers(1, 5, count), set_off_s=10.0,
    )  # fmt: skip
    trace, again = simulate(scenario, calls), simulate(scenario, calls)

    assert (trace.state == DONE).all()
    assert (trace.orders == again.orders).all()
    assert (trace.spent_ms.sum(axis=1) == trace.window[1] - trace.window[0]).all()
    for unit in range(units):
        own = trace.orders[trace.orders["unit"] == unit]
        ended = np.where(own["withdrawn_ms"] >= 0, own["withdrawn_ms"], own["left_ms"])
        assert (ended >= own["at_ms"]).all()
        assert (own["at_ms"][1:] >= ended[:-1]).all()  # one job after the other


def test_what_makes_no_sense_is_refused_by_name_with_the_value() -> None:
    scenario = full(along(3), [0])
    with pytest.raises(MalformedScenario, match=r"place of call 1 is outside 0 to 2"):
        simulate(scenario, table([0, 1], [0, 7], 60))
    with pytest.raises(MalformedScenario, match=r"call 1 is earlier"):
        simulate(scenario, table([5, 1], 0, 60))
    with pytest.raises(NoCalls, match="no calls"):
        simulate(scenario, table([], 0, 60))
    with pytest.raises(UnknownPolicy, match="'nowhere'"):
        scenario.with_policy("nowhere")
    with pytest.raises(MalformedScenario, match=r"moves.posts is empty"):
        scenario.with_policy("dmexclp")
    with pytest.raises(MalformedScenario, match="force has no unit"):
        full(along(3), [])
    with pytest.raises(MalformedScenario, match="negative drives"):
        full(along(3) - 1, [0])


def test_intervals_are_the_textbooks() -> None:
    assert wilson(90, 100) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    figure = mean_of([1.0, 2.0, 3.0])
    assert (figure.low, figure.high) == pytest.approx((2 - 4.303 / 3**0.5, 2 + 4.303 / 3**0.5), abs=1e-3)
    share = share_of([8, 9], [10, 10])
    assert (share.value, share.met, share.of) == (0.85, 17, 20)
    assert share_of([5, 5], [5, 5]).method == "wilson"  # nothing varies: the counts still leave doubt


def test_losses_without_a_step_are_refused_by_name() -> None:
    with pytest.raises(MalformedScenario, match=r"rules.loss_step is 0.0, wanted above 0"):
        full(along(2), [0], loss_step=0.0)
    with pytest.raises(ValueError, match=r"aims.loss_step is 0.0, wanted above 0"):
        AdviceModel(aims=Aims(loss_step=0.0))
