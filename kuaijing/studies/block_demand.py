"""What the blocks of a city expect: incidents an hour, the work they make, and how far each is from a place by road."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kuaijing.demand import DemandRates, on_streets, street_length_rates
from kuaijing.engine.advice import CityStreets
from kuaijing.routing import Network, Weights, base_weights, isochrone
from kuaijing.studies.blocks import Blocks, FloatArray, IntArray
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.records import Records

DEFAULT_HANDLING_S: Final = 1500.0
"""Minutes on the scene where the history says none: 25 minutes, the mean of the cities' reports. A starting value."""
_FAR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True, eq=False)
class BlockDemand:
    """Per block, shape (blocks,) each."""

    rate: FloatArray
    """Incidents per hour, mean over the week (or over the hours asked for)."""
    handling_s: float
    """Mean seconds on the scene, the same everywhere."""
    basis: str
    """``history``, or ``street_length`` where only shares mean anything."""
    street_of_block: sparse.csr_array
    """Share of each block's demand that lies on each arc's street, (blocks, streets); rows sum to 1."""

    @property
    def work(self) -> FloatArray:
        """Seconds of work an hour without travel."""
        return self.rate * self.handling_s


def demand_of_blocks(
    blocks: Blocks,
    streets: CityStreets,
    rates: DemandRates | None,
    grid: CityGrid,
    *,
    handling_s: float | None = None,
    hours: IntArray | None = None,
) -> BlockDemand:
    """Demand laid on streets, then on blocks. ``hours`` are hours of the week (0 Monday midnight); all where not given."""
    learnt = rates if rates is not None else street_length_rates(grid.grid, grid.street_m, grid.zone)
    pieces = streets.pieces
    per_hour = learnt.rate.mean(axis=1) if hours is None else learnt.rate[:, hours].mean(axis=1)
    street = on_streets(learnt, pieces, streets.count).share @ per_hour.astype(np.float64)
    total = np.bincount(pieces.street, weights=pieces.metres, minlength=streets.count)
    piece = street[pieces.street] * pieces.metres / np.maximum(total[pieces.street], 1e-9)
    block = blocks.of_points(pieces.lon, pieces.lat)
    rate = np.bincount(block, weights=piece, minlength=blocks.count).astype(np.float64)
    share = sparse.coo_array(
        (np.maximum(piece, 1e-12), (block, pieces.street)), shape=(blocks.count, streets.count)
    ).tocsr()
    rows = np.asarray(share.sum(axis=1)).ravel()
    share = sparse.csr_array(sparse.diags_array(1.0 / np.maximum(rows, 1e-300)) @ share)
    return BlockDemand(rate, DEFAULT_HANDLING_S if handling_s is None else handling_s, learnt.basis, share)


def mean_handling_s(records: Records | None) -> float:
    """Mean seconds on the scene of the records that say so; the starting value where none does."""
    if records is None or not np.isfinite(records.on_scene_s).any():
        return DEFAULT_HANDLING_S
    return float(np.nanmean(records.on_scene_s))


class BlockTravel:
    """Drive times from a place to every block, over the streets that its demand lies on."""

    def __init__(self, network: Network, streets: CityStreets, demand: BlockDemand, unit_class: str = "car") -> None:
        self._network, self._class = network, unit_class
        self._graph = network.graph(unit_class)
        self._weights: Weights = base_weights(self._graph)
        self._arc_street, self._streets = streets.arc_street, streets.count
        self._share = demand.street_of_block
        self._reached: dict[tuple[float, float], FloatArray] = {}

    def seconds(self, lon: float, lat: float) -> FloatArray:
        """Seconds to each block, over those of its streets that the class reaches, (blocks,); an hour where it reaches none."""
        key = (lon, lat)
        if key not in self._reached:
            self._reached[key] = self._seconds(lon, lat)
        return self._reached[key]

    def _seconds(self, lon: float, lat: float) -> FloatArray:
        snap = self._network.snap(lon, lat, self._class, within_m=1000.0)
        if snap is None:
            return np.full(self._share.shape[0], _FAR_MS / 1000)
        arc_ms = isochrone(self._graph, self._weights, snap, _FAR_MS)
        street = np.full(self._streets, np.inf)
        known = arc_ms >= 0
        np.minimum.at(street, self._arc_street[known], arc_ms[known])
        # a lane that this class cannot use is walked from the street beside it: it says nothing of the drive
        reached = np.isfinite(street)
        part = self._share @ reached.astype(np.float64)
        drive = self._share @ np.where(reached, street, 0.0)
        return np.where(part > 0, drive / np.maximum(part, 1e-300), _FAR_MS) / 1000


def sum_by(labels: NDArray[np.int64], values: FloatArray, k: int) -> FloatArray:
    """Sum of ``values`` in each of ``k`` groups."""
    return np.bincount(labels, weights=values, minlength=k).astype(np.float64)
