"""When a unit arrived, by its positions: within 50 m along the road of the place it was ordered to.

Rules, in this order; the first that holds counts.

- A drone, and any unit where no street is within 500 m of the place: within 50 m in a straight line.
- A vehicle on a road: 50 m or less to *drive* to the place's point on its street. Beneath a bridge, on the other carriageway of a
  divided road or just past a one-way's end it is as far as the way there.
- A unit at rest, and one on foot: 50 m or less along streets in any direction; whoever has stopped can walk against a one-way,
  but not through a fence: the other carriageway counts by way of its opening.
- A unit at rest or slow (under 2 m/s, or not out of its position's error for as long as 2 m/s would have taken) is as near as the
  nearest of all streets within its position's error: 15 m or the stated accuracy, at most 30 m. Beside an elevated or a parallel
  road nobody can tell by position alone on which of the two it stands; a moving one is held to the road that it drives on.
- A place more than 25 m off the roads: within 50 m in a straight line of the place itself for a unit that stands or has left the
  road; else its point on the road counts as above.
- A unit that was before the place at one fix and behind it at the next, with the place on the shortest way between, has been there.

Not before the order: a unit that stood there when it was ordered arrived at the order, once a later fix confirms it. The instant
is kept as an interval: no earlier than it could have come at its class's top speed since the fix before, no later than it must
have passed the mark to be where the next fix saw it. The interval is in server time.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Final

from kuaijing.domain.words import UnitClass
from kuaijing.measures.instants import Instant, after, seconds_between
from kuaijing.measures.points import Point
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.road_field import RoadField
from kuaijing.tracking.steps import metres_apart
from kuaijing.tracking.thresholds import Thresholds

OFF_ROAD_M: Final = 25.0
_PASSING_S: Final = 120.0
_PASSING_SLACK_M: Final = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Where an assignment sends its unit."""

    point: Point
    off_road_m: float | None
    """``None``: no street near."""
    field: RoadField | None
    unit_class: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A measured arrival, server time."""

    assignment: str
    earliest: Instant
    latest: Instant


@dataclass(slots=True)
class Watch:
    """One assignment whose unit has not arrived yet."""

    assignment: str
    unit: str
    target: Target
    ordered_at: Instant
    before: Fix | None
    """The unit's newest fix when the watch began; then the one before."""
    thresholds: Thresholds
    _before_m: float = field(init=False, default=math.inf)
    _since: Fix | None = field(init=False, default=None)
    """The fix since which the unit has not left its position's error."""
    _outside: Fix | None = field(init=False, default=None)
    """The newest fix that was certainly not there yet."""

    def __post_init__(self) -> None:
        if self.before is not None:
            self._before_m = self._metres(self.before)[0]

    def take(self, fix: Fix) -> Arrival | None:
        """The unit's next fix: has it arrived?"""
        before, before_m, outside = self.before, self._before_m, self._outside
        metres, by_error = self._metres(fix)
        self.before, self._before_m = fix, metres
        if fix.measured_at < self.ordered_at:
            return None
        if metres <= self.thresholds.arrival_m:
            arrival = self._arrived(before, before_m, fix, self.thresholds.arrival_m - metres)
            return replace(arrival, earliest=min(arrival.earliest, self._not_before(outside))) if by_error else arrival
        passed_m = self._passed(before, before_m, fix)
        return None if passed_m is None else self._arrived(before, before_m, fix, self.thresholds.arrival_m + passed_m)

    def _arrived(self, before: Fix | None, before_m: float, fix: Fix, beyond_m: float) -> Arrival:
        """``beyond_m``: how far past the mark the fix is."""
        top = self.thresholds.top_speed_mps.get(self.target.unit_class, 60.0)
        latest = after(fix.measured_at, -beyond_m / top)
        earliest = self.ordered_at
        if before is not None and before_m <= self.thresholds.arrival_m:
            latest = self.ordered_at if before.measured_at <= self.ordered_at else latest
        elif before is not None:
            to_go = before_m if math.isfinite(before_m) else _straight_m(self.target, before)
            earliest = after(before.measured_at, max(0.0, to_go - self.thresholds.arrival_m) / top)
        earliest = max(self.ordered_at, min(earliest, fix.measured_at))
        return Arrival(self.assignment, earliest, min(fix.measured_at, max(earliest, latest)))

    def _metres(self, fix: Fix) -> tuple[float, bool]:
        """Metres to the place, and whether they hold only by a street that the fix was not put on."""
        own = road_metres(self.target, fix, self.thresholds)
        error_m, straight = error_of(fix, self.thresholds), _straight_m(self.target, fix)
        off_road_m = self.target.off_road_m or 0.0
        if straight > self.thresholds.arrival_m + error_m + off_road_m:
            self._outside = fix
        since = self._since
        if since is None or metres_apart(since.lon, since.lat, fix.lon, fix.lat) > error_m:
            since = self._since = fix
        stood = seconds_between(since.measured_at, fix.measured_at) >= error_m / self.thresholds.slow_mps
        slow = fix.at_rest or stood or (fix.speed_mps is not None and fix.speed_mps < self.thresholds.slow_mps)
        if not slow or self.target.field is None or self.target.unit_class == UnitClass.DRONE:
            return own, False
        near = self.target.field.near_m(fix.lon, fix.lat, error_m, self.thresholds.arrival_m)
        return min(own, near), near < own

    def _not_before(self, outside: Fix | None) -> Instant:
        """The earliest moment at which it can have been there, by straight line from where it certainly was not."""
        if outside is None or outside.measured_at < self.ordered_at:
            return self.ordered_at
        reach = self.thresholds.arrival_m + error_of(outside, self.thresholds) + (self.target.off_road_m or 0.0)
        top = self.thresholds.top_speed_mps.get(self.target.unit_class, 60.0)
        return after(outside.measured_at, (_straight_m(self.target, outside) - reach) / top)

    def _passed(self, before: Fix | None, before_m: float, fix: Fix) -> float | None:
        """Metres that the unit is behind the place, where it came by it since the fix before."""
        roads = self.target.field
        if before is None or roads is None or before.arc < 0 or fix.arc < 0 or not math.isfinite(before_m):
            return None
        seconds = seconds_between(before.measured_at, fix.measured_at)
        if before.measured_at < self.ordered_at or seconds > _PASSING_S or before.off_road_m > OFF_ROAD_M:
            return None
        to_go, behind = roads.drive_m(before.arc, before.fraction), roads.past_m(fix.arc, fix.fraction)
        top = self.thresholds.top_speed_mps.get(self.target.unit_class, 60.0)
        if to_go + behind > top * seconds + _PASSING_SLACK_M:
            return None
        shortest = roads.between_m((before.arc, before.fraction), (fix.arc, fix.fraction))
        return behind if shortest >= to_go + behind - _PASSING_SLACK_M else None


def road_metres(target: Target, fix: Fix, thresholds: Thresholds) -> float:
    """How far a fix is from the place by the rules above; infinite where it is beyond the field."""
    straight = _straight_m(target, fix)
    roads = target.field
    if roads is None or target.off_road_m is None or target.unit_class == UnitClass.DRONE:
        return straight
    left_the_road = fix.arc < 0 or fix.off_road_m > OFF_ROAD_M
    if target.off_road_m > OFF_ROAD_M and (fix.at_rest or left_the_road) and straight <= thresholds.walked_in_m:
        return straight
    if fix.arc < 0 or straight > thresholds.field_m + target.off_road_m + fix.off_road_m:
        return math.inf
    metres = roads.drive_m(fix.arc, fix.fraction)
    if fix.at_rest or target.unit_class == UnitClass.FOOT:
        metres = min(metres, roads.walk_m(fix.arc, fix.fraction))
    return metres


def error_of(fix: Fix, thresholds: Thresholds) -> float:
    """How far a fix may be off, metres, as far as arrivals go."""
    return min(thresholds.error_most_m, max(thresholds.error_m, fix.accuracy_m or 0.0))


def _straight_m(target: Target, fix: Fix) -> float:
    return metres_apart(fix.lon, fix.lat, target.point.lon, target.point.lat)
