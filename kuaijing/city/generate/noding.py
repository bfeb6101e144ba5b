"""Cuts the great lines at their crossings, merges crossings that lie too close, and lands the bridges on junctions.

Works on lines in local metres; why a line runs where it does is not known here.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import Street

_MERGE = 42.0
OVERLAP = 9.0
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


def node_lines(form: Form, lines: list[Line], bent: list[FloatArray], rng: np.random.Generator) -> list[Piece]:
    """Cut the lines at their crossings, merge crossings that lie too close, thin the country, add the outline."""
    beyond = form.outline.buffer(OVERLAP)  # lines overshoot the outline, so that noding meets it
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


def land_bridges(form: Form, pieces: list[Piece], bridges: list[FloatArray]) -> list[Piece]:
    """Bridges inside the outline with their ends moved onto the junctions where they land."""
    streets = [p for p in pieces if p.street != Street.BORDER]
    nodes = np.unique(np.concatenate([np.concatenate([p.xy[:1], p.xy[-1:]]) for p in streets]), axis=0)
    tree = cKDTree(nodes)
    spans = []
    for xy in bridges:
        gap, index = tree.query(xy[[0, -1]])
        if gap.max() < 1.6 * _MERGE and shapely.contains_xy(form.outline, xy[:, 0], xy[:, 1]).all():
            straight = shapely.segmentize(shapely.LineString(nodes[index]), 60.0)
            spans.append(Piece(Street.AVENUE, np.asarray(shapely.get_coordinates(straight))))
    return spans
