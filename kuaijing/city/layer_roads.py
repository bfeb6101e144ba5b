"""Reads a road layer (Shapefile, GeoPackage, GeoJSON, anything that GDAL reads as lines) through a column mapping."""

import struct
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from kuaijing.city.areas import Area
from kuaijing.city.mapped_roads import mapped_lines
from kuaijing.city.mapping import Mapping
from kuaijing.city.projection import wgs84_of
from kuaijing.city.refused import ImportRefused
from kuaijing.city.road_lines import RoadLines

_SAME_PLACE_DEG = 1e-7
"""Line ends within this are one junction: a centimetre, the precision of the usual layers."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerRoads:
    """Roads of a layer, and the coordinate system they were read in."""

    lines: RoadLines
    crs: str


def read_layer_roads(source: Path, mapping: Mapping, crs: str | None, area: Area | None) -> LayerRoads:
    """Roads of a layer; ``crs`` (a house name) overrides what the layer says of itself."""
    _refuse_truncated_shapefile(source)
    meta, shapes, columns = _read(source, mapping)
    crs = crs or _own_crs(meta, source)
    dropped: Counter[str] = Counter()
    rows = {str(name): column for name, column in zip(meta["fields"], columns, strict=True)}
    part, row = shapely.get_parts(shapely.from_wkb(shapes), return_index=True)
    lines = np.isin(shapely.get_type_id(part), (1, 2)) & ~shapely.is_empty(part)
    dropped["shapes_that_are_no_lines"] += int((~lines).sum()) + len(shapes) - len(np.unique(row))
    part, row = part[lines], row[lines]
    if not len(part):
        raise ImportRefused(
            f"{source.name} holds no lines, so no roads; name the road layer with `layer:` in --columns"
        )
    xy, line = shapely.get_coordinates(part, return_index=True)
    lon, lat = wgs84_of(xy[:, 0], xy[:, 1], crs)
    wanted = _usable_points(lon, lat, line, area, dropped)
    lon, lat, line = lon[wanted], lat[wanted], line[wanted]
    if not len(line):
        raise ImportRefused(f"{source.name} holds no roads in the wanted area; check --bbox or --boundary")
    used, line = np.unique(line, return_inverse=True)
    start = np.concatenate(([0], np.cumsum(np.bincount(line)))).astype(np.int64)
    node = _identities(lon, lat, start, mapping.junctions == "vertices")
    rows = {name: column[row[used]] for name, column in rows.items()}
    return LayerRoads(mapped_lines(mapping, rows, start, node, lon, lat, None, dropped), crs)


def _read(source: Path, mapping: Mapping) -> tuple[dict[str, Any], Any, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "error", RuntimeWarning
            )  # GDAL warns where it mends: a broken file is to be mended by hand
            meta, _, shapes, columns = pyogrio.raw.read(
                source, layer=mapping.layer, encoding=mapping.encoding, force_2d=True
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeWarning, ValueError) as error:
        raise ImportRefused(f"{source.name} cannot be read as a road layer: {error}; get the file again") from None
    except (pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, UnicodeDecodeError) as error:
        raise ImportRefused(
            f"{source.name} is damaged: {error}; get the file again, or set encoding in --columns"
        ) from None
    if shapes is None or not len(shapes):
        raise ImportRefused(f"{source.name} holds no lines, so no roads")
    return meta, shapes, columns


def _own_crs(meta: dict[str, Any], source: Path) -> str:
    if not meta["crs"]:
        raise ImportRefused(
            f"{source.name} does not say its coordinate system (no .prj); say it with --crs wgs84|gcj02|bd09|EPSG:n"
        )
    return "wgs84" if meta["crs"] in ("EPSG:4326", "OGC:CRS84") else str(meta["crs"])


def _refuse_truncated_shapefile(source: Path) -> None:
    """The .shp header states the file's length; GDAL itself reads a cut-off file without complaint."""
    for path in [source] if source.suffix.lower() == ".shp" else []:
        with path.open("rb") as file:
            head = file.read(28)
        if len(head) < 28 or struct.unpack(">i", head[:4])[0] != 9994:
            raise ImportRefused(f"{path.name} is no Shapefile; get the file again")
        stated, there = struct.unpack(">i", head[24:28])[0] * 2, path.stat().st_size
        if there < stated:
            raise ImportRefused(
                f"{path.name} is truncated: {there} bytes of the {stated} it states; get the file again"
            )
        dbf = path.with_suffix(".dbf")
        if dbf.exists():
            records, header, length = struct.unpack("<IHH", dbf.read_bytes()[4:12])
            if dbf.stat().st_size < header + records * length:
                raise ImportRefused(f"{dbf.name} is truncated; get the file again")


def _usable_points(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    line: NDArray[np.int64],
    area: Area | None,
    dropped: Counter[str],
) -> NDArray[np.bool_]:
    """Points without repeats, of lines that touch the area and still have two points."""
    wanted = np.ones(len(line), bool)
    if area is not None:
        touched = np.zeros(line[-1] + 1, bool)
        np.logical_or.at(touched, line, area.holds_many(lon, lat))
        wanted = touched[line]
    repeat = np.zeros(len(line), bool)
    repeat[1:] = (line[1:] == line[:-1]) & (lon[1:] == lon[:-1]) & (lat[1:] == lat[:-1])
    wanted &= ~repeat
    single = np.bincount(line[wanted], minlength=line[-1] + 1) < 2
    dropped["lines_of_one_point"] += int((single & (np.bincount(line[wanted], minlength=line[-1] + 1) == 1)).sum())
    return wanted & ~single[line]


def _identities(
    lon: NDArray[np.float64], lat: NDArray[np.float64], start: NDArray[np.int64], every_vertex: bool
) -> NDArray[np.int64]:
    """Points at one place are one: line ends only, or every vertex; all others are nobody's neighbour."""
    place = np.stack((np.round(lon / _SAME_PLACE_DEG), np.round(lat / _SAME_PLACE_DEG)), axis=1).astype(np.int64)
    shared = np.full(len(lon), every_vertex)
    shared[start[:-1]] = shared[start[1:] - 1] = True
    node = np.arange(len(lon), dtype=np.int64) + len(lon)
    node[shared] = np.unique(place[shared], axis=0, return_inverse=True)[1].ravel()
    return node
