"""Travel times, reach and routes on the roads of one city. Start with ``Network`` or ``load``; see docs/routing.md.

Knows arrays and graphs, never incidents. Set ``NUMBA_CACHE_DIR`` before importing this room to say where compiled code is
kept; ``warm`` fills it.
"""

from kuaijing.routing.errors import RoutingError
from kuaijing.routing.flight import flight_milliseconds
from kuaijing.routing.isochrones import isochrone
from kuaijing.routing.nearest import NearestTwo, combine_nearest, nearest_two
from kuaijing.routing.network import Network, base_weights, load, reach_times
from kuaijing.routing.profile import DEFAULT_PROFILE, Profile, load_profile
from kuaijing.routing.routes import Route, Turn, route, turn_text
from kuaijing.routing.snaps import Snap, UnitSnaps, units_at
from kuaijing.routing.unit_times import FoundUnits, find_units, times_from_units
from kuaijing.routing.warming import warm
from kuaijing.routing.weights import Closure, Weights

__all__ = [
    "DEFAULT_PROFILE",
    "Closure",
    "FoundUnits",
    "NearestTwo",
    "Network",
    "Profile",
    "Route",
    "RoutingError",
    "Snap",
    "Turn",
    "UnitSnaps",
    "Weights",
    "base_weights",
    "combine_nearest",
    "find_units",
    "flight_milliseconds",
    "isochrone",
    "load",
    "load_profile",
    "nearest_two",
    "reach_times",
    "route",
    "times_from_units",
    "turn_text",
    "units_at",
    "warm",
]
