"""Where and when incidents are expected."""

from kuaijing.demand.grid import Grid
from kuaijing.demand.rates import DemandRates, rates, street_length_rates
from kuaijing.demand.refused import DamagedDemand, DemandError, FaultyHistory, NoHistory
from kuaijing.demand.streets import StreetDemand, StreetPieces, on_streets, street_metres, street_pieces

__all__ = [
    "DamagedDemand",
    "DemandError",
    "DemandRates",
    "FaultyHistory",
    "Grid",
    "NoHistory",
    "StreetDemand",
    "StreetPieces",
    "on_streets",
    "rates",
    "street_length_rates",
    "street_metres",
    "street_pieces",
]
