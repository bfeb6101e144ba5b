"""Area calls: one message to every unit in an area, and the roll of who got it and who answered.

The roll is who was in the area at the moment of the call; it is frozen then, whoever comes or goes later. Which units those are and
how the message reaches them is not known here. A receipt says that a page or a terminal has shown the words; only a person answers.
An answer that comes after the end (a phone was out of reach) still fills its own row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kuaijing.domain.commands import (
    AnswerAreaCall,
    CallArea,
    CalledArea,
    Context,
    EndAreaCall,
    RecordAreaReceipt,
)
from kuaijing.domain.errors import DomainError, IdentifierTaken, Invalid, NotAllowed, Unknown, ValueUnknown, refuse_all
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

KINDS: Final = ("polygon", "circle", "beat", "tier")
MOST_TEXT: Final = 200
"""What a terminal shows at once and an officer takes in at a glance."""
MOST_RUNNING: Final = 20
MOST_KEPT: Final = 20
"""Ended calls held in memory; all of them stand in the log."""
MOST_ANSWERS: Final = 10
"""Answers of one unit to one call."""


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """What a unit said, and how: on its ``page``, or by ``voice`` to who entered it."""

    text: str
    how: str
    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Called:
    """One unit of the roll."""

    unit: str
    call_sign: str
    delivered_at: Instant | None = None
    delivered_by: str = ""
    """The terminal, or empty for the officer's own page."""
    answers: tuple[AreaAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaCall:
    """A call, its area and its roll."""

    id: str
    text: str
    area: CalledArea
    roll: tuple[Called, ...]
    talk_group: str
    incident: str | None
    called_by: str
    called_at: Instant
    ended_by: str | None = None
    ended_at: Instant | None = None

    def find(self, unit: str) -> Called | None:
        """The unit's row, if it was called."""
        return next((row for row in self.roll if row.unit == unit), None)


class UnknownAreaCall(Unknown):
    """No such call in memory."""

    thing = "area_call"


@dataclass(frozen=True, slots=True)
class AreaCalled:
    """Everybody in an area was called."""

    area_call: str
    text: str
    area: CalledArea
    units: tuple[str, ...]
    call_signs: tuple[str, ...]
    talk_group: str
    incident: str | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class AreaCallDelivered:
    """A unit has the words before it."""

    area_call: str
    unit: str
    device: str
    at: Instant


@dataclass(frozen=True, slots=True)
class AreaCallAnswered:
    """A unit answered."""

    area_call: str
    unit: str
    call_sign: str
    text: str
    how: str
    incident: str | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class AreaCallEnded:
    """Over; ``silent`` never answered."""

    area_call: str
    silent: tuple[str, ...]
    incident: str | None
    by: str
    at: Instant


AreaCallEvent = AreaCalled | AreaCallDelivered | AreaCallAnswered | AreaCallEnded


def _call(state: State, command: CallArea, context: Context) -> tuple[AreaCallEvent, ...]:
    if not command.area_call or command.area_call in state.area_calls:
        raise IdentifierTaken("area_call", command.area_call)
    if command.incident is not None:
        state.incident(command.incident)
    refuse_all(_faults(state, command))
    running = sum(each.ended_at is None for each in state.area_calls.values())
    if running >= MOST_RUNNING:
        raise NotAllowed("area_calls", str(running), "running", f"fewer than {MOST_RUNNING}", "end one first")
    units = tuple(dict.fromkeys(command.units))
    signs = tuple(state.units[unit].call_sign for unit in units)
    said = (command.text.strip(), command.area, units, signs, command.talk_group.strip(), command.incident)
    return (AreaCalled(command.area_call, *said, context.actor, context.received_at),)


def _faults(state: State, command: CallArea) -> list[DomainError]:
    faults: list[DomainError] = [*_area_faults(command.area)]
    if not command.text.strip():
        faults.append(Invalid("text", "", "an area call without words", "say what is to be done"))
    elif len(command.text.strip()) > MOST_TEXT:
        length = f"{len(command.text.strip())} characters, {MOST_TEXT} at most"
        faults.append(Invalid("text", command.text[:20] + "…", length, "shorten it"))
    if not command.units:
        faults.append(Invalid("units", "", "nobody on duty is in the area", "take a larger area"))
    for unit in command.units:
        known = state.units.get(unit)
        if known is None:
            faults.append(Invalid("units", unit, "not known", "name units that the picture holds"))
        elif known.status == UnitStatus.OFF_DUTY:
            faults.append(Invalid("units", unit, "off duty", "leave it out"))
    return faults


def _area_faults(area: CalledArea) -> list[DomainError]:
    if area.kind not in KINDS:
        return [ValueUnknown("area.kind", area.kind, KINDS)]
    if area.kind == "polygon" and len(set(area.points)) < 3:
        return [Invalid("area.points", str(len(set(area.points))), "fewer than three corners", "draw at least three")]
    if area.kind == "circle" and (area.centre is None or not area.radius_m > 0):
        return [Invalid("area.radius_m", f"{area.radius_m:g}", "no circle", "give a centre and a radius above 0")]
    if area.kind in ("beat", "tier") and not area.id:
        return [Invalid("area.id", "", f"a {area.kind} without its identifier", "name one of the plan in force")]
    return []


def _receipt(state: State, command: RecordAreaReceipt, context: Context) -> tuple[AreaCallEvent, ...]:
    call, row = _row(state, command.area_call, command.unit)
    if row.delivered_at is not None:
        return ()
    return (AreaCallDelivered(call.id, row.unit, command.device, context.received_at),)


def _answer(state: State, command: AnswerAreaCall, context: Context) -> tuple[AreaCallEvent, ...]:
    call, row = _row(state, command.area_call, command.unit)
    text, how = command.text.strip(), "voice" if context.by_voice else "page"
    if any(each.how == how and each.text == text for each in row.answers) or (row.answers and not text):
        return ()
    if len(row.answers) >= MOST_ANSWERS:
        raise NotAllowed(
            "unit", row.unit, f"at {MOST_ANSWERS} answers", "fewer", "note it on the incident or call anew"
        )
    said = (text, how, call.incident, context.actor, context.received_at)
    return (AreaCallAnswered(call.id, row.unit, row.call_sign, *said),)


def _end(state: State, command: EndAreaCall, context: Context) -> tuple[AreaCallEvent, ...]:
    call = _find(state, command.area_call)
    if call.ended_at is not None:
        return ()
    silent = tuple(row.unit for row in call.roll if not row.answers)
    return (AreaCallEnded(call.id, silent, call.incident, context.actor, context.received_at),)


def _find(state: State, area_call: str) -> AreaCall:
    call = state.area_calls.get(area_call)
    if call is None:
        raise UnknownAreaCall(area_call)
    return call


def _row(state: State, area_call: str, unit: str) -> tuple[AreaCall, Called]:
    call = _find(state, area_call)
    row = call.find(unit)
    if row is None:
        raise NotAllowed("unit", unit, "not on the roll", "a unit that was called", "note it on the incident")
    return call, row


DECIDE = {CallArea: _call, RecordAreaReceipt: _receipt, AnswerAreaCall: _answer, EndAreaCall: _end}


def _called(draft: Draft, event: AreaCalled) -> None:
    ended = [each for each in draft.area_calls.rows().values() if each.ended_at is not None]
    for each in sorted(ended, key=lambda each: (each.ended_at or 0, each.id))[: max(0, len(ended) - MOST_KEPT)]:
        draft.area_calls.drop(each.id)
    roll = tuple(Called(unit, sign) for unit, sign in zip(event.units, event.call_signs, strict=True))
    about = (event.talk_group, event.incident, event.by, event.at)
    draft.area_calls.put(event.area_call, AreaCall(event.area_call, event.text, event.area, roll, *about))


def _delivered(draft: Draft, event: AreaCallDelivered) -> None:
    row = _held(draft, event.area_call, event.unit)
    _put(draft, event.area_call, replace(row, delivered_at=event.at, delivered_by=event.device))


def _answered(draft: Draft, event: AreaCallAnswered) -> None:
    row = _held(draft, event.area_call, event.unit)
    answer = AreaAnswer(event.text, event.how, event.by, event.at)
    _put(draft, event.area_call, replace(row, answers=(*row.answers, answer)))


def _over(draft: Draft, event: AreaCallEnded) -> None:
    call = draft.area_calls[event.area_call]
    draft.area_calls.put(call.id, replace(call, ended_by=event.by, ended_at=event.at))


def _held(draft: Draft, area_call: str, unit: str) -> Called:
    return next(row for row in draft.area_calls[area_call].roll if row.unit == unit)


def _put(draft: Draft, area_call: str, row: Called) -> None:
    call = draft.area_calls[area_call]
    roll = tuple(row if each.unit == row.unit else each for each in call.roll)
    draft.area_calls.put(area_call, replace(call, roll=roll))


EVOLVE = {AreaCalled: _called, AreaCallDelivered: _delivered, AreaCallAnswered: _answered, AreaCallEnded: _over}
