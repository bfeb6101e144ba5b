"""What a plan document says, as arrays: force, response plans, standards. Rows follow the engine's (units by identifier)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.commands import PlannedUnit
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.units import Unit
from kuaijing.domain.words import IncidentStatus, Origin, Role, UnitStatus
from kuaijing.engine.advice import AdviceModel
from kuaijing.engine.advice.advice import Purpose
from kuaijing.engine.advice.wanted import Wanted, wanted_of
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.measures.points import Point
from kuaijing.simulation.compiled.anchors import Places
from kuaijing.simulation.compiled.errors import MalformedScenario
from kuaijing.simulation.compiled.tables import WEEK_HOURS, Force, Responses

_EPOCH = Instant(0)
_MONDAY = datetime(2026, 1, 5)
"""Any Monday: standards depend on the hour alone."""


def units_of(plan: PlanDocument) -> list[PlannedUnit]:
    """The units that the plan has on duty, by identifier.

    Raises
    ------
    MalformedScenario
        There is none, or one has neither a home nor a platform.
    """
    on_duty = sorted((unit for unit in plan.force if unit.on_duty), key=lambda unit: unit.unit)
    if not on_duty:
        raise MalformedScenario(
            f"plan {plan.name!r} has no unit on duty; set on_duty to yes for some in its force list"
        )
    known = {platform.id for platform in plan.platforms}
    lost = [unit.unit for unit in on_duty if unit.home is None and unit.platform not in known]
    if lost:
        raise MalformedScenario(f"unit {lost[0]} has neither a home nor a known platform ({len(lost)} such)")
    return on_duty


def home_of(plan: PlanDocument, unit: PlannedUnit) -> Point:
    """Where a unit waits."""
    if unit.home is not None:
        return unit.home
    return next(platform.point for platform in plan.platforms if platform.id == unit.platform)


def force_of(
    plan: PlanDocument,
    units: Sequence[PlannedUnit],
    classes: Sequence[str],
    places: Places,
    model: AdviceModel,
    duty: NDArray[np.bool_] | None,
) -> Force:
    """The force; ``duty`` bool (units, 168), by default always."""
    homes = [home_of(plan, unit) for unit in units]
    home = places.nearest(np.array([p.lon for p in homes]), np.array([p.lat for p in homes]))
    start, spots, dwell = [0], [], []
    for unit in units:
        own = [point for point in plan.patrol_points if unit.beat and point.beat == unit.beat]
        if own:
            found = places.nearest(np.array([p.point.lon for p in own]), np.array([p.point.lat for p in own]))
            spots += found.tolist()
            dwell += [round(point.dwell_s * 1000) for point in own]
        start.append(len(spots))
    reaction = [round(model.reaction_of(unit.unit_class).median_s * 1000) for unit in units]
    return Force(
        unit_class=np.array([classes.index(unit.unit_class) for unit in units], np.int64),
        home=home,
        estimate_ms=np.array(reaction, np.int64),
        duty=np.ones((len(units), WEEK_HOURS), np.bool_) if duty is None else duty,
        patrol_start=np.array(start, np.int64),
        patrol_place=np.array(spots, np.int64),
        patrol_dwell_ms=np.array(dwell, np.int64),
    )


def wanted_by(plan: PlanDocument, units: Sequence[PlannedUnit]) -> list[Wanted]:
    """What each response plan wants of these units, read by the engine's own ``wanted_of``."""
    standing = tuple(
        Unit(
            each.unit, each.call_sign, each.unit_class, UnitStatus.AVAILABLE, 1, _EPOCH, each.platform, each.beat,
            each.crew_police, each.crew_auxiliary, each.leader, each.capabilities, each.home,
        )
        for each in units
    )  # fmt: skip
    place = Place(Point(0.0, 0.0), "", "rest", 300.0, None, "", 0.0, True)
    wanted = []
    for response in plan.response_plans:
        incident = Incident(
            "1", 1, IncidentStatus.OPEN, Origin.CALL_110, "", 1, "", 1, response.id, place, _EPOCH, _EPOCH
        )
        wanted.append(wanted_of(incident, response, Purpose.FIRST, [], standing))
    return wanted


def responses_of(plan: PlanDocument, units: Sequence[PlannedUnit]) -> Responses:
    """The response plans as arrays."""
    wanted = wanted_by(plan, units)
    if not wanted:
        raise MalformedScenario(f"plan {plan.name!r} has no response plan; add one to its response.yaml")
    return Responses(
        role_start=np.cumsum([0, *(len(each.roles) for each in wanted)]),
        may=np.concatenate([each.may for each in wanted]),
        weight=np.concatenate([each.weight for each in wanted]),
        lead=np.array([role in (Role.FIRST, Role.REINFORCEMENT) for each in wanted for role in each.roles], np.bool_),
        skill_start=np.cumsum([0, *(len(each.capabilities) for each in wanted)]),
        carries=np.concatenate([each.carries.T for each in wanted]),
        liked=np.array([each.preference for each in wanted]),
    )


def tiers_of(survey: Survey, places: Places) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """``limit_set`` (168,), ``limit_ms`` and ``tier`` (sets, places) of the survey's plan, hour by hour (at half past)."""
    of_hour = []
    for hour in range(24):
        at = from_datetime((_MONDAY + timedelta(hours=hour, minutes=30)).replace(tzinfo=survey.zone))
        of_hour.append(survey.tiers_of(places.lon, places.lat, at).astype(np.int64))
    tier, which = np.unique(np.array(of_hour), axis=0, return_inverse=True)
    limits = np.array([round(each.limit_s * 1000) for each in survey.tiers], np.int64)
    return np.tile(which.ravel(), 7).astype(np.int64), limits[tier], tier
