"""A planar map of streets and the faces between them, refined by cutting faces in two.

Vertices are shared, so that a street cut into one face is at once a junction on its neighbour's side and no two faces ever
gap or overlap. A ring is a list of vertex numbers; edges that were split after the ring was written are expanded when it is
read. Knows nothing of what streets and faces mean beyond the standing of a street.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.noding import Piece

Ring = list[int]
Edge = tuple[int, int]


def edge_of(a: int, b: int) -> Edge:
    """The same edge for both directions."""
    return (a, b) if a < b else (b, a)


@dataclass
class Mesh:
    """Vertices, edges with the standing and the line they belong to, and how they were split."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    degree: list[int] = field(default_factory=list)
    street: dict[Edge, Street] = field(default_factory=dict)
    halves: dict[Edge, int] = field(default_factory=dict)

    def add_vertex(self, x: float, y: float) -> int:
        """A new vertex with no edges yet."""
        self.x.append(x)
        self.y.append(y)
        self.degree.append(0)
        return len(self.x) - 1

    def add_edge(self, a: int, b: int, street: Street) -> None:
        """A new edge; one that is there keeps its standing."""
        edge = edge_of(a, b)
        if a != b and edge not in self.street:
            self.street[edge] = street
            self.degree[a] += 1
            self.degree[b] += 1

    def remove_edge(self, a: int, b: int) -> None:
        """Take an edge away; rings that used it no longer bound streets there."""
        del self.street[edge_of(a, b)]
        self.degree[a] -= 1
        self.degree[b] -= 1

    def split_edge(self, a: int, b: int, x: float, y: float) -> int:
        """Put a vertex on edge ``a``-``b``."""
        middle = self.add_vertex(x, y)
        street = self.street.pop(edge_of(a, b))
        self.halves[edge_of(a, b)] = middle
        self.degree[a] -= 1
        self.degree[b] -= 1
        self.add_edge(a, middle, street)
        self.add_edge(middle, b, street)
        return middle

    def expand(self, ring: Ring) -> Ring:
        """The ring with every vertex that was put on its edges since it was written."""
        full: Ring = []
        for index, a in enumerate(ring):
            stack = [(a, ring[(index + 1) % len(ring)])]
            while stack:
                start, end = stack.pop()
                middle = self.halves.get(edge_of(start, end))
                if middle is None:
                    full.append(start)
                else:
                    stack.append((middle, end))
                    stack.append((start, middle))
        return full

    def points(self, ring: Ring) -> FloatArray:
        """Coordinates of a ring, shape (n, 2), local metres."""
        return np.array([[self.x[v] for v in ring], [self.y[v] for v in ring]]).T

    def coordinates(self) -> FloatArray:
        """Coordinates of all vertices, shape (n, 2)."""
        return np.column_stack([self.x, self.y])


def mesh_of(pieces: list[Piece]) -> tuple[Mesh, list[Ring]]:
    """The planar map that noded ``pieces`` bound, and its faces as rings, anticlockwise."""
    standing: dict[tuple[float, float, float, float], Street] = {}
    for piece in pieces:
        rounded = np.round(piece.xy, 3)
        for (ax, ay), (bx, by) in zip(rounded[:-1].tolist(), rounded[1:].tolist(), strict=True):
            standing[min((ax, ay, bx, by), (bx, by, ax, ay))] = piece.street
    lines = [shapely.LineString(np.round(piece.xy, 3)) for piece in pieces if len(piece.xy) > 1]
    noded = shapely.node(shapely.GeometryCollection(lines))
    polygons = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    polygons = shapely.orient_polygons(polygons[shapely.area(polygons) > 1.0])
    tree = shapely.STRtree(lines)
    mesh = Mesh()
    vertex: dict[tuple[float, float], int] = {}
    rings: list[Ring] = []
    for polygon in polygons:
        ring: Ring = []
        for x, y in shapely.get_coordinates(polygon.exterior)[:-1].tolist():
            if (x, y) not in vertex:
                vertex[(x, y)] = mesh.add_vertex(x, y)
            ring.append(vertex[(x, y)])
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            ends = (mesh.x[a], mesh.y[a], mesh.x[b], mesh.y[b])
            street = standing.get(min(ends, ends[2:] + ends[:2]))
            if street is None:
                middle = shapely.Point((ends[0] + ends[2]) / 2, (ends[1] + ends[3]) / 2)
                street = pieces[int(tree.nearest(middle))].street
            mesh.add_edge(a, b, street)
        rings.append(ring)
    return mesh, rings


def ring_area(points: FloatArray) -> float:
    """Signed area of a ring in m², positive anticlockwise."""
    x, y = points[:, 0], points[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y)) / 2


def ring_centroid(points: FloatArray) -> FloatArray:
    """Centre of gravity of a ring's area."""
    x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    total = cross.sum()
    if abs(total) < 1e-9:
        return np.asarray(points.mean(axis=0))
    cx = ((x + np.roll(x, -1)) * cross).sum() / (3 * total)
    cy = ((y + np.roll(y, -1)) * cross).sum() / (3 * total)
    centroid: FloatArray = np.array([cx, cy]) + points[0]
    return centroid


def shoelace_many(rings: list[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Areas (n,) and centroids (n, 2) of many rings."""
    areas = np.array([ring_area(ring) for ring in rings])
    centres = np.array([ring_centroid(ring) for ring in rings]).reshape(-1, 2)
    return areas, centres
