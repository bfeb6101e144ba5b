"""The slices put together: which file decides a command, which applies an event. A new capability adds its file here.

``decide`` and ``evolve`` are pure: no clock, no randomness, no input or output; time and identifiers come in with the command.
"""

from collections.abc import Callable, Iterable
from typing import Any

from kuaijing.domain import (
    area_calls,
    assignments,
    calls,
    closures,
    cover,
    days,
    duty,
    empty_areas,
    endings,
    incidents,
    looks,
    merging,
    orders,
    patrol,
    plan,
    presence,
    proposals,
    registers,
    retention,
    shift,
    stamps,
    terminals,
    units,
)
from kuaijing.domain.area_calls import AreaCallEvent
from kuaijing.domain.assignments import AssignmentEvent
from kuaijing.domain.calls import CallEvent
from kuaijing.domain.closures import ClosureLifted, ClosurePlaced
from kuaijing.domain.commands import Command, Context
from kuaijing.domain.cover import CoverEvent
from kuaijing.domain.days import DaySealed, IncidentRecalled
from kuaijing.domain.duty import DutyEvent
from kuaijing.domain.empty_areas import EmptyAreaEvent
from kuaijing.domain.endings import EndingEvent
from kuaijing.domain.errors import UnknownCommand, refuse_all
from kuaijing.domain.incidents import IncidentEvent
from kuaijing.domain.looks import TracesLookedAt
from kuaijing.domain.merging import MergeEvent
from kuaijing.domain.patrol import PatrolPointVisited
from kuaijing.domain.plan import PlanEvent
from kuaijing.domain.presence import PresenceEvent
from kuaijing.domain.proposals import ProposalEvent
from kuaijing.domain.registers import RegisterEvent
from kuaijing.domain.retention import TracesDropped
from kuaijing.domain.shift import ShiftHandedOver
from kuaijing.domain.state import Draft, State
from kuaijing.domain.terminals import TerminalAsked
from kuaijing.domain.text import text_faults

Event = (
    IncidentEvent
    | AssignmentEvent
    | EndingEvent
    | MergeEvent
    | CallEvent
    | DutyEvent
    | CoverEvent
    | ClosurePlaced
    | ClosureLifted
    | PlanEvent
    | ProposalEvent
    | ShiftHandedOver
    | TracesLookedAt
    | TracesDropped
    | RegisterEvent
    | TerminalAsked
    | PresenceEvent
    | PatrolPointVisited
    | EmptyAreaEvent
    | AreaCallEvent
    | DaySealed
    | IncidentRecalled
)

SLICES = (
    incidents,
    assignments,
    orders,
    stamps,
    endings,
    merging,
    calls,
    units,
    duty,
    cover,
    closures,
    plan,
    proposals,
    registers,
    terminals,
    presence,
    patrol,
    empty_areas,
    area_calls,
    shift,
    looks,
    retention,
    days,
)

_DECIDE: dict[type, Callable[[State, Any, Context], tuple[Event, ...]]] = {}
_EVOLVE: dict[type, Callable[[Draft, Any], None]] = {}
for _slice in SLICES:
    _DECIDE.update(getattr(_slice, "DECIDE", {}))
    _EVOLVE.update(getattr(_slice, "EVOLVE", {}))

EVENT_TYPES: dict[str, type[Event]] = {event.__name__: event for event in _EVOLVE}
"""Every event by the name that stands in the log."""

COMMAND_TYPES: tuple[type, ...] = tuple(_DECIDE)


def decide(state: State, command: Command, context: Context) -> tuple[Event, ...]:
    """What happens by ``command``: facts, none where it changes nothing, or a ``DomainError`` that says why not."""
    decider = _DECIDE.get(type(command))
    if decider is None:
        raise UnknownCommand(type(command).__name__)
    refuse_all([*text_faults(command), *text_faults(context)])
    return decider(state, command, context)


def evolve(state: State, events: Iterable[Event]) -> State:
    """The state after ``events``."""
    draft = Draft(state)
    for event in events:
        apply(draft, event)
    return draft.frozen()


def apply(draft: Draft, event: Event) -> None:
    """Apply one event to a draft: what ``evolve`` does to each, for whoever looks in between."""
    _EVOLVE[type(event)](draft, event)


def incidents_of(event: Event) -> tuple[str, ...]:
    """The incidents on whose timeline the event stands."""
    named = (getattr(event, name, None) for name in ("incident", "into", "holder", "from_incident", "diverted_to"))
    return tuple(dict.fromkeys(each for each in named if each is not None))
