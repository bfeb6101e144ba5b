"""Sending units. All or none: every fault of every unit is named, and nothing is half ordered.

A unit that changed since it was looked at is refused as ``UnitTaken`` whatever the mode; so is one that is not free, where it was
ordered ``now``. ``queue`` waits behind what the unit does, ``divert`` withdraws what it still drives to (decision 0010).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kuaijing.domain.assignments import AssignmentEvent, AssignmentOrdered, AssignmentQueued, AssignmentWithdrawn
from kuaijing.domain.commands import Context, OrderUnits, UnitOrder
from kuaijing.domain.cover import CoverEnded
from kuaijing.domain.errors import (
    DomainError,
    DuplicateOrder,
    IdentifierTaken,
    Invalid,
    NotAllowed,
    UnitOffDuty,
    UnitTaken,
    UnknownUnit,
    ValueUnknown,
    refuse_all,
)
from kuaijing.domain.lookups import open_incident
from kuaijing.domain.units import FORBIDS_DISPATCH, Unit
from kuaijing.domain.words import Role, UnitStatus

if TYPE_CHECKING:
    from kuaijing.domain.state import State

MODES = ("now", "queue", "divert")


def _order(state: State, command: OrderUnits, context: Context) -> tuple[AssignmentEvent | CoverEnded, ...]:
    incident = open_incident(state, command.incident)
    if not command.orders:
        raise Invalid("orders", "", "no unit is named", "name at least one")
    refuse_all(_faults(state, command))
    at = context.received_at
    events: list[AssignmentEvent | CoverEnded] = []
    for order in command.orders:
        unit = state.units[order.unit]
        if unit.status == UnitStatus.AVAILABLE or order.mode == "divert":
            if unit.active is not None:
                left = state.assignments[unit.active]
                reason = f"diverted to {incident.id}" + (f": {context.reason}" if context.reason else "")
                events.append(AssignmentWithdrawn(left.id, left.incident, unit.id, reason, at, incident.id))
            if unit.cover is not None:
                events.append(CoverEnded(unit.id, f"ordered to {incident.id}", at))
            events.append(
                AssignmentOrdered(
                    order.assignment, incident.id, unit.id, unit.call_sign, order.role, at, command.advice
                )
            )
        else:
            events.append(
                AssignmentQueued(order.assignment, incident.id, unit.id, unit.call_sign, order.role, at, command.advice)
            )
    return tuple(events)


def _faults(state: State, command: OrderUnits) -> list[DomainError]:
    errors: list[DomainError] = []
    units: set[str] = set()
    identifiers: set[str] = set()
    for order in command.orders:
        if order.unit in units:
            errors.append(DuplicateOrder(order.unit, command.incident, ""))
            continue
        units.add(order.unit)
        if order.assignment in state.assignments or order.assignment in identifiers:
            errors.append(IdentifierTaken("assignment", order.assignment))
        identifiers.add(order.assignment)
        fault = _fault(state, command.incident, order)
        if fault is not None:
            errors.append(fault)
    return errors


def _fault(state: State, incident: str, order: UnitOrder) -> DomainError | None:
    unit = state.units.get(order.unit)
    if unit is None:
        return UnknownUnit(order.unit)
    if order.mode not in MODES:
        return ValueUnknown("mode", order.mode, MODES)
    if order.role not in tuple(Role):
        return ValueUnknown("role", order.role, tuple(Role))
    for held in (unit.active, *unit.queued):
        if held is not None and state.assignments[held].incident == incident:
            return DuplicateOrder(unit.id, incident, held)
    if order.version != unit.version:
        return _taken(state, unit, order.version)
    if unit.status in FORBIDS_DISPATCH:
        return UnitOffDuty(unit.id, unit.call_sign, unit.status)
    if unit.leaving:
        return NotAllowed("unit", unit.id, "leaving the force", "in the plan in force", "choose another unit")
    if unit.status != UnitStatus.AVAILABLE and order.mode not in _offers(state, unit):
        return _taken(state, unit, order.version)
    return None


def _offers(state: State, unit: Unit) -> tuple[str, ...]:
    """Modes in which the unit could be ordered as it stands."""
    if unit.leaving or unit.status in FORBIDS_DISPATCH:
        return ()
    if unit.status == UnitStatus.AVAILABLE:
        return ("now",)
    if unit.active is not None and not state.assignments[unit.active].was_there:
        return ("queue", "divert")
    return ("queue",)


def _taken(state: State, unit: Unit, seen: int) -> UnitTaken:
    incident = state.assignments[unit.active].incident if unit.active else None
    offers = _offers(state, unit)
    return UnitTaken(unit.id, unit.call_sign, seen, unit.version, unit.status, unit.changed_by, incident, offers)


DECIDE = {OrderUnits: _order}
