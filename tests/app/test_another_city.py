"""The data of one city is not shown on the map of another."""

import asyncio
from pathlib import Path

import pytest

from kuaijing.app.clock import CityClock
from kuaijing.app.refused import Refused
from kuaijing.app.settings import Settings
from kuaijing.app.wiring import City, assemble
from kuaijing.city.ground import Ground
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import grid_ground, ground_of

HERE = grid_ground(7, 7, 250.0)
WIDER = grid_ground(9, 9, 250.0)
ELSEWHERE = ground_of([(0, 0), (300, 0), (600, 0)], [(0, 1), (1, 0), (1, 2), (2, 1)], origin=(116.0, 39.0))


def _city(ground: Ground, data: Path) -> City:
    return assemble(ground, data, settings=Settings(), clock=CityClock())


async def _worked(ground: Ground, data: Path) -> int:
    city = _city(ground, data)
    async with city.working():
        if city.plans.current() is None:
            await city.put_in_force(provisional(ground, platforms=2), "chief")
        return city.engine.picture.recorded


def test_data_of_another_city_is_refused_and_left_alone(tmp_path: Path) -> None:
    recorded = asyncio.run(_worked(HERE, tmp_path))

    with pytest.raises(Refused, match="belongs to another city: none of the 2 platforms"):
        asyncio.run(_worked(ELSEWHERE, tmp_path))

    assert asyncio.run(_worked(HERE, tmp_path)) == recorded


def test_the_same_city_imported_again_with_more_streets_goes_on(tmp_path: Path) -> None:
    recorded = asyncio.run(_worked(HERE, tmp_path))

    assert asyncio.run(_worked(WIDER, tmp_path)) == recorded
