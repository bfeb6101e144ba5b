"""Instants: whole microseconds since 1970-01-01T00:00:00Z, the only form of time in the core.

Whose clock an instant is from is said by its name: ``measured_at`` (the device's), ``received_at`` (ours), ``recorded_at``
(the log's). City-local time is a matter of screens and of reports, and needs a zone given by the caller.
"""

from datetime import UTC, datetime, timedelta
from typing import NewType

Instant = NewType("Instant", int)
"""Microseconds since the Unix epoch, UTC."""

SECOND = 1_000_000
"""Microseconds in one second."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_datetime(moment: datetime) -> Instant:
    """Instant of an aware ``datetime``; a naive one is a ``ValueError``, since its zone would be a guess."""
    if moment.tzinfo is None:
        raise ValueError(f"time {moment.isoformat()} has no zone; give it one, for example {moment.isoformat()}+08:00")
    return Instant((moment - _EPOCH) // timedelta(microseconds=1))


def to_datetime(instant: Instant) -> datetime:
    """Aware UTC ``datetime`` of an instant."""
    return _EPOCH + timedelta(microseconds=instant)


def after(instant: Instant, seconds: float) -> Instant:
    """The instant ``seconds`` later (earlier where negative)."""
    return Instant(instant + round(seconds * SECOND))


def seconds_between(start: Instant, end: Instant) -> float:
    """Seconds from ``start`` to ``end``; negative where ``end`` is earlier."""
    return (end - start) / SECOND
