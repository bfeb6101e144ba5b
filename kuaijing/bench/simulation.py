"""The simulator's speed beside SimPy doing the same model on the same calls, and what redeployment policies gain on real road networks.

Speeds are per second of processor time of this process, so that a busy machine is not measured. The policies' figures are tuned on
streams that the reported ones never share (``simulation.tuning``). Late is by the citizen's clock.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kuaijing.bench import manhattan
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.simulation.compiled.calls import CallModel, Streams, draw_calls
from kuaijing.simulation.compiled.running import Trace, simulate, warm
from kuaijing.simulation.compiled.scenario import Scenario, plain_scenario
from kuaijing.simulation.compiled.tables import DRAWS, STAND, CallTable
from kuaijing.simulation.policies.compliance import table_for
from kuaijing.simulation.sweeps import Job, sweep
from kuaijing.simulation.tuning import tune

_CALLS, _PEER_CALLS = 1_000_000, 50_000
_UNITS, _PLACES, _BUSY, _HANDLING_S = 10, 50, 0.5, 900.0
_CITY_PLATFORMS, _CITY_CARS, _CITY_BUSY = 12, 2, 0.4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench simulation``."""
    parser.add_argument("--manhattan", type=Path, metavar="DIR", help="folder with JEMSS's roads.zip and model")
    parser.add_argument("--city", type=Path, action="append", default=[], metavar="DIR", help="redeployment there too")
    parser.add_argument("--days", type=float, default=100.0, help="counted days a replication (100)")
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--workers", type=int, default=2)


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """Speed first, then redeployment."""
    yield from _speed()
    if arguments.manhattan is not None:
        if not (arguments.manhattan / "roads.zip").is_file():
            raise BenchRefused(f"{arguments.manhattan} holds no roads.zip; give the folder of JEMSS's Manhattan")
        scenario, model = manhattan.read(arguments.manhattan)
        yield from _hundred_days(scenario, model)
        yield from _redeployment("Manhattan", scenario, model, arguments)
    for city in arguments.city:
        name, scenario, model = _city(city)
        yield from _redeployment(name, scenario, model, arguments)


def _closest_idle(count: int) -> tuple[Scenario, CallTable]:
    chance = np.random.default_rng(1)
    drives = chance.integers(30_000, 600_000, (_PLACES, _PLACES))
    np.fill_diagonal(drives, 0)
    scenario = plain_scenario(drives, chance.integers(0, _PLACES, _UNITS)).with_rules(between=STAND)
    mean_drive = 150.0
    per_s = _BUSY * _UNITS / (_HANDLING_S + mean_drive)
    at = np.cumsum(np.rint(chance.exponential(1000 / per_s, count)).astype(np.int64) + 1)
    handling = np.rint(chance.exponential(_HANDLING_S * 1000, count)).astype(np.int64)
    zero = np.zeros(count, np.int64)
    calls = CallTable(
        at, chance.integers(0, _PLACES, count), zero + 1, zero, zero + 300_000, zero, handling, handling, zero - 1, zero,
        np.zeros((count, DRAWS), np.int64), np.ones((count, DRAWS)),
    )  # fmt: skip
    return scenario, calls


def _first(calls: CallTable, count: int) -> CallTable:
    return CallTable._make(column[:count] for column in calls)


def _speed() -> Iterator[Row]:
    scenario, calls = _closest_idle(_CALLS)
    warm()
    case = f"closest idle, {_UNITS} units, {_PLACES} places"
    simulate(scenario, _first(calls, 1000))
    best = np.inf
    for _ in range(3):
        began = time.process_time()
        trace = simulate(scenario, calls)
        best = min(best, time.process_time() - began)
    again = simulate(scenario, calls)
    yield Row("simulation", case, OURS, "dispatches_per_s", _CALLS / best, "1/s")
    yield Row("simulation", case, OURS, "same_input_same_trace", float(_equal(trace, again)), "")
    try:
        began = time.process_time()
        peer = _by_simpy(scenario, _first(calls, _PEER_CALLS))
        took = time.process_time() - began
    except ImportError:
        raise BenchRefused("simpy is not installed; install the extra: pip install 'kuaijing[bench]'") from None
    ours = simulate(scenario, _first(calls, _PEER_CALLS))
    same = (np.column_stack([ours.unit, ours.ordered_ms, ours.arrived_ms]) == peer).all(axis=1).sum()
    yield Row("simulation", case, "SimPy", "dispatches_per_s", _PEER_CALLS / took, "1/s")
    yield Row("simulation", case, OURS, f"equal_to_SimPy_of_{_PEER_CALLS}", float(same), "count")


def _equal(one: Trace, other: Trace) -> bool:
    return bool(
        (one.orders == other.orders).all()
        and (one.arrived_ms == other.arrived_ms).all()
        and (one.spent_ms == other.spent_ms).all()
    )


def _by_simpy(scenario: Scenario, calls: CallTable) -> Any:
    """The same loop as a SimPy user would write it: a process a call, a list of those waiting."""
    import simpy

    drives = scenario.roads.to_ms[0, 0].tolist()
    stands, idle = scenario.force.home.tolist(), set(range(scenario.units))
    at, place, handling = calls.at_ms.tolist(), calls.place.tolist(), calls.lead_ms.tolist()
    found = np.full((len(at), 3), -1, np.int64)
    waiting: list[int] = []
    world = simpy.Environment()

    def serve(call: int, unit: int) -> Any:
        goal = place[call]
        drive = drives[goal][stands[unit]]
        stands[unit] = goal
        found[call] = unit, world.now, world.now + drive
        yield world.timeout(drive + handling[call])
        idle.add(unit)
        if waiting:
            order(waiting.pop(0))

    def order(call: int) -> None:
        row = drives[place[call]]
        unit = min(idle, key=lambda each: (row[stands[each]], each))
        idle.remove(unit)
        world.process(serve(call, unit))

    def ring() -> Any:
        for call, moment in enumerate(at):
            yield world.timeout(moment - world.now)
            if idle:
                order(call)
            else:
                waiting.append(call)

    world.process(ring())
    world.run()
    return found


def _hundred_days(scenario: Scenario, model: CallModel) -> Iterator[Row]:
    calls = draw_calls(model, Streams(0), 0, 100.0)
    simulate(scenario, _first(calls, 1000))
    began = time.process_time()
    simulate(scenario, calls)
    took = time.process_time() - began
    yield Row("simulation", f"Manhattan, 100 days, {len(calls.at_ms)} calls", OURS, "time", took, "s")


def _redeployment(name: str, scenario: Scenario, model: CallModel, arguments: argparse.Namespace) -> Iterator[Row]:
    policies = ("dmexclp", "compliance", "reach")
    tuned = [tune(scenario, model, policy, seed=arguments.seed, days=40.0) for policy in policies]
    scenarios = (scenario, *(each.scenario for each in tuned))
    job = Job(scenarios, (model,), arguments.days, Streams(arguments.seed))
    swept = sweep(job, arguments.replications, workers=arguments.workers)
    case = f"{name}, {scenario.units} units, {arguments.replications} × {arguments.days:g} days"
    for policy, summary in zip(("static", *policies), swept.summaries, strict=True):
        yield Row("simulation", case, policy, "late", 100 * summary.late.value, "%")
        yield Row("simulation", case, policy, "mean_response", summary.mean_s.value, "s")
        yield Row("simulation", case, policy, "utilisation", 100 * summary.utilisation.value, "%")
        yield Row("simulation", case, policy, "moves_per_day", summary.moves_per_day.value, "1/d")
    for policy, difference in zip(policies, swept.differences, strict=True):
        figure = difference.late_relative
        yield from _interval(case, policy, "late_against_static", figure.value, figure.low, figure.high)
    only = Job((scenarios[1], scenarios[3]), (model,), arguments.days, Streams(arguments.seed))
    figure = sweep(only, arguments.replications, workers=arguments.workers).differences[0].late_relative
    yield from _interval(case, "reach", "late_against_dmexclp", figure.value, figure.low, figure.high)


def _interval(case: str, engine: str, figure: str, value: float, low: float, high: float) -> Iterator[Row]:
    for name, each in ((figure, value), (f"{figure}_low", low), (f"{figure}_high", high)):
        yield Row("simulation", case, engine, name, 100 * each, "%")


def _city(folder: Path) -> tuple[str, Scenario, CallModel]:
    """Cars at platforms of a provisional plan, placed by expected cover; demand by street length; so many calls that they are busy."""
    from kuaijing.city.ground import open_ground
    from kuaijing.demand import Grid, street_length_rates, street_metres
    from kuaijing.engine.advice import CityStreets
    from kuaijing.routing import Network
    from kuaijing.simulation.compiled.building import build
    from kuaijing.wire.plans.provisional import provisional

    ground = open_ground(folder)
    plan = provisional(ground, platforms=_CITY_PLATFORMS)
    cars = tuple(unit for unit in plan.force if unit.unit_class == "car")[: _CITY_PLATFORMS * _CITY_CARS]
    plan = replace(plan, force=cars, patrol_points=())
    west, south, east, north = ground.bbox
    grid = Grid.over((west - 0.01, south - 0.01, east + 0.01, north + 0.01), 1000.0)
    demand = street_length_rates(grid, street_metres(grid, CityStreets.of(ground).pieces), ground.timezone)
    built = build(Network(ground), [plan], demand, calls_per_day=24.0, most_points=500, most_further=200)
    scenario, model = built.scenarios[0], built.models[0]
    standards, moves = scenario.standards, scenario.moves
    limit = np.full_like(
        standards.limit_ms, round(np.quantile(scenario.roads.from_ms[0, 0][moves.posts].min(axis=0), 0.7)) + 15_000
    )
    reach = scenario.roads.from_ms[0][:, moves.posts, : scenario.points].transpose(1, 0, 2)[None] + 15_000
    reach = np.ascontiguousarray(np.repeat(reach <= limit[0, 0], len(limit), axis=0))
    weight = standards.expected.mean(axis=0)
    seats = np.repeat(moves.posts, table_for(reach[0][:, 0], weight, _CITY_BUSY, scenario.units)[-1])
    mean_drive_s = 240.0
    calls = _CITY_BUSY * scenario.units * 86_400 / (850.0 + mean_drive_s)
    scenario = replace(
        scenario,
        force=scenario.force._replace(home=seats.astype(np.int64)),
        standards=standards._replace(limit_ms=limit),
        moves=moves._replace(place_reach=reach),
        rules=scenario.rules._replace(cover=False, divert=False, queue=True),
    )
    one = plain_scenario(np.zeros((1, 1), np.int64), np.zeros_like(seats)).responses  # one unit a call, anybody may go
    scenario = replace(scenario, responses=one, rules=scenario.rules._replace(simple=True))
    model = replace(model.scaled(calls / 24.0), kind_plan=np.zeros_like(model.kind_plan), limit_ms=limit)
    return f"{ground.name} ({folder.name})", scenario, model
