"""The plan document of a generated city: tiers, beats, platforms, force, patrol points, responses, one slow zone."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from scipy.spatial import cKDTree

from kuaijing.city.generate.beats import Beats
from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.force import FIRST_PLATFORM, Post, force_csv
from kuaijing.city.generate.form import FloatArray, to_degrees
from kuaijing.city.generate.kinds import Street, Use
from kuaijing.city.generate.places import Spot
from kuaijing.city.generate.words import pinyin

KEY_USES = (Use.STATION, Use.MALL, Use.MARKET, Use.SQUARE, Use.HOSPITAL)
VALID_FROM = "2026-01-01T00:00:00+08:00"


def response_yaml() -> str:
    """The kinds and response plans that every city starts with."""
    return (files("kuaijing.domain") / "defaults" / "response.yaml").read_text(encoding="utf-8")


def _feature(properties: dict[str, Any], geometry: shapely.Geometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(geometry))}


def _write_features(path: Path, features: list[dict[str, Any]]) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _degrees(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: np.column_stack(to_degrees(xy[:, 0], xy[:, 1])))


def _tiers(drawing: Drawing, spots: list[Spot]) -> list[dict[str, Any]]:
    polygons = drawing.block_polygons()
    chosen = np.isin(drawing.use, KEY_USES) & (drawing.blocks.density > 0.2)
    parts = list(shapely.buffer(polygons[chosen], 30.0, quad_segs=4))
    parts += [shapely.Point(s.x, s.y).buffer(110.0, quad_segs=6) for s in spots if s.use == Use.SCHOOL]
    heart = drawing.form.centre()
    parts.append(shapely.Point(heart).buffer(0.42 * drawing.form.old_radius, quad_segs=12))
    key = shapely.intersection(shapely.union_all(parts), drawing.form.outline)
    core = polygons[drawing.blocks.density > 0.60]
    second = shapely.coverage_union_all(core if len(core) else polygons).buffer(60.0).buffer(-60.0).simplify(2.0)
    whole = max(shapely.get_parts(second), key=lambda part: float(part.area))
    second = shapely.intersection(shapely.Polygon(whole.exterior), drawing.form.outline)
    names = {"key": ("重点部位", "Key places", 60, 20), "second": ("中心城区", "Inner city", 180, 10)}
    shapes = {"key": key.simplify(1.0), "second": second}
    features = []
    for tier, (name, name_en, limit_s, priority) in names.items():
        properties = {"id": tier, "name": name, "name_en": name_en, "limit_s": limit_s, "priority": priority}
        features.append(_feature(properties, _degrees(shapes[tier])))
    return features


def _platform_places(drawing: Drawing, beats: Beats) -> FloatArray:
    """A junction on a through street near the heart of each beat, inside it."""
    mesh = drawing.mesh
    good = sorted(
        {v for edge, s in mesh.street.items() if s <= Street.LOCAL and edge not in drawing.spans for v in edge}
    )
    xy = mesh.coordinates()
    candidates = np.array([v for v in good if mesh.degree[v] >= 3])
    lon, lat = to_degrees(xy[candidates, 0], xy[candidates, 1])
    tree = cKDTree(xy[candidates])
    places = []
    for heart, shape in zip(beats.hearts, beats.shapes, strict=True):
        order = tree.query(heart, min(400, len(candidates)))[1]
        inner = shape.buffer(-0.00025)
        inside = shapely.contains_xy(inner if not inner.is_empty else shape, lon[order], lat[order])
        places.append(xy[candidates[order[np.argmax(inside)]]])
    return np.array(places)


def _patrol_points(beats: Beats, spots: list[Spot], ids: list[str]) -> list[dict[str, Any]]:
    duty = {
        Use.SCHOOL: ("校门", "Gate", "07:00-08:20,16:30-18:00", 900, 2),
        Use.MARKET: ("", "", "06:30-10:00", 600, 2),
        Use.MALL: ("商圈", "Shopping Area", "18:00-22:30", 900, 2),
        Use.STATION: ("前", "Forecourt", "06:00-23:30", 1200, 4),
        Use.HOSPITAL: ("", "", "08:00-20:00", 600, 2),
        Use.SQUARE: ("", "", "19:00-23:00", 600, 2),
        Use.PARK: ("夜巡", "Night Patrol", "00:00-05:00", 300, 1),
    }
    features: list[dict[str, Any]] = []
    held = np.zeros(len(ids), np.int64)
    for spot in spots:
        beat = int(beats.of_face[spot.block])
        if spot.use not in duty or held[beat] >= 9:
            continue
        held[beat] += 1
        suffix, english, hours, dwell_s, visits = duty[spot.use]
        lon, lat = to_degrees(np.array([spot.x]), np.array([spot.y]))
        properties: dict[str, Any] = {"id": f"{ids[beat]}-{held[beat]}", "name": f"{spot.name}{suffix}"}
        properties |= {"name_en": f"{spot.name_en} {english}".strip()}
        properties |= {"beat": ids[beat], "hours": hours, "dwell_s": dwell_s, "visits": visits}
        features.append(_feature(properties, shapely.Point(float(lon[0]), float(lat[0]))))
    return features


def write_plan(
    folder: Path, drawing: Drawing, beats: Beats, names: list[str], spots: list[Spot], rng: np.random.Generator
) -> list[str]:
    """Write the plan document into ``folder``; returns the beats' identifiers, row for row."""
    folder.mkdir(parents=True)
    numbers = [FIRST_PLATFORM + row if row < 80 else 20 + row for row in range(len(names))]
    ids = [f"B{number}" for number in numbers]
    places = _platform_places(drawing, beats)
    lon, lat = to_degrees(places[:, 0], places[:, 1])
    posts = [Post(n, float(x), float(y)) for n, x, y in zip(numbers, lon, lat, strict=True)]
    beat_features, platform_features = [], []
    for post, ident, name, shape in zip(posts, ids, names, beats.shapes, strict=True):
        english = pinyin(name)
        own = {"id": ident, "name": f"{name}网格", "name_en": f"{english} Beat", "platform": str(post.number)}
        beat_features.append(_feature(own, shape))
        there = {"id": str(post.number), "name": f"{name}快警平台", "name_en": f"{english} Platform", "beat": ident}
        platform_features.append(_feature(there, shapely.Point(post.lon, post.lat)))
    _write_features(folder / "tiers.geojson", _tiers(drawing, spots))
    _write_features(folder / "beats.geojson", beat_features)
    _write_features(folder / "platforms.geojson", platform_features)
    _write_features(folder / "patrol_points.geojson", _patrol_points(beats, spots, ids))
    _write_features(folder / "closures.geojson", [_slow_zone(drawing)])
    (folder / "force.csv").write_text(force_csv(posts, rng), encoding="utf-8")
    (folder / "response.yaml").write_text(response_yaml(), encoding="utf-8")
    (folder / "plan.yaml").write_text(_plan_yaml(), encoding="utf-8")
    return ids


def _slow_zone(drawing: Drawing) -> dict[str, Any]:
    """Road works on a collector: half speed for some months."""
    roads = [r for r in drawing.roads if r.street == Street.COLLECTOR and len(r.nodes) >= 4 and r.name and not r.bridge]
    road = max(roads, key=lambda r: len(r.nodes))
    middle = len(road.nodes) // 2
    line = shapely.LineString(drawing.mesh.coordinates()[road.nodes[max(0, middle - 2) : middle + 2]])
    properties: dict[str, Any] = {"id": "works-1", "name": f"{road.name}管网施工", "factor": 0.5}
    properties |= {"from": "2026-09-15T00:00:00+08:00", "to": "2027-03-31T00:00:00+08:00"}
    return _feature(properties, _degrees(line))


def _plan_yaml() -> str:
    plan = {
        "name": "清岚市快警勤务方案",
        "name_en": "Qinglan rapid police plan",
        "version": "2026-1",
        "valid_from": VALID_FROM,
        "provisional": False,
        "fictional": True,
        "timezone": "Asia/Shanghai",
        "rest_limit_s": 300,
        "rest_name": "其他区域",
        "rest_name_en": "Rest of the city",
        "files": {
            "tiers": "tiers.geojson",
            "beats": "beats.geojson",
            "platforms": "platforms.geojson",
            "patrol_points": "patrol_points.geojson",
            "closures": "closures.geojson",
            "force": "force.csv",
            "response": "response.yaml",
        },
    }
    return yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
