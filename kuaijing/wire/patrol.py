"""Patrol points of the plan in force with the visits that positions proved today, as they are shown."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from kuaijing.domain.patrol import PointVisits, Visit
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.wire.pictures import IntervalView, PatrolTodayView
from kuaijing.wire.today import day_bounds, local_day


class VisitView(msgspec.Struct, frozen=True):
    """One visit."""

    unit: str
    came: IntervalView
    left: IntervalView
    dwell_s: float


class PatrolPointView(msgspec.Struct, frozen=True):
    """One patrol point today."""

    id: str
    name: str
    name_en: str
    beat: str
    lon: float
    lat: float
    hours: str
    """Empty: at all hours."""
    dwell_s: float
    asked: int
    """Visits a day that the plan asks for."""
    visits: list[VisitView]
    """Today's, oldest first."""
    last_at: datetime | None


def patrol_today(
    visited: Mapping[str, PointVisits], plan: PlanDocument | None, now: Instant, zone: ZoneInfo
) -> PatrolTodayView | None:
    """The counts for the header."""
    points = [] if plan is None else [point for point in plan.patrol_points if point.visits > 0]
    if not points:
        return None
    begins, ends = day_bounds(local_day(now, zone), zone)
    counts = [len(_between(visited.get(point.id), begins, ends)) for point in points]
    complete = sum(count >= point.visits for count, point in zip(counts, points, strict=True))
    return PatrolTodayView(len(points), complete, sum(counts))


def patrol_points(
    visited: Mapping[str, PointVisits], plan: PlanDocument | None, now: Instant, zone: ZoneInfo
) -> list[PatrolPointView]:
    """Every point of the plan with today's visits."""
    begins, ends = day_bounds(local_day(now, zone), zone)
    views = []
    for point in () if plan is None else plan.patrol_points:
        todays = _between(visited.get(point.id), begins, ends)
        views.append(
            PatrolPointView(
                id=point.id,
                name=point.name,
                name_en=point.name_en,
                beat=point.beat,
                lon=point.point.lon,
                lat=point.point.lat,
                hours="" if point.hours is None else str(point.hours),
                dwell_s=point.dwell_s,
                asked=point.visits,
                visits=[_visit_view(each) for each in todays],
                last_at=to_datetime(todays[-1].left.latest) if todays else None,
            )
        )
    return views


def _between(visited: PointVisits | None, begins: Instant, ends: Instant) -> list[Visit]:
    return [] if visited is None else [each for each in visited.visits if begins <= each.came.latest < ends]


def _visit_view(visit: Visit) -> VisitView:
    came = IntervalView(to_datetime(visit.came.earliest), to_datetime(visit.came.latest))
    left = IntervalView(to_datetime(visit.left.earliest), to_datetime(visit.left.latest))
    return VisitView(visit.unit, came, left, round(visit.dwell_s, 1))
