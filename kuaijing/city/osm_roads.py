"""Reads the roads, turn restrictions, signals and barriers of an OpenStreetMap file into ``RoadLines``.

Takes ``.osm.pbf``, ``.osm``, ``.osm.gz`` and ``.osm.bz2``. What the tags mean is said in ``city.osm_access``; clipping to an
area in ``city.areas``. Nodes must come before ways in the file, as every usual extract has it.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import osmium

from kuaijing.city.classes import ALL, CLASS_INDEX, road_class_of_highway
from kuaijing.city.osm_access import (
    access_along_and_against,
    blocked_by_barrier,
    flags_of,
    layer_of,
    speeds_along_and_against,
    turn_restriction,
)
from kuaijing.city.refused import ImportRefused
from kuaijing.city.road_lines import LineCollector, Restriction, RoadLines

Keep = Callable[[list[tuple[int, float, float]]], list[list[tuple[int, float, float]]]]
"""Cuts one line of points into the parts of it that are wanted."""


def read_osm_roads(source: Path, keep: Keep | None = None) -> RoadLines:
    """Roads of an OSM file, clipped by ``keep``. Raises ``ImportRefused`` where the file cannot be read to its end."""
    reader = _RoadReader(keep)
    try:
        wanted = osmium.filter.KeyFilter("highway", "barrier", "type")
        for item in osmium.FileProcessor(str(source)).with_locations().with_filter(wanted):
            if isinstance(item, osmium.osm.Way):
                reader.way(item)
            elif isinstance(item, osmium.osm.Node):
                reader.node(item)
            elif isinstance(item, osmium.osm.Relation):
                reader.relation(item)
    except (RuntimeError, OSError, ValueError) as error:
        raise ImportRefused(
            f"{source.name} cannot be read as OpenStreetMap data: {error}; get the file again"
        ) from None
    return reader.lines()


class _RoadReader:
    def __init__(self, keep: Keep | None) -> None:
        self.keep = keep
        self.collector = LineCollector()
        self.restrictions: list[Restriction] = []
        self.signals: list[int] = []
        self.barriers: dict[int, int] = {}
        self.dropped: Counter[str] = Counter()

    def node(self, node: osmium.osm.Node) -> None:
        tags = node.tags
        if tags.get("highway") == "traffic_signals":
            self.signals.append(node.id)
        if "barrier" in tags:
            blocked = blocked_by_barrier(dict(tags))
            if blocked:
                self.barriers[node.id] = blocked

    def way(self, way: osmium.osm.Way) -> None:
        highway = way.tags.get("highway")
        if highway is None:
            return
        kind = road_class_of_highway(highway, way.tags.get("service") or "")
        if kind is None:
            self.dropped["ways_that_are_no_roads"] += 1
            return
        road_class, link = kind
        tags = dict(way.tags)
        along, against = access_along_and_against(tags, road_class)
        if not (along | against) & ALL:
            self.dropped["ways_closed_to_every_unit"] += 1
            return
        for points in self._parts(way):
            self.collector.add(
                points,
                road_class=CLASS_INDEX[road_class],
                name=tags.get("name", tags.get("ref", "")).strip(),
                access=(along, against),
                speed=speeds_along_and_against(tags),
                flags=flags_of(tags, link),
                layer=layer_of(tags),
                source=way.id,
            )

    def _parts(self, way: osmium.osm.Way) -> list[list[tuple[int, float, float]]]:
        """The way's runs of known points without repeats; an extract cut by area leaves points out."""
        parts: list[list[tuple[int, float, float]]] = [[]]
        for node in way.nodes:
            location = node.location
            if not location.valid():
                self.dropped["way_points_without_place"] += 1
                if parts[-1]:
                    parts.append([])
            elif not parts[-1] or parts[-1][-1][0] != node.ref:
                parts[-1].append((node.ref, location.lon_without_check(), location.lat_without_check()))
        if self.keep is not None:
            parts = [kept for part in parts if len(part) > 1 for kept in self.keep(part)]
        return [part for part in parts if len(part) > 1]

    def relation(self, relation: osmium.osm.Relation) -> None:
        if relation.tags.get("type") != "restriction":
            return
        bound = turn_restriction(dict(relation.tags))
        if bound is None:
            self.dropped["restrictions_not_for_units"] += 1
            return
        members: dict[str, list[tuple[str, int]]] = {"from": [], "via": [], "to": []}
        for member in relation.members:
            if member.role in members:
                members[member.role].append((member.type, member.ref))
        via = members["via"]
        if len(via) != 1 or via[0][0] != "n":
            self.dropped["restrictions_via_way" if via else "restrictions_incomplete"] += 1
            return
        pairs = [
            (start, end) for kind, start in members["from"] for other, end in members["to"] if kind == other == "w"
        ]
        if not pairs:
            self.dropped["restrictions_incomplete"] += 1
        value, access = bound
        only = value.startswith("only_")
        turn = value.split("_", 1)[1]
        for start, end in pairs:
            self.restrictions.append(Restriction(start, via[0][1], end, turn, only, access))

    def lines(self) -> RoadLines:
        return self.collector.lines(self.restrictions, self.signals, self.barriers, dict(self.dropped))
