"""A week of real calls through intake, advice, orders, measured arrivals and closing, in virtual time on Jinan's real roads.

Times and kinds are those of Seattle's police in July 2015; places are laid onto Jinan (its box scaled, then the nearest street).
"""

import math
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.spatial import cKDTree

from kuaijing.city.ground import Ground, open_ground
from kuaijing.city.importing import import_city
from kuaijing.domain.commands import Context
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.words import OPEN_INCIDENT, IncidentStatus, UnitStatus
from kuaijing.engine.advice import Advisor, LiveRoads, ReachField
from kuaijing.engine.engine import Engine
from kuaijing.engine.live import LivePicture
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, from_datetime, to_datetime
from kuaijing.reporting import daily_report, files_of_day
from kuaijing.routing import Network
from kuaijing.simulation.actors import road_router
from kuaijing.simulation.callers import Happening
from kuaijing.simulation.officers import Crew
from kuaijing.simulation.virtual import VirtualClock, VirtualShift
from kuaijing.store.memory import MemoryStore
from kuaijing.wire.plans.provisional import provisional
from tests.shared_data import shared_data

SEATTLE = (-122.42, 47.49, -122.24, 47.74)
MONDAY, SUNDAY = datetime(2015, 7, 6), datetime(2015, 7, 13)
KINDS = {
    "THEFT": "theft",
    "TRAFFIC RELATED CALLS": "congestion",
    "SUSPICIOUS CIRCUMSTANCES": "suspicious_person",
    "DISTURBANCES": "disturbance",
    "RESIDENTIAL BURGLARIES": "burglary",
    "AUTO RECOVERIES": "vehicle_theft",
    "ASSAULTS": "injury",
    "FRAUD CALLS": "fraud",
    "TRESPASS": "provocation",
}


@pytest.fixture(scope="module")
def jinan(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    out = tmp_path_factory.mktemp("jinan") / "city"
    layout = Path("kuaijing/city/layouts/jinan.yaml")
    import_city(shared_data("roads/jinan/edges.shp"), out, name="济南", crs="wgs84", columns=layout)
    return open_ground(out)


def seattle_week(ground: Ground) -> list[Happening]:
    """The calls of one week; places scaled from Seattle's box onto the middle of Jinan's network, at the nearest junction."""
    table = pq.read_table(shared_data("incidents/seattle_pd_911_2015.parquet"))
    (west, east), (south, north) = (np.quantile(axis, [0.1, 0.9]) for axis in (ground.node_lon, ground.node_lat))
    drivable = np.unique(np.asarray(ground.arc_tail)[(np.asarray(ground.arc_access) & 2) > 0])
    corners = np.column_stack([ground.node_lon, ground.node_lat])[drivable]
    nearest = cKDTree(corners)
    chance = random.Random(2015)
    calls = []
    for row in table.to_pylist():
        if not MONDAY <= row["t"] < SUNDAY:
            continue
        x = (row["Longitude"] - SEATTLE[0]) / (SEATTLE[2] - SEATTLE[0])
        y = (row["Latitude"] - SEATTLE[1]) / (SEATTLE[3] - SEATTLE[1])
        laid = west + (east - west) * min(max(x, 0), 1), south + (north - south) * min(max(y, 0), 1)
        lon, lat = corners[nearest.query(laid)[1]].tolist()
        at = from_datetime(row["t"].replace(tzinfo=ZoneInfo("Asia/Shanghai"))) + chance.randrange(60_000_000)
        calls.append(
            Happening(
                at=Instant(at),
                lon=lon,
                lat=lat,
                kind=KINDS.get(row["Initial.Type.Group"], "other_incident"),
                where="",
                words=str(row["Event.Clearance.Group"]).lower(),
                caller="",
                phone="",
                handling_s=min(2400.0, chance.lognormvariate(math.log(700), 0.6)),
                again=chance.random() < 0.05,
            )
        )
    return sorted(calls, key=lambda call: call.at)


class KindsOfPlan:
    """Grade and response plan by kind."""

    def __init__(self, plan: PlanDocument) -> None:
        self._kinds = {kind.code: kind for kind in plan.kinds}

    def grade_of(self, kind: str) -> int:
        return self._kinds[kind].grade

    def plan_of(self, kind: str) -> str:
        return self._kinds[kind].plan


def crews_of(plan: PlanDocument, network: Network) -> list[Crew]:
    stands: Callable[[str], tuple[float, float]] = {
        platform.id: (platform.point.lon, platform.point.lat) for platform in plan.platforms
    }.__getitem__
    router = road_router(network, seed=1)
    return [
        Crew(
            unit=unit.unit,
            unit_class=unit.unit_class,
            stands=stands(unit.platform),
            router=router,
            chance=random.Random(f"crew:{unit.unit}"),
            report_every_s=10.0,
            rest_report_every_s=240.0,
        )
        for unit in plan.force
        if unit.on_duty
    ]


@pytest.mark.timeout(1500)
async def test_every_call_of_a_week_ends_and_the_report_adds_up_to_the_log(jinan: Ground) -> None:
    calls = seattle_week(jinan)
    plan, network, zone = provisional(jinan), Network(jinan), ZoneInfo("Asia/Shanghai")
    survey = Survey(jinan, network, plan)
    clock = VirtualClock(Instant(calls[0].at - 60_000_000))
    engine = Engine(MemoryStore(), clock.now, zone)
    await engine.start()
    await engine.submit(plan.in_force("plan-digest", jinan.hash), Context("setup", "setup", clock.now()))
    live = LivePicture(engine, network, clock)
    field = ReachField(LiveRoads(network), survey, live)
    field.refresh(engine.picture, clock.now())

    shift = VirtualShift(clock, engine, live, Advisor(field), survey, KindsOfPlan(plan), crews_of(plan, network))
    tally = await shift.run(calls)

    state = engine.picture.state
    assert tally.calls == len(calls) > 1500
    assert [i.id for i in state.incidents.values() if i.status in OPEN_INCIDENT] == []
    assert {u.status for u in state.units.values()} == {UnitStatus.AVAILABLE}
    assert [u.unit for u in state.units.values() if u.active or u.queued] == []
    assert engine.verify().whole

    logged = Counter(type(entry.event).__name__ for entry in engine.read())
    first = to_datetime(calls[0].at).astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(8)]
    reports = [daily_report(files_of_day(engine, day, zone), day, zone, plan, clock.now()) for day in days]
    assert sum(report.accounts.incidents for report in reports) == tally.opened == logged["IncidentOpened"]
    assert sum(report.accounts.measured for report in reports) > 0.9 * tally.opened
    for report in reports:
        assert report.total.response.of == report.accounts.measured
        for split in (report.by_tier, report.by_beat, report.by_hour):
            assert sum(view.response.of for view in split) == report.total.response.of
            assert sum(view.response.met for view in split) == report.total.response.met
    assert tally.linked + tally.opened == tally.calls
    ended = {i.incident.status for i in engine.list_ended(Instant(0), clock.now(), 100_000)}
    assert ended <= {IncidentStatus.CLOSED, IncidentStatus.MERGED, IncidentStatus.CANCELLED}
    await engine.stop()
