"""Arrived means within 50 m along the road of the place, measured between fixes and kept as an interval in server time."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import Ground
from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.measures.points import Point
from kuaijing.routing.network import Network
from kuaijing.tracking import DEFAULT_THRESHOLDS, Fix, Pipeline, Report
from kuaijing.tracking.arrival import Arrival, Target, Watch
from kuaijing.tracking.road_field import RoadField, Streets
from tests.grid_ground import ground_of
from tests.tracking.reporting_units import at, degrees, report

STREET = ground_of([(0, 0), (1000, 0), (2000, 0)], [(0, 1), (1, 0), (1, 2), (2, 1)])
# Two one-way carriageways 20 m apart, joined 400 m west and 400 m east of the middle.
DIVIDED = ground_of(
    [(-400, 0), (400, 0), (-400, 20), (400, 20)],
    [(0, 1), (3, 2), (0, 2), (2, 0), (1, 3), (3, 1)],
)
BRIDGE = ground_of(
    [(0, 0), (600, 0), (300, -300), (300, 300)],
    [(0, 1), (1, 0), (2, 3), (3, 2), (1, 3), (3, 1), (0, 2), (2, 0)],
    layers=[1, 1, 0, 0, 0, 0, 0, 0],
)
# A street and, 12 or 40 m beside it, a road that meets it only a kilometre off on either side.
BESIDE = [(0, 1), (1, 0), (2, 3), (3, 2), (0, 2), (2, 0), (1, 3), (3, 1)]
ELEVATED = ground_of([(0, 0), (2000, 0), (0, 12), (2000, 12)], BESIDE, layers=[0, 0, 1, 1, 0, 0, 0, 0])
PARALLEL = ground_of([(0, 0), (2000, 0), (0, 40), (2000, 40)], BESIDE)


def watch(
    ground: Ground,
    place: tuple[float, float],
    *,
    ordered: float = 0.0,
    unit_class: str = "car",
    before: Fix | None = None,
) -> Watch:
    point = Point(*degrees(*place))
    snap = Network(ground).snap(point.lon, point.lat, "car")
    field = (
        None if snap is None else RoadField(Streets(ground), snap, UNIT_CLASSES[unit_class], DEFAULT_THRESHOLDS.field_m)
    )
    target = Target(point, None if snap is None else snap.off_road_m, field, unit_class)
    return Watch("A1", "U1", target, at(ordered), before, DEFAULT_THRESHOLDS)


def first_arrival(ground: Ground, watching: Watch, *reports: Report, unit_class: str = "car") -> Arrival | None:
    pipe = Pipeline(Network(ground))
    for each in reports:
        (judgement,) = pipe.judge([each], {"U1": unit_class})
        assert judgement.fix is not None, judgement.refusal
        found = watching.take(judgement.fix)
        if found is not None:
            return found
    return None


def drive(east: float, north: float, heading: float, seconds: float, speed: float = 10.0) -> Report:
    return report(seconds, east, north, heading_deg=heading, speed_mps=speed)


def test_arrival_lies_between_the_fix_outside_and_the_fix_inside() -> None:
    arrival = first_arrival(
        STREET, watch(STREET, (500, 0)), drive(300, 0, 90, 10), drive(440, 0, 90, 20), drive(470, 0, 90, 23)
    )

    assert arrival is not None
    # 60 m away at 20 s: the mark is 10 m on, at 60 m/s at the earliest 0.17 s later; seen 20 m inside at 23 s.
    assert seconds_between(at(20), arrival.earliest) == pytest.approx(10 / 60, abs=0.02)
    assert seconds_between(arrival.latest, at(23)) == pytest.approx(20 / 60, abs=0.02)


def test_fifty_one_metres_away_is_not_there() -> None:
    assert first_arrival(STREET, watch(STREET, (500, 0)), drive(300, 0, 90, 10), drive(449, 0, 90, 25)) is None
    assert first_arrival(STREET, watch(STREET, (500, 0)), drive(300, 0, 90, 10), drive(450.5, 0, 90, 25)) is not None


def test_unit_that_passes_between_two_fixes_has_been_there() -> None:
    arrival = first_arrival(STREET, watch(STREET, (500, 0)), drive(350, 0, 90, 0), drive(700, 0, 90, 20, 17.5))

    assert arrival is not None
    assert at(0) < arrival.earliest < arrival.latest < at(20)


def test_unit_that_turns_off_before_the_place_has_not_been_there() -> None:
    cross = ground_of([(0, 0), (400, 0), (800, 0), (400, 400)], [(0, 1), (1, 0), (1, 2), (2, 1), (1, 3), (3, 1)])
    arrival = first_arrival(cross, watch(cross, (500, 0)), drive(300, 0, 90, 0), drive(400, 150, 0, 25))

    assert arrival is None


def test_other_carriageway_of_a_divided_road_is_not_there_until_it_comes_round() -> None:
    here = watch(DIVIDED, (0, 0))
    opposite = [drive(300 - 10 * s, 20, 270, s) for s in range(60)]
    round_by_the_opening = [drive(-400, 20 - s, 180, 65 + s, 2.0) for s in range(0, 20, 5)]
    back = [drive(-400 + 10 * s, 0, 90, 90 + s) for s in range(40)]

    assert first_arrival(DIVIDED, here, *opposite, *round_by_the_opening) is None
    arrival = first_arrival(DIVIDED, here, *back)
    assert arrival is not None
    assert at(124) <= arrival.latest <= at(126)  # 350 m after the turn


def test_standing_on_the_other_carriageway_is_not_there_either() -> None:
    standing = [report(s, 0, 20, speed_mps=0.0, heading_deg=270.0) for s in range(30)]

    assert first_arrival(DIVIDED, watch(DIVIDED, (0, 0)), drive(100, 20, 270, -5), *standing) is None


def test_stopped_just_past_a_place_on_a_one_way_is_there_on_foot() -> None:
    one_way = ground_of([(0, 0), (1000, 0), (500, 800)], [(0, 1), (1, 2), (2, 0)])
    beyond = [report(s, 530, 0, speed_mps=0.0, heading_deg=90.0) for s in (40, 45)]

    assert first_arrival(one_way, watch(one_way, (500, 0), ordered=30), *beyond) is not None


def test_unit_beneath_the_bridge_is_not_on_it() -> None:
    beneath = [drive(300, -200 + 10 * s, 0, s) for s in range(40)]
    standing = [report(60 + s, 300, -40 + s, speed_mps=0.0) for s in range(5)]
    right_beneath = [report(90 + s, 300, -8, speed_mps=0.0) for s in range(5)]
    on_it = [drive(100 + 10 * s, 0, 90, s) for s in range(30)]
    bridge = BRIDGE.arc_layer.tolist().index(1)
    snap = Network(BRIDGE).snap(*degrees(300, 0), "car", layer=1)
    assert snap is not None
    assert bridge in (snap.arc, snap.twin)

    def on_the_bridge() -> Watch:
        field = RoadField(Streets(BRIDGE), snap, UNIT_CLASSES["car"], DEFAULT_THRESHOLDS.field_m)
        return Watch("A1", "U1", Target(Point(*degrees(300, 0)), 0.0, field, "car"), at(0), None, DEFAULT_THRESHOLDS)

    assert first_arrival(BRIDGE, on_the_bridge(), *beneath, *standing) is None
    assert first_arrival(BRIDGE, on_the_bridge(), *right_beneath) is not None  # at rest no position can tell the two
    assert first_arrival(BRIDGE, on_the_bridge(), *on_it) is not None


@pytest.mark.parametrize("stated", [{"speed_mps": 0.3}, {}, {"accuracy_m": 12.0}], ids=["speed", "nothing", "accuracy"])
def test_unit_that_stands_beside_an_elevated_road_is_there_though_it_was_put_on_that_road(
    stated: dict[str, float],
) -> None:
    noise = random.Random(7)
    here = watch(ELEVATED, (1000, 0))
    coming = [drive(800 + 12 * s, 9 + noise.gauss(0, 1), 90, s, 12.0) for s in range(9)]
    standing = [report(20 + s, 1005 + noise.gauss(0, 3), 7 + noise.gauss(0, 2), **stated) for s in range(60)]
    pipe = Pipeline(Network(ELEVATED))
    fixes = [judgement.fix for judgement in pipe.judge([*coming, *standing], {"U1": "car"})]
    up = {arc for arc in range(len(ELEVATED.arc_layer)) if ELEVATED.arc_layer[arc] == 1}
    assert sum(fix is not None and fix.arc in up for fix in fixes) > 40
    found = [arrival for fix in fixes if fix is not None and (arrival := here.take(fix)) is not None]

    assert found
    assert found[0].earliest <= at(20)  # it came between 8 s and 20 s
    assert at(8) <= found[0].latest <= at(35)


def test_unit_that_passes_on_the_elevated_road_beside_the_place_has_not_been_there() -> None:
    for speed in (6.0, 15.0):
        passing = [drive(600 + speed * s, 12, 90, s, speed) for s in range(int(800 / speed))]
        unsaid = [report(s, 600 + speed * s, 12, accuracy_m=25.0) for s in range(int(800 / speed))]

        assert first_arrival(ELEVATED, watch(ELEVATED, (1000, 0)), *passing) is None
        assert first_arrival(ELEVATED, watch(ELEVATED, (1000, 0)), *unsaid) is None


def test_unit_that_stands_on_the_place_s_street_but_too_far_along_it_is_not_there() -> None:
    standing = [report(s, 1070, 7, speed_mps=0.0) for s in range(20)]

    assert first_arrival(ELEVATED, watch(ELEVATED, (1000, 0)), *standing) is None


def test_stated_accuracy_widens_the_error_to_thirty_metres_at_most() -> None:
    def standing(north: float, accuracy: float) -> list[Report]:
        return [report(s, 1000, north, speed_mps=0.0, accuracy_m=accuracy) for s in range(20)]

    assert first_arrival(PARALLEL, watch(PARALLEL, (1000, 0)), *standing(27, 5.0)) is None
    assert first_arrival(PARALLEL, watch(PARALLEL, (1000, 0)), *standing(27, 28.0)) is not None
    assert first_arrival(PARALLEL, watch(PARALLEL, (1000, 0)), *standing(35, 200.0)) is None


def test_place_off_the_road_is_reached_at_its_point_on_the_road_or_by_walking_in() -> None:
    by_road = first_arrival(STREET, watch(STREET, (500, 200)), drive(400, 0, 90, 0), drive(480, 0, 90, 8))
    walked_in = first_arrival(
        STREET,
        watch(STREET, (500, 200), unit_class="foot"),
        *(report(s, 1000 - s, 200, speed_mps=1.0) for s in range(430, 460, 10)),
        unit_class="foot",
    )

    assert by_road is not None
    assert walked_in is not None


def test_place_without_any_street_near_is_reached_in_a_straight_line() -> None:
    far = watch(STREET, (500, 3000))

    assert far.target.field is None
    assert first_arrival(STREET, far, report(0, 500, 2900), report(10, 500, 2960)) is not None


def test_unit_already_there_when_ordered_arrived_at_the_order_once_confirmed() -> None:
    standing = [report(s, 490, 0, speed_mps=0.0) for s in (0, 10, 20)]
    arrival = first_arrival(STREET, watch(STREET, (500, 0), ordered=15), *standing)

    assert arrival == Arrival("A1", at(15), at(15))


def test_fixes_before_the_order_arrive_nowhere() -> None:
    late_order = watch(STREET, (500, 0), ordered=1000)

    assert first_arrival(STREET, late_order, drive(470, 0, 90, 10), drive(500, 0, 90, 13)) is None


def test_no_arrival_is_earlier_than_the_order() -> None:
    arrival = first_arrival(STREET, watch(STREET, (500, 0), ordered=10), drive(400, 0, 90, 0), drive(480, 0, 90, 20))

    assert arrival is not None
    assert arrival.earliest == at(10)  # at top speed it could have been there at 0.8 s


def test_first_fix_ever_leaves_the_whole_time_since_the_order_open() -> None:
    arrival = first_arrival(STREET, watch(STREET, (500, 0), ordered=0), drive(480, 0, 90, 100))

    assert arrival is not None
    assert arrival.earliest == at(0)
    assert arrival.latest <= at(100)


@settings(max_examples=80, deadline=None)
@given(
    speeds=st.lists(st.floats(3, 30), min_size=1, max_size=40),
    gap=st.sampled_from([1.0, 3.0, 10.0, 30.0]),
    ordered=st.floats(0, 30),
)
def test_interval_holds_the_true_moment_of_arrival(speeds: list[float], gap: float, ordered: float) -> None:
    """A unit drives along the street with changing speed; the moment at which it passed the mark lies in the interval."""
    times, places = [0.0], [0.0]
    for speed in [*speeds, *itertools.repeat(15.0, 200)]:
        times.append(times[-1] + 1.0)
        places.append(places[-1] + speed)
        if places[-1] > 1900:
            break

    def where(moment: float) -> float:
        i = min(int(moment), len(times) - 2)
        return places[i] + (places[i + 1] - places[i]) * (moment - times[i])

    mark = next(t for t in (k / 100 for k in range(100 * len(times))) if where(t) >= 950)
    ticks = [k * gap for k in range(int(times[-1] / gap) + 1)]
    reports = [report(t, where(t), 0, heading_deg=90.0, speed_mps=10.0) for t in ticks if where(t) < 1990]
    arrival = first_arrival(STREET, watch(STREET, (1000, 0), ordered=ordered), *reports)

    if arrival is None:
        assert reports[-1].measured_at < at(mark)
        return
    moment = Instant(max(at(mark), at(ordered)))
    assert arrival.earliest - 30_000 <= moment <= arrival.latest + 30_000
    assert math.isfinite(seconds_between(arrival.earliest, arrival.latest))
