"""A day of 500 incidents through the real engine in virtual time and through the compiled simulator: the same orders, the same arrivals.

Driver noise, patrols and the trade of arrival for cover are off in both, and the desk looks at once; crews react in 17 s. What is equal:
who is sent to what in which role and when, also where several units are sent, and when each is there, to the second. Grades are such
that nobody is diverted: the simulator knows a unit mid-route only between places (docs/simulation.md says how far that is off). Diversion
and cover are compared where that is exact, in ``test_mixed_grades``.
"""

import math
import random
from pathlib import Path

import numpy as np
import pytest

from kuaijing.city.ground import Ground, open_ground
from kuaijing.city.importing import import_city
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.advice import AdviceModel
from kuaijing.engine.choice.together import Aims
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.routing import Network
from kuaijing.simulation.callers import Happening
from kuaijing.simulation.compiled.anchors import Places, drives_between, spread_junctions
from kuaijing.simulation.compiled.planned import force_of, home_of, responses_of, units_of, wanted_by
from kuaijing.simulation.compiled.running import simulate
from kuaijing.simulation.compiled.scenario import DEFAULT_RULES, Scenario, from_of, no_moves
from kuaijing.simulation.compiled.tables import STAND, WEEK_HOURS, CallTable, Roads, Standards
from kuaijing.wire.plans.provisional import provisional
from tests.shared_data import shared_data
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

INCIDENTS = 500
PLAIN = AdviceModel(aims=Aims(tie_s=1e-6, patience_s=0.0, loss_step=10.0))
PRESSED_S = 8.0


@pytest.fixture(scope="module")
def jinan(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    out = tmp_path_factory.mktemp("jinan") / "city"
    layout = Path("kuaijing/city/layouts/jinan.yaml")
    import_city(shared_data("roads/jinan/edges.shp"), out, name="济南", crs="wgs84", columns=layout)
    return open_ground(out)


def day_of_calls(ground: Ground, plan: PlanDocument, network: Network) -> list[Happening]:
    """At junctions of the city's middle half, evenly over 22 hours: kinds where a minute matters in the morning, others after."""
    chance = random.Random(500)
    (west, east), (south, north) = (np.quantile(axis, [0.25, 0.75]) for axis in (ground.node_lon, ground.node_lat))
    nodes = np.unique(np.asarray(ground.arc_tail)[(np.asarray(ground.arc_access) & 7) == 7])
    lon, lat = np.asarray(ground.node_lon)[nodes], np.asarray(ground.node_lat)[nodes]
    inside = np.flatnonzero((lon > west) & (lon < east) & (lat > south) & (lat < north))
    calls = []
    for _ in range(INCIDENTS):
        spot = int(inside[chance.randrange(len(inside))])
        at = Instant(MIDNIGHT + chance.randrange(600_000, 79_200_000) * 1000)  # whole milliseconds
        morning = (
            at < MIDNIGHT + 39_600_000_000
        )  # 11:00; a diversion leaves mid-route, where drives are interpolated: none here
        kinds = [kind.code for kind in plan.kinds if (kind.grade == 2) == morning and kind.grade >= 2]
        kind = kinds[chance.randrange(len(kinds))]
        handling = float(chance.randrange(700, 2400))
        calls.append(Happening(at, float(lon[spot]), float(lat[spot]), kind, "", "", "", "", handling, False))
    return sorted(calls, key=lambda call: call.at)


def by_the_simulator(ground: Ground, plan: PlanDocument, network: Network, calls: list[Happening]) -> list[Order]:
    units = units_of(plan)
    classes = sorted({unit.unit_class for unit in units})
    spots = [(call.lon, call.lat) for call in calls] + [(home_of(plan, u).lon, home_of(plan, u).lat) for u in units]
    unique, row = np.unique(np.array(spots), axis=0, return_inverse=True)
    further = spread_junctions(network, unique[:, 0], unique[:, 1], 300)
    places = Places(np.concatenate([unique[:, 0], further[0]]), np.concatenate([unique[:, 1], further[1]]))
    drives, walk = drives_between(network, places, classes)
    kinds = {kind.code: kind for kind in plan.kinds}
    plans = {response.id: n for n, response in enumerate(plan.response_plans)}
    limits = Survey(ground, network, plan)
    limit = [limits.place(Point(c.lon, c.lat), "", c.at).tier_limit_s for c in calls]
    scenario = Scenario(
        Roads(drives[None], from_of(drives[None]), np.zeros(WEEK_HOURS, np.int64), walk, np.ones(10)),
        force_of(plan, units, classes, places, PLAIN, None),
        responses_of(plan, units),
        Standards(
            np.ones((WEEK_HOURS, 1)), np.zeros(WEEK_HOURS, np.int64),
            np.full((1, len(places)), 300_000), np.zeros((1, len(places)), np.int64),
        ),
        no_moves(len(units)),
        DEFAULT_RULES._replace(between=STAND, cover=False, tie_s=1e-6, patience_s=0.0, loss_step=10.0),
    )  # fmt: skip
    handling = np.array([call.handling_s for call in calls])
    made = table(
        [(call.at - MIDNIGHT) / 1e6 for call in calls], row.ravel()[: len(calls)], handling,
        grade=[kinds[call.kind].grade for call in calls], plan=[plans[kinds[call.kind].plan] for call in calls],
        set_off_s=REACTION_S,
    )._replace(
        lead_ms=np.rint((handling + PRESSED_S + CONTROLLED_S + CLEARED_S) * 1000).astype(np.int64),
        support_ms=np.rint((handling * 0.5 + PRESSED_S) * 1000).astype(np.int64),
        limit_ms=np.rint(np.array(limit) * 1000).astype(np.int64),
    )  # fmt: skip
    trace = simulate(scenario, CallTable(*made))
    roles = [str(role) for each in wanted_by(plan, units) for role in each.roles]
    rows = [
        Order(int(o["call"]), units[o["unit"]].unit, roles[o["role"]], int(o["at_ms"]),
         o["arrived_ms"] / 1000 if o["arrived_ms"] >= 0 else math.nan)
        for o in trace.orders
    ]  # fmt: skip
    return sorted(rows, key=lambda each: each.decided)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_day_of_500_incidents_gets_the_same_orders_and_arrivals(jinan: Ground) -> None:
    plan, network = provisional(jinan, platforms=6), Network(jinan)
    calls = day_of_calls(jinan, plan, network)

    tally, engines, sooner, _ = await by_the_engine(jinan, plan, network, calls, PLAIN, PRESSED_S)
    ours = by_the_simulator(jinan, plan, network, calls)

    print(tally, len(ours), "measured sooner by", np.quantile(sooner, [0, 0.05, 0.5, 0.95, 1]))
    assert tally.opened == INCIDENTS
    assert tally.waited == 0
    assert len(ours) > 700  # several units for some
    assert same_orders(ours, engines) == len(ours) == len(engines)
    gap = np.array([abs(a.arrived_s - b.arrived_s) for a, b in zip(ours, engines, strict=True)])
    assert gap.max() < 1.0
