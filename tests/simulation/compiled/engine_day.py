"""A day of calls through the real engine in virtual time, crews without chance: the yardstick that the simulator is held against.

Crews react in ``REACTION_S``, drive exactly as the router says, press their buttons at once (or ``pressed_s`` later) and stand where their
job ended. The desk looks at once, and terminals that have moved are asked where they are before it decides.
"""

import math
import random
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kuaijing.city.ground import Ground
from kuaijing.domain.commands import Context
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.advice import AdviceModel, Advisor, LiveRoads, ReachField
from kuaijing.engine.engine import Engine
from kuaijing.engine.live import LivePicture
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, after, from_datetime
from kuaijing.routing import Network, base_weights, route
from kuaijing.simulation.callers import Happening
from kuaijing.simulation.compiled.planned import home_of, units_of
from kuaijing.simulation.driving import Leg
from kuaijing.simulation.officers import Crew
from kuaijing.simulation.virtual import Tally, VirtualClock, VirtualShift
from kuaijing.store.memory import MemoryStore

MIDNIGHT = from_datetime(datetime(2026, 1, 5, tzinfo=ZoneInfo("Asia/Shanghai")))
REACTION_S = 7.5 + 9.5  # acknowledged and set off, the middle of the crew's spans
CONTROLLED_S, CLEARED_S = 120.0, 55.0


class Order(NamedTuple):
    """One order: who, to what, as what, when (ms after midnight); when there (s after midnight, NaN: never)."""

    call: int
    unit: str
    role: str
    at_ms: int
    arrived_s: float

    @property
    def decided(self) -> tuple[int, str, str, int]:
        """To what, who, as what; when comes last, since the engine's microseconds are rounded here."""
        return self.call, self.unit, self.role, self.at_ms


def same_orders(ours: list[Order], theirs: list[Order]) -> int:
    """How many of the orders (both sorted by ``decided``) are the same: to what, who, as what, and when to 5 ms."""
    left: dict[tuple[int, str, str], list[int]] = {}
    for order in theirs:
        left.setdefault(order.decided[:3], []).append(order.at_ms)
    count = 0
    for order in ours:
        moments = left.get(order.decided[:3], [])
        if moments and abs(moments[0] - order.at_ms) <= 5:
            moments.pop(0)
            count += 1
    return count


class Steady(random.Random):
    """No chance: every draw is its distribution's middle; a spread about 0, and what is pressed, is 0."""

    def __init__(self, pressed_s: float) -> None:
        super().__init__(0)
        self._pressed_s = pressed_s

    def random(self) -> float:
        return 0.5

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        return self._pressed_s if mu else 0.0

    def expovariate(self, lambd: float = 1.0) -> float:
        return 1 / lambd


class KindsOfPlan:
    def __init__(self, plan: PlanDocument) -> None:
        self._kinds = {kind.code: kind for kind in plan.kinds}

    def grade_of(self, kind: str) -> int:
        return self._kinds[kind].grade

    def plan_of(self, kind: str) -> str:
        return self._kinds[kind].plan


class EngineDay(NamedTuple):
    tally: Tally
    orders: list[Order]
    sooner_s: list[float]
    """How much sooner than at the very place each arrival was measured."""
    field: ReachField


async def by_the_engine(
    ground: Ground,
    plan: PlanDocument,
    network: Network,
    calls: list[Happening],
    model: AdviceModel,
    pressed_s: float = 0.0,
) -> EngineDay:
    survey, clock = Survey(ground, network, plan), VirtualClock(after(MIDNIGHT, 60))
    engine = Engine(MemoryStore(), clock.now, ZoneInfo(plan.timezone))
    await engine.start()
    await engine.submit(plan.in_force("plan", ground.hash), Context("setup", "setup", clock.now()))
    live = LivePicture(engine, network, clock)
    field = ReachField(LiveRoads(network), survey, live, model=model)
    field.refresh(engine.picture, clock.now())
    units = units_of(plan)
    graphs = {
        name: (network.graph(name), base_weights(network.graph(name))) for name in {unit.unit_class for unit in units}
    }

    def drive(unit_class: str, start: tuple[float, float], end: tuple[float, float]) -> Leg | None:
        graph, weights = graphs[unit_class]
        here, there = (network.snap(*spot, unit_class, within_m=1000.0) for spot in (start, end))
        way = None if here is None or there is None else route(graph, weights, here, there)
        return None if way is None else Leg(way.points, way.milliseconds / 1000)

    crews = [
        Crew(
            unit.unit, unit.unit_class, (home_of(plan, unit).lon, home_of(plan, unit).lat), drive, Steady(pressed_s),
            report_every_s=10.0, rest_report_every_s=240.0,
        )
        for unit in units
    ]  # fmt: skip
    shift = VirtualShift(
        clock, engine, live, Advisor(field), survey, KindsOfPlan(plan), crews,
        desk_every_s=0.0, waiting_every_s=86_400.0, ask_positions=True,
    )  # fmt: skip
    tally = await shift.run(calls)
    number = {round((call.at - MIDNIGHT) / 1000): row for row, call in enumerate(calls)}
    orders, sooner = [], []
    for file in engine.list_ended(Instant(0), clock.now(), 10_000):
        row = number[round((file.incident.called_at - MIDNIGHT) / 1000)]
        for given in file.assignments:
            assert given.ordered_at is not None
            arrived = math.nan
            if given.on_scene_at is not None:
                arrived = (given.on_scene_at - MIDNIGHT) / 1e6 - pressed_s
                if given.arrived is not None:
                    sooner.append(arrived - (given.arrived.latest - MIDNIGHT) / 1e6)
            ordered = round((given.ordered_at - MIDNIGHT) / 1000)
            orders.append(Order(row, given.unit, str(given.role), ordered, arrived))
    await engine.stop()
    return EngineDay(tally, sorted(orders, key=lambda each: each.decided), sooner, field)
