"""What asks for somebody's attention now, found from the state and the clock alone; it goes by itself when its cause does."""

from collections.abc import Iterator
from typing import Final

from kuaijing.domain.incidents import Incident
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.state import State
from kuaijing.domain.words import OPEN_INCIDENT, AssignmentStatus, UnitStatus
from kuaijing.measures.instants import Instant, after, to_datetime
from kuaijing.wire.pictures import AlertView, BackfillView

NEAR_SHARE: Final = 0.7
"""Share of the limit after which the clock is said to be near it."""
_ACKNOWLEDGE_S: Final = 30.0
"""Where the plan in force does not know the incident's response plan."""
MISMATCH_S: Final = 60.0
"""Pressed and measured arrival further apart than this disagree (the report of mismatches counts the same)."""
_UNREAD: Final = frozenset({AssignmentStatus.ORDERED, AssignmentStatus.DELIVERED})


def alerts_of(state: State, plan: PlanDocument | None, now: Instant) -> list[AlertView]:
    """All alerts that stand at ``now``, by identifier."""
    found: list[AlertView] = []
    for incident in state.incidents.values():
        if incident.status in OPEN_INCIDENT:
            found += _of_incident(incident, state, plan, now)
    for unit in state.units.values():
        if unit.lost_contact and unit.active is not None and unit.active in state.assignments:
            since = unit.last_fix_at or unit.since
            incident_id = state.assignments[unit.active].incident
            found.append(AlertView(f"lost:{unit.id}", "lost_contact", to_datetime(since), incident_id, unit.id))
    found += [*_stopped(state), *_empty_areas(state)]
    return sorted(found, key=lambda alert: alert.id)


def _stopped(state: State) -> Iterator[AlertView]:
    """Units that stand although they are on their way."""
    for seen in state.presence.values():
        unit = state.units.get(seen.unit)
        if seen.stopped_since is None or seen.stopped_for is None or unit is None or unit.active != seen.stopped_for:
            continue
        part = state.assignments.get(seen.stopped_for)
        if part is not None and unit.status == UnitStatus.EN_ROUTE and not part.was_there:
            since = to_datetime(seen.stopped_since)
            yield AlertView(f"stopped:{unit.id}", "stopped_on_way", since, part.incident, unit.id)


def _empty_areas(state: State) -> Iterator[AlertView]:
    """Areas that no free unit reaches, until somebody has seen it."""
    for empty in state.empty_areas.values():
        if empty.acknowledged_by is not None:
            continue
        fill = empty.backfill
        yield AlertView(
            id=f"empty:{empty.area}",
            kind="empty_area",
            raised_at=to_datetime(empty.since),
            incident=None,
            unit=None if fill is None else fill.unit,
            area=empty.area,
            share=round(empty.share, 3),
            backfill=None
            if fill is None
            else BackfillView(fill.unit, fill.call_sign, fill.point.lon, fill.point.lat, fill.text, fill.drive_s),
        )


def _of_incident(incident: Incident, state: State, plan: PlanDocument | None, now: Instant) -> Iterator[AlertView]:
    parts = [state.assignments[each] for each in incident.assignments if each in state.assignments]
    if incident.raised_by is not None and not any(part.was_there for part in parts):
        yield AlertView(f"sos:{incident.id}", "sos", to_datetime(incident.opened_at), incident.id, incident.raised_by)
    response = None if plan is None else plan.find_response_plan(incident.plan)
    wait_s = _ACKNOWLEDGE_S if response is None else response.acknowledge_s
    for part in parts:
        if part.status in _UNREAD and part.ordered_at is not None and now >= after(part.ordered_at, wait_s):
            since = to_datetime(after(part.ordered_at, wait_s))
            yield AlertView(f"ack:{part.id}", "acknowledge_overdue", since, incident.id, part.unit)
        gap_s = part.pressed_gap_s
        if gap_s is not None and abs(gap_s) > MISMATCH_S and part.on_scene_at is not None and part.arrived is not None:
            told = to_datetime(max(part.on_scene_at, part.arrived.latest))
            yield AlertView(f"mismatch:{part.id}", "mismatch", told, incident.id, part.unit)
    if incident.arrived is not None or any(part.was_there for part in parts):
        return
    start, limit_s = incident.first_ordered_at or incident.opened_at, incident.place.tier_limit_s
    if now >= after(start, limit_s):
        yield AlertView(f"limit:{incident.id}", "limit_broken", to_datetime(after(start, limit_s)), incident.id, None)
    elif now >= after(start, limit_s * NEAR_SHARE):
        near = to_datetime(after(start, limit_s * NEAR_SHARE))
        yield AlertView(f"near:{incident.id}", "limit_near", near, incident.id, None)
