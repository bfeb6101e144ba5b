"""From a call to a closed incident, by HTTP alone."""

import time

import httpx

from tests.web.town import Town


def _post(client: httpx.Client, path: str, **body: object) -> dict[str, object]:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def _wait_for_advice(client: httpx.Client, incident: str) -> dict[str, object]:
    for _ in range(200):
        answer = client.get(f"/api/incidents/{incident}/recommendation")
        if answer.status_code != 503:
            assert answer.status_code == 200, answer.text
            return answer.json()
        assert answer.json()["type"].endswith(":warming")
        time.sleep(0.2)
    raise AssertionError("never warm")


def test_a_call_becomes_an_incident_is_ordered_arrived_at_and_closed(town: Town) -> None:
    desk, gate = town.signed_in("wang"), town.signed_in("gate")
    ids = town.call(desk, words="两人打架", caller="张三", phone="13800138000")
    incident = ids["incident"]

    advice = _wait_for_advice(desk, incident)
    chosen = next(each for each in advice["candidates"] if each["order"] == 1)
    line = {"unit": chosen["unit"], "version": chosen["version"], "role": chosen["role"]}
    ordered = _post(desk, f"/api/incidents/{incident}/orders", units=[line], advice=advice["digest"])
    (assignment,) = ordered["ids"]["assignments"]

    for step in ("delivered", "acknowledged", "en_route"):
        _post(gate, f"/api/assignments/{assignment}/{step}")
    place = desk.get(f"/api/incidents/{incident}").json()["incident"]["place"]
    for _ in range(3):  # standing at the place: the arrival is measured
        report = {"unit": chosen["unit"], "lon": place["lon"], "lat": place["lat"], "measured_at": town.now()}
        answer = _post(gate, "/api/positions", **report, crs="wgs84", speed_mps=0.0)
        assert answer == {"accepted": 1, "refused": []}
        time.sleep(0.3)
    for step in ("on_scene", "controlled", "settled"):
        _post(gate, f"/api/assignments/{assignment}/{step}")
    _post(desk, f"/api/incidents/{incident}/notes", text="双方已分开", measures=True)
    handed_on = {"by": "station", "text": "次日回访"}
    _post(desk, f"/api/incidents/{incident}/close", outcome="mediation", follow_up=handed_on, note="带回平台调解")

    detail = desk.get(f"/api/incidents/{incident}").json()
    assert detail["incident"]["status"] == "closed"
    assert detail["incident"]["outcome"] == "mediation"
    assert detail["incident"]["follow_up"] == handed_on
    assert detail["incident"]["arrived"] is not None
    assert detail["incident"]["response_s"] is not None
    assert detail["calls"][0]["phone"] == "13800138000"
    told = [entry["type"] for entry in detail["timeline"]]
    assert told[0] == "IncidentOpened"
    assert "IncidentClosed" in told
    unit = desk.get(f"/api/units/{chosen['unit']}").json()
    assert unit["status"] == "available"
    assert unit["active"] is None
    assert desk.get("/api/health").json()["measured_arrivals_today"] == 1


def test_a_stamp_at_a_console_is_recorded_as_by_voice(town: Town) -> None:
    desk = town.signed_in("wang")
    incident = town.call(desk)["incident"]
    unit = town.free_units(desk)[0]
    ordered = _post(desk, f"/api/incidents/{incident}/orders", units=[{"unit": unit["id"], "version": unit["version"]}])
    _post(desk, f"/api/assignments/{ordered['ids']['assignments'][0]}/acknowledged")
    assignment = desk.get(f"/api/incidents/{incident}").json()["incident"]["assignments"][0]
    assert assignment["by_voice"] == ["acknowledged"]


def test_two_dispatchers_ordering_one_unit_the_second_is_told_who_was_first(town: Town) -> None:
    first, second = town.signed_in("wang"), town.signed_in("li")
    one, other = town.call(first)["incident"], town.call(second)["incident"]
    unit = town.free_units(first)[0]
    line = {"unit": unit["id"], "version": unit["version"]}
    _post(first, f"/api/incidents/{one}/orders", units=[line])

    answer = second.post(f"/api/incidents/{other}/orders", json={"units": [line]})

    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "urn:kuaijing:problem:unit-taken"
    assert problem["current"]["unit"] == unit["id"]
    assert problem["current"]["incident"] == one
    assert problem["current"]["version"] > unit["version"]
    assert set(problem["current"]["offers"]) == {"queue", "divert"}
    line = {"unit": unit["id"], "version": problem["current"]["version"], "mode": "queue"}
    _post(second, f"/api/incidents/{other}/orders", units=[line])


def test_merge_can_be_undone(town: Town) -> None:
    desk = town.signed_in("wang")
    one, other = town.call(desk)["incident"], town.call(desk)["incident"]
    _post(desk, f"/api/incidents/{other}/merge", into=one, reason="同一起")
    assert desk.get(f"/api/incidents/{other}").json()["incident"]["merged_into"] == one
    _post(desk, f"/api/incidents/{other}/unmerge", reason="不是")
    assert desk.get(f"/api/incidents/{other}").json()["incident"]["merged_into"] is None


def test_a_likely_duplicate_is_proposed_with_its_reasons(town: Town) -> None:
    desk = town.signed_in("wang")
    incident = town.call(desk, words="超市门口打架")["incident"]
    place = desk.get(f"/api/incidents/{incident}").json()["incident"]["place"]
    query = {"lon": place["lon"], "lat": place["lat"], "kind": "fight", "words": "门口打架"}
    found = desk.get("/api/calls/duplicates", params=query).json()
    assert incident in [each["incident"] for each in found]
    assert found[0]["same_kind"] is True


def test_an_officers_call_for_help_opens_a_grade_one_incident(town: Town) -> None:
    officer, unit = town.signed_in("officer"), town.plan.force[0].unit
    answer = officer.post(f"/api/units/{unit}/help", json={"text": "请求增援"})
    assert answer.status_code == 201, answer.text
    incident = officer.get(f"/api/incidents/{answer.json()['ids']['incident']}").json()["incident"]
    assert (incident["origin"], incident["grade"], incident["kind"]) == ("officer_help", 1, "officer_help")
    kinds = officer.get("/api/plan").json()["kinds"]
    assert "officer_help" in [kind["code"] for kind in kinds]
