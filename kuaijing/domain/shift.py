"""Who commands the shift, and the note with which it was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain.commands import Context, HandOver
from kuaijing.domain.errors import Invalid
from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class Shift:
    """The shift that runs."""

    commander: str
    since: Instant
    note: str


@dataclass(frozen=True, slots=True)
class ShiftHandedOver:
    """The duty commander handed over, with what was open at that moment."""

    to: str
    was: str | None
    note: str
    open_incidents: tuple[str, ...]
    at: Instant


def _hand_over(state: State, command: HandOver, context: Context) -> tuple[ShiftHandedOver, ...]:
    if not command.to.strip():
        raise Invalid("to", command.to, "somebody takes over", "name the commander who does")
    running = tuple(incident.id for incident in state.incidents.values() if incident.status in OPEN_INCIDENT)
    was = None if state.shift is None else state.shift.commander
    return (ShiftHandedOver(command.to, was, command.note, running, context.received_at),)


DECIDE = {HandOver: _hand_over}


def _handed_over(draft: Draft, event: ShiftHandedOver) -> None:
    draft.shift = Shift(event.to, event.at, event.note)


EVOLVE = {ShiftHandedOver: _handed_over}
