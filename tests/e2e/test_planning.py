"""An analyst cuts beats as a draft, moves one block, looks at the figures and proposes it; another person accepts; the room has it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.roles import UserRole
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.served import PASSWORD, Served, serving

LONG_MS = 180_000
"""The first question opens the city in a worker; a job opens it again in a process of its own."""


@pytest.fixture(scope="module")
def served(city: Path, furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with an analyst."""
    data = tmp_path_factory.mktemp("planning") / "data"
    shutil.copytree(furnished, data)
    accounts = Accounts(data)
    accounts.add("yan", UserRole.ANALYST, PASSWORD)
    accounts.close()
    with serving("serve", "--city", city, "--data", data, data=data) as server:
        yield server


@pytest.mark.timeout(600)
def test_a_draft_becomes_the_plan_in_force(served: Served, open_screen: OpenScreen) -> None:
    analyst: Screen = open_screen("yan")
    analyst.page.goto(f"{served.url}/plan")
    expect(analyst.see("demand-period")).to_be_visible(timeout=LONG_MS)
    expect(analyst.see("heat").locator("rect")).to_have_count(168)
    analyst.picture("planning-demand")

    analyst.key("n")
    analyst.page.keyboard.type("夏季巡区")
    analyst.key("Enter")
    expect(analyst.see("draft-夏季巡区")).to_be_visible(timeout=LONG_MS)
    analyst.key("Escape")
    analyst.see("tab-beats").click()
    expect(analyst.see("figures")).to_be_visible(timeout=LONG_MS)
    analyst.see("beat-count").fill("3")
    analyst.see("beat-seconds").fill("3")
    analyst.see("cut-beats").click()
    expect(analyst.see("job-beats")).to_have_attribute("data-state", "done", timeout=LONG_MS)
    expect(analyst.see("beat-lines").locator("tbody tr")).to_have_count(3)

    balance = analyst.see("now-balance").inner_text()
    _moves_one(analyst)
    expect(analyst.see("now-balance")).not_to_have_text(balance)
    analyst.picture("planning-beats")

    analyst.see("tab-publish").click()
    analyst.see("propose-note").fill("按近三年警情划为三个巡区")
    analyst.see("propose").click()
    listed = analyst.see("proposal-夏季巡区")
    expect(listed).to_have_attribute("data-status", "pending")
    expect(analyst.see("accept")).to_be_disabled()

    chief: Screen = open_screen("chief")
    chief.page.goto(f"{served.url}/plan")
    chief.see("tab-publish").click()
    expect(chief.see("proposal-夏季巡区")).to_contain_text("yan")
    chief.see("accept").click()
    chief.see("accept").click()
    expect(chief.see("proposal-夏季巡区")).to_have_attribute("data-status", "enacted")
    chief.picture("planning-accepted")

    room: Screen = open_screen("wang")
    room.room()
    state = served.client("wang").get("/api/state").json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d 夏季巡区", state["plan"]["version"])
    areas = served.client("wang").get("/api/plan/areas").json()["features"]
    assert len({each["properties"]["id"] for each in areas if each["properties"]["kind"] == "beat"}) == 3
    drawn = (
        "window.kuaijingMap.getSource('beats') !== undefined && window.kuaijingMap.getLayer('beat-edge') !== undefined"
    )
    assert room.page.evaluate(drawn)


def _moves_one(analyst: Screen) -> None:
    """The first border block that another beat can have without a beat falling apart; a refusal is shown and changes nothing."""
    offers = analyst.see("block").locator("option")
    shown = analyst.see("now-balance").inner_text()
    expect(offers).not_to_have_count(1, timeout=LONG_MS)
    for number in range(1, min(offers.count(), 12)):
        analyst.see("block").select_option(index=number)
        analyst.see("give-block").click()
        expect(analyst.see("give-block")).to_be_enabled()
        analyst.page.wait_for_timeout(1500)
        if analyst.see("now-balance").inner_text() != shown:
            return
        expect(analyst.see("refused")).to_be_visible()
    raise AssertionError("no border block could be moved")
