"""Which reader reads which source, and what the sources have in common once they are read."""

from dataclasses import dataclass
from pathlib import Path

from kuaijing.city.areas import Area
from kuaijing.city.layer_roads import read_layer_roads
from kuaijing.city.mapping import read_mapping, shipped_layouts
from kuaijing.city.osm_roads import read_osm_roads
from kuaijing.city.projection import check_city, crs_name
from kuaijing.city.refused import ImportRefused
from kuaijing.city.road_lines import RoadLines
from kuaijing.city.table_roads import read_table_roads

_OSM_ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")


@dataclass(frozen=True, slots=True, eq=False)
class SourceRoads:
    """Roads of a source, with what is to be said of it."""

    lines: RoadLines
    crs: str
    attribution: str
    title: str


def is_osm(source: Path) -> bool:
    """Whether the file name is one of OpenStreetMap data."""
    return source.is_file() and source.name.lower().endswith(_OSM_ENDINGS)


def read_source(source: Path, columns: Path | str | None, crs: str | None, area: Area | None) -> SourceRoads:
    """Roads of ``source`` in WGS-84. Raises ``ImportRefused`` where there are none or the options do not fit."""
    if not source.exists():
        raise ImportRefused(f"there is no file {source}")
    if source.is_file() and source.stat().st_size == 0:
        raise ImportRefused(f"{source.name} is empty; get the file again")
    crs = crs_name(crs) if crs else None
    roads = _osm(source, columns, crs, area) if is_osm(source) else _layer(source, columns, crs, area)
    if not len(roads.lines):
        where = "in the wanted area; check --bbox or --boundary" if area else "that a unit could use"
        raise ImportRefused(f"{source.name} holds no roads {where}")
    check_city(roads.lines.lon, roads.lines.lat, roads.crs)
    return roads


def _osm(source: Path, columns: Path | str | None, crs: str | None, area: Area | None) -> SourceRoads:
    if columns is not None:
        raise ImportRefused(f"--columns is for road layers; {source.name} is OpenStreetMap data and needs none")
    if crs not in (None, "wgs84"):
        raise ImportRefused(f"--crs {crs}: OpenStreetMap data is always WGS-84; leave --crs out")
    lines = read_osm_roads(source, area.cut if area else None)
    if not len(lines) and lines.dropped.get("way_points_without_place"):
        raise ImportRefused(
            f"the roads of {source.name} have no places: its nodes are missing, come after the ways, or lie off the Earth; sort "
            "it with `osmium sort`, or get an extract with whole ways"
        )
    return SourceRoads(lines, "wgs84", "© OpenStreetMap contributors", "")


def _layer(source: Path, columns: Path | str | None, crs: str | None, area: Area | None) -> SourceRoads:
    if columns is None:
        raise ImportRefused(
            f"{source.name} is no OpenStreetMap file ({', '.join(_OSM_ENDINGS)}); a road layer needs --columns FILE that names "
            f"its columns, or one of {', '.join(shipped_layouts())}"
        )
    mapping = read_mapping(columns)
    read = read_table_roads if mapping.nodes is not None else read_layer_roads
    roads = read(source, mapping, crs, area)
    return SourceRoads(roads.lines, roads.crs, mapping.attribution, mapping.title)
