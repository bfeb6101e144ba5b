"""An area call by keyboard round the chosen incident; answered from a phone and by voice; who is silent stays visible."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import Served, until
from tests.e2e.street import Street

OWN = "2021"
PHONE: dict[str, Any] = {"is_mobile": True, "has_touch": True, "permissions": ["geolocation"]}

ON_SCREEN = """([lng, lat]) => {
  const at = window.kuaijingMap.project([lng, lat])
  const box = window.kuaijingMap.getCanvas().getBoundingClientRect()
  return [at.x + box.x, at.y + box.y]
}"""


def _phone(street: Street, open_screen: OpenScreen) -> Screen:
    lon, lat = street.home()
    here = {"longitude": lon, "latitude": lat, "accuracy": 8}
    phone = open_screen("officer", "/unit", size=(390, 844), geolocation=here, **PHONE)
    phone.see("start").click()
    expect(phone.see("idle")).to_contain_text("待命中")
    return phone


def _running(served: Served) -> list[dict[str, Any]]:
    calls = served.client("chief").get("/api/area-calls").json()
    return [each for each in calls if each["ended_at"] is None]


def test_units_round_an_incident_are_called_and_answer_from_the_phone_and_by_voice(
    served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    phone = _phone(street, open_screen)
    home = street.home()
    incident = desk.call((home[0] + 0.002, home[1]), kind="fight", text="兰花桥")
    room = open_screen("wang", size=(1366, 768))
    room.room()

    room.key("1", "a")
    expect(room.see("area-text")).to_be_focused()
    expect(room.see("area-text")).to_have_value("在兰花桥附近巡逻警力请注意")
    expect(room.see("area-centre")).to_have_text("兰花桥")
    expect(room.see("area-units")).to_contain_text("范围内 7 个警力")
    room.picture("area-call-made")
    room.key("Enter")
    expect(room.see("area-count")).to_contain_text("已答复 0/7")

    expect(phone.see("area-called")).to_contain_text("在兰花桥附近巡逻警力请注意")
    expect(room.see(f"roll-{OWN}")).to_contain_text("已送达")
    expect(room.see(f"roll-{OWN}")).to_contain_text("未答复")  # shown is not answered
    phone.picture("area-call-phone")
    phone.see("area-own-answer").fill("两分钟到")
    phone.see("area-received").tap()
    expect(phone.see("area-called")).to_have_count(0)
    expect(room.see(f"roll-{OWN}")).to_contain_text("两分钟到")
    expect(room.see("area-count")).to_contain_text("已答复 1/7")

    (call,) = _running(served)
    spoken = next(row for row in call["roll"] if row["unit"] != OWN)
    number = call["roll"].index(spoken) + 1
    room.key(str(number))
    expect(room.see("area-voice")).to_have_value(f"{spoken['call_sign']} ")
    room.page.keyboard.type("在桥北巡逻")
    room.key("Enter")
    expect(room.see(f"roll-{spoken['unit']}")).to_contain_text("在桥北巡逻")
    expect(room.see(f"roll-{spoken['unit']}")).to_contain_text("语音，wang 登记")
    expect(room.see("area-count")).to_contain_text("未答复 5")
    room.page.keyboard.type("9999 收到")
    room.key("Enter")
    expect(room.see("area-roll")).to_contain_text("名单中没有")
    room.picture("area-call-roll")

    room.tab_to("area-end")
    room.key("Enter")
    expect(room.see("area-count")).to_contain_text("结束")
    expect(room.see("area-roll").locator("li.silent")).to_have_count(5)
    told = desk.door.get(f"/api/incidents/{incident}").json()["timeline"]
    assert [entry["type"] for entry in told if entry["type"].startswith("AreaCall")] == [
        "AreaCalled",
        "AreaCallAnswered",
        "AreaCallAnswered",
        "AreaCallEnded",
    ]
    room.key("Escape")
    expect(room.see("area-call")).to_have_count(0)
    expect(room.see("incident")).to_contain_text("区域呼叫 7 个警力：在兰花桥附近巡逻警力请注意")


def test_an_area_drawn_on_the_map_calls_who_is_in_it_in_english_too(
    served: Served, street: Street, open_screen: OpenScreen
) -> None:
    room = open_screen("li", size=(1366, 768))
    room.room()
    room.see("language").click()
    room.key("a")
    room.see("area-polygon").click()
    expect(room.see("area-units")).to_contain_text("point by point")
    lon, lat = street.home()
    for east, north in ((-0.002, -0.002), (0.002, -0.002), (0.002, 0.002), (-0.002, 0.002)):
        at = room.page.evaluate(ON_SCREEN, [lon + east, lat + north])
        room.page.mouse.click(*at)
    expect(room.see("area-units")).to_contain_text("7 units in it")
    room.see("area-text").fill("All units: hold your position")
    room.picture("area-call-drawn-en")
    room.see("area-text").press("Enter")
    expect(room.see("area-count")).to_contain_text("0/7 answered")
    (call,) = until(lambda: _running(served), "the call runs")
    assert (call["area"]["kind"], len(call["area"]["points"])) == ("polygon", 4)
    assert re.match("a-[0-9a-f]{12}", call["id"])
    assert served.client("chief").post(f"/api/area-calls/{call['id']}/end", json={}).is_success
