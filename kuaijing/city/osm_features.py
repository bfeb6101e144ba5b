"""Reads what is not a road from an OpenStreetMap file: water, green, buildings for the map; places and addresses for both.

One pass. Polygons go straight to line-delimited GeoJSON files, one a map layer, for ``city.basemap``; places are handed back.
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import osmium
import shapely

from kuaijing.city.areas import Area
from kuaijing.city.place_kinds import green_of, point_of_interest_of, settlement_of, water_of
from kuaijing.city.places import Address, Place, PlaceList
from kuaijing.city.refused import ImportRefused

Tags = Mapping[str, str]

_KEYS = (
    "building", "natural", "waterway", "landuse", "leisure", "place", "amenity", "shop", "tourism", "office", "railway",
    "public_transport", "aeroway", "healthcare", "historic", "man_made", "highway", "addr:housenumber",
)  # fmt: skip
_AREA_KEYS = tuple(key for key in _KEYS if key not in ("highway", "addr:housenumber"))
_LINE_WATERS = frozenset({"river", "canal", "stream", "drain", "ditch"})
_RAILS = frozenset({"rail", "light_rail", "narrow_gauge"})
_NAME_KEYS = (
    "name",
    "name:zh",
    "name:zh-Hans",
    "name:zh-Hant",
    "alt_name",
    "old_name",
    "short_name",
    "official_name",
    "ref",
)


def read_osm_features(source: Path, folder: Path, area: Area | None) -> PlaceList:
    """Write ``water``, ``green``, ``buildings`` and ``rails`` as ``.geojsonl`` into ``folder``; return places and addresses."""
    with ExitStack() as stack:
        files = {
            layer: stack.enter_context((folder / f"{layer}.geojsonl").open("w", encoding="utf-8"))
            for layer in ("water", "green", "buildings", "rails")
        }
        reader = _FeatureReader(files, area)
        try:
            processor = osmium.FileProcessor(str(source)).with_areas(osmium.filter.KeyFilter(*_AREA_KEYS))
            for item in processor.with_filter(osmium.filter.KeyFilter(*_KEYS)):
                if isinstance(item, osmium.osm.Node):
                    reader.node(item)
                elif isinstance(item, osmium.osm.Way):
                    reader.way(item)
                elif isinstance(item, osmium.osm.Area):
                    reader.area(item)
        except (RuntimeError, OSError, ValueError) as error:
            raise ImportRefused(
                f"{source.name} cannot be read as OpenStreetMap data: {error}; get the file again"
            ) from None
    return reader.found


class _FeatureReader:
    def __init__(self, files: Mapping[str, IO[str]], area: Area | None) -> None:
        self.files, self.wanted = files, area
        self.found = PlaceList()
        self.geojson = osmium.geom.GeoJSONFactory()
        self.wkb = osmium.geom.WKBFactory()

    def node(self, node: osmium.osm.Node) -> None:
        lon, lat = node.location.lon, node.location.lat
        if self._holds(lon, lat):
            self._place(dict(node.tags), lon, lat)

    def way(self, way: osmium.osm.Way) -> None:
        tags = dict(way.tags)
        if "highway" in tags and tags.get("name"):
            self._road_names(tags)
        line_water = tags.get("waterway") in _LINE_WATERS or tags.get("natural") == "coastline"
        rail = tags.get("railway") in _RAILS and tags.get("service") is None
        numbered = "addr:housenumber" in tags and not way.is_closed()
        if (
            not (line_water or rail or numbered)
            or len(way.nodes) < 2
            or not all(node.location.valid() for node in way.nodes)
        ):
            return
        middle = way.nodes[len(way.nodes) // 2]
        if not self._holds(middle.lon, middle.lat):
            return
        if line_water and tags.get("tunnel", "no") == "no":
            kind = tags.get("waterway", "coastline")
            zoom = 8 if kind in ("river", "coastline") else 11 if kind == "canal" else 13
            self._write(
                "water", self.geojson.create_linestring(way), zoom, {"kind": kind, "name": tags.get("name", "")}
            )
        if rail and tags.get("tunnel", "no") == "no":
            self._write("rails", self.geojson.create_linestring(way), 11, {"kind": tags["railway"]})
        if numbered:
            self._place(tags, middle.lon, middle.lat)

    def area(self, area: osmium.osm.Area) -> None:
        tags = dict(area.tags)
        try:
            shape = shapely.from_wkb(self.wkb.create_multipolygon(area))
        except RuntimeError:  # rings that do not close: nothing to draw
            return
        at = shape.representative_point() if shape.is_valid else shape.centroid
        if shape.is_empty or not self._holds(at.x, at.y):
            return
        layer, kind = self._layer_of(tags)
        if layer:
            self._write(
                layer,
                self.geojson.create_multipolygon(area),
                _zoom_of_size(layer, shape.area),
                _facts(layer, kind, tags),
            )
        self._place(tags, at.x, at.y)

    @staticmethod
    def _layer_of(tags: Tags) -> tuple[str, str]:
        if kind := water_of(tags):
            return "water", kind
        if kind := green_of(tags):
            return "green", kind
        building = tags.get("building", "no")
        return ("buildings", building) if building != "no" else ("", "")

    def _place(self, tags: Tags, lon: float, lat: float) -> None:
        number, road = (
            tags.get("addr:housenumber", "").strip(),
            tags.get("addr:street", tags.get("addr:place", "")).strip(),
        )
        if number and road:
            self.found.addresses.extend(
                Address(road, part.strip(), lon, lat) for part in number.split(";") if part.strip()
            )
        name = tags.get("name", "").strip()
        if not name or "boundary" in tags:
            return
        settlement = settlement_of(tags)
        kind = settlement or point_of_interest_of(tags)
        if kind is None:
            return
        address = f"{road}{number}" if road and number else road
        self.found.places.append(
            Place(kind, settlement is not None, name, _english(tags), lon, lat, _other_names(tags), address)
        )

    def _road_names(self, tags: Tags) -> None:
        name = tags["name"].strip()
        english, others = self.found.road_names.get(name, ("", ()))
        more = tuple(other for other in _other_names(tags) if other not in others)
        if more or (not english and _english(tags)):
            self.found.road_names[name] = (english or _english(tags), others + more)

    def _holds(self, lon: float, lat: float) -> bool:
        return self.wanted is None or self.wanted.holds(lon, lat)

    def _write(self, layer: str, geometry: str, zoom: int, facts: dict[str, str | float]) -> None:
        facts = {key: value for key, value in facts.items() if value != ""}
        head = json.dumps({"type": "Feature", "tippecanoe": {"minzoom": zoom}, "properties": facts}, ensure_ascii=False)
        self.files[layer].write(f'{head[:-1]},"geometry":{geometry}}}\n')


def _english(tags: Tags) -> str:
    return tags.get("name:en", tags.get("int_name", "")).strip()


def _other_names(tags: Tags) -> tuple[str, ...]:
    name = tags.get("name", "").strip()
    found = (part.strip() for key in _NAME_KEYS[1:] for part in tags.get(key, "").split(";"))
    return tuple(dict.fromkeys(part for part in found if part and part != name))


def _zoom_of_size(layer: str, square_degrees: float) -> int:
    """First zoom at which a polygon is worth drawing: about a 24th of a tile across."""
    if layer == "buildings":
        return 13 if square_degrees > 2e-7 else 14
    return next((zoom for zoom in range(6, 14) if square_degrees * 576 > (360 / 2**zoom) ** 2), 14)


def _facts(layer: str, kind: str, tags: Tags) -> dict[str, str | float]:
    if layer != "buildings":
        return {"kind": kind, "name": tags.get("name", "")}
    for key, per in (("height", 1.0), ("building:levels", 3.0)):
        try:
            return {"kind": kind, "height": round(float(tags.get(key, "").removesuffix("m").strip()) * per, 1)}
        except ValueError:
            continue
    return {"kind": kind}
