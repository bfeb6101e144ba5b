"""The simulator against queueing theory: Erlang's wait and loss, and the exact hypercube; and against SimPy, event by event."""

import math

import numpy as np
import pytest

from kuaijing.planning import hypercube
from kuaijing.simulation.compiled.intervals import mean_of, wilson
from kuaijing.simulation.compiled.running import simulate
from kuaijing.simulation.compiled.scenario import plain_scenario
from kuaijing.simulation.compiled.tables import LOST, STAND
from tests.simulation.compiled.drawn import poisson


def erlang_c(offered: float, units: int) -> float:
    """Chance that a call waits."""
    below = sum(offered**k / math.factorial(k) for k in range(units))
    full = offered**units / math.factorial(units) * units / (units - offered)
    return full / (below + full)


def erlang_b(offered: float, units: int) -> float:
    """Chance that a call is lost."""
    terms = [offered**k / math.factorial(k) for k in range(units + 1)]
    return terms[-1] / sum(terms)


def station(units: int, *, queue: bool = True):  # type: ignore[no-untyped-def]
    return plain_scenario(np.zeros((1, 1), np.int64), np.zeros(units, np.int64)).with_rules(between=STAND, queue=queue)


@pytest.mark.parametrize(("units", "load"), [(1, 0.6), (5, 4.0), (20, 15.0)])
def test_waits_are_erlangs(units: int, load: float) -> None:
    waits, waited = [], []
    for seed in range(12):
        calls = poisson(60_000, load * 3600 / 900, 900.0, seed)
        trace = simulate(station(units), calls)
        wait = (trace.ordered_ms - calls.at_ms)[5_000:] / 1000
        waits.append(wait.mean())
        waited.append((wait > 0).mean())

    expected = erlang_c(load, units)
    chance, mean = mean_of(waited), mean_of(waits)
    assert chance.low - 0.003 < expected < chance.high + 0.003
    assert mean.low - 1.0 < expected * 900 / (units - load) < mean.high + 1.0


@pytest.mark.parametrize(("units", "load"), [(2, 1.0), (8, 6.0)])
def test_losses_are_erlangs(units: int, load: float) -> None:
    lost, calls = 0, 0
    for seed in range(4):
        trace = simulate(station(units, queue=False), poisson(100_000, load * 3600 / 600, 600.0, seed))
        lost, calls = lost + int((trace.state == LOST).sum()), calls + 100_000

    low, high = wilson(lost, calls)
    assert low - 0.002 < erlang_b(load, units) < high + 0.002


def test_busy_shares_and_dispatch_are_the_hypercubes() -> None:
    chance = np.random.default_rng(7)
    zones, units = 12, 6
    drives = chance.permutation(zones * zones).reshape(zones, zones) * 10 + 10  # distinct: no ties to break
    np.fill_diagonal(drives, 0)
    home = chance.permutation(zones)[:units]
    # service begins with the order and takes the same time from anywhere: drives of a millisecond scale only order the choice
    preference = np.argsort(drives[:, home], axis=1)
    scenario = plain_scenario(drives, home).with_rules(queue=False)
    rate, mean_s = 0.7 * units * 3600 / 600.0, 600.0
    exact = hypercube(np.full(zones, rate / zones), preference, 3600 / mean_s)

    busy, lost = [], []
    shares = np.zeros((zones, units))
    for seed in range(10):
        calls = poisson(60_000, rate, mean_s, 100 + seed, places=zones)
        trace = simulate(scenario, calls)
        own = np.bincount(trace.orders["unit"], minlength=units)
        span = calls.at_ms[-1] / 1000
        busy.append(np.bincount(trace.orders["unit"], weights=calls.lead_ms[trace.orders["call"]] / 1000) / span)
        lost.append((trace.state == LOST).mean())
        np.add.at(shares, (calls.place[trace.orders["call"]], trace.orders["unit"]), 1)
        assert own.sum() == len(trace.orders)

    for unit in range(units):
        figure = mean_of([each[unit] for each in busy])
        assert figure.low - 0.004 < exact.utilisation[unit] < figure.high + 0.004
    figure = mean_of(lost)
    assert figure.low - 0.003 < exact.lost < figure.high + 0.003
    all_calls = 10 * 60_000 / zones
    assert np.abs(shares / all_calls - exact.dispatch).max() < 0.012  # about 50,000 calls a zone: 5 standard errors


def test_every_order_and_arrival_is_simpys() -> None:
    simpy = pytest.importorskip("simpy")
    chance = np.random.default_rng(3)
    places, units = 15, 4
    drives = chance.integers(20_000, 400_000, (places, places))
    np.fill_diagonal(drives, 0)
    home = chance.integers(0, places, units)
    calls = poisson(2_000, 9.0, 700.0, 5, places=places, set_off_s=15.0)
    trace = simulate(plain_scenario(drives, home, estimate_ms=15_000).with_rules(between=STAND), calls)

    world = simpy.Environment()
    stands, idle, waiting = home.copy(), set(range(units)), []
    found: dict[int, tuple[int, int, int]] = {}

    def serve(call: int):  # type: ignore[no-untyped-def]
        goal = calls.place[call]
        unit = min(idle, key=lambda u: (drives[goal, stands[u]], u))
        idle.remove(unit)
        ordered = world.now
        yield world.timeout(15_000 + int(drives[goal, stands[unit]]))
        found[call] = (unit, ordered, world.now)
        stands[unit] = goal
        yield world.timeout(int(calls.lead_ms[call]))
        idle.add(unit)
        if waiting:
            world.process(serve(waiting.pop(0)))

    def ring():  # type: ignore[no-untyped-def]
        for call, at in enumerate(calls.at_ms):
            yield world.timeout(int(at) - world.now)
            if idle:
                yield from start(call)
            else:
                waiting.append(call)

    def start(call: int):  # type: ignore[no-untyped-def]
        world.process(serve(call))
        yield world.timeout(0)

    world.process(ring())
    world.run()
    theirs = np.array([found[call] for call in range(2_000)])
    assert (np.column_stack([trace.unit, trace.ordered_ms, trace.arrived_ms]) == theirs).all()
