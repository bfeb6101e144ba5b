"""Cover: free units sent to stand by where orders took 1-3-5 reach away. They stay available all the while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain import units
from kuaijing.domain.commands import Context, CoverMove, EndCover, OrderCover
from kuaijing.domain.errors import (
    DomainError,
    DuplicateOrder,
    Invalid,
    NotAllowed,
    UnitOffDuty,
    UnitTaken,
    UnknownUnit,
    refuse_all,
)
from kuaijing.domain.units import FORBIDS_DISPATCH
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class Cover:
    """A unit standing by at a point, or on its way there."""

    unit: str
    point: Point
    text: str
    ordered_at: Instant
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class CoverOrdered:
    """The unit is to stand by at ``point``."""

    unit: str
    call_sign: str
    point: Point
    text: str
    advice: str | None
    at: Instant


@dataclass(frozen=True, slots=True)
class CoverEnded:
    """The unit stands by no more: sent back, ordered to an incident, or not available."""

    unit: str
    reason: str
    at: Instant


CoverEvent = CoverOrdered | CoverEnded


def _order(state: State, command: OrderCover, context: Context) -> tuple[CoverEvent, ...]:
    if not command.moves:
        raise Invalid("moves", "", "no unit is named", "name at least one")
    errors: list[DomainError] = []
    seen: set[str] = set()
    for move in command.moves:
        fault = DuplicateOrder(move.unit, "cover", "") if move.unit in seen else _fault(state, move)
        seen.add(move.unit)
        if fault is not None:
            errors.append(fault)
    refuse_all(errors)
    return tuple(
        CoverOrdered(
            move.unit, state.units[move.unit].call_sign, move.point, move.text, command.advice, context.received_at
        )
        for move in command.moves
    )


def _fault(state: State, move: CoverMove) -> DomainError | None:
    unit = state.units.get(move.unit)
    if unit is None:
        return UnknownUnit(move.unit)
    stale = move.version != unit.version
    if stale or (unit.status != UnitStatus.AVAILABLE and unit.status not in FORBIDS_DISPATCH):
        incident = state.assignments[unit.active].incident if unit.active else None
        offers = ("now",) if unit.status == UnitStatus.AVAILABLE else ()
        return UnitTaken(
            unit.id, unit.call_sign, move.version, unit.version, unit.status, unit.changed_by, incident, offers
        )
    if unit.status in FORBIDS_DISPATCH:
        return UnitOffDuty(unit.id, unit.call_sign, unit.status)
    return None


def _end(state: State, command: EndCover, context: Context) -> tuple[CoverEvent, ...]:
    unit = state.unit(command.unit)
    if unit.cover is None:
        raise NotAllowed("unit", unit.id, "not on cover", "on cover", "there is nothing to end")
    return (CoverEnded(unit.id, context.reason, context.received_at),)


DECIDE = {OrderCover: _order, EndCover: _end}


def _ordered(draft: Draft, event: CoverOrdered) -> None:
    units.change(draft, draft.units[event.unit], event.at, "CoverOrdered", cover=event.point)
    draft.cover.put(event.unit, Cover(event.unit, event.point, event.text, event.at, event.advice))


def _ended(draft: Draft, event: CoverEnded) -> None:
    units.change(draft, draft.units[event.unit], event.at, "CoverEnded", cover=None)
    draft.cover.discard(event.unit)


EVOLVE = {CoverOrdered: _ordered, CoverEnded: _ended}
