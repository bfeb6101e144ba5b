"""Looks at movement traces: who looked at where units had been, of which time, and why. A fact of the log that changes nothing.

Movement traces are sensitive personal data: a look at them needs a reason, and the look itself is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain.commands import Context, RecordLook
from kuaijing.domain.errors import Invalid
from kuaijing.domain.lookups import reason_given
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class TracesLookedAt:
    """Somebody looked at past positions; who it was stands with the entry."""

    what: str
    """``replay``, ``track`` ..."""
    subject: str
    """The incident or unit that it was about; empty for all."""
    from_at: Instant
    until: Instant
    reason: str
    at: Instant


def _record(state: State, command: RecordLook, context: Context) -> tuple[TracesLookedAt, ...]:
    if command.from_at >= command.until:
        raise Invalid(
            "from, to", f"{command.from_at}, {command.until}", "ends before it begins", "give the earlier first"
        )
    reason = reason_given(context, "RecordLook")
    at = context.received_at
    return (TracesLookedAt(command.what, command.subject, command.from_at, command.until, reason, at),)


DECIDE = {RecordLook: _record}


def _nothing(draft: Draft, event: TracesLookedAt) -> None:
    """It stands in the log; the street is as it was."""


EVOLVE = {TracesLookedAt: _nothing}
