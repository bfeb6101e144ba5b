"""The daily report: both clocks by tier, beat and hour, the five clocks, misses, mismatches, and where everything is counted.

Made from incident files alone (running ones from the picture, ended ones from the projection of the log), never from figures
that somebody typed. An incident belongs to the day of the city's calendar on which it was opened.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from kuaijing.domain.incidents import Incident
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.words import OPEN_INCIDENT, IncidentStatus
from kuaijing.engine.recorded import IncidentFile, Picture, incident_file
from kuaijing.measures.instants import Instant, seconds_between, to_datetime
from kuaijing.reporting.classing import Counted, counted_as, straddles
from kuaijing.reporting.clocks import five_clocks
from kuaijing.reporting.words import FOLLOW_UPS, GRADES, ORIGINS, OUTCOMES
from kuaijing.wire.reports import AccountsView, AttainmentView, CountView, DailyReport, MismatchView, MissView
from kuaijing.wire.shares import share_view
from kuaijing.wire.today import day_bounds

MISMATCH_S: Final = 60.0
_MOST: Final = 1_000_000
Names = Mapping[str, tuple[str, str]]


class Records(Protocol):
    """What is asked of the engine."""

    @property
    def picture(self) -> Picture:
        """The city now."""

    def list_ended(self, opened_from: Instant, opened_until: Instant, limit: int = 500) -> list[IncidentFile]:
        """Ended incidents opened in that time."""


def files_of_day(records: Records, day: date, zone: ZoneInfo) -> list[IncidentFile]:
    """Every incident opened on that day, running or ended, each once, in the order of opening."""
    return files_between(records, *day_bounds(day, zone))


def files_between(records: Records, begins: Instant, ends: Instant) -> list[IncidentFile]:
    """Every incident opened from ``begins`` to before ``ends``, running or ended, each once, in the order of opening."""
    state = records.picture.state
    files = {file.incident.id: file for file in records.list_ended(begins, ends, _MOST)}
    for incident in state.incidents.values():
        if begins <= incident.opened_at < ends:
            files[incident.id] = incident_file(state, incident)
    return sorted(files.values(), key=lambda file: (file.incident.opened_at, file.incident.id))


def daily_report(
    files: Sequence[IncidentFile], day: date, zone: ZoneInfo, plan: PlanDocument | None, now: Instant
) -> DailyReport:
    """The report of one day.

    Parameters
    ----------
    files
        Every incident opened on that day, as ``files_of_day`` gives them.
    day, zone
        The day of the city's calendar.
    plan
        Where the names of tiers, beats and kinds come from; what it does not know keeps its identifier.
    now
        When the report is made.
    """
    begins, ends = day_bounds(day, zone)
    incidents = [file.incident for file in files]
    return DailyReport(
        day=day.isoformat(),
        timezone=zone.key,
        hours_in_day=seconds_between(begins, ends) / 3600,
        begins_at=to_datetime(begins),
        ends_at=to_datetime(ends),
        made_at=to_datetime(now),
        complete=now >= ends and not any(incident.status in OPEN_INCIDENT for incident in incidents),
        plan="" if plan is None else plan.name,
        plan_version="" if plan is None else plan.version,
        plan_provisional=plan is not None and plan.provisional,
        accounts=_accounts(incidents),
        total=_attainment("total", ("合计", "Total"), None, incidents),
        by_tier=_by_tier(incidents, plan),
        by_beat=_by_beat(incidents, plan),
        by_hour=_by_hour(incidents, zone),
        clocks=five_clocks(files),
        by_kind=_counts(incidents, lambda each: each.first_kind, _kind_names(plan)),
        by_origin=_counts(incidents, lambda each: each.origin.value, ORIGINS),
        by_outcome=_counts(incidents, _outcome, OUTCOMES),
        by_follow_up=_counts(
            [each for each in incidents if each.status == IncidentStatus.CLOSED], _follow_up, FOLLOW_UPS
        ),
        by_grade=_counts(incidents, lambda each: str(each.first_grade), GRADES),
        misses=_misses(files, _kind_names(plan)),
        mismatches=_mismatches(files),
    )


def _accounts(incidents: Sequence[Incident]) -> AccountsView:
    counts = Counter(counted_as(incident) for incident in incidents)
    return AccountsView(incidents=len(incidents), **{each.value: counts[each] for each in Counted})


def _attainment(
    key: str, names: tuple[str, str], limit_s: float | None, incidents: Sequence[Incident]
) -> AttainmentView:
    classes = Counter(counted_as(incident) for incident in incidents)
    measured = [incident for incident in incidents if counted_as(incident) is Counted.MEASURED]
    response_met = sum(_response_s(each) <= each.place.tier_limit_s for each in measured)
    citizen_met = sum(_citizen_s(each) <= each.place.tier_limit_s for each in measured)
    unmeasured = classes[Counted.UNMEASURED]
    return AttainmentView(
        key=key,
        name=names[0],
        name_en=names[1],
        limit_s=limit_s,
        incidents=len(incidents),
        response=share_view(response_met, len(measured), unmeasured),
        citizen=share_view(citizen_met, len(measured), unmeasured),
        running=classes[Counted.RUNNING],
    )


def _by_tier(incidents: Sequence[Incident], plan: PlanDocument | None) -> list[AttainmentView]:
    """By tier and limit as they were frozen; a plan that changed during the day shows as two rows of one tier."""
    tiers = () if plan is None else plan.tiers
    names = {tier.id: (tier.name, tier.name_en) for tier in tiers}
    rows: dict[tuple[float, str], list[Incident]] = {(tier.limit_s, tier.id): [] for tier in tiers}
    for incident in incidents:
        rows.setdefault((incident.place.tier_limit_s, incident.place.tier), []).append(incident)
    return [
        _attainment(tier, names.get(tier, (tier, tier)), limit_s, of_tier)
        for (limit_s, tier), of_tier in sorted(rows.items(), key=lambda row: row[0])
    ]


def _by_beat(incidents: Sequence[Incident], plan: PlanDocument | None) -> list[AttainmentView]:
    names = {} if plan is None else {beat.id: (beat.name, beat.name_en) for beat in plan.beats}
    rows: dict[str, list[Incident]] = {beat: [] for beat in names}
    for incident in incidents:
        rows.setdefault(incident.place.beat or "", []).append(incident)
    outside = ("网格之外", "Outside all beats")
    return [
        _attainment(beat, outside if beat == "" else names.get(beat, (beat, beat)), None, of_beat)
        for beat, of_beat in rows.items()
    ]


def _by_hour(incidents: Sequence[Incident], zone: ZoneInfo) -> list[AttainmentView]:
    """By the hour on the wall's clock at opening; where the clock is set back, that hour holds both."""
    rows: dict[int, list[Incident]] = {hour: [] for hour in range(24)}
    for incident in incidents:
        rows[to_datetime(incident.opened_at).astimezone(zone).hour].append(incident)
    return [
        _attainment(f"{hour:02d}", (f"{hour:02d}时", f"{hour:02d}:00"), None, of_hour) for hour, of_hour in rows.items()
    ]


def _counts(incidents: Iterable[Incident], key_of: Callable[[Incident], str], names: Names) -> list[CountView]:
    counts = Counter(key_of(incident) for incident in incidents)
    return [CountView(key, *names.get(key, (key, key)), count) for key, count in sorted(counts.items())]


def _kind_names(plan: PlanDocument | None) -> Names:
    return {} if plan is None else {kind.code: (kind.name, kind.name_en or kind.name) for kind in plan.kinds}


def _outcome(incident: Incident) -> str:
    if incident.status == IncidentStatus.CLOSED and incident.outcome is not None:
        return incident.outcome.value
    return "open" if incident.status in OPEN_INCIDENT else incident.status.value


def _follow_up(incident: Incident) -> str:
    return "nobody" if incident.follow_up is None else incident.follow_up.by.value


def _misses(files: Iterable[IncidentFile], kinds: Names) -> list[MissView]:
    found = []
    for file in files:
        incident = file.incident
        if counted_as(incident) is not Counted.MEASURED:
            continue
        limit_s, response_s, citizen_s = incident.place.tier_limit_s, _response_s(incident), _citizen_s(incident)
        if max(response_s, citizen_s) <= limit_s:
            continue
        found.append(
            MissView(
                incident=incident.id,
                opened_at=to_datetime(incident.opened_at),
                kind=incident.first_kind,
                kind_name=kinds.get(incident.first_kind, (incident.first_kind, ""))[0],
                grade=incident.first_grade,
                tier=incident.place.tier,
                limit_s=limit_s,
                beat=incident.place.beat,
                road=incident.place.road,
                first_unit=_first_unit(file),
                response_s=response_s,
                response_over_s=response_s - limit_s if response_s > limit_s else None,
                citizen_s=citizen_s,
                citizen_over_s=citizen_s - limit_s if citizen_s > limit_s else None,
                straddles=straddles(incident),
            )
        )
    return found


def _first_unit(file: IncidentFile) -> str:
    measured = [(part.arrived.latest, part.call_sign) for part in file.assignments if part.arrived is not None]
    return min(measured, default=(0, ""))[1]


def _mismatches(files: Iterable[IncidentFile]) -> list[MismatchView]:
    return [
        MismatchView(
            incident=part.incident,
            assignment=part.id,
            call_sign=part.call_sign,
            pressed_at=to_datetime(part.on_scene_at),
            measured_earliest=to_datetime(part.arrived.earliest),
            measured_latest=to_datetime(part.arrived.latest),
            gap_s=part.pressed_gap_s,
            by_voice="on_scene" in part.by_voice,
        )
        for file in files
        for part in file.assignments
        if part.on_scene_at is not None
        and part.arrived is not None
        and part.pressed_gap_s is not None
        and abs(part.pressed_gap_s) > MISMATCH_S
    ]


def _response_s(incident: Incident) -> float:
    assert incident.response_s is not None  # only asked of measured incidents
    return incident.response_s


def _citizen_s(incident: Incident) -> float:
    assert incident.citizen_s is not None  # only asked of measured incidents
    return incident.citizen_s
