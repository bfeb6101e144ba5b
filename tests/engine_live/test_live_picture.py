"""Reports move the live picture; what they mean reaches the core as commands, each once, also after the core was down."""

import asyncio

import pytest

from kuaijing.domain.commands import CancelIncident, Command, Context, MoveIncident, SetUnitStatus
from kuaijing.domain.places import Place
from kuaijing.domain.words import UnitStatus
from kuaijing.engine.live import LivePicture
from kuaijing.engine.recorded import Receipt
from kuaijing.measures.points import Point
from kuaijing.routing.network import Network
from kuaijing.tracking import Report
from tests.engine_live.small_core import SmallCore, TestClock
from tests.grid_ground import grid_ground, ground_of
from tests.tracking.reporting_units import at, degrees, report

NETWORK = Network(grid_ground(11, 11, 200.0))


class World:
    def __init__(self, *units: tuple[str, str], network: Network = NETWORK) -> None:
        self.clock = TestClock()
        self.core = SmallCore(units or (("U1", "car"), ("U2", "car")), self.clock)
        self.live = LivePicture(self.core, network, self.clock)

    async def report(self, seconds: float, east: float, north: float = 0.0, unit: str = "U1", **more: object) -> str:
        self.clock.seconds = seconds
        (judgement,) = self.live.take([report(seconds, east, north, unit, **more)])
        await self.live.settle()
        return "fix" if judgement.refusal is None else judgement.refusal.reason.value

    async def tick(self, seconds: float) -> None:
        self.clock.seconds = seconds
        self.live.tick()
        await self.live.settle()


async def test_arrival_is_recorded_once_as_an_interval_after_the_order() -> None:
    world = World()
    await world.report(0, 1000)
    world.clock.seconds = 5
    incident = world.core.order("U1", 400, 0)
    for second in range(6, 80):
        await world.report(second, 1000 - 10 * (second - 5), heading_deg=270.0, speed_mps=10.0)

    (arrival,) = world.core.arrivals()
    measured = world.core.picture.state.incidents[incident].arrived
    assert measured is not None
    assert at(59) <= arrival.earliest <= arrival.latest <= at(61)  # 550 m at 10 m/s from second 5
    assert (measured.earliest, measured.latest) == (arrival.earliest, arrival.latest)


async def test_other_units_and_ended_assignments_arrive_nowhere() -> None:
    world = World()
    incident = world.core.order("U1", 400, 0)
    await world.report(1, 400, unit="U2")
    world.core.do(CancelIncident(incident))
    await world.report(2, 400, unit="U1")

    assert world.core.arrivals() == []
    assert world.live.watched() == 0


async def test_corrected_place_is_where_the_unit_must_arrive() -> None:
    world = World()
    incident = world.core.order("U1", 400, 0)
    await world.report(0.5, 100, heading_deg=90.0, speed_mps=10.0)  # it is watched at the first place by now
    world.core.do(MoveIncident(incident, Place(Point(*degrees(1600, 0)), "", "rest", 300.0, None, "", 0.0, True)))
    await world.report(28, 380, heading_deg=90.0, speed_mps=10.0)
    await world.report(30, 400, heading_deg=90.0, speed_mps=10.0)
    assert world.core.arrivals() == []

    await world.report(130, 1580, heading_deg=90.0, speed_mps=10.0)
    assert len(world.core.arrivals()) == 1


async def test_arrival_found_while_the_core_is_down_is_recorded_when_it_is_back() -> None:
    world = World()
    world.core.order("U1", 400, 0)
    world.core.down = True
    await world.report(1, 300, heading_deg=90.0, speed_mps=10.0)
    await world.report(7, 360, heading_deg=90.0, speed_mps=10.0)
    assert world.core.arrivals() == []

    world.core.down = False
    await world.live.settle()
    assert len(world.core.arrivals()) == 1


async def test_unit_that_stops_reporting_on_its_way_is_lost_and_regained() -> None:
    world = World()
    await world.report(0, 1000)
    world.core.order("U1", 0, 0)
    await world.tick(89)
    assert world.core.contacts() == []
    await world.tick(91)
    await world.tick(92)

    assert world.core.contacts() == [("U1", True)]
    assert world.core.picture.state.units["U1"].lost_contact
    assert world.core.picture.state.units["U1"].status == UnitStatus.ORDERED  # a flag beside the status, never instead

    await world.report(100, 900)
    await world.tick(101)
    assert world.core.contacts() == [("U1", True), ("U1", False)]


async def test_parked_unit_ordered_between_two_reports_is_not_lost_by_the_order() -> None:
    world = World()
    await world.report(0, 1000)
    world.clock.seconds = 200  # parked: it reports every few minutes
    world.core.order("U1", 0, 0)
    await world.tick(201)
    await world.tick(289)
    assert world.core.contacts() == []

    await world.tick(291)  # silent for 90 s under orders
    assert world.core.contacts() == [("U1", True)]


async def test_order_brings_no_contact_back() -> None:
    world = World()
    await world.report(0, 1000)
    await world.tick(601)
    world.core.order("U1", 0, 0)
    await world.tick(602)
    assert world.core.contacts() == [("U1", True)]


async def test_second_order_on_the_way_does_not_begin_the_silence_anew() -> None:
    world = World()
    await world.report(0, 1000)
    first = world.core.order("U1", 0, 0)
    await world.tick(1)
    world.clock.seconds = 80
    world.core.do(CancelIncident(first))
    world.core.order("U1", 400, 0)
    await world.tick(89)
    assert world.core.contacts() == []
    await world.tick(91)
    assert world.core.contacts() == [("U1", True)]


async def test_free_unit_is_lost_later_and_one_off_duty_or_never_heard_not_at_all() -> None:
    world = World(("U1", "car"), ("U2", "car"), ("U3", "car"))
    await world.report(0, 1000)
    await world.report(0, 800, unit="U2")
    world.core.do(SetUnitStatus("U2", UnitStatus.OFF_DUTY))
    await world.tick(599)
    assert world.core.contacts() == []

    await world.tick(601)
    assert world.core.contacts() == [("U1", True)]


async def test_unit_that_goes_off_duty_in_silence_is_found_only_by_reporting() -> None:
    world = World()
    await world.report(0, 1000)
    await world.tick(601)
    world.core.do(SetUnitStatus("U1", UnitStatus.OFF_DUTY))
    await world.tick(700)
    assert world.core.contacts() == [("U1", True)]

    await world.report(800, 1000)
    assert world.core.contacts() == [("U1", True), ("U1", False)]


async def test_refusals_are_answered_in_order_by_name() -> None:
    world = World()
    batch: list[Report] = [report(0, 100), report(0, 100, unit="nobody"), report(0, 100), report(0, 100, crs=None)]
    outcomes = [each.refusal.reason.value if each.refusal else "" for each in world.live.take(batch)]

    assert outcomes == ["", "unknown_unit", "duplicate", "no_crs"]


async def test_bridge_named_in_the_call_is_where_the_unit_must_be() -> None:
    crossing = ground_of(
        [(0, 0), (600, 0), (300, -300), (300, 300)],
        [(0, 1), (1, 0), (2, 3), (3, 2), (1, 3), (3, 1), (0, 2), (2, 0)],
        names=["", "兰花桥", "滨江路"],
        arc_names=[1, 1, 2, 2, 0, 0, 0, 0],
        layers=[1, 1, 0, 0, 0, 0, 0, 0],
    )
    world = World(network=Network(crossing))
    world.core.order("U1", 300, 1, text="兰花桥上两车相撞", road="兰花桥")
    for second in range(1, 40):  # northwards beneath the bridge, then standing 90 m beyond it
        await world.report(
            second, 300, min(90, -200 + 10 * second), heading_deg=0.0, speed_mps=10.0 if second < 29 else 0.0
        )

    assert world.core.arrivals() == []


async def test_one_finding_that_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.core.order("U1", 400, 0)
    await world.report(0, 1000, unit="U2")
    submit, failed = world.core.submit, []

    async def once_broken(command: Command, context: Context) -> Receipt:
        if not failed:
            failed.append(command)
            raise RuntimeError("a fault of the program")
        return await submit(command, context)

    monkeypatch.setattr(world.core, "submit", once_broken)
    await world.report(1, 390)
    await world.tick(700)

    assert len(failed) == 1
    assert ("U2", True) in world.core.contacts()
    assert world.live.submitted["failed"] == 1


async def test_task_submits_findings_and_ticks_by_itself() -> None:
    world = World()
    world.clock.speed = 60.0
    task = asyncio.create_task(world.live.run())
    world.core.order("U1", 400, 0)
    world.live.take(
        [report(1, 300, heading_deg=90.0, speed_mps=10.0), report(7, 360, heading_deg=90.0, speed_mps=10.0)]
    )
    world.clock.seconds = 700
    for _ in range(100):
        await asyncio.sleep(0.01)
        if world.core.arrivals() and world.core.contacts():
            break
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert len(world.core.arrivals()) == 1
    assert world.core.contacts() == [("U1", True)]


async def test_stored_positions_at_the_scene_are_no_arrival_and_no_word_from_a_unit_that_is_lost() -> None:
    world = World()
    await world.report(0, 1000)
    world.clock.seconds = 5
    world.core.order("U1", 400, 0)
    await world.tick(100)
    assert world.core.picture.state.units["U1"].lost_contact
    outcomes = [await world.report(100 + s, 400, measured_at=at(50 + s), backfill=True) for s in range(10)]

    assert outcomes == ["backfill"] * 10
    assert world.core.arrivals() == []
    assert world.core.picture.state.units["U1"].lost_contact
    newest = world.live.table.find("U1")
    assert newest is not None
    assert newest.measured_at == at(0)
