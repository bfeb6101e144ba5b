"""Incidents: what happened; the unit of work. The record, its clocks, its life, and the commands that change it alone.

Clocks are set once. Kind, grade and tier of the opening stay beside whatever is found later. The status of an open incident is
not commanded: it follows from its assignments and from whether handling has begun (``settle``). Ending and merging have files
of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kuaijing.domain.clocks import Interval, first_instant, first_interval
from kuaijing.domain.commands import AddNote, Context, Escalate, FollowUp, MoveIncident, Reclassify
from kuaijing.domain.errors import GradeUnknown, Invalid, NotAllowed
from kuaijing.domain.lookups import open_incident, reason_given
from kuaijing.domain.places import Place
from kuaijing.domain.words import OPEN_INCIDENT, AssignmentStatus, Grade, IncidentStatus, Origin, Outcome
from kuaijing.measures.instants import Instant, seconds_between

if TYPE_CHECKING:
    from kuaijing.domain.assignments import Assignment
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as it stands."""

    id: str
    version: int
    status: IncidentStatus
    origin: Origin
    kind: str
    grade: int
    first_kind: str
    first_grade: int
    plan: str
    place: Place
    called_at: Instant
    opened_at: Instant
    raised_by: str | None = None
    """The unit that asked for help, where that is what it is."""
    first_ordered_at: Instant | None = None
    arrived: Interval | None = None
    """Earliest measured arrival of any assigned unit."""
    controlled_at: Instant | None = None
    settled_at: Instant | None = None
    closed_at: Instant | None = None
    ended_at: Instant | None = None
    """Last time it was closed, cancelled or merged; ``None`` while it runs (again)."""
    handling: bool = False
    """Handling has begun: first *controlled*, or first note of measures, since it was opened or reopened."""
    reopened_at: Instant | None = None
    assignments_before: int = 0
    """How many of its assignments belong to the time before it was last reopened: they say nothing of its status now."""
    escalated: bool = False
    outcome: Outcome | None = None
    follow_up: FollowUp | None = None
    """Who goes on with it since it was closed."""
    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()
    merged_calls: tuple[str, ...] = ()
    """Calls that went over when it was merged: what an undo takes back."""
    merged_assignments: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    assignments_made: int = 0
    """How many assignment numbers were given out under this incident's number."""

    @property
    def response_s(self) -> float | None:
        """Response clock: first order to measured arrival (latest bound)."""
        if self.first_ordered_at is None or self.arrived is None:
            return None
        return seconds_between(self.first_ordered_at, self.arrived.latest)

    @property
    def citizen_s(self) -> float | None:
        """Citizen's clock: call to the same arrival."""
        return None if self.arrived is None else seconds_between(self.called_at, self.arrived.latest)

    @property
    def within_limit(self) -> bool | None:
        """Whether the response clock kept the tier's limit; an interval that straddles it did not."""
        return None if self.response_s is None else self.response_s <= self.place.tier_limit_s


@dataclass(frozen=True, slots=True)
class IncidentOpened:
    """An incident was opened for a call, or for a unit that asked for help."""

    incident: str
    call: str
    origin: Origin
    called_at: Instant
    place: Place
    kind: str
    grade: int
    plan: str
    at: Instant
    raised_by: str | None = None


@dataclass(frozen=True, slots=True)
class IncidentReclassified:
    """Another kind or grade was found; the first stays for statistics."""

    incident: str
    kind: str
    grade: int
    plan: str
    was_kind: str
    was_grade: int
    at: Instant


@dataclass(frozen=True, slots=True)
class IncidentMoved:
    """The place was corrected; ``place`` carries the tier and the limit of the opening."""

    incident: str
    place: Place
    at: Instant


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """Somebody wrote on the timeline."""

    incident: str
    text: str
    measures: bool
    at: Instant


@dataclass(frozen=True, slots=True)
class IncidentEscalated:
    """It grew."""

    incident: str
    grade: int
    was_grade: int
    at: Instant


IncidentEvent = IncidentOpened | IncidentReclassified | IncidentMoved | NoteAdded | IncidentEscalated


def grade_known(grade: int) -> int:
    """The grade, or ``GradeUnknown``."""
    if grade not in tuple(Grade):
        raise GradeUnknown(grade)
    return int(grade)


def _reclassify(state: State, command: Reclassify, context: Context) -> tuple[IncidentEvent, ...]:
    incident = open_incident(state, command.incident, command.version)
    grade = grade_known(command.grade)
    if not command.kind:
        raise Invalid("kind", "", "an incident has a kind", "give the code of one")
    if (command.kind, grade, command.plan) == (incident.kind, incident.grade, incident.plan):
        return ()
    return (
        IncidentReclassified(
            incident.id, command.kind, grade, command.plan, incident.kind, incident.grade, context.received_at
        ),
    )


def _move(state: State, command: MoveIncident, context: Context) -> tuple[IncidentEvent, ...]:
    incident = open_incident(state, command.incident, command.version)
    place = replace(command.place, tier=incident.place.tier, tier_limit_s=incident.place.tier_limit_s)
    return () if place == incident.place else (IncidentMoved(incident.id, place, context.received_at),)


def _note(state: State, command: AddNote, context: Context) -> tuple[IncidentEvent, ...]:
    incident = state.incident(command.incident)
    if not command.text.strip():
        raise Invalid("text", command.text, "a note says something", "write it or leave it")
    if command.measures:
        open_incident(state, incident.id, None)
    return (NoteAdded(incident.id, command.text, command.measures, context.received_at),)


def _escalate(state: State, command: Escalate, context: Context) -> tuple[IncidentEvent, ...]:
    incident = open_incident(state, command.incident, command.version)
    grade = grade_known(command.grade)
    reason_given(context, "Escalate")
    if grade > incident.grade:
        raise NotAllowed(
            "grade", str(grade), f"less urgent than {incident.grade}", f"at most {incident.grade}", "reclassify instead"
        )
    return (IncidentEscalated(incident.id, grade, incident.grade, context.received_at),)


DECIDE = {Reclassify: _reclassify, MoveIncident: _move, AddNote: _note, Escalate: _escalate}


def change(draft: Draft, incident: Incident, **fields: object) -> Incident:
    """Put ``incident`` with other ``fields``; one version more per real change."""
    if all(getattr(incident, name) == value for name, value in fields.items()):
        return incident
    changed = replace(incident, version=incident.version + 1, **fields)  # type: ignore[arg-type]
    draft.incidents.put(incident.id, changed)
    return changed


def settle(draft: Draft, incident_id: str, *, afresh: bool = False) -> None:
    """Bring what follows from the assignments up to date: status, first order, earliest measured arrival.

    The arrival of a unit that asked for help is none: it was there before anybody came.
    ``afresh`` forgets what earlier assignments contributed: an unmerge, after which some were never this incident's.
    """
    incident = draft.incidents.find(incident_id)
    if incident is None or incident.status == IncidentStatus.MERGED:
        return
    parts = [draft.assignments[each] for each in incident.assignments]
    known_order, known_arrival = (None, None) if afresh else (incident.first_ordered_at, incident.arrived)
    change(
        draft,
        incident,
        first_ordered_at=first_instant([known_order, *(part.ordered_at for part in parts)]),
        arrived=first_interval([known_arrival, *(p.arrived for p in parts if p.unit != incident.raised_by)]),
        status=_stage(incident, parts) if incident.status in OPEN_INCIDENT else incident.status,
    )


def _stage(incident: Incident, parts: list[Assignment]) -> IncidentStatus:
    """How far an open incident has come: as far as the unit that came farthest, refused and withdrawn ones left out."""
    stages = [IncidentStatus.OPEN]
    for part in parts[incident.assignments_before :]:
        if part.status == AssignmentStatus.CLEARED:
            stages.append(IncidentStatus.ON_SCENE if part.was_there else IncidentStatus.OPEN)
        else:
            stages.append(_STAGE_OF.get(part.status, IncidentStatus.OPEN))
    if incident.handling:
        stages.append(IncidentStatus.HANDLING)
    return max(stages, key=_ORDER.index)


_STAGE_OF = {
    AssignmentStatus.ORDERED: IncidentStatus.DISPATCHED,
    AssignmentStatus.DELIVERED: IncidentStatus.DISPATCHED,
    AssignmentStatus.ACKNOWLEDGED: IncidentStatus.DISPATCHED,
    AssignmentStatus.EN_ROUTE: IncidentStatus.RESPONDING,
    AssignmentStatus.ON_SCENE: IncidentStatus.ON_SCENE,
}
_ORDER = [
    IncidentStatus.OPEN,
    IncidentStatus.DISPATCHED,
    IncidentStatus.RESPONDING,
    IncidentStatus.ON_SCENE,
    IncidentStatus.HANDLING,
]


def _opened(draft: Draft, event: IncidentOpened) -> None:
    draft.numbers.incident_given(event.incident)
    draft.incidents.put(
        event.incident,
        Incident(
            id=event.incident,
            version=1,
            status=IncidentStatus.OPEN,
            origin=event.origin,
            kind=event.kind,
            grade=event.grade,
            first_kind=event.kind,
            first_grade=event.grade,
            plan=event.plan,
            place=event.place,
            called_at=event.called_at,
            opened_at=event.at,
            raised_by=event.raised_by,
        ),
    )


def _reclassified(draft: Draft, event: IncidentReclassified) -> None:
    change(draft, draft.incidents[event.incident], kind=event.kind, grade=event.grade, plan=event.plan)


def _moved(draft: Draft, event: IncidentMoved) -> None:
    change(draft, draft.incidents[event.incident], place=event.place)


def _noted(draft: Draft, event: NoteAdded) -> None:
    if event.measures:
        change(draft, draft.incidents[event.incident], handling=True)
        settle(draft, event.incident)


def _escalated(draft: Draft, event: IncidentEscalated) -> None:
    change(draft, draft.incidents[event.incident], grade=event.grade, escalated=True)


EVOLVE = {
    IncidentOpened: _opened,
    IncidentReclassified: _reclassified,
    IncidentMoved: _moved,
    NoteAdded: _noted,
    IncidentEscalated: _escalated,
}
