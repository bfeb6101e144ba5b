"""An officer in need, from the phone and from a vehicle's terminal: banner, a tone that no mute holds back, the incident by one key."""

import re
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.served import Served, serving
from tests.e2e.street import Place, Street
from tests.e2e.test_devices import PHONE as TERMINAL
from tests.e2e.test_devices import Terminal, calling

ON_FOOT, IN_VEHICLE = "2021", "2012"
PHONE: dict[str, Any] = {"is_mobile": True, "has_touch": True, "permissions": ["geolocation"]}
EMERGENCY = (1).to_bytes(4, "big")


@pytest.fixture(scope="module")
def terminal_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def served(
    city: Path, furnished: Path, terminal_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server whose JT/T 808 door is open."""
    data = tmp_path_factory.mktemp("sos") / "data"
    shutil.copytree(furnished, data)
    with serving("serve", "--city", city, "--data", data, "--set", f"jt808.port={terminal_port}", data=data) as server:
        yield server


def _presses_alarm(terminal: Terminal, place: Place) -> None:
    """``0200`` with the emergency bit."""
    local = (datetime.now(UTC) + timedelta(hours=8)).strftime("%y%m%d%H%M%S")
    degrees = round(place[1] * 1e6).to_bytes(4, "big") + round(place[0] * 1e6).to_bytes(4, "big")
    body = EMERGENCY + (2).to_bytes(4, "big") + degrees + bytes([0, 50, 0, 0, 0, 90]) + bytes.fromhex(local)
    assert terminal.ask(0x0200, body, 0x8001)["result"] == 0


def test_help_held_on_the_phone_rings_through_a_mute_and_is_reached_by_one_key(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    lon, lat = street.home()
    here = {"longitude": lon, "latitude": lat, "accuracy": 8}
    room = open_screen("wang")
    room.room()
    expect(room.see("sound-locked")).to_have_text("按任意键启用声音")
    room.key("Shift")
    expect(room.see("mute")).to_have_text("声音")
    room.see("mute").click()
    expect(room.see("mute")).to_contain_text("静音至")
    phone = open_screen("officer", "/unit", size=(390, 844), geolocation=here, **PHONE)
    phone.see("start").click()
    expect(phone.see("idle")).to_contain_text("待命中")

    phone.see("help").hover()  # waits until it stands still
    phone.page.mouse.down()
    phone.page.wait_for_timeout(2000)
    phone.page.mouse.up()

    expect(room.see("alert-sos")).to_contain_text("警员求助")
    expect(room.see("alert-sos")).to_contain_text(ON_FOOT)
    expect(room.see("attention")).to_have_attribute("data-ringing", "sos")  # although it is muted
    expect(room.see("alarm-count")).to_have_text("1/时")
    room.picture("sos-banner")
    room.key("j")
    expect(room.see("attention")).to_have_count(0)
    expect(room.see("incident")).to_contain_text("警员求助")
    expect(room.see("incident")).to_contain_text(f"{ON_FOOT} 求助")
    room.picture("sos-incident")

    room.page.reload()  # what was seen stays seen
    room.room()
    expect(room.see("attention")).to_have_count(0)
    expect(room.see("alarm-count")).to_have_text("1/时")


def test_the_emergency_button_of_a_vehicle_opens_an_incident_with_its_units_name(
    served: Served, desk: Desk, street: Street, terminal_port: int, open_screen: OpenScreen
) -> None:
    with calling(terminal_port) as stranger:
        stranger.register()
    body = {"protocol": "jt808", "key": TERMINAL, "unit": IN_VEHICLE, "reason": "新装车载终端"}
    assert desk.door.post("/api/devices", json=body).status_code == 201
    room, other = open_screen("wang"), open_screen("li", size=(1920, 1080))
    for screen in (room, other):
        screen.room()
    with calling(terminal_port) as terminal:
        code = str(terminal.register()["auth_code"])
        assert terminal.authenticate(code) == 0
        home = street.home()
        terminal.stands(home)
        _presses_alarm(terminal, (home[0] + 0.0004, home[1]))
        expect(room.see("alert-sos")).to_contain_text(IN_VEHICLE)
        expect(other.see("alert-sos")).to_contain_text(IN_VEHICLE)
        other.picture("sos-terminal-1080")
        room.key("k")
        expect(room.see("attention")).to_have_count(0)
        expect(other.see("alert-sos")).to_be_visible()  # everybody acknowledges for themselves
        other.key("j")
        expect(other.see("incident")).to_contain_text(re.compile("警员求助"))
    (incident,) = desk.door.get("/api/incidents", params={"status": "active"}).json()
    assert (incident["origin"], incident["grade"]) == ("officer_help", 1)
