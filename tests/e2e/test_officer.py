"""The officer's phone: order, way, a dead spot in between with pressed steps, arrival measured from the phone's own position."""

import json
from datetime import datetime
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import until
from tests.e2e.street import Place, Street, along

UNIT = "2021"
PHONE: dict[str, Any] = {"is_mobile": True, "has_touch": True, "permissions": ["geolocation"]}
FAR_OFF = [(0.0030, 0.0), (0.0, 0.0030), (-0.0030, 0.0), (0.0, -0.0030)]


def _at(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _walk(screen: Screen, places: list[Place]) -> None:
    """The phone moves, a place a second, while the page lives on."""
    for lon, lat in places:
        screen.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 8})
        screen.page.wait_for_timeout(1000)


def test_an_order_is_carried_out_from_the_phone_through_a_dead_spot(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    home = street.home()
    way = min(
        (street.way(home, (home[0] + east, home[1] + north))["points"] for east, north in FAR_OFF),
        key=lambda points: abs(len(along(points, 1.0)) - 400),
    )
    steps = along(way, 20.0)
    here = {"longitude": home[0], "latitude": home[1], "accuracy": 8}
    phone = open_screen("officer", "/unit", size=(390, 844), geolocation=here, **PHONE)
    phone.see("start").click()
    expect(phone.see("idle")).to_contain_text("待命中")
    phone.picture("officer-idle")

    incident = desk.call(tuple(way[-1]), kind="drunk", text="夜市东口")
    assignment = desk.orders(incident, UNIT)
    expect(phone.see("order")).to_contain_text("酗酒闹事")
    expect(phone.see("order")).to_contain_text("夜市东口")
    expect(phone.see("order")).to_contain_text("路程")
    expect(phone.see("own-status")).to_have_text("已派警")
    phone.picture("officer-order")
    phone.see("step-acknowledged").tap()
    phone.see("step-en_route").tap()
    expect(phone.see("own-status")).to_have_text("途中")
    _walk(phone, steps[: len(steps) // 2])

    phone.context.set_offline(True)
    expect(phone.see("officer-offline")).to_contain_text("无网络")
    _walk(phone, steps[len(steps) // 2 :])
    phone.see("step-on_scene").tap()
    expect(phone.see("waiting")).to_contain_text("1 条待发送")
    phone.page.wait_for_timeout(1100)  # two presses of one person are never one moment
    phone.see("step-controlled").tap()
    expect(phone.see("waiting")).to_contain_text("2 条待发送")
    kept = json.loads(phone.page.evaluate("localStorage.getItem('kuaijing.outbox.officer')"))
    phone.picture("officer-offline")
    assert street.incident(incident)["assignments"][0]["on_scene_at"] is None

    phone.context.set_offline(False)
    expect(phone.see("officer-offline")).to_have_count(0)
    expect(phone.see("waiting")).to_have_count(0)
    replayed = until(lambda: (i := street.incident(incident))["controlled_at"] and i, "the kept steps are in")
    pressed = {item["what"]: _at(item["body"]["at"]) for item in kept}
    assert _at(replayed["assignments"][0]["on_scene_at"]) == pressed["on_scene"]
    assert _at(replayed["controlled_at"]) == pressed["controlled"]
    told = desk.door.get(f"/api/incidents/{incident}").json()["timeline"]
    order = [entry["type"] for entry in told if entry["type"] in ("IncidentControlled", "AssignmentStamped")]
    assert order[-1] == "IncidentControlled"

    measured = until(lambda: (i := street.incident(incident))["arrived"] and i, "the arrival is measured")
    assert _at(measured["arrived"]["latest"]) <= pressed["on_scene"]
    expect(phone.see("own-status")).to_have_text("在现场")
    phone.picture("officer-on-scene")
    phone.see("step-cleared").tap()
    expect(phone.see("idle")).to_contain_text("待命中")
    unit = next(each for each in street.units() if each["id"] == UNIT)
    assert unit["status"] == "available"
    last = street.incident(incident)["assignments"][0]
    assert (last["id"], last["status"]) == (assignment, "cleared")
