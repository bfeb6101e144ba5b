"""Imports a source into a city folder: the one function behind ``kuaijing city import``.

Reads the roads, builds the graph, then writes arrays, base map and place search beside the final name and renames the whole
into place. Whatever is wrong with the source or the options ends as ``ImportRefused`` and leaves nothing behind.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kuaijing.city.areas import Area, area_of_bbox
from kuaijing.city.barriers import write_barriers
from kuaijing.city.basemap import write_base_map, write_places_layers, write_roads_layer
from kuaijing.city.boundaries import area_of_boundary
from kuaijing.city.folder import counts_of, folder_in_the_making, write_manifest, write_roads
from kuaijing.city.graph_of_lines import RoadGraph, road_graph
from kuaijing.city.osm_features import read_osm_features
from kuaijing.city.places import PlaceList
from kuaijing.city.projection import check_scale
from kuaijing.city.refused import ImportRefused
from kuaijing.city.search_file import write_search
from kuaijing.city.sources import SourceRoads, is_osm, read_source
from kuaijing.measures.coordinates import in_china

FICTIONAL = "虚构城市 Fictional city"
"""Stands on the map of a generated city where a real one names its source."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import made: the folder and its manifest (counts and what was dropped are in it)."""

    folder: Path
    manifest: dict[str, Any]


def import_city(
    source: Path | str,
    out: Path | str,
    *,
    name: str | None = None,
    boundary: str | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    crs: str | None = None,
    columns: Path | str | None = None,
    timezone: str | None = None,
    fictional: bool = False,
    progress: Progress | None = None,
    companions: Callable[[Path], None] | None = None,
) -> ImportReport:
    """Import ``source`` into the city folder ``out``.

    Parameters
    ----------
    name
        What the city is called; the boundary's name, the layout's title or the file's name where not given.
    boundary, bbox
        The part that is wanted: the name or id of a boundary in the source, or a polygon file; or west, south, east, north.
    crs
        ``wgs84``, ``gcj02``, ``bd09`` or ``EPSG:n``; for a road layer that does not say it.
    columns
        Column mapping of a road layer: a YAML file or the name of a shipped layout.
    timezone
        IANA name; Asia/Shanghai in China, else by the longitude, where not given.
    progress
        Called with the name of each step as it begins.
    companions
        Writes further files into the folder before it takes its place (a generated city's history and plan).

    Raises
    ------
    ImportRefused
        The source or the options cannot be used. Nothing is left behind.
    """
    source, out = Path(source), Path(out)
    say = progress or (lambda step: None)
    _check_options(source, boundary, bbox, timezone)
    with folder_in_the_making(out) as making:
        say("area")
        area = _wanted_area(source, boundary, bbox)
        say("roads")
        roads = read_source(source, columns, crs, area)
        say("junctions")
        graph = road_graph(roads.lines)
        facts = _facts(graph, roads, timezone, fictional)
        street_m, arrays = 1000 * facts["counts"]["street_km"], graph.roads
        check_scale(arrays.street_count, street_m, arrays.shape_lon, arrays.shape_lat, roads.crs)
        facts["name"] = name or _default_name(source, boundary, roads)
        facts["hash"] = write_roads(making, graph.roads, graph.names)
        facts["counts"] |= _write_map_and_search(making, source, area, roads, graph, facts, say)
        if companions is not None:
            say("companions")
            companions(making)
        manifest = write_manifest(making, facts)
    return ImportReport(out, manifest)


def _write_map_and_search(
    making: Path,
    source: Path,
    area: Area | None,
    roads: SourceRoads,
    graph: RoadGraph,
    facts: dict[str, Any],
    say: Progress,
) -> dict[str, int]:
    layers = making / "layers"
    layers.mkdir()
    say("places")
    found = read_osm_features(source, layers, area) if is_osm(source) else PlaceList()
    say("search")
    counts = write_search(making / "search.sqlite", graph.roads, graph.names, found)
    say("base map")
    write_roads_layer(layers, roads.lines, {name: english for name, (english, _) in found.road_names.items()})
    write_places_layers(layers, found.places)
    write_barriers(layers, making)
    write_base_map(layers, making / "base.pmtiles", name=facts["name"], attribution=facts["attribution"])
    shutil.rmtree(layers)
    return counts


def _check_options(
    source: Path, boundary: str | None, bbox: tuple[float, float, float, float] | None, timezone: str | None
) -> None:
    if not source.exists():
        raise ImportRefused(f"there is no file {source}")
    if boundary and bbox:
        raise ImportRefused("--boundary and --bbox both name the wanted area; give one of them")
    if timezone is not None:
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ImportRefused(f"--timezone {timezone} is no IANA time zone; use one such as Asia/Shanghai") from None


def _wanted_area(source: Path, boundary: str | None, bbox: tuple[float, float, float, float] | None) -> Area | None:
    if boundary:
        return area_of_boundary(source, boundary, is_osm(source))
    return area_of_bbox(bbox) if bbox else None


def _facts(graph: RoadGraph, roads: SourceRoads, timezone: str | None, fictional: bool) -> dict[str, Any]:
    lon, lat = graph.roads.shape_lon, graph.roads.shape_lat
    return {
        "name": "",
        "hash": "",
        "fictional": fictional,
        "timezone": timezone or _zone_of(float(lon.mean()), float(lat.mean())),
        "bbox": [float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())],
        "crs_of_source": roads.crs,
        "attribution": FICTIONAL if fictional else roads.attribution,
        "counts": counts_of(graph.roads, graph.names),
        "dropped": graph.dropped,
    }


def _default_name(source: Path, boundary: str | None, roads: SourceRoads) -> str:
    if boundary and Path(boundary).suffix:
        boundary = Path(boundary).stem
    return boundary or roads.title or source.name.split(".")[0]


def _zone_of(lon: float, lat: float) -> str:
    """China keeps one zone; elsewhere the zone of the longitude, which has no summer time."""
    if bool(in_china(lon, lat)):
        return "Asia/Shanghai"
    hours = round(lon / 15)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
