"""What runs add up to: shares within the limit by tier, response times, utilisation, street presence, each with its interval.

Only what lies in the window counts: the run-in before it (``sweeps.RUN_IN_DAYS``, units start free at home) is left out, calls after it
are none. A call whose units never came counts as beyond the limit, and as infinite in a quantile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kuaijing.simulation.compiled.intervals import Figure, mean_of, share_of
from kuaijing.simulation.compiled.running import Trace
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.compiled.tables import (
    AT_SECOND,
    IDLE,
    LOST,
    MOVING,
    ON_SCENE,
    RESPONDING,
    TO_SECOND,
)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """One run's figures, small enough to be sent between processes. Lists by tier have the scenario's tiers."""

    replication: int
    calls: int
    met: tuple[int, ...]
    """By tier: response clock within the limit."""
    met_citizen: tuple[int, ...]
    of: tuple[int, ...]
    late: int
    """Citizen's clock beyond the limit."""
    lost: int
    mean_s: float
    median_s: float
    p90_s: float
    citizen_mean_s: float
    utilisation: float
    """Share of duty time on a job, from order to free."""
    visible_min_per_h: float
    """Unit minutes an hour on the street: free and out, patrolling or standing by (not at a job)."""
    moving_share: float
    moves_per_day: float
    diverted: int
    queued: int
    """Calls that nobody could take at once."""
    unit_busy: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A scenario's figures over its replications."""

    name: str
    replications: int
    calls: Figure
    tiers: tuple[tuple[str, Figure], ...]
    """Share within the limit by the response clock."""
    within: Figure
    within_citizen: Figure
    late: Figure
    """Share of calls that the citizen's clock finds beyond the limit."""
    late_per_day: Figure
    mean_s: Figure
    median_s: Figure
    p90_s: Figure
    citizen_mean_s: Figure
    utilisation: Figure
    visible_min_per_h: Figure
    moves_per_day: Figure
    queued: Figure
    lost: Figure
    unit_busy: tuple[float, ...]


def figures_of(scenario: Scenario, trace: Trace, replication: int = 0) -> RunFigures:
    """Add one run up."""
    counted = trace.counted
    tiers = max(len(scenario.tier_names), int(trace.calls.tier.max()) + 1)
    tier = trace.calls.tier[counted]
    response = trace.response_s[counted]
    met, late = trace.met[counted], trace.late[counted]
    hours = (trace.window[1] - trace.window[0]) / 3_600_000
    spent = trace.spent_ms.sum(axis=0).astype(np.float64)
    busy = spent[[RESPONDING, ON_SCENE, TO_SECOND, AT_SECOND]].sum()
    duty = busy + spent[IDLE] + spent[MOVING]
    own = trace.spent_ms[:, [RESPONDING, ON_SCENE, TO_SECOND, AT_SECOND]].sum(axis=1)
    own_duty = np.maximum(1, own + trace.spent_ms[:, IDLE] + trace.spent_ms[:, MOVING])
    came = np.isfinite(response)
    calls = int(counted.sum())
    return RunFigures(
        replication=replication,
        calls=calls,
        met=tuple(np.bincount(tier[met], minlength=tiers).tolist()),
        met_citizen=tuple(np.bincount(tier[~late], minlength=tiers).tolist()),
        of=tuple(np.bincount(tier, minlength=tiers).tolist()),
        late=int(late.sum()),
        lost=int((trace.state[counted] == LOST).sum()),
        mean_s=float(response[came].mean()) if came.any() else float("nan"),
        median_s=_quantile(response, 0.5),
        p90_s=_quantile(response, 0.9),
        citizen_mean_s=float(trace.citizen_s[counted][came].mean()) if came.any() else float("nan"),
        utilisation=float(busy / duty) if duty > 0 else float("nan"),
        visible_min_per_h=float((spent[IDLE] + spent[MOVING]) / 60_000 / hours),
        moving_share=float(spent[MOVING] / duty) if duty > 0 else float("nan"),
        moves_per_day=float(trace.moves.sum() / hours * 24),
        diverted=int((trace.orders["withdrawn_ms"] >= 0).sum()),
        queued=int((trace.ordered_ms[counted] != trace.calls.at_ms[counted] + scenario.rules.desk_ms).sum()),
        unit_busy=tuple((own / own_duty).tolist()),
    )


def _quantile(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], share: float) -> float:
    if not len(values):
        return float("nan")
    return float(np.sort(values)[min(len(values) - 1, int(np.ceil(share * len(values))) - 1)])


def summarise(scenario: Scenario, runs: Sequence[RunFigures], days: float) -> Summary:
    """Add replications up; ``days`` is the length of each one's window."""
    of = [sum(run.of) for run in runs]
    tiers = len(runs[0].of)
    names = [*scenario.tier_names, *(f"tier {n}" for n in range(len(scenario.tier_names), tiers))]
    return Summary(
        name=scenario.name,
        replications=len(runs),
        calls=mean_of([run.calls for run in runs]),
        tiers=tuple(
            (names[n], share_of([run.met[n] for run in runs], [run.of[n] for run in runs])) for n in range(tiers)
        ),
        within=share_of([sum(run.met) for run in runs], of),
        within_citizen=share_of([sum(run.met_citizen) for run in runs], of),
        late=share_of([run.late for run in runs], of),
        late_per_day=mean_of([run.late / days for run in runs]),
        mean_s=mean_of([run.mean_s for run in runs]),
        median_s=mean_of([run.median_s for run in runs]),
        p90_s=mean_of([run.p90_s for run in runs]),
        citizen_mean_s=mean_of([run.citizen_mean_s for run in runs]),
        utilisation=mean_of([run.utilisation for run in runs]),
        visible_min_per_h=mean_of([run.visible_min_per_h for run in runs]),
        moves_per_day=mean_of([run.moves_per_day for run in runs]),
        queued=share_of([run.queued for run in runs], of),
        lost=share_of([run.lost for run in runs], of),
        unit_busy=tuple(np.mean([run.unit_busy for run in runs], axis=0).tolist()),
    )


@dataclass(frozen=True, slots=True)
class Differences:
    """Second scenario minus first, pair by pair on the same calls."""

    late: Figure
    """In share of calls."""
    late_relative: Figure
    """As a share of the first one's late calls."""
    within: Figure
    mean_s: Figure
    p90_s: Figure
    utilisation: Figure
    visible_min_per_h: Figure
    tiers: tuple[tuple[str, Figure], ...]


def compare(scenario: Scenario, first: Sequence[RunFigures], second: Sequence[RunFigures]) -> Differences:
    """Paired differences; both must have run the same replications."""
    if [run.replication for run in first] != [run.replication for run in second]:
        raise ValueError("the two sets of runs are not the same replications; run both on the same seed")
    pairs = list(zip(first, second, strict=True))
    base = sum(run.late for run in first) / max(1, sum(run.calls for run in first))
    late = [b.late / b.calls - a.late / a.calls for a, b in pairs]
    tiers = len(first[0].of)
    return Differences(
        late=mean_of(late),
        late_relative=mean_of([each / base for each in late] if base > 0 else [0.0 for _ in late]),
        within=mean_of([(sum(b.met) - sum(a.met)) / a.calls for a, b in pairs]),
        mean_s=mean_of([b.mean_s - a.mean_s for a, b in pairs]),
        p90_s=mean_of([b.p90_s - a.p90_s for a, b in pairs]),
        utilisation=mean_of([b.utilisation - a.utilisation for a, b in pairs]),
        visible_min_per_h=mean_of([b.visible_min_per_h - a.visible_min_per_h for a, b in pairs]),
        tiers=tuple(
            (name, mean_of([(b.met[n] - a.met[n]) / a.of[n] if a.of[n] else np.nan for a, b in pairs]))
            for n, name in zip(range(tiers), scenario.tier_names, strict=False)
        ),
    )
