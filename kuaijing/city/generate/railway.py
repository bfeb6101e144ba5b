"""The railway: an elevated line past the station, over streets that it does not join."""

import numpy as np
import shapely

from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Use
from kuaijing.city.generate.osmfile import OsmFile


def railway_line(drawing: Drawing) -> FloatArray:
    """The line through the station in local metres, roughly along the river and bending away from it; (n, 2)."""
    form = drawing.form
    station = drawing.blocks.centre[int(np.flatnonzero(drawing.use == Use.STATION)[0])]
    along = np.arange(-2.0 * form.radius, 2.0 * form.radius, 80.0)
    away = 0.30 * form.radius * (1 - np.cos(along / (1.1 * form.radius)))
    cos, sin = np.cos(form.rotation), np.sin(form.rotation)
    line: FloatArray = station + np.column_stack([cos * along - sin * away, sin * along + cos * away])
    return line


def write_railway(osm: OsmFile, drawing: Drawing) -> None:
    """Two tracks on a viaduct, and the station."""
    line = shapely.intersection(shapely.LineString(railway_line(drawing)), drawing.form.outline)
    for part in shapely.get_parts(line):
        for offset in (-2.5, 2.5):
            track = shapely.offset_curve(part, offset)
            for piece in shapely.get_parts(track):
                tags = {"railway": "rail", "bridge": "viaduct", "layer": "2", "name": "清岚线", "usage": "main"}
                osm.add_way(osm.add_points(np.asarray(shapely.get_coordinates(piece))), tags)
    station = drawing.blocks.centre[int(np.flatnonzero(drawing.use == Use.STATION)[0])]
    tags = {"railway": "station", "name": "清岚站", "name:en": "Qinglan Railway Station"}
    osm.add_node(float(station[0]), float(station[1]), tags)
