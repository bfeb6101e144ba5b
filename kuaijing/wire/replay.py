"""Messages of the replay: opening one, playing it, its marks, and what was advised.

The picture at a moment is a ``StateView`` and the steps between are ``Changes``, as the live room has them, so that the screen applies
both with the code that it has. ``version`` counts on from whatever the client holds.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from kuaijing.wire.advice import AdviceView
from kuaijing.wire.live import Changes
from kuaijing.wire.requests import Body, Identifier, Reason, Version, Zoned


class OpenReplayBody(Body, kw_only=True, rename={"from_at": "from", "until": "to"}):
    """``POST /api/replay``: a period, an incident (with a little around it), or a unit (its last twelve hours unless a period is given)."""

    reason: Reason
    """Why; it stands in the log with who looked."""
    from_at: Zoned | None = None
    until: Zoned | None = None
    incident: Identifier | None = None
    unit: Identifier | None = None


class MomentQuery(Body, kw_only=True):
    """``GET /api/replay/{replay}/state`` and ``/areas``: the moment."""

    at: Zoned


class PlayQuery(Body, kw_only=True, rename={"from_at": "from", "until": "to"}):
    """``GET /api/replay/{replay}/changes``: the stretch after ``from``, in steps of ``step_s``; ``version`` is what the client holds."""

    from_at: Zoned
    until: Zoned
    step_s: Annotated[float, msgspec.Meta(ge=0.2, le=60)] = 1.0
    version: Version = 0


class AdvisedQuery(Body, kw_only=True):
    """``GET /api/replay/{replay}/advice``: orders of an incident up to the moment."""

    incident: Identifier
    at: Zoned


class ReplayView(msgspec.Struct, frozen=True):
    """A replay that stands open for whoever opened it."""

    id: str
    from_at: datetime
    until: datetime
    """Never later than the moment of opening."""
    incident: str | None
    unit: str | None
    positions: bool
    """Whether positions were kept of that time."""


class MarkView(msgspec.Struct, frozen=True, array_like=True):
    """One tick of the slider: ``[at_ms, kind, incident, unit|null]``."""

    at_ms: int
    """Milliseconds since 1970, rounded up: a picture of that moment has it in it."""
    kind: str
    """``opened``, ``ordered``, ``arrived``, ``breach``, ``escalated``, ``sos``."""
    incident: str
    unit: str | None


class MarksView(msgspec.Struct, frozen=True):
    """The marks of the period; ``complete`` once it is wound to its end, ask again until then."""

    complete: bool
    marks: list[MarkView]


class ReplayFrame(msgspec.Struct, frozen=True):
    """What a live room would have been sent at ``at``."""

    at: datetime
    changes: Changes | None
    fixes: list[tuple[str, float, float, float | None, float | None, int, int]]
    """As in ``PositionsFrame``: newest a unit since the frame before."""


class ReplayChunk(msgspec.Struct, frozen=True):
    """A stretch to play. ``until`` is where it ends: the period's end where more was asked for."""

    from_at: datetime
    until: datetime
    version: int
    """After the last frame."""
    frames: list[ReplayFrame]


class ShiftPeriod(msgspec.Struct, frozen=True):
    """A shift that can be replayed: from one handover to the next, newest first."""

    commander: str
    from_at: datetime
    until: datetime | None
    """``None``: it runs."""


class OrderedUnitView(msgspec.Struct, frozen=True):
    """A unit that an order named."""

    unit: str
    call_sign: str
    role: str
    mode: str
    assignment: str
    place: int | None
    """Its place in the order that was proposed, from 1; ``None`` where it was not proposed."""


class AdvisedOrder(msgspec.Struct, frozen=True):
    """One order beside the advice that stood on the dispatcher's screen."""

    at: datetime
    seq: int
    actor: str
    units: list[OrderedUnitView]
    digest: str | None
    """``None``: ordered without advice on screen."""
    advice: AdviceView | None
    """``None`` also where the advice is no longer kept."""
