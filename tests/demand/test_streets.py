"""Demand laid on streets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.demand import (
    DemandError,
    Grid,
    StreetPieces,
    on_streets,
    street_length_rates,
    street_metres,
    street_pieces,
)
from kuaijing.demand.rates import DemandRates

GRID = Grid.over((112.0, 28.0, 112.02, 28.02))


def pieces(*rows: tuple[int, int, float]) -> StreetPieces:
    """Street, cell, metres."""
    cells = np.array([cell for _, cell, _ in rows], np.int64)
    lon, lat = GRID.centres(cells)
    return StreetPieces(np.array([s for s, _, _ in rows], np.int64), lon, lat, np.array([m for _, _, m in rows]))


def demand(**per_cell: float) -> DemandRates:
    cells = np.array(sorted(int(name[1:]) for name in per_cell))
    rate = np.repeat(np.array([per_cell[f"c{cell}"] for cell in cells], np.float32)[:, None], 168, axis=1)
    return DemandRates(GRID, cells, rate, "UTC", "history", 1, 0, 0, 0, 1)


def test_a_street_takes_from_each_cell_by_its_length_there() -> None:
    laid = on_streets(demand(c10=4.0, c11=1.0), pieces((0, 10, 300.0), (1, 10, 100.0), (1, 11, 50.0)), 3)

    assert laid.at(0).tolist() == pytest.approx([3.0, 1.0 + 1.0, 0.0])  # 4 * 3/4; 4 * 1/4 + all of cell 11


def test_a_cell_without_streets_gives_to_the_nearest_that_has_one() -> None:
    laid = on_streets(demand(c12=2.0), pieces((0, 10, 100.0), (1, 40, 100.0)), 2)

    assert laid.at(0).tolist() == pytest.approx([2.0, 0.0])
    laid = on_streets(demand(c42=2.0), pieces((0, 10, 100.0), (1, 40, 100.0)), 2)
    assert laid.at(0).tolist() == pytest.approx([0.0, 2.0])


def test_a_city_without_streets_is_refused() -> None:
    with pytest.raises(DemandError, match="no street"):
        on_streets(demand(c12=2.0), pieces(), 2)


def test_demand_of_another_city_is_refused() -> None:
    far = StreetPieces(np.array([0]), np.array([10.0]), np.array([10.0]), np.array([5.0]))
    with pytest.raises(DemandError, match="another city"):
        on_streets(demand(c12=2.0), far, 1)


def test_a_long_street_is_cut_into_pieces_and_both_directions_count_once() -> None:
    # two arcs of one street, 112.001 to 112.011 at 28.01: 983 m, four or five cells
    lon = np.array([112.001, 112.011, 112.011, 112.001])
    lat = np.array([28.01, 28.01, 28.01, 28.01])
    cut = street_pieces(np.array([0, 2, 4]), lon, lat, np.array([0, 0], np.int32), np.array([True, True]))

    assert cut.metres.sum() == pytest.approx(981.8, abs=1)
    assert cut.metres.max() <= 50
    assert np.count_nonzero(street_metres(GRID, cut)) in (4, 5)
    assert set(cut.street.tolist()) == {0}


def test_street_length_rates_laid_on_streets_are_shares_of_length() -> None:
    laid_on = pieces((0, 10, 300.0), (1, 10, 100.0), (1, 11, 50.0))
    laid = on_streets(street_length_rates(GRID, street_metres(GRID, laid_on), "UTC"), laid_on, 2)

    assert laid.at(0).tolist() == pytest.approx([300 / 450, 150 / 450])


@settings(max_examples=60, deadline=None)
@given(
    streets=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 71), st.floats(0.1, 900)), min_size=1, max_size=20),
    rated=st.dictionaries(st.integers(0, 71).map(lambda c: f"c{c}"), st.floats(0.01, 9), min_size=1, max_size=20),
)
def test_the_city_s_sum_is_kept(streets: list[tuple[int, int, float]], rated: dict[str, float]) -> None:
    laid = on_streets(demand(**rated), pieces(*streets), 10)

    assert laid.at(0).sum() == pytest.approx(sum(rated.values()), rel=1e-4)
