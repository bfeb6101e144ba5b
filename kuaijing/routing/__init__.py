"""Travel times, reach and routes on the roads of one city. Start with ``Network`` or ``load``; see docs/routing.md.

Knows arrays and graphs, never incidents. Set ``NUMBA_CACHE_DIR`` before importing this room to say where compiled code is
kept; ``warm`` fills it.
"""

from kuaijing.routing.errors import RoutingError
from kuaijing.routing.nearest import NearestTwo, combine_nearest, nearest_two
from kuaijing.routing.network import Network, base_weights, load
from kuaijing.routing.profile import DEFAULT_PROFILE, Profile, load_profile
from kuaijing.routing.snaps import Snap, UnitSnaps, units_at
from kuaijing.routing.unit_times import FoundUnits, find_units, times_from_units
from kuaijing.routing.weights import Closure, Weights

__all__ = [
    "DEFAULT_PROFILE",
    "Closure",
    "FoundUnits",
    "NearestTwo",
    "Network",
    "Profile",
    "RoutingError",
    "Snap",
    "UnitSnaps",
    "Weights",
    "base_weights",
    "combine_nearest",
    "find_units",
    "load",
    "load_profile",
    "nearest_two",
    "times_from_units",
    "units_at",
]
