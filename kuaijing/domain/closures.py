"""Closed and slow zones, drawn or imported. What they do to routes is the road graph's; here is that they are in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain.commands import Context, LiftClosure, PlaceClosure
from kuaijing.domain.errors import DomainError, IdentifierTaken, Invalid, ValueUnknown, refuse_all
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import OutOfRange, Point

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

FEWEST_POINTS = {"line": 2, "polygon": 3}


@dataclass(frozen=True, slots=True)
class Closure:
    """A zone in force: ``factor`` 0 closes it, below 1 slows it."""

    id: str
    name: str
    factor: float
    shape: str
    points: tuple[tuple[float, float], ...]
    from_at: Instant | None
    until: Instant | None
    placed_at: Instant


@dataclass(frozen=True, slots=True)
class ClosurePlaced:
    """A way was closed or slowed."""

    closure: str
    name: str
    factor: float
    shape: str
    points: tuple[tuple[float, float], ...]
    from_at: Instant | None
    until: Instant | None
    at: Instant


@dataclass(frozen=True, slots=True)
class ClosureLifted:
    """The way is free again."""

    closure: str
    name: str
    at: Instant


def _place(state: State, command: PlaceClosure, context: Context) -> tuple[ClosurePlaced, ...]:
    if not command.closure or command.closure in state.closures:
        raise IdentifierTaken("closure", command.closure)
    refuse_all(_faults(command))
    return (
        ClosurePlaced(
            command.closure,
            command.name,
            command.factor,
            command.shape,
            command.points,
            command.from_at,
            command.until,
            context.received_at,
        ),
    )


def _faults(command: PlaceClosure) -> list[DomainError]:
    errors: list[DomainError] = []
    if not 0 <= command.factor < 1:
        errors.append(Invalid("factor", str(command.factor), "0 closes, below 1 slows", "give a number in [0, 1)"))
    if command.shape not in FEWEST_POINTS:
        errors.append(ValueUnknown("shape", command.shape, tuple(FEWEST_POINTS)))
    elif len(command.points) < FEWEST_POINTS[command.shape]:
        count = FEWEST_POINTS[command.shape]
        errors.append(Invalid("points", str(len(command.points)), f"a {command.shape} has {count} or more", "add some"))
    for index, (lon, lat) in enumerate(command.points):
        try:
            Point(lon, lat)
        except OutOfRange as fault:
            errors.append(Invalid(f"points[{index}]", f"{lon}, {lat}", str(fault), "give degrees, longitude first"))
    if command.from_at is not None and command.until is not None and command.until <= command.from_at:
        errors.append(Invalid("until", str(command.until), "not after from_at", "let it end after it begins"))
    return errors


def _lift(state: State, command: LiftClosure, context: Context) -> tuple[ClosureLifted, ...]:
    closure = state.closure(command.closure)
    return (ClosureLifted(closure.id, closure.name, context.received_at),)


DECIDE = {PlaceClosure: _place, LiftClosure: _lift}


def _placed(draft: Draft, event: ClosurePlaced) -> None:
    draft.closures.put(
        event.closure,
        Closure(
            event.closure,
            event.name,
            event.factor,
            event.shape,
            event.points,
            event.from_at,
            event.until,
            event.at,
        ),
    )


def _lifted(draft: Draft, event: ClosureLifted) -> None:
    draft.closures.drop(event.closure)


EVOLVE = {ClosurePlaced: _placed, ClosureLifted: _lifted}
