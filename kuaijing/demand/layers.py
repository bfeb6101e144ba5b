"""Further layers of demand beside incidents: hazards, footfall, traffic counts. Each gets the share that an analyst gives it.

A layer says where something gathers, not when: its share is spread over the cells by its own weights and over the week as the
city's incidents are. What incidents keep is the rest, so that the city's sum stays what was counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kuaijing.demand.grid import FloatArray
from kuaijing.demand.rates import DemandRates
from kuaijing.demand.refused import DemandError


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Weighted points, shape ``(n,)`` each, and the share of all demand that they get."""

    name: str
    lon: FloatArray
    lat: FloatArray
    weight: FloatArray
    share: float


def with_layers(rates: DemandRates, layers: Sequence[Layer]) -> DemandRates:
    """The same rates with layers mixed in.

    Raises
    ------
    DemandError
        A share below 0, shares of more than 0.9 together, or a layer with a share and nothing in the grid; it is named.
    """
    layers = [layer for layer in layers if layer.share != 0]
    whole = sum(layer.share for layer in layers)
    if any(not layer.share > 0 for layer in layers) or whole > 0.9:
        shares = ", ".join(f"{layer.name} {layer.share:g}" for layer in layers)
        raise DemandError(f"shares of layers must be 0 or more and 0.9 together at most, got {shares}")
    if not layers:
        return rates
    grid = rates.grid
    added = np.zeros(grid.cells)
    for layer in layers:
        cell = grid.cells_of(layer.lon, layer.lat)
        inside = (cell >= 0) & (layer.weight > 0)
        if not inside.any():
            raise DemandError(
                f"layer {layer.name} has no weight within the city; set its share to 0 or import it again"
            )
        weight = np.bincount(cell[inside], weights=layer.weight[inside], minlength=grid.cells)
        added += layer.share * weight / weight.sum()
    cells = np.union1d(rates.cells, np.flatnonzero(added))
    week = rates.rate.sum(axis=0, dtype=np.float64)
    mixed = added[cells, None] * week
    mixed[np.searchsorted(cells, rates.cells)] += (1 - whole) * rates.rate
    return replace(rates, cells=cells, rate=mixed.astype(np.float32))
