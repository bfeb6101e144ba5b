"""The plan in force, as far as the core must know it: which document, since when, the tiers' limits, and which units there are.

A unit that the new plan no longer holds goes at once where it is free and stays, marked as leaving, until it is. The plan says
whether a *new* unit is on duty; of one that is there already the street knows better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain import units
from kuaijing.domain.assignments import AssignmentWithdrawn
from kuaijing.domain.commands import Context, PlannedUnit, PutPlanInForce
from kuaijing.domain.cover import CoverEnded
from kuaijing.domain.errors import DomainError, Invalid, NotAllowed, ValueUnknown, refuse_all
from kuaijing.domain.units import Unit, UnitRemoved
from kuaijing.domain.words import UnitClass, UnitStatus
from kuaijing.measures.instants import Instant, to_datetime

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """Which plan document holds."""

    plan: str
    version: str
    digest: str
    ground: str
    valid_from: Instant
    limits: tuple[tuple[str, float], ...]
    since: Instant


@dataclass(frozen=True, slots=True)
class PlanPutInForce:
    """The document ``digest`` holds from now on."""

    plan: str
    version: str
    digest: str
    ground: str
    valid_from: Instant
    limits: tuple[tuple[str, float], ...]
    at: Instant


@dataclass(frozen=True, slots=True)
class UnitAdded:
    """The plan brings a unit in."""

    unit: str
    planned: PlannedUnit
    at: Instant


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """The plan says something else of a unit than before."""

    unit: str
    planned: PlannedUnit
    at: Instant


@dataclass(frozen=True, slots=True)
class UnitLeaving:
    """The plan no longer holds the unit; it goes when it is free."""

    unit: str
    call_sign: str
    at: Instant


PlanEvent = PlanPutInForce | UnitAdded | UnitChanged | UnitLeaving | UnitRemoved | AssignmentWithdrawn | CoverEnded


def _put(state: State, command: PutPlanInForce, context: Context) -> tuple[PlanEvent, ...]:
    refuse_all(_faults(command))
    at = context.received_at
    if command.valid_from > at:
        due = to_datetime(command.valid_from).isoformat()
        raise NotAllowed("plan", command.plan, f"valid from {due}", "valid now", "put it in force when it is due")
    events: list[PlanEvent] = [
        PlanPutInForce(
            command.plan, command.version, command.digest, command.ground, command.valid_from, command.limits, at
        )
    ]
    planned_ids = {planned.unit for planned in command.force}
    for planned in command.force:
        unit = state.units.get(planned.unit)
        if unit is None:
            events.append(UnitAdded(planned.unit, planned, at))
        elif _differs(unit, planned):
            events.append(UnitChanged(planned.unit, planned, at))
    for unit in state.units.values():
        if unit.id not in planned_ids:
            events.extend(_goes(state, unit, at))
    return tuple(events)


def _goes(state: State, unit: Unit, at: Instant) -> tuple[PlanEvent, ...]:
    if unit.leaving:
        return ()
    waiting = [state.assignments[each] for each in unit.queued]
    events: list[PlanEvent] = [
        AssignmentWithdrawn(part.id, part.incident, unit.id, "unit not in the plan", at) for part in waiting
    ]
    if unit.active is not None or unit.status == UnitStatus.BUSY_OTHER:
        return (*events, UnitLeaving(unit.id, unit.call_sign, at))
    if unit.cover is not None:
        events.append(CoverEnded(unit.id, "unit not in the plan", at))
    return (*events, UnitRemoved(unit.id, unit.call_sign, at))


def _faults(command: PutPlanInForce) -> list[DomainError]:
    errors: list[DomainError] = []
    seen: set[str] = set()
    for row, planned in enumerate(command.force, start=1):
        where = f"force[{row}]"
        if not planned.unit:
            errors.append(Invalid(f"{where}.id", "", "a unit has an identifier", "give it one"))
        if planned.unit in seen:
            errors.append(Invalid(f"{where}.id", planned.unit, "given twice", "leave one out"))
        seen.add(planned.unit)
        if planned.unit_class not in tuple(UnitClass):
            errors.append(ValueUnknown(f"{where}.class", planned.unit_class, tuple(UnitClass)))
        for name, crew in (("crew_police", planned.crew_police), ("crew_auxiliary", planned.crew_auxiliary)):
            if crew < 0:
                errors.append(Invalid(f"{where}.{name}", str(crew), "a crew is not negative", "give 0 or more"))
    for tier, limit in command.limits:
        if not 0 < limit < float("inf"):
            errors.append(Invalid(f"limits.{tier}", str(limit), "a limit is above 0 seconds", "give seconds"))
    return errors


def _differs(unit: Unit, planned: PlannedUnit) -> bool:
    return unit.leaving or any(getattr(unit, name) != value for name, value in _facts(planned).items())


def _facts(planned: PlannedUnit) -> dict[str, object]:
    """What a plan says of a unit, by the names of the unit's record."""
    return {
        "call_sign": planned.call_sign,
        "unit_class": planned.unit_class,
        "platform": planned.platform,
        "beat": planned.beat,
        "crew_police": planned.crew_police,
        "crew_auxiliary": planned.crew_auxiliary,
        "leader": planned.leader,
        "capabilities": planned.capabilities,
        "home": planned.home,
    }


DECIDE = {PutPlanInForce: _put}


def _in_force(draft: Draft, event: PlanPutInForce) -> None:
    draft.plan = PlanInForce(
        event.plan, event.version, event.digest, event.ground, event.valid_from, event.limits, event.at
    )


def _added(draft: Draft, event: UnitAdded) -> None:
    planned = event.planned
    draft.units.put(
        event.unit,
        Unit(
            id=event.unit,
            call_sign=planned.call_sign,
            unit_class=planned.unit_class,
            status=UnitStatus.AVAILABLE if planned.on_duty else UnitStatus.OFF_DUTY,
            version=1,
            since=event.at,
            platform=planned.platform,
            beat=planned.beat,
            crew_police=planned.crew_police,
            crew_auxiliary=planned.crew_auxiliary,
            leader=planned.leader,
            capabilities=planned.capabilities,
            home=planned.home,
        ),
    )


def _changed(draft: Draft, event: UnitChanged) -> None:
    unit = draft.units[event.unit]
    units.change(draft, unit, event.at, "UnitChanged", leaving=False, **_facts(event.planned))


def _leaving(draft: Draft, event: UnitLeaving) -> None:
    units.change(draft, draft.units[event.unit], event.at, "UnitLeaving", leaving=True)


EVOLVE = {PlanPutInForce: _in_force, UnitAdded: _added, UnitChanged: _changed, UnitLeaving: _leaving}
