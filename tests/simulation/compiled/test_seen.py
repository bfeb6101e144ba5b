"""见警率: who was seen where and when, from the trace; the minutes add up to the unit time that is free."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.simulation import MalformedScenario, Scenario, plain_scenario, simulate, visible_minutes
from kuaijing.simulation.compiled.tables import HOME, IDLE, MOVING, PATROL, STAND, WEEK_HOURS
from tests.simulation.compiled.drawn import table

HOUR = 3_600_000


def along(places: int, units: list[int], between: int = HOME) -> Scenario:
    """Places a minute apart on a line."""
    spots = np.arange(places)
    drives = np.abs(spots[:, None] - spots[None, :]) * 60_000
    return plain_scenario(drives, np.array(units)).with_rules(between=between)


def test_unit_is_seen_at_home_then_on_each_place_of_its_way_back() -> None:
    scenario = along(4, [0])
    # called to place 3 at 10:00; there at 10:03, free at 10:13, home again at 10:16
    trace = simulate(scenario, table([36_000], [3], 600), window=(9 * HOUR, 12 * HOUR), follow=True)

    seen = visible_minutes(scenario, trace)

    assert seen[0, 9] == pytest.approx(60)
    assert seen[:, 10].tolist() == pytest.approx([44, 1, 1, 1])  # 60 less 3 on the way, 10 there, 3 on the way back
    assert seen.sum() == pytest.approx(180 - 13)


def test_a_unit_off_duty_is_seen_nowhere() -> None:
    scenario = along(2, [1])
    duty = np.zeros((1, WEEK_HOURS), np.bool_)
    duty[0, 8:10] = True
    scenario = Scenario(
        scenario.roads, scenario.force._replace(duty=duty), scenario.responses, scenario.standards, scenario.moves,
        scenario.rules,
    )  # fmt: skip
    trace = simulate(scenario, table([9 * 3600], [1], 600), window=(0, 24 * HOUR), follow=True)

    seen = visible_minutes(scenario, trace)

    assert seen[1, 8:10].tolist() == pytest.approx([60, 50])
    assert seen.sum() == pytest.approx(110)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from([STAND, HOME, PATROL]), st.booleans())
def test_minutes_of_all_places_are_the_free_time_of_the_units(
    seed: int, units: int, between: int, shifts: bool
) -> None:
    chance = np.random.default_rng(seed)
    scenario = along(9, chance.integers(0, 9, units).tolist(), between)
    force = scenario.force._replace(
        patrol_start=np.arange(0, 3 * units + 1, 3),
        patrol_place=chance.integers(0, 9, 3 * units),
        patrol_dwell_ms=np.full(3 * units, 300_000),
    )
    if shifts:
        force = force._replace(duty=chance.random((units, WEEK_HOURS)) < 0.7)
    force.duty[0, :] |= not shifts
    scenario = Scenario(scenario.roads, force, scenario.responses, scenario.standards, scenario.moves, scenario.rules)
    calls = table(
        np.sort(chance.uniform(0, 40_000, 50)), chance.integers(0, 9, 50), chance.integers(60, 1500, 50), set_off_s=10.0
    )
    trace = simulate(scenario, calls, window=(2 * HOUR, 9 * HOUR), follow=True)

    seen = visible_minutes(scenario, trace)

    assert (seen >= 0).all()
    assert seen.sum() == pytest.approx(trace.spent_ms[:, [IDLE, MOVING]].sum() / 60_000, rel=1e-9)


def test_a_trace_that_kept_no_moves_is_refused() -> None:
    scenario = along(2, [0])
    with pytest.raises(MalformedScenario, match="follow=True"):
        visible_minutes(scenario, simulate(scenario, table([0], [1], 60)))
