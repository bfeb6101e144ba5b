"""Which units are recommended, and the reason that every other one gets."""

from dataclasses import replace

import pytest

from kuaijing.domain.clocks import Interval
from kuaijing.domain.errors import UnknownIncident
from kuaijing.domain.plan_document import Follower
from kuaijing.domain.words import UnitStatus
from kuaijing.engine.advice.advice import advice_of
from tests.advice.towns import NOW, Town, line_town, row, wants
from tests.routing.worlds import Street

RIVER = {  # two banks 100 m apart, one bridge at the eastern end: 1000 m away
    "a": (0.0, 0.0),
    "b": (500.0, 0.0),
    "c": (1000.0, 0.0),
    "A": (0.0, 100.0),
    "B": (500.0, 100.0),
    "C": (1000.0, 100.0),
}
BANKS = [
    Street("a-b", name="南岸路"),
    Street("b-c", name="南岸路"),
    Street("A-B"),
    Street("B-C"),
    Street("c-C", name="大桥"),
]


def test_nearest_by_road_not_by_air() -> None:
    town = Town(RIVER, BANKS).incident("i", (10, 0))
    town.unit("over_the_river", (10, 100)).unit("along_the_road", (700, 0))
    advice = town.ask()

    assert [c.unit for c in advice.candidates if c.order] == ["along_the_road"]
    chosen, other = row(advice, "along_the_road"), row(advice, "over_the_river")
    assert (chosen.order, chosen.role, chosen.reason) == (1, "first", "nearest")
    assert chosen.road_m == pytest.approx(690, abs=10)
    assert other.reason == "farther"
    assert other.reason_value == pytest.approx(other.arrive_median_s - chosen.arrive_median_s, abs=0.2)
    assert other.road_m == pytest.approx(990 + 100 + 990, abs=15)


def test_the_median_is_the_drive_and_the_reaction() -> None:
    town = line_town().incident("i", (1800, 0)).unit("u", (800, 0))
    unit = row(town.ask(), "u")

    assert unit.arrive_median_s == pytest.approx(15 + 1000 / (46 / 3.6), abs=2.0)  # tertiary at 46 km/h
    assert unit.arrive_p90_s > unit.arrive_median_s
    assert 0.9 < unit.within_limit <= 1.0  # of 180 s


def test_every_unit_is_in_the_list_exactly_once() -> None:
    town = line_town().incident("i", (1800, 0)).incident("other", (0, 0))
    town.unit("free", (0, 0)).unit("off", (1800, 0), status=UnitStatus.OFF_DUTY).unit("drone", (1800, 0), "drone")
    town.unit("broken", (1800, 0), status=UnitStatus.OUT_OF_SERVICE).unit("silent", (1800, 0), lost=True)
    town.unit("busy", (1800, 0), status=UnitStatus.ON_SCENE, on="other").unit("nowhere", None)
    town.unit("court", (1800, 0), status=UnitStatus.BUSY_OTHER).unit("home", None, home=(1700, 0))
    advice = town.ask()

    assert sorted(c.unit for c in advice.candidates) == sorted(town.state.units)
    reasons = {c.unit: c.reason for c in advice.candidates}
    assert reasons["off"] == "off_duty"
    assert reasons["broken"] == "out_of_service"
    assert reasons["silent"] == "no_contact"
    assert reasons["busy"] == "busy"
    assert row(advice, "busy").reason_detail == "other"
    assert reasons["court"] == "busy"
    assert reasons["nowhere"] == "no_position"
    assert reasons["drone"] == "wrong_class"


def test_a_busy_unit_with_a_queue_says_so() -> None:
    town = line_town().incident("i", (1800, 0)).incident("other", (0, 0)).unit("free", (0, 0))
    town.unit("busy", (1800, 0), status=UnitStatus.ON_SCENE, on="other", queued=("x.1", "x.2"))
    unit = row(town.ask(), "busy")

    assert (unit.reason, unit.reason_value) == ("queued_elsewhere", 2.0)


def test_the_wrong_class_is_passed_over_with_its_reason() -> None:
    town = line_town(wants=wants(classes=("motorcycle",))).incident("i", (1800, 0))
    town.unit("car", (1700, 0)).unit("moto", (600, 0), "motorcycle")
    advice = town.ask()

    assert row(advice, "moto").order == 1
    assert (row(advice, "car").reason, row(advice, "car").reason_detail) == ("wrong_class", "car")


def test_a_motorcycle_takes_the_alley_that_a_car_may_not() -> None:
    places = {"a": (0.0, 0.0), "b": (600.0, 0.0), "c": (600.0, 400.0), "d": (0.0, 400.0)}
    alley = Street("a-d", road_class="alley", access=4 | 8)
    town = Town(places, [Street("a-b"), Street("b-c"), Street("c-d"), alley]).incident("i", (50, 400))
    town.unit("car", (0, 0)).unit("moto", (0, 0), "motorcycle")
    advice = town.ask()

    assert row(advice, "moto").order == 1
    assert row(advice, "moto").road_m < 600 < row(advice, "car").road_m


def test_two_units_wanted_are_chosen_together() -> None:
    # The nearest is the only motorcycle near. The first may only be a motorcycle, support anything; the capability is carried
    # by the nearest car but one: one after the other would send the wrong pair.
    plan = wants(1, 1, classes=("car",), skills=("first_aid",))
    town = line_town(30, wants=plan).incident("i", (5800, 0))
    town.unit("near_car", (5600, 0)).unit("aid_car", (5000, 0), skills=("first_aid",))
    town.unit("moto", (5300, 0), "motorcycle").unit("far_aid", (100, 0), "motorcycle", skills=("first_aid",))
    advice = town.ask()

    sent = {c.unit: c.role for c in advice.candidates if c.order}
    assert sent == {"near_car": "first", "aid_car": "support"}
    assert row(advice, "aid_car").reason == "capability"
    assert row(advice, "aid_car").reason_detail == "first_aid"
    assert row(advice, "moto").reason == "missing_capability"
    assert advice.unmet == {}


def test_a_capability_that_nobody_carries_is_unmet_and_units_go_all_the_same() -> None:
    town = line_town(wants=wants(1, skills=("water_rescue",))).incident("i", (1800, 0)).unit("u", (0, 0))
    advice = town.ask()

    assert row(advice, "u").order == 1
    assert advice.unmet == {"capability:water_rescue": 1}


def test_a_follower_of_our_own_is_chosen_too_and_the_others_are_named() -> None:
    followers = (Follower("traffic", "交警", "Traffic", "traffic"), Follower("medical", "急救", "Ambulance", "medical"))
    town = line_town(wants=wants(1, followers=followers)).incident("i", (1800, 0))
    town.unit("near", (1700, 0)).unit("squad", (0, 0), skills=("traffic",))
    advice = town.ask()

    assert {c.unit: c.role for c in advice.candidates if c.order} == {"near": "first", "squad": "follower"}
    assert advice.followers == ("traffic", "medical")
    assert advice.wanted == {"first": 1, "follower": 1}


def test_what_is_ordered_already_is_not_wanted_again() -> None:
    town = line_town(wants=wants(1, 1)).incident("i", (1800, 0))
    town.unit("sent", (0, 0), status=UnitStatus.EN_ROUTE, on="i").unit("free", (900, 0))
    advice = town.ask()

    assert advice.wanted == {"support": 1}
    assert row(advice, "sent").reason == "already_on_it"
    assert (row(advice, "free").role, row(advice, "free").order) == ("support", 1)


def test_no_unit_free_is_said_with_the_soonest_that_could_be_queued() -> None:
    town = line_town(wants=wants(1, 1)).incident("i", (1800, 0)).incident("other", (0, 0), grade=1)
    town.unit("far", (0, 0), status=UnitStatus.ON_SCENE, on="other").unit(
        "near", (1500, 0), status=UnitStatus.BUSY_OTHER
    )
    advice = town.ask()

    assert advice.unmet == {"first": 1, "support": 1}
    assert [c.unit for c in advice.candidates] == ["near", "far"]
    assert advice.candidates[0].arrive_median_s < advice.candidates[1].arrive_median_s


def test_none_reachable_is_said() -> None:
    places = {"a": (0.0, 0.0), "b": (500.0, 0.0), "x": (0.0, 900.0), "y": (500.0, 900.0)}
    town = Town(places, [Street("a-b"), Street("x-y")]).incident("i", (100, 0)).unit("island", (100, 900))
    advice = town.ask()

    assert advice.unmet == {"first": 1}
    assert (row(advice, "island").reason, row(advice, "island").order) == ("unreachable", None)


def test_beyond_the_horizon_only_where_nobody_is_nearer() -> None:
    far = line_town(60, step=200).incident("i", (12_000, 0)).unit("far", (0, 0))  # 12 km at 46 km/h: 15.6 min
    assert row(far.ask(), "far").order == 1
    assert row(far.ask(), "far").arrive_median_s > 600

    both = line_town(60, step=200).incident("i", (12_000, 0)).unit("far", (0, 0)).unit("near", (9000, 0))
    assert row(both.ask(), "near").order == 1
    assert row(both.ask(), "far").reason == "beyond_horizon"


def test_off_the_road_network_is_said_with_the_straight_line_and_a_drone_still_flies() -> None:
    town = line_town(wants=wants(1, classes=("car", "drone"))).incident("i", (1000, 900)).unit("u", (1000, 0))
    advice = town.ask()
    assert (row(advice, "u").reason, row(advice, "u").order) == ("off_road", None)
    assert row(advice, "u").reason_value == pytest.approx(900, abs=2)
    assert advice.unmet == {"first": 1}

    flown = town.unit("drone", (1000, 0), "drone").ask()
    assert row(flown, "drone").order == 1
    assert row(flown, "drone").road_m == pytest.approx(900, abs=2)
    assert row(flown, "drone").arrive_median_s == pytest.approx(30 + 900 / 15, abs=0.5)  # 54 km/h


def test_outside_the_city_it_is_taken_and_said_to_be_off_every_road() -> None:
    town = line_town().incident("i", (0, 30_000)).unit("u", (0, 0))
    advice = town.ask()

    assert not town.state.incidents["i"].place.inside_city
    assert (row(advice, "u").reason, row(advice, "u").order) == ("off_road", None)
    assert row(advice, "u").reason_value == pytest.approx(30_000, rel=0.01)


def test_on_a_bridge_the_units_go_up_to_it_and_not_to_the_road_beneath() -> None:
    # The bridge crosses the quay without a junction; the ramp is 1500 m away.
    places = {"w": (0.0, 0.0), "m": (1500.0, 0.0), "n": (0.0, 300.0), "s": (0.0, -300.0), "r": (1500.0, 300.0)}
    streets = [
        Street("w-m", name="滨江路"),
        Street("m-r"),
        Street("r-n"),
        Street("n-s", name="兰花桥", flags=1, layer=1),
    ]
    town = Town(places, streets).unit("quay", (60, 0)).unit("uptown", (600, 300))

    beneath = town.incident("i", (10, 2), text="滨江路桥下").ask()
    assert row(beneath, "quay").order == 1
    above = town.incident("i", (10, 2), text="兰花桥上").ask()
    assert row(above, "uptown").order == 1
    assert row(above, "quay").road_m > 3000


def test_on_the_wrong_side_of_a_divided_road_the_way_round_counts() -> None:
    # Eastbound at y 0, westbound at y 20; they meet 2 km to the east and at the western end.
    places = {"a": (0.0, 0.0), "b": (2000.0, 0.0), "c": (2000.0, 20.0), "d": (0.0, 20.0)}
    town = Town(places, [Street("a>b"), Street("b-c"), Street("c>d"), Street("a-d")]).incident("i", (500, 20))
    town.unit("other_side", (520, 0)).unit("this_side", (1100, 20))
    advice = town.ask()

    assert row(advice, "this_side").order == 1
    assert row(advice, "this_side").road_m == pytest.approx(600, abs=5)
    assert row(advice, "other_side").road_m == pytest.approx(1480 + 20 + 1500, abs=10)


def test_a_diversion_is_marked_and_must_be_a_minute_sooner_than_a_free_unit() -> None:
    town = line_town(20).incident("i", (3800, 0), grade=1).incident("lesser", (0, 0), grade=3)
    town.unit("passing", (3700, 0), status=UnitStatus.EN_ROUTE, on="lesser").unit("free", (3000, 0))
    advice = town.ask()
    assert row(advice, "free").order == 1  # 63 s of driving against 8: not a minute sooner
    assert (row(advice, "passing").reason, row(advice, "passing").diversion_from) == ("diversion", "lesser")

    town.move("free", (0, 0))
    advice = town.ask()
    assert (row(advice, "passing").order, row(advice, "passing").reason) == (1, "diversion")
    assert row(advice, "passing").diversion_from == "lesser"


def test_nobody_is_diverted_from_what_weighs_as_much_nor_for_a_low_grade() -> None:
    town = line_town().incident("i", (1800, 0), grade=1).incident("same", (0, 0), grade=1)
    town.unit("busy", (1700, 0), status=UnitStatus.EN_ROUTE, on="same")
    assert row(town.ask(), "busy").reason == "busy"

    low = line_town().incident("i", (1800, 0), grade=3).incident("lower", (0, 0), grade=4)
    low.unit("busy", (1700, 0), status=UnitStatus.EN_ROUTE, on="lower")
    advice = low.ask()
    assert (row(advice, "busy").reason, row(advice, "busy").order) == ("diversion", None)
    assert advice.unmet == {"first": 1}


def test_a_stale_position_loses_to_a_fresh_one_and_a_home_is_never_trusted() -> None:
    town = line_town().incident("i", (1800, 0))
    town.unit("stale", (1500, 0), age_s=240, rest=False).unit("fresh", (1300, 0))
    advice = town.ask()
    assert row(advice, "fresh").order == 1
    assert row(advice, "stale").reason == "stale"
    assert row(advice, "stale").fix_age_s == pytest.approx(240)

    town = line_town().incident("i", (1800, 0)).unit("home", None, home=(1700, 0)).unit("fresh", (1000, 0))
    advice = town.ask()
    assert row(advice, "fresh").order == 1
    assert row(advice, "home").fix_age_s is None
    assert row(advice, "home").arrive_p90_s > 100


def test_a_unit_without_a_position_goes_only_where_nobody_else_can_and_says_so() -> None:
    for grade in (1, 3):
        town = line_town(20, limit_s=300.0, wants=wants(1)).incident("i", (3800, 0), grade=grade)
        advice = town.unit("home", None, home=(3800, 0)).unit("far", (0, 0)).ask()
        assert [c.unit for c in advice.candidates] == ["far", "home"]
        assert (row(advice, "far").order, row(advice, "far").reason) == (1, "nearest")
        home = row(advice, "home")
        assert (home.order, home.reason, home.reason_value) == (None, "no_position", None)
        assert home.arrive_median_s > 80  # at the place itself, widened as stale
        assert home.loss_expected_share is None

        alone = line_town(20, wants=wants(1)).incident("i", (3800, 0), grade=grade)
        advice = alone.unit("home", None, home=(3800, 0)).unit("other", None, home=(0, 0)).ask()
        assert (row(advice, "home").order, row(advice, "home").reason) == (1, "no_position")
        assert row(advice, "other").reason == "no_position"
        assert advice.unmet == {}


def test_p90_widens_as_the_fix_ages() -> None:
    widths = []
    for age in (0, 30, 90, 300):
        unit = row(line_town().incident("i", (1800, 0)).unit("u", (800, 0), age_s=age, rest=False).ask(), "u")
        widths.append(unit.arrive_p90_s - unit.arrive_median_s)
    assert widths == sorted(widths)
    assert widths[-1] > 2 * widths[0]


def test_a_closure_changes_the_advice() -> None:
    town = Town(RIVER, [*BANKS, Street("a-A")]).incident("i", (10, 0)).unit("north", (10, 100)).unit("south", (400, 0))
    assert row(town.ask(), "north").order == 1

    town.close("x", (0, 0), (0, 100))
    assert row(town.ask(), "south").order == 1

    del town.state.closures["x"]
    assert row(town.ask(), "north").order == 1


def test_the_digest_is_that_of_the_content_and_the_content_is_read_back() -> None:
    def ask() -> object:
        return line_town(wants=wants(1, 1)).incident("i", (1800, 0)).unit("a", (0, 0)).unit("b", (900, 0)).ask()

    one, same = ask(), ask()
    other = line_town(wants=wants(1, 1)).incident("i", (1800, 0)).unit("a", (0, 0)).unit("b", (950, 0)).ask()

    assert one.digest == same.digest != other.digest  # type: ignore[attr-defined]
    assert len(other.digest) == 64
    assert advice_of(other.canonical()) == other


def test_a_low_grade_does_not_leave_the_motorcycle_at_the_corner_for_a_car_minutes_away() -> None:
    plan = wants(1, classes=("car", "motorcycle"))
    town = line_town(40, limit_s=300.0, wants=plan).incident("i", (4000, 0), grade=3)
    town.unit("moto", (3700, 0), "motorcycle").unit("car", (1500, 0)).unit("car_too", (1400, 0))
    advice = town.ask()

    assert (row(advice, "moto").order, row(advice, "moto").reason) == (1, "nearest")
    assert row(advice, "car").reason == "farther"


def test_cover_is_said_with_what_it_spares_and_how_much_later_it_is() -> None:
    # "only" alone reaches the west; "spare" is one of two in the east, 16 s later.
    town = line_town(40, limit_s=120.0).incident("i", (4000, 0), grade=3)
    town.unit("only", (3300, 0)).unit("spare", (4900, 0)).unit("spare_too", (5800, 0))
    advice = town.ask()
    chosen, passed = row(advice, "spare"), row(advice, "only")

    assert (chosen.order, chosen.reason) == (1, "cover")
    assert chosen.reason_value == pytest.approx(passed.loss_expected_share - chosen.loss_expected_share, abs=1e-6)
    assert int(chosen.reason_detail) == round(chosen.arrive_median_s - passed.arrive_median_s) > 10
    assert (passed.reason, passed.reason_value) == ("cover", passed.loss_expected_share)


def test_a_single_unit_is_never_said_to_be_soonest_together() -> None:
    # The plan likes cars best; both costs count as equal and the car is 4 s later.
    plan = wants(1, classes=("car", "motorcycle"))
    for grade in (1, 3):
        town = line_town(20, wants=plan).incident("i", (2000, 0), grade=grade)
        advice = town.unit("moto", (1800, 0), "motorcycle").unit("car", (2200, 0)).ask()
        assert (row(advice, "car").order, row(advice, "car").reason, row(advice, "car").reason_value) == (
            1,
            "cover",
            0.0,
        )
        assert 0 < int(row(advice, "car").reason_detail) < 10
        assert row(advice, "moto").reason == "cover"


def test_only_the_nearest_of_several_is_said_to_be_nearest() -> None:
    town = line_town(20).incident("i", (3800, 0), grade=2).unit("near", (3600, 0)).unit("far", (1000, 0))
    advice = town.ask(purpose="reinforcement")

    assert (row(advice, "near").order, row(advice, "near").reason) == (1, "nearest")
    assert (row(advice, "far").order, row(advice, "far").reason) == (2, "together")


def test_an_unknown_incident_or_purpose_is_refused_by_name() -> None:
    town = line_town().incident("i", (1800, 0))
    with pytest.raises(UnknownIncident):
        town.ask("nope")
    with pytest.raises(ValueError, match="sideways"):
        town.ask("i", "sideways")


def test_a_city_without_any_unit_says_what_is_unmet() -> None:
    advice = line_town(wants=wants(1, 2)).incident("i", (1800, 0)).ask()

    assert advice.candidates == ()
    assert advice.unmet == {"first": 1, "support": 2}
    assert advice.reach_before == 0.0
    assert advice.made_at == NOW


def test_the_unit_that_asked_for_help_is_not_sent_to_itself() -> None:
    town = line_town().incident("i", (1800, 0)).unit("asked", (1800, 0)).unit("near", (600, 0))
    town.state.incidents["i"] = replace(town.state.incidents["i"], raised_by="asked")
    advice = town.ask()

    assert row(advice, "asked").reason == "already_on_it"
    assert row(advice, "near").order == 1


def test_a_unit_measured_at_its_scene_is_not_offered_as_a_diversion_though_nobody_pressed() -> None:
    town = line_town().incident("i", (1800, 0)).incident("lesser", (1700, 0), grade=4)
    town.unit("there", (1700, 0), status=UnitStatus.EN_ROUTE, on="lesser").unit("free", (0, 0))
    assert row(town.ask(), "there").diversion_from == "lesser"

    part = town.state.assignments["lesser.there"]
    town.state.assignments["lesser.there"] = replace(part, arrived=Interval(NOW, NOW))
    advice = town.ask()

    assert (row(advice, "there").reason, row(advice, "there").diversion_from) == ("busy", None)
    assert row(advice, "free").order == 1
