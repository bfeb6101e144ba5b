"""Whether a unit is on duty and in service, and whether it is heard.

A status set here is never a way round an assignment. Lost contact is a flag beside the status and forbids nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain import units
from kuaijing.domain.assignments import AssignmentEvent, AssignmentWithdrawn, next_for
from kuaijing.domain.commands import Context, RecordContact, SetUnitStatus
from kuaijing.domain.cover import CoverEnded
from kuaijing.domain.errors import NotAllowed, ValueUnknown
from kuaijing.domain.lookups import seen_unit
from kuaijing.domain.units import FORBIDS_DISPATCH
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

CAN_BE_SET = (UnitStatus.OFF_DUTY, UnitStatus.AVAILABLE, UnitStatus.BUSY_OTHER, UnitStatus.OUT_OF_SERVICE)
"""The others follow from assignments."""


@dataclass(frozen=True, slots=True)
class UnitStatusSet:
    """The unit's status was set by itself or by a dispatcher."""

    unit: str
    status: UnitStatus
    was: UnitStatus
    at: Instant


@dataclass(frozen=True, slots=True)
class UnitContactChanged:
    """Contact was lost or regained."""

    unit: str
    lost: bool
    last_fix_at: Instant | None
    at: Instant


DutyEvent = UnitStatusSet | UnitContactChanged | AssignmentEvent | CoverEnded


def _set(state: State, command: SetUnitStatus, context: Context) -> tuple[DutyEvent, ...]:
    if command.status not in CAN_BE_SET:
        raise ValueUnknown("status", command.status, CAN_BE_SET)
    status = UnitStatus(command.status)
    unit = seen_unit(state, command.unit, command.version)
    if unit.active is not None:
        incident = state.assignments[unit.active].incident
        remedy = f"clear or withdraw {unit.active} first"
        raise NotAllowed("unit", unit.id, f"{unit.status} for incident {incident}", "without an assignment", remedy)
    if status == unit.status:
        return ()
    at = context.received_at
    events: list[DutyEvent] = [UnitStatusSet(unit.id, status, unit.status, at)]
    if status != UnitStatus.AVAILABLE and unit.cover is not None:
        events.append(CoverEnded(unit.id, f"unit {status}", at))
    if status in FORBIDS_DISPATCH:
        for assignment in unit.queued:
            part = state.assignments[assignment]
            events.append(AssignmentWithdrawn(part.id, part.incident, unit.id, f"unit {status}", at))
    if status == UnitStatus.AVAILABLE or unit.leaving:
        events.extend(next_for(state, unit, unit.queued if status in FORBIDS_DISPATCH else (), at))
    return tuple(events)


def _contact(state: State, command: RecordContact, context: Context) -> tuple[DutyEvent, ...]:
    unit = state.unit(command.unit)
    if unit.lost_contact == command.lost:
        return ()
    return (UnitContactChanged(unit.id, command.lost, command.last_fix_at, context.received_at),)


DECIDE = {SetUnitStatus: _set, RecordContact: _contact}


def _was_set(draft: Draft, event: UnitStatusSet) -> None:
    units.change(draft, draft.units[event.unit], event.at, "UnitStatusSet", status=event.status)


def _contact_changed(draft: Draft, event: UnitContactChanged) -> None:
    units.change(
        draft,
        draft.units[event.unit],
        event.at,
        "UnitContactChanged",
        lost_contact=event.lost,
        last_fix_at=event.last_fix_at,
    )


EVOLVE = {UnitStatusSet: _was_set, UnitContactChanged: _contact_changed}
