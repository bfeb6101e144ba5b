"""Collects nodes, ways and relations and writes them as an ordinary ``.osm.pbf``, sorted, without clock or host in it."""

from pathlib import Path

import numpy as np
import osmium
from osmium.osm.mutable import Node, Relation, Way

from kuaijing.city.generate.form import FloatArray, to_degrees

Tags = dict[str, str]
Member = tuple[str, int, str]


class OsmFile:
    """One file in the making; ids are given in the order of adding."""

    def __init__(self) -> None:
        self._lon: list[float] = []
        self._lat: list[float] = []
        self._node_tags: dict[int, Tags] = {}
        self._ways: list[tuple[list[int], Tags]] = []
        self._relations: list[tuple[list[Member], Tags]] = []

    def add_points(self, xy: FloatArray) -> list[int]:
        """Ids of new nodes at local metres ``xy``, shape (n, 2)."""
        lon, lat = to_degrees(xy[:, 0], xy[:, 1])
        first = len(self._lon) + 1
        self._lon.extend(lon.tolist())
        self._lat.extend(lat.tolist())
        return list(range(first, first + len(lon)))

    def add_node(self, x: float, y: float, tags: Tags) -> int:
        """A node that says something of its own."""
        node = self.add_points(np.array([[x, y]]))[0]
        self._node_tags[node] = tags
        return node

    def tag_node(self, node: int, tags: Tags) -> None:
        """Say more about a node that is there."""
        self._node_tags.setdefault(node, {}).update(tags)

    def add_way(self, nodes: list[int], tags: Tags) -> int:
        """A way over node ids."""
        self._ways.append((nodes, tags))
        return len(self._ways)

    def add_area(self, ring: FloatArray, tags: Tags) -> int:
        """A closed way; ``ring`` is shape (n, 2), not closed."""
        nodes = self.add_points(ring)
        return self.add_way([*nodes, nodes[0]], tags)

    def add_relation(self, members: list[Member], tags: Tags) -> int:
        """A relation; members are (type, id, role), type one of ``n``, ``w``, ``r``."""
        self._relations.append((members, tags))
        return len(self._relations)

    def write(self, path: Path) -> None:
        """Write everything; the same content gives the same bytes."""
        header = osmium.io.Header()
        header.set("generator", "kuaijing city generate")
        writer = osmium.SimpleWriter(str(path), header=header)
        try:
            for index, (lon, lat) in enumerate(zip(self._lon, self._lat, strict=True), start=1):
                tags = self._node_tags.get(index, {})
                writer.add_node(Node(id=index, version=1, location=(lon, lat), tags=tags))
            for index, (nodes, tags) in enumerate(self._ways, start=1):
                writer.add_way(Way(id=index, version=1, nodes=nodes, tags=tags))
            for index, (members, tags) in enumerate(self._relations, start=1):
                writer.add_relation(Relation(id=index, version=1, members=members, tags=tags))
        finally:
            writer.close()
