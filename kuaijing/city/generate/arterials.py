"""The great lines of the city: riverside drives, arterials, ring roads, diagonals, bridges, and the faces they leave.

Lines are drawn in grid space, bent into the landscape, clipped to the outline, noded and tidied. A bridge is kept out of
the noding: it springs from the second street inland and passes over the riverside drive, which it does not join.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import Street

_STEP = 55.0
_MERGE = 42.0
_OVERLAP = 9.0
"""A line that ends at another runs this much past it, so that noding meets it; the stub is dropped with the dangles."""


@dataclass(frozen=True)
class Line:
    """One great line in grid space. ``rank`` 0 always stays, higher ranks may lose pieces and fade outwards."""

    street: Street
    rank: int
    uv: FloatArray


@dataclass(frozen=True)
class Piece:
    """A stretch of a great line between two junctions, local metres."""

    street: Street
    xy: FloatArray


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
            start = float((grid.second if crosses else grid.drive)(form, here, bank)[0]) - bank * _OVERLAP
            if u == 0.0 and bank > 0:
                lines.append(Line(Street.COLLECTOR, 0, _densify(np.array([[u, start], [u, top + _OVERLAP]]))))
                start = top - _OVERLAP
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
    pieces = _node(form, lines, bent, rng)
    old_uv = np.asarray(_in_old_town(form, grid).exterior.coords)
    along = np.arange(-1.7 * form.radius, 1.7 * form.radius, _STEP)
    banks = [_bend(form, np.column_stack([along, bank * form.half_width(along)])) for bank in (1, -1)]
    water = shapely.intersection(shapely.Polygon(np.concatenate([banks[0], banks[1][::-1]])), form.outline)
    spans = _spans(form, pieces, bridges)
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
    edge = np.column_stack([along, grid.second(form, along, bank) - bank * _OVERLAP])
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


def _node(form: Form, lines: list[Line], bent: list[FloatArray], rng: np.random.Generator) -> list[Piece]:
    """Cut the lines at their crossings, merge crossings that lie too close, thin the country, add the outline."""
    beyond = form.outline.buffer(_OVERLAP)  # lines overshoot the outline, so that noding meets it
    shapes = [shapely.intersection(shapely.LineString(xy), beyond) for xy in bent]
    border = shapely.LineString(form.outline.exterior.coords)
    kept = [(line, part) for line, shape in zip(lines, shapes, strict=True) for part in shapely.get_parts(shape)]
    kept = [(line, part) for line, part in kept if part.geom_type == "LineString" and part.length > 1]
    sources = [part for _, part in kept] + [border]
    tree = shapely.STRtree(sources)
    noded = shapely.get_parts(shapely.node(shapely.GeometryCollection(sources)))
    noded = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(list(noded))))
    noded = shapely.get_parts(shapely.node(shapely.MultiLineString(list(noded))))
    middle = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    owner = tree.nearest(middle)
    xy = shapely.get_coordinates(middle)
    density = form.density(xy[:, 0], xy[:, 1])
    luck = rng.random(len(noded))
    inside = shapely.contains_xy(form.outline.buffer(0.05), xy[:, 0], xy[:, 1])
    pieces = []
    for index, part in enumerate(noded):
        if not inside[index]:
            continue
        line = kept[owner[index]][0] if owner[index] < len(kept) else Line(Street.BORDER, 0, np.empty((0, 2)))
        fading = 0.75 if density[index] < 0.16 else 0.10
        if line.rank > 0 and luck[index] < fading:
            continue
        pieces.append(Piece(line.street, np.asarray(shapely.get_coordinates(part))))
    return _merge_close(pieces)


def _merge_close(pieces: list[Piece]) -> list[Piece]:
    """Junctions nearer than ``_MERGE`` become one; stubs between them vanish."""
    ends = np.concatenate([np.concatenate([p.xy[:1], p.xy[-1:]]) for p in pieces])
    pairs = cKDTree(ends).query_pairs(_MERGE, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    count, label = connected_components(graph, directed=False)
    size = np.bincount(label, minlength=count)
    centre = np.column_stack([np.bincount(label, ends[:, axis], count) / size for axis in (0, 1)])
    border_end = np.repeat([p.street == Street.BORDER for p in pieces], 2)
    fixed = np.flatnonzero(border_end)
    centre[label[fixed]] = ends[fixed]
    tidy: list[Piece] = []
    seen: dict[tuple[int, int], list[float]] = {}
    for index, piece in enumerate(pieces):
        first, last = int(label[2 * index]), int(label[2 * index + 1])
        length = float(np.hypot(*np.diff(piece.xy, axis=0).T).sum())
        if first == last and length < 4 * _MERGE and piece.street != Street.BORDER:
            continue
        twins = seen.setdefault((min(first, last), max(first, last)), [])
        is_twin = first != last and any(abs(length - other) < 25.0 for other in twins)
        if is_twin and piece.street != Street.BORDER:
            continue
        twins.append(length)
        inner = piece.xy[1:-1]
        near = np.minimum(np.hypot(*(inner - centre[first]).T), np.hypot(*(inner - centre[last]).T))
        inner = inner[near > 30.0] if piece.street != Street.BORDER else inner
        line = np.concatenate([centre[first : first + 1], inner, centre[last : last + 1]])
        smooth = shapely.simplify(shapely.LineString(line), 0.6)
        tidy.append(Piece(piece.street, np.asarray(shapely.get_coordinates(smooth))))
    return tidy


def _spans(form: Form, pieces: list[Piece], bridges: list[FloatArray]) -> list[Piece]:
    """Bridges inside the outline with their ends moved onto the junctions where they land."""
    streets = [p for p in pieces if p.street != Street.BORDER]
    nodes = np.unique(np.concatenate([np.concatenate([p.xy[:1], p.xy[-1:]]) for p in streets]), axis=0)
    tree = cKDTree(nodes)
    spans = []
    for uv in bridges:
        xy = _bend(form, uv)
        gap, index = tree.query(xy[[0, -1]])
        if gap.max() < 1.6 * _MERGE and shapely.contains_xy(form.outline, xy[:, 0], xy[:, 1]).all():
            straight = shapely.segmentize(shapely.LineString(nodes[index]), 60.0)
            spans.append(Piece(Street.AVENUE, np.asarray(shapely.get_coordinates(straight))))
    return spans
