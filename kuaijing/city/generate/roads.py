"""Streets as OpenStreetMap ways: cut where anything about them changes, with one-ways, bridges, signals and forbidden turns."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.spatial import cKDTree

from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.mesh import Edge, Mesh, edge_of
from kuaijing.city.generate.noding import Piece
from kuaijing.city.generate.osmfile import OsmFile, Tags
from kuaijing.city.generate.strokes import Stroke
from kuaijing.city.generate.words import street_english

HIGHWAY: dict[Street, Tags] = {
    Street.RING: {"highway": "trunk", "maxspeed": "70", "lanes": "6"},
    Street.AVENUE: {"highway": "primary", "maxspeed": "60", "lanes": "4"},
    Street.ARTERIAL: {"highway": "secondary", "maxspeed": "50", "lanes": "4"},
    Street.COLLECTOR: {"highway": "tertiary", "maxspeed": "40"},
    Street.LOCAL: {"highway": "residential"},
    Street.COUNTRY: {"highway": "unclassified", "maxspeed": "40"},
    Street.ESTATE: {"highway": "service"},
    Street.ALLEY: {"highway": "living_street", "width": "3.5"},
    Street.NARROW: {"highway": "service", "service": "alley", "width": "1.8"},
    Street.FOOTPATH: {"highway": "footway"},
}


@dataclass
class Road:
    """One way to be: vertices in order, standing, name, whether it is a bridge, and 1 where it is one-way."""

    nodes: list[int]
    street: Street
    name: str
    bridge: bool = False
    oneway: int = 0
    stroke: int = -1
    tags: Tags = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """A forbidden or only turn from one road (by row) over a vertex into another."""

    start: int
    via: int
    end: int
    kind: str


def lay_bridges(mesh: Mesh, spans: list[Piece]) -> set[Edge]:
    """Add the bridges' edges to the mesh, from street vertex to street vertex; returns them."""
    xy = mesh.coordinates()
    joined = sorted({v for edge, street in mesh.street.items() if street <= Street.COLLECTOR for v in edge})
    tree = cKDTree(xy[joined])
    edges: set[Edge] = set()
    for span in spans:
        gap, found = tree.query(span.xy[[0, -1]])
        ends = [joined[int(i)] for i in found]
        if gap.max() > 60.0 or ends[0] == ends[1]:
            continue
        inner = [mesh.add_vertex(*point) for point in span.xy[1:-1].tolist()]
        chain = [ends[0], *inner, ends[1]]
        for a, b in pairwise(chain):
            mesh.add_edge(a, b, span.street)
            edges.add(edge_of(a, b))
    return edges


def make_roads(
    mesh: Mesh,
    strokes: list[Stroke],
    names: list[list[str]],
    spans: set[Edge],
    bridge_names: list[str],
    run_of: dict[Edge, int],
    breaks: set[int],
) -> list[Road]:
    """Cut the strokes where standing, name, bridge or division changes, and at the vertices ``breaks``."""
    roads: list[Road] = []
    bridges = iter(bridge_names)
    bridge_name = ""
    for number, stroke in enumerate(strokes):
        last: tuple[Street, str, bool, int | None] | None = None
        for (a, b), name in zip(pairwise(stroke.nodes), names[number], strict=True):
            edge = edge_of(a, b)
            kind = (mesh.street[edge], name, edge in spans, run_of.get(edge))
            if kind == last and a not in breaks:
                roads[-1].nodes.append(b)
                continue
            if kind[2] and not (last and last[2]):
                bridge_name = next(bridges, "")
            roads.append(Road([a, b], kind[0], bridge_name if kind[2] else name, kind[2], stroke=number))
            last = kind
    return roads


def choose_one_ways(mesh: Mesh, roads: list[Road], rng: np.random.Generator) -> None:
    """Some local streets that end at junctions on both sides become one-way; twins run against each other by chance."""
    luck = rng.random(len(roads))
    for index, road in enumerate(roads):
        if road.street not in (Street.LOCAL, Street.ALLEY) or road.bridge or luck[index] > 0.10:
            continue
        if mesh.degree[road.nodes[0]] >= 3 and mesh.degree[road.nodes[-1]] >= 3 and len(road.nodes) < 12:
            road.oneway = 1
            if luck[index] > 0.05:
                road.nodes.reverse()


def tags_of(road: Road) -> Tags:
    """OpenStreetMap tags of a road."""
    tags = dict(HIGHWAY[road.street])
    if road.name:
        tags["name"] = road.name
        tags["name:en"] = street_english(road.name)
    if road.bridge:
        tags["bridge"] = "yes"
        tags["layer"] = "1"
    if road.oneway:
        tags["oneway"] = "yes"
        if "lanes" in tags:
            tags["lanes"] = str(int(tags["lanes"]) // 2)
    return {**tags, **road.tags}


def signal_vertices(mesh: Mesh) -> list[int]:
    """Junctions with traffic signals: where great streets meet."""
    meeting: dict[int, int] = {}
    weight: dict[int, int] = {}
    for edge, street in mesh.street.items():
        if street <= Street.COLLECTOR:
            for v in edge:
                meeting[v] = meeting.get(v, 0) + 1
                weight[v] = weight.get(v, 0) + (2 if street <= Street.ARTERIAL else 1)
    return [v for v in sorted(meeting) if meeting[v] >= 3 and weight[v] >= 4]


def write_roads(osm: OsmFile, mesh: Mesh, roads: list[Road], signals: list[int], turns: list[Turn]) -> None:
    """Write the roads, the signals at vertices ``signals`` and the forbidden turns."""
    used = sorted({node for road in roads for node in road.nodes})
    ids = osm.add_points(mesh.coordinates()[used])
    node_of = dict(zip(used, ids, strict=True))
    ways = [osm.add_way([node_of[node] for node in road.nodes], tags_of(road)) for road in roads]
    for vertex in signals:
        if vertex in node_of:
            osm.tag_node(node_of[vertex], {"highway": "traffic_signals"})
    for turn in turns:
        members = [("w", ways[turn.start], "from"), ("n", node_of[turn.via], "via"), ("w", ways[turn.end], "to")]
        osm.add_relation(members, {"type": "restriction", "restriction": turn.kind})
