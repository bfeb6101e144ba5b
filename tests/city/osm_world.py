"""Small OpenStreetMap worlds written out in a test: nodes on a grid of about 100 m, ways and relations by hand."""

import gzip
from pathlib import Path
from xml.sax.saxutils import quoteattr

from kuaijing.city.graph_of_lines import RoadGraph, road_graph
from kuaijing.city.ground import RoadArrays
from kuaijing.city.osm_roads import read_osm_roads

ORIGIN = (121.0, 31.0)
STEP_DEG = 0.001  # about 95 m east, 111 m north

Tags = dict[str, str]


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def osm_text(
    nodes: dict[int, tuple[float, float] | tuple[float, float, Tags]],
    ways: dict[int, tuple[list[int], Tags]],
    relations: dict[int, tuple[list[tuple[str, int, str]], Tags]] | None = None,
) -> str:
    """XML of a world: nodes ``id: (east, north[, tags])`` in steps, ways ``id: (nodes, tags)``, relations ``id: (members, tags)``."""
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for node, (east, north, *tags) in nodes.items():
        place = f'lon="{ORIGIN[0] + east * STEP_DEG:.7f}" lat="{ORIGIN[1] + north * STEP_DEG:.7f}"'
        rows.append(f'<node id="{node}" version="1" {place}>{_tags(tags[0]) if tags else ""}</node>')
    for way, (refs, tags) in ways.items():
        rows.append(
            f'<way id="{way}" version="1">{"".join(f"<nd ref={chr(34)}{ref}{chr(34)}/>" for ref in refs)}{_tags(tags)}</way>'
        )
    for relation, (members, tags) in (relations or {}).items():
        parts = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
        rows.append(f'<relation id="{relation}" version="1">{parts}{_tags(tags)}</relation>')
    return "\n".join([*rows, "</osm>"])


def write_osm(path: Path, *world: dict) -> Path:
    """Write a world to ``path``, gzip-compressed where it ends in ``.gz``."""
    data = osm_text(*world).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def graph_of(tmp_path: Path, *world: dict) -> RoadGraph:
    """Road graph of a world."""
    return road_graph(read_osm_roads(write_osm(tmp_path / "world.osm", *world)))


def arcs(roads: RoadArrays, bit: int = 255) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    """Arcs that a class may use, as pairs of (east, north) grid places."""
    east = (roads.node_lon - ORIGIN[0]) / STEP_DEG
    north = (roads.node_lat - ORIGIN[1]) / STEP_DEG
    at = [(round(x), round(y)) for x, y in zip(east, north, strict=True)]
    return {
        (at[tail], at[head])
        for tail, head, access in zip(roads.arc_tail, roads.arc_head, roads.arc_access, strict=True)
        if access & bit
    }


def forbidden(roads: RoadArrays, bit: int) -> set[tuple[tuple[int, int], ...]]:
    """Forbidden turns of a class, as triples of grid places."""
    east = (roads.node_lon - ORIGIN[0]) / STEP_DEG
    north = (roads.node_lat - ORIGIN[1]) / STEP_DEG
    at = [(round(x), round(y)) for x, y in zip(east, north, strict=True)]
    return {
        (at[roads.arc_tail[a]], at[roads.arc_head[a]], at[roads.arc_head[b]])
        for a, b, access in zip(roads.turn_from, roads.turn_to, roads.turn_access, strict=True)
        if access & bit
    }
