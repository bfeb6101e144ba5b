"""What a screen says of itself: no picture yet, nothing to do, a slow link; the room as its account left it at another desk; an alarm of
a hidden page."""

import re
from typing import Any

from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import Served, until
from tests.e2e.street import Street

TOLD = """() => {
  window.told = []
  window.away = false
  Object.defineProperty(document, 'hidden', { get: () => window.away })
  Object.defineProperty(document, 'visibilityState', { get: () => (window.away ? 'hidden' : 'visible') })
  const Real = window.Notification
  window.Notification = class extends Real {
    constructor(title, more) { super(title, more); window.told.push({ title, tag: more.tag, by: this }) }
  }
}"""
AWAY = "away => { window.away = away; document.dispatchEvent(new Event('visibilitychange')) }"


def _titles(screen: Screen) -> list[str]:
    found: list[str] = screen.page.evaluate("window.told.map(each => each.title)")
    return found


def test_before_the_first_picture_the_room_says_that_it_waits_and_then_that_there_is_nothing_to_do(
    street: Street, open_screen: OpenScreen
) -> None:
    answers = False

    def answer(link: WebSocketRoute) -> None:
        if answers:
            link.connect_to_server()

    screen = open_screen("wang", path="/signin")
    screen.page.route_web_socket(re.compile("/live"), answer)
    screen.page.goto(screen.url)
    expect(screen.see("loading")).to_have_text(re.compile("正在(连接|载入)…"))
    expect(screen.see("link")).to_have_text(re.compile("正在(连接|载入)…"))
    expect(screen.see("header")).to_be_visible()
    screen.picture("state-loading")

    answers = True  # the room tries again by itself
    screen.room()
    expect(screen.see("queue")).to_contain_text("当前没有处置中的警情")
    expect(screen.page.get_by_text("未选择警情。按 1–9 选择，按 N 接警")).to_be_visible()
    screen.picture("state-empty")


def test_a_link_that_is_slow_is_said_to_be_so_and_is_still_commanded_by(
    served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), text="慢")
    screen = open_screen("wang")
    screen.room()
    screen.choose(incident)
    expect(screen.see("order")).to_be_enabled()
    with served.frozen():
        expect(screen.see("link-slow")).to_have_text("网络缓慢")
        expect(screen.see("order")).to_be_enabled()
        assert screen.see("disconnected").count() == 0
        screen.picture("state-slow")
    expect(screen.see("link")).to_have_text("实时")


def test_the_room_is_found_at_another_desk_as_its_account_left_it(street: Street, open_screen: OpenScreen) -> None:
    one = open_screen("li", size=(1920, 1080))
    one.room()
    one.see("edge-left").focus()
    one.key(*["ArrowRight"] * 20)
    one.page.evaluate("document.activeElement.blur()")
    one.key("i", "u")
    with one.page.expect_response("**/api/me/preferences") as kept:
        one.see("language").click()
    assert kept.value.ok
    assert round(one.see("queue").bounding_box()["width"]) == round(1920 * 0.3)  # type: ignore[index]

    other = open_screen("li", as_left=True)
    other.room()
    expect(other.see("queue")).to_contain_text("Incidents")
    expect(other.see("open-side")).to_be_visible()
    assert round(other.see("queue").bounding_box()["width"]) == round(1366 * 0.3)  # type: ignore[index]  # the map keeps its place
    assert (
        other.page.evaluate("localStorage.getItem('kuaijing.preferences.li')") is not None
    )  # for a time without a link


def test_an_alarm_of_a_hidden_page_is_told_by_the_desktop_and_acknowledged_once(
    served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    screen = open_screen("wang", path="/signin", permissions=["notifications"])
    screen.page.add_init_script(f"({TOLD})()")
    screen.page.goto(screen.url)
    screen.room()
    assert screen.page.evaluate("Notification.permission") == "granted"
    first = _calls_for_help(served, "2021", street)
    expect(screen.see("alert-sos")).to_be_visible()
    assert _titles(screen) == []  # whoever looks needs no second word
    screen.key("k")
    expect(screen.see("attention")).to_have_count(0)
    desk.door.post(f"/api/incidents/{first}/cancel", json={"reason": "误按"})

    screen.page.evaluate(AWAY, True)
    _calls_for_help(served, "2022", street)
    until(lambda: _titles(screen), "the desktop is told")
    assert _titles(screen) == ["警员求助 · 2022"]
    screen.page.wait_for_timeout(7000)  # the tone repeats, the notice does not
    assert len(_titles(screen)) == 1
    screen.page.evaluate(AWAY, False)
    expect(screen.see("alert-sos")).to_contain_text("2022")
    screen.key("k")
    expect(screen.see("attention")).to_have_count(0)

    screen.page.reload()
    screen.room()
    screen.page.evaluate(AWAY, True)
    screen.page.wait_for_timeout(1500)
    assert _titles(screen) == []
    assert screen.see("attention").count() == 0


def _calls_for_help(served: Served, unit: str, street: Street) -> str:
    lon, lat = street.home()
    body: dict[str, Any] = {"lon": lon, "lat": lat}
    answer = served.client("chief").post(f"/api/units/{unit}/help", json=body)
    assert answer.is_success, answer.text
    incident: str = answer.json()["ids"]["incident"]
    return incident
