"""Runs of plans as lines: each plan's figures over replications, paired differences, blocks that gain or lose."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.survey import Survey
from kuaijing.simulation.compiled.intervals import Figure, mean_of, share_of
from kuaijing.simulation.compiled.planned import units_of
from kuaijing.studies.blocks import Blocks
from kuaijing.studies.city_study import CityStudy
from kuaijing.studies.what_if_lines import BlockLine, CostLine, DifferenceLine, FigureLine, HourLine, PlanLine, TierLine
from kuaijing.studies.what_if_runs import OneRun

ENOUGH_CALLS: Final = 40
"""Of a block, in all replications; fewer say nothing. A starting value."""
_Z: Final = 1.959964


def plan_line(
    city: CityStudy, plan: PlanDocument, runs: Sequence[OneRun], days: float, duty_share: float = 1.0
) -> PlanLine:
    """A plan's figures. ``duty_share``: of the unit hours that the force list would give."""
    figures = [run.figures for run in runs]
    of = [run.calls for run in figures]
    presence = np.mean([run.presence_by_block for run in runs], axis=0)
    return PlanLine(
        name=plan.name,
        version=plan.version,
        tiers=_tiers(city, plan, runs),
        within=told(share_of([sum(run.met) for run in figures], of)),
        within_citizen=told(share_of([sum(run.met_citizen) for run in figures], of)),
        mean_s=told(mean_of([run.mean_s for run in figures])),
        median_s=told(mean_of([run.median_s for run in figures])),
        p90_s=told(mean_of([run.p90_s for run in figures])),
        citizen_mean_s=told(mean_of([run.citizen_mean_s for run in figures])),
        late_a_day=told(mean_of([run.late / days for run in figures])),
        queued=told(share_of([run.queued for run in figures], of)),
        utilisation=told(mean_of([run.utilisation for run in figures])),
        visible_minutes_an_hour=told(mean_of([run.visible_min_per_h for run in figures])),
        visible_by_block=[round(float(value), 3) for value in presence],
        visible_per_street_km=float(presence.sum() / max(1e-9, city.grid.street_m.sum() / 1000)),
        moves_a_day=told(mean_of([run.moves_per_day for run in figures])),
        arrivals=np.sum([run.arrivals for run in runs], axis=0).tolist(),
        arrivals_citizen=np.sum([run.arrivals_citizen for run in runs], axis=0).tolist(),
        hours=_hours(runs),
        cost=cost_of(plan, duty_share),
    )


def cost_of(plan: PlanDocument, duty_share: float = 1.0) -> CostLine:
    """What the plan's force takes. A plan has no shifts: units on duty are so around the clock, less what edits take off."""
    units = units_of(plan)
    hours = 24.0 * duty_share
    return CostLine(
        units=dict(sorted(Counter(unit.unit_class for unit in units).items())),
        platforms=len(plan.platforms),
        unit_hours_a_day=len(units) * hours,
        police_hours_a_day=sum(unit.crew_police for unit in units) * hours,
        auxiliary_hours_a_day=sum(unit.crew_auxiliary for unit in units) * hours,
    )


def told(figure: Figure) -> FigureLine:
    """A figure to be sent: what is not known is null, and the interval of what cannot be negative ends at 0."""
    low = _known(figure.low)
    return FigureLine(
        _known(figure.value), None if low is None else max(0.0, low), _known(figure.high),
        figure.met if figure.of >= 0 else None, figure.of if figure.of >= 0 else None,
    )  # fmt: skip


def differences_of(
    city: CityStudy,
    first: PlanDocument,
    other: PlanDocument,
    before: Sequence[OneRun],
    after: Sequence[OneRun],
    days: float,
) -> list[DifferenceLine]:
    """``other`` minus ``first``, replication by replication."""
    pairs = [(a.figures, b.figures) for a, b in zip(before, after, strict=True)]
    lines = [
        _line("within", mean_of([(sum(b.met) - sum(a.met)) / a.calls for a, b in pairs])),
        _line("within_citizen", mean_of([(sum(b.met_citizen) - sum(a.met_citizen)) / a.calls for a, b in pairs])),
    ]
    tiers = [[tier.id for tier in Survey(city.ground, city.network, plan).tiers] for plan in (first, other)]
    for row, tier in enumerate(tiers[0]):
        if tier in tiers[1]:
            there = tiers[1].index(tier)
            shares = [
                _share(b.met[there], b.of[there]) - _share(a.met[row], a.of[row])
                for a, b in pairs
                if a.of[row] and b.of[there]
            ]
            lines.append(_line(f"tier:{tier}", mean_of(shares)))
    for name in ("mean_s", "median_s", "p90_s", "utilisation"):
        lines.append(_line(name, mean_of([_minus(getattr(b, name), getattr(a, name)) for a, b in pairs])))
    lines.append(_line("late_a_day", mean_of([(b.late - a.late) / days for a, b in pairs])))
    lines.append(_line("visible", mean_of([b.visible_min_per_h - a.visible_min_per_h for a, b in pairs])))
    return lines


def block_lines(blocks: Blocks, runs: Sequence[Sequence[OneRun]]) -> tuple[list[BlockLine], int]:
    """Blocks with enough calls, and how many others had some. The interval is of the paired difference, call by call."""
    calls = np.sum([run.block_calls for run in runs[0]], axis=0)
    place = blocks.plane.degrees(blocks.xy)
    met = [np.sum([run.block_met for run in own], axis=0) for own in runs]
    gained = [np.sum([run.block_gain for run in own], axis=0) for own in runs]
    changed = [np.sum([run.block_changed for run in own], axis=0) for own in runs]
    lines = []
    for block in np.flatnonzero(calls >= ENOUGH_CALLS).tolist():
        n = int(calls[block])
        gain = [float(each[block]) / n for each in gained]
        half = [
            _Z * math.sqrt(max(0.0, float(each[block]) / n - mean**2) / n)
            for each, mean in zip(changed, gain, strict=True)
        ]
        lines.append(
            BlockLine(
                block, round(float(place[block, 0]), 6), round(float(place[block, 1]), 6), n,
                [float(each[block]) / n for each in met], gain,
                [mean - each for mean, each in zip(gain, half, strict=True)],
                [mean + each for mean, each in zip(gain, half, strict=True)],
            )
        )  # fmt: skip
    return lines, int(((calls > 0) & (calls < ENOUGH_CALLS)).sum())


def _tiers(city: CityStudy, plan: PlanDocument, runs: Sequence[OneRun]) -> list[TierLine]:
    lines = []
    for row, tier in enumerate(Survey(city.ground, city.network, plan).tiers):
        of = [run.figures.of[row] for run in runs]
        lines.append(
            TierLine(
                tier.id, tier.name, tier.name_en, tier.limit_s,
                told(share_of([run.figures.met[row] for run in runs], of)),
                told(share_of([run.figures.met_citizen[row] for run in runs], of)),
            )
        )  # fmt: skip
    return lines


def _hours(runs: Sequence[OneRun]) -> list[HourLine]:
    calls = np.sum([run.hour_calls for run in runs], axis=0)
    met = np.sum([run.hour_met for run in runs], axis=0)
    reached = np.sum([run.hour_reached for run in runs], axis=0)
    seconds = np.sum([run.hour_sum_s for run in runs], axis=0)
    visible = np.mean([run.presence_by_hour for run in runs], axis=0)
    return [
        HourLine(
            hour, int(calls[hour]), float(met[hour] / calls[hour]) if calls[hour] else None,
            float(seconds[hour] / reached[hour]) if reached[hour] else None, float(visible[hour]),
        )
        for hour in range(24)
    ]  # fmt: skip


def _line(figure: str, found: Figure) -> DifferenceLine:
    low, high = _known(found.low), _known(found.high)
    certain = low is not None and high is not None and (low > 0 or high < 0)
    return DifferenceLine(figure, _known(found.value), low, high, certain)


def _share(met: int, of: int) -> float:
    return met / of if of else math.nan


def _minus(one: float, other: float) -> float:
    return 0.0 if one == other else one - other  # infinite quantiles


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
