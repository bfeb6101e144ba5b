"""Beats and tier areas that no free unit reaches in time: raised once, seen once, over once they are reached again.

How much of an area is reached, and when that is too little for too long, is the engine's business (``engine/advice/empty_areas``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kuaijing.domain.commands import AcknowledgeArea, Context
from kuaijing.domain.errors import NotAllowed
from kuaijing.domain.findings import Backfill, RecordAreaReached, RecordEmptyArea
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class EmptyArea:
    """An alarm that stands."""

    area: str
    share: float
    since: Instant
    backfill: Backfill | None = None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True)
class AreaEmptied:
    """Too little of the area has been reached in time for too long."""

    area: str
    share: float
    since: Instant
    backfill: Backfill | None
    at: Instant


@dataclass(frozen=True, slots=True)
class AreaReached:
    """Enough of the area is reached again."""

    area: str
    share: float
    at: Instant


@dataclass(frozen=True, slots=True)
class AreaAcknowledged:
    """Somebody has seen that the area is empty."""

    area: str
    by: str
    at: Instant


EmptyAreaEvent = AreaEmptied | AreaReached | AreaAcknowledged


def _emptied(state: State, command: RecordEmptyArea, context: Context) -> tuple[EmptyAreaEvent, ...]:
    if command.area in state.empty_areas:
        return ()
    return (AreaEmptied(command.area, command.share, command.since, command.backfill, context.received_at),)


def _reached(state: State, command: RecordAreaReached, context: Context) -> tuple[EmptyAreaEvent, ...]:
    if command.area not in state.empty_areas:
        return ()
    return (AreaReached(command.area, command.share, context.received_at),)


def _acknowledged(state: State, command: AcknowledgeArea, context: Context) -> tuple[EmptyAreaEvent, ...]:
    held = state.empty_areas.get(command.area)
    if held is None:
        raise NotAllowed("area", command.area, "reached", "an alarm that stands", "there is nothing to acknowledge")
    if held.acknowledged_by is not None:
        return ()
    return (AreaAcknowledged(command.area, context.actor, context.received_at),)


DECIDE = {RecordEmptyArea: _emptied, RecordAreaReached: _reached, AcknowledgeArea: _acknowledged}


def _raise(draft: Draft, event: AreaEmptied) -> None:
    draft.empty_areas.put(event.area, EmptyArea(event.area, event.share, event.since, event.backfill))


def _over(draft: Draft, event: AreaReached) -> None:
    draft.empty_areas.discard(event.area)


def _seen(draft: Draft, event: AreaAcknowledged) -> None:
    draft.empty_areas.put(event.area, replace(draft.empty_areas[event.area], acknowledged_by=event.by))


EVOLVE = {AreaEmptied: _raise, AreaReached: _over, AreaAcknowledged: _seen}
