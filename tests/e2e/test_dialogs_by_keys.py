"""Every panel and dialog of the room by keyboard: it opens with a key and takes the focus, Tab walks all of it with the focus seen, Escape
leaves it and gives the focus back to where it was, and nothing else is left by the same key."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.street import Street
from tests.e2e.test_axe import FOCUSED

BEFORE = "unit-2021"
"""A row in the list of units: the focus is there before, and after."""
WITHIN = """name => {
  const root = document.querySelector(`[data-test="${name}"]`)
  const whole = root.closest('.el-dialog, [role=dialog]') ?? root
  const stops = [...whole.querySelectorAll('button, a[href], input, select, textarea, summary, [tabindex]:not([tabindex="-1"])')]
    .filter((each) => !each.disabled && each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }))
  stops.forEach((each, number) => { each.dataset.reached = `${name} ${number}` })
  return stops.map((each) => [each.dataset.reached, each.outerHTML.slice(0, 140)])
}"""
INSIDE = """name => {
  const root = document.querySelector(`[data-test="${name}"]`)
  return (root.closest('.el-dialog, [role=dialog]') ?? root).contains(document.activeElement)
}"""
OPENED = [
    ("n", "intake"),
    ("a", "area-call"),
    ("x", "closures"),
    ("w", "tracks"),
    ("d", "display-form"),
    ("?", "keys-list"),
    ("/", "search"),
    ("p", "sheet"),
    ("s", "map-paper"),
    ("e", "form-escalate"),
    ("c", "form-close"),
    ("m", "form-merge"),
]
MODAL = {"display-form", "keys-list", "shift", "plan", "sheet", "map-paper"}


def _stands(desk: Desk, street: Street, open_screen: OpenScreen) -> Screen:
    incident, _ = desk.call(street.home(), text="东门"), desk.call(street.home(), text="西门")
    screen = open_screen("chief", size=(1920, 1080))
    screen.room()
    screen.choose(incident)
    expect(screen.see("order")).to_be_enabled()
    screen.see(BEFORE).locator("button").first.focus()
    return screen


def _walk(screen: Screen, shown: str) -> None:
    """Tab from where the focus is until every stop of it was met; at each the focus is seen."""
    stops: list[list[str]] = screen.page.evaluate(WITHIN, shown)
    met: set[str] = set()
    for _ in range(3 * len(stops) + 200 if shown not in MODAL else 2 * len(stops) + 6):
        at: dict[str, Any] | None = screen.page.evaluate(FOCUSED)
        if at is not None and (at["reached"] or "").startswith(f"{shown} "):
            met.add(at["reached"])
            assert at["seen"], f"{shown}: the focus is not seen on {at['html']}"
        if len(met) == len(stops):
            return
        screen.page.keyboard.press("Tab")
    one_of_group = 'type="radio"'
    missed = [html for name, html in stops if name not in met and one_of_group not in html]
    assert missed == [], f"{shown}: not reached with Tab"


@pytest.mark.parametrize(("key", "shown"), OPENED, ids=[shown for _, shown in OPENED])
def test_a_panel_is_opened_walked_and_left_by_keys(
    key: str, shown: str, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    screen = _stands(desk, street, open_screen)
    screen.key(key)
    expect(screen.see(shown)).to_be_visible()
    if shown == "sheet":
        expect(screen.see("sheet-print")).to_be_enabled(timeout=60_000)
    screen.page.wait_for_timeout(400)  # a dialog takes the focus once it has glided in
    assert screen.page.evaluate(INSIDE, shown), f"{shown} has not taken the focus"
    _walk(screen, shown)
    if shown in MODAL:
        screen.key("o")
        screen.page.wait_for_timeout(300)
        assert street.newest()["assignments"] == [], "a key reached what lies behind the dialog"
        assert screen.page.evaluate(INSIDE, shown)
    for _ in range(2):  # a list that is open in it takes the first
        if screen.see(shown).count() and screen.see(shown).is_visible():
            screen.key("Escape")
            screen.page.wait_for_timeout(400)
    expect(screen.see(shown)).to_be_hidden()
    back = screen.page.evaluate("document.activeElement.closest('[data-test]')?.dataset.test")
    assert back == BEFORE, f"{shown} left the focus at {back}"
    expect(screen.see("incident-status")).to_have_text("待派警")  # the same key has not left the incident too


@pytest.mark.parametrize("what", ["shift", "plan"])
def test_a_dialog_of_the_header_gives_the_focus_back_to_its_button(
    what: str, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    screen = _stands(desk, street, open_screen)
    screen.tab_to(f"open-{what}")
    screen.key("Enter")
    expect(screen.see(what)).to_be_visible()
    screen.page.wait_for_timeout(400)
    assert screen.page.evaluate(INSIDE, what)
    _walk(screen, what)
    screen.key("Escape")
    expect(screen.see(what)).to_be_hidden()
    expect(screen.see(f"open-{what}")).to_be_focused()
    expect(screen.see("incident-status")).to_have_text("待派警")
