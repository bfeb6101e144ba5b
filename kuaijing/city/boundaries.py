"""Finds the area that ``--boundary`` names: a boundary of the OpenStreetMap source, or a polygon file."""

from pathlib import Path

import osmium
import pyogrio
import shapely

from kuaijing.city.areas import Area, area_of_polygon
from kuaijing.city.refused import ImportRefused

_NAME_KEYS = ("name", "name:zh", "name:zh-Hans", "name:zh-Hant", "name:en", "official_name", "short_name", "alt_name")
_POLYGON_FILES = (".geojson", ".json", ".gpkg", ".shp")
_MOST_LISTED = 12


def area_of_boundary(source: Path, boundary: str, source_is_osm: bool) -> Area:
    """Area called ``boundary``: a name or an id such as ``r1124039`` in an OSM source, or the path of a polygon file in WGS-84."""
    if Path(boundary).suffix.lower() in _POLYGON_FILES:
        return _area_of_file(Path(boundary))
    if not source_is_osm:
        raise ImportRefused(
            f"--boundary {boundary}: a road layer holds no boundaries; use --bbox, or --boundary with a polygon file (.geojson)"
        )
    return _area_of_osm(source, boundary)


def _area_of_file(path: Path) -> Area:
    try:
        meta, _, shapes, _ = pyogrio.raw.read(path, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise ImportRefused(f"--boundary {path} cannot be read: {error}") from None
    if meta["crs"] not in (None, "EPSG:4326", "OGC:CRS84"):
        raise ImportRefused(f"--boundary {path} is in {meta['crs']}; give it in WGS-84 degrees (EPSG:4326)")
    polygon = shapely.union_all(shapely.from_wkb(shapes)) if shapes is not None and len(shapes) else None
    if polygon is None or polygon.area <= 0:
        raise ImportRefused(f"--boundary {path} holds no polygon")
    return area_of_polygon(polygon)


def _area_of_osm(source: Path, boundary: str) -> Area:
    found, incomplete, known = _candidates(source, boundary)
    if incomplete and not found:
        raise ImportRefused(
            f"boundary {boundary} ({', '.join(incomplete)}) is not complete in {source.name}; use --bbox, a larger extract, or "
            "--boundary with a polygon file (.geojson)"
        )
    if not found:
        listed = ", ".join(sorted(known)[:_MOST_LISTED]) or "none is complete"
        raise ImportRefused(f"no boundary in {source.name} is called {boundary}; complete in the file: {listed}")
    if len(found) > 1:
        listed = ", ".join(f"{identity} ({what})" for identity, (what, _) in list(found.items())[:_MOST_LISTED])
        raise ImportRefused(
            f"{len(found)} boundaries are called {boundary}: {listed}; give one of these ids as --boundary"
        )
    return area_of_polygon(shapely.from_wkb(next(iter(found.values()))[1]))


def _candidates(source: Path, boundary: str) -> tuple[dict[str, tuple[str, bytes | str]], list[str], set[str]]:
    """Boundaries so called by id, with what they are and their shape; ids of those cut off; names of all complete ones."""
    wkb = osmium.geom.WKBFactory()
    found: dict[str, tuple[str, bytes | str]] = {}
    incomplete: list[str] = []
    known: set[str] = set()
    wanted = osmium.filter.KeyFilter("boundary", "place")
    try:
        for item in osmium.FileProcessor(str(source)).with_areas(wanted).with_filter(wanted):
            if not isinstance(item, osmium.osm.Area):
                continue
            tags = dict(item.tags)
            identity = f"{'w' if item.from_way() else 'r'}{item.orig_id()}"
            named = boundary == identity or boundary in {tags[key] for key in _NAME_KEYS if key in tags}
            if item.num_rings()[0] == 0:
                incomplete += [identity] if named else []
                continue
            known.add(tags.get("name", identity))
            if named:
                found[identity] = (_what(tags), wkb.create_multipolygon(item))
    except (RuntimeError, OSError) as error:
        raise ImportRefused(
            f"{source.name} cannot be read as OpenStreetMap data: {error}; get the file again"
        ) from None
    return found, incomplete, known


def _what(tags: dict[str, str]) -> str:
    level = tags.get("admin_level")
    return f"admin_level {level}" if level else tags.get("place", tags.get("boundary", ""))
