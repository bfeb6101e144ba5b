"""From a call to a closed incident, by keyboard alone; the arrival in between is measured on the road."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import expect
from pypinyin import Style, lazy_pinyin

from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.served import Served, until
from tests.e2e.street import Street


def _place_at_some_distance(desk: httpx.Client, street: Street, city: Path) -> dict[str, Any]:
    """A road of the city, 150 to 600 m by road from the platform, that its initials find."""
    for name in json.loads((city / "names.json").read_text())[1:]:
        initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
        found = desk.get("/api/search", params={"q": initials, "limit": 9}).json()
        hit = next((each for each in found if each["text"] == name and each["kind"] == "road"), None)
        if hit is None:
            continue
        way = street.way(street.home(), (hit["lon"], hit["lat"]))
        if 150 < way["metres"] < 600:
            return {**hit, "initials": initials}
    raise AssertionError("no road of this city lies at that distance")


def _choose(screen: Screen, offers: str, wanted: str) -> int:
    """Arrow down to the offer with that text, Enter; how many keys it took."""
    chosen = screen.see(offers).get_by_role("option", selected=True)
    expect(screen.see(offers).get_by_role("option").filter(has_text=wanted).first).to_be_visible()
    for strokes in range(1, 10):
        if chosen.locator("strong").inner_text() == wanted:
            screen.key("Enter")
            return strokes
        screen.key("ArrowDown")
    raise AssertionError(f"{wanted} is not among {offers}")


def test_a_call_is_taken_ordered_measured_and_closed_by_keyboard_alone(
    served: Served, street: Street, city: Path, open_screen: OpenScreen
) -> None:
    desk = served.client("wang")
    place = _place_at_some_distance(desk, street, city)
    screen = open_screen("wang", size=(1920, 1080))
    screen.room()
    screen.picture("room-empty")

    screen.key("n")
    expect(screen.see("intake-place")).to_be_focused()
    screen.page.keyboard.type(place["initials"])
    strokes = _choose(screen, "intake-place-offers", place["text"])
    expect(screen.see("intake-kind")).to_be_focused()
    screen.page.keyboard.type("dj")
    strokes += 2 + _choose(screen, "intake-kind-offers", "打架斗殴")
    expect(screen.see("intake-open")).to_be_focused()
    screen.picture("intake")
    screen.key("Enter")
    expect(screen.see("incident-status")).to_have_text("待派警")
    expect(screen.see("order")).to_be_enabled()
    expect(screen.see("recommendation")).to_contain_text("到达最快")
    incident = street.newest()
    assert (incident["kind"], incident["place"]["text"]) == ("fight", place["text"])
    screen.picture("recommended")
    screen.key("o")
    assert strokes + 2 <= 12, "strokes after the place was typed"
    expect(screen.see("incident-status")).to_have_text("已派警")

    first = next(each for each in street.incident(incident["id"])["assignments"] if each["role"] == "first")
    street.presses(first["id"], "delivered", "acknowledged", "en_route")
    card = screen.see(f"assignment-{first['id']}")
    expect(card.get_by_test_id("assignment-status")).to_have_text("途中")
    expect(card).to_contain_text("尚未实测到场")
    driver = street.drives(first["unit"], (incident["place"]["lon"], incident["place"]["lat"]))
    expect(card.locator(".measured")).to_contain_text(re.compile(r"^实测到场 \d\d:\d\d:\d\d"))
    driver.join()
    street.presses(first["id"], "on_scene", "controlled")
    expect(screen.see("incident-status")).to_have_text("处置中")
    expect(screen.see("clocks")).to_contain_text(re.compile("达标|超时"))
    screen.picture("arrived")
    street.presses(first["id"], "settled", "cleared")
    for other in street.incident(incident["id"])["assignments"]:
        if other["id"] != first["id"]:
            street.presses(other["id"], "cleared")

    screen.tab_to("act-close")
    screen.key("Enter")
    screen.tab_to("outcome")
    screen.key("ArrowDown", "ArrowDown")  # settled, then led to mediation
    screen.tab_to("follow-up-by")
    screen.key("ArrowDown")  # the station
    screen.tab_to("follow-up-text")
    screen.page.keyboard.type("次日回访")
    screen.tab_to("act-text")
    screen.page.keyboard.type("双方和解")
    screen.picture("closing")
    screen.tab_to("act-submit")
    screen.key("Enter")
    expect(screen.see("incident-status")).to_have_text("已结案")
    expect(screen.see("timeline")).to_contain_text(re.compile("结案.*后续 属地派出所：次日回访"))
    expect(screen.see("follow-up")).to_contain_text("属地派出所：次日回访")

    closed = street.incident(incident["id"])
    assert closed["outcome"] is not None
    assert closed["follow_up"] == {"by": "station", "text": "次日回访"}
    assert closed["response_s"] > 0
    met = 1 if closed["within_limit"] else 0
    expect(screen.see(f"attainment-{closed['place']['tier']}")).to_contain_text(f"({met}/1)")
    expect(screen.see("today").locator("b")).to_have_text("1")
    expect(screen.see("today-kinds")).to_contain_text("打架斗殴 1")
    expect(screen.see("handling").locator("b")).to_have_text(re.compile("[′″]"))
    until(lambda: all(unit["status"] == "available" for unit in street.units()), "every unit is free again")
    screen.picture("closed")
