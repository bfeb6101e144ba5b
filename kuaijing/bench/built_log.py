"""A long log, written by the real engine into a data folder in virtual time: whole lives of incidents over some days, many at once.

The last ones stay open, at every step of their lives. Run in a process of its own that is then killed, so that what is opened
afterwards is what a crash leaves: the log's tail since the last snapshot, as long as it can be, and a write-ahead file.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kuaijing.bench.walks import FloatArray
from kuaijing.city.ground import open_ground
from kuaijing.domain.commands import (
    AddNote,
    CloseIncident,
    Command,
    Context,
    OrderUnits,
    StampAssignment,
    TakeCall,
    UnitOrder,
)
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import REST, PlanDocument
from kuaijing.domain.words import Origin, Outcome, Role, Step
from kuaijing.engine.engine import SNAPSHOT_EVERY, Engine
from kuaijing.engine.personal import PersonalWords
from kuaijing.engine.ports import PlanVersion
from kuaijing.engine.recorded import Receipt
from kuaijing.measures.instants import SECOND, Instant, from_datetime
from kuaijing.measures.points import Point
from kuaijing.store import open_store
from kuaijing.wire.plans import canonical, digest_of

AT_ONCE = 200
"""Lives that go on together: as many commands share one commit."""
STEPS = (
    (30, Step.ACKNOWLEDGED),
    (35, Step.EN_ROUTE),
    (240, Step.ON_SCENE),
    (600, Step.CONTROLLED),
    (1200, Step.CLEARED),
)
"""Seconds after the call."""
TAIL = SNAPSHOT_EVERY - 100
"""Entries after the last snapshot when the building ends."""


@dataclass(frozen=True, slots=True)
class LogOrder:
    """What log to build."""

    city: Path
    data: Path
    plan: PlanDocument
    places: FloatArray
    incidents: int
    open_at_end: int
    days: float


@dataclass(frozen=True, slots=True)
class LogBuilt:
    """What was built."""

    entries: int
    after_snapshot: int
    open_incidents: int
    commands: int
    seconds: float


class _Builder:
    def __init__(self, order: LogOrder) -> None:
        self.order = order
        self.zone = ZoneInfo(order.plan.timezone)
        self.end = last_evening(self.zone)
        self.now = Instant(self.end - round(order.days * 86_400 * SECOND))
        self.store = open_store(order.data)
        self.engine = Engine(self.store, lambda: self.now, self.zone)
        self.limits = {tier.id: tier.limit_s for tier in order.plan.tiers}
        self.units = [unit.unit for unit in order.plan.force]
        self.commands = 0

    async def build(self) -> LogBuilt:
        began = time.monotonic()
        await self.engine.start()
        plan = self.order.plan
        digest = digest_of(plan)
        self.store.plans.put(PlanVersion(digest, plan.name, plan.version, self.now), canonical(plan))
        await self.submit(plan.in_force(digest, open_ground(self.order.city).hash))
        done = self.order.incidents - self.order.open_at_end
        begin, span = self.now, self.end - self.now - 3600 * SECOND
        for first in range(0, done, AT_ONCE):
            self.now = Instant(max(self.now, begin + span * first // done))
            await self.lives(range(first, min(first + AT_ONCE, done)), len(STEPS) + 3)
        self.now = Instant(max(self.now, self.end - 1800 * SECOND))
        for steps in range(len(STEPS) + 2):
            await self.lives(range(done + steps, self.order.incidents, len(STEPS) + 2), steps + 1)
        await self.lengthen()
        newest = self.store.snapshots.newest()
        after = self.engine.picture.version - (0 if newest is None else newest.seq)
        opened = len(self.engine.picture.state.incidents)
        return LogBuilt(self.engine.picture.version, after, opened, self.commands, time.monotonic() - began)

    async def submit(self, command: Command, by_voice: bool = False, words: PersonalWords | None = None) -> Receipt:
        self.commands += 1
        context = Context("bench", "console", self.now, f"bench-{self.commands}", "", by_voice)
        return await self.engine.submit(command, context, words)

    async def lives(self, numbers: range, steps: int) -> None:
        """Some incidents together, ``steps`` commands of each."""
        start = self.now
        taken = await asyncio.gather(*(self.call(number) for number in numbers))
        incidents = [str(receipt.ids["incident"]) for receipt in taken]
        if steps < 2:
            return
        self.now = Instant(start + 20 * SECOND)
        free = (name for name in self.units if self.engine.picture.state.units[name].active is None)
        ordered = await asyncio.gather(
            *(self.order_unit(each, unit) for each, unit in zip(incidents, free, strict=False))
        )
        parts = [receipt.ids["assignments"][0] for receipt in ordered]
        for after, step in STEPS[: steps - 2]:
            self.now = Instant(start + after * SECOND)
            await asyncio.gather(*(self.submit(StampAssignment(part, step, self.now), True) for part in parts))
        if steps == len(STEPS) + 3:
            await asyncio.gather(*(self.submit(CloseIncident(each, Outcome.SETTLED)) for each in incidents))

    async def call(self, number: int) -> Receipt:
        plan = self.order.plan
        kind = plan.kinds[number % len(plan.kinds)]
        lon, lat = self.order.places[number % len(self.order.places)]
        place = Place(Point(float(lon), float(lat)), f"压测地点 {number}", REST, self.limits[REST], None, "", 3.0, True)
        taken = TakeCall("", "", None, Origin.CALL_110, self.now, place, kind.code, kind.grade, kind.plan)
        return await self.submit(taken, words=PersonalWords("两人在路口争执", "张三", "13800000000"))

    async def order_unit(self, incident: str, unit: str) -> Receipt:
        version = self.engine.picture.state.units[unit].version
        return await self.submit(OrderUnits(incident, (UnitOrder(unit, version, Role.FIRST),)))

    async def lengthen(self) -> None:
        """Notes on an open incident until a start has as much to replay as it can have."""
        incident = next(reversed(self.engine.picture.state.incidents))
        while True:
            newest = self.store.snapshots.newest()
            wanted = TAIL - (self.engine.picture.version - (0 if newest is None else newest.seq))
            if wanted <= 0:
                return
            notes = (self.submit(AddNote(incident, f"压测记录 {number}")) for number in range(min(wanted, AT_ONCE)))
            await asyncio.gather(*notes)


def last_evening(zone: ZoneInfo) -> Instant:
    """The newest 20:00 of the city's day: the log ends there, so that as much of a day is in memory whenever the bench runs."""
    latest = datetime.now(zone) - timedelta(minutes=1)
    evening = latest.replace(hour=20, minute=0, second=0, microsecond=0)
    return from_datetime(evening if evening <= latest else evening - timedelta(days=1))


async def build_log(order: LogOrder) -> LogBuilt:
    """Build it; the engine is left running, to be killed."""
    return await _Builder(order).build()
