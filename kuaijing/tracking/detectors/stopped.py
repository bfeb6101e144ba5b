"""Stopped too long: within a few metres of one place for longer than what the unit is doing allows.

A red light or a queue passes; a breakdown, a wrong gate or a crew that has not seen its order does not. Silence is not a stop: time
between two reports too far apart is not counted, and lost contact is another finding.
"""

from dataclasses import dataclass

from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.steps import metres_apart
from kuaijing.tracking.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a unit came to stand."""

    duty: str
    """What it is doing; another duty is another stop."""
    lon: float
    lat: float
    since: Instant
    last: Instant
    told: bool = False


@dataclass(frozen=True, slots=True)
class StopFinding:
    """Has stood too long (``stopped``), or has moved on after that was said."""

    stopped: bool
    since: Instant
    lon: float
    lat: float


def next_stop(
    known: Stop | None, fix: Fix, duty: str, limit_s: float | None, thresholds: Thresholds
) -> tuple[Stop, StopFinding | None]:
    """After the unit's next fix. ``limit_s``: how long it may stand there doing that; ``None`` as long as it likes."""
    at = fix.measured_at
    if known is not None and at <= known.last:
        return known, None
    afresh = Stop(duty, fix.lon, fix.lat, at, at)
    if known is None:
        return afresh, None
    moved = metres_apart(known.lon, known.lat, fix.lon, fix.lat) > thresholds.stopped_m
    if moved or known.duty != duty or (limit_s is None and known.told):
        return afresh, StopFinding(False, at, fix.lon, fix.lat) if known.told else None
    silent = seconds_between(known.last, at) > thresholds.silence_s
    since = at if silent and not known.told else known.since
    due = limit_s is not None and not known.told and seconds_between(since, at) >= limit_s
    stop = Stop(duty, known.lon, known.lat, since, at, known.told or due)
    return stop, StopFinding(True, since, known.lon, known.lat) if due else None
