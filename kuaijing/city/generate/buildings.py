"""Buildings on the lots: rows of old houses, south-facing estate slabs, towers, works, shops. Vectorised over the city."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.generate.cutting import axes
from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Use
from kuaijing.city.generate.railway import railway_line


@dataclass(frozen=True)
class Pattern:
    """How a lot is built on; lengths in metres."""

    long: float
    deep: float
    gap: float
    row_gap: float
    setback: float
    keep: float
    tag: str
    levels: tuple[int, int]
    south: bool = False


_SLABS = Pattern(40, 13, 9, 19, 7, 0.95, "apartments", (6, 11), south=True)
_TOWERS = Pattern(27, 20, 20, 26, 10, 0.97, "apartments", (18, 33), south=True)
_PATTERNS = {
    Use.OLD_HOUSES: Pattern(11, 8, 1.4, 2.6, 2.6, 0.94, "house", (1, 3)),
    Use.COMMERCE: Pattern(26, 17, 4, 7, 6, 0.93, "retail", (2, 7)),
    Use.OFFICES: Pattern(40, 26, 18, 20, 13, 0.9, "office", (6, 24)),
    Use.INDUSTRY: Pattern(78, 36, 16, 17, 11, 0.86, "industrial", (1, 3)),
    Use.SCHOOL: Pattern(56, 14, 20, 34, 11, 0.62, "school", (3, 6), south=True),
    Use.HOSPITAL: Pattern(58, 19, 14, 22, 12, 0.9, "hospital", (5, 17), south=True),
    Use.MARKET: Pattern(52, 20, 6, 7, 6, 1.0, "retail", (1, 2)),
    Use.MALL: Pattern(88, 60, 16, 16, 13, 1.0, "retail", (4, 7)),
    Use.VILLAGE: Pattern(13, 10, 7, 10, 3.5, 0.55, "house", (2, 4), south=True),
    Use.STATION: Pattern(170, 42, 30, 200, 14, 1.0, "train_station", (2, 3)),
    Use.FIELDS: Pattern(14, 10, 260, 300, 20, 0.25, "farm", (1, 2)),
}


@dataclass(frozen=True)
class Buildings:
    """Rectangles (n, 4, 2) in local metres, their block, building tag and number of floors."""

    corners: FloatArray
    block: NDArray[np.int64]
    tag: list[str]
    levels: NDArray[np.int64]


def _cells(extent: float, size: float, gap: float) -> tuple[FloatArray, float]:
    """Centres along one axis and the size that fits; none where the lot is too narrow."""
    count = round((extent + gap) / (size + gap))
    if count < 1:
        return (np.zeros(1), extent * 0.9) if extent > max(6.5, 0.4 * size) else (np.empty(0), size)
    fitting = min((extent - gap * (count - 1)) / count, 1.3 * size)
    pitch = (extent + gap) / count
    return np.asarray((np.arange(count) - (count - 1) / 2) * pitch, np.float64), fitting


def _pattern(drawing: Drawing, block: int) -> Pattern | None:
    use = Use(int(drawing.use[block]))
    if use == Use.ESTATE:
        newer = (block * 7919 % 100) / 100 < 0.22 + 0.3 * (drawing.blocks.density[block] < 0.6)
        return _TOWERS if newer else _SLABS
    return _PATTERNS.get(use)


def _rectangles(points: FloatArray, pattern: Pattern, rng: np.random.Generator) -> FloatArray:
    """Candidate rectangles (n, 4, 2) over one lot, aligned to it, facing south where such houses do."""
    main, _, _ = axes(points)
    if pattern.south and abs(np.sin(main)) > np.sin(np.pi / 4):
        main += np.pi / 2
    along, across = np.array([np.cos(main), np.sin(main)]), np.array([-np.sin(main), np.cos(main)])
    s, t = points @ along, points @ across
    inner = 2 * pattern.setback
    columns, long = _cells(float(np.ptp(s)) - inner, pattern.long, pattern.gap)
    rows, deep = _cells(float(np.ptp(t)) - inner, pattern.deep, pattern.row_gap)
    if not len(columns) or not len(rows):
        return np.empty((0, 4, 2))
    u, v = np.meshgrid(columns + (s.max() + s.min()) / 2, rows + (t.max() + t.min()) / 2)
    u, v = u.ravel(), v.ravel()
    kept = rng.random(len(u)) < pattern.keep
    u, v = u[kept], v[kept]
    stretch = rng.uniform(0.82, 1.04, (len(u), 2)) * np.array([long, deep]) / 2
    corner_u = np.stack([-stretch[:, 0], stretch[:, 0], stretch[:, 0], -stretch[:, 0]], axis=1) + u[:, None]
    corner_v = np.stack([-stretch[:, 1], -stretch[:, 1], stretch[:, 1], stretch[:, 1]], axis=1) + v[:, None]
    corners: FloatArray = corner_u[:, :, None] * along + corner_v[:, :, None] * across
    return corners


@dataclass(frozen=True)
class _Site:
    """A lot to be built on."""

    shape: shapely.Polygon
    points: FloatArray
    block: int
    pattern: Pattern


def _sites(drawing: Drawing) -> list[_Site]:
    mesh = drawing.mesh
    sites = []
    for ring, block in zip(drawing.lots.rings, drawing.lots.block.tolist(), strict=True):
        pattern = _pattern(drawing, block)
        if pattern is not None:
            points = mesh.points(mesh.expand(ring))
            sites.append(_Site(shapely.Polygon(points), points, block, pattern))
    return sites


def _fitted(
    sites: list[_Site], scale: float, keep_out: shapely.Geometry, rng: np.random.Generator
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Rectangles of the patterns shrunk by ``scale`` that fit their lots, and the lot of each."""
    found: list[FloatArray] = []
    lots: list[int] = []
    for row, site in enumerate(sites):
        own = site.pattern
        pattern = replace(own, long=own.long * scale, gap=own.gap * scale**0.5, setback=own.setback * scale**0.5)
        corners = _rectangles(site.points, pattern, rng)
        found.append(corners)
        lots.extend([row] * len(corners))
    corners, lot = np.concatenate(found), np.array(lots, np.int64)
    setback = np.array([0.85 * site.pattern.setback * scale**0.5 for site in sites])
    room = shapely.buffer(np.array([site.shape for site in sites]), -setback, join_style="mitre")
    shapely.prepare(room)
    rectangles = np.asarray(shapely.polygons(corners))
    free = shapely.contains_properly(room[lot], rectangles) & ~shapely.intersects(keep_out, rectangles)
    return corners[free], lot[free]


def place_buildings(drawing: Drawing, keep_out: shapely.Geometry, rng: np.random.Generator) -> Buildings:
    """Buildings on all lots, clear of streets and of ``keep_out``; awkward lots take smaller ones where that fills more."""
    sites = _sites(drawing)
    shapely.prepare(keep_out)
    best, lot = _fitted(sites, 1.0, keep_out, rng)
    for scale in (0.62, 0.4):
        other, other_lot = _fitted(sites, scale, keep_out, rng)
        gain = _built(other, other_lot, len(sites)) > 1.25 * _built(best, lot, len(sites))
        best = np.concatenate([best[~gain[lot]], other[gain[other_lot]]])
        lot = np.concatenate([lot[~gain[lot]], other_lot[gain[other_lot]]])
    low = np.array([site.pattern.levels[0] for site in sites])[lot]
    high = np.array([site.pattern.levels[1] for site in sites])[lot]
    levels = low + np.floor((high - low + 1) * rng.random(len(lot)) ** 1.4).astype(np.int64)
    block = np.array([site.block for site in sites])[lot]
    return Buildings(best, block, [sites[row].pattern.tag for row in lot.tolist()], levels)


def _built(corners: FloatArray, lot: NDArray[np.int64], lots: int) -> FloatArray:
    """Built area of each lot."""
    area = shapely.area(np.asarray(shapely.polygons(corners)))
    return np.asarray(np.bincount(lot, area, lots), np.float64)


def kept_free(drawing: Drawing) -> shapely.Geometry:
    """The river with its banks, the ground under bridges and railway."""
    spans = [shapely.LineString(span.xy).buffer(26.0) for span in drawing.skeleton.bridges]
    railway = shapely.LineString(railway_line(drawing)).buffer(14.0)
    return shapely.union_all([shapely.buffer(drawing.skeleton.river, 12.0), railway, *spans])
