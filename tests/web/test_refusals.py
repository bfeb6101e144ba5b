"""What is refused at the door, how it is named, and that nothing of it is applied."""

from dataclasses import replace

import httpx
import pytest

from kuaijing.domain.plan_document import PlannedClosure
from kuaijing.wire.plans import zip_of
from tests.web.town import Town


def _faults(answer: httpx.Response) -> dict[str, dict[str, str]]:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"].startswith("urn:kuaijing:problem:")
    assert problem["request"] == answer.headers["x-request-id"]
    return {fault["field"]: fault for fault in problem["faults"]}


def test_all_faults_of_a_body_are_named_at_once(town: Town) -> None:
    desk = town.signed_in("wang")
    before = len(desk.get("/api/incidents").json())
    body = {"place": {"lon": 500, "lat": "x"}, "grade": 9, "origin": "guess", "phone": 5, "colour": "red"}
    faults = _faults(desk.post("/api/calls", json=body))
    assert set(faults) == {"place.lon", "place.lat", "kind", "grade", "origin", "phone", "colour"}
    assert faults["place.lon"]["value"] == "500"
    assert faults["kind"]["problem"] == "missing"
    assert "call_110" in faults["origin"]["remedy"]
    assert len(desk.get("/api/incidents").json()) == before


def test_an_unknown_kind_is_named_beside_the_other_faults(town: Town) -> None:
    body = {"place": {"lon": 500, "lat": 27.0}, "kind": "dragon"}
    faults = _faults(town.signed_in("wang").post("/api/calls", json=body))
    assert set(faults) == {"place.lon", "kind"}
    assert "fight" in faults["kind"]["remedy"]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"{", 400, "malformed-json"),
        (b"[" * 100_000, 400, "malformed-json"),
        (b'{"place": "\xff"}', 400, "malformed-json"),
        (b"[]", 422, "bad-request"),
        (b"{" + b'"a":' * 5000, 400, "malformed-json"),
        (b" " * (1024 * 1024 + 1), 413, "too-large"),
    ],
)
def test_a_body_that_is_no_such_document(town: Town, body: bytes, status: int, kind: str) -> None:
    answer = town.signed_in("wang").post("/api/calls", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:kuaijing:problem:{kind}"


def test_a_body_of_another_type_is_refused(town: Town) -> None:
    answer = town.signed_in("wang").post("/api/calls", content=b"a=1", headers={"content-type": "text/plain"})
    assert answer.status_code == 415
    assert "Content-Type" in _faults(answer)


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "\u202egnp.exe", "x\ufffe"])
def test_text_that_hides_something_is_refused_by_character(town: Town, text: str) -> None:
    desk = town.signed_in("wang")
    west, south, _, _ = town.city.ground.bbox
    body = {"place": {"lon": west, "lat": south, "text": text}, "kind": "fight"}
    assert "may not stand in a text" in _faults(desk.post("/api/calls", json=body))["place.text"]["problem"]


def test_mixed_scripts_come_back_as_they_were_typed(town: Town) -> None:
    desk, words = town.signed_in("wang"), "فرع 门口 <script>alert('1')</script> Ωμέγα \n\t🚓 é"
    incident = town.call(desk, words=words + "e\u0301")["incident"]
    assert desk.get(f"/api/incidents/{incident}").json()["calls"][0]["words"] == words + "é"


def test_over_long_text_is_refused_with_its_limit(town: Town) -> None:
    answer = town.signed_in("wang").post("/api/incidents/x/notes", json={"text": "长" * 2001})
    assert "2000" in _faults(answer)["text"]["remedy"]


def test_an_unknown_query_parameter_is_refused_by_name(town: Town) -> None:
    answer = town.signed_in("wang").get("/api/incidents", params={"state": "open", "limit": "many"})
    assert answer.status_code == 422
    assert set(_faults(answer)) == {"state", "limit"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/incidents/20200101-0001/escalate", {"grade": 1, "reason": "x"}),
        ("POST", "/api/assignments/20200101-0001.1/cleared", {}),
        ("POST", "/api/units/nobody/status", {"status": "available"}),
        ("POST", "/api/calls/c20200101-0001/link", {"incident": "20200101-0001"}),
        ("DELETE", "/api/closures/k-none", None),
        ("GET", "/api/incidents/20200101-0001", None),
        ("GET", "/api/incidents/20200101-0001/recommendation", None),
        ("GET", "/api/units/nobody", None),
        ("GET", "/api/isochrone?unit=nobody", None),
        ("GET", "/api/nothing", None),
        ("POST", "/api/assignments/20200101-0001.1/danced", {}),
        ("GET", "/tiles/1/x/2", None),
    ],
)
def test_what_does_not_exist_is_a_404_problem(town: Town, method: str, path: str, body: object) -> None:
    desk = town.signed_in("wang")
    _warm(desk)
    answer = desk.request(method, path, json=body) if body is not None else desk.request(method, path)
    assert answer.status_code == 404, answer.text
    _faults(answer)


def _warm(desk: httpx.Client) -> None:
    import time

    while desk.get("/api/health").json()["status"] == "warming":
        time.sleep(0.1)


def test_a_method_that_a_path_has_not_is_a_405_problem(town: Town) -> None:
    answer = town.client().delete("/api/health")
    assert answer.status_code == 405
    assert answer.json()["type"].endswith(":method-not-allowed")


def test_a_kind_outside_the_plan_is_refused_with_those_there_are(town: Town) -> None:
    west, south, _, _ = town.city.ground.bbox
    answer = town.signed_in("wang").post("/api/calls", json={"place": {"lon": west, "lat": south}, "kind": "ufo"})
    assert "fight" in _faults(answer)["kind"]["remedy"]


def test_a_stale_incident_version_is_a_conflict_with_what_stands(town: Town) -> None:
    desk = town.signed_in("wang")
    incident = town.call(desk)["incident"]
    answer = desk.post(f"/api/incidents/{incident}/close", json={"outcome": "false", "version": 99})
    assert answer.status_code == 409
    assert answer.json()["current"]["incident"] == incident


def test_a_way_that_is_no_way(town: Town) -> None:
    desk = town.signed_in("wang")
    assert set(_faults(desk.get("/api/route", params={"from": "112,27"}))) == {"to"}
    assert set(_faults(desk.get("/api/route", params={"unit": "U1"}))) == {"incident"}
    answer = desk.get("/api/route", params={"from": "10,50", "to": "11,50"})
    assert answer.status_code == 404
    assert answer.json()["type"].endswith(":unreachable")


def test_a_polygon_of_two_corners_and_a_time_that_ends_before_it_begins(town: Town) -> None:
    body = {
        "name": "路口",
        "shape": "polygon",
        "points": [[112.0, 27.0], [112.001, 27.0]],
        "from_at": "2026-11-21T12:00:00Z",
        "until": "2026-11-21T11:00:00Z",
    }
    assert set(_faults(town.signed_in("wang").post("/api/closures", json=body))) == {"points", "until"}


def test_a_plan_with_faults_is_refused_whole_with_every_fault(town: Town) -> None:
    chief = town.signed_in("chief")
    before = chief.get("/api/plans").json()
    files = [("files", ("plan.yaml", b"name: x\nrest_limit_s: -5\n", "text/yaml"))]
    answer = chief.post("/api/plan", files=files)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(":bad-plan")
    assert len(_faults(answer)) > 3
    assert chief.get("/api/plans").json() == before


def test_the_plan_in_force_goes_out_as_a_zip_and_in_again(town: Town) -> None:
    chief = town.signed_in("chief")
    packed = chief.get("/api/plan/export").content
    answer = chief.post("/api/plan", content=packed, headers={"content-type": "application/zip"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["units"] == len(town.plan.force)
    assert chief.get("/api/plan/areas").json()["type"] == "FeatureCollection"


def test_closures_of_a_plan_hold_with_it_and_are_lifted_by_the_next(town: Town) -> None:
    chief = town.signed_in("chief")
    point = town.plan.platforms[0].point
    works = PlannedClosure(
        "works", "修路", 0.0, "line", (((point.lon, point.lat), (point.lon + 0.001, point.lat)),), None, None
    )

    for closures, expected in (((works,), ["修路"]), ((), [])):
        packed = zip_of(replace(town.plan, closures=closures))
        answer = chief.post("/api/plan", content=packed, headers={"content-type": "application/zip"})
        assert answer.status_code == 201, answer.text
        assert [closure["name"] for closure in chief.get("/api/closures").json()] == expected
