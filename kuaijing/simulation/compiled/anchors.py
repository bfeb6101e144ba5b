"""The places that a scenario knows, and the drives between them by the exact router.

Places are demand points, homes, patrol points and, where those lie wide apart, further junctions, so that a unit on its way is never far
from one. A place that no class reaches is left out by the caller. Nothing here knows a plan.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kuaijing.city.classes import MOTOR
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.routing import Network, Snap, Weights, base_weights, flight_milliseconds, times_from_units
from kuaijing.routing.arrays import NO_LIMIT
from kuaijing.routing.snaps import units_at
from kuaijing.simulation.compiled.errors import MalformedScenario
from kuaijing.simulation.compiled.tables import FAR

_WALK_MPS = 1.4
_ARRIVAL_M = 50.0
"""As in ``engine.advice.model``: only what lies beyond is walked."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Rows of the matrices; WGS-84 degrees."""

    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.lon)

    def nearest(self, lon: Floats, lat: Floats, among: int | None = None) -> NDArray[np.int64]:
        """The nearest place (of the first ``among``) to each point, in a straight line."""
        upto = len(self) if among is None else among
        stretch = float(np.cos(np.radians(self.lat.mean())))
        tree = cKDTree(np.column_stack([self.lon[:upto] * stretch, self.lat[:upto]]))
        found = tree.query(np.column_stack([np.asarray(lon) * stretch, lat]))[1]
        return np.asarray(found, dtype=np.int64)


def junctions_of(network: Network) -> tuple[Floats, Floats]:
    """Junctions that a vehicle may use."""
    ground = network.ground
    used = (np.asarray(ground.arc_access) & MOTOR) != 0
    nodes = np.unique(np.asarray(ground.arc_tail)[used])
    return np.asarray(ground.node_lon)[nodes], np.asarray(ground.node_lat)[nodes]


def spread_junctions(network: Network, lon: Floats, lat: Floats, most: int) -> tuple[Floats, Floats]:
    """At most ``most`` junctions, each as far from the given places and from each other as can be (farthest first)."""
    node_lon, node_lat = junctions_of(network)
    if most <= 0 or not len(node_lon):
        return np.zeros(0), np.zeros(0)
    scale = np.radians(1) * EARTH_RADIUS_M
    stretch = float(np.cos(np.radians(node_lat.mean())))
    nodes = np.column_stack([node_lon * stretch, node_lat]) * scale
    given = np.column_stack([np.asarray(lon) * stretch, lat]) * scale
    away = cKDTree(given).query(nodes)[0] if len(given) else np.full(len(nodes), np.inf)
    picked = []
    for _ in range(min(most, len(nodes))):
        far = int(away.argmax())
        if away[far] <= 0:
            break
        picked.append(far)
        np.minimum(away, np.hypot(*(nodes - nodes[far]).T), out=away)
    return node_lon[picked], node_lat[picked]


def drives_between(
    network: Network,
    places: Places,
    classes: Sequence[str],
    *,
    weights: Mapping[str, Weights] | None = None,
    threads: int = 2,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Drives between all places, int32 (classes, places, places) as ``[class, to, from]``, and the walk beyond the road, ms.

    As the engine does, a unit leaves a place from the nearest road that its own class may use, in both directions, and drives to the
    street that the place belongs to. ``weights`` by class where something is closed or slow.

    Raises
    ------
    MalformedScenario
        A place is more than 500 m from any road that a class may use: named by its row and position.
    """
    drives = np.full((len(classes), len(places), len(places)), FAR, np.int32)
    walk = np.zeros(len(places), np.int64)
    for row, unit_class in enumerate(classes):
        if unit_class == "drone":
            for to in range(len(places)):
                drives[row, to] = flight_milliseconds(
                    network.profile, places.lon, places.lat, float(places.lon[to]), float(places.lat[to])
                )
            continue
        graph = network.graph(unit_class)
        used = base_weights(graph) if weights is None or unit_class not in weights else weights[unit_class]
        snaps = [_snap(network, lon, lat, unit_class) for lon, lat in zip(places.lon, places.lat, strict=True)]
        missing = [n for n, snap in enumerate(snaps) if snap is None]
        if missing:
            n = missing[0]
            raise MalformedScenario(
                f"place {n} ({places.lon[n]:.5f}, {places.lat[n]:.5f}) is farther than 500 m from any road that a "
                f"{unit_class} may use ({len(missing)} such); move it to a road or leave it out"
            )
        known: list[Snap] = [snap for snap in snaps if snap is not None]
        own = [
            network.snap(float(lon), float(lat), unit_class) for lon, lat in zip(places.lon, places.lat, strict=True)
        ]
        standing = units_at([snap if snap is not None else there for snap, there in zip(own, known, strict=True)])

        def fill(to: int, row: int = row, known: list[Snap] = known, standing: object = standing) -> None:
            found = times_from_units(graph, used, known[to], standing, limit_ms=NO_LIMIT)  # type: ignore[arg-type]  # noqa: B023
            drives[row, to] = np.where(found >= 0, np.minimum(found, FAR), FAR)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(fill, range(len(places))))
        off = np.array([snap.off_road_m for snap in known])
        walk = np.maximum(walk, np.rint(np.maximum(0.0, off - _ARRIVAL_M) / _WALK_MPS * 1000).astype(np.int64))
    same = np.arange(len(places))
    drives[:, same, same] = 0
    return drives, walk


def _snap(network: Network, lon: float, lat: float, unit_class: str) -> Snap | None:
    """As the engine does: the street that a car finds there, where the class may use it; else the nearest that it may."""
    street = network.snap(float(lon), float(lat), "car")
    graph = network.graph(unit_class)
    if street is not None and graph.arc_node[street.arc] >= 0:
        there = network.place_on(street.arc, street.fraction, unit_class)
        return Snap(
            there.arc, there.fraction, there.twin, there.lon, there.lat, there.street, there.name, street.off_road_m
        )
    return network.snap(float(lon), float(lat), unit_class)
