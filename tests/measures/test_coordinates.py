"""Chinese coordinate systems against published city points, and there and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.measures.coordinates import System, from_wgs84, to_wgs84
from tests.shared_data import shared_data

KEYS: dict[System, str] = {"wgs84": "WGS84", "gcj02": "GCJ02", "bd09": "BD09"}


def city_points() -> dict[System, np.ndarray]:
    points = json.loads(shared_data("coords/wgs84_gcj02_bd09.json").read_text(encoding="utf-8"))["points"]
    assert len(points) == 332
    return {system: np.array([point[key] for point in points]).T for system, key in KEYS.items()}


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_city_points_agree_with_the_published_ones_in_both_directions(system: System) -> None:
    points = city_points()

    there = np.array(from_wgs84(*points["wgs84"], system))
    back = np.array(to_wgs84(*points[system], system))

    # The points come from a map service; against it the published formula is off by a constant half metre each way.
    assert np.abs(there - points[system]).max() < 7e-6
    assert np.abs(back - points["wgs84"]).max() < 7e-6


def test_bd09_of_gcj02_city_points_agrees_to_a_centimetre() -> None:
    points = city_points()

    wgs84 = to_wgs84(*points["gcj02"], "gcj02")

    assert np.abs(np.array(from_wgs84(*wgs84, "bd09")) - points["bd09"]).max() < 1.1e-7


def test_a_known_point_moves_by_the_known_offset() -> None:
    lon, lat = from_wgs84(116.404, 39.915, "gcj02")  # Beijing: about 540 m east-north-east

    assert float(lon) == pytest.approx(116.4102445, abs=1e-6)
    assert float(lat) == pytest.approx(39.9164044, abs=1e-6)


def test_outside_china_gcj02_is_wgs84() -> None:
    lon, lat = from_wgs84([-8.61], [41.15], "gcj02")

    assert (lon[0], lat[0]) == (-8.61, 41.15)


@given(
    lon=st.floats(73.6, 134.8),
    lat=st.floats(18.2, 53.5),
    system=st.sampled_from(["wgs84", "gcj02", "bd09"]),
)
def test_there_and_back_is_the_same_place_to_a_millimetre(lon: float, lat: float, system: System) -> None:
    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, system), system)

    assert abs(float(back_lon) - lon) < 1e-8
    assert abs(float(back_lat) - lat) < 1e-8
