"""The door of pressed and measured arrivals: a press from far away is listed with its distance; periods are bounded."""

import time
from datetime import timedelta
from typing import Any

from kuaijing.measures.instants import to_datetime
from tests.web.town import Town


def pressed_from_afar(town: Town) -> tuple[str, str]:
    """A unit reports from the south-west corner and presses "on scene" of an incident in the middle; incident and unit."""
    desk = town.signed_in("wang")
    west, south, _, _ = town.city.ground.bbox
    unit = town.free_units(desk)[0]
    here = {"unit": unit["id"], "lon": west, "lat": south, "measured_at": town.now(), "crs": "wgs84"}
    assert town.signed_in("gate").post("/api/positions", json=here).json()["accepted"] == 1
    incident = town.call(desk)["incident"]
    lines = [{"unit": unit["id"], "version": unit["version"], "role": "first"}]
    order = desk.post(f"/api/incidents/{incident}/orders", json={"units": lines, "advice": None, "by_voice": False})
    (assignment,) = order.json()["ids"]["assignments"]
    assert desk.post(f"/api/assignments/{assignment}/on_scene", json={"by_voice": True}).status_code == 200
    return incident, unit["id"]


def until_in_history(town: Town, unit: str, **query: Any) -> dict[str, Any]:
    desk = town.signed_in("wang")
    for _ in range(50):
        answer = desk.get("/api/reports/mismatches", params={"unit": unit, **query})
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        if report["presses"]:
            return report
        time.sleep(0.1)  # a position is readable once it is on disk: within a second
    raise AssertionError(report)


def test_press_from_afar_is_listed_with_its_distance_straight_and_by_road(town: Town) -> None:
    incident, unit = pressed_from_afar(town)

    report = until_in_history(town, unit)

    (press,) = report["presses"]
    assert (press["incident"], press["findings"], press["by_voice"]) == (incident, ["far", "unmeasured"], True)
    assert 1000 < press["fix"]["straight_m"] < 1100  # corner to middle of a grid of 1,500 m: 1,061 m
    assert 1450 < press["fix"]["along_m"] < 1600
    assert report["total"]["far"] == 1
    gate = town.signed_in("gate")
    text = gate.get("/api/reports/mismatches.csv", params={"unit": unit})
    assert incident in text.content.decode("utf-8-sig")
    assert gate.get("/api/reports/mismatches.xlsx").content[:2] == b"PK"


def test_period_is_by_opening_and_ends_before_to(town: Town) -> None:
    desk = town.signed_in("wang")
    before = (to_datetime(town.city.clock.now()) - timedelta(days=2)).isoformat()
    until = (to_datetime(town.city.clock.now()) - timedelta(days=1)).isoformat()

    report = desk.get("/api/reports/mismatches", params={"from": before, "to": until}).json()

    assert (report["total"]["pressed"], report["presses"]) == (0, [])


def test_period_that_runs_backwards_or_beyond_a_month_is_refused(town: Town) -> None:
    desk = town.signed_in("wang")

    for given, field in (
        ({"from": "2026-11-21T00:00:00Z", "to": "2026-11-20T00:00:00Z"}, "to"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-11-20T00:00:00Z"}, "from"),
        ({"from": "2026-11-21T00:00:00"}, "from"),
        ({"since": "1"}, "since"),
    ):
        answer = desk.get("/api/reports/mismatches", params=given)
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["faults"]] == [field]


def test_officer_may_not_see_it(town: Town) -> None:
    assert town.signed_in("officer").get("/api/reports/mismatches").status_code == 403
