"""What the survey says of a place: tier by area, hours and priority, beat, road, and whether it lies in the city."""

import itertools
import json
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kuaijing.domain.plan_document import BeatArea, PatrolPoint, PlanDocument, Platform, Polygon, TierArea, hours_of
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.measures.points import Point
from kuaijing.routing.network import Network
from tests.grid_ground import grid_ground, ground_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def box(west: float, south: float, east: float, north: float) -> tuple[Polygon, ...]:
    return ((((west, south), (east, south), (east, north), (west, north), (west, south)),),)


def plan_of(*tiers: TierArea, beats: tuple[BeatArea, ...] = ()) -> PlanDocument:
    return PlanDocument(
        "试验", "", "1", Instant(0), False, True, "Asia/Shanghai", 300.0, "其他", "Rest", tiers, beats,
        (Platform("P1", "一号", "", "B1", Point(112.005, 27.005)),),
        (PatrolPoint("V1", "校门", "B1", None, 60.0, 1, Point(112.006, 27.005)),), (), (), (), (),
    )  # fmt: skip


def at(hour: int, minute: int = 0, zone: ZoneInfo = SHANGHAI) -> Instant:
    return from_datetime(datetime(2026, 11, 21, hour, minute, tzinfo=zone))


GROUND = grid_ground(11, 11, 200.0)  # 112.0 to about 112.0202, 27.0 to 27.018
BEATS = (
    BeatArea("B1", "西", "", "P1", box(112.0, 27.0, 112.01, 27.02)),
    BeatArea("B2", "东", "", "P1", box(112.01, 27.0, 112.021, 27.02)),
)
KEY = TierArea("key", "重点", "", 60.0, hours_of("06:00-23:00"), 20, box(112.004, 27.004, 112.006, 27.006))
SECOND = TierArea("second", "中心", "", 180.0, None, 10, box(112.0, 27.0, 112.01, 27.01))


def survey() -> Survey:
    return Survey(GROUND, Network(GROUND), plan_of(SECOND, KEY, beats=BEATS))


def test_higher_priority_holds_within_its_hours_only() -> None:
    spot = Point(112.005, 27.005)

    assert survey().place(spot, "", at(12)).tier == "key"
    assert survey().place(spot, "", at(22, 59)).tier == "key"
    assert survey().place(spot, "", at(23)).tier == "second"
    assert survey().place(spot, "", at(5, 59)).tier == "second"


def test_hours_are_those_of_the_citys_zone() -> None:
    place = survey().place(
        Point(112.005, 27.005), "", at(12, zone=ZoneInfo("America/Los_Angeles"))
    )  # 04:00 next day there

    assert place.tier == "second"


def test_hours_follow_the_clock_change_of_the_zone() -> None:
    zone = ZoneInfo("Europe/Berlin")  # 2026-10-25: at 03:00 summer time it is 02:00 again
    here = Survey(GROUND, Network(GROUND), plan_of(SECOND, KEY, beats=BEATS), zone)
    spot = Point(112.005, 27.005)

    before = from_datetime(datetime.fromisoformat("2026-10-25T03:59:00+00:00"))  # 04:59 winter time
    after = from_datetime(datetime.fromisoformat("2026-10-25T05:00:00+00:00"))  # 06:00 winter time; 07:00 had it stayed
    assert [here.place(spot, "", moment).tier for moment in (before, after)] == ["second", "key"]


def test_elsewhere_is_rest_with_its_limit() -> None:
    place = survey().place(Point(112.015, 27.015), "某处", at(12))

    assert (place.tier, place.tier_limit_s, place.beat, place.text) == ("rest", 300.0, "B2", "某处")


def test_place_outside_the_beats_is_taken_and_marked() -> None:
    outside = survey().place(Point(112.03, 27.03), "", at(12))
    edge = survey().place(Point(112.0213, 27.005), "", at(12))  # 30 m beyond the last beat

    assert (outside.inside_city, outside.beat, outside.off_road_m) == (False, None, None)
    assert (edge.inside_city, edge.beat) == (True, "B2")


def test_road_and_distance_off_it() -> None:
    place = survey().place(Point(112.0011, 27.0003), "", at(12))  # 33 m north of the southernmost street

    assert place.road == "东西0路"
    assert place.off_road_m == pytest.approx(33.4, abs=1.0)


def test_text_that_names_the_bridge_chooses_the_bridge_over_the_road_beneath() -> None:
    crossing = ground_of(
        [(0, 0), (400, 0), (200, -200), (200, 200)],
        [(0, 1), (1, 0), (2, 3), (3, 2), (1, 3), (3, 1), (0, 2), (2, 0)],
        names=["", "兰花桥", "滨江路"],
        arc_names=[1, 1, 2, 2, 0, 0, 0, 0],
        layers=[1, 1, 0, 0, 0, 0, 0, 0],
    )
    here = Survey(crossing, Network(crossing), plan_of())
    spot = Point(float(crossing.node_lon[2]), float(crossing.node_lat[0]) + 1e-6)

    assert here.place(spot, "兰花桥上追尾", at(12)).road == "兰花桥"
    assert here.place(spot, "滨江路桥下积水", at(12)).road == "滨江路"


def test_an_alley_without_a_name_is_called_by_the_nearest_named_street() -> None:
    town = ground_of(
        [(0, 0), (2000, 0), (1000, 0), (1000, 600)],
        [(0, 2), (2, 0), (2, 1), (1, 2), (2, 3), (3, 2)],
        names=["", "滨江中路"],
        arc_names=[1, 1, 1, 1, 0, 0],
    )
    here = Survey(town, Network(town), plan_of())

    def beside_the_alley(north_m: float) -> Point:
        return Point(float(town.node_lon[2]) + 1e-5, 27.0 + north_m / 111_195)

    near, far = (here.place(beside_the_alley(metres), "", at(12)) for metres in (240.0, 260.0))
    assert (near.road, far.road) == ("滨江中路", "")
    assert near.off_road_m == pytest.approx(1.0, abs=0.2)  # off the alley itself, by which an arrival is measured


def test_a_city_without_any_name_names_no_road() -> None:
    town = ground_of([(0, 0), (500, 0)], [(0, 1), (1, 0)])

    assert Survey(town, Network(town), plan_of()).place(Point(112.001, 27.0), "", at(12)).road == ""


def test_many_places_get_the_same_tier_as_one() -> None:
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(112.0, 112.021, 300), rng.uniform(27.0, 27.02, 300)
    here = survey()
    tiers = here.tiers_of(lon, lat, at(12))

    for i in range(300):
        place = here.place(Point(lon[i], lat[i]), "", at(12))
        assert here.tiers[tiers[i]].id == place.tier


def test_tier_hours_say_when_to_look_again() -> None:
    assert survey().tier_change_minutes() == (6 * 60, 23 * 60)


def test_shared_beat_edge_is_emitted_once() -> None:
    areas = survey().areas_geojson()
    segments: Counter[frozenset[tuple[float, float]]] = Counter()
    for feature in areas["features"]:
        if feature["properties"]["kind"] == "beat_edge":
            line = feature["geometry"]["coordinates"]
            segments.update(frozenset({tuple(a), tuple(b)}) for a, b in itertools.pairwise(line))
    shared = frozenset({(112.01, 27.0), (112.01, 27.02)})

    assert segments[shared] == 1
    assert max(segments.values()) == 1
    json.dumps(areas, allow_nan=False)
    kinds = {feature["properties"]["kind"] for feature in areas["features"]}
    assert kinds == {"tier", "beat", "beat_label", "beat_edge", "platform", "patrol_point"}
