"""What parts a city: water and railways, kept beside the ground for whoever cuts it into beats. Not part of the ground's hash.

A city that does not come from OpenStreetMap has none, and one imported by an older release neither; ``known`` tells.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely

FILE: Final = "barriers.geojson"
_LEAST_WATER: Final = 4e-7
"""Square degrees, about 4,000 m²: a pond parts nothing."""
_PARTING: Final = frozenset({"river", "canal", "coastline"})


@dataclass(frozen=True, slots=True)
class Barriers:
    """Water as polygons, rivers and canals without a surface and railways as lines; WGS-84 degrees."""

    known: bool
    water: tuple[shapely.Polygon, ...] = ()
    waterways: tuple[shapely.LineString, ...] = ()
    rails: tuple[shapely.LineString, ...] = ()


def write_barriers(layers: Path, folder: Path) -> None:
    """Write ``barriers.geojson`` of the import's ``water`` and ``rails`` layers; nothing where there are no such layers."""
    features: list[dict[str, Any]] = []
    for layer in ("water", "rails"):
        file = layers / f"{layer}.geojsonl"
        if not file.exists():
            continue
        with file.open(encoding="utf-8") as lines:
            features += [kept for line in lines if (kept := _kept(json.loads(line), layer)) is not None]
    if (layers / "water.geojsonl").exists():
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        (folder / FILE).write_text(text, encoding="utf-8")


def _kept(feature: dict[str, Any], layer: str) -> dict[str, Any] | None:
    kind, geometry = feature["properties"]["kind"], feature["geometry"]
    if layer == "water":
        if geometry["type"] == "LineString" and kind not in _PARTING:
            return None
        if geometry["type"] != "LineString" and shapely.geometry.shape(geometry).area < _LEAST_WATER:
            return None
    return {"type": "Feature", "properties": {"kind": "rail" if layer == "rails" else kind}, "geometry": geometry}


def read_barriers(folder: Path) -> Barriers:
    """The barriers of a city folder; ``known`` is false where it has no such file."""
    try:
        features = json.loads((folder / FILE).read_text(encoding="utf-8"))["features"]
    except FileNotFoundError:
        return Barriers(False)
    water: list[shapely.Polygon] = []
    waterways: list[shapely.LineString] = []
    rails: list[shapely.LineString] = []
    for feature in features:
        shape = shapely.geometry.shape(feature["geometry"])
        if isinstance(shape, shapely.LineString):
            (rails if feature["properties"]["kind"] == "rail" else waterways).append(shape)
            continue
        valid = shape if shape.is_valid else shapely.make_valid(shape)
        water += [part for part in shapely.get_parts(valid) if isinstance(part, shapely.Polygon)]
    return Barriers(True, tuple(water), tuple(waterways), tuple(rails))
