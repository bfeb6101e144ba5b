"""A command vehicle's own desk: its beat by touch and key, a lost link that heals, and the incident sheet on paper."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.roles import UserRole
from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import PICTURES, Screen
from tests.e2e.served import PASSWORD, Served, until
from tests.e2e.street import Street

SIZE = (1280, 800)


@pytest.fixture(scope="module")
def post(served: Served, street: Street) -> dict[str, Any]:
    """The platform of the first unit has a desk."""
    unit = street.units()[0]
    accounts = Accounts(served.data)
    accounts.add("desk", UserRole.POST, PASSWORD, platform=unit["platform"])
    accounts.close()
    return unit


def at_the_post(open_screen: OpenScreen) -> Screen:
    screen = open_screen("desk", "/post?still", size=SIZE)
    expect(screen.see("post")).to_have_attribute("data-connected", "true")
    return screen


def test_a_post_sends_its_own_unit_and_answers_its_officer(
    post: dict[str, Any], desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), text="台前路口", caller="赵先生", phone="13900001111", words="有人打架")
    screen = at_the_post(open_screen)
    screen.see(f"incident-{incident}").click()
    expect(screen.see("post-call")).to_contain_text("13900001111")
    expect(screen.see("post-dispatch").get_by_role("checkbox", checked=True)).not_to_have_count(0)
    screen.picture("post-dispatch")
    screen.key("o")
    expect(screen.see("incident-status")).to_have_text("已派警")
    screen.see("voice-acknowledged").first.click()
    expect(screen.see("assignment-status").first).to_have_text("已接令")
    screen.see("language").click()
    screen.see("theme").click()
    screen.picture("post-en-light")
    screen.key("Escape")
    expect(screen.see("post-patrol")).to_be_visible()
    screen.picture("post-patrol")


def test_a_post_closes_its_own_incident_and_hands_it_on(
    post: dict[str, Any], desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), text="台前路口")
    screen = at_the_post(open_screen)
    screen.see(f"incident-{incident}").click()
    screen.see("act-close").click()
    screen.see("outcome").select_option("mediation")
    expect(screen.see("follow-up-text")).to_have_count(0)  # nobody needs to go on with it, and so with nothing
    screen.see("outcome").select_option("handed_to_station")
    expect(screen.see("follow-up-by")).to_have_value("station")  # the outcome says so already
    screen.see("follow-up-text").fill("明日回访")
    screen.picture("post-closing")
    screen.see("act-go").click()
    expect(screen.see(f"incident-{incident}")).to_have_count(0)
    closed = street.incident(incident)
    assert (closed["status"], closed["outcome"]) == ("closed", "handed_to_station")
    assert closed["follow_up"] == {"by": "station", "text": "明日回访"}


def test_a_post_calls_its_beat_and_sees_the_ways_of_its_own_units(
    post: dict[str, Any], served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    far = (street.home()[0] + 0.006, street.home()[1] + 0.003)
    assignment = desk.orders(desk.call(far, text="东口"), "2021")
    street.presses(assignment, "delivered", "acknowledged", "en_route")
    screen = at_the_post(open_screen)
    ways = (
        "async () => (await window.kuaijingMap?.getSource('underway')?.getData())?.features.map(f => f.properties.unit)"
    )
    until(lambda: screen.page.evaluate(ways) == ["2021"], "the way of the unit that drives is drawn")
    screen.picture("post-ways")
    screen.key("a")
    expect(screen.see("area-text")).to_be_focused()
    assert screen.see("area-circle").count() == 0  # its beat, and no other area
    expect(screen.see("area-units")).to_contain_text("范围内 7 个警力")
    screen.picture("post-area-call")
    screen.key("Enter")
    expect(screen.see("area-count")).to_contain_text("已答复 0/7")
    (call,) = [each for each in served.client("chief").get("/api/area-calls").json() if each["ended_at"] is None]
    assert (call["area"]["kind"], call["called_by"]) == ("beat", "desk")
    screen.see("area-end").click()
    expect(screen.see("area-count")).to_contain_text("结束")
    screen.key("Escape")
    expect(screen.see("area-call")).to_have_count(0)


def test_a_post_in_a_dead_spot_says_since_when_and_comes_back(
    post: dict[str, Any], served: Served, open_screen: OpenScreen
) -> None:
    screen = at_the_post(open_screen)
    with served.frozen():
        expect(screen.see("link")).to_contain_text(re.compile(r"连接中断 \d+″ · 截至 \d\d:\d\d:\d\d"))
        screen.picture("post-lost")
    expect(screen.see("link")).to_have_text("实时")


def test_an_incidents_sheet_goes_to_paper(desk: Desk, street: Street, open_screen: OpenScreen, tmp_path: Path) -> None:
    incident = desk.call(street.home(), text="台前路口")
    desk.orders(incident, "2021")
    desk.note(incident, "双方已分开")
    screen = open_screen("wang", size=(1366, 768))
    screen.choose(incident)
    screen.key("p")
    expect(screen.see("sheet")).to_contain_text(incident)
    expect(screen.see("sheet-timeline")).to_contain_text("双方已分开")
    expect(screen.see("sheet-units")).to_contain_text("2021")
    expect(screen.see("sheet-map")).to_be_visible(timeout=60_000)
    assert screen.see("sheet-map").evaluate(_COLOURS) > 20  # a map, not an empty frame
    PICTURES.mkdir(exist_ok=True)
    screen.page.emulate_media(media="print")
    assert screen.see("room").is_hidden()
    paper = screen.see("sheet").evaluate("each => getComputedStyle(each).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    written = screen.page.pdf(path=PICTURES / "sheet.pdf", prefer_css_page_size=True, print_background=True)
    assert written.startswith(b"%PDF")
    screen.page.emulate_media(media="screen")
    with screen.page.expect_download() as saved:
        screen.see("sheet-picture").click()
    assert saved.value.suggested_filename == f"{incident}.png"
    screen.picture("sheet")
    screen.key("Escape")
    expect(screen.see("sheet")).to_have_count(0)
    expect(screen.see("incident")).to_contain_text(incident)
    screen.key("s")
    expect(screen.see("map-picture")).to_be_visible()
    assert screen.see("map-picture").evaluate(_COLOURS) > 20
    with screen.page.expect_download() as map_saved:
        screen.see("map-save").click()
    assert re.fullmatch(r"map-[\d-]+\.png", map_saved.value.suggested_filename)
    assert screen.page.pdf(prefer_css_page_size=True, print_background=True).startswith(b"%PDF")
    screen.picture("map-paper")
    screen.key("Escape")
    expect(screen.see("map-paper")).to_have_count(0)


_COLOURS = """picture => {
  const canvas = document.createElement('canvas')
  canvas.width = 200
  canvas.height = 100
  const pen = canvas.getContext('2d')
  pen.drawImage(picture, 0, 0, 200, 100)
  const { data } = pen.getImageData(0, 0, 200, 100)
  const seen = new Set()
  for (let i = 0; i < data.length; i += 4) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`)
  return seen.size
}"""
