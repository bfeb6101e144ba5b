"""Imports a source into a city folder: the one function behind ``kuaijing city import``.

Reads the roads, builds the graph, then writes arrays, base map and place search beside the final name and renames the whole
into place. Whatever is wrong with the source or the options ends as ``ImportRefused`` and leaves nothing behind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kuaijing.city.areas import area_of_bbox
from kuaijing.city.folder import counts_of, folder_in_the_making, write_manifest, write_roads
from kuaijing.city.graph_of_lines import road_graph
from kuaijing.city.osm_roads import read_osm_roads
from kuaijing.city.refused import ImportRefused

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import made: the folder and its manifest (counts and what was dropped are in it)."""

    folder: Path
    manifest: dict[str, Any]


def import_city(
    source: Path,
    out: Path,
    *,
    name: str | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    timezone: str | None = None,
    fictional: bool = False,
    progress: Progress = lambda step: None,
) -> ImportReport:
    """Import ``source`` into the city folder ``out``."""
    source, out = Path(source), Path(out)
    if not source.is_file():
        raise ImportRefused(f"there is no file {source}")
    area = area_of_bbox(bbox) if bbox else None
    with folder_in_the_making(out) as making:
        progress("roads")
        lines = read_osm_roads(source, area.cut if area else None)
        if not len(lines):
            raise ImportRefused(f"{source.name} holds no roads in the wanted area")
        graph = road_graph(lines)
        digest = write_roads(making, graph.roads, graph.names)
        manifest = write_manifest(
            making,
            {
                "name": name or source.name.split(".")[0],
                "hash": digest,
                "fictional": fictional,
                "timezone": timezone or "Asia/Shanghai",
                "bbox": [
                    float(graph.roads.shape_lon.min()),
                    float(graph.roads.shape_lat.min()),
                    float(graph.roads.shape_lon.max()),
                    float(graph.roads.shape_lat.max()),
                ],
                "crs_of_source": "wgs84",
                "attribution": "© OpenStreetMap contributors",
                "counts": counts_of(graph.roads, graph.names),
                "dropped": graph.dropped,
            },
        )
    return ImportReport(out, manifest)
