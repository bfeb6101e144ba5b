"""The streets that reach is counted on: those that a vehicle may use, with their metres and middles. Made once per ground."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.classes import MOTOR
from kuaijing.city.ground import RoadArrays
from kuaijing.demand import StreetPieces, street_pieces


@dataclass(frozen=True, slots=True, eq=False)
class CityStreets:
    """Per street: metres (0 where no vehicle may drive: such streets are not counted), a point near its middle."""

    metres: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    arc_street: NDArray[np.int32]
    pieces: StreetPieces

    @property
    def count(self) -> int:
        """All streets of the ground, counted or not."""
        return len(self.metres)

    @classmethod
    def of(cls, ground: RoadArrays) -> "CityStreets":
        """The streets of a ground."""
        count = ground.street_count
        vehicles = (np.asarray(ground.arc_access) & MOTOR) != 0
        pieces = street_pieces(ground.shape_start, ground.shape_lon, ground.shape_lat, ground.arc_street, vehicles)
        metres = np.bincount(pieces.street, weights=pieces.metres, minlength=count).astype(np.float64)
        order = np.argsort(pieces.street, kind="stable")
        counted = np.bincount(pieces.street, minlength=count)
        middle = order[np.minimum(np.cumsum(counted) - counted + counted // 2, len(order) - 1)] if len(order) else order
        lon, lat = np.full(count, np.nan), np.full(count, np.nan)
        known = counted > 0
        lon[known], lat[known] = pieces.lon[middle[known]], pieces.lat[middle[known]]
        return cls(metres, lon, lat, np.array(ground.arc_street), pieces)
