"""A day of a generated city through the real engine and through the simulator; then that day's log again with a platform closed.

The smaller version of ``kuaijing bench planning --only end_to_end``, which plays 30 days.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from kuaijing.app.cli import main
from kuaijing.app.demand_of import rates_of
from kuaijing.city.generate.writing import generate_city
from kuaijing.city.ground import open_ground
from kuaijing.demand import on_streets
from kuaijing.simulation.compiled.calls import Streams, draw_calls
from kuaijing.simulation.compiled.running import simulate
from kuaijing.store import open_store
from kuaijing.studies.city_study import CityStudy, Frozen
from kuaijing.studies.engine_days import as_the_crews, engine_days, spaced
from kuaijing.studies.what_if import scenarios_of
from kuaijing.wire.plans import canonical, digest_of, read_plan


@pytest.mark.timeout(600)
async def test_the_engine_keeps_the_limits_that_the_simulator_promised_and_its_log_can_be_rerun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate_city(tmp_path / "city", seed=5, area_km2=9.0)
    ground = open_ground(tmp_path / "city")
    plan = read_plan(ground.folder / "plan", ground.bbox)
    data = tmp_path / "data"
    data.mkdir()
    city = CityStudy(Frozen(ground.folder, data, canonical(plan), digest_of(plan), "", rates_of))
    built = scenarios_of(city, [plan], incidents_per_day=30.0)
    drawn = spaced(draw_calls(built.models[0], Streams(7), 0, 1.0))
    scenario, calls = as_the_crews(built.scenarios[0], drawn)
    assert city.rates is not None

    trace = simulate(scenario, calls)
    store = open_store(data)
    found = await engine_days(
        city.network, plan, calls, built.places,
        on_streets(city.rates, city.streets.pieces, city.streets.count), store=store,
    )  # fmt: skip
    store.close()

    count = len(calls.at_ms)
    assert count > 15
    assert np.array_equal(found.limit_s * 1000, calls.limit_ms)
    assert np.isfinite(found.arrived_s).all()
    apart = np.abs(found.arrived_s - trace.response_s)
    assert (apart < 1.0).mean() >= 0.9
    assert abs((found.arrived_s <= found.limit_s).mean() - trace.met.mean()) <= 1.5 / count

    closed = plan.platforms[0].id
    asked = ["plan", "rerun", "--city", str(ground.folder), "--data", str(data), "--replications", "2"]
    assert main([*asked, "--day", "2026-01-05", "--close", closed, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["incidents"] == count
    assert told["measured"]["within"]["of"] == count
    assert [each["within"]["of"] for each in told["comparison"]["plans"]] == [2 * count, 2 * count]

    assert main([*asked, "--day", "2026-01-05", "--close", "P99"]) == 2
    assert "no platform 'P99' in plan" in capsys.readouterr().err
    assert main([*asked, "--day", "2026-01-09"]) == 2
    assert "no unit was sent to any incident opened on 2026-01-09" in capsys.readouterr().err
