"""Every page in both languages: no untranslated word, no identifier, no machine's word, no request to another host."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.pages import PAGES, EachPage, proper_names, without
from tests.e2e.screen import UNFIT, Screen
from tests.e2e.served import Served
from tests.e2e.street import Street

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
ACCOUNTS = {"chief", "wang", "li", "gate", "officer", "tracking"}
ENDONYMS = {"English", "Kuaijing"}
FORMATS = re.compile(r"^(CSV|XLSX|XML|PDF|HTML|JT/T.*|OpenStreetMap|Esc|© OpenStreetMap.*|yyyy.*|[A-Z]{2,5}(-\d+)?)$")
"""Names of formats, standards and keys, the same in every language."""
SPEAK = """locale => localStorage.setItem('kuaijing.preferences',
  JSON.stringify({...JSON.parse(localStorage.getItem('kuaijing.preferences') ?? '{}'), locale}))"""


def _shown(screen: Screen, each: EachPage, locale: str) -> list[str]:
    screen.page.evaluate(SPEAK, locale)
    screen.page.goto(screen.url + each.path)
    expect(screen.page.locator("html")).to_have_attribute("lang", re.compile(f"^{locale}"))
    expect(screen.page.locator("#app > *").first).to_be_visible()
    screen.page.wait_for_timeout(1500)
    return screen.texts()


@pytest.mark.parametrize("each", PAGES, ids=lambda each: each.name)
def test_every_word_of_a_page_is_in_the_language_of_its_reader(
    each: EachPage, served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), kind="fight", text="鼓楼", words="两人打架", caller="张三", phone="13800138000")
    desk.orders(incident, "2011")
    names = proper_names(desk.door.get("/api/state").json(), desk.door.get("/api/patrol").json())
    screen = open_screen(each.user, each.path, size=each.size)

    chinese = _shown(screen, each, "zh")
    assert [text for text in chinese if UNFIT.search(text)] == []
    foreign = {
        text for text in chinese if ENGLISH.search(text) and not CHINESE.search(text) and not FORMATS.match(text)
    }
    assert sorted(foreign - ACCOUNTS - ENDONYMS) == []

    english = _shown(screen, each, "en")
    assert [text for text in english if UNFIT.search(text)] == []
    assert sorted({text for text in english if CHINESE.search(without(names, text))}) == []


def test_a_request_to_another_host_would_be_noticed(open_screen: OpenScreen) -> None:
    screen = open_screen("wang", "/signin")
    screen.page.evaluate("new Image().src = 'http://tiles.example.org/0/0/0.png'")
    screen.page.wait_for_timeout(500)
    noticed = [fault for fault in screen.faults if "tiles.example.org" in fault]
    screen.faults.clear()
    assert noticed
