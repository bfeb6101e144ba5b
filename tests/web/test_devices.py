"""Devices over HTTP: administrators enter, approve and change, dispatchers look, codes stay where they are."""

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kuaijing.measures.instants import SECOND, Instant, to_datetime
from tests.web.town import Town


def entered(chief: httpx.Client, key: str, **more: Any) -> Any:
    body = {"protocol": "osmand", "key": key, "reason": "新装", **more}
    answer = chief.post("/api/devices", json=body)
    assert answer.status_code == 201, answer.text
    return chief.get(f"/api/devices/osmand:{key}").json()


def code_of(chief: httpx.Client, device: str) -> str:
    answer = chief.post(f"/api/devices/{device}/code", json={"reason": "现场调试"})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


def report(town: Town, key: str, code: str, *, east_deg: float = 0.0) -> httpx.Response:
    west, south, east, north = town.city.ground.bbox
    fix = {"id": key, "lat": (south + north) / 2, "lon": (west + east) / 2 + east_deg, "timestamp": town.now()}
    return httpx.get(f"{town.url}/api/feeds/osmand", params={**fix, "code": code}, trust_env=False)


def test_a_device_is_entered_heard_judged_and_listed(town: Town) -> None:
    chief, desk = town.signed_in("chief"), town.signed_in("wang")
    unit = desk.get("/api/units").json()[0]["id"]
    assert entered(chief, "phone-1", unit=unit, name="一号手机")["state"] == "never"

    assert report(town, "phone-1", code_of(chief, "osmand:phone-1")).status_code == 200

    listed = desk.get("/api/devices").json()
    found = next(each for each in listed["devices"] if each["id"] == "osmand:phone-1")
    assert (found["state"], found["unit"], found["judged"]["accepted"]) == ("reporting", unit, 1)
    assert found["contact"]["last_at"] >= found["contact"]["first_at"]
    assert next(each for each in desk.get("/api/units").json() if each["id"] == unit)["fix"] is not None


def test_a_stranger_is_listed_with_what_it_said_and_approved_by_its_name(town: Town) -> None:
    chief = town.signed_in("chief")
    assert report(town, "stranger-1", "guess").status_code == 401

    waiting = chief.get("/api/devices/unknown").json()
    found = next(each for each in waiting if each["key"] == "stranger-1")
    assert (found["protocol"], found["count"]) == ("osmand", 1)
    assert chief.get("/api/devices").json()["unknown"] == len(waiting)

    entered(chief, "stranger-1")
    assert "stranger-1" not in [each["key"] for each in chief.get("/api/devices/unknown").json()]


def test_a_wrong_code_moves_nothing_and_is_counted(town: Town) -> None:
    chief = town.signed_in("chief")
    entered(chief, "phone-2", unit=chief.get("/api/units").json()[1]["id"])

    assert report(town, "phone-2", "guess").status_code == 401

    found = chief.get("/api/devices/osmand:phone-2").json()
    assert found["faults"] == {"wrong_code": 1}
    assert found["judged"] is None


def test_a_device_moves_to_another_unit_at_once_and_its_history_says_who_and_why(town: Town) -> None:
    chief = town.signed_in("chief")
    units = [each["id"] for each in chief.get("/api/units").json()]
    entered(chief, "phone-3", unit=units[2])
    code = code_of(chief, "osmand:phone-3")

    change = {"version": 1, "unit": units[3], "reason": "换班"}
    assert chief.post("/api/devices/osmand:phone-3", json=change).status_code == 200
    assert report(town, "phone-3", code).status_code == 200

    state = {each["id"]: each for each in chief.get("/api/units").json()}
    assert state[units[3]]["fix"] is not None
    stale = chief.post("/api/devices/osmand:phone-3", json={**change, "unit": units[4]})
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, 2)
    assert stale.json()["type"].endswith(":stale-register")
    history = chief.get("/api/devices/osmand:phone-3/history").json()
    assert [(each["version"], each["unit"], each["actor"], each["reason"]) for each in history] == [
        (1, units[2], "chief", "新装"),
        (2, units[3], "chief", "换班"),
    ]


def test_a_withdrawn_device_is_turned_away_until_it_is_restored(town: Town) -> None:
    chief = town.signed_in("chief")
    entered(chief, "phone-4", unit=chief.get("/api/units").json()[0]["id"])
    code = code_of(chief, "osmand:phone-4")
    end = {"version": 1, "reason": "遗失"}
    assert chief.post("/api/devices/osmand:phone-4/retire", json=end).status_code == 200
    assert report(town, "phone-4", code).status_code == 403
    assert chief.get("/api/devices/osmand:phone-4").json()["state"] == "retired"

    assert chief.post("/api/devices/osmand:phone-4/restore", json={"version": 2, "reason": "找回"}).status_code == 200
    assert report(town, "phone-4", code).status_code == 200


def test_a_code_is_told_to_administrators_with_a_reason_only(town: Town) -> None:
    chief, desk = town.signed_in("chief"), town.signed_in("wang")
    entered(chief, "phone-5", code="4711-secret")
    assert desk.post("/api/devices/osmand:phone-5/code", json={"reason": "x"}).status_code == 403
    assert chief.post("/api/devices/osmand:phone-5/code", json={"reason": " "}).status_code == 422
    assert code_of(chief, "osmand:phone-5") == "4711-secret"

    for path in ("/api/devices", "/api/devices/osmand:phone-5", "/api/devices/osmand:phone-5/history"):
        assert "4711-secret" not in chief.get(path).text
    looked = [each for each in town.city.engine.read(types=["SecretShown"]) if each.event.id == "osmand:phone-5"]  # type: ignore[union-attr]
    assert [(each.actor, each.reason) for each in looked] == [("chief", "现场调试")]
    assert not [each for each in town.city.store.log.read(0) if b"4711-secret" in each.body]


def test_dispatchers_look_officers_do_not_and_only_administrators_change(town: Town) -> None:
    body = {"protocol": "osmand", "key": "phone-6", "reason": "x"}
    assert town.signed_in("wang").post("/api/devices", json=body).status_code == 403
    assert town.signed_in("officer").get("/api/devices").status_code == 403
    assert town.client().get("/api/devices").status_code == 401


def test_an_identifier_with_a_slash_is_reached_by_a_twice_escaped_path(town: Town) -> None:
    chief = town.signed_in("chief")
    body = {"protocol": "owntracks", "key": "wang/phone", "reason": "新装"}
    assert chief.post("/api/devices", json=body).status_code == 201
    assert chief.get("/api/devices/owntracks:wang%252Fphone").json()["key"] == "wang/phone"


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"protocol": "gt06"}, 422, "protocol"),
        ({"protocol": "jt808", "key": "radio"}, 422, "key"),
        ({"unit": "nobody"}, 404, "unit"),
        ({"reason": ""}, 422, "reason"),
        ({"code": "a b"}, 422, "code"),
        ({"crs": "wgs72"}, 422, "crs"),
    ],
)
def test_a_faulty_entry_is_refused_by_field(town: Town, wrong: dict[str, str], status: int, field: str) -> None:
    body = {"protocol": "osmand", "key": "phone-7", "reason": "x", **wrong}
    answer = town.signed_in("chief").post("/api/devices", json=body)
    assert answer.status_code == status, answer.text
    assert [fault["field"] for fault in answer.json()["faults"]] == [field]


def test_silence_is_told_with_the_last_word(town: Town) -> None:
    chief = town.signed_in("chief")
    entered(chief, "phone-8")
    device = town.city.gateways.register.get("osmand:phone-8")
    long_ago = Instant(town.city.clock.now() - 400 * SECOND)
    town.city.gateways.register.contact(device, long_ago, False)

    found = chief.get("/api/devices/osmand:phone-8").json()

    assert found["state"] == "silent"
    assert found["silent_since"] == to_datetime(long_ago).isoformat().replace("+00:00", "Z")
    assert to_datetime(town.city.clock.now()) - to_datetime(long_ago) > timedelta(seconds=300)


def test_metrics_tell_refusals_devices_and_the_core_without_names(town: Town) -> None:
    chief = town.signed_in("chief")
    entered(chief, "phone-9", unit=chief.get("/api/units").json()[0]["id"])
    code = code_of(chief, "osmand:phone-9")
    report(town, "phone-9", code, east_deg=9.0)
    report(town, "phone-9", "guess")
    until = time.monotonic() + 5
    told = httpx.get(f"{town.url}/metrics", trust_env=False)
    while "kuaijing_history_written_fixes_total 0.0" in told.text and time.monotonic() < until:
        time.sleep(0.2)
        told = httpx.get(f"{town.url}/metrics", trust_env=False)

    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = dict(line.rsplit(" ", 1) for line in told.text.splitlines() if not line.startswith("#"))
    assert float(lines['kuaijing_position_reports_total{outcome="outside_ground"}']) >= 1
    assert float(lines['kuaijing_device_faults_total{protocol="osmand",reason="wrong_code"}']) >= 1
    assert float(lines['kuaijing_devices{state="reporting"}']) >= 1
    assert float(lines["kuaijing_core_commits_total"]) >= 1
    assert float(lines['kuaijing_core_ack_seconds_bucket{le="+Inf"}']) == float(
        lines["kuaijing_core_ack_seconds_count"]
    )
    assert float(lines["kuaijing_history_writing"]) == 1
    assert "phone-9" not in told.text
    assert "chief" not in told.text


def test_metrics_are_not_told_through_a_proxy(town: Town) -> None:
    answer = httpx.get(f"{town.url}/metrics", headers={"X-Forwarded-For": "127.0.0.1"}, trust_env=False)
    assert answer.status_code == 403
    assert "metrics.token" in answer.json()["detail"]
