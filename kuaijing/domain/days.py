"""The end of a city's day: the log is sealed, and incidents that ended before it leave memory.

They stay in the log and in the projection of ended incidents; ``IncidentRecalled`` brings one back, whole, where a late stamp or a
reopening needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.calls import Call
from kuaijing.domain.commands import Context, SealDay
from kuaijing.domain.errors import NotAllowed
from kuaijing.domain.incidents import Incident
from kuaijing.domain.merging import root_of
from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class DaySealed:
    """The day is over. ``digest`` is the state's just before; ``left`` are the incidents that left memory."""

    day: str
    digest: str
    left: tuple[str, ...]
    at: Instant


@dataclass(frozen=True, slots=True)
class IncidentRecalled:
    """An incident that had left memory is back, as it was."""

    incident: str
    record: Incident
    assignments: tuple[Assignment, ...]
    calls: tuple[Call, ...]
    at: Instant


def _seal(state: State, command: SealDay, context: Context) -> tuple[DaySealed, ...]:
    if state.sealed_day is not None and command.day <= state.sealed_day:
        raise NotAllowed("day", command.day, f"sealed ({state.sealed_day} was the last)", "a later day", "leave it")
    left = tuple(each.id for each in state.incidents.values() if _leaves(state, each, command.ended_before))
    return (DaySealed(command.day, command.digest, left, context.received_at),)


def _leaves(state: State, incident: Incident, ended_before: Instant) -> bool:
    """Whether it ended in time; one that was merged stays while that into which it was merged does."""
    if incident.ended_at is None or incident.ended_at >= ended_before:
        return False
    root = state.incidents.get(root_of(state, incident.id), incident)
    return root.status not in OPEN_INCIDENT and root.ended_at is not None and root.ended_at < ended_before


DECIDE = {SealDay: _seal}


def _sealed(draft: Draft, event: DaySealed) -> None:
    for incident_id in event.left:
        incident = draft.incidents[incident_id]
        for assignment in incident.assignments:
            draft.assignments.drop(assignment)
        for call in incident.calls:
            draft.calls.drop(call)
        draft.incidents.drop(incident_id)
    draft.sealed_day = event.day


def _recalled(draft: Draft, event: IncidentRecalled) -> None:
    draft.incidents.put(event.incident, event.record)
    for assignment in event.assignments:
        draft.assignments.put(assignment.id, assignment)
    for call in event.calls:
        draft.calls.put(call.id, call)


EVOLVE = {DaySealed: _sealed, IncidentRecalled: _recalled}
