"""One city's roads for all unit classes: graphs made when first asked for, and where positions and drawings lie on them.

The entry point of this room. ``load`` is the short way to one class's driven graph.
"""

import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import Ground, open_ground
from kuaijing.routing.arrays import BoolArray, FloatArray, IntArray
from kuaijing.routing.drawn import WITHIN_M, arcs_near
from kuaijing.routing.errors import UnknownUnitClass
from kuaijing.routing.graph import DrivenGraph, build_graph, junctions_of
from kuaijing.routing.nearest import NearestTwo, nearest_of_classes
from kuaijing.routing.profile import DEFAULT_PROFILE, Profile
from kuaijing.routing.snap import Snapper
from kuaijing.routing.snaps import Snap, UnitSnaps
from kuaijing.routing.street_grid import StreetGrid, street_grid
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

    @cached_property
    def grid(self) -> StreetGrid:
        """What lies where; made at the first use."""
        return street_grid(self.ground)

    @cached_property
    def _snapper(self) -> Snapper:
        return Snapper(self.ground, self.grid)

    def snap(
        self,
        lon: float,
        lat: float,
        unit_class: str,
        *,
        heading_deg: float | None = None,
        layer: int | None = None,
        within_m: float = 500.0,
    ) -> Snap | None:
        """The place on a street usable by the class that suits a position best; ``None`` if none is within ``within_m``.

        ``layer`` is given where a person said which of two roads above one another it is. See ``snap`` for the rule.
        """
        return self._snapper.one(lon, lat, unit_class, heading_deg=heading_deg, layer=layer, within_m=within_m)

    def snap_many(
        self,
        lon: FloatArray,
        lat: FloatArray,
        unit_class: str,
        heading_deg: FloatArray,
        *,
        at_rest: BoolArray | None = None,
        within_m: float = 500.0,
    ) -> UnitSnaps:
        """One row a position; ``heading_deg`` NaN where unknown. A unit ``at_rest`` keeps its side but may leave both ways."""
        return self._snapper.many(lon, lat, unit_class, heading_deg, at_rest=at_rest, within_m=within_m)

    def snap_streets(
        self, lon: float, lat: float, unit_class: str, *, within_m: float = 50.0, most: int = 8
    ) -> list[Snap]:
        """Every street within reach of a position, nearest first: for "which of these roads do you mean?"."""
        return self._snapper.streets(lon, lat, unit_class, within_m=within_m, most=most)

    def place_on(self, arc: int, fraction: float, unit_class: str) -> Snap:
        """The place at a fraction of an arc."""
        return self._snapper.at(arc, fraction, unit_class)

    def arcs_near(self, drawn: BaseGeometry, *, within_m: float = WITHIN_M) -> IntArray:
        """Junction arcs that a drawn line or area means; see ``drawn`` for the rule."""
        return arcs_near(self.ground, self.grid, drawn, within_m)


def reach_times(
    network: Network,
    weights_by_class: Mapping[str, Weights],
    units_by_class: Mapping[str, UnitSnaps],
    limit_ms: int,
    *,
    delay_ms_by_class: Mapping[str, IntArray] | None = None,
) -> NearestTwo:
    """The two soonest units of every junction arc over all classes; ``units.number`` must tell all of them apart."""
    graphs = {name: network.graph(name) for name in units_by_class}
    arcs = len(network.ground.arc_tail)
    return nearest_of_classes(
        arcs, graphs, weights_by_class, units_by_class, limit_ms, delay_ms_by_class=delay_ms_by_class
    )


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
