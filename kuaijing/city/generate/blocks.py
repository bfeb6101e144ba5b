"""From the faces between great streets to blocks: cut and cut again until a block has the size of its quarter.

Old-town blocks are small and crooked, estates are large, fields larger still, and villages sit in them like knots.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.generate.cutting import Style, cut
from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import Street, Zone
from kuaijing.city.generate.mesh import Mesh, Ring, shoelace_many

BLOCK_AREA = {
    Zone.OLD: 1.9e4,
    Zone.CENTRE: 3.4e4,
    Zone.URBAN: 6.2e4,
    Zone.EDGE: 11.0e4,
    Zone.RURAL: 62.0e4,
    Zone.VILLAGE: 1.3e4,
}
"""Mean area of a block in m²."""

STYLE = {
    Zone.OLD: Style(angle=0.13, offset=0.09, bend=0.045, snap=34.0, gap=13.0),
    Zone.CENTRE: Style(angle=0.05, offset=0.06, bend=0.012, snap=62.0, gap=24.0),
    Zone.URBAN: Style(angle=0.05, offset=0.07, bend=0.020, snap=74.0, gap=28.0),
    Zone.EDGE: Style(angle=0.08, offset=0.09, bend=0.035, snap=70.0, gap=28.0),
    Zone.RURAL: Style(angle=0.20, offset=0.12, bend=0.070, snap=80.0, gap=30.0),
    Zone.VILLAGE: Style(angle=0.22, offset=0.11, bend=0.060, snap=22.0, gap=12.0),
}


@dataclass(frozen=True)
class Blocks:
    """Blocks bounded by real streets: rings, areas in m², centres, densities and zones, row for row."""

    rings: list[Ring]
    area: FloatArray
    centre: FloatArray
    density: FloatArray
    zone: NDArray[np.int64]


def zones_of(form: Form, old_town: shapely.Polygon, xy: FloatArray, density: FloatArray) -> NDArray[np.int64]:
    """The zone of each place."""
    zone = np.full(len(xy), int(Zone.RURAL))
    zone[density > 0.10] = Zone.EDGE
    zone[density > 0.28] = Zone.URBAN
    zone[density > 0.70] = Zone.CENTRE
    closeness = form.village_closeness(xy[:, 0], xy[:, 1])
    zone[(closeness < 1) & (zone >= Zone.EDGE)] = Zone.VILLAGE
    zone[shapely.contains_xy(old_town, xy[:, 0], xy[:, 1])] = Zone.OLD
    return zone


def _goal(
    form: Form, zone: NDArray[np.int64], xy: FloatArray, area: FloatArray, luck: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Area above which a face is cut, and whether it lies about a village."""
    goal = np.array([BLOCK_AREA[Zone(z)] for z in range(6)])[zone] * luck
    closeness = form.village_closeness(xy[:, 0], xy[:, 1])
    about = (zone >= Zone.EDGE) & (closeness * 190.0 < 190.0 + 0.45 * np.sqrt(area))
    goal = np.where(about & (zone != Zone.VILLAGE), np.minimum(goal, 5.0e4 * luck), goal)
    return goal, about


def _standing(zone: Zone, area: float) -> Street:
    if zone is Zone.RURAL:
        return Street.COUNTRY
    if zone is Zone.VILLAGE:
        return Street.LOCAL
    if zone is Zone.EDGE and area > 40e4:
        return Street.COUNTRY
    return Street.COLLECTOR if area > 25e4 else Street.LOCAL


def cut_blocks(
    form: Form,
    mesh: Mesh,
    rings: list[Ring],
    old_town: shapely.Polygon,
    river: shapely.Geometry,
    rng: np.random.Generator,
) -> tuple[Blocks, list[Ring]]:
    """Cut all faces down to blocks; the faces of the river itself are returned apart, uncut."""
    faces, water = _apart(mesh, rings, river)
    done: list[Ring] = []
    while faces:
        full = [mesh.expand(ring) for ring in faces]
        area, centre = shoelace_many([mesh.points(ring) for ring in full])
        density = form.density(centre[:, 0], centre[:, 1])
        zone = zones_of(form, old_town, centre, density)
        luck = np.exp(rng.normal(0.18, 0.38, len(full)))
        goal, _ = _goal(form, zone, centre, area, luck)
        faces = []
        for index, ring in enumerate(full):
            kind = Zone(int(zone[index]))
            parts = None
            if area[index] > goal[index]:
                street = _standing(kind, float(area[index]))
                parts = cut(mesh, mesh.expand(ring), STYLE[kind], street, rng, attempts=24)
            if parts is None:
                done.append(ring)
            else:
                faces.extend(parts)
    done = [mesh.expand(ring) for ring in done]
    area, centre = shoelace_many([mesh.points(ring) for ring in done])
    density = form.density(centre[:, 0], centre[:, 1])
    zone = zones_of(form, old_town, centre, density)
    return Blocks(done, area, centre, density, zone), [mesh.expand(ring) for ring in water]


def _apart(mesh: Mesh, rings: list[Ring], river: shapely.Geometry) -> tuple[list[Ring], list[Ring]]:
    shapely.prepare(river)
    polygons = [shapely.Polygon(mesh.points(ring)) for ring in rings]
    wet = np.array([shapely.area(shapely.intersection(river, p)) / p.area for p in polygons]) > 0.35
    dry = [ring for ring, is_wet in zip(rings, wet, strict=True) if not is_wet]
    return dry, [ring for ring, is_wet in zip(rings, wet, strict=True) if is_wet]
