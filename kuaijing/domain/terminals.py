"""What was asked of a unit's terminals: a text to show, live video to start or stop; and what they answered. Facts of the log alone.

Who looks through a camera that officers carry must be answerable, so video needs a reason; a text is kept as it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain.commands import Context, RecordTerminalAsked
from kuaijing.domain.errors import ValueUnknown
from kuaijing.domain.lookups import reason_given
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

ASKED = ("text", "video_start", "video_stop")


@dataclass(frozen=True, slots=True)
class TerminalAsked:
    """A text was sent, or video asked for; who asked stands with the entry."""

    unit: str
    what: str
    text: str
    """The words, or which channel."""
    device: str
    """The terminal that answered, or the last that was asked."""
    result: str
    """``accepted``, ``refused``, ``unsupported`` or ``no_answer``."""
    at: Instant


def _record(state: State, command: RecordTerminalAsked, context: Context) -> tuple[TerminalAsked, ...]:
    state.unit(command.unit)
    if command.what not in ASKED:
        raise ValueUnknown("what", command.what, ASKED)
    if command.what != "text":
        reason_given(context, "live video")
    answered = (command.device, command.result, context.received_at)
    return (TerminalAsked(command.unit, command.what, command.text, *answered),)


DECIDE = {RecordTerminalAsked: _record}


def _nothing(draft: Draft, event: TerminalAsked) -> None:
    """It stands in the log; the street is as it was."""


EVOLVE = {TerminalAsked: _nothing}
