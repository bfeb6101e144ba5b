"""The whole way from road lines to the arrays of a city folder, with the account of what was dropped."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kuaijing.city.connected import keep_largest_part
from kuaijing.city.ground import RoadArrays
from kuaijing.city.junctions import build_junctions, shapes
from kuaijing.city.refused import ImportRefused
from kuaijing.city.road_lines import RoadLines
from kuaijing.city.turns import forbidden_turns, usable_turns


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Road arrays, the names they refer to, and what did not become part of them."""

    roads: RoadArrays
    names: list[str]
    dropped: dict[str, Any]


def road_graph(lines: RoadLines) -> RoadGraph:
    """Junction graph of ``lines`` with restrictions laid on and dead parts cut off. Raises ``ImportRefused`` if none is left."""
    graph = build_junctions(lines)
    turns, counts = forbidden_turns(graph, lines)
    outside = keep_largest_part(graph, turns)
    new_arc = graph.keep_arcs(graph.access > 0)
    if not len(graph.tail):
        raise ImportRefused("no road in the source leads anywhere and back; check the area and the one-way column")
    turn_from, turn_to, turn_access = usable_turns(turns, graph.access, new_arc)
    forward = graph.last >= graph.first
    start, lon, lat = shapes(graph, lines)
    roads = RoadArrays(
        node_lon=graph.lon,
        node_lat=graph.lat,
        arc_tail=graph.tail,
        arc_head=graph.head,
        arc_length_m=graph.length,
        arc_class=lines.road_class[graph.line],
        arc_name=lines.name[graph.line],
        arc_access=graph.access,
        arc_maxspeed=np.where(forward, lines.speed_forward[graph.line], lines.speed_backward[graph.line]),
        arc_flags=lines.flags[graph.line],
        arc_layer=lines.layer[graph.line],
        arc_street=graph.street,
        arc_twin=graph.twin,
        arc_source=lines.source[graph.line],
        shape_start=start,
        shape_lon=lon,
        shape_lat=lat,
        turn_from=turn_from,
        turn_to=turn_to,
        turn_access=turn_access,
        signal_node=graph.signal,
    )
    gone = int((new_arc < 0).sum())
    dropped = {**lines.dropped, **counts, "arcs_no_class_can_use": gone, "outside_the_largest_part": outside}
    return RoadGraph(roads, lines.names, dropped)
