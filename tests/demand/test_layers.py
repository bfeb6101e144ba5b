"""Layers shift demand to where they gather, by the share that they were given, and add nothing."""

import numpy as np
import pytest

from kuaijing.demand import DemandError, DemandRates, Grid, Layer, rates, with_layers
from kuaijing.measures.instants import SECOND

GRID = Grid.over((117.0, 36.6, 117.05, 36.64))


def history() -> DemandRates:
    random = np.random.default_rng(1)
    at = random.integers(0, 90 * 86_400 * SECOND, 500)
    return rates(
        random.uniform(117.0, 117.05, 500),
        random.uniform(36.6, 36.64, 500),
        at,
        np.full(500, "call"),
        grid=GRID,
        zone="Asia/Shanghai",
    )


def layer(share: float, lon: float = 117.01) -> Layer:
    return Layer("footfall", np.array([lon]), np.array([36.61]), np.array([5.0]), share)


def test_a_layer_takes_its_share_and_the_citys_sum_stays() -> None:
    plain = history()

    mixed = with_layers(plain, [layer(0.3)])

    assert mixed.rate.sum() == pytest.approx(plain.rate.sum(), rel=1e-5)
    here = np.searchsorted(mixed.cells, GRID.cells_of(np.array([117.01]), np.array([36.61]))[0])
    assert mixed.rate[here].sum() >= 0.3 * plain.rate.sum()


def test_a_layer_without_a_share_changes_nothing() -> None:
    plain = history()

    assert with_layers(plain, [layer(0.0)]) is plain


def test_layers_never_drown_the_incidents_and_must_lie_in_the_city() -> None:
    with pytest.raises(DemandError, match=r"footfall 0\.6, footfall 0\.4"):
        with_layers(history(), [layer(0.6), layer(0.4)])
    with pytest.raises(DemandError, match="layer footfall has no weight within"):
        with_layers(history(), [layer(0.2, lon=120.0)])
