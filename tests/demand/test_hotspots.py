"""Hot spots: planted ones are found, and even ground has none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.demand import DemandError, Grid, getis_ord, kernel_density, peaks

GRID = Grid.over((117.0, 36.6, 117.11, 36.69))  # about 10 km by 10 km, 40 by 40 cells
EVERYWHERE = np.ones(GRID.cells, np.bool_)


def test_a_planted_hot_spot_stands_out_and_the_rest_does_not() -> None:
    random = np.random.default_rng(1)
    count = random.poisson(2.0, GRID.cells).astype(np.float64)
    planted = [10 * GRID.columns + 10, 10 * GRID.columns + 11, 11 * GRID.columns + 10]
    count[planted] += 30

    found = getis_ord(count, GRID, EVERYWHERE)

    assert found.hot[planted].all()
    rows, columns = np.divmod(np.flatnonzero(found.hot), GRID.columns)
    assert (np.hypot(rows - 10.3, columns - 10.3) < 4).all()  # nothing is hot but the spot and its neighbours


def test_even_ground_has_no_hot_spot() -> None:
    found = getis_ord(np.full(GRID.cells, 3.0), GRID, EVERYWHERE)

    assert not found.hot.any()
    assert (found.z == 0).all()


def test_scatter_alone_is_rarely_called_a_hot_spot() -> None:
    hot = [
        getis_ord(np.random.default_rng(seed).poisson(5.0, GRID.cells).astype(np.float64), GRID, EVERYWHERE).hot.any()
        for seed in range(40)
    ]

    assert np.mean(hot) <= 0.15  # 5 % are meant; counts are not quite normal


def test_cells_without_a_street_are_neither_cold_nor_hot() -> None:
    studied = EVERYWHERE.copy()
    studied[: GRID.cells // 2] = False
    count = np.random.default_rng(2).poisson(4.0, GRID.cells).astype(np.float64)

    found = getis_ord(count, GRID, studied)

    assert np.isnan(found.z[~studied]).all()
    assert not found.hot[~studied].any()


def test_the_density_over_the_city_adds_up_to_its_incidents() -> None:
    lon, lat = np.full(50, 117.05), np.full(50, 36.645)

    density = kernel_density(lon, lat, GRID, bandwidth_m=300.0)

    assert density.sum() * 0.25**2 == pytest.approx(50, rel=0.01)  # cells of 250 m
    assert density.argmax() == GRID.cells_of(lon[:1], lat[:1])[0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=GRID.cells, max_size=GRID.cells), st.integers(2, 5))
def test_the_scores_do_not_depend_on_the_unit_of_the_counts(values: list[int], times: int) -> None:
    count = np.array(values, np.float64)

    one, other = getis_ord(count, GRID, EVERYWHERE), getis_ord(count * times, GRID, EVERYWHERE)

    np.testing.assert_allclose(one.z, other.z, atol=1e-6)


def test_impossible_questions_are_refused_by_name() -> None:
    with pytest.raises(DemandError, match="bandwidth_m"):
        kernel_density(np.zeros(1), np.zeros(1), GRID, bandwidth_m=0)
    with pytest.raises(DemandError, match="at least 10"):
        getis_ord(np.zeros(GRID.cells), GRID, np.zeros(GRID.cells, np.bool_))
    with pytest.raises(DemandError, match="negative"):
        getis_ord(np.full(GRID.cells, -1.0), GRID, EVERYWHERE)


def test_one_large_blot_is_told_as_its_peaks() -> None:
    count = np.zeros((GRID.rows, GRID.columns))
    count[10:13, 10:20] = 5.0
    count[11, 11], count[11, 18] = 50.0, 40.0
    hot = count.ravel() > 0

    parted = peaks(hot, count.ravel(), GRID, apart_m=500.0)

    assert [GRID.columns * 11 + 11 in parted[0], GRID.columns * 11 + 18 in parted[1]] == [True, True]
    assert sorted(np.concatenate(parted).tolist()) == np.flatnonzero(hot).tolist()  # every hot cell once
