"""Today's totals for the header, from the incidents of the city's own day.

The denominator of attainment is domain.md's: incidents that were ordered, without those cancelled before arrival and those that a
patrol found; what ended without a measured arrival is counted apart. One that still runs counts from its measured arrival on.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kuaijing.domain.incidents import Incident
from kuaijing.domain.words import OPEN_INCIDENT, IncidentStatus, Origin
from kuaijing.measures.instants import Instant, from_datetime, seconds_between, to_datetime
from kuaijing.wire.pictures import PatrolTodayView, ShareView, TierAttainmentView, TodayView
from kuaijing.wire.shares import share_view


def local_day(at: Instant, zone: ZoneInfo) -> date:
    """The city's calendar day at that instant."""
    return to_datetime(at).astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[Instant, Instant]:
    """Where the day begins and ends; 23 or 25 hours apart where the zone changes its clock in between."""
    begins = datetime.combine(day, time.min, zone)
    return from_datetime(begins), from_datetime(datetime.combine(day + timedelta(days=1), time.min, zone))


def today_view(
    incidents: Iterable[Incident],
    tiers: Sequence[tuple[str, float]],
    now: Instant,
    zone: ZoneInfo,
    patrol: PatrolTodayView | None = None,
) -> TodayView:
    """Totals of the day that ``now`` lies in; ``tiers`` are identifiers with their limits."""
    todays = opened_today(incidents, now, zone)
    handled = [seconds_between(each.opened_at, each.closed_at) for each in todays if each.closed_at is not None]
    return TodayView(
        incidents=len(todays),
        by_kind=dict(sorted(Counter(each.kind for each in todays).items())),
        by_origin=dict(sorted(Counter(each.origin.value for each in todays).items())),
        mean_handling_s=sum(handled) / len(handled) if handled else None,
        attainment=[_attainment(todays, tier, limit_s) for tier, limit_s in tiers],
        patrol=patrol,
    )


def opened_today(incidents: Iterable[Incident], now: Instant, zone: ZoneInfo) -> list[Incident]:
    """Incidents of the day that ``now`` lies in; one merged into another is counted with that other."""
    begins, ends = day_bounds(local_day(now, zone), zone)
    return [each for each in incidents if begins <= each.opened_at < ends and each.status != IncidentStatus.MERGED]


def _attainment(incidents: Iterable[Incident], tier: str, limit_s: float) -> TierAttainmentView:
    counted = [each for each in incidents if each.place.tier == tier and _counts(each)]
    unmeasured = sum(each.arrived is None for each in counted)
    response = [each.response_s for each in counted if each.response_s is not None]
    citizen = [each.citizen_s for each in counted if each.citizen_s is not None]
    return TierAttainmentView(
        tier, limit_s, _share(response, limit_s, unmeasured), _share(citizen, limit_s, unmeasured)
    )


def _share(seconds: list[float], limit_s: float, unmeasured: int) -> ShareView:
    return share_view(sum(each <= limit_s for each in seconds), len(seconds), unmeasured)


def _counts(incident: Incident) -> bool:
    if incident.origin == Origin.PATROL or incident.first_ordered_at is None:
        return False
    if incident.arrived is not None:
        return True
    return incident.status not in OPEN_INCIDENT and incident.status != IncidentStatus.CANCELLED
