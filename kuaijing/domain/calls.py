"""Calls: reports from outside, and officers' calls for help. Several calls can be one incident.

A call says where and what; words, name and telephone are beside the log in the side store, and only their salted digest is here.
A person links calls and can undo it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kuaijing.domain import incidents
from kuaijing.domain.commands import Context, ForgetPersonalWords, LinkCall, RaiseHelp, TakeCall, UnlinkCall
from kuaijing.domain.errors import IdentifierTaken, Invalid, NotAllowed, ValueUnknown
from kuaijing.domain.incidents import IncidentOpened, grade_known
from kuaijing.domain.lookups import open_incident, reason_given
from kuaijing.domain.merging import IncidentMerged, IncidentUnmerged, unmerged
from kuaijing.domain.places import Place
from kuaijing.domain.words import ENDED_ASSIGNMENT, OPEN_INCIDENT, Grade, IncidentStatus, Origin
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class Call:
    """One report from outside."""

    id: str
    incident: str
    origin: Origin
    called_at: Instant
    received_at: Instant
    place: Place
    kind: str
    grade: int
    plan: str
    digest: str | None = None
    """Salted digest of what the side store holds."""


@dataclass(frozen=True, slots=True)
class CallTaken:
    """A call came in and belongs to an incident."""

    call: str
    incident: str
    origin: Origin
    called_at: Instant
    place: Place
    kind: str
    grade: int
    plan: str
    digest: str | None
    at: Instant


@dataclass(frozen=True, slots=True)
class CallLinked:
    """A person said that the call belongs to another incident."""

    call: str
    incident: str
    from_incident: str
    at: Instant


@dataclass(frozen=True, slots=True)
class CallUnlinked:
    """A person said that the call is a matter of its own."""

    call: str
    incident: str
    from_incident: str
    at: Instant


@dataclass(frozen=True, slots=True)
class HelpRaised:
    """An officer asks for help."""

    unit: str
    call_sign: str
    incident: str
    call: str
    at: Instant


@dataclass(frozen=True, slots=True)
class PersonalWordsForgotten:
    """What the side store held of these calls was destroyed; the digests stay and match nothing any more."""

    incident: str
    calls: tuple[str, ...]
    reason: str
    at: Instant


CallEvent = (
    CallTaken
    | CallLinked
    | CallUnlinked
    | HelpRaised
    | PersonalWordsForgotten
    | IncidentOpened
    | IncidentMerged
    | IncidentUnmerged
)


def _take(state: State, command: TakeCall, context: Context) -> tuple[CallEvent, ...]:
    if (command.incident is None) == (command.link_to is None):
        found = f"{command.incident!r}, {command.link_to!r}"
        raise Invalid("incident, link_to", found, "exactly one is wanted", "open an incident or link to one")
    if command.origin not in tuple(Origin):
        raise ValueUnknown("origin", command.origin, tuple(Origin))
    return _taken(state, command, context)


def _taken(
    state: State, command: TakeCall, context: Context, raised_by: str | None = None
) -> tuple[IncidentOpened | CallTaken, ...]:
    grade = grade_known(command.grade)
    if not command.kind:
        raise Invalid("kind", "", "a call has a kind", "give the code of one")
    if not command.call or command.call in state.calls:
        raise IdentifierTaken("call", command.call)
    at = context.received_at
    called_at = min(command.called_at, at)
    what = (command.place, command.kind, grade, command.plan)
    taken = (command.origin, called_at, *what, command.digest, at)
    if command.link_to is not None:
        return (CallTaken(command.call, open_incident(state, command.link_to).id, *taken),)
    if not command.incident or command.incident in state.incidents:
        raise IdentifierTaken("incident", command.incident or "")
    opened = IncidentOpened(command.incident, command.call, command.origin, called_at, *what, at, raised_by)
    return (opened, CallTaken(command.call, command.incident, *taken))


def _help(state: State, command: RaiseHelp, context: Context) -> tuple[CallEvent, ...]:
    unit = state.unit(command.unit)
    call = TakeCall(
        call=command.call,
        incident=command.incident,
        link_to=None,
        origin=Origin.OFFICER_HELP,
        called_at=context.received_at,
        place=command.place,
        kind=command.kind,
        grade=Grade.ONE,
        plan=command.plan,
    )
    raised = HelpRaised(unit.id, unit.call_sign, command.incident, command.call, context.received_at)
    return (*_taken(state, call, context, unit.id), raised)


def _link(state: State, command: LinkCall, context: Context) -> tuple[CallEvent, ...]:
    call = state.call(command.call)
    target = open_incident(state, command.incident)
    own = state.incidents.get(call.incident)
    if call.incident == target.id:
        return ()
    at = context.received_at
    linked = CallLinked(call.id, target.id, call.incident, at)
    if own is None or own.status not in OPEN_INCIDENT or own.calls != (call.id,):
        return (linked,)
    if any(state.assignments[each].status not in ENDED_ASSIGNMENT for each in own.assignments):
        return (linked,)
    return (linked, IncidentMerged(own.id, target.id, (call.id,), (), at))


def _unlink(state: State, command: UnlinkCall, context: Context) -> tuple[CallEvent, ...]:
    call = state.call(command.call)
    at = context.received_at
    had = state.incidents.get(command.incident)
    if had is not None and had.status == IncidentStatus.MERGED and call.id in had.merged_calls:
        return (CallUnlinked(call.id, had.id, call.incident, at), unmerged(state, had, at))
    if had is not None or not command.incident:
        raise IdentifierTaken("incident", command.incident)
    if state.incident(call.incident).calls == (call.id,):
        raise NotAllowed("call", call.id, f"the only call of {call.incident}", "one of several", "leave it as it is")
    opened = IncidentOpened(
        command.incident, call.id, call.origin, call.called_at, call.place, call.kind, call.grade, call.plan, at
    )
    return (opened, CallUnlinked(call.id, command.incident, call.incident, at))


def _forget(state: State, command: ForgetPersonalWords, context: Context) -> tuple[CallEvent, ...]:
    incident = state.incident(command.incident)
    calls = (*incident.calls, *(each for each in incident.merged_calls if each not in incident.calls))
    reason = reason_given(context, "ForgetPersonalWords")
    return (PersonalWordsForgotten(incident.id, calls, reason, context.received_at),)


DECIDE = {
    TakeCall: _take,
    RaiseHelp: _help,
    LinkCall: _link,
    UnlinkCall: _unlink,
    ForgetPersonalWords: _forget,
}


def _was_taken(draft: Draft, event: CallTaken) -> None:
    draft.numbers.call_given(event.call)
    draft.calls.put(
        event.call,
        Call(
            id=event.call,
            incident=event.incident,
            origin=event.origin,
            called_at=event.called_at,
            received_at=event.at,
            place=event.place,
            kind=event.kind,
            grade=event.grade,
            plan=event.plan,
            digest=event.digest,
        ),
    )
    incident = draft.incidents[event.incident]
    incidents.change(draft, incident, calls=(*incident.calls, event.call))


def _goes_over(draft: Draft, event: CallLinked | CallUnlinked) -> None:
    call = draft.calls[event.call]
    left = draft.incidents.find(event.from_incident)
    if left is not None:
        incidents.change(draft, left, calls=tuple(each for each in left.calls if each != call.id))
    incident = draft.incidents[event.incident]
    incidents.change(draft, incident, calls=(*incident.calls, call.id))
    draft.calls.put(call.id, replace(call, incident=event.incident))


def _nothing(draft: Draft, event: HelpRaised | PersonalWordsForgotten) -> None:
    """What these say stands in the log and in the side store; the incident carries ``raised_by`` already."""


EVOLVE = {
    CallTaken: _was_taken,
    CallLinked: _goes_over,
    CallUnlinked: _goes_over,
    HelpRaised: _nothing,
    PersonalWordsForgotten: _nothing,
}
