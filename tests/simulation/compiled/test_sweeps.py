"""Many runs: the same whoever runs them, tuned apart from what is reported, stopped when asked."""

import importlib.util

import numpy as np
import pytest

from kuaijing.simulation.compiled.calls import CallModel, Streams, draw_calls
from kuaijing.simulation.compiled.errors import Cancelled, NoCalls, SimulationError
from kuaijing.simulation.compiled.running import simulate
from kuaijing.simulation.compiled.scenario import Scenario, plain_scenario
from kuaijing.simulation.compiled.tables import WEEK_HOURS, Moves
from kuaijing.simulation.sweeps import Job, sweep
from kuaijing.simulation.tuning import tune


def line(units: int = 3, places: int = 9) -> tuple[Scenario, CallModel]:
    """Places two minutes apart on a line, three posts, most calls at one end."""
    spots = np.arange(places)
    drives = np.abs(spots[:, None] - spots[None, :]) * 120_000
    expected = np.tile(np.linspace(0.9, 0.1, places), (WEEK_HOURS, 1))
    posts = np.array([1, 4, 7])
    scenario = plain_scenario(drives, posts[np.arange(units) % 3], expected=expected, limit_ms=250_000)
    reach = (drives[posts][:, :places] <= 250_000)[None, :, None, :]
    scenario = Scenario(
        roads=scenario.roads, force=scenario.force, responses=scenario.responses, standards=scenario.standards,
        moves=Moves(posts, np.ascontiguousarray(reach), np.zeros((units + 1, 3), np.int64), np.zeros(8)),
        rules=scenario.rules._replace(between=1), tier_names=("rest",), name="line",
    )  # fmt: skip
    standards = scenario.standards
    model = CallModel(
        expected=expected, kind_share=np.ones(1), kind_grade=np.ones(1, np.int64), kind_plan=np.zeros(1, np.int64),
        handling_s=np.full(1, 900.0), handling_sd_s=np.full(1, 600.0),
        limit_set=standards.limit_set, limit_ms=standards.limit_ms, tier=standards.tier,
    )  # fmt: skip
    return scenario, model


def test_one_worker_and_two_give_the_same_figures() -> None:
    scenario, model = line()
    job = Job((scenario, scenario.with_policy("dmexclp", figures=(0.3,))), (model,), 3.0, Streams(5))

    one, two = sweep(job, 3, workers=1), sweep(job, 3, workers=2)

    assert one.runs == two.runs
    assert one.differences == two.differences


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the extra [ray] is not installed")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.timeout(240)
def test_a_local_ray_gives_the_same_figures() -> None:
    scenario, model = line()
    job = Job((scenario,), (model,), 2.0, Streams(5))

    assert sweep(job, 3, ray="local").runs == sweep(job, 3, workers=1).runs


def test_plans_compared_see_the_same_calls_and_differ_only_by_the_plan() -> None:
    scenario, model = line()
    job = Job((scenario, scenario), (model,), 3.0, Streams(5))

    difference = sweep(job, 4, workers=1).differences[0]

    assert difference.late.value == 0
    assert (difference.mean_s.low, difference.mean_s.high) == (0, 0)


def test_tuning_never_sees_a_reported_call() -> None:
    _, model = line()
    tuned = {tuple(draw_calls(model, Streams(3, tuning=True), rep, 5.0).at_ms[:20]) for rep in range(5)}
    reported = {tuple(draw_calls(model, Streams(3), rep, 5.0).at_ms[:20]) for rep in range(5)}

    assert len(tuned | reported) == 10  # all differ
    scenario, _ = line()
    assert tune(scenario, model, "dmexclp", seed=3, days=2.0).figures != ()


def test_moving_a_freed_unit_to_the_hole_makes_fewer_late_than_staying_home() -> None:
    scenario, model = line()
    job = Job(
        (scenario, tune(scenario, model, "dmexclp", seed=1).scenario, tune(scenario, model, "reach", seed=1).scenario),
        (model,), 60.0, Streams(2),
    )  # fmt: skip
    home, dmexclp, reach = sweep(job, 4, workers=1).summaries

    assert dmexclp.late.value <= home.late.value
    assert reach.late.value <= dmexclp.late.value + 0.005


def test_a_sweep_stops_when_told_and_says_how_far_it_came() -> None:
    scenario, model = line()
    job = Job((scenario,), (model,), 1.0, Streams(1))
    seen: list[tuple[int, int]] = []

    def stop_after_two(done: int, whole: int) -> bool:
        seen.append((done, whole))
        return done < 2

    with pytest.raises(Cancelled, match="2 of 6"):
        sweep(job, 6, workers=1, progress=stop_after_two)
    assert seen == [(1, 6), (2, 6)]


def test_no_calls_and_no_replications_are_refused() -> None:
    scenario, model = line()
    with pytest.raises(NoCalls, match="rates give 0 calls"):
        draw_calls(model.scaled(0.0), Streams(1), 0, 5.0)
    with pytest.raises(SimulationError, match="replications must be 1 or more, got 0"):
        sweep(Job((scenario,), (model,), 1.0, Streams(1)), 0)


def test_run_in_is_left_out_of_every_count() -> None:
    scenario, model = line()
    job = Job((scenario,), (model,), 2.0, Streams(9), run_in_days=1.0)
    run = job.run(0, 0)
    calls = draw_calls(model, Streams(9), 0, 3.0)

    assert run.calls == int((calls.at_ms >= 24 * 3_600_000).sum())
    trace = simulate(scenario, calls, window=(24 * 3_600_000, 72 * 3_600_000))
    assert trace.spent_ms.sum() == 3 * 48 * 3_600_000  # each unit's two days, every millisecond in one status
