"""Where a unit has been, by keyboard: its last half hour, a period with a reason, who was here."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.served import Served, until

UNIT = "2021"


@pytest.fixture(scope="module")
def driven(served: Served) -> tuple[float, float]:
    """Ten minutes eastwards, a fix each 20 s, until now; where it ended."""
    door = served.client("gate")
    home = door.get(f"/api/units/{UNIT}").json()["home"]
    now = datetime.now(UTC)
    reports = [
        {
            "unit": UNIT,
            "lon": home["lon"] + number * 2e-4,
            "lat": home["lat"],
            "measured_at": (now - timedelta(seconds=(30 - number) * 20)).isoformat(),
            "crs": "wgs84",
            "speed_mps": 1.0,
        }
        for number in range(31)
    ]
    answer = door.post("/api/positions", json={"reports": reports}).json()
    assert answer["accepted"] == 31, answer
    return home["lon"] + 30 * 2e-4, home["lat"]


def _drawn(screen: Screen, layer: str) -> int:
    """Features of that layer on the map."""
    found: int = screen.page.evaluate(
        f"new Set(window.kuaijingMap.queryRenderedFeatures({{layers: ['{layer}']}}).map((f) => f.properties.i)).size"
    )
    return found


def test_a_units_track_is_drawn_by_a_key_and_an_older_one_needs_a_reason(
    driven: tuple[float, float], open_screen: OpenScreen, tmp_path: Path
) -> None:
    lon, lat = driven
    screen = open_screen("wang")
    screen.room()
    screen.page.evaluate(f"window.kuaijingMap.jumpTo({{center: [{lon - 0.003}, {lat}], zoom: 15}})")
    screen.key("/")
    screen.page.keyboard.type(UNIT)
    screen.key("Enter")
    expect(screen.see("unit-card")).to_contain_text(UNIT)
    screen.key("t")
    until(lambda: _drawn(screen, "track-point") == 31, "its fixes are drawn")
    screen.key("t")
    until(lambda: _drawn(screen, "track-point") == 0, "they are gone again")

    screen.see("open-tracks").click()
    expect(screen.see("look")).to_be_disabled()
    screen.see("track-reason").fill("核查到场经过")
    screen.key("Enter")
    expect(screen.see("track-found")).to_contain_text("31 个定位")
    with screen.page.expect_download() as download:
        screen.see("export-geojson").click()
    download.value.save_as(tmp_path / "track.geojson")
    line = json.loads((tmp_path / "track.geojson").read_text(encoding="utf-8"))["features"][0]
    assert len(line["geometry"]["coordinates"]) == 31
    screen.picture("track")

    screen.key("Escape")
    until(lambda: _drawn(screen, "track-point") == 0, "a look ends with its panel")


def test_who_was_here_is_asked_at_a_place_and_its_answer_chooses_the_unit(
    driven: tuple[float, float], open_screen: OpenScreen
) -> None:
    lon, lat = driven
    screen = open_screen("wang")
    screen.room()
    screen.page.evaluate(f"window.kuaijingMap.jumpTo({{center: [{lon}, {lat}], zoom: 16}})")
    screen.key("w")
    box = screen.see("map").bounding_box()
    assert box is not None
    screen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    screen.see("track-reason").fill("查找目击警力")
    screen.key("Enter")
    expect(screen.see(f"stay-{UNIT}").first).to_be_visible()
    screen.picture("who-was-here")
    screen.see(f"stay-{UNIT}").first.click()
    expect(screen.see("unit-card")).to_contain_text(UNIT)
