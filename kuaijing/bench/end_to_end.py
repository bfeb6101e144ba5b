"""From three years of records to a plan that carries its proof, and the proof held against the real engine.

``kuaijing bench planning --only end_to_end``. Timed: opening the city, finding the hot spots, placing 10 platforms of 1 command vehicle, 2
cars and 4 motorcycles with a bound, cutting beats around them, proving the plan beside today's on the same calls. Not timed as part of it:
what was planted, held against what was found, and the same plan's days through the engine (``studies.engine_days``), which takes a quarter
of an hour for 30 days.
"""

import asyncio
import json
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.bench.big_force import bench_city
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.city.generate.history import KINDS
from kuaijing.demand import on_streets
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.simulation.compiled.calls import DAY_MS, Streams, draw_calls
from kuaijing.simulation.compiled.intervals import Figure, share_of
from kuaijing.simulation.compiled.running import Trace, simulate
from kuaijing.studies.city_rates import rates_of
from kuaijing.studies.city_study import CityStudy, Frozen, opened
from kuaijing.studies.demand_study import study_demand
from kuaijing.studies.engine_days import EngineDays, as_the_crews, engine_days, spaced
from kuaijing.studies.fleet_asked import FleetAsked
from kuaijing.studies.fleet_questions import place
from kuaijing.studies.histories import mark_of_holdings
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.what_if import WhatIfAsked, compare_plans, scenarios_of
from kuaijing.studies.what_if_lines import Comparison, PlanLine
from kuaijing.wire.plans import PlanRefused, canonical, digest_of, from_canonical, read_plan, write_folder
from kuaijing.wire.plans.provisional import provisional

PLATFORMS: Final = 10
UNITS: Final = {"command_vehicle": 10, "car": 20, "motorcycle": 40}
PER_PLATFORM: Final = {"command_vehicle": 1, "car": 2, "motorcycle": 4}
CASE: Final = "end to end, Qinglan 52 km², 10 platforms of 1+2+4"
_WEIGHTY: Final = 0.05
"""Share of its kinds' incidents from which a planted hot spot is expected to be found (tests/city_generate says why)."""


def end_to_end(city: Path | None, engine_days_: float, plan_out: Path | None = None) -> Iterator[Row]:
    """All rows."""
    folder = bench_city(city)
    with TemporaryDirectory(prefix="kuaijing-end-to-end-") as data:
        try:
            yield from _run(folder, Path(data), engine_days_, plan_out)
        except (StudyRefused, PlanRefused) as error:
            raise BenchRefused(str(error)) from None


def _run(folder: Path, data: Path, days: float, plan_out: Path | None) -> Iterator[Row]:
    began = time.perf_counter()

    def row(figure: str, value: float, unit: str, case: str = CASE) -> Row:
        return Row("planning", case, OURS, figure, value, unit)

    from kuaijing.city.ground import open_ground

    ground = open_ground(folder)
    own = folder / "plan"
    today = read_plan(own, ground.bbox) if own.is_dir() else provisional(ground)
    frozen = Frozen(folder, data, canonical(today), digest_of(today), mark_of_holdings(data, folder), rates_of)
    city = opened(frozen)
    spots = study_demand(city.records(), city.grid, days=366).hot_spots
    yield row("open_and_analyse", time.perf_counter() - began, "s")
    lap = time.perf_counter()
    asked = FleetAsked(units=UNITS, platforms=PLATFORMS, per_platform=PER_PLATFORM, seconds=20.0)
    answer = place(frozen, asked, _quiet)
    proposed = from_canonical(answer.plan)
    yield row("placed", time.perf_counter() - lap, "s")
    yield row("placing_gap", 100 * answer.study.gap, "%")
    lap = time.perf_counter()
    proof = compare_plans(city, [today, proposed], WhatIfAsked(days=30, replications=12))
    yield row("proved", time.perf_counter() - lap, "s")
    yield row("plan_made_and_proved", time.perf_counter() - began, "s")
    yield row("hot_spots_found", len(spots), "count")
    yield from _promise(proof)
    yield from _planted(folder, city)
    if plan_out is not None:
        write_folder(proposed, plan_out)
        read_plan(plan_out, ground.bbox)
    if days > 0:
        yield from _confirmed(city, proposed, days, proof.plans[1])


def _promise(proof: Comparison) -> Iterator[Row]:
    for name, plan in zip(("today's plan", "proposed plan"), proof.plans, strict=True):
        case = f"{CASE}: {name}, {proof.replications} x {proof.days:g} days simulated"
        for tier in plan.tiers:
            for end in ("value", "low", "high"):
                value = getattr(tier.response, end)
                yield Row(
                    "planning", case, OURS, f"{tier.tier}_{end}", 100 * (math.nan if value is None else value), "%"
                )
        yield Row("planning", case, OURS, "late_a_day", plan.late_a_day.value or 0.0, "count")
    for line in proof.differences[0]:
        if line.figure in ("within", "late_a_day"):
            scale, unit = (100, "%") if line.figure == "within" else (1, "count")
            case = f"{CASE}: proposed minus today's, paired"
            for end in ("value", "low", "high"):
                yield Row("planning", case, OURS, f"{line.figure}_{end}", scale * (getattr(line, end) or 0.0), unit)


def _planted(folder: Path, city: CityStudy) -> Iterator[Row]:
    truth = folder / "truth.json"
    if not truth.is_file():
        return
    planted = json.loads(truth.read_text(encoding="utf-8"))["hot_spots"]
    records = city.records()
    weighty = [spot for spot in planted if spot["share"] >= _WEIGHTY]
    of_places = {
        places: study_demand(
            records, city.grid, days=366, only=[kind for kind, kinds in KINDS.items() if kinds[2] == places]
        ).hot_spots
        for places in {spot["places"] for spot in planted}
    }
    hits = {
        id(spot): any(
            west <= spot["lon"] <= east and south <= spot["lat"] <= north
            for hot in of_places[spot["places"]]
            for west, south, east, north in hot.cells
        )
        for spot in planted
    }
    found = sum(hits.values())
    case = f"{CASE}: planted hot spots"
    yield Row("planning", case, OURS, "recovered", found, "count")
    yield Row("planning", case, OURS, "planted", len(planted), "count")
    yield Row("planning", case, OURS, f"recovered_of_share_{_WEIGHTY:g}", sum(hits[id(s)] for s in weighty), "count")
    yield Row("planning", case, OURS, f"planted_of_share_{_WEIGHTY:g}", len(weighty), "count")


def _confirmed(city: CityStudy, plan: PlanDocument, days: float, promise: PlanLine) -> Iterator[Row]:
    built = scenarios_of(city, [plan])
    assert city.rates is not None
    drawn = spaced(draw_calls(built.models[0], Streams(2026), 0, days))
    scenario, calls = as_the_crews(built.scenarios[0], drawn)
    trace = simulate(scenario, calls)
    shown = sys.stderr.isatty()

    def progress(done: int, whole: int) -> None:
        if shown:
            print(f"\rengine {done}/{whole}", end="\n" if done == whole else "", file=sys.stderr, flush=True)

    demand = on_streets(city.rates, city.streets.pieces, city.streets.count)
    engine = asyncio.run(engine_days(city.network, plan, calls, built.places, demand, progress=progress))
    yield from _beside(scenario.tier_names, trace, engine, days, promise)


def _beside(names: tuple[str, ...], trace: Trace, engine: EngineDays, days: float, promise: PlanLine) -> Iterator[Row]:
    """The engine's days beside the simulator's interval on the same calls (by days, ratio estimator), and beside the promise's.

    The promise is with patrols and with chance in reaction and drive; the engine's crews wait at home and have none.
    """
    case = f"{CASE}: {days:g} days of the same plan, same calls"
    yield Row("planning", case, "engine", "wall", engine.wall_s, "s")
    yield Row("planning", case, "engine", "calls", len(engine.limit_s), "count")
    day = (trace.calls.at_ms // DAY_MS).astype(np.int64)
    by_engine, by_report = engine.arrived_s <= engine.limit_s, engine.measured_s <= engine.limit_s
    for number, name in [*enumerate(names), (-1, "all")]:
        of = trace.calls.tier == number if number >= 0 else np.ones(len(day), bool)
        if not of.any():
            continue
        figure = _by_day(trace.met, of, day)
        key = f"{name}"
        for end in ("value", "low", "high"):
            yield Row("planning", case, "simulator", f"{key}_{end}", 100 * getattr(figure, end), "%")
        yield Row("planning", case, "engine", f"{key}", 100 * float(by_engine[of].mean()), "%")
        yield Row("planning", case, "engine", f"{key}_by_its_report", 100 * float(by_report[of].mean()), "%")
        inside = figure.low - 1e-9 <= float(by_engine[of].mean()) <= figure.high + 1e-9
        yield Row("planning", case, "engine", f"{key}_in_the_interval", int(inside), "count")
        told = promise.tiers[number].response if number >= 0 else promise.within
        if told.low is not None and told.high is not None:
            kept = told.low - 1e-9 <= float(by_engine[of].mean()) <= told.high + 1e-9
            yield Row("planning", case, "engine", f"{key}_in_the_promise", int(kept), "count")
    both = np.isfinite(engine.arrived_s) & np.isfinite(trace.response_s)
    apart = np.abs(engine.arrived_s[both] - trace.response_s[both])
    yield Row("planning", case, "engine", "same_to_a_second", 100 * float((apart < 1.0).mean()), "%")
    yield Row("planning", case, "engine", "mean_apart", float(apart.mean()), "s")
    yield Row("planning", case, "engine", "without_arrival", int((~both).sum()), "count")


def _by_day(met: NDArray[np.bool_], of: NDArray[np.bool_], day: NDArray[np.int64]) -> Figure:
    last = int(day.max()) + 1
    return share_of(np.bincount(day[of & met], minlength=last).tolist(), np.bincount(day[of], minlength=last).tolist())


def _quiet(step: str, share: float) -> None:
    """Progress that nobody looks at."""
