"""Road classes and unit classes, and which unit class may use which road class when no tag says otherwise.

Access here is what a police unit may physically and lawfully use on duty, not what the public may: a private compound road is
open to it, an alley too narrow for a car is not open to a car. How fast each class drives belongs to ``routing``.
"""

from typing import Final

COMMAND_VEHICLE: Final = 1
CAR: Final = 2
MOTORCYCLE: Final = 4
FOOT: Final = 8

UNIT_CLASSES: Final[dict[str, int]] = {
    "command_vehicle": COMMAND_VEHICLE,
    "car": CAR,
    "motorcycle": MOTORCYCLE,
    "foot": FOOT,
}
"""Unit class to its bit in ``arc_access`` and ``turn_access``."""

MOTOR: Final = COMMAND_VEHICLE | CAR | MOTORCYCLE
ALL: Final = MOTOR | FOOT

ROAD_CLASSES: Final[tuple[str, ...]] = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "alley",
    "busway",
    "road",
    "track",
    "pedestrian",
    "cycleway",
    "path",
    "footway",
    "steps",
)
"""Index is the value of ``arc_class``. Slip roads have the class of their road and the flag ``LINK``."""

DEFAULT_ACCESS: Final[dict[str, int]] = {
    "motorway": MOTOR,  # police motorcycles use them; nobody walks there
    "trunk": ALL,
    "primary": ALL,
    "secondary": ALL,
    "tertiary": ALL,
    "unclassified": ALL,
    "residential": ALL,
    "living_street": ALL,
    "service": ALL,
    "alley": MOTORCYCLE | FOOT,  # 背街小巷: a car only where a tag or a width of 2.5 m or more says so
    "busway": ALL,
    "road": ALL,
    "track": CAR | MOTORCYCLE | FOOT,
    "pedestrian": MOTORCYCLE | FOOT,
    "cycleway": MOTORCYCLE | FOOT,
    "path": FOOT,
    "footway": FOOT,
    "steps": FOOT,
}
"""Bits per road class, before access tags."""

BRIDGE: Final = 1
TUNNEL: Final = 2
ROUNDABOUT: Final = 4
LINK: Final = 8

CLASS_INDEX: Final[dict[str, int]] = {name: index for index, name in enumerate(ROAD_CLASSES)}

OSM_HIGHWAY: Final[dict[str, str]] = {
    **{name: name for name in ROAD_CLASSES if name not in ("alley", "busway")},
    **{f"{name}_link": name for name in ("motorway", "trunk", "primary", "secondary", "tertiary")},
    "busway": "busway",
    "bus_guideway": "busway",
    "bridleway": "path",
    "corridor": "footway",
    "minor": "unclassified",
}
"""Values of OSM ``highway`` that are roads, and their class; every other value is no road that a unit can use."""


def road_class_of_highway(highway: str, service: str = "") -> tuple[str, bool] | None:
    """Road class of an OSM ``highway`` (and ``service``) value and whether it is a slip road; ``None`` if no road.

    Several values joined by ``;`` count as the first that is a road.
    """
    for value in highway.split(";"):
        value = value.strip()
        road_class = OSM_HIGHWAY.get(value)
        if road_class is None:
            continue
        if road_class == "service" and service == "alley":
            road_class = "alley"
        return road_class, value.endswith("_link")
    return None
