"""Everybody can read and reach every page: axe finds nothing serious in either theme, every button is reached with the Tab key, and
the focus is seen."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.pages import PAGES, EachPage
from tests.e2e.screen import Screen
from tests.e2e.served import ROOT, until
from tests.e2e.street import Street

AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
RUN = "async () => (await window.axe.run(document, {resultTypes: ['violations']})).violations"
FOCUSABLE = """() => [...document.querySelectorAll(
  'button, a[href], input, select, textarea, summary, [tabindex]:not([tabindex="-1"])')]
  .filter((each) => !each.disabled && each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true })
    && each.getClientRects().length > 0 && !each.closest('[inert], [aria-hidden=true]'))
  .map((each, number) => { each.dataset.reached = String(number); return each.outerHTML.slice(0, 160) })"""
STILL = """() => [...document.querySelectorAll('[data-reached]')].filter((each) => each.checkVisibility())
  .map((each) => each.dataset.reached)"""
"""Some go while one tabs: a row that ended, a hint that was for the first key."""
FOCUSED = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  const style = getComputedStyle(at)
  const inside = at.closest('.el-input, .el-select, .el-checkbox, label')
  const around = inside ? getComputedStyle(inside) : style
  const wrap = at.parentElement ? getComputedStyle(at.parentElement) : style
  const seen = [style, around, wrap].some((each) => (each.outlineStyle !== 'none' && parseFloat(each.outlineWidth) > 0)
    || each.boxShadow !== 'none')
  const parts = at.matches('input:is([type=date], [type=time])') // the stops inside are the browser's, with its own ring
  return { reached: at.dataset.reached ?? null, seen: seen || parts, html: at.outerHTML.slice(0, 160) }
}"""


def _themes(screen: Screen, name: str) -> list[str]:
    """What axe finds in the dark and in the light theme, as one line each."""
    found = []
    for theme in ("dark", "light"):
        screen.page.evaluate(
            """theme => { document.documentElement.dataset.theme = theme
            document.documentElement.classList.toggle('dark', theme === 'dark') }""",
            theme,
        )
        screen.page.wait_for_timeout(400)  # colours glide
        found += [f"{name} {theme}: {line}" for line in _violations(screen)]
    return found


def _violations(screen: Screen) -> list[str]:
    if not screen.page.evaluate("'axe' in window"):
        screen.page.evaluate(AXE.read_text(encoding="utf-8"))
    violations: list[dict[str, Any]] = screen.page.evaluate(RUN)
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:140]} {node['failureSummary'][:220]}"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"][:4]
    ]


def _filled(desk: Desk, street: Street) -> str:
    """An incident with a unit on its way, so that panels are not empty."""
    incident = desk.call(street.home(), kind="fight", text="鼓楼", words="两人打架", caller="张三", phone="13800138000")
    assignment = until(lambda: _ordered(desk, incident), "the unit is ordered")
    street.presses(assignment, "acknowledged", "en_route")
    return incident


def _here(screen: Screen) -> None:
    """The room stands; its map may still be drawn."""
    expect(screen.see("room")).to_have_attribute("data-connected", "true")


def _ordered(desk: Desk, incident: str) -> str | None:
    try:
        return desk.orders(incident, "2011")
    except AssertionError:  # its contact changed in between: look again
        return None


@pytest.mark.parametrize("each", PAGES, ids=lambda each: each.name)
def test_no_page_has_a_serious_finding_in_either_theme(
    each: EachPage, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    _filled(desk, street)
    screen = open_screen(each.user, each.path, size=each.size)
    expect(screen.page.locator("#app > *").first).to_be_visible()
    screen.page.wait_for_timeout(1500)
    assert screen.page.evaluate("location.pathname") == each.path
    assert _themes(screen, each.name) == []


def test_no_dialog_of_the_room_has_a_serious_finding_in_either_theme(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    street.all_at_home()
    incident = _filled(desk, street)
    advice = f"/api/incidents/{incident}/recommendation"
    until(lambda: desk.door.get(advice).status_code == 200, "advice can be given", 90.0)
    screen = open_screen("chief", size=(1920, 1080))
    _here(screen)
    screen.choose(incident)
    screen.see("more-units").click()
    expect(screen.see("order")).to_be_visible()
    found = _themes(screen, "recommendation")
    for key, shown in (("n", "intake"), ("x", "closures"), ("?", "keys-list"), ("/", "search")):
        screen.key(key)
        expect(screen.see(shown)).to_be_visible()
        found += _themes(screen, shown)
        screen.key("Escape", "Escape")
        expect(screen.see(shown)).to_be_hidden()
    for shown in ("shift", "plan"):
        screen.from_header(shown)
        expect(screen.see(shown)).to_be_visible()
        found += _themes(screen, shown)
        screen.key("Escape")
        expect(screen.see(shown)).to_be_hidden()
    assert found == []


@pytest.mark.parametrize("each", PAGES, ids=lambda each: each.name)
def test_whatever_can_be_pressed_is_reached_with_the_tab_key_and_shows_its_focus(
    each: EachPage, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    _filled(desk, street)
    screen = open_screen(each.user, each.path, size=each.size)
    expect(screen.page.locator("#app > *").first).to_be_visible()
    screen.page.wait_for_timeout(1500)
    wanted: list[str] = screen.page.evaluate(FOCUSABLE)
    reached, unseen = set(), []
    for _ in range(len(wanted) + 30):
        screen.page.keyboard.press("Tab")
        at = screen.page.evaluate(FOCUSED)
        if at is None:
            continue
        if at["reached"] in reached and len(reached) >= len(wanted):
            break
        reached.add(at["reached"])
        if not at["seen"]:
            unseen.append(at["html"])
    here: list[str] = screen.page.evaluate(STILL)
    missed = [html for number, html in enumerate(wanted) if str(number) not in reached and str(number) in here]
    still = [html for html in missed if 'type="radio"' not in html]  # a group of radios has one stop
    assert (still, unseen) == ([], [])
