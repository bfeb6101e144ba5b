"""Cutting one face of the mesh in two by a street across it.

The cut runs across the longer side of the face, a little off the middle and off the square. Its ends prefer a junction that
the neighbour's street has already made there, so that crossroads arise, and keep away from corners.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.mesh import Mesh, Ring, edge_of, ring_area, ring_centroid

_FLAT = 0.82  # cosine: a ring turning less than about 35 degrees at a vertex is straight there


@dataclass(frozen=True)
class Style:
    """How regular a cut is: angle and offset jitter, bend as a share of its length, snapping distance in metres."""

    angle: float
    offset: float
    bend: float
    snap: float
    gap: float


@dataclass(frozen=True)
class _End:
    """Where a cut meets the ring: an existing place in it, or a new point after place ``index``."""

    index: int
    xy: tuple[float, float]
    new: bool


def axes(points: FloatArray) -> tuple[float, float, float]:
    """Angle of the long side in radians, and the extents along and across it."""
    side = np.roll(points, -1, axis=0) - points
    length = np.hypot(side[:, 0], side[:, 1])
    angle = np.arctan2(side[:, 1], side[:, 0])
    main = 0.25 * float(np.angle(np.sum(length * np.exp(4j * angle))))
    along = points @ np.array([np.cos(main), np.sin(main)])
    across = points @ np.array([-np.sin(main), np.cos(main)])
    extent, width = float(np.ptp(along)), float(np.ptp(across))
    return (main, extent, width) if extent >= width else (main + np.pi / 2, width, extent)


def _straightness(points: FloatArray) -> FloatArray:
    """Cosine of the turn at each vertex."""
    before = points - np.roll(points, 1, axis=0)
    after = np.roll(points, -1, axis=0) - points
    norm = np.hypot(before[:, 0], before[:, 1]) * np.hypot(after[:, 0], after[:, 1])
    cosine: FloatArray = (before * after).sum(axis=1) / np.maximum(norm, 1e-9)
    return cosine


def _end(
    mesh: Mesh, ring: Ring, points: FloatArray, straight: FloatArray, edge: int, hit: FloatArray, style: Style
) -> _End | None:
    gaps = np.hypot(points[:, 0] - hit[0], points[:, 1] - hit[1])
    for index in np.flatnonzero(gaps < style.snap)[np.argsort(gaps[gaps < style.snap], kind="stable")].tolist():
        if straight[index] > _FLAT and (mesh.degree[ring[index]] > 2 or gaps[index] < style.gap):
            return _End(index, (float(points[index, 0]), float(points[index, 1])), new=False)
    if gaps.min() < style.gap:
        return None
    return _End(edge, (float(hit[0]), float(hit[1])), new=True)


def _hits(points: FloatArray, centre: FloatArray, direction: FloatArray) -> list[tuple[int, FloatArray]] | None:
    """The two edges that a line through ``centre`` meets first on either side, and where."""
    rel = points - centre
    off = rel @ np.array([-direction[1], direction[0]])
    off = np.where(np.abs(off) < 1e-7, 1e-7, off)
    along = rel @ direction
    nxt_off, nxt_along = np.roll(off, -1), np.roll(along, -1)
    edges = np.flatnonzero(off * nxt_off < 0)
    if len(edges) < 2:
        return None
    share = off[edges] / (off[edges] - nxt_off[edges])
    place = along[edges] + share * (nxt_along[edges] - along[edges])
    ahead, behind = place[place > 0], place[place < 0]
    if len(ahead) % 2 == 0 or len(behind) % 2 == 0:
        return None
    found = []
    for distance in (ahead.min(), behind.max()):
        edge = int(edges[np.flatnonzero(place == distance)[0]])
        side = points[(edge + 1) % len(points)] - points[edge]
        if abs(float(side @ direction)) > 0.80 * float(np.hypot(*side)):
            return None
        found.append((edge, centre + direction * distance))
    return found


def _bow(start: tuple[float, float], end: tuple[float, float], bend: float) -> list[tuple[float, float]]:
    """Points between two ends on a shallow parabola; none for a short or straight cut."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = float(np.hypot(dx, dy))
    if length < 70 or abs(bend) < 0.008:
        return []
    count = 1 if length < 160 else 3
    inner = []
    for step in range(1, count + 1):
        t = step / (count + 1)
        lift = 4 * t * (1 - t) * bend
        inner.append((start[0] + t * dx - lift * dy, start[1] + t * dy + lift * dx))
    return inner


def _stays_inside(points: FloatArray, path: FloatArray) -> bool:
    """Whether a path from side to side of a ring neither leaves nor touches it on the way."""
    path = path.copy()
    for end, inner in ((0, 1), (-1, -2)):  # the ends lie on the ring: step off it
        step = path[inner] - path[end]
        path[end] += step * min(0.4, 0.5 / max(float(np.hypot(*step)), 1e-9))
    a, b = path[:-1, None], path[1:, None]
    c, d = points[None], np.roll(points, -1, axis=0)[None]
    crossed = (_turn(a, b, c) * _turn(a, b, d) <= 0) & (_turn(c, d, a) * _turn(c, d, b) <= 0)
    if crossed.any():
        return False
    x, y = path[0]
    (x0, y0), (x1, y1) = points.T, np.roll(points, -1, axis=0).T
    straddles = (y0 > y) != (y1 > y)
    at = x0 + (y - y0) * (x1 - x0) / np.where(y1 == y0, 1.0, y1 - y0)
    return bool(np.count_nonzero(straddles & (x < at)) % 2)


def _turn(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """Positive where ``c`` lies left of the line from ``a`` to ``b``."""
    side: FloatArray = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (
        c[..., 0] - a[..., 0]
    )
    return side


def cut(
    mesh: Mesh, ring: Ring, style: Style, street: Street, rng: np.random.Generator, attempts: int = 4
) -> tuple[Ring, Ring] | None:
    """Cut an expanded ring in two, or ``None`` where no decent cut was found."""
    points = mesh.points(ring)
    straight = _straightness(points)
    main, extent, _ = axes(points)
    heart = ring_centroid(points)
    total = ring_area(points)
    for attempt in range(attempts):
        shift, turn, bow = rng.normal(0, 1, 3)
        if attempt < 3:
            offset = float(np.clip(shift * style.offset, -0.2, 0.2)) * extent
            angle = main + np.pi / 2 + turn * style.angle / (1 + attempt)
            centre = heart + offset * np.array([np.cos(main), np.sin(main)])
        else:  # an awkward face: anything that divides it
            one, other = rng.integers(0, len(points), 2).tolist()
            centre = (points[one] + points[other]) / 2
            angle = main + np.pi / 2 * (attempt % 2) + turn * 0.3
        hits = _hits(points, centre, np.array([np.cos(angle), np.sin(angle)]))
        if hits is None:
            continue
        ends = [_end(mesh, ring, points, straight, edge, hit, style) for edge, hit in hits]
        if ends[0] is None or ends[1] is None:
            continue
        parts = _divide(mesh, ring, points, (ends[0], ends[1]), bow * style.bend, street, total)
        if parts is not None:
            return parts
    return None


def _divide(
    mesh: Mesh, ring: Ring, points: FloatArray, ends: tuple[_End, _End], bend: float, street: Street, total: float
) -> tuple[Ring, Ring] | None:
    first, second = sorted(ends, key=lambda end: (end.index, end.new))
    if first.index == second.index:
        return None
    inner = _bow(first.xy, second.xy, bend)
    between = points[first.index + 1 : second.index + (1 if second.new else 0)]
    loop = np.concatenate([np.array([first.xy]), between, np.array([second.xy]), np.array(inner[::-1]).reshape(-1, 2)])
    share = ring_area(loop) / total
    if not 0.15 < share < 0.85 or not _stays_inside(points, np.array([first.xy, *inner, second.xy])):
        return None
    if not inner and not first.new and not second.new:
        straight = edge_of(ring[first.index], ring[second.index])
        if straight in mesh.street or straight in mesh.halves:  # there is, or was, another edge between the two
            return None
    before = ring[: first.index + (1 if first.new else 0)]
    middle = ring[first.index + 1 : second.index + (1 if second.new else 0)]
    after = ring[second.index + 1 :]
    a = mesh.split_edge(ring[first.index], ring[first.index + 1], *first.xy) if first.new else ring[first.index]
    wrap = ring[(second.index + 1) % len(ring)]
    b = mesh.split_edge(ring[second.index], wrap, *second.xy) if second.new else ring[second.index]
    path = [mesh.add_vertex(*xy) for xy in inner]
    chain = [a, *path, b]
    for start, end in pairwise(chain):
        mesh.add_edge(start, end, street)
    return [a, *middle, b, *path[::-1]], [*before, a, *path, b, *after]
