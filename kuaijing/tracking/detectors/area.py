"""Which area a unit is in (a beat; none of them: outside the city), steady along borders.

A unit keeps its area until it has been clearly outside it, by more than the edge, for long enough; then it is in the one that holds
its newest fix. Along a border road, or across a corner of the neighbour's ground, nothing changes. Knows no shapes: the caller says
which area holds each fix and how far it is from the one that the unit is held to be in.
"""

from dataclasses import dataclass, replace

from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.tracking.detectors.stay import Span
from kuaijing.tracking.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class InArea:
    """Where a unit is held to be."""

    area: str | None
    """``None``: outside all areas."""
    last: Instant
    """The newest fix that did not say otherwise."""
    away: Instant | None = None
    """The first of the fixes that do."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """The unit is in another area; ``was`` is ``None`` outside, ``first`` where it was seen for the first time."""

    area: str | None
    was: str | None
    when: Span
    first: bool = False


def next_area(
    known: InArea | None, at: Instant, area: str | None, away_m: float, thresholds: Thresholds
) -> tuple[InArea, Crossed | None]:
    """After a fix at ``at`` in ``area``, ``away_m`` from the edge of the known area (0 within it).

    From outside the city ``away_m`` is how deep within the city the fix lies.
    """
    if known is None:
        return InArea(area, at), Crossed(area, None, Span(at, at), first=True)
    if at <= known.last:
        return known, None
    if area == known.area or away_m <= thresholds.beat_edge_m:
        return InArea(known.area, at), None
    away = at if known.away is None else known.away
    if seconds_between(away, at) < thresholds.beat_after_s:
        return replace(known, away=away), None
    return InArea(area, at), Crossed(area, known.area, Span(known.last, away))
