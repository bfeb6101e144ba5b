"""Inside the blocks: alleys, estate roads and footpaths, some of them dead ends; the lots that are left between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.generate.blocks import Blocks
from kuaijing.city.generate.cutting import Style, cut
from kuaijing.city.generate.kinds import Street, Use
from kuaijing.city.generate.mesh import Edge, Mesh, Ring, edge_of, ring_area


@dataclass(frozen=True)
class Inside:
    """How the inside of a block is cut: lots of about ``lot`` m², by a street drawn from ``wide`` or ``fine``."""

    lot: float
    wide: tuple[Street, ...]
    fine: tuple[Street, ...]
    style: Style


_CROOKED = Style(angle=0.16, offset=0.10, bend=0.05, snap=13.0, gap=8.0)
_PLAIN = Style(angle=0.03, offset=0.06, bend=0.01, snap=30.0, gap=14.0)
_WINDING = Style(angle=0.25, offset=0.12, bend=0.16, snap=20.0, gap=12.0)

_INSIDE = {
    Use.OLD_HOUSES: Inside(
        3.2e3, (Street.ALLEY,), (Street.NARROW, Street.NARROW, Street.ALLEY, Street.FOOTPATH), _CROOKED
    ),
    Use.ESTATE: Inside(1.15e4, (Street.ESTATE,), (Street.ESTATE, Street.ESTATE, Street.FOOTPATH), _PLAIN),
    Use.COMMERCE: Inside(9.0e3, (Street.ALLEY,), (Street.ALLEY, Street.NARROW), _PLAIN),
    Use.OFFICES: Inside(1.6e4, (Street.ESTATE,), (Street.ESTATE,), _PLAIN),
    Use.INDUSTRY: Inside(3.0e4, (Street.ESTATE,), (Street.ESTATE,), _PLAIN),
    Use.SCHOOL: Inside(1.6e4, (Street.ESTATE,), (Street.FOOTPATH,), _PLAIN),
    Use.HOSPITAL: Inside(1.3e4, (Street.ESTATE,), (Street.ESTATE, Street.FOOTPATH), _PLAIN),
    Use.PARK: Inside(1.1e4, (Street.FOOTPATH,), (Street.FOOTPATH,), _WINDING),
    Use.MARKET: Inside(5.0e3, (Street.ALLEY,), (Street.NARROW,), _PLAIN),
    Use.VILLAGE: Inside(4.2e3, (Street.ALLEY, Street.ESTATE), (Street.NARROW, Street.ALLEY), _CROOKED),
}


@dataclass(frozen=True)
class Lots:
    """Land between streets of every kind: rings, and the block each belongs to."""

    rings: list[Ring]
    block: NDArray[np.int64]


def cut_lots(mesh: Mesh, blocks: Blocks, use: NDArray[np.int64], rng: np.random.Generator) -> Lots:
    """Cut every block by the streets inside it and thin those out to dead ends."""
    rings: list[Ring] = []
    owner: list[int] = []
    inner: list[Edge] = []
    for block, ring in enumerate(blocks.rings):
        plan = _INSIDE.get(Use(int(use[block])))
        stack = [mesh.expand(ring)]
        luck = float(np.exp(rng.normal(0, 0.25)))
        while stack:
            face = mesh.expand(stack.pop())
            area = ring_area(mesh.points(face))
            parts = None
            if plan is not None and area > plan.lot * luck * 1.5:
                options = plan.wide if area > 3.4 * plan.lot else plan.fine
                street = options[int(rng.integers(len(options)))]
                parts = cut(mesh, face, plan.style, street, rng)
                if parts is not None:
                    inner.append((parts[0][0], parts[0][-1]))
            if parts is None:
                rings.append(face)
                owner.append(block)
            else:
                stack.extend(parts)
    _dead_ends(mesh, inner, rng)
    return Lots([mesh.expand(ring) for ring in rings], np.array(owner))


def _dead_ends(mesh: Mesh, inner: list[Edge], rng: np.random.Generator) -> None:
    """Close one end of some inner streets, never so that anything is cut off."""
    luck = rng.random(len(inner))
    touched: set[int] = set()
    for index in np.flatnonzero(luck < 0.22).tolist():
        a, b = inner[index]
        edge = edge_of(a, b)
        if edge not in mesh.street or mesh.street[edge] < Street.ESTATE:
            continue
        if a in touched or b in touched or mesh.degree[a] < 3 or mesh.degree[b] < 2:
            continue
        mesh.remove_edge(a, b)
        touched.update((a, b))
