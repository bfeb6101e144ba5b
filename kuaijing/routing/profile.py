"""Emergency driving: how fast each unit class goes on each road class, and what turns and signals cost it.

The figures are a starting point, not a measurement: averages of a drive with lights and horn through a Chinese city, slowing
at signals, from which a city should move on to its own measured ones (see docs/routing.md for what each means and for the
YAML form). A signed speed limit is kept up to ``maxspeed_factor``. A road class that a unit class may not enter still has a
speed here, since a tag may open single roads of it. Access is the city's matter, not this file's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import yaml

from kuaijing.city.classes import ROAD_CLASSES, UNIT_CLASSES
from kuaijing.routing.arrays import SingleArray
from kuaijing.routing.errors import BadProfile

MAX_SPEED_KMH: Final = 250.0
MAX_PENALTY_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class ClassDriving:
    """How one unit class drives. Speeds are km/h by road class; penalties are seconds added at a junction."""

    speed_kmh: Mapping[str, float]
    maxspeed_factor: float = 1.2
    link_factor: float = 0.7
    left_s: float = 2.5
    right_s: float = 1.5
    sharp_s: float = 1.0
    u_turn_s: float = 8.0
    signal_s: float = 3.0

    def speeds(self) -> SingleArray:
        """Metres a second by road class index."""
        return np.array([self.speed_kmh[name] / 3.6 for name in ROAD_CLASSES], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole driving profile; ``drone_kmh`` is the cruising speed of a drone, which needs no road."""

    classes: Mapping[str, ClassDriving] = field(default_factory=dict)
    drone_kmh: float = 54.0
    name: str = "default"


def _speeds(*figures: float) -> Mapping[str, float]:
    return MappingProxyType(dict(zip(ROAD_CLASSES, figures, strict=True)))


# In the order of ROAD_CLASSES: motorway trunk primary secondary tertiary unclassified | residential living_street service
# alley busway road | track pedestrian cycleway path footway steps.
DEFAULT_PROFILE: Final = Profile(
    classes=MappingProxyType(
        {
            "command_vehicle": ClassDriving(
                _speeds(90, 70, 52, 46, 40, 34, 26, 15, 14, 8, 40, 30, 12, 8, 8, 5, 5, 3),
                maxspeed_factor=1.1,
                left_s=3.5,
                right_s=2.5,
                sharp_s=2.0,
                u_turn_s=15.0,
                signal_s=4.0,
            ),
            "car": ClassDriving(_speeds(110, 80, 60, 54, 46, 40, 30, 18, 16, 10, 46, 36, 16, 10, 10, 6, 5, 3)),
            "motorcycle": ClassDriving(
                _speeds(100, 76, 60, 54, 48, 42, 34, 22, 20, 18, 46, 38, 18, 12, 16, 8, 6, 3),
                maxspeed_factor=1.3,
                left_s=1.5,
                right_s=1.0,
                sharp_s=0.5,
                u_turn_s=4.0,
                signal_s=2.0,
            ),
            "foot": ClassDriving(
                MappingProxyType(dict.fromkeys(ROAD_CLASSES, 6.5) | {"steps": 3.0}),
                maxspeed_factor=10.0,
                link_factor=1.0,
                left_s=0.0,
                right_s=0.0,
                sharp_s=0.0,
                u_turn_s=0.0,
                signal_s=5.0,
            ),
        }
    )
)
"""Used where the city gives no profile of its own."""


def load_profile(path: Path | str, base: Profile = DEFAULT_PROFILE) -> Profile:
    """Read a YAML profile; what it does not mention stays as in ``base``.

    Raises
    ------
    BadProfile
        The file cannot be read, or states something unknown or impossible; every fault is listed with its place.
    """
    path = Path(path)
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadProfile(str(path), [f"cannot be read as YAML: {error}"]) from None
    return profile_from(document, source=str(path), base=base)


def profile_from(document: object, *, source: str = "profile", base: Profile = DEFAULT_PROFILE) -> Profile:
    """Profile of a parsed YAML document; see ``load_profile``."""
    faults: list[str] = []
    if not isinstance(document, dict):
        raise BadProfile(source, ["is no mapping; wanted the keys name, drone_kmh, classes"])
    faults += [f"unknown key {key!r}; known are name, drone_kmh, classes" for key in document if key not in _TOP_KEYS]
    drone = _number("drone_kmh", document.get("drone_kmh", base.drone_kmh), 1.0, MAX_SPEED_KMH, faults)
    classes = dict(base.classes)
    given = document.get("classes", {})
    if not isinstance(given, dict):
        faults.append(f"classes: wanted a mapping of unit class to figures, got {given!r}")
        given = {}
    for unit_class, figures in given.items():
        if unit_class not in UNIT_CLASSES:
            faults.append(f"classes.{unit_class}: unknown unit class; known are {', '.join(UNIT_CLASSES)}")
        elif not isinstance(figures, dict):
            faults.append(f"classes.{unit_class}: wanted a mapping of figures, got {figures!r}")
        else:
            classes[unit_class] = _class_driving(f"classes.{unit_class}", figures, classes[unit_class], faults)
    if faults:
        raise BadProfile(source, faults)
    return Profile(MappingProxyType(classes), drone, str(document.get("name", base.name)))


_TOP_KEYS: Final = ("name", "drone_kmh", "classes")
_FACTORS: Final = {"maxspeed_factor": (0.1, 10.0), "link_factor": (0.1, 1.0)}
_PENALTIES: Final = ("left_s", "right_s", "sharp_s", "u_turn_s", "signal_s")


def _class_driving(where: str, figures: dict[Any, Any], base: ClassDriving, faults: list[str]) -> ClassDriving:
    known = ("speed_kmh", *_FACTORS, *_PENALTIES)
    changed: dict[str, Any] = {}
    for key, value in figures.items():
        if key == "speed_kmh":
            changed[key] = _speed_table(f"{where}.speed_kmh", value, base, faults)
        elif key in _FACTORS:
            changed[key] = _number(f"{where}.{key}", value, *_FACTORS[key], faults)
        elif key in _PENALTIES:
            changed[key] = _number(f"{where}.{key}", value, 0.0, MAX_PENALTY_S, faults)
        else:
            faults.append(f"{where}.{key}: unknown figure; known are {', '.join(known)}")
    return replace(base, **changed)


def _speed_table(where: str, value: object, base: ClassDriving, faults: list[str]) -> Mapping[str, float]:
    table = dict(base.speed_kmh)
    if not isinstance(value, dict):
        faults.append(f"{where}: wanted a mapping of road class to km/h, got {value!r}")
        return table
    for road_class, speed in value.items():
        if road_class not in table:
            faults.append(f"{where}.{road_class}: unknown road class; known are {', '.join(ROAD_CLASSES)}")
        else:
            table[road_class] = _number(f"{where}.{road_class}", speed, 1.0, MAX_SPEED_KMH, faults)
    return MappingProxyType(table)


def _number(where: str, value: object, least: float, most: float, faults: list[str]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        faults.append(f"{where}: wanted a number from {least:g} to {most:g}, got {value!r}")
        return least
    return float(value)
