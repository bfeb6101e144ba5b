"""A policy's own figures, chosen on seeds that are never reported, and a scenario made ready for it.

``Streams(seed, tuning=True)`` and ``Streams(seed)`` never give the same calls, so what is tuned here is judged elsewhere on calls that it
has not seen. The grid is small on purpose: few figures, few values, all named.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from kuaijing.simulation.compiled.calls import DAY_MS, CallModel, Streams, draw_calls
from kuaijing.simulation.compiled.errors import MalformedScenario
from kuaijing.simulation.compiled.running import simulate
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.policies.compliance import table_for

BUSY_SHARES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
LEAST_GAINS: Final = (0.001, 0.005, 0.01, 0.02)
LOOK_AHEADS_S: Final = (700.0, 1000.0, 1300.0)
_RUN_IN_DAYS = 0.5


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was chosen, and the late share of each setting tried."""

    scenario: Scenario
    figures: tuple[float, ...]
    tried: tuple[tuple[tuple[float, ...], float], ...]


def settings_of(policy: str) -> Iterator[tuple[float, ...]]:
    """The figures that are tried for a policy."""
    if policy in ("dmexclp", "compliance"):
        yield from ((busy,) for busy in BUSY_SHARES)
    elif policy == "reach":
        for busy, gain, ahead, mode in itertools.product((0.1, 0.3, 0.5), LEAST_GAINS, LOOK_AHEADS_S, (0.0, 1.0)):
            yield (busy, gain, ahead, 1.0, mode)
    else:
        yield ()


def prepared(scenario: Scenario, policy: str, figures: tuple[float, ...]) -> Scenario:
    """The scenario under the policy with these figures; makes the compliance table.

    Raises
    ------
    UnknownPolicy, MalformedScenario
    """
    moves = scenario.moves
    if policy == "compliance":
        if not len(moves.posts):
            raise MalformedScenario("a compliance table needs posts, and the plan has no platform")
        hour = int(scenario.standards.expected.sum(axis=1).argmax())
        kind = int(np.bincount(scenario.force.unit_class).argmax())
        covers = np.ascontiguousarray(moves.place_reach[scenario.standards.limit_set[hour], :, kind])
        busy = figures[0] if figures else 0.3
        moves = moves._replace(table=table_for(covers, scenario.standards.expected.mean(axis=0), busy, scenario.units))
    return scenario.with_policy(policy, figures=figures, moves=moves)


def tune(scenario: Scenario, model: CallModel, policy: str, *, seed: int, days: float = 20.0) -> Tuned:
    """Try the policy's settings on tuning streams and keep the one with the fewest late arrivals."""
    calls = draw_calls(model, Streams(seed, tuning=True), 0, _RUN_IN_DAYS + days)
    window = (round(_RUN_IN_DAYS * DAY_MS), round((_RUN_IN_DAYS + days) * DAY_MS))
    tried = []
    for figures in settings_of(policy):
        trace = simulate(prepared(scenario, policy, figures), calls, window=window)
        tried.append((figures, float(trace.late[trace.counted].mean())))
    best = min(tried, key=lambda each: each[1])[0]
    return Tuned(prepared(scenario, policy, best), best, tuple(tried))


def with_policy(scenario: Scenario, model: CallModel, policy: str, *, seed: int, days: float = 5.0) -> Scenario:
    """The scenario under the policy, tuned where it has figures."""
    if len(list(settings_of(policy))) <= 1:
        return prepared(scenario, policy, ())
    return tune(scenario, model, policy, seed=seed, days=days).scenario
