"""What a unit reports of its assignment, what tracking measures of it, and how it is refused or taken back.

A repeated stamp changes nothing and is no fault: terminals send again what they are not sure of. A stamp on a queued assignment
is refused, since the unit was not sent there yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kuaijing.domain.assignments import (
    ArrivalMeasured,
    Assignment,
    AssignmentCleared,
    AssignmentEvent,
    AssignmentRefused,
    AssignmentStamped,
    AssignmentWithdrawn,
    IncidentControlled,
    IncidentSettled,
    released,
)
from kuaijing.domain.clocks import within
from kuaijing.domain.commands import Context, RecordArrival, RefuseAssignment, StampAssignment, WithdrawAssignment
from kuaijing.domain.errors import AlreadyEnded, Invalid, NotAllowed, ValueUnknown
from kuaijing.domain.lookups import reason_given
from kuaijing.domain.words import ENDED_ASSIGNMENT, OPEN_INCIDENT, AssignmentStatus, Step

if TYPE_CHECKING:
    from kuaijing.domain.state import State

TAKEN_BACK = frozenset({AssignmentStatus.REFUSED, AssignmentStatus.WITHDRAWN})


def _stamp(state: State, command: StampAssignment, context: Context) -> tuple[AssignmentEvent, ...]:
    part = state.assignment(command.assignment)
    step = command.step
    if step not in tuple(Step):
        raise ValueUnknown("step", step, tuple(Step))
    _sent(part)
    if step in (Step.CONTROLLED, Step.SETTLED, Step.CLEARED):
        if part.status in TAKEN_BACK:
            raise AlreadyEnded("assignment", part.id, part.status, "stamp the assignment that the unit has now")
        return _report(state, part, step, command, context)
    if getattr(part, f"{step}_at") is not None:
        return ()
    received = context.received_at
    at = within(command.at, part.ordered_at, received)
    return (
        AssignmentStamped(part.id, part.incident, part.unit, step, at, command.at, received, by_voice=context.by_voice),
    )


def _report(
    state: State, part: Assignment, step: Step, command: StampAssignment, context: Context
) -> tuple[AssignmentEvent, ...]:
    incident = state.incident(part.incident)
    moment = within(command.at, part.ordered_at, context.received_at)
    facts = (part.incident, part.id, part.unit, moment, command.at, context.received_at, context.by_voice)
    if step == Step.CONTROLLED:
        begins = part.id in incident.assignments[incident.assignments_before :]
        begun = incident.handling or incident.status not in OPEN_INCIDENT or not begins
        return () if incident.controlled_at is not None and begun else (IncidentControlled(*facts, begins=begins),)
    if step == Step.SETTLED:
        return () if incident.settled_at is not None else (IncidentSettled(*facts),)
    if part.status == AssignmentStatus.CLEARED:
        return ()
    cleared = AssignmentCleared(
        part.id, part.incident, part.unit, moment, command.at, context.received_at, by_voice=context.by_voice
    )
    return (cleared, *released(state, part, {part.id}, context.received_at))


def _sent(part: Assignment) -> None:
    if part.status == AssignmentStatus.QUEUED:
        raise NotAllowed("assignment", part.id, "queued", "ordered", "clear the unit's present assignment first")


def _arrival(state: State, command: RecordArrival, context: Context) -> tuple[AssignmentEvent, ...]:
    part = state.assignment(command.assignment)
    if command.earliest > command.latest:
        raise Invalid(
            "earliest", str(command.earliest), f"later than latest {command.latest}", "give the earlier first"
        )
    _sent(part)
    if part.arrived is not None or (part.ended_at is not None and command.earliest >= part.ended_at):
        return ()
    earliest = within(command.earliest, part.ordered_at, context.received_at)
    latest = within(command.latest, part.ordered_at, context.received_at)
    return (ArrivalMeasured(part.id, part.incident, part.unit, earliest, latest, context.received_at),)


def _refuse(state: State, command: RefuseAssignment, context: Context) -> tuple[AssignmentEvent, ...]:
    part = _not_there_yet(state, command.assignment)
    reason = reason_given(context, "RefuseAssignment")
    refused = AssignmentRefused(part.id, part.incident, part.unit, reason, context.received_at)
    return (refused, *released(state, part, {part.id}, context.received_at))


def _withdraw(state: State, command: WithdrawAssignment, context: Context) -> tuple[AssignmentEvent, ...]:
    part = _not_there_yet(state, command.assignment)
    reason = reason_given(context, "WithdrawAssignment")
    withdrawn = AssignmentWithdrawn(part.id, part.incident, part.unit, reason, context.received_at)
    return (withdrawn, *released(state, part, {part.id}, context.received_at))


def _not_there_yet(state: State, assignment: str) -> Assignment:
    part = state.assignment(assignment)
    if part.status in ENDED_ASSIGNMENT:
        raise AlreadyEnded("assignment", part.id, part.status, "order the unit afresh if it is wanted")
    if part.was_there:
        raise NotAllowed("assignment", part.id, "on scene", "not arrived yet", "clear it instead")
    return part


DECIDE = {
    StampAssignment: _stamp,
    RecordArrival: _arrival,
    RefuseAssignment: _refuse,
    WithdrawAssignment: _withdraw,
}
