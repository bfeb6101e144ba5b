"""One case of live push for every event of the domain, from a real engine: picture before, change, picture after.

``python -m tests.wire.write_cases`` writes ``tests/wire/cases/*.json``; Python and TypeScript both apply them. Deterministic: times
and numbers come from a clock that counts, so that writing twice writes the same.
"""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kuaijing.domain.commands import (
    AcknowledgeArea,
    AddNote,
    AnswerAreaCall,
    CallArea,
    CalledArea,
    CancelIncident,
    CloseIncident,
    Command,
    Context,
    CoverMove,
    EndAreaCall,
    EndCover,
    Escalate,
    FollowUp,
    ForgetPersonalWords,
    HandOver,
    LiftClosure,
    LinkCall,
    MergeIncidents,
    MoveIncident,
    OrderCover,
    OrderUnits,
    PlaceClosure,
    PlannedUnit,
    RaiseHelp,
    Reclassify,
    RecordAreaReceipt,
    RecordArrival,
    RecordContact,
    RefuseAssignment,
    ReopenIncident,
    SealDay,
    SetUnitStatus,
    StampAssignment,
    TakeCall,
    UnitOrder,
    UnlinkCall,
    UnmergeIncident,
    WithdrawAssignment,
)
from kuaijing.domain.findings import (
    Backfill,
    RecordAreaReached,
    RecordBeat,
    RecordEmptyArea,
    RecordPost,
    RecordSceneLeft,
    RecordStop,
    RecordVisit,
)
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.words import Follower, Origin, Outcome, Role, Step, UnitStatus
from kuaijing.engine.engine import Engine
from kuaijing.engine.personal import PersonalWords
from kuaijing.measures.instants import Instant, after, from_datetime
from kuaijing.measures.points import Point
from kuaijing.store import MemoryStore
from kuaijing.web.board import Board
from kuaijing.web.city_facts import CityFacts
from kuaijing.web.painting import FixRow, Sources
from kuaijing.wire.live import Changes
from kuaijing.wire.pictures import FixView, StateView

CASES = Path(__file__).parent / "cases"
ZONE = "Asia/Shanghai"


@dataclass
class CountingClock:
    """A second passes whenever it is moved on."""

    at: Instant = field(default_factory=lambda: from_datetime(datetime(2026, 11, 21, 4, 0, tzinfo=UTC)))
    speed: float = 1.0

    def now(self) -> Instant:
        return self.at


class NoFixes:
    """Nobody reports."""

    def find_fix(self, unit: str) -> FixView | None:
        return None

    def stale_units(self, now: Instant) -> frozenset[str]:
        return frozenset()

    def rows_since(self, mark: int) -> tuple[int, list[FixRow]]:
        return mark, []

    def reporting(self, now: Instant) -> int:
        return 0


@dataclass(frozen=True)
class Case:
    """What one command did to the picture."""

    name: str
    events: tuple[str, ...]
    before: StateView
    changes: Changes
    after: StateView

    def as_json(self) -> bytes:
        whole = {"name": self.name, "events": self.events, "before": self.before, "changes": self.changes}
        return msgspec.json.format(msgspec.json.encode(whole | {"after": self.after}), indent=1) + b"\n"


def place(text: str, east_m: float = 0.0) -> Place:
    return Place(Point(112.0 + east_m / 99_000, 27.0), text, "second", 180.0, "B1", "人民路", 3.5, True)


def planned(number: int) -> PlannedUnit:
    return PlannedUnit(
        f"U{number}", f"20{number:02d}", "car", "P1", "B1", 1, 2, f"组长{number}", ("aed",), True, Point(112.0, 27.0)
    )


def plan(version: str, force: tuple[PlannedUnit, ...], at: Instant) -> PlanDocument:
    return PlanDocument(
        name="试验方案", name_en="Trial plan", version=version, valid_from=at, provisional=False, fictional=True,
        timezone=ZONE, rest_limit_s=300.0, rest_name="其他区域", rest_name_en="Elsewhere", tier_areas=(), beats=(),
        platforms=(), patrol_points=(), closures=(), force=force, kinds=(), response_plans=(),
    )  # fmt: skip


class Recorder:
    """Submits commands one by one and keeps what each did to the picture."""

    def __init__(self) -> None:
        self.clock = CountingClock()
        self.engine = Engine(MemoryStore(), self.clock.now, ZoneInfo(ZONE))
        self.plan: PlanDocument | None = None
        self.cases: list[Case] = []

    def open_board(self) -> None:
        facts = CityFacts("city", "试验市", True, "live", "0" * 64, (111.9, 26.9, 112.1, 27.1), ZONE)
        sources = Sources(facts, self.engine, NoFixes(), lambda: self.plan, lambda: None, lambda: False)
        self.board = Board(sources, self.clock)

    async def do(self, name: str, command: Command, reason: str = "", words: PersonalWords | None = None) -> Any:
        """Submit; a case where the picture changed."""
        before = self.board.state("full")
        self.clock.at = after(self.clock.at, 10.0)
        before = msgspec.structs.replace(before, clock=self.board.state("full").clock)
        commits = self.engine.subscribe()
        receipt = await self.engine.submit(command, Context("wang", "console", self.clock.at, reason=reason), words)
        events = tuple(each.type for each in receipt.events)
        if receipt.events:
            self.board.note(await anext(commits))
        commits.close()
        changes = self.board.refresh()
        if changes is not None:
            self.cases.append(Case(name, events, before, changes, self.board.state("full")))
        return receipt.ids

    async def put_in_force(self, name: str, version: str, units: int, call_sign: str = "2001") -> None:
        force = [replace(planned(1), call_sign=call_sign), *(planned(number) for number in range(2, units + 1))]
        self.plan = plan(version, tuple(force), self.clock.at)
        await self.do(name, self.plan.in_force(f"digest-{version}", "0" * 64))

    async def call(self, name: str, text: str, east_m: float = 0.0) -> tuple[str, str]:
        taken = TakeCall("", "", None, Origin.CALL_110, self.clock.at, place(text, east_m), "fight", 2, "order", None)
        ids = await self.do(name, taken, words=PersonalWords(f"{text}有人打架", "张三", "13800138000"))
        return ids["incident"], ids["call"]

    async def order(self, name: str, incident: str, unit: str, mode: str = "now") -> str:
        version = self.engine.picture.state.units[unit].version
        ids = await self.do(name, OrderUnits(incident, (UnitOrder(unit, version, Role.FIRST, mode),)))
        return str(ids["assignments"][0])


async def record() -> list[Case]:
    """Every event of the domain at least once."""
    city = Recorder()
    await city.engine.start()
    city.open_board()
    await city.put_in_force("plan-put-in-force", "1", 5)
    first, first_call = await city.call("call-taken", "西门路口")
    one = await city.order("unit-ordered", first, "U1")
    for step in (Step.DELIVERED, Step.ACKNOWLEDGED, Step.EN_ROUTE):
        await city.do(f"stamped-{step.value}", StampAssignment(one, step, city.clock.at))
    second, _ = await city.call("second-call-taken", "东门", 300.0)
    on_way = city.clock.at
    await city.do("unit-stopped", RecordStop("U1", True, on_way, Point(112.001, 27.0)))
    await city.do("unit-moved-on", RecordStop("U1", False, city.clock.at))
    two = await city.order("unit-queued", second, "U1", "queue")
    await city.do("note-of-measures", AddNote(second, "已警告", True))
    await city.do("arrival-measured", RecordArrival(one, after(city.clock.at, -4), city.clock.at))
    for step in (Step.ON_SCENE, Step.CONTROLLED, Step.SETTLED):
        await city.do(f"stamped-{step.value}", StampAssignment(one, step, city.clock.at))
    await city.do("cleared-and-next-taken", StampAssignment(one, Step.CLEARED, city.clock.at))
    await city.do("scene-left", RecordSceneLeft(one, after(city.clock.at, -8), after(city.clock.at, -4)))
    await city.do("refused", RefuseAssignment(two), reason="车辆故障")
    three = await city.order("another-ordered", second, "U2")
    await city.do("withdrawn", WithdrawAssignment(three), reason="就近另有警力")
    await city.do("escalated", Escalate(first, 1), reason="人数增多")
    await city.do("reclassified", Reclassify(first, "affray", 1, "violence"), reason="聚众")
    await city.do("moved", MoveIncident(first, place("西门路口北", 40.0)))
    third, third_call = await city.call("third-call-taken", "西门", 20.0)
    await city.do("merged", MergeIncidents(third, first), reason="同一起")
    await city.do("unmerged", UnmergeIncident(third), reason="不是一起")
    await city.do("call-linked", LinkCall(third_call, first))
    await city.do("call-unlinked", UnlinkCall(third_call, ""))
    await city.do("help-raised", RaiseHelp("U3", "", "", place("河边", -200.0), "officer_help", "violence"))
    await city.do("contact-lost", RecordContact("U2", True, city.clock.at))
    await city.do("contact-regained", RecordContact("U2", False, city.clock.at))
    await city.do("unit-busy", SetUnitStatus("U4", UnitStatus.BUSY_OTHER), reason="加油")
    await city.do("unit-available", SetUnitStatus("U4", UnitStatus.AVAILABLE))
    version = city.engine.picture.state.units["U5"].version
    await city.do("cover-ordered", OrderCover((CoverMove("U5", version, Point(112.01, 27.0), "中心广场"),)))
    await city.do("cover-ended", EndCover("U5"))
    await city.do("beat-entered", RecordBeat("U4", "B1", after(city.clock.at, -4), city.clock.at))
    await city.do("city-left", RecordBeat("U4", None, after(city.clock.at, -4), city.clock.at))
    await city.do("post-taken", RecordPost("U5", "platform:P1", after(city.clock.at, -4), city.clock.at))
    await city.do("post-left", RecordPost("U5", None, after(city.clock.at, -4), city.clock.at))
    came, left = (after(city.clock.at, -190), after(city.clock.at, -185)), (after(city.clock.at, -8), city.clock.at)
    await city.do("patrol-point-visited", RecordVisit("G1", "U5", *came, *left, 177.0))
    fill = Backfill("U5", "2005", Point(112.02, 27.0), "东门平台", 180.0)
    await city.do("area-emptied", RecordEmptyArea("beat:B2", 0.1, after(city.clock.at, -120), fill))
    await city.do("area-reached", RecordAreaReached("beat:B2", 0.8))
    await city.do("area-emptied-again", RecordEmptyArea("beat:B2", 0.2, after(city.clock.at, -120)))
    await city.do("area-acknowledged", AcknowledgeArea("beat:B2"))
    here = CalledArea("circle", "", "西门路口", centre=Point(112.0, 27.0), radius_m=1000.0)
    called = CallArea("a-1", "在西门路口附近巡逻警力请注意", here, ("U4", "U5"), "2 频道", first)
    await city.do("area-called", called)
    await city.do("area-call-delivered", RecordAreaReceipt("a-1", "U4", ""))
    await city.do("area-call-answered", AnswerAreaCall("a-1", "U4", "收到"))
    await city.do("area-call-ended", EndAreaCall("a-1"))
    line = ((112.0, 27.0), (112.001, 27.0))
    await city.do("closure-placed", PlaceClosure("k-1", "施工", 0.0, "line", line))
    await city.do("closure-lifted", LiftClosure("k-1"))
    await city.do("shift-handed-over", HandOver("赵指挥", "西门一带注意"))
    await city.do("words-forgotten", ForgetPersonalWords(first), reason="依申请")
    handed_on = FollowUp(Follower.STATION, "次日回访")
    await city.do("closed", CloseIncident(first, Outcome.MEDIATION, follow_up=handed_on), reason="调解")
    await city.do("reopened", ReopenIncident(first), reason="又起争执")
    await city.do("closed-again", CloseIncident(first, Outcome.SETTLED))
    await city.do("cancelled", CancelIncident(second), reason="误报")
    fourth, _ = await city.call("fourth-call-taken", "南门", 500.0)
    await city.order("a-unit-ordered-that-will-leave", fourth, "U4")
    await city.put_in_force("plan-changed-units-change-leave-and-go", "2", 3, "2099")
    end_of_day = from_datetime(datetime(2026, 11, 21, 16, 0, tzinfo=UTC))
    await city.do("day-sealed", SealDay("20261121", "state:test", end_of_day))
    await city.do("recalled", ReopenIncident(first), reason="次日")
    await city.engine.stop()
    assert first_call
    return city.cases


def main() -> None:
    """Write the cases anew."""
    CASES.mkdir(exist_ok=True)
    for old in CASES.glob("*.json"):
        old.unlink()
    cases = asyncio.run(record())
    for number, case in enumerate(cases):
        (CASES / f"{number:02d}-{case.name}.json").write_bytes(case.as_json())
    print(json.dumps(sorted({event for case in cases for event in case.events})))


if __name__ == "__main__":
    main()
