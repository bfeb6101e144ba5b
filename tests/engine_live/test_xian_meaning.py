"""What the real traces of twelve vehicles mean under a made plan: beats of a kilometre, a platform where one of them stood longest."""

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from kuaijing.city.ground import open_ground
from kuaijing.city.importing import import_city
from kuaijing.domain.commands import Command
from kuaijing.domain.findings import RecordBeat
from kuaijing.domain.plan_document import BeatArea, PatrolPoint, PlanDocument, Platform
from kuaijing.engine.live import LivePicture, Meaning
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.measures.points import Point
from kuaijing.routing.network import Network
from kuaijing.tracking import Report
from kuaijing.tracking.steps import metres_apart
from tests.engine_live.small_core import SmallCore, TestClock
from tests.engine_live.test_xian_fixes import reports
from tests.shared_data import shared_data
from tests.tracking.reporting_units import at

KM = 1000 / 111_195.0


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    out = tmp_path_factory.mktemp("xian") / "xian"
    import_city(shared_data("roads/xian"), out, columns="xian")
    return Network(open_ground(out))


def beats_of_a_kilometre(given: list[Report]) -> tuple[BeatArea, ...]:
    west, south = min(r.lon for r in given) - 0.001, min(r.lat for r in given) - 0.001
    wide = KM / math.cos(math.radians(south))
    columns = math.ceil((max(r.lon for r in given) - west) / wide)
    rows = math.ceil((max(r.lat for r in given) - south) / KM)
    beats = []
    for i in range(columns):
        for j in range(rows):
            x, y = west + i * wide, south + j * KM
            ring = ((x, y), (x + wide, y), (x + wide, y + KM), (x, y + KM), (x, y))
            beats.append(BeatArea(f"{i}-{j}", "", "", "P1", ((ring,),)))
    return tuple(beats)


def longest_stand(given: list[Report]) -> tuple[str, Point, float]:
    """Who stood where for how long, within 40 m of one fix, found by hand from the rows."""
    best = ("", Point(0.0, 0.0), 0.0)
    for unit in sorted({report.unit for report in given}):
        of = [report for report in given if report.unit == unit]
        for i, start in enumerate(of):
            last = start
            for report in of[i:]:
                if metres_apart(start.lon, start.lat, report.lon, report.lat) > 40:
                    break
                last = report
            seconds = seconds_between(start.measured_at, last.measured_at)
            if seconds > best[2]:
                best = (unit, Point(start.lon, start.lat), seconds)
    return best


def plan(given: list[Report], stand: Point, dwell_s: float) -> PlanDocument:
    return PlanDocument(
        name="p", name_en="p", version="1", valid_from=given[0].measured_at, provisional=False, fictional=True,
        timezone="Asia/Shanghai", rest_limit_s=300.0, rest_name="", rest_name_en="", tier_areas=(),
        beats=beats_of_a_kilometre(given), platforms=(Platform("P1", "", "", "0-0", stand),),
        patrol_points=(PatrolPoint("G1", "", "0-0", None, dwell_s, 1, stand),), closures=(), force=(), kinds=(),
        response_plans=(),
    )  # fmt: skip


class Counting(TestClock):
    def __init__(self, at: Instant) -> None:
        super().__init__()
        self.at = at

    def now(self) -> Instant:
        return self.at


async def meant(network: Network, given: list[Report], document: PlanDocument) -> list[Command]:
    clock = Counting(at(0))
    core = SmallCore([(unit, "car") for unit in sorted({report.unit for report in given})], clock)
    clock.at = given[0].measured_at
    live = LivePicture(core, network, clock)
    survey = Survey(network.ground, network, document, ZoneInfo("Asia/Shanghai"))
    meaning = Meaning(core, clock.now, lambda: survey, live.note_finding)
    live.on_judged.append(meaning.take)
    for report in given:
        clock.at = report.received_at
        live.take([report])
        await live.settle()
    return core.taken


def beats_by_the_rows(given: list[Report], beats: tuple[BeatArea, ...]) -> dict[str, list[str | None]]:
    """The beat of every single fix, by box, without any steadiness."""
    boxes = [(beat.id, beat.polygons[0][0][0], beat.polygons[0][0][2]) for beat in beats]
    found: dict[str, list[str | None]] = {}
    for report in given:
        held = [name for name, (x, y), (to_x, to_y) in boxes if x <= report.lon <= to_x and y <= report.lat <= to_y]
        found.setdefault(report.unit, []).append(held[0] if held else None)
    return found


def changes(of: dict[str, list[str | None]]) -> int:
    return sum(a != b for each in of.values() for a, b in pairwise(each))


async def test_counts_of_the_real_traces_are_those_of_their_drives(network: Network) -> None:
    given = reports(shared_data("gps/xian_trackit_gps.csv"))
    unit, stand, seconds = longest_stand(given)
    document = plan(given, stand, dwell_s=60.0)
    taken = await meant(network, given, document)
    counts = Counter(type(command).__name__ for command in taken)
    naive = changes(beats_by_the_rows(given, document.beats))
    kilometres = sum(
        metres_apart(a.lon, a.lat, b.lon, b.lat) / 1000
        for each in sorted({report.unit for report in given})
        for a, b in pairwise([report for report in given if report.unit == each])
    )
    print(f"Xi'an: {dict(counts)} in {kilometres:.0f} km, {naive} raw changes of cell; {unit} stood {seconds:.0f} s")

    # Twelve cars that drive all the time (none stands longer than 24 s): 173 km over cells of a kilometre are as many crossings
    # less those that cut a corner or lie in a car's last minute. One creeps past the platform for longer than two minutes, which is
    # a post taken and left, and a visit of the patrol point there that asks for a minute.
    assert counts == {"RecordBeat": 117, "RecordPost": 2, "RecordVisit": 1}
    assert naive > counts["RecordBeat"] - 12
    by_unit: dict[str, list[RecordBeat]] = {}
    for command in taken:
        if isinstance(command, RecordBeat):
            by_unit.setdefault(command.unit, []).append(command)
    assert len(by_unit) == 12
    for crossings in by_unit.values():
        for before, after in pairwise(crossings):
            assert before.beat != after.beat
            assert before.latest < after.latest
            assert 0 < seconds_between(after.earliest, after.latest) <= 60  # between two fixes


async def test_a_border_drawn_along_a_real_drive_is_crossed_seldom(network: Network) -> None:
    path = shared_data("gps/xian_trackit_gps.csv")
    given = [report for report in reports(path) if report.unit == "xa_car_1"][
        60:180
    ]  # ten minutes north along one street
    border = sorted(report.lon for report in given)[len(given) // 2]
    west, east = border - 10 * KM, border + 10 * KM
    south, north = given[0].lat - 10 * KM, given[0].lat + 10 * KM

    def half(name: str, x: float, to_x: float) -> BeatArea:
        return BeatArea(name, "", "", "", ((((x, south), (to_x, south), (to_x, north), (x, north), (x, south)),),))

    beats = (half("W", west, border), half("E", border, east))
    document = replace(plan(given, Point(west, south), dwell_s=60.0), beats=beats)
    found = [command for command in await meant(network, given, document) if isinstance(command, RecordBeat)]
    naive = changes(beats_by_the_rows(given, beats))
    print(f"border along xa_car_1: {naive} raw changes, {len(found)} found")

    assert naive >= 5
    assert len(found) <= 3
