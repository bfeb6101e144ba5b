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
    wkb = osmium.geom.WKBFactory()
    found: dict[str, tuple[str, bytes | str]] = {}
    known: set[str] = set()
    incomplete: list[str] = []
    try:
        processor = osmium.FileProcessor(str(source)).with_areas(osmium.filter.KeyFilter("boundary", "place"))
        for item in processor.with_filter(osmium.filter.KeyFilter("boundary", "place")):
            if not isinstance(item, osmium.osm.Area):
                continue
            tags = dict(item.tags)
            identity = f"{'w' if item.from_way() else 'r'}{item.orig_id()}"
            names = {tags[key] for key in _NAME_KEYS if key in tags}
            complete = item.num_rings()[0] > 0
            if complete and "name" in tags:
                known.add(tags["name"])
            if not (boundary in names or boundary == identity):
                continue
            if not complete:
                incomplete.append(identity)
            else:
                what = (
                    f"admin_level {tags['admin_level']}"
                    if "admin_level" in tags
                    else tags.get("place", tags.get("boundary", ""))
                )
                found[identity] = (what, wkb.create_multipolygon(item))
    except (RuntimeError, OSError) as error:
        raise ImportRefused(
            f"{source.name} cannot be read as OpenStreetMap data: {error}; get the file again"
        ) from None
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
