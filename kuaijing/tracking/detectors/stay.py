"""A stay near a place, as far as positions prove it: came between two fixes, left between two others, dwelt so long for certain.

The other detectors of places are made of this: a scene, a post, a patrol point. Two radii and a delay keep a unit that stands
on the border of a place from coming and going. Knows neither places nor units: the caller says how far away each fix was.
"""

from dataclasses import dataclass, replace

from kuaijing.measures.instants import Instant, seconds_between


@dataclass(frozen=True, slots=True)
class Span:
    """An instant that lies between two others."""

    earliest: Instant
    latest: Instant


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay that goes on."""

    came: Span
    last: Instant
    """The newest fix that was not outside."""
    dwell_s: float = 0.0
    """Time between fixes that were all there; longer silences are left out."""
    away: Instant | None = None
    """The first of the fixes outside, while it is not yet certain that the unit left."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A stay that is over."""

    came: Span
    left: Span
    dwell_s: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """How near is there, how far is gone, for how long; ``silence_s`` is the longest gap that counts as dwelling."""

    near_m: float
    far_m: float
    far_s: float
    silence_s: float


def next_stay(
    stay: Stay | None, before: Instant | None, at: Instant, metres: float, bounds: Bounds
) -> tuple[Stay | None, Ended | None]:
    """The stay after a fix at ``at``, ``metres`` from the place. ``before``: the unit's fix before, ``None`` where unknown."""
    if stay is None:
        if metres > bounds.near_m:
            return None, None
        return Stay(Span(at if before is None else before, at), at), None
    if metres <= bounds.far_m:
        seconds = seconds_between(stay.last, at)
        counts = stay.away is None and seconds <= bounds.silence_s
        return replace(stay, last=at, away=None, dwell_s=stay.dwell_s + (seconds if counts else 0.0)), None
    away = at if stay.away is None else stay.away
    if seconds_between(away, at) < bounds.far_s:
        return replace(stay, away=away), None
    return None, Ended(stay.came, Span(stay.last, away), stay.dwell_s)
