"""The living demo: calls come in, units move, arrivals are measured, and the header says from how many."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kuaijing.app.demo import PASSWORD as DEMO_PASSWORD
from kuaijing.app.demo import USER
from tests.e2e.conftest import OpenScreen
from tests.e2e.served import Served, run, serving, until

JINAN = Path(__file__).parents[2].parent / "shared" / "data" / "roads" / "jinan"


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Jinan where the shared data is, else a fictional city large enough to be called every few minutes."""
    folder = tmp_path_factory.mktemp("demo")
    city = folder / "city"
    if JINAN.exists():
        run("city", "import", JINAN, "--out", city, "--crs", "wgs84", "--columns", "jinan", "--name", "济南市")
    else:
        run("city", "generate", "--seed", 1, "--area-km2", 52, "--out", city)
    data = folder / "demo"
    with serving("demo", "--city", city, "--data", data, "--speed", 30, "--seed", 1, data=data) as server:
        yield server


def test_a_shift_lives_by_itself(living: Served, open_screen: OpenScreen) -> None:
    screen = open_screen(USER, size=(1920, 1080), server=living, password=DEMO_PASSWORD)
    expect(screen.see("mode")).to_have_text("演示")
    screen.room()
    door = living.client(USER, DEMO_PASSWORD)
    until(lambda: living.health()["units_reporting"] > 0, "units report", 120.0)

    first = screen.see("queue").locator("[data-test^=incident-]").first
    expect(first).to_be_visible(timeout=90_000)
    first.click()
    expect(screen.see("incident-status")).to_be_visible()

    places = {
        unit["id"]: (unit["fix"]["lon"], unit["fix"]["lat"]) for unit in door.get("/api/units").json() if unit["fix"]
    }

    def moved() -> int:
        now = {unit["id"]: unit["fix"] for unit in door.get("/api/units").json() if unit["fix"]}
        return sum((now[unit]["lon"], now[unit]["lat"]) != place for unit, place in places.items() if unit in now)

    until(lambda: moved() >= len(places) // 4 > 0, "a quarter of the units have moved")
    until(
        lambda: screen.page.wait_for_timeout(200) or living.health()["measured_arrivals_today"] > 0,
        "an arrival is measured",
        120.0,
    )
    expect(screen.see("attainment")).to_contain_text(re.compile(r"(\d+|<1|>99) % \((\d+)/([1-9]\d*)\)"))
    expect(screen.see("clock")).to_contain_text("30×")
    screen.picture("demo")
