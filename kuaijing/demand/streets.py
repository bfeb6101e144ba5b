"""From cells to streets: how many incidents an hour each street can expect.

A cell's rate lies on the streets within it, by length; a street that runs through several cells takes from each. What was
counted in a cell without any street (a car park, a misplaced call) goes to the nearest cell that has one, so that the
city's sum is kept. Streets are numbers, shapes are arrays; what a unit reaches is not known here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from kuaijing.demand.grid import FloatArray, Grid
from kuaijing.demand.rates import DemandRates
from kuaijing.demand.refused import DemandError
from kuaijing.measures.points import EARTH_RADIUS_M

_PIECE_M = 50.0
"""Streets are laid on the grid in pieces no longer than this."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetPieces:
    """Streets cut into short pieces: street, middle and metres of each, one row a piece."""

    street: NDArray[np.int64]
    lon: FloatArray
    lat: FloatArray
    metres: FloatArray


def street_pieces(
    shape_start: NDArray[np.int64],
    shape_lon: FloatArray,
    shape_lat: FloatArray,
    arc_street: NDArray[np.int32],
    arc_use: NDArray[np.bool_],
) -> StreetPieces:
    """Pieces of every street that has an arc in ``arc_use`` (bool (arcs,)); each street once, by its first such arc.

    The shapes are those of the ground (docs/contracts.md): arc ``i`` has the points ``shape_start[i]:shape_start[i + 1]``.
    """
    used = np.flatnonzero(arc_use)
    _, first = np.unique(arc_street[used], return_index=True)
    arcs = used[first]
    segments = (shape_start[arcs + 1] - shape_start[arcs] - 1).astype(np.int64)
    starts = np.repeat(np.asarray(shape_start)[arcs] - np.cumsum(segments) + segments, segments) + np.arange(
        segments.sum()
    )
    street = np.repeat(np.asarray(arc_street)[arcs].astype(np.int64), segments)
    lon_a, lat_a = np.asarray(shape_lon)[starts], np.asarray(shape_lat)[starts]
    lon_b, lat_b = np.asarray(shape_lon)[starts + 1], np.asarray(shape_lat)[starts + 1]
    east = np.radians(lon_b - lon_a) * np.cos(np.radians((lat_a + lat_b) / 2))
    metres = EARTH_RADIUS_M * np.hypot(east, np.radians(lat_b - lat_a))
    cuts = np.maximum(1, np.ceil(metres / _PIECE_M)).astype(np.int64)
    of = np.repeat(np.arange(len(cuts)), cuts)
    at = (np.arange(len(of)) - np.repeat(np.cumsum(cuts) - cuts, cuts) + 0.5) / cuts[of]
    return StreetPieces(
        street[of],
        lon_a[of] + at * (lon_b - lon_a)[of],
        lat_a[of] + at * (lat_b - lat_a)[of],
        metres[of] / cuts[of],
    )


def street_metres(grid: Grid, pieces: StreetPieces) -> FloatArray:
    """Street metres in each cell of the grid, float64 (grid.cells,)."""
    cell = grid.cells_of(pieces.lon, pieces.lat)
    inside = cell >= 0
    return np.bincount(cell[inside], weights=pieces.metres[inside], minlength=grid.cells).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class StreetDemand:
    """Demand laid on the streets of one ground."""

    rates: DemandRates
    share: sparse.csr_array
    """Share of each cell's rate that lies on each street, (streets, cells of ``rates``); each column sums to 1."""

    @property
    def basis(self) -> str:
        """``history`` or ``street_length``."""
        return self.rates.basis

    def at(self, instant: int) -> FloatArray:
        """Expected incidents per hour on each street at that instant's local hour, float64 (streets,)."""
        return np.asarray(self.share @ self.rates.at(instant).astype(np.float64), dtype=np.float64)


def on_streets(rates: DemandRates, pieces: StreetPieces, street_count: int) -> StreetDemand:
    """Lay ``rates`` on the streets.

    Raises
    ------
    DemandError
        There is no street at all.
    """
    if not len(pieces.street):
        raise DemandError("no street to lay demand on: the city has none that a vehicle may use")
    grid, cells = rates.grid, rates.cells
    piece_cell = grid.cells_of(pieces.lon, pieces.lat)
    has_street = np.unique(piece_cell[piece_cell >= 0])
    if not len(has_street):
        raise DemandError("no street lies within the demand grid: the demand document is another city's")
    served = cells.copy()
    empty = ~np.isin(cells, has_street)
    if empty.any():
        columns, rows = has_street % grid.columns, has_street // grid.columns
        lonely = np.column_stack([cells[empty] % grid.columns, cells[empty] // grid.columns])
        _, nearest = cKDTree(np.column_stack([columns, rows])).query(lonely)
        served[empty] = has_street[nearest]
    # share of each street in each cell with streets, then of each demand cell through the cell that serves it
    inside = piece_cell >= 0
    column = np.searchsorted(has_street, piece_cell[inside])
    metres = sparse.coo_array(
        (pieces.metres[inside], (pieces.street[inside], column)), shape=(street_count, len(has_street))
    ).tocsc()
    metres = metres @ sparse.diags_array(1.0 / np.maximum(metres.sum(axis=0), 1e-9))
    through = sparse.coo_array(
        (np.ones(len(cells)), (np.searchsorted(has_street, served), np.arange(len(cells)))),
        shape=(len(has_street), len(cells)),
    )
    return StreetDemand(rates, sparse.csr_array(metres @ through.tocsc()))
