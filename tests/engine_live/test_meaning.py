"""What positions mean reaches the core as commands: beats, posts, visits, stops, scenes; each once, also over a restart."""

from dataclasses import replace
from itertools import pairwise

from kuaijing.domain.commands import SetUnitStatus, StampAssignment
from kuaijing.domain.findings import FindingCommand, RecordBeat, RecordPost, RecordSceneLeft, RecordStop, RecordVisit
from kuaijing.domain.plan_document import BeatArea, PatrolPoint, PlanDocument, Platform, hours_of
from kuaijing.domain.words import Step, UnitStatus
from kuaijing.engine.live import LivePicture, Meaning
from kuaijing.engine.survey import Survey
from kuaijing.measures.points import Point
from kuaijing.routing.network import Network
from tests.engine_live.small_core import ZONE, SmallCore, TestClock
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import at, degrees, report

# Streets every 200 m, 2 km by 2 km. Beat B1 is the western half, B2 the eastern; platform P1 stands at 200, 200; patrol point G1 at
# 1600, 1000 asks for 300 s at any hour, G2 at 400, 1600 for 300 s between 02:00 and 04:00. The
# stories begin at 22:13:20 local time, and G3 at 800, 800 closes at 22:30.

GROUND = grid_ground(11, 11, 200.0)
NETWORK = Network(GROUND)


def square(west: float, east: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    corners = [(west, -200.0), (east, -200.0), (east, 2200.0), (west, 2200.0), (west, -200.0)]
    return (tuple(degrees(*corner) for corner in corners),)


PLAN = PlanDocument(
    name="p", name_en="p", version="1", valid_from=at(0), provisional=False, fictional=True, timezone="Asia/Shanghai",
    rest_limit_s=300.0, rest_name="", rest_name_en="", tier_areas=(),
    beats=(BeatArea("B1", "", "", "P1", (square(-200, 1000),)), BeatArea("B2", "", "", "P2", (square(1000, 2200),))),
    platforms=(Platform("P1", "", "", "B1", Point(*degrees(200, 200))),),
    patrol_points=(
        PatrolPoint("G1", "", "B2", None, 300.0, 1, Point(*degrees(1600, 1000))),
        PatrolPoint("G2", "", "B1", hours_of("02:00-04:00"), 300.0, 1, Point(*degrees(400, 1600))),
        PatrolPoint("G3", "", "B1", hours_of("22:00-22:30"), 300.0, 1, Point(*degrees(800, 800))),
    ),
    closures=(), force=(), kinds=(), response_plans=(),
)  # fmt: skip


class World:
    def __init__(self, *units: str) -> None:
        self.clock = TestClock()
        self.core = SmallCore([(unit, "car") for unit in units or ("U1",)], self.clock)
        self.survey = Survey(GROUND, NETWORK, PLAN, ZONE)
        self.start()

    def start(self) -> None:
        """Also a restart: what was in memory is gone, what the core has recorded is not."""
        self.live = LivePicture(self.core, NETWORK, self.clock)
        self.meaning = Meaning(self.core, self.clock.now, lambda: self.survey, self.live.note_finding)
        self.live.on_judged.append(self.meaning.take)

    async def stand(self, seconds: float, until: float, east: float, north: float, unit: str = "U1") -> float:
        """Reports every ten seconds from one place."""
        while seconds <= until:
            await self.report(seconds, east, north, unit)
            seconds += 10
        return seconds

    async def drive(self, seconds: float, *way: tuple[float, float], unit: str = "U1") -> float:
        """Along straight legs at 10 m/s, a report every five seconds; gives the second of the next report."""
        for (x, y), (to_x, to_y) in pairwise(way):
            metres = abs(to_x - x) + abs(to_y - y)
            for step in range(int(metres / 50)):
                share = step * 50 / metres
                await self.report(seconds, x + (to_x - x) * share, y + (to_y - y) * share, unit)
                seconds += 5
        await self.report(seconds, *way[-1], unit)
        return seconds + 5

    async def report(self, seconds: float, east: float, north: float, unit: str = "U1") -> None:
        self.clock.seconds = seconds
        self.live.take([report(seconds, east, north, unit)])
        await self.live.settle()

    def found(self, kind: type[FindingCommand]) -> list[FindingCommand]:
        return [command for command in self.core.taken if isinstance(command, kind)]


async def test_a_drive_from_beat_to_beat_is_one_finding_and_moves_no_version() -> None:
    world = World()
    version = world.core.picture.state.units["U1"].version
    await world.drive(0, (400, 400), (1800, 400))

    beats = [(found.beat) for found in world.found(RecordBeat) if isinstance(found, RecordBeat)]
    assert beats == ["B1", "B2"]
    assert world.core.picture.state.presence["U1"].beat == "B2"
    assert world.core.picture.state.units["U1"].version == version  # an order made meanwhile still stands


async def test_a_restart_on_the_border_street_finds_nothing_new() -> None:
    world = World()
    second = await world.drive(0, (400, 400), (900, 400))
    world.start()
    await world.drive(second, (990, 400), (990, 2000))

    assert len(world.found(RecordBeat)) == 1


async def test_a_unit_waits_at_its_platform_and_goes() -> None:
    world = World()
    second = await world.stand(0, 300, 210, 205)
    post = world.core.picture.state.presence["U1"].post
    await world.drive(second, (200, 200), (200, 1800), (900, 1800))

    assert post == "platform:P1"
    assert world.core.picture.state.presence["U1"].post is None
    assert [found.post for found in world.found(RecordPost) if isinstance(found, RecordPost)] == ["platform:P1", None]


async def test_a_unit_that_goes_off_duty_on_its_post_is_on_no_post() -> None:
    world = World("U1", "U2")
    second = await world.stand(0, 300, 210, 205)
    world.core.do(SetUnitStatus("U1", UnitStatus.OFF_DUTY))
    await world.report(second, 1000, 1000, "U2")

    assert world.core.picture.state.presence["U1"].post is None


async def test_a_patrol_point_is_visited_within_its_hours_and_not_outside_them() -> None:
    world = World()
    second = await world.stand(0, 400, 410, 1600)  # G2, hours before it opens
    second = await world.drive(second, (400, 1600), (1600, 1600), (1600, 1000))
    second = await world.stand(second, second + 400, 1605, 1000)  # G1
    await world.drive(second, (1600, 1000), (1600, 200))

    (visit,) = world.found(RecordVisit)
    assert isinstance(visit, RecordVisit)
    assert (visit.point, visit.unit) == ("G1", "U1")
    assert 400 <= visit.dwell_s <= 440  # 400 s, the last report, and the 240 m within the radius
    assert [len(each.visits) for each in world.core.picture.state.patrol.values()] == [1]


async def test_a_unit_that_stands_on_its_way_is_told_until_it_moves_on_and_stays_so_on_the_incidents_timeline() -> None:
    world = World()
    await world.report(0, 0, 0)
    incident = world.core.order("U1", 1800, 1800)
    active = world.core.picture.state.units["U1"].active
    assert active is not None
    world.core.do(StampAssignment(active, Step.EN_ROUTE, at(0)))
    second = await world.drive(5, (0, 0), (600, 0))
    second = await world.stand(second, second + 140, 600, 0)
    standing = world.core.picture.state.presence["U1"]
    await world.drive(second, (600, 0), (1200, 0))

    assert standing.stopped_for == active
    assert [found.stopped for found in world.found(RecordStop) if isinstance(found, RecordStop)] == [True, False]
    assert world.core.picture.state.presence["U1"].stopped_since is None
    assert active.startswith(incident)


async def test_a_unit_that_left_its_scene_is_a_fact_beside_its_stamps_and_clears_nothing() -> None:
    world = World()
    await world.report(0, 600, 0)
    world.core.order("U1", 1000, 0)
    active = world.core.picture.state.units["U1"].active
    assert active is not None
    second = await world.drive(5, (600, 0), (1000, 0))
    second = await world.stand(second, second + 300, 1000, 0)
    await world.drive(second, (1000, 0), (2000, 0), (2000, 600))

    part = world.core.picture.state.assignments[active]
    (left,) = world.found(RecordSceneLeft)
    assert isinstance(left, RecordSceneLeft)
    assert part.left is not None
    assert part.stay_s is not None
    assert 300 <= part.stay_s <= 350
    assert (part.status, part.cleared_at) == ("ordered", None)  # nobody pressed anything


async def test_stopped_on_patrol_is_told_only_away_from_posts_and_patrol_points() -> None:
    world = World("U1", "U2", "U3")
    for second in range(0, 1500, 20):
        await world.report(second, 210, 205, "U1")  # its platform
        await world.report(second, 1605, 1000, "U2")  # a patrol point
        await world.report(second, 800, 1200, "U3")  # nowhere

    assert [(found.unit, found.stopped) for found in world.found(RecordStop) if isinstance(found, RecordStop)] == [
        ("U3", True)
    ]


async def test_time_stood_at_a_patrol_point_in_its_hours_is_not_counted_as_a_stop_once_they_are_over() -> None:
    world = World()
    for second in range(0, 2150, 25):  # the hours end at second 1,000; standing about would be told at 2,200
        await world.report(second, 810, 800)
    before = len(world.found(RecordStop))
    for second in range(2150, 2300, 25):
        await world.report(second, 810, 800)

    assert before == 0
    assert len(world.found(RecordVisit)) == 1
    assert len(world.found(RecordStop)) == 1


async def test_another_plan_with_other_beats_holds_from_the_next_fix() -> None:
    world = World()
    second = await world.stand(0, 60, 400, 400)
    renamed = tuple(replace(beat, id=f"{beat.id}-new") for beat in PLAN.beats)
    world.survey = Survey(GROUND, NETWORK, replace(PLAN, beats=renamed), ZONE)
    await world.stand(second, second + 120, 400, 400)

    assert world.core.picture.state.presence["U1"].beat == "B1-new"
