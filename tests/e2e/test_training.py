"""Training beside the service: on every page nobody takes one for the other, and what is ordered in training is nowhere in the service."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import Served, serving
from tests.e2e.street import Street

PHONE: dict[str, Any] = {"is_mobile": True, "has_touch": True, "permissions": ["geolocation"]}
INSIDE = """() => {
  const box = (each) => document.querySelector(each).getBoundingClientRect()
  const band = box('[data-test=training] .band')
  const page = box('#app > :not([data-test=training])')
  const whole = document.documentElement.scrollWidth <= innerWidth
  return { below: page.top >= band.bottom, right: page.right <= innerWidth - 7, end: page.bottom - innerHeight, whole }
}"""


@pytest.fixture(scope="module")
def service(city: Path, furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service, with its log and its accounts."""
    data = tmp_path_factory.mktemp("both") / "data"
    shutil.copytree(furnished, data)
    with serving("serve", "--city", city, "--data", data, data=data) as server:
        yield server


@pytest.fixture(scope="module")
def served(city: Path, service: Served) -> Iterator[Served]:
    """Training beside it, on the same data folder."""
    with serving("serve", "--training", "--city", city, "--data", service.data, data=service.data) as server:
        yield server


def _framed(screen: Screen) -> None:
    expect(screen.see("training")).to_contain_text("训练")
    expect(screen.see("training")).to_contain_text("不会到达真实警力")
    placed = screen.page.evaluate(INSIDE)
    assert placed["below"], "the band covers the page"
    assert placed["right"], "the frame covers the page"
    assert placed["whole"]


def test_every_page_of_training_stands_in_its_frame_and_no_page_of_the_service_does(
    service: Served, served: Served, street: Street, open_screen: OpenScreen
) -> None:
    for path, size in (("/", (1366, 768)), ("/wall", (1920, 1080)), ("/post", (1280, 800)), ("/report", (1366, 768)),
                       ("/devices", (1366, 768)), ("/signin", (1366, 768)), ("/replay", (1366, 768))):  # fmt: skip
        screen = open_screen("chief", path, size=size)
        expect(screen.page.locator("#app > :not([data-test=training])").first).to_be_visible()
        _framed(screen)
        if path in ("/", "/wall", "/post"):
            assert screen.page.evaluate(INSIDE)["end"] <= -7, path
            screen.picture(f"training{path.replace('/', '-')}")
        screen.context.close()
    real = open_screen("chief", server=service)
    real.room()
    assert real.see("training").count() == 0
    assert real.see("mode").count() == 0


def test_what_is_ordered_in_training_reaches_nobody_in_service(
    service: Served, served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    lon, lat = street.home()
    here = {"longitude": lon, "latitude": lat, "accuracy": 8}
    on_duty = open_screen("officer", "/unit", size=(390, 844), server=service, geolocation=here, **PHONE)
    training = open_screen("officer", "/unit", size=(390, 844), geolocation=here, **PHONE)
    for phone in (on_duty, training):
        phone.see("start").click()
        expect(phone.see("idle")).to_contain_text("待命中")
    _framed(training)
    incident = desk.call(street.home(), text="演练")
    desk.orders(incident, "2021")
    expect(training.see("order")).to_contain_text("演练")
    training.picture("training-unit")
    expect(on_duty.see("idle")).to_contain_text("待命中")
    door = service.client("chief")
    assert door.get("/api/incidents", params={"status": "all"}).json() == []
    assert door.get("/api/units/2021").json()["status"] != "ordered"
    assert on_duty.see("training").count() == 0
