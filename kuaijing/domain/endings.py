"""How an incident ends and goes on again: closed with an outcome, cancelled with a reason, reopened.

Ending frees every unit that it holds, each to its next assignment or to available. A unit that had not arrived is withdrawn, one
that had is cleared. Whoever goes on with it is named at the close and stands until it is reopened. Clocks stay as first set, also
when an incident is reopened and closed again; ``ended_at`` moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain import incidents
from kuaijing.domain.assignments import AssignmentCleared, AssignmentEvent, AssignmentWithdrawn, released
from kuaijing.domain.commands import CancelIncident, CloseIncident, Context, FollowUp, ReopenIncident
from kuaijing.domain.errors import NotAllowed, ValueUnknown
from kuaijing.domain.incidents import Incident
from kuaijing.domain.lookups import open_incident, reason_given
from kuaijing.domain.words import ENDED_ASSIGNMENT, Follower, IncidentStatus, Outcome
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class IncidentClosed:
    """It is over."""

    incident: str
    outcome: Outcome
    at: Instant
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class IncidentCancelled:
    """It was nothing, or no longer wanted."""

    incident: str
    reason: str
    at: Instant


@dataclass(frozen=True, slots=True)
class IncidentReopened:
    """It goes on."""

    incident: str
    was: IncidentStatus
    reason: str
    at: Instant


EndingEvent = IncidentClosed | IncidentCancelled | IncidentReopened | AssignmentEvent


def _close(state: State, command: CloseIncident, context: Context) -> tuple[EndingEvent, ...]:
    incident = open_incident(state, command.incident, command.version)
    if command.outcome not in tuple(Outcome):
        raise ValueUnknown("outcome", command.outcome, tuple(Outcome))
    follow_up = command.follow_up
    if follow_up is not None and follow_up.by not in tuple(Follower):
        raise ValueUnknown("follow_up.by", follow_up.by, tuple(Follower))
    closed = IncidentClosed(incident.id, Outcome(command.outcome), context.received_at, follow_up)
    return (closed, *_freed(state, incident, "incident closed", context))


def _cancel(state: State, command: CancelIncident, context: Context) -> tuple[EndingEvent, ...]:
    incident = open_incident(state, command.incident, command.version)
    cancelled = IncidentCancelled(incident.id, reason_given(context, "CancelIncident"), context.received_at)
    return (cancelled, *_freed(state, incident, "incident cancelled", context))


def _freed(state: State, incident: Incident, why: str, context: Context) -> tuple[AssignmentEvent, ...]:
    at = context.received_at
    running = [state.assignments[each] for each in incident.assignments]
    running = [part for part in running if part.status not in ENDED_ASSIGNMENT]
    ending = {part.id for part in running}
    events: list[AssignmentEvent] = []
    for part in running:
        if part.was_there:
            events.append(AssignmentCleared(part.id, incident.id, part.unit, at, at, at, by_closing=True))
        else:
            events.append(AssignmentWithdrawn(part.id, incident.id, part.unit, why, at))
    for part in running:
        events.extend(released(state, part, ending, at))
    return tuple(events)


def _reopen(state: State, command: ReopenIncident, context: Context) -> tuple[EndingEvent, ...]:
    incident = state.incident(command.incident)
    if incident.status not in (IncidentStatus.CLOSED, IncidentStatus.CANCELLED):
        remedy = "unmerge it" if incident.status == IncidentStatus.MERGED else "it goes on as it is"
        raise NotAllowed("incident", incident.id, incident.status, "closed or cancelled", remedy)
    return (IncidentReopened(incident.id, incident.status, context.reason, context.received_at),)


DECIDE = {CloseIncident: _close, CancelIncident: _cancel, ReopenIncident: _reopen}


def _closed(draft: Draft, event: IncidentClosed) -> None:
    incident = draft.incidents[event.incident]
    closed_at = event.at if incident.closed_at is None else incident.closed_at
    incidents.change(
        draft,
        incident,
        status=IncidentStatus.CLOSED,
        closed_at=closed_at,
        ended_at=event.at,
        outcome=event.outcome,
        follow_up=event.follow_up,
    )


def _cancelled(draft: Draft, event: IncidentCancelled) -> None:
    incident = draft.incidents[event.incident]
    incidents.change(draft, incident, status=IncidentStatus.CANCELLED, ended_at=event.at)


def _reopened(draft: Draft, event: IncidentReopened) -> None:
    incident = draft.incidents[event.incident]
    incidents.change(
        draft,
        incident,
        status=IncidentStatus.OPEN,
        ended_at=None,
        outcome=None,
        follow_up=None,
        handling=False,
        reopened_at=event.at,
        assignments_before=len(incident.assignments),
    )


EVOLVE = {IncidentClosed: _closed, IncidentCancelled: _cancelled, IncidentReopened: _reopened}
