"""Blocks: the city in pieces between streets and water, neighbours where one can get across."""

import numpy as np
import pytest
import shapely

from kuaijing.city.barriers import Barriers
from kuaijing.studies.blocks import cut_into_blocks
from kuaijing.studies.refused import StudyRefused
from tests.grid_ground import ground_of
from tests.studies.grid_city import two_banks


def test_blocks_neither_gap_nor_overlap() -> None:
    blocks = two_banks().blocks

    whole = shapely.union_all([*blocks.shapes, *blocks.water])

    assert shapely.area(whole) == pytest.approx(shapely.area([*blocks.shapes, *blocks.water]).sum(), rel=1e-9)
    assert isinstance(whole, shapely.Polygon)


def test_water_is_no_block_and_parts_the_banks() -> None:
    city = two_banks()
    north = city.blocks.xy[:, 1] > 0

    assert len(city.blocks.water) >= 1
    assert not (north[city.blocks.edges[:, 0]] != north[city.blocks.edges[:, 1]]).any()  # no way across but the bridge
    assert [north[list(pair)].tolist().count(True) for pair in city.blocks.bridges.tolist()].count(1) >= 1


def test_every_incident_lies_in_one_block_and_demand_is_kept() -> None:
    city = two_banks()

    assert city.demand.rate.sum() == pytest.approx(
        1.0, rel=1e-3
    )  # street length stands in: one incident an hour in all
    assert city.demand.basis == "street_length"
    lon, lat = city.blocks.plane.degrees(city.blocks.xy).T
    np.testing.assert_array_equal(city.blocks.of_points(lon, lat), np.arange(city.blocks.count))


def test_streets_that_enclose_nothing_still_make_one_block_of_what_they_serve() -> None:
    ground = ground_of([(0, 0), (500, 10), (900, 300)], [(0, 1), (1, 0), (1, 2), (2, 1)])

    assert cut_into_blocks(ground, Barriers(False), at_least=1).count >= 1


def test_a_city_without_a_street_for_vehicles_is_refused() -> None:
    ground = ground_of([(0, 0), (500, 10), (900, 300)], [(0, 1), (1, 0), (1, 2), (2, 1)])
    ground.arc_access[:] = 8  # on foot only

    with pytest.raises(StudyRefused, match="no street that a vehicle may use"):
        cut_into_blocks(ground, Barriers(False))
