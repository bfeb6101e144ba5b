"""One small and one middling city, made once for all tests of this room."""

from pathlib import Path

import pytest

from kuaijing.city.generate.drawing import Drawing, draw_city
from kuaijing.city.generate.writing import generate_city


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a 16 km² city with three platforms."""
    out = tmp_path_factory.mktemp("generated") / "city"
    generate_city(out, seed=5, area_km2=16.0)
    return out


@pytest.fixture(scope="session")
def drawing() -> Drawing:
    """The drawing that ``city`` was made from."""
    return draw_city(5, 16.0)
