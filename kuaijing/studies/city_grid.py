"""A ground as the grid that demand is counted in: which cells have streets, how many metres, and what the streets are called."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.ground import Ground
from kuaijing.demand import Grid, street_metres
from kuaijing.engine.advice import CityStreets

_EDGE_DEG: Final = 0.003
"""A little more than a cell around the ground, so that streets on its border lie inside."""


@dataclass(frozen=True, slots=True, eq=False)
class CityGrid:
    """The cells of one city."""

    grid: Grid
    street_m: NDArray[np.float64]
    """Street metres per cell, shape ``(grid.cells,)``."""
    zone: str
    road_of: NDArray[np.int64]
    """Name id of the longest named street in each cell, 0 where none has a name."""
    names: tuple[str, ...]

    @property
    def studied(self) -> NDArray[np.bool_]:
        """Cells with a street."""
        return self.street_m > 0

    def road(self, cell: int) -> str:
        """What the cell's longest named street is called; "" where none is."""
        return self.names[int(self.road_of[cell])]

    @classmethod
    def of(cls, ground: Ground, streets: CityStreets) -> "CityGrid":
        """The grid of a ground."""
        west, south, east, north = ground.bbox
        grid = Grid.over((west - _EDGE_DEG, south - _EDGE_DEG, east + _EDGE_DEG, north + _EDGE_DEG))
        pieces = streets.pieces
        name_of = np.zeros(streets.count, np.int64)
        name_of[np.asarray(ground.arc_street)] = np.asarray(ground.arc_name)
        cell, name = grid.cells_of(pieces.lon, pieces.lat), name_of[pieces.street]
        named = (cell >= 0) & (name > 0)
        road_of = np.zeros(grid.cells, np.int64)
        if named.any():
            keys, back = np.unique(np.stack([cell[named], name[named]]), axis=1, return_inverse=True)
            metres = np.bincount(back.ravel(), weights=pieces.metres[named])
            order = np.argsort(metres, kind="stable")  # the longest is written last and stays
            road_of[keys[0][order]] = keys[1][order]
        return cls(grid, street_metres(grid, pieces), ground.timezone, road_of, tuple(ground.names))
