"""Assignments: one unit's part in one incident, with its own stamps. The record, what can happen to it, and how units come free.

A stamp is set once and at its device's time; a late one fills its own field and moves no status back. The measured arrival is
kept beside the pressed one and moves no status either (decision 0011). Orders, stamps and endings decide in files of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kuaijing.domain import incidents, units
from kuaijing.domain.clocks import Interval
from kuaijing.domain.units import Unit, UnitRemoved
from kuaijing.domain.words import OPEN_INCIDENT, AssignmentStatus, Role, Step
from kuaijing.measures.instants import Instant, seconds_between

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

ORDER_OF_LIFE = [
    AssignmentStatus.QUEUED,
    AssignmentStatus.ORDERED,
    AssignmentStatus.DELIVERED,
    AssignmentStatus.ACKNOWLEDGED,
    AssignmentStatus.EN_ROUTE,
    AssignmentStatus.ON_SCENE,
    AssignmentStatus.CLEARED,
]
"""A status only ever moves to the right; ``refused`` and ``withdrawn`` end it from wherever it is."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit sent to one incident."""

    id: str
    incident: str
    unit: str
    call_sign: str
    role: Role
    status: AssignmentStatus
    version: int
    by_voice: tuple[str, ...] = ()
    """Steps that a dispatcher stamped on the unit's behalf."""
    queued_at: Instant | None = None
    ordered_at: Instant | None = None
    delivered_at: Instant | None = None
    acknowledged_at: Instant | None = None
    en_route_at: Instant | None = None
    on_scene_at: Instant | None = None
    cleared_at: Instant | None = None
    arrived: Interval | None = None
    """Measured, server time."""
    left: Interval | None = None
    """When the unit was measured to leave the scene, server time; it clears nothing."""
    ended_at: Instant | None = None
    """Server time at which it stopped holding its unit, however it ended."""
    reason: str = ""
    """Why refused or withdrawn."""
    advice: str | None = None
    """Digest of the recommendation that the dispatcher saw."""

    @property
    def pressed_gap_s(self) -> float | None:
        """Pressed minus measured arrival, seconds; 0 where the press lies within the measured interval."""
        if self.on_scene_at is None or self.arrived is None:
            return None
        if self.on_scene_at > self.arrived.latest:
            return seconds_between(self.arrived.latest, self.on_scene_at)
        return min(0.0, seconds_between(self.arrived.earliest, self.on_scene_at))

    @property
    def stay_s(self) -> float | None:
        """Measured stay at the scene, seconds: what the positions prove, from the later arrival to the earlier leaving."""
        if self.arrived is None or self.left is None:
            return None
        return max(0.0, seconds_between(self.arrived.latest, self.left.earliest))

    @property
    def was_there(self) -> bool:
        """Whether the unit reached the place, as pressed or as measured."""
        return self.on_scene_at is not None or self.arrived is not None


@dataclass(frozen=True, slots=True)
class AssignmentQueued:
    """The unit goes there after what it has."""

    assignment: str
    incident: str
    unit: str
    call_sign: str
    role: Role
    at: Instant
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class AssignmentOrdered:
    """The unit is sent now, freshly or because its turn in the queue has come."""

    assignment: str
    incident: str
    unit: str
    call_sign: str
    role: Role
    at: Instant
    advice: str | None = None
    from_queue: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentStamped:
    """A step; ``at`` is the device's time as far as it can be, ``device_at`` what the device said."""

    assignment: str
    incident: str
    unit: str
    step: Step
    at: Instant
    device_at: Instant
    received_at: Instant
    by_voice: bool = False


@dataclass(frozen=True, slots=True)
class IncidentControlled:
    """The unit reports the scene under control; with the first such report handling begins."""

    incident: str
    assignment: str
    unit: str
    at: Instant
    device_at: Instant
    received_at: Instant
    by_voice: bool = False
    begins: bool = True
    """False for a late report of a unit that was there before the incident was reopened: it fills its clock and no more."""


@dataclass(frozen=True, slots=True)
class IncidentSettled:
    """The unit reports the matter settled."""

    incident: str
    assignment: str
    unit: str
    at: Instant
    device_at: Instant
    received_at: Instant
    by_voice: bool = False


@dataclass(frozen=True, slots=True)
class ArrivalMeasured:
    """Tracking saw the unit come within the arrival distance between two fixes (server time)."""

    assignment: str
    incident: str
    unit: str
    earliest: Instant
    latest: Instant
    at: Instant


@dataclass(frozen=True, slots=True)
class AssignmentCleared:
    """The unit's part is done: it said so, or its incident was closed."""

    assignment: str
    incident: str
    unit: str
    at: Instant
    device_at: Instant
    received_at: Instant
    by_voice: bool = False
    by_closing: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentRefused:
    """The unit cannot."""

    assignment: str
    incident: str
    unit: str
    reason: str
    at: Instant


@dataclass(frozen=True, slots=True)
class AssignmentWithdrawn:
    """The order was taken back, by a dispatcher, a diversion or the end of the incident."""

    assignment: str
    incident: str
    unit: str
    reason: str
    at: Instant
    diverted_to: str | None = None


AssignmentEvent = (
    AssignmentQueued
    | AssignmentOrdered
    | AssignmentStamped
    | IncidentControlled
    | IncidentSettled
    | ArrivalMeasured
    | AssignmentCleared
    | AssignmentRefused
    | AssignmentWithdrawn
    | UnitRemoved
)


def next_for(state: State, unit: Unit, ending: Collection[str], at: Instant) -> tuple[AssignmentEvent, ...]:
    """What follows once ``unit`` no longer has its active assignment: its next queued one, or its leaving the force.

    ``ending`` are assignments that end by the same command and so come up no more.
    """
    waiting = next((each for each in unit.queued if each not in ending), None)
    if waiting is not None:
        part = state.assignments[waiting]
        return (
            AssignmentOrdered(
                part.id, part.incident, unit.id, part.call_sign, part.role, at, part.advice, from_queue=True
            ),
        )
    return (UnitRemoved(unit.id, unit.call_sign, at),) if unit.leaving else ()


def released(state: State, part: Assignment, ending: Collection[str], at: Instant) -> tuple[AssignmentEvent, ...]:
    """What follows for its unit once ``part`` has ended: nothing unless it was the unit's active one."""
    unit = state.units.get(part.unit)
    if unit is None or unit.active != part.id:
        return ()
    return next_for(state, unit, ending, at)


def _put(draft: Draft, part: Assignment, **fields: object) -> None:
    if any(getattr(part, name) != value for name, value in fields.items()):
        draft.assignments.put(part.id, replace(part, version=part.version + 1, **fields))  # type: ignore[arg-type]


def _add(draft: Draft, event: AssignmentQueued | AssignmentOrdered, part: Assignment) -> None:
    draft.assignments.put(part.id, part)
    incident = draft.incidents[event.incident]
    incidents.change(
        draft,
        incident,
        assignments=(*incident.assignments, part.id),
        assignments_made=incident.assignments_made + 1,
    )


def _queued(draft: Draft, event: AssignmentQueued) -> None:
    part = Assignment(
        id=event.assignment,
        incident=event.incident,
        unit=event.unit,
        call_sign=event.call_sign,
        role=event.role,
        status=AssignmentStatus.QUEUED,
        version=1,
        queued_at=event.at,
        advice=event.advice,
    )
    _add(draft, event, part)
    units.queue(draft, event.unit, event.assignment, event.at)


def _ordered(draft: Draft, event: AssignmentOrdered) -> None:
    known = draft.assignments.find(event.assignment)
    if known is None:
        part = Assignment(
            id=event.assignment,
            incident=event.incident,
            unit=event.unit,
            call_sign=event.call_sign,
            role=event.role,
            status=AssignmentStatus.ORDERED,
            version=1,
            ordered_at=event.at,
            advice=event.advice,
        )
        _add(draft, event, part)
    else:
        _put(draft, known, status=AssignmentStatus.ORDERED, ordered_at=event.at)
    units.take(draft, event.unit, event.assignment, event.at)
    incidents.settle(draft, event.incident)


def _stamped(draft: Draft, event: AssignmentStamped) -> None:
    part = draft.assignments[event.assignment]
    fields: dict[str, object] = {f"{event.step}_at": event.at}
    if event.by_voice:
        fields["by_voice"] = (*part.by_voice, str(event.step))
    status = AssignmentStatus(event.step)
    moves = part.status in ORDER_OF_LIFE and ORDER_OF_LIFE.index(status) > ORDER_OF_LIFE.index(part.status)
    if moves:
        fields["status"] = status
    _put(draft, part, **fields)
    if moves:
        units.follow(draft, part.unit, part.id, status, event.received_at)
        incidents.settle(draft, part.incident)


def _voiced(draft: Draft, event: IncidentControlled | IncidentSettled, step: Step) -> None:
    part = draft.assignments.find(event.assignment)
    if part is not None and event.by_voice:
        _put(draft, part, by_voice=(*part.by_voice, str(step)))


def _controlled(draft: Draft, event: IncidentControlled) -> None:
    incident = draft.incidents[event.incident]
    at = event.at if incident.controlled_at is None else incident.controlled_at
    begins = event.begins and incident.status in OPEN_INCIDENT
    incidents.change(draft, incident, controlled_at=at, handling=incident.handling or begins)
    _voiced(draft, event, Step.CONTROLLED)
    incidents.settle(draft, event.incident)


def _settled(draft: Draft, event: IncidentSettled) -> None:
    incidents.change(draft, draft.incidents[event.incident], settled_at=event.at)
    _voiced(draft, event, Step.SETTLED)


def _arrived(draft: Draft, event: ArrivalMeasured) -> None:
    _put(draft, draft.assignments[event.assignment], arrived=Interval(event.earliest, event.latest))
    incidents.settle(draft, event.incident)


def _cleared(draft: Draft, event: AssignmentCleared) -> None:
    part = draft.assignments[event.assignment]
    by_voice = (*part.by_voice, str(Step.CLEARED)) if event.by_voice else part.by_voice
    fields: dict[str, object] = {"cleared_at": event.at, "ended_at": event.received_at, "by_voice": by_voice}
    _put(draft, part, status=AssignmentStatus.CLEARED, **fields)
    units.let_go(draft, part.unit, part.id, event.received_at, "AssignmentCleared")
    incidents.settle(draft, event.incident)


def _ended(draft: Draft, event: AssignmentRefused | AssignmentWithdrawn) -> None:
    part = draft.assignments[event.assignment]
    refused = isinstance(event, AssignmentRefused)
    status = AssignmentStatus.REFUSED if refused else AssignmentStatus.WITHDRAWN
    _put(draft, part, status=status, ended_at=event.at, reason=event.reason)
    units.let_go(draft, part.unit, part.id, event.at, type(event).__name__)
    incidents.settle(draft, event.incident)


EVOLVE = {
    AssignmentQueued: _queued,
    AssignmentOrdered: _ordered,
    AssignmentStamped: _stamped,
    IncidentControlled: _controlled,
    IncidentSettled: _settled,
    ArrivalMeasured: _arrived,
    AssignmentCleared: _cleared,
    AssignmentRefused: _ended,
    AssignmentWithdrawn: _ended,
}
