"""A day of 500 incidents of all grades, diversion and cover in force: engine and simulator give the same orders and the same arrivals.

The ground is one on which the simulator's one approximation is exact: every junction is a place, turns cost nothing, all streets are
driven at one speed. So what is compared are the rules: who is sent, who is diverted and from what, who waits and is taken up when, what
the cover term weighs (the engine's streets are the demand points here). On a real city units mid-route are known less well, see
docs/simulation.md.
"""

import math
import random

import numpy as np
import pytest

from kuaijing.city.classes import ROAD_CLASSES, UNIT_CLASSES
from kuaijing.city.ground import Ground
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.advice import AdviceModel, ReachField
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.routing import Network, base_weights, nearest_two
from kuaijing.routing.profile import ClassDriving, Profile
from kuaijing.routing.snaps import units_at
from kuaijing.simulation.callers import Happening
from kuaijing.simulation.compiled.anchors import Places, drives_between
from kuaijing.simulation.compiled.planned import force_of, responses_of, units_of, wanted_by
from kuaijing.simulation.compiled.running import simulate
from kuaijing.simulation.compiled.scenario import DEFAULT_RULES, Scenario, from_of, no_moves
from kuaijing.simulation.compiled.tables import FAR, STAND, WEEK_HOURS, Roads, Standards
from kuaijing.simulation.virtual import Tally
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import ground_of
from tests.simulation.compiled.drawn import table
from tests.simulation.compiled.engine_day import (
    CLEARED_S,
    CONTROLLED_S,
    MIDNIGHT,
    REACTION_S,
    Order,
    by_the_engine,
    same_orders,
)

SIDE, STEP_M, SPEED_KMH = 14, 450.0, 36.0
MODEL = AdviceModel()


def town(seed: int) -> Ground:
    """Streets of unequal length, so that no two ways are as long; on the equator, where a degree is a degree."""
    chance = random.Random(seed)
    nodes = [
        (c * STEP_M + chance.uniform(-120, 120), r * STEP_M + chance.uniform(-120, 120))
        for r in range(SIDE)
        for c in range(SIDE)
    ]
    pairs = [(n, n + 1) for n in range(SIDE * SIDE) if (n + 1) % SIDE] + [
        (n, n + SIDE) for n in range(SIDE * (SIDE - 1))
    ]
    return ground_of(nodes, [arc for a, b in pairs for arc in ((a, b), (b, a))], origin=(112.0, 0.0))


def even_roads(ground: Ground) -> Network:
    free = {"left_s": 0.0, "right_s": 0.0, "sharp_s": 0.0, "u_turn_s": 0.0, "signal_s": 0.0, "link_factor": 1.0}
    driving = ClassDriving(dict.fromkeys(ROAD_CLASSES, SPEED_KMH), **free)
    return Network(ground, Profile(dict.fromkeys(UNIT_CLASSES, driving)))


def day_of_calls(ground: Ground, plan: PlanDocument, incidents: int, seed: int) -> list[Happening]:
    """At junctions, evenly over 22 hours, every kind as likely."""
    chance = random.Random(seed)
    calls = []
    for _ in range(incidents):
        spot = chance.randrange(len(ground.node_lon))
        at = Instant(MIDNIGHT + chance.randrange(600_000, 79_200_000) * 1000)  # whole milliseconds
        kind = plan.kinds[chance.randrange(len(plan.kinds))].code
        handling = chance.randrange(700_000, 2_400_000) / 1000
        calls.append(
            Happening(
                at, float(ground.node_lon[spot]), float(ground.node_lat[spot]), kind, "", "", "", "", handling, False
            )
        )
    return sorted(calls, key=lambda call: call.at)


def street_drives(network: Network, unit_class: str, streets: int) -> np.ndarray:
    """Milliseconds from each junction to the middle of each street, as the engine's reach counts it."""
    ground, graph = network.ground, network.graph(unit_class)
    rows = []
    for lon, lat in zip(ground.node_lon, ground.node_lat, strict=True):
        one = units_at([network.snap(float(lon), float(lat), unit_class)])
        found = nearest_two(graph, base_weights(graph), one, 3_600_000)
        rows.append(found.by_street(np.asarray(ground.arc_street), streets).best_ms)
    return np.array(rows)


def by_the_simulator(
    ground: Ground, plan: PlanDocument, network: Network, field: ReachField, calls: list[Happening]
) -> list[Order]:
    """Places: the streets (to be weighed, never driven to), then the junctions."""
    units = units_of(plan)
    classes = sorted({unit.unit_class for unit in units})
    streets, nodes = field.streets.count, len(ground.node_lon)
    at_nodes = Places(np.asarray(ground.node_lon), np.asarray(ground.node_lat))
    to_ms = np.full((1, len(classes), streets + nodes, streets + nodes), FAR, np.int32)
    to_ms[0, :, streets:, streets:], _ = drives_between(network, at_nodes, classes)
    for row, name in enumerate(classes):
        to_ms[0, row, :streets, streets:] = street_drives(network, name, streets).T
    np.einsum("abii->abi", to_ms)[:] = 0
    survey = Survey(ground, network, plan)
    kept = field._keeper.at(survey, MIDNIGHT)
    limit_ms = np.full((1, streets + nodes), 300_000)
    limit_ms[0, :streets] = np.where(kept.tier >= 0, kept.limit_ms, 1)
    places = Places(
        np.concatenate([field.streets.lon + 90, at_nodes.lon]), np.concatenate([field.streets.lat + 45, at_nodes.lat])
    )  # streets put away, so that nobody stands there
    scenario = Scenario(
        Roads(
            to_ms, from_of(to_ms), np.zeros(WEEK_HOURS, np.int64), np.zeros(streets + nodes, np.int64), np.ones(10)
        ),
        force_of(plan, units, classes, places, MODEL, None),
        responses_of(plan, units),
        Standards(
            np.tile(kept.expected_per_h, (WEEK_HOURS, 1)), np.zeros(WEEK_HOURS, np.int64), limit_ms,
            np.zeros_like(limit_ms),
        ),
        no_moves(len(units)),
        DEFAULT_RULES._replace(between=STAND, turn_ms=FAR, there_ms=round(MODEL.arrival_m / (SPEED_KMH / 3.6) * 1000)),
    )  # fmt: skip
    kinds = {kind.code: kind for kind in plan.kinds}
    plans = {response.id: n for n, response in enumerate(plan.response_plans)}
    spot = places.nearest(np.array([c.lon for c in calls]), np.array([c.lat for c in calls]))
    handling = np.array([call.handling_s for call in calls])
    limits = [survey.place(Point(c.lon, c.lat), "", c.at).tier_limit_s for c in calls]
    made = table(
        [(call.at - MIDNIGHT) / 1e6 for call in calls], spot, handling,
        grade=[kinds[call.kind].grade for call in calls], plan=[plans[kinds[call.kind].plan] for call in calls],
        set_off_s=REACTION_S,
    )._replace(
        lead_ms=np.rint((handling + CONTROLLED_S + CLEARED_S) * 1000).astype(np.int64),
        support_ms=np.rint(handling * 500).astype(np.int64),
        limit_ms=np.rint(np.array(limits) * 1000).astype(np.int64),
    )  # fmt: skip
    trace = simulate(scenario, made)
    roles = [str(role) for each in wanted_by(plan, units) for role in each.roles]
    return sorted(
        (
            Order(
                int(o["call"]), units[o["unit"]].unit, roles[o["role"]], int(o["at_ms"]),
                o["arrived_ms"] / 1000 if o["arrived_ms"] >= 0 else math.nan,
            )
            for o in trace.orders
        ),
        key=lambda each: each.decided,
    )  # fmt: skip


async def both_ways(ground: Ground, incidents: int, seed: int, first: int) -> tuple[Tally, list[Order], list[Order]]:
    """The ``first`` calls of a drawn day through both: what happened, the simulator's orders, the engine's."""
    network, plan = even_roads(ground), provisional(ground, platforms=4)
    calls = day_of_calls(ground, plan, incidents, seed)[:first]
    day = await by_the_engine(ground, plan, network, calls, MODEL)
    return day.tally, by_the_simulator(ground, plan, network, day.field, calls), day.orders


def all_the_same(ours: list[Order], theirs: list[Order]) -> None:
    assert same_orders(ours, theirs) == len(ours) == len(theirs)
    mine, engines = (np.array([order.arrived_s for order in orders]) for orders in (ours, theirs))
    assert (np.isnan(mine) == np.isnan(engines)).all()  # given up for a diversion
    assert np.nanmax(np.abs(mine - engines)) < 1.0


@pytest.mark.timeout(900)
async def test_a_day_of_all_grades_gets_the_same_orders_diversions_and_arrivals() -> None:
    tally, ours, theirs = await both_ways(town(14), 500, 500, first=500)

    given_up = sum(math.isnan(order.arrived_s) for order in theirs)
    print(tally, f"{len(theirs)} and {len(ours)} orders, {given_up} given up for a diversion")
    assert tally.opened == 500
    assert tally.waited > 50  # calls for which nobody was free
    assert given_up > 50
    all_the_same(ours, theirs)


async def test_unit_parked_at_the_very_place_of_its_call_is_there_for_both() -> None:
    # In this day the 42nd call is urgent, and of two units parked at one junction one has just been ordered to a lesser call there.
    tally, ours, theirs = await both_ways(town(21), 600, 508, first=60)

    assert tally.opened == 60
    all_the_same(ours, theirs)
