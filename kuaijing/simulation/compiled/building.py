"""Scenarios from a city, plan documents and expected calls.

``build`` makes all plans that are to be compared at once: they share places, matrices and demand points, so that a call is the same call
in each. Where the approximations lie: a call lies at its demand point (cells of 250 m; the strongest of them, the others' calls go to the
nearest of those), units on their way are interpolated between places (``driving``), duty and standards change on the hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.demand import DemandRates
from kuaijing.domain.plan_document import PlanDocument, PlannedClosure
from kuaijing.engine.advice import AdviceModel
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.routing import Network
from kuaijing.simulation.compiled.anchors import Places, drives_between, spread_junctions
from kuaijing.simulation.compiled.calls import CallModel
from kuaijing.simulation.compiled.closed_ways import closures_of, weights_with
from kuaijing.simulation.compiled.errors import MalformedScenario, NoCalls
from kuaijing.simulation.compiled.planned import force_of, home_of, responses_of, tiers_of, units_of
from kuaijing.simulation.compiled.scenario import DEFAULT_RULES, Scenario, from_of
from kuaijing.simulation.compiled.tables import FAR, HOME, PATROL, WEEK_HOURS, Moves, Roads, Rules, Standards

MOST_POINTS = 1200
"""Demand points; beyond this the weakest cells are joined to their nearest."""
MOST_FURTHER = 300
"""Junctions added so that no drive passes far from a place."""
_HANDLING_S, _HANDLING_SD_S = 850.0, 560.0
"""Where no history tells: log-normal, median 700 s."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Past calls, a row each: moments in microseconds UTC, WGS-84 degrees, kinds by code, seconds on scene (NaN where unknown)."""

    called_at: Ints
    lon: Floats
    lat: Floats
    kind: NDArray[np.str_]
    on_scene_s: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """Scenarios and what their calls are like, one each per plan; ``points`` are the demand points' rows."""

    scenarios: tuple[Scenario, ...]
    models: tuple[CallModel, ...]
    places: Places
    points: int
    kinds: tuple[str, ...]
    """Codes of the first plan's kinds: rows of ``CallModel.kind_*``."""


def build(
    network: Network,
    plans: Sequence[PlanDocument],
    demand: DemandRates,
    *,
    history: History | None = None,
    model: AdviceModel | None = None,
    rules: Rules = DEFAULT_RULES,
    hour_factor: Floats | None = None,
    duty: Sequence[NDArray[np.bool_] | None] | None = None,
    calls_per_day: float | None = None,
    most_points: int = MOST_POINTS,
    most_further: int = MOST_FURTHER,
    more_places: Floats | None = None,
    closures_at: Instant | None = None,
) -> Built:
    """Scenarios of ``plans`` on one city.

    Parameters
    ----------
    network, demand
        The city's roads and expected calls. ``demand`` of basis ``street_length`` has no level: give ``calls_per_day``.
    plans
        One or more; compared ones first and second.
    history
        Past calls, from which kinds and handling times are taken.
    hour_factor
        (168,): drives take so many times as long in each hour of the week; by default 1. Rounded to 0.05.
    duty
        Per plan, bool (units on duty by identifier, 168); by default always.
    calls_per_day
        Scales the demand to this mean.
    more_places
        (n, 2) degrees: places that calls are known to come from, to be places of their own.
    closures_at
        The plans' closures that hold at this instant are laid on the roads; by default those that hold always.

    Raises
    ------
    MalformedScenario, NoCalls
        What makes no sense, named.
    """
    if not plans:
        raise MalformedScenario("there is no plan to simulate; give one at least")
    used = AdviceModel() if model is None else model
    forces = [units_of(plan) for plan in plans]
    classes = sorted({unit.unit_class for units in forces for unit in units})
    lon, lat, expected = _points(network, demand, most_points)
    if calls_per_day is not None:
        if not 0 < calls_per_day < np.inf:
            raise NoCalls(f"calls_per_day must be above 0 and finite, got {calls_per_day}")
        expected = expected * (calls_per_day / 24 / expected.sum(axis=1).mean())
    elif demand.basis != "history":
        raise NoCalls("the demand stands on street length and has no level; give calls_per_day")
    places = _places(network, plans, lon, lat, most_further, more_places)
    roads_of: dict[tuple[PlannedClosure, ...], Roads] = {}
    scenarios, models = [], []
    for row, plan in enumerate(plans):
        closed = closures_of(plan, closures_at)
        if closed not in roads_of:  # plans with the same closures share their roads
            drives, walk = drives_between(network, places, classes, weights=weights_with(network, closed, classes))
            roads_of[closed] = _roads(drives, walk, hour_factor)
        roads = roads_of[closed]
        survey = Survey(network.ground, network, plan)
        limit_set, limit_ms, tier = tiers_of(survey, places)
        standards = Standards(expected, limit_set, limit_ms, tier)
        force = force_of(plan, forces[row], classes, places, used, None if duty is None else duty[row])
        patrols = len(force.patrol_place) > 0
        scenarios.append(
            Scenario(
                roads=roads,
                force=force,
                responses=responses_of(plan, forces[row]),
                standards=standards,
                moves=_moves(
                    plan, places, roads, standards, [used.reaction_of(each).median_s for each in classes], force
                ),
                rules=rules._replace(between=PATROL if patrols and rules.between == HOME else rules.between),
                name=plan.name,
                unit_names=tuple(unit.unit for unit in forces[row]),
                tier_names=tuple(each.name for each in survey.tiers),
                lon=places.lon,
                lat=places.lat,
            )
        )
        models.append(_call_model(plan, expected, (limit_set, limit_ms, tier), history, used))
    return Built(tuple(scenarios), tuple(models), places, len(lon), tuple(kind.code for kind in plans[0].kinds))


def _points(network: Network, demand: DemandRates, most: int) -> tuple[Floats, Floats, Floats]:
    """Demand points (lon, lat of a junction each) and calls per hour (168, points)."""
    rate = demand.rate.astype(np.float64)
    if not rate.sum() > 0:
        raise NoCalls("the demand expects no call anywhere; import a history or give other rates")
    lon, lat = demand.grid.centres(demand.cells)
    strongest = np.argsort(-rate.sum(axis=1), kind="stable")[: max(1, most)]
    kept = Places(lon[strongest], lat[strongest])
    on_road = np.array(
        [(snap := network.snap(float(x), float(y), "car")) is not None and snap.off_road_m < 400.0
         for x, y in zip(kept.lon, kept.lat, strict=True)]
    )  # fmt: skip
    if not on_road.any():
        raise NoCalls("no cell with demand lies near a road; is the demand another city's?")
    kept = Places(kept.lon[on_road], kept.lat[on_road])
    spots = [network.snap(float(x), float(y), "car") for x, y in zip(kept.lon, kept.lat, strict=True)]
    kept = Places(np.array([s.lon for s in spots if s is not None]), np.array([s.lat for s in spots if s is not None]))
    expected = np.zeros((WEEK_HOURS, len(kept)))
    np.add.at(expected.T, kept.nearest(lon, lat), rate)
    return kept.lon, kept.lat, expected


def _places(
    network: Network, plans: Sequence[PlanDocument], lon: Floats, lat: Floats, most_further: int, known: Floats | None
) -> Places:
    more: list[tuple[float, float]] = [] if known is None else [(float(x), float(y)) for x, y in known]
    for plan in plans:
        more += [(p.lon, p.lat) for p in (home_of(plan, unit) for unit in units_of(plan))]
        more += [(platform.point.lon, platform.point.lat) for platform in plan.platforms]
        more += [(spot.point.lon, spot.point.lat) for spot in plan.patrol_points]
    own = np.array(sorted(set(more)), np.float64).reshape(-1, 2)
    lon, lat = np.concatenate([lon, own[:, 0]]), np.concatenate([lat, own[:, 1]])
    further = spread_junctions(network, lon, lat, most_further)
    return Places(np.concatenate([lon, further[0]]), np.concatenate([lat, further[1]]))


def _roads(drives: NDArray[np.int32], walk: Ints, hour_factor: Floats | None) -> Roads:
    factors = np.ones(WEEK_HOURS) if hour_factor is None else np.asarray(hour_factor, np.float64)
    if factors.shape != (WEEK_HOURS,) or not (np.isfinite(factors).all() and (factors > 0).all()):
        raise MalformedScenario(f"hour_factor is {factors.shape}, wanted ({WEEK_HOURS},) of factors above 0")
    levels, period = np.unique(np.maximum(0.05, np.round(factors * 20) / 20), return_inverse=True)
    to_ms = np.stack([np.where(drives >= FAR, FAR, np.rint(drives * level)).astype(np.int32) for level in levels])
    return Roads(to_ms, from_of(to_ms), period.ravel().astype(np.int64), walk, np.ones(10))


def _moves(
    plan: PlanDocument, places: Places, roads: Roads, standards: Standards, reaction_s: list[float], force: object
) -> Moves:
    spots = np.array([(p.point.lon, p.point.lat) for p in plan.platforms], np.float64).reshape(-1, 2)
    posts = np.unique(places.nearest(spots[:, 0], spots[:, 1])) if len(spots) else np.zeros(0, np.int64)
    points = standards.expected.shape[1]
    units = len(force.unit_class)  # type: ignore[attr-defined]
    delay = np.rint(np.array(reaction_s) * 1000).astype(np.int64)
    period = int(np.bincount(roads.period_of_hour).argmax())
    drive = roads.from_ms[period][:, posts, :points].astype(np.int64).transpose(1, 0, 2)
    reach = drive[None] + delay[None, None, :, None] <= standards.limit_ms[:, None, None, :points]
    return Moves(posts, np.ascontiguousarray(reach), np.zeros((units + 1, len(posts)), np.int64), np.zeros(8))


def _call_model(
    plan: PlanDocument, expected: Floats, tiers: tuple[Ints, Ints, Ints], history: History | None, model: AdviceModel
) -> CallModel:
    rows = {response.id: row for row, response in enumerate(plan.response_plans)}
    kinds = [kind for kind in plan.kinds if kind.plan in rows]
    if not kinds:
        raise MalformedScenario(f"plan {plan.name!r} has no kind of incident with a response plan")
    share = np.full(len(kinds), 1.0 / len(kinds))
    mean, spread = np.full(len(kinds), _HANDLING_S), np.full(len(kinds), _HANDLING_SD_S)
    if history is not None and len(history.kind):
        counts = np.array([(history.kind == kind.code).sum() for kind in kinds], np.float64)
        if counts.sum() > 0:
            share = counts / counts.sum()
        for row, kind in enumerate(kinds):
            known = history.on_scene_s[(history.kind == kind.code) & np.isfinite(history.on_scene_s)]
            if len(known) >= 20:
                mean[row], spread[row] = float(known.mean()), float(known.std())
    reaction = model.reaction_of("car")
    return CallModel(
        expected=expected,
        kind_share=share,
        kind_grade=np.array([kind.grade for kind in kinds], np.int64),
        kind_plan=np.array([rows[kind.plan] for kind in kinds], np.int64),
        handling_s=mean,
        handling_sd_s=spread,
        limit_set=tiers[0],
        limit_ms=tiers[1],
        tier=tiers[2],
        set_off_s=reaction.median_s,
        set_off_sd_s=reaction.spread_s,
    )
