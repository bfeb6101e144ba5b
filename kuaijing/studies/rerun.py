"""A real day's calls again, with other posts: the log's incidents through the simulator, under the plan as it was and as it is edited.

Incidents come from files as the engine gives them (running ones and the projection of ended ones), never from tables. Moment, place, kind
and time on scene are what they were; reactions and luck on the road are drawn, the same for both plans, and drawn anew each replication.
What is compared is simulated with simulated. What was measured that day stands beside it for calibration alone: crews, traffic and desks of
that day are not known to the simulator.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.incidents import Incident
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.words import IncidentStatus
from kuaijing.engine.recorded import IncidentFile
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, from_datetime, seconds_between
from kuaijing.reporting.classing import Counted, counted_as
from kuaijing.simulation.compiled.building import Built
from kuaijing.simulation.compiled.calls import Streams, given_calls
from kuaijing.simulation.compiled.errors import SimulationError
from kuaijing.simulation.compiled.tables import CallTable
from kuaijing.studies.city_study import CityStudy, Frozen, opened
from kuaijing.studies.plan_edits import Edit, edited, said
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.what_if import DESK_S, plot_of, scenarios_of
from kuaijing.studies.what_if_figures import block_lines, differences_of, plan_line
from kuaijing.studies.what_if_lines import Comparison, FigureLine
from kuaijing.studies.what_if_runs import BIN_S, run_all
from kuaijing.wire.plans import from_canonical
from kuaijing.wire.shares import share_view

Progress = Callable[[str, float], None]
_DAY_MS: Final = 86_400_000
_NOTE: Final = (
    "真实警情的重演:区间只含反应与路途的偶然,不含警情本身的偶然;各警组自平台出发 "
    "A real day again: intervals hold the luck of reaction and road, not of the calls; units begin at home"
)
_LEFT_OUT: Final = (Counted.MERGED, Counted.FOUND_BY_PATROL, Counted.NEVER_ORDERED, Counted.CANCELLED_BEFORE_ARRIVAL)


class RerunAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which day again, with what changed."""

    day: str
    """YYYY-MM-DD of the city's calendar."""
    edits: tuple[Edit, ...] = ()
    replications: Annotated[int, msgspec.Meta(ge=2, le=1000)] = 20
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    slower: Annotated[float, msgspec.Meta(ge=0.2, le=10)] = 1.0


class PastCall(msgspec.Struct, frozen=True):
    """One incident of the day as the log has it: nothing about persons."""

    called_at: int
    """Microseconds UTC."""
    lon: float
    lat: float
    kind: str
    tier: str
    limit_s: float
    handling_s: float | None
    """First arrival to the last unit gone; ``None`` where the log does not say."""
    response_s: float | None
    citizen_s: float | None
    dispatch_s: float | None = None
    """Call to first order."""


class MeasuredDay(msgspec.Struct, frozen=True):
    """What was measured that day, over the same incidents: Wilson's intervals."""

    within: FigureLine
    within_citizen: FigureLine
    tiers: dict[str, FigureLine]
    mean_s: float | None
    without_arrival: int
    """Incidents of the day that have no measured arrival."""


class Rerun(msgspec.Struct, frozen=True):
    """A day again: the comparison of the plan as it was with the plan as edited, and what was measured."""

    day: str
    incidents: int
    left_out: dict[str, int]
    """Incidents of the day that are not rerun, by why (``counted_as``; ``kind_unknown``)."""
    handling_drawn: int
    """How many times on scene the log does not say and are drawn by kind."""
    changes: list[str]
    measured: MeasuredDay
    comparison: Comparison


def past_calls(files: Sequence[IncidentFile]) -> tuple[list[PastCall], dict[str, int]]:
    """The incidents that units were sent to, and how many others there are by class."""
    calls, left = [], dict[str, int]()
    for file in files:
        incident, counted = file.incident, counted_as(file.incident)
        if counted in _LEFT_OUT or incident.status == IncidentStatus.MERGED:
            left[counted.value] = left.get(counted.value, 0) + 1
            continue
        point = incident.place.point
        calls.append(
            PastCall(
                int(incident.called_at), point.lon, point.lat, incident.first_kind, incident.place.tier,
                incident.place.tier_limit_s, _handling_s(incident, file), incident.response_s, incident.citizen_s,
                _dispatch_s(incident),
            )
        )  # fmt: skip
    return sorted(calls, key=lambda call: call.called_at), left


def rerun_day(
    frozen: Frozen | CityStudy,
    calls: Sequence[PastCall],
    left_out: dict[str, int],
    asked: RerunAsked,
    progress: Progress = lambda step, share: None,
    cancelled: Callable[[], bool] | None = None,
    plan: bytes | PlanDocument | None = None,
) -> Rerun:
    """Rerun ``calls`` (of ``past_calls``) under ``plan`` (by default the frozen one) and under it as edited.

    Raises
    ------
    StudyRefused
        A day without calls, unknown platforms or units, kinds that the plan does not know.
    Cancelled
        ``cancelled`` said so.
    """
    progress("opening", 0.0)
    city = frozen if isinstance(frozen, CityStudy) else opened(frozen)
    was = city.plan if plan is None else from_canonical(plan) if isinstance(plan, bytes) else plan
    changed, duty = edited(was, asked.edits)
    monday = _monday(asked.day, ZoneInfo(was.timezone))
    if not calls:
        raise StudyRefused(f"no unit was sent to any incident opened on {asked.day}; name a day with incidents")
    known = kinds_of(was)
    told = dict(left_out)
    unknown = sum(call.kind not in known for call in calls)
    calls = [call for call in calls if call.kind in known]
    if unknown:
        told["kind_unknown"] = unknown
    if not calls:
        raise StudyRefused(
            f"none of the kinds of {asked.day} is known to plan {was.name!r}; rerun it under the plan of that day"
        )
    progress("roads", 0.1)
    plans = [was] if not asked.edits else [was, changed]
    built = scenarios_of(
        city, plans, incidents_per_day=float(len(calls)) if city.rates is None else None, slower=asked.slower,
        duty=[None, duty][: len(plans)], more_places=np.array([[call.lon, call.lat] for call in calls]),
    )  # fmt: skip
    delays = [call.dispatch_s for call in calls if call.dispatch_s is not None]
    desk_s = float(np.median(delays)) if delays else DESK_S
    scenarios = [scenario.with_rules(desk_ms=round(desk_s * 1000)) for scenario in built.scenarios]
    tables = _tables(city, built, plans, calls, monday, asked)
    midnight = date.fromisoformat(asked.day).weekday() * _DAY_MS
    window = (min(midnight, int(tables(0, 0).at_ms[0])), midnight + _DAY_MS)
    progress("runs", 0.5)
    try:
        runs = run_all(
            scenarios, tables, asked.replications, plot_of(city, built),
            window=window,
            progress=lambda share: progress("runs", 0.5 + 0.45 * share), cancelled=cancelled,
        )  # fmt: skip
    except SimulationError as error:
        raise StudyRefused(str(error)) from None
    length = (window[1] - window[0]) / _DAY_MS
    blocks, too_few = block_lines(city.blocks, runs)
    changed_named = replace(changed, name=f"{was.name}(改 changed)")
    named = [was] if len(plans) == 1 else [was, changed_named]
    shares = [1.0, 1.0 if duty is None else float(duty.mean())]
    comparison = Comparison(
        plans=[plan_line(city, p, own, length, share) for p, own, share in zip(named, runs, shares, strict=False)],
        differences=[differences_of(city, was, changed, runs[0], runs[1], length)] if len(plans) > 1 else [],
        blocks=blocks, blocks_without_enough=too_few, bin_s=BIN_S, days=length, replications=asked.replications,
        seed=asked.seed, calls=len(calls) * asked.replications, calls_a_day=len(calls) / length, demand="",
        notes=[_NOTE, f"接警至派警按当日中位数 {desk_s:.0f} 秒计 Call to order: that day's median, {desk_s:.0f} s"],
    )  # fmt: skip
    drawn = sum(call.handling_s is None for call in calls)
    return Rerun(asked.day, len(calls), told, drawn, said(asked.edits), _measured(calls), comparison)


def _dispatch_s(incident: Incident) -> float | None:
    if incident.first_ordered_at is None:
        return None
    return max(0.0, seconds_between(incident.called_at, incident.first_ordered_at))


def _handling_s(incident: Incident, file: IncidentFile) -> float | None:
    """First arrival (measured, else pressed) to the last unit gone; ``None`` where one end is missing or they are reversed."""
    pressed = [part.on_scene_at for part in file.assignments if part.on_scene_at is not None]
    there = incident.arrived.latest if incident.arrived is not None else min(pressed, default=None)
    gone = max((part.cleared_at for part in file.assignments if part.cleared_at is not None), default=None)
    if there is None or gone is None or gone <= there:
        return None
    return seconds_between(there, gone)


def _monday(day: str, zone: ZoneInfo) -> Instant:
    try:
        that = date.fromisoformat(day)
    except ValueError:
        raise StudyRefused(f"day {day!r} is no day; write 2026-11-22") from None
    first = that - timedelta(days=that.weekday())
    return from_datetime(datetime(first.year, first.month, first.day, tzinfo=zone))


def _tables(
    city: CityStudy,
    built: Built,
    plans: Sequence[PlanDocument],
    calls: Sequence[PastCall],
    monday: Instant,
    asked: RerunAsked,
) -> Callable[[int, int], CallTable]:
    """The calls by plan and replication: limits as they were frozen, tiers by the plan's own rows."""
    at_ms = np.array([max(0, (call.called_at - monday) // 1000) for call in calls], np.int64)
    place = built.places.nearest(np.array([call.lon for call in calls]), np.array([call.lat for call in calls]))
    codes = kinds_of(plans[0])
    kind = np.array([codes.index(call.kind) for call in calls], np.int64)
    handling = np.array([np.nan if call.handling_s is None else call.handling_s for call in calls])
    limit = np.rint(np.array([call.limit_s for call in calls]) * 1000).astype(np.int64)
    rows: list[NDArray[np.int64]] = []
    for plan in plans:
        ids = [tier.id for tier in Survey(city.ground, city.network, plan).tiers]
        rows.append(np.array([ids.index(call.tier) if call.tier in ids else len(ids) - 1 for call in calls], np.int64))
    order = np.argsort(at_ms, kind="stable")

    def table(row: int, replication: int) -> CallTable:
        drawn = given_calls(built.models[row], Streams(asked.seed), replication, at_ms, place, kind, handling)
        return drawn._replace(limit_ms=limit[order], tier=rows[row][order])

    return table


def _measured(calls: Sequence[PastCall]) -> MeasuredDay:
    known = [call for call in calls if call.response_s is not None]
    tiers = list(dict.fromkeys(call.tier for call in calls))
    seconds = [call.response_s for call in known if call.response_s is not None]
    return MeasuredDay(
        within=_share([(call.response_s, call.limit_s) for call in known]),
        within_citizen=_share([(call.citizen_s, call.limit_s) for call in known]),
        tiers={tier: _share([(c.response_s, c.limit_s) for c in known if c.tier == tier]) for tier in tiers},
        mean_s=float(np.mean(seconds)) if seconds else None,
        without_arrival=len(calls) - len(known),
    )


def _share(pairs: Sequence[tuple[float | None, float]]) -> FigureLine:
    known = [(seconds, limit) for seconds, limit in pairs if seconds is not None]
    view = share_view(sum(seconds <= limit for seconds, limit in known), len(known))
    return FigureLine(view.share, view.low, view.high, view.met, view.of)


def kinds_of(plan: PlanDocument) -> list[str]:
    """Codes of the kinds that have a response plan: rows of the simulator's kinds."""
    answered = {response.id for response in plan.response_plans}
    return [kind.code for kind in plan.kinds if kind.plan in answered]
