"""A city's demand rests on every history and layer that it has, and is computed again when one of them changes."""

from pathlib import Path

import numpy as np

from kuaijing.engine.advice import CityStreets
from kuaijing.measures.instants import SECOND
from kuaijing.studies.city_rates import rates_of
from kuaijing.studies.records import Records
from kuaijing.studies.shelf import Shelf
from tests.grid_ground import grid_ground
from tests.studies.shelves import holding


def points(lon: float, lat: float, count: int) -> Records:
    return Records(
        np.arange(count) * 3600 * SECOND, np.full(count, lon), np.full(count, lat), np.full(count, "fight"), np.zeros(count, np.int8),
        np.full(count, "call"), np.full(count, np.nan, np.float32), np.ones(count, np.float32),
    )  # fmt: skip


def test_histories_and_layers_make_the_demand_and_a_change_makes_it_anew(tmp_path: Path) -> None:
    ground = grid_ground(7, 7, 250.0)
    streets = CityStreets.of(ground)
    west, south, east, north = ground.bbox
    shelf = Shelf(tmp_path)
    assert rates_of(ground, streets, tmp_path) is None

    shelf.put(holding("calls", "incidents"), points(west, south, 400))
    first = rates_of(ground, streets, tmp_path)
    assert first is not None
    assert first.counted == 400
    assert rates_of(ground, streets, tmp_path).digest == first.digest  # type: ignore[union-attr]

    shelf.put(holding("footfall", "counts"), points(east, north, 3))
    shelf.weigh("footfall", 0.5)
    second = rates_of(ground, streets, tmp_path)
    assert second is not None
    there = np.searchsorted(second.cells, second.grid.cells_of(np.array([east]), np.array([north]))[0])
    assert second.rate[there].sum() > 0.45 * second.rate.sum()
    assert len(list(tmp_path.glob("demand-*.npz"))) == 1


def test_a_damaged_document_is_computed_again(tmp_path: Path) -> None:
    ground = grid_ground(7, 7, 250.0)
    streets = CityStreets.of(ground)
    Shelf(tmp_path).put(holding("calls", "incidents"), points(*ground.bbox[:2], 50))
    first = rates_of(ground, streets, tmp_path)
    (kept,) = tmp_path.glob("demand-*.npz")
    kept.write_bytes(b"half")

    again = rates_of(ground, streets, tmp_path)

    assert first is not None
    assert again is not None
    assert again.digest == first.digest
