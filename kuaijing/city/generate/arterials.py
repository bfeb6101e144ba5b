"""The great lines of the city: riverside drives, arterials, ring roads, diagonals, bridges, and the faces they leave.

Lines are drawn in grid space, bent into the landscape, clipped to the outline, noded and tidied. A bridge is kept out of
the noding: it springs from the second street inland and passes over the riverside drive, which it does not join.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.noding import OVERLAP, Line, Piece, land_bridges, node_lines

_STEP = 55.0


@dataclass(frozen=True)
class Skeleton:
    """Great streets cut at their junctions, the bridges over them, and the river between."""

    pieces: list[Piece]
    bridges: list[Piece]
    river: shapely.Geometry
    river_line: FloatArray
    old_town: shapely.Polygon
    rings: list[FloatArray]
    """Ring roads as closed lines, the innermost first."""


@dataclass(frozen=True)
class Grid:
    """Where the great lines run in grid space; ``north``/``south`` start beyond the second street inland."""

    across: FloatArray
    across_rank: list[int]
    crossing: list[bool]
    north: FloatArray
    south: FloatArray
    second_gap: float
    drive_gap: float

    def drive(self, form: Form, u: FloatArray, bank: int) -> FloatArray:
        """Riverside drive."""
        return bank * (form.half_width(u) + self.drive_gap)

    def second(self, form: Form, u: FloatArray, bank: int) -> FloatArray:
        """Second street inland: where bridges land."""
        return bank * (form.half_width(u) + self.drive_gap + self.second_gap)


def _steps(rng: np.random.Generator, start: float, form: Form, scale: float) -> FloatArray:
    """Positions from ``start`` outwards, close in the city and wide in the country."""
    positions = [start]
    while positions[-1] < 1.6 * form.radius:
        wide = 1.0 if positions[-1] < 0.95 * form.urban_radius else 2.1
        positions.append(positions[-1] + wide * scale * rng.uniform(560.0, 980.0))
    return np.array(positions)


def _make_grid(form: Form, rng: np.random.Generator) -> Grid:
    scale = float(np.clip(form.radius / 2_600.0, 0.52, 1.0))
    old = form.old_radius
    east = _steps(rng, old * rng.uniform(0.9, 1.15), form, scale)
    west = _steps(rng, old * rng.uniform(0.9, 1.15), form, scale)
    across = np.concatenate([-west[::-1], [0.0], east])
    rank = [abs(index - len(west)) % 2 for index in range(len(across))]
    crossing = [u == 0.0 for u in across]
    last_east = last_west = 0.0
    for index in [*range(len(west) + 1, len(across)), *range(len(west) - 1, -1, -1)]:
        u = float(across[index])
        gap = (1_000.0 if abs(u) < form.urban_radius else 3_400.0) * scale
        if u > 0 and u - last_east > gap:
            crossing[index], last_east = True, u
        elif u < 0 and last_west - u > gap:
            crossing[index], last_west = True, u
    second_gap, drive_gap = 215.0 * max(scale, 0.7), 46.0
    width = form.river_half_width + drive_gap + second_gap
    north = _steps(rng, width + 1.35 * old, form, scale)
    south = _steps(rng, width + scale * rng.uniform(560.0, 800.0), form, scale)
    return Grid(across, rank, crossing, north, south, second_gap, drive_gap)


def _nearest_line(positions: FloatArray, target: float) -> float:
    return float(positions[np.argmin(np.abs(positions - target))])


def _ring(west: float, south: float, east: float, north: float, corner: float) -> FloatArray:
    """Rounded rectangle in grid space, closed."""
    turn = np.linspace(0, np.pi / 2, 9)
    parts = []
    centres = [(east - corner, north - corner), (west + corner, north - corner)]
    centres += [(west + corner, south + corner), (east - corner, south + corner)]
    for quarter, (u, v) in enumerate(centres):
        angle = turn + quarter * np.pi / 2
        parts.append(np.column_stack([u + corner * np.cos(angle), v + corner * np.sin(angle)]))
    ring = np.concatenate(parts)
    return np.concatenate([ring, ring[:1]])


def _rings(form: Form, grid: Grid) -> list[FloatArray]:
    shares = [0.74] if form.radius < 1_900 else [0.37, 0.74] if form.radius < 7_000 else [0.22, 0.46, 0.72, 0.97]
    rings = []
    for share in shares:
        reach = share * form.urban_radius
        west, east = _nearest_line(grid.across, -reach), _nearest_line(grid.across, reach)
        north, south = _nearest_line(grid.north, 1.05 * reach), -_nearest_line(grid.south, 0.9 * reach)
        rings.append(_ring(west, south, east, north, 0.30 * min(east - west, north - south) / 2 + 60.0))
    return rings


def _densify(uv: FloatArray) -> FloatArray:
    line = shapely.segmentize(shapely.LineString(uv), _STEP)
    return np.asarray(shapely.get_coordinates(line))


def _grid_lines(form: Form, grid: Grid) -> tuple[list[Line], list[FloatArray]]:
    """All great lines but the rings, and the bridges, in grid space."""
    far = 1.7 * form.radius
    along = np.arange(-far, far, _STEP)
    lines, bridges = [], []
    for bank in (1, -1):
        lines.append(Line(Street.COLLECTOR, 0, np.column_stack([along, grid.drive(form, along, bank)])))
        lines.append(Line(Street.COLLECTOR, 0, np.column_stack([along, grid.second(form, along, bank)])))
        for order, v in enumerate(grid.north if bank > 0 else grid.south):
            street = Street.AVENUE if order % 2 == 0 else Street.ARTERIAL
            lines.append(Line(street, order % 2, np.column_stack([along, np.full(len(along), bank * v)])))
    lines.append(Line(Street.BORDER, 0, np.column_stack([along, np.zeros(len(along))])))
    top = float(grid.north[0])
    for u, rank, crosses in zip(grid.across, grid.across_rank, grid.crossing, strict=True):
        here = np.array([u])
        street = Street.AVENUE if rank == 0 else Street.ARTERIAL
        for bank in (1, -1):
            start = float((grid.second if crosses else grid.drive)(form, here, bank)[0]) - bank * OVERLAP
            if u == 0.0 and bank > 0:
                lines.append(Line(Street.COLLECTOR, 0, _densify(np.array([[u, start], [u, top + OVERLAP]]))))
                start = top - OVERLAP
            lines.append(Line(street, rank, _densify(np.array([[u, start], [u, bank * far]]))))
        drives = [float(grid.drive(form, here, bank)[0]) for bank in (1, -1)]
        lines.append(Line(Street.BORDER, 0, _densify(np.array([[u, drives[0]], [u, drives[1]]]))))
        if crosses:
            ends = [float(grid.second(form, here, bank)[0]) for bank in (1, -1)]
            bridges.append(_densify(np.array([[u, ends[0]], [u, ends[1]]])))
    return lines, bridges


def _diagonals(form: Form, ring: FloatArray, rng: np.random.Generator) -> list[Line]:
    """Two or three avenues that leave the inner ring's corners across the grid, slightly curved."""
    if form.radius < 1_500:
        return []
    lines = []
    for quarter in rng.permutation(4)[: 2 if form.radius < 3_000 else 3]:
        start = ring[9 * int(quarter) + 4]
        heading = np.pi / 4 + quarter * np.pi / 2 + rng.uniform(-0.10, 0.10)
        along = np.arange(0, 1.1 * form.urban_radius, _STEP)
        sway = 0.10 * form.radius * np.sin(np.pi * along / form.urban_radius) * rng.choice([-1.0, 1.0])
        u = start[0] + along * np.cos(heading) - sway * np.sin(heading)
        v = start[1] + along * np.sin(heading) + sway * np.cos(heading)
        lines.append(Line(Street.AVENUE, 0, np.column_stack([u, v])))
    return lines


def _drop_along_rings(lines: list[Line], rings: list[FloatArray]) -> list[Line]:
    """Grid lines give way where a ring runs over them, so that no two streets lie on each other."""
    cover = shapely.union_all([shapely.LineString(ring).buffer(30.0, cap_style="flat") for ring in rings])
    kept = []
    for line in lines:
        if line.street == Street.BORDER:
            kept.append(line)
            continue
        spare: shapely.Geometry = shapely.LineString(line.uv)
        runs = shapely.intersection(spare, cover)
        long_runs = [part.buffer(0.5) for part in shapely.get_parts(runs) if part.length > 160.0]
        if long_runs:
            spare = shapely.difference(spare, shapely.union_all(long_runs))
        for part in shapely.get_parts(spare):
            if part.length > 60.0:
                kept.append(Line(line.street, line.rank, np.asarray(shapely.get_coordinates(part))))
    return kept


def _in_old_town(form: Form, grid: Grid) -> shapely.Polygon:
    """The old town in grid space: between the first lines east and west, from the drive to the first line north."""
    middle = int(np.searchsorted(grid.across, 0.0))
    west, east = float(grid.across[middle - 1]), float(grid.across[middle + 1])
    along = np.linspace(west, east, 30)
    low = grid.drive(form, along, 1)
    top = np.full(2, float(grid.north[0]))
    return shapely.Polygon(np.concatenate([np.column_stack([along, low]), np.column_stack([[east, west], top])]))


def draw_skeleton(form: Form, rng: np.random.Generator) -> Skeleton:
    """Draw the great lines of ``form`` and cut them at their junctions."""
    grid = _make_grid(form, rng)
    rings = _rings(form, grid)
    lines, bridges = _grid_lines(form, grid)
    lines = _drop_along_rings(lines, rings)
    lines += _diagonals(form, rings[0], rng)
    for ring in rings:
        for bank in (1, -1):
            lines += [Line(Street.RING, 0, part) for part in _bank_part(form, grid, ring, bank)]
    bridges += _ring_bridges(form, grid, rings)
    bent = [_bend(form, line.uv) for line in lines]
    pieces = node_lines(form, lines, bent, rng)
    old_uv = np.asarray(_in_old_town(form, grid).exterior.coords)
    along = np.arange(-1.7 * form.radius, 1.7 * form.radius, _STEP)
    banks = [_bend(form, np.column_stack([along, bank * form.half_width(along)])) for bank in (1, -1)]
    water = shapely.intersection(shapely.Polygon(np.concatenate([banks[0], banks[1][::-1]])), form.outline)
    spans = land_bridges(form, pieces, [_bend(form, uv) for uv in bridges])
    river_line = _bend(form, np.column_stack([along, np.zeros(len(along))]))
    old_town = shapely.Polygon(_bend(form, _densify(old_uv)))
    whole_rings = [_bend(form, _densify(ring)) for ring in rings]
    return Skeleton(pieces, spans, water, river_line, old_town, whole_rings)


def _bend(form: Form, uv: FloatArray) -> FloatArray:
    x, y = form.bend(uv[:, 0], uv[:, 1])
    return np.column_stack([x, y])


def _bank_part(form: Form, grid: Grid, ring: FloatArray, bank: int) -> list[FloatArray]:
    """The part of a ring on one bank, beyond the second street inland (its bridges come apart from it)."""
    far = 4 * form.radius
    along = np.arange(-far, far, _STEP)
    edge = np.column_stack([along, grid.second(form, along, bank) - bank * OVERLAP])
    side = shapely.Polygon(np.concatenate([edge, [[far, bank * far], [-far, bank * far]]]))
    parts = shapely.get_parts(shapely.intersection(shapely.LineString(ring), side.buffer(0)))
    joined = shapely.line_merge(shapely.MultiLineString([part for part in parts if part.length > 1]))
    return [_densify(np.asarray(part.coords)) for part in shapely.get_parts(joined)]


def _ring_bridges(form: Form, grid: Grid, rings: list[FloatArray]) -> list[FloatArray]:
    """Bridges that carry the rings where the grid line under them has none."""
    spans = []
    for ring in rings:
        for u in (float(ring[:, 0].min()), float(ring[:, 0].max())):
            index = int(np.argmin(np.abs(grid.across - u)))
            if not grid.crossing[index]:
                here = np.array([u])
                ends = [float(grid.second(form, here, bank)[0]) for bank in (1, -1)]
                spans.append(_densify(np.array([[u, ends[0]], [u, ends[1]]])))
    return spans
