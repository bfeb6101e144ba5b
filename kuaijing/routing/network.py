"""One city's roads for all unit classes: graphs made when first asked for, and (in ``snap``) where a position lies on them.

The entry point of this room. ``load`` is the short way to one class's driven graph.
"""

import threading
from pathlib import Path

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import Ground, open_ground
from kuaijing.routing.errors import UnknownUnitClass
from kuaijing.routing.graph import DrivenGraph, build_graph, junctions_of
from kuaijing.routing.profile import DEFAULT_PROFILE, Profile
from kuaijing.routing.weights import Weights


class Network:
    """The driven graphs of one city under one profile. Safe to share between threads."""

    def __init__(self, ground: Ground, profile: Profile = DEFAULT_PROFILE) -> None:
        self.ground = ground
        self.profile = profile
        self._shared = junctions_of(ground)
        self._graphs: dict[str, DrivenGraph] = {}
        self._making = threading.Lock()

    def graph(self, unit_class: str) -> DrivenGraph:
        """The class's driven graph, made at the first call.

        Raises
        ------
        UnknownUnitClass, NoRoadsForClass
        """
        if unit_class not in UNIT_CLASSES:
            raise UnknownUnitClass(unit_class, tuple(UNIT_CLASSES))
        with self._making:
            if unit_class not in self._graphs:
                driving = self.profile.classes[unit_class]
                self._graphs[unit_class] = build_graph(self.ground, self._shared, unit_class, driving)
            return self._graphs[unit_class]


def base_weights(graph: DrivenGraph) -> Weights:
    """The graph's weights with nothing closed."""
    return graph.base


def load(city_dir: Path | str, unit_class: str, *, profile: Profile | None = None) -> DrivenGraph:
    """The driven graph of one unit class of a city folder.

    Raises
    ------
    DamagedGround, UnknownUnitClass, NoRoadsForClass
    """
    return Network(open_ground(city_dir), DEFAULT_PROFILE if profile is None else profile).graph(unit_class)
