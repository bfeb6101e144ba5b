"""Where and when incidents are expected."""

from kuaijing.demand.changes import Change, change
from kuaijing.demand.grid import Grid
from kuaijing.demand.hotspots import HotSpots, getis_ord, kernel_density, peaks
from kuaijing.demand.judging import Score, counts_of, judge
from kuaijing.demand.layers import Layer, with_layers
from kuaijing.demand.near_repeat import NearRepeat, near_repeat
from kuaijing.demand.rates import DemandRates, rates, street_length_rates
from kuaijing.demand.refused import DamagedDemand, DemandError, FaultyHistory, NoHistory
from kuaijing.demand.season import Season, find_season
from kuaijing.demand.streets import StreetDemand, StreetPieces, on_streets, street_metres, street_pieces

__all__ = [
    "Change",
    "DamagedDemand",
    "DemandError",
    "DemandRates",
    "FaultyHistory",
    "Grid",
    "HotSpots",
    "Layer",
    "NearRepeat",
    "NoHistory",
    "Score",
    "Season",
    "StreetDemand",
    "StreetPieces",
    "change",
    "counts_of",
    "find_season",
    "getis_ord",
    "judge",
    "kernel_density",
    "near_repeat",
    "on_streets",
    "peaks",
    "rates",
    "street_length_rates",
    "street_metres",
    "street_pieces",
    "with_layers",
]
