"""Days of drawn calls through the real engine in virtual time: intake, tracking, advice and orders as in the street, beside the simulator.

The calls are the simulator's own table, laid at its places, so that both answer the same question. Chance is taken out of the crews: each
reacts in ``REACTION_S``, drives exactly as the router says and goes home after a job; the simulator is given the same (``as_the_crews``).
What is left between the two is what the simulator leaves out: where a unit is between two places, streets behind the demand points when
the choice weighs cover, arrivals measured from positions.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaijing.demand import StreetDemand
from kuaijing.domain.commands import Context
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.advice import Advice, Advisor, LiveRoads, ReachField
from kuaijing.engine.advice.advice import Purpose
from kuaijing.engine.advice.reach_field import Picture
from kuaijing.engine.engine import Engine
from kuaijing.engine.live import LivePicture
from kuaijing.engine.ports import PlanVersion, Store
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.routing import Network, base_weights, route
from kuaijing.simulation.callers import Happening
from kuaijing.simulation.compiled.anchors import Places
from kuaijing.simulation.compiled.planned import home_of, units_of
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.compiled.tables import HOME, CallTable
from kuaijing.simulation.driving import Leg
from kuaijing.simulation.officers import Crew
from kuaijing.simulation.virtual import Tally, VirtualClock, VirtualShift
from kuaijing.store.memory import MemoryStore
from kuaijing.tracking.live_table import LiveView
from kuaijing.wire.plans import canonical, digest_of

MONDAY: Final = datetime(2026, 1, 5)
REACTION_S: Final = 7.5 + 9.5
"""Acknowledged and set off: the middles of the crew's spans."""
PRESSED_S, CONTROLLED_S, CLEARED_S = 8.0, 120.0, 55.0
"""The crew's middles on scene."""
_AT_HOME_S: Final = 1e9
_LEAST_S: Final = 60.0


class SteadyRandom(random.Random):
    """No chance: every draw is its distribution's middle."""

    def random(self) -> float:
        """The middle."""
        return 0.5

    def uniform(self, a: float, b: float) -> float:
        """The middle."""
        return (a + b) / 2

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        """The mean."""
        return mu

    def expovariate(self, lambd: float = 1.0) -> float:
        """The mean."""
        return 1 / lambd


@dataclass(frozen=True, slots=True, eq=False)
class EngineDays:
    """What the engine made of the calls, a row each, in their order."""

    measured_s: NDArray[np.float64]
    """Response clock as the daily report takes it: first order to measured arrival (latest bound); NaN without one."""
    arrived_s: NDArray[np.float64]
    """First order to the moment the first crew stood there (its button less ``PRESSED_S``); infinite where none came."""
    limit_s: NDArray[np.float64]
    """As frozen when the incident was opened."""
    tier: NDArray[np.str_]
    first_unit: NDArray[np.str_]
    tally: Tally
    wall_s: float


def as_the_crews(scenario: Scenario, calls: CallTable) -> tuple[Scenario, CallTable]:
    """The scenario and its calls without chance and without patrols, as ``engine_days`` plays them."""
    handling_s = np.maximum(_LEAST_S, calls.lead_ms / 1000.0 - PRESSED_S - CONTROLLED_S - CLEARED_S)
    lead = np.rint((handling_s + PRESSED_S + CONTROLLED_S + CLEARED_S) * 1000).astype(np.int64)
    support = np.rint((handling_s * 0.5 + PRESSED_S) * 1000).astype(np.int64)
    return scenario.with_rules(between=HOME), calls._replace(
        lead_ms=lead,
        support_ms=support,
        set_off_ms=np.full_like(calls.set_off_ms, round(REACTION_S * 1000)),
        drive_factor=np.ones_like(calls.drive_factor),
    )


async def engine_days(
    network: Network,
    plan: PlanDocument,
    calls: CallTable,
    places: Places,
    demand: StreetDemand | None,
    *,
    store: Store | None = None,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> EngineDays:
    """Play ``calls`` (of ``as_the_crews``) under ``plan``; the first hour of the table is Monday's. The log is ``store``, or forgotten."""
    ground, began = network.ground, time.perf_counter()
    zone = ZoneInfo(plan.timezone)
    midnight = from_datetime(MONDAY.replace(tzinfo=zone))
    survey, clock = Survey(ground, network, plan), VirtualClock(Instant(midnight - 60_000_000))
    engine = Engine(MemoryStore() if store is None else store, clock.now, zone)
    await engine.start()
    kept = PlanVersion(digest_of(plan), plan.name, plan.version, clock.now())
    engine.store.plans.put(kept, canonical(plan))
    await engine.submit(plan.in_force(kept.digest, ground.hash), Context("setup", "setup", clock.now()))
    live = LivePicture(engine, network, clock)
    field = ReachField(LiveRoads(network), survey, live, demand)
    field.refresh(engine.picture, clock.now())
    catalogue = _Catalogue(plan)
    happenings = _happenings(calls, places, catalogue, midnight)
    shift = VirtualShift(
        clock, engine, live, _Watched(field, progress, len(happenings)), survey, catalogue,
        _crews(plan, network), desk_every_s=0.0,
    )  # fmt: skip
    tally = await shift.run(happenings)
    number = {happening.at: row for row, happening in enumerate(happenings)}
    count = len(happenings)
    measured, arrived, limit = np.full(count, np.nan), np.full(count, np.inf), np.zeros(count)
    tier, first = np.full(count, "", "U32"), np.full(count, "", "U32")
    for file in engine.list_ended(Instant(0), clock.now(), 10 * count + 10):
        incident = file.incident
        row = number[incident.called_at]
        limit[row], tier[row] = incident.place.tier_limit_s, incident.place.tier
        if incident.response_s is not None:
            measured[row] = incident.response_s
        there = [(part.on_scene_at, part.unit) for part in file.assignments if part.on_scene_at is not None]
        if there and incident.first_ordered_at is not None:
            at, first[row] = min(there)
            arrived[row] = (at - incident.first_ordered_at) / 1e6 - PRESSED_S
    await engine.stop()
    return EngineDays(measured, arrived, limit, tier, first, tally, time.perf_counter() - began)


class _Catalogue:
    """Grade and response plan by kind."""

    def __init__(self, plan: PlanDocument) -> None:
        self._kinds = {kind.code: kind for kind in plan.kinds}
        rows = {response.id: row for row, response in enumerate(plan.response_plans)}
        self.of: dict[tuple[int, int], str] = {}
        for kind in plan.kinds:
            if kind.plan in rows:
                self.of.setdefault((kind.grade, rows[kind.plan]), kind.code)

    def grade_of(self, kind: str) -> int:
        return self._kinds[kind].grade

    def plan_of(self, kind: str) -> str:
        return self._kinds[kind].plan


class _Watched(Advisor):
    """An adviser that tells how far the shift is."""

    def __init__(self, field: ReachField, progress: Callable[[int, int], None], whole: int) -> None:
        super().__init__(field)
        self._progress, self._whole, self._seen = progress, whole, set[str]()

    def recommend(
        self,
        picture: Picture,
        incident_id: str,
        purpose: Purpose | str,
        at: Instant,
        *,
        view: LiveView | None = None,
    ) -> Advice:
        """As the engine's, counted."""
        self._seen.add(incident_id)
        self._progress(len(self._seen), self._whole)
        return super().recommend(picture, incident_id, purpose, at, view=view)


def _happenings(calls: CallTable, places: Places, catalogue: _Catalogue, midnight: Instant) -> list[Happening]:
    found, last = [], -1
    for row in range(len(calls.at_ms)):
        at = max(int(calls.at_ms[row]), last + 1)  # told apart by their moment
        last = at
        kind = catalogue.of[int(calls.grade[row]), int(calls.plan[row])]
        handling_s = int(calls.lead_ms[row]) / 1000 - PRESSED_S - CONTROLLED_S - CLEARED_S
        lon, lat = float(places.lon[calls.place[row]]), float(places.lat[calls.place[row]])
        found.append(Happening(Instant(midnight + at * 1000), lon, lat, kind, "", "", "", "", handling_s, False))
    return found


def _crews(plan: PlanDocument, network: Network) -> list[Crew]:
    graphs = {
        name: (network.graph(name), base_weights(network.graph(name)))
        for name in {unit.unit_class for unit in units_of(plan)}
    }

    def drive(unit_class: str, start: tuple[float, float], end: tuple[float, float]) -> Leg | None:
        graph, weights = graphs[unit_class]
        here, there = (network.snap(*spot, unit_class, within_m=1000.0) for spot in (start, end))
        way = None if here is None or there is None else route(graph, weights, here, there)
        return None if way is None else Leg(way.points, way.milliseconds / 1000)

    crews = []
    for unit in units_of(plan):
        at = home_of(plan, unit)
        home = (at.lon, at.lat)
        crews.append(
            Crew(
                unit.unit, unit.unit_class, home, drive, SteadyRandom(), patrol=_home(home),
                dwell_s=lambda _: _AT_HOME_S, report_every_s=2.0, rest_report_every_s=240.0,
            )
        )  # fmt: skip
    return crews


def _home(at: tuple[float, float]) -> Callable[[random.Random], tuple[float, float]]:
    return lambda _: at


def spaced(calls: CallTable) -> CallTable:
    """The same with no two calls in one millisecond, as the engine is given them."""
    at = calls.at_ms.copy()
    for row in range(1, len(at)):
        at[row] = max(at[row], at[row - 1] + 1)
    return calls._replace(at_ms=at)


def without_shifts(plan: PlanDocument) -> PlanDocument:
    """The plan with units on duty alone, as the simulator takes it."""
    return replace(plan, force=tuple(unit for unit in plan.force if unit.on_duty))
