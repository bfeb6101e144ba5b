"""The dispatcher's room: panels folded and sized as the account likes them, reach by street and without a unit, a unit followed."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import until
from tests.e2e.street import Street


def _on_map(screen: Screen, place: tuple[float, float]) -> tuple[float, float]:
    """Where that place is in the window."""
    box = screen.see("map").bounding_box()
    assert box is not None
    point = screen.page.evaluate(
        "at => { const p = window.kuaijingMap.project(at), c = window.kuaijingMap.getCanvas();"
        " return [p.x / c.clientWidth, p.y / c.clientHeight] }",
        list(place),
    )
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def test_panels_are_folded_and_sized_by_keys_and_stay_so_for_the_account(
    street: Street, open_screen: OpenScreen
) -> None:
    screen = open_screen("wang")
    screen.room()
    wide = screen.see("queue").bounding_box()
    assert wide is not None
    screen.see("edge-left").focus()
    screen.key("ArrowRight", "ArrowRight", "ArrowRight")
    assert screen.see("queue").bounding_box()["width"] == wide["width"] + 48  # type: ignore[index]
    screen.page.evaluate("document.activeElement.blur()")
    screen.key("i", "u")
    expect(screen.see("open-side")).to_be_visible()
    assert "kuaijing.preferences.wang" in screen.page.evaluate("Object.keys(localStorage)")

    screen.page.reload()
    screen.room()
    assert screen.see("queue").bounding_box()["width"] == wide["width"] + 48  # type: ignore[index]
    expect(screen.see("open-side")).to_be_visible()
    screen.picture("room-folded")
    screen.key("n")
    expect(screen.see("intake-place")).to_be_focused()
    screen.key("Escape", "d")
    screen.see("usual-layout").click()
    screen.key("Escape")
    assert screen.see("queue").bounding_box()["width"] == wide["width"]  # type: ignore[index]


def test_a_large_screen_is_enlarged_and_a_click_still_meets_what_it_points_at(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call((street.home()[0] + 0.002, street.home()[1]), text="放大")
    screen = open_screen("wang", size=(1920, 1080))
    screen.room()
    header = screen.see("header").bounding_box()
    screen.key("d")
    screen.see("scale-1.5").click()
    screen.key("Escape")
    larger = screen.see("header").bounding_box()
    assert header is not None
    assert larger is not None
    assert (larger["height"], larger["width"]) == (header["height"] * 1.5, 1920)
    until(lambda: screen.page.evaluate("window.kuaijingMap.areTilesLoaded()"), "the map is drawn")
    at = screen.page.evaluate("window.kuaijingMap.getCenter().toArray()")
    screen.page.evaluate(
        "at => window.kuaijingMap.jumpTo({center: at, zoom: 15})", [street.home()[0] + 0.002, street.home()[1]]
    )
    until(lambda: screen.page.evaluate("window.kuaijingMap.areTilesLoaded()"), "the map is drawn")
    assert at
    x, y = _on_map(screen, (street.home()[0] + 0.002, street.home()[1]))
    screen.page.mouse.click(x, y - 19 * 1.5)
    expect(screen.see("incident")).to_contain_text(incident)
    screen.picture("room-enlarged")


def test_a_street_says_who_reaches_it_and_a_candidate_what_is_lost_without_it(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), kind="fight", text="路口")
    screen = open_screen("wang", size=(1920, 1080))
    screen.room()
    screen.key("r")
    lines = until(lambda: desk.door.get("/api/reach/streets").json().get("features"), "the reach is known")
    line = max(lines, key=lambda each: len(each["geometry"]["coordinates"]))
    assert line["properties"]["unit"] in {unit["id"] for unit in street.units()}
    place = line["geometry"]["coordinates"][len(line["geometry"]["coordinates"]) // 2]
    screen.page.evaluate("at => window.kuaijingMap.jumpTo({center: at, zoom: 16})", place)
    until(lambda: screen.page.evaluate("window.kuaijingMap.areTilesLoaded()"), "the map is drawn")

    def told() -> bool:
        x, y = _on_map(screen, tuple(place))
        screen.page.mouse.move(x + 30, y + 30)
        screen.page.wait_for_timeout(150)
        screen.page.mouse.move(x, y)
        screen.page.wait_for_timeout(150)
        return screen.see("street-reach").count() == 1

    until(told, "the street under the pointer says who reaches it")
    expect(screen.see("street-reach")).to_have_text(re.compile(r"\d+ 最快 \d+.*限 "))
    screen.picture("reach-street")

    screen.choose(incident)
    expect(screen.see("order")).to_be_enabled()
    screen.page.locator("[data-test^=candidate-]").first.hover()
    expect(screen.see("reach-without")).to_have_text(re.compile(r"无 \d+ (将失守的道路 \d+ 段|全市不失守)"))
    unit = screen.page.locator("[data-test^=candidate-]").first.get_attribute("data-test")
    assert unit is not None
    lost = desk.door.get("/api/reach/without", params={"unit": unit.removeprefix("candidate-")}).json()
    assert all(
        each["properties"]["seconds"] is None or each["properties"]["seconds"] > each["properties"]["limit_s"]
        for each in lost["features"]
    )
    screen.picture("reach-without")


def test_a_followed_unit_shows_its_incident_and_the_next_turn(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    far = (street.home()[0] + 0.005, street.home()[1] + 0.004)
    incident = desk.call(far, kind="drunk", text="夜市东口")
    assignment = desk.orders(incident, "2021")
    street.presses(assignment, "delivered", "acknowledged", "en_route")
    screen = open_screen("wang")
    screen.room()
    screen.see("unit-2021").click()
    screen.key("f")
    card = screen.see("follow-card")
    expect(card).to_contain_text("途中")
    expect(screen.see("follow-incident")).to_contain_text("夜市东口")
    expect(screen.see("next-turn")).to_have_text(re.compile(r"[\d.]+ k?m 后(直行|左转|右转|掉头|到达)"))
    expect(card).to_contain_text(re.compile(r"还有 [\d.]+ k?m · 到达 \d"))
    screen.picture("following")
    screen.see("follow-incident").click()
    expect(screen.see("incident")).to_contain_text(incident)
    expect(screen.see("five-dispatch")).to_have_text(re.compile(r"派警\d+″\d\d:\d\d:\d\d"))
    screen.key("Escape")
    expect(card).to_have_count(0)
