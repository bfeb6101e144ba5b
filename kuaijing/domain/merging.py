"""Two numbers for one happening: an incident becomes part of another, and that undone.

Its calls and its running assignments go over; ended ones stay where they were. What went over is remembered on the merged
incident, so that the undo takes back exactly that, as far as it still runs and wherever it has been merged to since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kuaijing.domain import incidents
from kuaijing.domain.assignments import AssignmentEvent, AssignmentWithdrawn
from kuaijing.domain.commands import Context, MergeIncidents, UnmergeIncident
from kuaijing.domain.errors import MergeCycle, NotAllowed
from kuaijing.domain.incidents import Incident
from kuaijing.domain.lookups import open_incident
from kuaijing.domain.words import ENDED_ASSIGNMENT, IncidentStatus
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class IncidentMerged:
    """The incident is part of ``into`` now."""

    incident: str
    into: str
    calls: tuple[str, ...]
    assignments: tuple[str, ...]
    at: Instant


@dataclass(frozen=True, slots=True)
class IncidentUnmerged:
    """The incident is its own again; ``holder`` had its calls and assignments, ``into`` it had been merged into."""

    incident: str
    into: str
    holder: str
    calls: tuple[str, ...]
    assignments: tuple[str, ...]
    at: Instant


MergeEvent = IncidentMerged | IncidentUnmerged | AssignmentEvent


def _merge(state: State, command: MergeIncidents, context: Context) -> tuple[MergeEvent, ...]:
    if command.incident == command.into or root_of(state, command.into) == command.incident:
        raise MergeCycle(command.incident, command.into)
    incident = open_incident(state, command.incident)
    into = open_incident(state, command.into)
    at = context.received_at
    twice = _held_twice(state, incident, into)
    events: list[MergeEvent] = []
    for assignment in twice:
        part = state.assignments[assignment]
        events.append(AssignmentWithdrawn(part.id, part.incident, part.unit, f"merged into {into.id}", at))
    running = tuple(part for part in _running(state, incident) if part not in twice)
    events.append(IncidentMerged(incident.id, into.id, incident.calls, running, at))
    return tuple(events)


def _held_twice(state: State, incident: Incident, into: Incident) -> tuple[str, ...]:
    """Assignments that would send a unit to ``into`` a second time; of two one waits in the queue, and that one goes."""
    held = {state.assignments[each].unit: each for each in _running(state, into)}
    twice = []
    for each in _running(state, incident):
        other = held.get(state.assignments[each].unit)
        if other is not None:
            active = state.units[state.assignments[each].unit].active
            twice.append(other if active == each else each)
    return tuple(twice)


def _running(state: State, incident: Incident) -> tuple[str, ...]:
    return tuple(each for each in incident.assignments if state.assignments[each].status not in ENDED_ASSIGNMENT)


def root_of(state: State, incident: str) -> str:
    """Where an incident's calls are in the end: itself, or the last it was merged into as far as memory holds it."""
    seen = {incident}
    while True:
        found = state.incidents.get(incident)
        if found is None or found.merged_into is None or found.merged_into in seen:
            return incident
        incident = found.merged_into
        seen.add(incident)


def _unmerge(state: State, command: UnmergeIncident, context: Context) -> tuple[IncidentUnmerged, ...]:
    incident = state.incident(command.incident)
    if incident.merged_into is None:
        raise NotAllowed("incident", incident.id, incident.status, "merged", "there is nothing to undo")
    return (unmerged(state, incident, context.received_at),)


def unmerged(state: State, incident: Incident, at: Instant) -> IncidentUnmerged:
    """The undo of ``incident``'s merge as things stand."""
    into = incident.merged_into or incident.id
    holder = root_of(state, incident.id)
    calls = tuple(
        each for each in incident.merged_calls if each in state.calls and state.calls[each].incident == holder
    )
    running = tuple(
        each
        for each in incident.merged_assignments
        if each in state.assignments
        and state.assignments[each].incident == holder
        and state.assignments[each].status not in ENDED_ASSIGNMENT
    )
    return IncidentUnmerged(incident.id, into, holder, calls, running, at)


DECIDE = {MergeIncidents: _merge, UnmergeIncident: _unmerge}


def hand_over(draft: Draft, giver: str, taker: str, calls: tuple[str, ...], assignments: tuple[str, ...]) -> None:
    """Calls and assignments go from one incident to another; what is there already stays there."""
    calls = tuple(call for call in calls if draft.calls[call].incident == giver)
    for call in calls:
        draft.calls.put(call, replace(draft.calls[call], incident=taker))
    for assignment in assignments:
        part = draft.assignments[assignment]
        draft.assignments.put(assignment, replace(part, incident=taker, version=part.version + 1))
    left = draft.incidents.find(giver)
    if left is not None:
        incidents.change(
            draft,
            left,
            calls=tuple(each for each in left.calls if each not in calls),
            assignments=tuple(each for each in left.assignments if each not in assignments),
        )
    gained = draft.incidents[taker]
    incidents.change(draft, gained, calls=(*gained.calls, *calls), assignments=(*gained.assignments, *assignments))


def _merged(draft: Draft, event: IncidentMerged) -> None:
    hand_over(draft, event.incident, event.into, event.calls, event.assignments)
    incidents.change(
        draft,
        draft.incidents[event.incident],
        status=IncidentStatus.MERGED,
        ended_at=event.at,
        merged_into=event.into,
        merged_calls=event.calls,
        merged_assignments=event.assignments,
    )
    into = draft.incidents[event.into]
    incidents.change(draft, into, merged_from=(*into.merged_from, event.incident))
    incidents.settle(draft, event.into)


def _unmerged(draft: Draft, event: IncidentUnmerged) -> None:
    hand_over(draft, event.holder, event.incident, event.calls, event.assignments)
    incident = draft.incidents[event.incident]
    incidents.change(
        draft,
        incident,
        status=IncidentStatus.OPEN,
        ended_at=None,
        merged_into=None,
        merged_calls=(),
        merged_assignments=(),
    )
    into = draft.incidents.find(event.into)
    if into is not None:
        remaining = tuple(each for each in into.merged_from if each != event.incident)
        incidents.change(draft, into, merged_from=remaining)
    incidents.settle(draft, event.incident)
    incidents.settle(draft, event.holder, afresh=True)


EVOLVE = {IncidentMerged: _merged, IncidentUnmerged: _unmerged}
