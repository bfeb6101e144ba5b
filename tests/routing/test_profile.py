"""The emergency driving profile: every figure can be set, and every fault in the file is told at once."""

from pathlib import Path

import numpy as np
import pytest

from kuaijing.city.classes import CLASS_INDEX, ROAD_CLASSES, UNIT_CLASSES
from kuaijing.routing import DEFAULT_PROFILE, Network, load_profile
from kuaijing.routing.errors import BadProfile
from kuaijing.routing.flight import flight_milliseconds
from tests.routing.worlds import Street, world


def written(folder: Path, text: str) -> Path:
    path = folder / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_file_changes_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    profile = load_profile(
        written(
            tmp_path,
            """
name: 清岚
drone_kmh: 72
classes:
  car:
    speed_kmh: {primary: 72}
    u_turn_s: 20
    maxspeed_factor: 1.5
""",
        )
    )
    car, default = profile.classes["car"], DEFAULT_PROFILE.classes["car"]

    assert (profile.name, profile.drone_kmh, car.u_turn_s, car.maxspeed_factor) == ("清岚", 72, 20, 1.5)
    assert car.speeds()[CLASS_INDEX["primary"]] == 20.0
    assert {name: speed for name, speed in car.speed_kmh.items() if name != "primary"} == {
        name: speed for name, speed in default.speed_kmh.items() if name != "primary"
    }
    assert profile.classes["foot"] == DEFAULT_PROFILE.classes["foot"]


def test_speeds_of_a_profile_reach_the_graph(tmp_path: Path) -> None:
    ground = world({"a": (0, 0), "b": (200, 0)}, [Street("a-b", "primary")])
    fast = load_profile(written(tmp_path, "classes: {car: {speed_kmh: {primary: 72}}}"))

    assert Network(ground, fast).graph("car").base.node_milliseconds.tolist() == [10_000, 10_000]
    assert Network(ground).graph("car").base.node_milliseconds.tolist() == [12_000, 12_000]  # 60 km/h by default


def test_every_fault_is_listed_with_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
drone_kmh: -5
colour: red
classes:
  tank: {}
  foot: 7
  car:
    speed_kmh: {primary: 0, boulevard: 50, alley: fast}
    u_turn_s: yes
    left_s: 1000
    wings: 2
  motorcycle: {speed_kmh: 40}
""",
    )
    with pytest.raises(BadProfile) as refusal:
        load_profile(path)

    assert [fault.split(":")[0] for fault in refusal.value.faults] == [
        "unknown key 'colour'; known are name, drone_kmh, classes",
        "drone_kmh",
        "classes.tank",
        "classes.foot",
        "classes.car.speed_kmh.primary",
        "classes.car.speed_kmh.boulevard",
        "classes.car.speed_kmh.alley",
        "classes.car.u_turn_s",
        "classes.car.left_s",
        "classes.car.wings",
        "classes.motorcycle.speed_kmh",
    ]
    assert "wanted a number from 1 to 250, got 0" in str(refusal.value)


@pytest.mark.parametrize("text", ["[1, 2]", "classes: [car]", "{", "12"])
def test_what_is_no_profile_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadProfile, match=r"profile\.yaml"):
        load_profile(written(tmp_path, text))


def test_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadProfile, match="cannot be read"):
        load_profile(tmp_path / "none.yaml")


def test_default_profile_has_a_speed_for_everything() -> None:
    assert set(DEFAULT_PROFILE.classes) == set(UNIT_CLASSES)
    for driving in DEFAULT_PROFILE.classes.values():
        assert len(driving.speeds()) == len(ROAD_CLASSES)
        assert (driving.speeds() > 0).all()


def test_drone_flies_straight_at_its_speed() -> None:
    degree_m = 111_195.08
    ms = flight_milliseconds(DEFAULT_PROFILE, np.array([117.0, 117.0]), np.array([36.0, 36.01]), 117.0, 36.0)

    assert ms.tolist() == [pytest.approx(0), pytest.approx(0.01 * degree_m / 15 * 1000, abs=1)]  # 54 km/h
