"""Positions that were past keeping are gone: a fact of the log, so that whoever misses them later knows when and why.

The history drops whole days by itself, by configuration; nobody deletes a position by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain.commands import Context, RecordTracesDropped
from kuaijing.domain.errors import Invalid
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class TracesDropped:
    """Positions measured before that instant are no longer kept."""

    before: Instant
    segments: int
    fixes: int
    at: Instant


def _record(state: State, command: RecordTracesDropped, context: Context) -> tuple[TracesDropped, ...]:
    if command.segments < 1 or command.fixes < 0:
        counts = f"{command.segments} segments, {command.fixes} fixes"
        raise Invalid("segments", counts, "nothing was dropped", "record only what happened")
    return (TracesDropped(command.before, command.segments, command.fixes, context.received_at),)


DECIDE = {RecordTracesDropped: _record}


def _nothing(draft: Draft, event: TracesDropped) -> None:
    """It stands in the log; the street is as it was."""


EVOLVE = {TracesDropped: _nothing}
