"""A plan document of two beats, two platforms and three units, as files that a test may spoil."""

# ruff: noqa: E501  (tables read better on one line)

import json
from typing import Any

import yaml

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.wire.plans import Fault, PlanRefused, read_plan

GROUND = (112.0, 27.0, 112.1, 27.1)


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(*features: tuple[dict[str, Any], dict[str, Any]], **members: Any) -> dict[str, Any]:
    made = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]
    return {"type": "FeatureCollection", **members, "features": made}


def parts() -> dict[str, Any]:
    """The files, not yet encoded."""
    point = {"type": "Point", "coordinates": [112.02, 27.05]}
    east_point = {"type": "Point", "coordinates": [112.08, 27.05]}
    return {
        "plan.yaml": {
            "name": "试验方案", "name_en": "Trial plan", "version": "1", "valid_from": "2026-11-21T08:00:00+08:00",
            "provisional": False, "fictional": True, "timezone": "Asia/Shanghai", "rest_limit_s": 300,
        },
        "tiers.geojson": collection(
            ({"id": "key", "name": "重点部位", "limit_s": 60, "hours": "06:00-23:00", "priority": 20}, box(112.01, 27.04, 112.02, 27.05)),
            ({"id": "second", "name": "中心城区", "limit_s": 180, "priority": 10}, box(112.0, 27.0, 112.05, 27.06)),
        ),
        "beats.geojson": collection(
            ({"id": "B1", "name": "西区", "platform": "P1"}, box(112.0, 27.0, 112.05, 27.1)),
            ({"id": "B2", "name": "东区", "platform": "P2"}, box(112.05, 27.0, 112.1, 27.1)),
        ),
        "platforms.geojson": collection(
            ({"id": "P1", "name": "西门平台", "beat": "B1"}, point), ({"id": "P2", "name": "东门平台", "beat": "B2"}, east_point),
        ),
        "patrol_points.geojson": collection(
            ({"id": "V1", "name": "校门", "beat": "B1", "hours": "07:00-08:30,16:30-18:00", "dwell_s": 600, "visits": 2}, point),
        ),
        "closures.geojson": collection(
            ({"id": "C1", "name": "修路", "factor": 0.5, "from": "2026-11-01"}, {"type": "LineString", "coordinates": [[112.01, 27.01], [112.02, 27.01]]}),
        ),
        "force.csv": (
            "id,call_sign,class,platform,beat,crew_police,crew_auxiliary,leader,capabilities,on_duty,lon,lat\n"
            "U1,2001,command_vehicle,P1,B1,1,2,王平台,video;command,yes,112.02,27.05\n"
            "U2,2011,car,P1,B1,1,1,李巡,,yes,,\n"
            "U3,2021,摩托车,P2,B2,0,1,,,否,,\n"
        ),
        "response.yaml": {
            "kinds": [{"code": "fight", "scheme": "110", "parent": None, "name": "打架", "name_en": "Fight", "letters": "dj", "grade": 2, "plan": "fight"}],
            "plans": [{"id": "fight", "first": 1, "support": 1, "classes": ["car", "motorcycle"], "capabilities": [],
                       "followers": [{"who": "station", "name": "派出所", "capability": ""}], "acknowledge_s": 30, "guidance": "先隔离双方"}],
        },
    }  # fmt: skip


def encoded(files: dict[str, Any]) -> dict[str, bytes]:
    def bytes_of(name: str, content: Any) -> bytes:
        if isinstance(content, bytes):
            return content
        if isinstance(content, str):
            return content.encode(errors="surrogatepass")
        if name.endswith(".yaml"):
            return yaml.safe_dump(content, allow_unicode=True).encode()
        return json.dumps(content).encode()

    return {name: bytes_of(name, content) for name, content in files.items()}


def zipped(files: dict[str, Any], folder: str = "") -> bytes:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in encoded(files).items():
            archive.writestr(folder + name, content)
    return packed.getvalue()


def read(files: dict[str, Any]) -> PlanDocument:
    return read_plan(zipped(files), GROUND)


def faults_of(files: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        read(files)
    except PlanRefused as refused:
        return refused.faults
    raise AssertionError("the plan was accepted")
