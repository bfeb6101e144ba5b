"""Records of the core as they are shown: field by field, instants as UTC times, nothing computed that the core does not say.

Personal words come in from the side store; where they were forgotten the call is shown masked and empty.
"""

from collections.abc import Mapping
from datetime import datetime

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.calls import Call
from kuaijing.domain.clocks import Interval
from kuaijing.domain.closures import Closure
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.presence import Presence
from kuaijing.domain.units import FORBIDS_DISPATCH, Unit
from kuaijing.domain.words import Outcome
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.measures.points import Point
from kuaijing.wire.help_kind import CODE, help_kind
from kuaijing.wire.pictures import (
    AssignmentView,
    BeatView,
    CallView,
    ClosureView,
    FixView,
    FollowUpView,
    IncidentView,
    IntervalView,
    KindView,
    PlaceView,
    PlanView,
    PlatformView,
    PointView,
    TierView,
    UnitView,
)


def incident_view(incident: Incident, assignments: Mapping[str, Assignment], plan: PlanDocument | None) -> IncidentView:
    """One incident with its assignments; who follows is as the plan in force says."""
    response = None if plan is None else plan.find_response_plan(incident.plan)
    return IncidentView(
        id=incident.id,
        version=incident.version,
        status=incident.status.value,
        origin=incident.origin.value,
        kind=incident.kind,
        grade=int(incident.grade),
        first_kind=incident.first_kind,
        first_grade=int(incident.first_grade),
        plan=incident.plan,
        place=place_view(incident.place),
        called_at=to_datetime(incident.called_at),
        opened_at=to_datetime(incident.opened_at),
        first_ordered_at=time(incident.first_ordered_at),
        arrived=interval_view(incident.arrived),
        controlled_at=time(incident.controlled_at),
        settled_at=time(incident.settled_at),
        closed_at=time(incident.closed_at),
        escalated=incident.escalated,
        outcome=None if incident.outcome is None else incident.outcome.value,
        merged_into=incident.merged_into,
        merged_from=list(incident.merged_from),
        calls=list(incident.calls),
        assignments=[assignment_view(assignments[each]) for each in incident.assignments if each in assignments],
        response_s=incident.response_s,
        citizen_s=incident.citizen_s,
        within_limit=incident.within_limit,
        followers=[] if response is None else [follower.who for follower in response.followers],
        follow_up=None if incident.follow_up is None else FollowUpView(incident.follow_up.by, incident.follow_up.text),
    )


def assignment_view(assignment: Assignment) -> AssignmentView:
    """One unit's part."""
    return AssignmentView(
        id=assignment.id,
        incident=assignment.incident,
        unit=assignment.unit,
        call_sign=assignment.call_sign,
        role=assignment.role.value,
        status=assignment.status.value,
        version=assignment.version,
        by_voice=list(assignment.by_voice),
        queued_at=time(assignment.queued_at),
        ordered_at=time(assignment.ordered_at),
        delivered_at=time(assignment.delivered_at),
        acknowledged_at=time(assignment.acknowledged_at),
        en_route_at=time(assignment.en_route_at),
        on_scene_at=time(assignment.on_scene_at),
        cleared_at=time(assignment.cleared_at),
        arrived=interval_view(assignment.arrived),
        pressed_gap_s=assignment.pressed_gap_s,
        reason=assignment.reason,
        left=interval_view(assignment.left),
        stay_s=assignment.stay_s,
    )


def call_view(call: Call, words: str | None, caller: str = "", phone: str = "") -> CallView:
    """One call; ``words`` is ``None`` where nothing personal is held (any more)."""
    return CallView(
        id=call.id,
        incident=call.incident,
        origin=call.origin.value,
        called_at=to_datetime(call.called_at),
        received_at=to_datetime(call.received_at),
        place=place_view(call.place),
        kind=call.kind,
        words=words or "",
        caller=caller,
        phone=phone,
        masked=words is None,
    )


def unit_view(
    unit: Unit, *, fix: FixView | None, stale: bool, lost_contact: bool, presence: Presence | None = None
) -> UnitView:
    """One unit; where it is and how old that is comes from tracking. Of one that is off duty nothing found before is shown."""
    seen = Presence(unit.id) if presence is None or unit.status in FORBIDS_DISPATCH else presence
    return UnitView(
        id=unit.id,
        call_sign=unit.call_sign,
        unit_class=unit.unit_class,
        status=unit.status.value,
        version=unit.version,
        since=to_datetime(unit.since),
        platform=unit.platform,
        beat=unit.beat,
        crew_police=unit.crew_police,
        crew_auxiliary=unit.crew_auxiliary,
        leader=unit.leader,
        capabilities=list(unit.capabilities),
        active=unit.active,
        queued=list(unit.queued),
        cover=point_view(unit.cover),
        home=point_view(unit.home),
        stale=stale,
        lost_contact=lost_contact,
        fix=fix,
        beat_now=seen.beat,
        outside_city=seen.outside,
        beat_since=time(seen.beat_since),
        on_post=seen.post,
        on_post_since=time(seen.post_since),
        stopped_since=time(seen.stopped_since),
        last_visit=seen.visited,
        last_visit_at=time(seen.visited_at),
    )


def closure_view(closure: Closure) -> ClosureView:
    """One zone."""
    return ClosureView(
        id=closure.id,
        name=closure.name,
        factor=closure.factor,
        shape=closure.shape,
        points=[(lon, lat) for lon, lat in closure.points],
        from_at=time(closure.from_at),
        until=time(closure.until),
    )


def place_view(place: Place) -> PlaceView:
    """A surveyed place."""
    return PlaceView(
        lon=place.point.lon,
        lat=place.point.lat,
        text=place.text,
        road=place.road,
        tier=place.tier,
        tier_limit_s=place.tier_limit_s,
        beat=place.beat,
        off_road_m=place.off_road_m,
        inside_city=place.inside_city,
    )


def plan_view(plan: PlanDocument) -> PlanView:
    """The plan in force, without shapes; officers' calls for help always have a kind."""
    kinds = [*(kind for kind in plan.kinds if kind.code != CODE), help_kind(plan)]
    return PlanView(
        name=plan.name,
        name_en=plan.name_en,
        version=plan.version,
        provisional=plan.provisional,
        tiers=[TierView(tier.id, tier.name, tier.name_en, tier.limit_s) for tier in plan.tiers],
        beats=[BeatView(beat.id, beat.name, beat.name_en, beat.platform) for beat in plan.beats],
        platforms=[
            PlatformView(each.id, each.name, each.name_en, each.beat, each.point.lon, each.point.lat)
            for each in plan.platforms
        ],
        kinds=[
            KindView(each.code, each.scheme, each.parent, each.name, each.name_en, each.letters, each.grade, each.plan)
            for each in kinds
        ],
        outcomes=[outcome.value for outcome in Outcome],
    )


def point_view(point: Point | None) -> PointView | None:
    """A point."""
    return None if point is None else PointView(point.lon, point.lat)


def interval_view(interval: Interval | None) -> IntervalView | None:
    """An uncertain instant."""
    return None if interval is None else IntervalView(to_datetime(interval.earliest), to_datetime(interval.latest))


def time(instant: Instant | None) -> datetime | None:
    """An instant that may not have come."""
    return None if instant is None else to_datetime(instant)
