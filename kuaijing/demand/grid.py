"""The square cells that demand is counted in: 250 m by default, rows from south, columns from west.

Cells are square in metres at the grid's middle latitude (equirectangular); over 100 km of latitude their width is off by
about one per cent, which no rate notices. A cell is named by ``row * columns + column``. Knows nothing of streets.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.demand.refused import DemandError
from kuaijing.measures.points import EARTH_RADIUS_M

FloatArray = NDArray[np.float64]
CellArray = NDArray[np.int64]

CELL_M = 250.0
"""Side of a cell."""

_MAX_CELLS = 20_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of square cells; ``lon_step`` and ``lat_step`` are degrees."""

    west: float
    south: float
    lon_step: float
    lat_step: float
    columns: int
    rows: int

    @classmethod
    def over(cls, bbox: tuple[float, float, float, float], cell_m: float = CELL_M) -> "Grid":
        """The grid that covers ``bbox`` (west, south, east, north).

        Raises
        ------
        DemandError
            The box is empty, lies at a pole or holds more than 20 million cells.
        """
        west, south, east, north = bbox
        if not (west < east and south < north and south > -85 and north < 85):
            raise DemandError(f"bbox must be west < east and south < north within ±85°, got {bbox}")
        if not cell_m > 0:
            raise DemandError(f"cell_m must be above 0 metres, got {cell_m}")
        metres_per_degree = math.radians(EARTH_RADIUS_M)
        lat_step = cell_m / metres_per_degree
        lon_step = cell_m / (metres_per_degree * math.cos(math.radians((south + north) / 2)))
        columns = max(1, math.ceil((east - west) / lon_step))
        rows = max(1, math.ceil((north - south) / lat_step))
        if columns * rows > _MAX_CELLS:
            raise DemandError(
                f"bbox {bbox} has {columns * rows} cells of {cell_m:g} m, at most {_MAX_CELLS}; name a city"
            )
        return cls(west, south, lon_step, lat_step, columns, rows)

    @property
    def cells(self) -> int:
        """How many cells the grid has."""
        return self.columns * self.rows

    def cells_of(self, lon: FloatArray, lat: FloatArray) -> CellArray:
        """Cell of each point, int64 (points,), -1 outside the grid (and for NaN)."""
        with np.errstate(invalid="ignore"):
            column = np.floor((lon - self.west) / self.lon_step)
            row = np.floor((lat - self.south) / self.lat_step)
            inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
            cell = np.where(inside, row * self.columns + column, -1.0)
        return cell.astype(np.int64)

    def centres(self, cells: CellArray) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude of the cells' centres, float64 (cells,) each."""
        lon = self.west + (cells % self.columns + 0.5) * self.lon_step
        lat = self.south + (cells // self.columns + 0.5) * self.lat_step
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)
