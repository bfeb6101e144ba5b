"""The road networks of shared/data/roads as grounds in memory (no base map, no search), each read once a session."""

from functools import cache

from kuaijing.city.graph_of_lines import road_graph
from kuaijing.city.ground import Ground
from kuaijing.city.sources import read_source
from tests.routing.worlds import as_ground
from tests.shared_data import shared_data

SOURCES = {
    "monaco": ("roads/monaco.osm.pbf", None, None),
    "shanghai_core": ("roads/shanghai_core.osm", None, None),
    "shenzhen_longgang": ("roads/shenzhen_longgang.osm", None, None),
    "jinan": ("roads/jinan/edges.shp", "jinan", "wgs84"),
    "xian": ("roads/xian/modifiedConn_link.shp", "xian", None),
    "manhattan": ("roads/manhattan/roads.zip", "manhattan", "wgs84"),
    "porto": ("roads/porto.osm.pbf", None, None),
}


@cache
def real_ground(name: str) -> Ground:
    source, columns, crs = SOURCES[name]
    graph = road_graph(read_source(shared_data(source), columns, crs, None).lines)
    return as_ground(graph.roads, graph.names)
