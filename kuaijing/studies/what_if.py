"""What if: two or more plans beside each other on the same drawn calls, with intervals, gains and losses.

``compare_plans`` draws the calls from the city's rates once a replication and gives them to every plan (common random numbers), so that a
difference is the plans' alone and identical plans differ by exactly zero. Figures of a plan are over replications; differences are
paired. Reruns of a real day are in ``rerun``.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, Literal

import msgspec
import numpy as np

from kuaijing.demand import DemandRates, street_length_rates
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.simulation.compiled.building import Built, History, build
from kuaijing.simulation.compiled.calls import DAY_MS, CallModel, Streams, draw_calls
from kuaijing.simulation.compiled.errors import SimulationError
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.compiled.tables import CallTable
from kuaijing.simulation.tuning import with_policy
from kuaijing.studies.city_study import CityStudy, Frozen, opened
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.what_if_figures import block_lines, differences_of, plan_line
from kuaijing.studies.what_if_lines import Comparison
from kuaijing.studies.what_if_runs import BIN_S, Plot, run_all
from kuaijing.wire.plans import from_canonical

Progress = Callable[[str, float], None]
RUN_IN_DAYS: Final = 1
MOST_PLANS: Final = 6
MOST_DAYS: Final = 100_000
"""Of all replications: more is hours of one job, while every other one waits."""
DESK_S: Final = 30.0
"""A starting value; a city's own is the median of its daily report's dispatch clock."""


class WhatIfAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How plans are to be compared."""

    days: Annotated[float, msgspec.Meta(gt=0, le=3660)] = 30.0
    """Counted days of a replication."""
    replications: Annotated[int, msgspec.Meta(ge=2, le=1000)] = 8
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    incidents_per_day: Annotated[float, msgspec.Meta(gt=0, le=100_000)] | None = None
    """Needed where no history is known; else the calls are scaled to it."""
    slower: Annotated[float, msgspec.Meta(ge=0.2, le=10)] = 1.0
    """Drives take so many times as long."""
    desk_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = DESK_S
    """From the call to the first order where a unit is free: what the citizen's clock runs longer than the response clock."""
    policy: Literal["", "dmexclp", "compliance", "reach", "stay_home", "stand"] = ""
    """Redeployment between jobs, tuned on other calls: ``dmexclp``, ``compliance``, ``reach``; the plan's own patrols where empty."""

    def __post_init__(self) -> None:
        if self.days * self.replications > MOST_DAYS:
            raise ValueError(
                f"days × replications is {self.days * self.replications:,.0f}; wanted {MOST_DAYS:,} simulated days at most"
            )


def compare_plans(
    frozen: Frozen | CityStudy,
    plans: Sequence[bytes | PlanDocument],
    asked: WhatIfAsked,
    progress: Progress = lambda step, share: None,
    cancelled: Callable[[], bool] | None = None,
) -> Comparison:
    """Compare ``plans`` (canonical bytes or documents), the first being what the others are held against.

    Raises
    ------
    StudyRefused
        No plan, too many, a plan that cannot be simulated, no history and no ``incidents_per_day``.
    Cancelled
        ``cancelled`` said so.
    """
    progress("opening", 0.0)
    city = frozen if isinstance(frozen, CityStudy) else opened(frozen)
    documents = [from_canonical(plan) if isinstance(plan, bytes) else plan for plan in plans]
    if not 1 <= len(documents) <= MOST_PLANS:
        raise StudyRefused(f"{len(documents)} plans are given; wanted 1 to {MOST_PLANS}")
    progress("roads", 0.05)
    built = scenarios_of(
        city, documents, incidents_per_day=asked.incidents_per_day, slower=asked.slower
    )  # the drives between all places
    scenarios, models = built.scenarios, built.models
    if asked.policy:
        progress("policy", 0.35)
        scenarios = tuple(_under(asked, scenario, model) for scenario, model in zip(scenarios, models, strict=True))
    scenarios = tuple(scenario.with_rules(desk_ms=round(asked.desk_s * 1000)) for scenario in scenarios)
    streams, whole = Streams(asked.seed), RUN_IN_DAYS + asked.days

    def calls_of(row: int, replication: int) -> CallTable:
        return draw_calls(models[row], streams, replication, whole)

    window = (RUN_IN_DAYS * DAY_MS, round(whole * DAY_MS))
    progress("runs", 0.4)
    try:
        runs = run_all(
            scenarios, calls_of, asked.replications, plot_of(city, built), window=window,
            progress=lambda share: progress("runs", 0.4 + 0.55 * share), cancelled=cancelled,
        )  # fmt: skip
    except SimulationError as error:
        raise StudyRefused(str(error)) from None
    progress("figures", 0.96)
    blocks, too_few = block_lines(city.blocks, runs)
    calls = sum(run.figures.calls for run in runs[0])
    return Comparison(
        plans=[plan_line(city, plan, own, asked.days) for plan, own in zip(documents, runs, strict=True)],
        differences=[
            differences_of(city, documents[0], documents[row], runs[0], runs[row], asked.days)
            for row in range(1, len(documents))
        ],
        blocks=blocks,
        blocks_without_enough=too_few,
        bin_s=BIN_S,
        days=asked.days,
        replications=asked.replications,
        seed=asked.seed,
        calls=calls,
        calls_a_day=calls / asked.replications / asked.days,
        demand=city.demand_digest,
        notes=_notes(city, documents, asked),
    )


def scenarios_of(
    city: CityStudy,
    plans: Sequence[PlanDocument],
    *,
    incidents_per_day: float | None = None,
    slower: float = 1.0,
    **more: object,
) -> Built:
    """Scenarios of plans on a city's rates and history. Raises ``StudyRefused``."""
    if city.rates is None and incidents_per_day is None:
        raise StudyRefused(
            "no history is known, so how many incidents there are is not: say incidents_per_day, or import a history"
        )
    kinds = {tuple(kind.code for kind in plan.kinds) for plan in plans}
    if len(kinds) > 1:
        raise StudyRefused(
            "the plans have different kinds of incidents and cannot get the same calls; give them one list"
        )
    rates: DemandRates = city.rates or street_length_rates(city.grid.grid, city.grid.street_m, city.grid.zone)
    try:
        return build(
            city.network, plans, rates, history=history_of(city), calls_per_day=incidents_per_day,
            hour_factor=None if slower == 1.0 else np.full(168, slower), **more,  # type: ignore[arg-type]
        )  # fmt: skip
    except SimulationError as error:
        raise StudyRefused(str(error)) from None


def history_of(city: CityStudy) -> History | None:
    """Kinds and times on scene of what somebody called for; ``None`` where no history is known."""
    if city.rates is None:
        return None
    records = city.records()
    records = records.rows(records.placed & records.called)
    if not len(records):
        return None
    return History(records.called_at, records.lon, records.lat, records.kind, records.on_scene_s.astype(np.float64))


def plot_of(city: CityStudy, built: Built) -> Plot:
    """The block of each place."""
    return Plot(city.blocks.of_points(built.places.lon, built.places.lat), city.blocks.count)


def _under(asked: WhatIfAsked, scenario: Scenario, model: CallModel) -> Scenario:
    try:
        return with_policy(scenario, model, asked.policy, seed=asked.seed)
    except SimulationError as error:
        raise StudyRefused(str(error)) from None


def _notes(city: CityStudy, plans: Sequence[PlanDocument], asked: WhatIfAsked) -> list[str]:
    notes = [f"接警至派警按 {asked.desk_s:g} 秒计 Call to order taken as {asked.desk_s:g} s"]
    if city.rates is None:
        notes.append("无历史警情:按路长分布 No history: spread by street length")
    if len({tuple((area.id, area.limit_s) for area in plan.tier_areas) for plan in plans}) > 1:
        notes.append(
            "各方案的响应圈层不同,按圈层的差值不可直接相比 The plans' tiers differ: differences by tier do not compare like with like"
        )
    if any(plan.provisional for plan in plans):
        notes.append("含临时方案 A provisional plan is among them")
    if asked.policy:
        notes.append(f"任务之间按策略 {asked.policy} 调动 Between jobs units move by {asked.policy}")
    return notes
