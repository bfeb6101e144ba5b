"""Both languages and both themes, everywhere; a road that is closed on the map."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import Served, until
from tests.e2e.street import Street, along

ENGLISH = re.compile(r"[A-Za-z]{3,}")
SAME_IN_BOTH = {"chief", "tracking", "gate", "wang"}
"""Names of accounts and of what acts by itself."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _proper_names(served: Served, city: Path) -> list[str]:
    """What stays Chinese on an English screen: names, and what people wrote."""
    door = served.client("chief")
    state = door.get("/api/state").json()
    names = [state["city_name"], "快警", "虚构城市", "中文", state["plan"]["name"]]
    names += [unit["leader"] for unit in state["units"]]
    names += [closure["name"] for closure in state["closures"]]
    names += [platform["name"] for platform in state["plan"]["platforms"]]
    names += [incident["place"][part] for incident in state["incidents"] for part in ("text", "road")]
    return sorted({name for name in names if name}, key=len, reverse=True)


def _without(names: list[str], text: str) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


def _open_everything(screen: Screen, name: str) -> list[str]:
    """Every panel and dialogue of the room, each with its picture; the texts seen."""
    seen = list(screen.texts())
    for key, shown in (("n", "intake"), ("x", "closures"), ("?", "keys-list"), ("l", "layers")):
        screen.key(key)
        expect(screen.see(shown)).to_be_visible()
        if key == "n":
            screen.see("intake-kind").press_sequentially("dj")
            expect(screen.see("intake-kind-offers")).to_be_visible()
        screen.picture(f"{name}-{shown}")
        seen += screen.texts()
        screen.key("Escape")
        if key == "n":
            screen.key("Escape")
        expect(screen.see("keys-list" if key == "?" else "intake")).to_be_hidden()
    for shown in ("shift", "plan"):
        screen.from_header(shown)
        expect(screen.see(shown)).to_be_visible()
        screen.picture(f"{name}-{shown}")
        seen += screen.texts()
        screen.key("Escape")
        expect(screen.see(shown)).to_be_hidden()
    return seen


def test_english_by_a_switch_leaves_nothing_chinese_but_names(
    served: Served, desk: Desk, street: Street, city: Path, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), kind="fight", text="鼓楼", words="两人打架", caller="张三", phone="13800138000")
    assignment = desk.orders(incident, "2011")
    street.presses(assignment, "acknowledged", "en_route")
    screen = open_screen("chief", size=(1920, 1080))
    screen.room()
    screen.choose(incident)
    screen.see("more-units").click()
    expect(screen.see("order")).to_be_visible()
    seen = _open_everything(screen, "words-zh")
    assert sorted({text for text in seen if ENGLISH.search(text) and not CHINESE.search(text)} - SAME_IN_BOTH) == []

    screen.see("language").click()
    expect(screen.see("queue")).to_contain_text("Fight")
    seen = _open_everything(screen, "words-en")
    names = [*_proper_names(served, city), "两人打架", "张三"]
    assert sorted({text for text in seen if CHINESE.search(_without(names, text))}) == []

    screen.page.goto(f"{served.url}/report")
    expect(screen.see("accounts")).to_be_visible()
    screen.picture("words-en-report")
    assert [text for text in screen.texts() if CHINESE.search(_without(names, text))] == []


def test_the_theme_is_switched_and_kept(open_screen: OpenScreen) -> None:
    screen = open_screen("wang")
    screen.room()
    ground = "getComputedStyle(document.querySelector('[data-test=header]')).backgroundColor"
    dark = screen.page.evaluate(ground)
    screen.see("theme").click()
    light = screen.page.evaluate(ground)
    assert light != dark
    screen.picture("theme-light")
    screen.page.reload()
    screen.room()
    assert screen.page.evaluate(ground) == light


def test_a_road_closed_on_the_map_changes_the_route_at_once_and_opens_again(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    start = street.home()
    end = (start[0] + 0.004, start[1])
    before = street.way(start, end, "car")
    places = along(before["points"], 10.0)
    a, b = places[len(places) // 2 - 1], places[len(places) // 2 + 1]
    screen = open_screen("wang")
    screen.room()
    screen.key("x")
    expect(screen.see("closures")).to_be_visible()
    screen.page.evaluate("at => window.kuaijingMap.jumpTo({center: at, zoom: 17})", list(a))
    until(lambda: screen.page.evaluate("window.kuaijingMap.areTilesLoaded()"), "the map is drawn")
    for place in (a, b):
        screen.see("map").click(position=_on_map(screen, place))
    expect(screen.see("closures")).to_contain_text("2 点")
    screen.see("closure-name").fill("塌方")
    with screen.page.expect_response("**/api/closures") as answered:
        screen.see("closure-place").click()
    assert answered.value.ok
    after = until(
        lambda: (way := street.way(start, end, "car")) and way["metres"] != before["metres"] and way, "another way"
    )
    listed = screen.see("closures").get_by_role("listitem").filter(has_text="塌方")
    expect(listed).to_contain_text("封闭")
    assert after["seconds"] > before["seconds"]
    screen.picture("closed-road")

    listed.get_by_role("button", name="解除").click()
    expect(listed).to_have_count(0)
    until(lambda: street.way(start, end, "car")["metres"] == before["metres"], "the old way is open again")


def _on_map(screen: Screen, place: tuple[float, float]) -> dict[str, float]:
    point: dict[str, float] = screen.page.evaluate(
        "at => { const p = window.kuaijingMap.project(at); return {x: p.x, y: p.y} }", list(place)
    )
    return point
