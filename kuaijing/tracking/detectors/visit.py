"""Visit of a patrol point: near it for as long as the plan asks, within the point's hours.

The finding comes when the unit has gone, when the hours end, or when the visit has gone on for as long as visits are counted; a
unit that stays on makes no second visit. Dwell is what positions prove, so sparse positions prove less, never more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.tracking.detectors.stay import Bounds, Ended, Span, Stay, next_stay
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.steps import metres_apart
from kuaijing.tracking.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Spot:
    """A patrol point: ``open_at`` tells whether its hours hold at an instant."""

    id: str
    point: Point
    dwell_s: float
    open_at: Callable[[Instant], bool]


@dataclass(frozen=True, slots=True)
class AtSpot:
    """A unit near a patrol point; ``told`` once its visit was recorded."""

    spot: Spot
    stay: Stay
    told: bool = False


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit that counts."""

    spot: str
    came: Span
    left: Span
    dwell_s: float


def next_visits(
    known: Mapping[str, AtSpot], before: Instant | None, fix: Fix, near: Iterable[Spot], thresholds: Thresholds
) -> tuple[dict[str, AtSpot], list[Visited]]:
    """After the unit's next fix. ``known`` by spot; ``near``: spots that may be within the radius, whatever else is left out."""
    bounds = Bounds(thresholds.visit_m, thresholds.visit_m, thresholds.visit_left_after_s, thresholds.silence_s)
    at, found = fix.measured_at, list[Visited]()
    after: dict[str, AtSpot] = {}
    for here in known.values():
        spot = here.spot
        if at <= here.stay.last:
            after[spot.id] = here
            continue
        if not spot.open_at(at):  # its hours are over: what was proved until then counts
            found += _counted(here, Ended(here.stay.came, Span(here.stay.last, at), here.stay.dwell_s))
            continue
        metres = metres_apart(fix.lon, fix.lat, spot.point.lon, spot.point.lat)
        stay, ended = next_stay(here.stay, before, at, metres, bounds)
        if stay is None:
            found += [] if ended is None else _counted(here, ended)
        elif not here.told and stay.dwell_s >= thresholds.visit_longest_s:
            found += _counted(here, Ended(stay.came, Span(stay.last, stay.last), stay.dwell_s))
            after[spot.id] = replace(here, stay=stay, told=True)
        else:
            after[spot.id] = replace(here, stay=stay)
    for spot in near:
        if spot.id in known or not spot.open_at(at):
            continue
        stay, _ = next_stay(None, before, at, metres_apart(fix.lon, fix.lat, spot.point.lon, spot.point.lat), bounds)
        if stay is not None:
            after[spot.id] = AtSpot(spot, stay)
    return after, found


def _counted(here: AtSpot, ended: Ended) -> list[Visited]:
    if here.told or ended.dwell_s < here.spot.dwell_s:
        return []
    return [Visited(here.spot.id, ended.came, ended.left, ended.dwell_s)]
