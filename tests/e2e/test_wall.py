"""The wallboard over ten virtual minutes: clocks run, an incident comes and goes, it turns to the beat in trouble and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kuaijing.app.demo import PASSWORD as DEMO_PASSWORD
from kuaijing.app.demo import USER
from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.roles import UserRole
from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import PASSWORD, Served, serving, until

FIGURES = """() => {
  const small = []
  const walk = document.createTreeWalker(document.querySelector('[data-test=wall]'), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement
    if (!/\\d/.test(walk.currentNode.textContent) || holder.closest('.map, .what') || !holder.checkVisibility()) continue
    const size = parseFloat(getComputedStyle(holder).fontSize)
    if (size < 48 * innerHeight / 1080) small.push(`${walk.currentNode.textContent.trim()} at ${size} px`)
  }
  return small
}"""
"""Figures too small to be read from eight metres; names of places and kinds are words."""
PLACES = """() => [...document.querySelectorAll('.board > *, .board li, .board tr, .top, .map')].map((each) => {
  const { x, y, width, height } = each.getBoundingClientRect()
  return [x, y, width, height].map(Math.round).join()
})"""


@pytest.fixture(scope="module")
def fast(city: Path, furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small city at thirty times real time, its calls left to the test."""
    data = tmp_path_factory.mktemp("wall") / "demo"
    with serving("demo", "--city", city, "--data", data, "--speed", 30, "--seed", 1, data=data) as server:
        held = next(path for path in (data / "data", data) if (path / "accounts.sqlite").exists())
        accounts = Accounts(held)
        accounts.add("wall", UserRole.WALL, PASSWORD)
        accounts.close()
        yield server


def wall(open_screen: OpenScreen, fast: Served, query: str = "", size: tuple[int, int] = (1920, 1080)) -> Screen:
    screen = open_screen("wall", f"/wall?still&dwell=4{query}", size=size, server=fast)
    expect(screen.see("wall")).to_have_attribute("data-connected", "true")
    return screen


def test_ten_minutes_of_a_wall(fast: Served, open_screen: OpenScreen) -> None:
    desk = Desk(fast.client(USER, DEMO_PASSWORD))
    screen = wall(open_screen, fast)
    home = until(lambda: desk.door.get("/api/units").json(), "there are units")[0]["home"]
    began = screen.see("clock").inner_text()
    stood = screen.page.evaluate(PLACES)
    incident = desk.call((home["lon"], home["lat"]), text="路口")
    beat = desk.door.get(f"/api/incidents/{incident}").json()["incident"]["place"]["beat"]
    row = screen.see(f"wall-{incident}")
    expect(row).to_be_visible()
    assert screen.page.evaluate(FIGURES) == []

    expect(screen.see("wall")).to_have_attribute("data-view", beat, timeout=60_000)
    expect(screen.see("wall-view")).to_contain_text(re.compile("即将超时|已超时|警员求助|区域失守"))
    screen.picture("wall-beat")
    assert screen.page.evaluate(PLACES) == stood  # nothing jumps

    door = desk.door
    for each in door.get("/api/incidents", params={"status": "active"}).json():
        door.post(f"/api/incidents/{each['id']}/close", json={"outcome": "settled"})
    expect(row).to_have_count(0)
    expect(screen.see("wall")).to_have_attribute("data-view", "city", timeout=60_000)
    until(
        lambda: screen.page.wait_for_timeout(200) or _minutes(began, screen.see("clock").inner_text()) >= 10,
        "ten minutes",
    )
    screen.picture("wall-city")


def test_a_wall_greys_out_without_its_server_and_comes_back(fast: Served, open_screen: OpenScreen) -> None:
    screen = wall(open_screen, fast, "&lang=en&theme=light")
    with fast.frozen():
        expect(screen.see("wall-view")).to_contain_text(re.compile(r"as of \d\d:\d\d:\d\d", re.IGNORECASE))
        assert "grayscale" in screen.page.locator(".body").evaluate("body => getComputedStyle(body).filter")
        screen.picture("wall-lost-en-light")
    expect(screen.see("wall")).to_have_attribute("data-connected", "true")
    expect(screen.see("wall-view")).not_to_contain_text("as of")


def test_a_wall_of_four_times_the_points_is_read_as_well(fast: Served, open_screen: OpenScreen) -> None:
    screen = wall(open_screen, fast, size=(3840, 2160))
    expect(screen.see("wall-free")).to_be_visible()
    assert screen.page.evaluate(FIGURES) == []
    screen.page.goto(f"{screen.url}/")  # nothing else is for a wall
    expect(screen.see("wall")).to_be_visible()


def _minutes(began: str, now: str) -> float:
    def seconds(text: str) -> int:
        hours, minutes, rest = map(int, text.split(":"))
        return 3600 * hours + 60 * minutes + rest

    return ((seconds(now) - seconds(began)) % 86400) / 60
