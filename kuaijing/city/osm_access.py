"""What OpenStreetMap's tags on one way say about who may use it, which way, how fast, and over what.

Pure functions from a mapping of tags. A police unit on duty passes where the public is let in only by right or errand
(``private``, ``destination``, ``customers`` ...), but not where the way is closed (``no``). Follows the OSM wiki's access
hierarchy (access > vehicle > motor_vehicle > motorcar/motorcycle; access > foot).
"""

from collections.abc import Mapping
from math import nan

from kuaijing.city.classes import (
    ALL,
    BRIDGE,
    CAR,
    COMMAND_VEHICLE,
    DEFAULT_ACCESS,
    FOOT,
    LINK,
    MOTOR,
    MOTORCYCLE,
    ROUNDABOUT,
    TUNNEL,
)

Tags = Mapping[str, str]

_CLOSED = frozenset({"no", "agricultural", "forestry", "military", "use_sidepath"})
_ACCESS_LADDER = (
    ("access", ALL),
    ("vehicle", MOTOR),
    ("motor_vehicle", MOTOR),
    ("motorcar", COMMAND_VEHICLE | CAR),
    ("motorcycle", MOTORCYCLE),
    ("foot", FOOT),
    ("emergency", MOTOR),
)
_TRUE = frozenset({"yes", "true", "1"})
_KMH = 1 / 3.6
_MPH = 0.44704


def access_along_and_against(tags: Tags, road_class: str) -> tuple[int, int]:
    """Access bits (along the way, against it) of a way of ``road_class``."""
    bits = DEFAULT_ACCESS[road_class]
    if road_class == "alley" and _metres(tags.get("maxwidth") or tags.get("width")) >= 2.5:
        bits |= COMMAND_VEHICLE | CAR
    if road_class == "track" and tags.get("tracktype") in ("grade4", "grade5"):
        bits &= ~CAR
    for key, bound in _ACCESS_LADDER:
        value = tags.get(key)
        if value is None:
            continue
        if value in _CLOSED:
            bits &= ~bound
        elif key != "access":  # a general access=yes does not open steps or alleys to cars
            bits |= bound
    if _metres(tags.get("maxwidth:physical") or tags.get("maxwidth")) < 1.9:
        bits &= ~(COMMAND_VEHICLE | CAR)
    if _metres(tags.get("maxheight")) < 2.9:
        bits &= ~COMMAND_VEHICLE
    if tags.get("area") == "yes":
        bits &= FOOT
    return _by_direction(tags, road_class, bits)


def _by_direction(tags: Tags, road_class: str, bits: int) -> tuple[int, int]:
    direction = _oneway(tags.get("oneway"))
    if direction is None:
        implied = road_class == "motorway" or tags.get("junction") in ("roundabout", "circular")
        direction = 1 if implied else 0
    along, against = bits, bits
    for mode, bound in (("motor_vehicle", MOTOR), ("motorcar", COMMAND_VEHICLE | CAR), ("motorcycle", MOTORCYCLE)):
        own = _oneway(tags.get(f"oneway:{mode}"))
        if mode == "motor_vehicle" and own is None:
            own = _oneway(tags.get("oneway:vehicle"))
        if mode == "motor_vehicle" or own is not None:
            effective = direction if own is None else own
            along = along & ~bound if effective < 0 else along | (bits & bound)
            against = against & ~bound if effective > 0 else against | (bits & bound)
    on_foot = _oneway(tags.get("oneway:foot") or tags.get("foot:oneway"))
    if on_foot is not None and on_foot > 0:
        against &= ~FOOT
    elif on_foot is not None and on_foot < 0:
        along &= ~FOOT
    for suffix, forward in (("forward", True), ("backward", False)):
        for key, bound in _ACCESS_LADDER:
            if tags.get(f"{key}:{suffix}") in _CLOSED:
                along = along & ~bound if forward else along
                against = against if forward else against & ~bound
    return along, against


def _oneway(value: str | None) -> int | None:
    """1 along, -1 against, 0 both, ``None`` where nothing usable is said."""
    if value is None:
        return None
    if value in _TRUE:
        return 1
    if value in ("-1", "reverse"):
        return -1
    return 0 if value in ("no", "false", "0", "reversible", "alternating") else None


def speeds_along_and_against(tags: Tags) -> tuple[float, float]:
    """Signed speed limits in m/s (along, against), NaN where not signed or not a plain number."""
    both = tags.get("maxspeed")
    return (
        metres_per_second(tags.get("maxspeed:forward") or both),
        metres_per_second(tags.get("maxspeed:backward") or both),
    )


def metres_per_second(value: str | None) -> float:
    """m/s of an OSM ``maxspeed`` value (km/h unless ``mph`` is written); NaN for words, zero and nonsense."""
    if not value:
        return nan
    text = value.strip().lower()
    factor = _KMH
    for unit, unit_factor in (("mph", _MPH), ("km/h", _KMH), ("kmh", _KMH), ("kph", _KMH)):
        if text.endswith(unit):
            text, factor = text[: -len(unit)].strip(), unit_factor
            break
    if text == "walk":
        return 6 * _KMH
    try:
        speed = float(text) * factor
    except ValueError:
        return nan
    return speed if 0.5 <= speed <= 90 else nan


def _metres(value: str | None) -> float:
    """Metres of a width or height tag; NaN (which compares false with everything) where not a plain number."""
    if not value:
        return nan
    try:
        return float(value.strip().removesuffix("m").strip())
    except ValueError:
        return nan


def flags_of(tags: Tags, link: bool) -> int:
    """Bridge, tunnel, roundabout and link bits of a way."""
    flags = LINK if link else 0
    if tags.get("bridge", "no") != "no":
        flags |= BRIDGE
    if tags.get("tunnel", "no") not in ("no", "building_passage"):
        flags |= TUNNEL
    if tags.get("junction") in ("roundabout", "circular"):
        flags |= ROUNDABOUT
    return flags


def layer_of(tags: Tags) -> int:
    """OSM layer as a number from -5 to 5; 0 where not stated or not a number."""
    try:
        return max(-5, min(5, int(float(tags.get("layer", "0")))))
    except (ValueError, OverflowError):
        return 0


_BARRIERS = {
    "bollard": COMMAND_VEHICLE | CAR,
    "bollards": COMMAND_VEHICLE | CAR,
    "cycle_barrier": MOTOR,
    "motorcycle_barrier": MOTOR,
    "block": COMMAND_VEHICLE | CAR,
    "jersey_barrier": MOTOR,
    "debris": MOTOR,
    "log": MOTOR,
    "fence": MOTOR,
    "wall": ALL,
    "hedge": ALL,
    "stile": MOTOR,
    "turnstile": MOTOR,
    "full-height_turnstile": MOTOR,
    "kissing_gate": MOTOR,
    "chain": MOTOR,
    "planter": COMMAND_VEHICLE | CAR,
}


def blocked_by_barrier(tags: Tags) -> int:
    """Unit classes that cannot pass a point; gates, booths and lift gates open for a police unit unless tagged ``no``."""
    bits = _BARRIERS.get(tags.get("barrier", ""), 0)
    for key, bound in _ACCESS_LADDER:
        value = tags.get(key)
        if value is None:
            continue
        bits = (
            bits | bound
            if value in _CLOSED
            else bits & ~bound
            if value in ("yes", "designated", "permissive")
            else bits
        )
    return bits


_BOUND_BY = {
    "restriction": MOTOR,
    "restriction:motor_vehicle": MOTOR,
    "restriction:vehicle": MOTOR,
    "restriction:motorcar": COMMAND_VEHICLE | CAR,
    "restriction:motorcycle": MOTORCYCLE,
}
_EXCEPTED = {"motorcar": COMMAND_VEHICLE | CAR, "motorcycle": MOTORCYCLE, "motor_vehicle": MOTOR, "emergency": MOTOR}


def turn_restriction(tags: Tags) -> tuple[str, int] | None:
    """Value and bound classes of a restriction relation, for example ``("no_left_turn", 7)``; ``None`` if it binds nobody."""
    for key, access in _BOUND_BY.items():
        value = tags.get(key)
        if value and value.startswith(("no_", "only_")):
            for mode in tags.get("except", "").split(";"):
                access &= ~_EXCEPTED.get(mode.strip(), 0)
            return (value, access) if access else None
    return None
