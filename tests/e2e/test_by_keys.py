"""The map without a mouse: a cross moved by the arrow keys draws an area and a closure, and takes a place that was searched for."""

import json
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import Served, until
from tests.e2e.street import Street

MIDDLE = "at => window.kuaijingMap.jumpTo({center: at, zoom: 15})"


def _square(screen: Screen, steps: int) -> None:
    """Four corners, clockwise, each with Enter; the cross begins where the units are."""
    for key, count in (("ArrowUp", steps), ("ArrowRight", steps), ("ArrowDown", 2 * steps), ("ArrowLeft", 2 * steps)):
        screen.key(*[key] * count, "Enter")
    screen.key(*["ArrowUp"] * 2 * steps, "Enter")


def _has_focus(screen: Screen, name: str) -> None:
    expect(screen.see(name)).to_be_focused()


def _drawn(door: httpx.Client) -> list[dict[str, Any]]:
    """Closures that were not in the plan."""
    return [each for each in door.get("/api/closures").json() if not each["id"].startswith("plan:")]


def test_an_area_is_drawn_and_called_by_keys_alone(served: Served, street: Street, open_screen: OpenScreen) -> None:
    room = open_screen("wang")
    room.room()
    # the cross begins right of the panel: the units are moved there
    room.page.evaluate(MIDDLE, list(street.home()))
    room.page.evaluate("window.kuaijingMap.panBy([-195, 0], {duration: 0})")
    room.key("a")
    expect(room.see("area-text")).to_be_focused()
    room.tab_to("area-polygon")
    room.key("Enter")
    room.tab_to("area-keys")
    room.key("Enter")
    _has_focus(room, "cross")
    _square(room, 3)
    room.picture("cross-area")
    expect(room.see("area-units")).to_contain_text("范围内 7 个警力")
    room.key("Backspace")
    expect(room.see("area-call-form")).to_contain_text("已画 4 点")
    room.key("Escape")
    _has_focus(room, "area-keys")  # back where it was
    room.tab_to("area-text")
    room.page.keyboard.insert_text("原地待命")
    room.key("Enter")
    expect(room.see("area-count")).to_contain_text("已答复 0/")
    (call,) = [each for each in served.client("chief").get("/api/area-calls").json() if each["ended_at"] is None]
    assert (call["area"]["kind"], len(call["area"]["points"])) == ("polygon", 4)
    assert served.client("chief").post(f"/api/area-calls/{call['id']}/end", json={}).is_success


def test_a_place_found_by_its_name_is_the_centre_of_a_call_and_the_radius_is_set_by_arrows(
    served: Served, street: Street, city: Path, open_screen: OpenScreen
) -> None:
    road = json.loads((city / "names.json").read_text())[1]
    room = open_screen("wang")
    room.room()
    room.key("a")
    room.tab_to("area-circle")
    room.key("Enter")
    room.tab_to("area-place")
    room.page.keyboard.insert_text(road)
    expect(room.see("area-place-offers")).to_be_visible()
    room.key("Enter")
    _has_focus(room, "area-text")
    expect(room.see("area-centre")).to_have_text(road)
    expect(room.see("area-text")).to_have_value(f"在{road}附近巡逻警力请注意")
    room.page.keyboard.press("Shift+Tab")
    room.tab_to("area-radius")
    room.key("ArrowDown", "ArrowDown")
    expect(room.see("area-radius")).to_have_value("3000")
    expect(room.see("area-units")).to_contain_text("范围内 7 个警力")


def test_a_closure_is_drawn_by_keys_where_a_search_has_taken_the_cross(
    served: Served, city: Path, street: Street, open_screen: OpenScreen
) -> None:
    road = json.loads((city / "names.json").read_text())[1]
    door = served.client("wang")
    hit: dict[str, Any] = next(each for each in door.get("/api/search", params={"q": road}).json())
    room = open_screen("wang")
    room.room()
    room.key("x", "g")
    _has_focus(room, "cross")
    room.key("/")
    room.page.keyboard.insert_text(road)
    expect(room.see("search-field-offers")).to_be_visible()
    room.key("Enter")
    _has_focus(room, "cross")
    room.key("Enter", *["ArrowRight"] * 3, "Enter")
    expect(room.see("closures")).to_contain_text("2 点")
    room.picture("cross-closure")
    room.key("Escape")
    room.tab_to("closure-place")
    room.key("Enter")
    closure = until(lambda: next(iter(_drawn(door)), None), "the closure stands")
    (lon, lat), (east, _) = closure["points"]
    assert abs(lon - hit["lon"]) < 1e-4
    assert abs(lat - hit["lat"]) < 1e-4
    assert east > lon
    assert door.delete(f"/api/closures/{closure['id']}").is_success


def test_the_cross_chooses_what_it_stands_on_and_takes_the_place_of_a_call(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    room = open_screen("wang")
    room.room()
    room.page.evaluate(MIDDLE, list(street.home()))
    room.key("g")
    _has_focus(room, "cross")
    room.key("Enter")
    expect(room.see("unit-card")).to_be_visible()
    room.key("Escape", "n")
    room.page.keyboard.press("Shift+Tab")
    room.tab_to("intake-keys")
    room.key("Enter", "ArrowUp", "Enter")
    _has_focus(room, "intake-kind")
    room.page.keyboard.insert_text("dj")
    room.key("Enter", "Enter")
    expect(room.see("incident-status")).to_have_text("待派警")
    place = street.newest()["place"]
    assert abs(place["lon"] - street.home()[0]) < 5e-4
    assert place["lat"] > street.home()[1]
