"""A call from a crossing: two street names, however they are put together, are one place; no hand leaves the keyboard."""

from pathlib import Path

import apsw
import pytest
from playwright.sync_api import expect
from pypinyin import Style, lazy_pinyin

from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.served import Served
from tests.e2e.street import Street, metres


def _crossing(served: Served, city: Path) -> tuple[str, str, tuple[float, float]]:
    """Two roads of the city that cross once, and where."""
    door = served.client("wang")
    with apsw.Connection(str(city / "search.sqlite")) as database:
        roads = [
            row[0]
            for row in database.execute("select name from entry where kind = 'road' and name like '%路' order by id")
        ]
    for one in roads[:20]:
        for hit in door.get("/api/search", params={"q": f"{one}与", "limit": 12}).json():
            first, _, second = hit["text"].partition("与")
            if hit["kind"] == "crossing" and second.endswith("路") and roads.count(first) == roads.count(second) == 1:
                return first, second, (hit["lon"], hit["lat"])
    raise AssertionError("the city has no crossing of two roads")


def _initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def _typed(screen: Screen, text: str) -> None:
    screen.see("intake-place").fill("")
    screen.page.keyboard.type(text)


def test_a_crossing_is_found_by_its_two_streets_and_opened_with_enter(
    served: Served, street: Street, city: Path, open_screen: OpenScreen
) -> None:
    one, other, where = _crossing(served, city)
    screen = open_screen("wang")
    screen.room()
    screen.key("n")
    first = screen.see("intake-place-offers").get_by_role("option").first
    for text in (f"{one} {other}", f"{other}{one}口", f"{_initials(one)} {_initials(other)}", f"{one}与{other}"):
        _typed(screen, text)
        expect(first).to_contain_text(one)
        expect(first).to_contain_text(other)
        expect(first).to_contain_text("路口")
    _typed(screen, f"{one}{other}口")
    expect(first).to_contain_text(other)
    screen.picture("intake-crossing")

    screen.key("Enter")
    expect(screen.see("intake-kind")).to_be_focused()
    screen.page.keyboard.type("dj")
    screen.key("Enter", "Enter")
    expect(screen.see("incident-status")).to_have_text("待派警")
    place = street.newest()["place"]
    assert one in place["text"]
    assert other in place["text"]
    assert metres((place["lon"], place["lat"]), where) == pytest.approx(0, abs=5)
