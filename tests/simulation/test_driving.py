"""A vehicle on its way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.simulation.driving import Leg

# One degree of latitude is 111,195 m on the mean sphere; 0.001 degrees are 111.2 m.
NORTH_THEN_EAST = np.array([[112.0, 28.0], [112.0, 28.001], [112.001, 28.001]])


def test_vehicle_faces_the_way_it_drives() -> None:
    leg = Leg(NORTH_THEN_EAST, seconds=100)

    assert leg.at(10).heading_deg == pytest.approx(0)
    assert leg.at(90).heading_deg == pytest.approx(90)


def test_vehicle_drives_at_an_even_speed_and_stands_at_the_end() -> None:
    leg = Leg(NORTH_THEN_EAST, seconds=100)
    metres = 111.195 * (1 + math.cos(math.radians(28)))  # north leg, then the shorter east leg

    assert leg.metres == pytest.approx(metres, rel=1e-3)
    assert leg.at(50).speed_mps == pytest.approx(metres / 100, rel=1e-3)
    end = leg.at(100)
    assert (end.lon, end.lat, end.speed_mps, end.arrived) == (112.001, 28.001, 0.0, True)


def test_drive_of_no_length_has_arrived_at_once() -> None:
    leg = Leg(np.array([[112.0, 28.0]]), seconds=0)

    assert leg.at(0).arrived


def test_points_of_the_wrong_shape_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"points must have shape \(k, 2\)"):
        Leg(np.array([112.0, 28.0]), seconds=1)


@given(st.floats(0, 100), st.floats(0, 100))
def test_later_is_never_farther_from_the_end(first: float, second: float) -> None:
    leg = Leg(NORTH_THEN_EAST[:2], seconds=100)
    early, late = sorted((first, second))

    assert leg.at(late).lat >= leg.at(early).lat
