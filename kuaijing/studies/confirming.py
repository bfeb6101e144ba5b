"""``confirm`` for the least force: what each tier attains in the simulator with a placing, at the lower end of its 95 % interval.

Few replications first; more while an interval still holds a target, up to a bound. So a force clearly enough or clearly too small costs
little, and the one at the edge is looked at closely. The same seeds for every size of the force: sizes differ on the same calls.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final

from kuaijing.engine.survey import Survey
from kuaijing.simulation.compiled.calls import DAY_MS, Streams, draw_calls
from kuaijing.simulation.compiled.errors import SimulationError
from kuaijing.simulation.compiled.intervals import Figure, share_of
from kuaijing.simulation.compiled.running import simulate
from kuaijing.simulation.compiled.summary import RunFigures, figures_of
from kuaijing.studies.city_study import Frozen, opened
from kuaijing.studies.fleet_questions import placed_plan
from kuaijing.studies.platforms import FleetStudy
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.what_if import scenarios_of

STEPS: Final = (4, 8, 16, 32)
"""Replications after which it is looked whether the answer is certain."""
POINTS: Final = 500
FURTHER: Final = 150
"""Fewer places than in a comparison: the drives between them are what costs."""
_RUN_IN_DAYS: Final = 1


def confirm_by_simulation(
    frozen: Frozen,
    target: Mapping[str, float],
    *,
    days: float = 10.0,
    seed: int = 1,
    seconds: float = 240.0,
    incidents_per_day: float | None = None,
    slower: float = 1.0,
) -> Callable[[FleetStudy], Mapping[str, float]]:
    """A ``confirm`` for ``find_least``: lower ends by tier; a tier without a call is left out.

    ``seconds`` bounds all calls together; sizes looked at after that get the first step only.
    """
    until = time.monotonic() + seconds

    def confirm(study: FleetStudy) -> dict[str, float]:
        city = opened(frozen)
        plan = placed_plan(frozen, study)
        built = scenarios_of(
            city, [plan], incidents_per_day=incidents_per_day, slower=slower, most_points=POINTS, most_further=FURTHER
        )
        scenario, model, streams = built.scenarios[0], built.models[0], Streams(seed)
        window = (_RUN_IN_DAYS * DAY_MS, round((_RUN_IN_DAYS + days) * DAY_MS))
        tiers = [tier.id for tier in Survey(city.ground, city.network, plan).tiers]
        runs: list[RunFigures] = []
        found: dict[str, Figure] = {}
        try:
            for step in STEPS:
                for replication in range(len(runs), step):
                    calls = draw_calls(model, streams, replication, _RUN_IN_DAYS + days)
                    runs.append(figures_of(scenario, simulate(scenario, calls, window=window), replication))
                found = _by_tier(tiers, runs)
                if _certain(found, target) or time.monotonic() > until:
                    break
        except SimulationError as error:
            raise StudyRefused(str(error)) from None
        return {tier: figure.low for tier, figure in found.items()}

    return confirm


def _by_tier(tiers: list[str], runs: list[RunFigures]) -> dict[str, Figure]:
    return {
        tier: share_of([run.met[row] for run in runs], [run.of[row] for run in runs])
        for row, tier in enumerate(tiers)
        if sum(run.of[row] for run in runs)
    }


def _certain(found: Mapping[str, Figure], target: Mapping[str, float]) -> bool:
    """Whether every target is certainly met, or one is certainly not."""
    wanted = [(found[tier], share) for tier, share in target.items() if tier in found]
    return all(figure.low >= share for figure, share in wanted) or any(figure.high < share for figure, share in wanted)
