"""Places scattered over a class's roads by length, from a seed: the units and incidents of a bench."""

import numpy as np

from kuaijing.routing import Network, Snap, UnitSnaps
from kuaijing.routing.arrays import FloatArray, IntArray


def _places(network: Network, unit_class: str, count: int, rng: np.random.Generator) -> tuple[IntArray, FloatArray]:
    arcs = network.graph(unit_class).node_arc
    length = np.asarray(network.ground.arc_length_m, np.float64)[arcs]
    chosen = rng.choice(arcs, count, p=length / length.sum())
    return chosen.astype(np.int32), rng.random(count)


def scattered_units(network: Network, unit_class: str, count: int, rng: np.random.Generator) -> UnitSnaps:
    """Units anywhere on the roads; every other one is at rest, the others face along their arc."""
    arc, fraction = _places(network, unit_class, count, rng)
    return UnitSnaps(
        arc=arc,
        fraction=fraction.astype(np.float32),
        off_road_m=np.zeros(count, np.float32),
        both=(np.arange(count) % 2 == 0) & (network.graph(unit_class).twin[arc] >= 0),
    )


def scattered_places(network: Network, unit_class: str, count: int, rng: np.random.Generator) -> list[Snap]:
    """Incident places anywhere on the roads."""
    arc, fraction = _places(network, unit_class, count, rng)
    return [network.place_on(int(a), float(f), unit_class) for a, f in zip(arc, fraction, strict=True)]
