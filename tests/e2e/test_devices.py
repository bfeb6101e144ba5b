"""A terminal that nobody knows calls by a real socket, is approved on the screen by keyboard, and moves its unit on the map."""

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kuaijing.feeds.jt808.bodies import read_body
from kuaijing.feeds.jt808.framing import Frame, FrameReader, read_inner, write_frame
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.served import Served, serving, until
from tests.e2e.street import Street, metres

PHONE = "013900001234"
UNIT = "2021"


class Terminal:
    """A vehicle terminal of the 2013 edition, byte by byte."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), 10)
        self.frames, self.serial = FrameReader(), 0

    def ask(self, msg_id: int, body: bytes, answer: int) -> dict[str, object]:
        """Send, and the body of the answer."""
        self.serial += 1
        self.line.sendall(write_frame(msg_id, PHONE, self.serial, body))
        while True:
            got = self.line.recv(65536)
            assert got, "the server hung up"
            for inner in self.frames.feed(got):
                frame: Frame = read_inner(inner)
                if frame.msg_id == answer:
                    return read_body(frame)

    def register(self) -> dict[str, object]:
        """``0100``: 0 with a code, or a refusal."""
        maker, model, ident = b"KJTST", b"KJ-1".ljust(20, b"\x00"), b"0001234"
        return self.ask(
            0x0100, b"\x00\x2b\x01\x2c" + maker + model + ident + b"\x02" + "湘A1234警".encode("gbk"), 0x8100
        )

    def authenticate(self, code: str) -> int:
        """``0102``: 0 where it is believed."""
        return int(str(self.ask(0x0102, code.encode(), 0x8001)["result"]))

    def stands(self, place: tuple[float, float]) -> None:
        """``0200`` from there, now."""
        local = (datetime.now(UTC) + timedelta(hours=8)).strftime("%y%m%d%H%M%S")
        degrees = round(place[1] * 1e6).to_bytes(4, "big") + round(place[0] * 1e6).to_bytes(4, "big")
        moves = (50).to_bytes(2, "big") + (360).to_bytes(2, "big") + (90).to_bytes(2, "big")
        body = bytes(4) + (2).to_bytes(4, "big") + degrees + moves + bytes.fromhex(local)
        assert self.ask(0x0200, body, 0x8001)["result"] == 0


@contextmanager
def calling(port: int) -> Iterator[Terminal]:
    terminal = Terminal(port)
    try:
        yield terminal
    finally:
        terminal.line.close()


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
    data = tmp_path_factory.mktemp("terminals") / "data"
    shutil.copytree(furnished, data)
    door = f"jt808.port={terminal_port}"
    with serving("serve", "--city", city, "--data", data, "--set", door, data=data) as server:
        yield server


def test_unknown_terminal_is_approved_by_keyboard_and_its_unit_moves_on_the_map(
    served: Served, terminal_port: int, open_screen: OpenScreen
) -> None:
    home = Street(served.client("gate")).home()  # nothing else reports for any unit
    with calling(terminal_port) as terminal:
        assert terminal.register()["result"] != 0
    screen = open_screen("chief")
    screen.room()
    screen.tab_to("more")
    screen.key("Enter")
    screen.tab_to("more-devices")
    screen.key("Enter")
    expect(screen.see(f"stranger-{PHONE}")).to_contain_text("湘A1234警")

    screen.tab_to(f"approve-{PHONE}")
    screen.key("Enter")
    expect(screen.see("device-unit")).to_be_focused()
    screen.page.keyboard.type(UNIT)
    screen.tab_to("device-reason")
    screen.page.keyboard.type("新装车载终端")
    screen.picture("device-approve")
    screen.key("Enter")

    expect(screen.see(f"stranger-{PHONE}")).to_have_count(0)
    expect(screen.see(f"device-{PHONE}")).to_contain_text("从未联系")
    expect(screen.see("device")).to_contain_text("登记 · 2021 · chief")
    with calling(terminal_port) as terminal:
        answer = terminal.register()
        assert answer["result"] == 0
        assert terminal.authenticate("not its code") != 0
    with calling(terminal_port) as terminal:
        assert terminal.authenticate(str(answer["auth_code"])) == 0
        terminal.stands(home)
        expect(screen.see(f"device-{PHONE}")).to_contain_text("上报中")
        expect(screen.see(f"device-{PHONE}")).to_contain_text("在线")
        expect(screen.see(f"device-{PHONE}")).to_contain_text("接入被拒")  # the wrong code
        screen.picture("devices")
        screen.page.go_back()
        screen.room()
        _follow(screen)
        for east in (0.0004, 0.0008, 0.0012):
            place = home[0] + east, home[1]
            time.sleep(2.0)  # a terminal's rhythm; its clock knows whole seconds
            terminal.stands(place)
            until(lambda place=place: metres(_centre(screen), place) < 15, f"the map follows the unit to {place}")


def _follow(screen: Screen) -> None:
    """Choose the unit in the list and follow it."""
    screen.see(f"unit-{UNIT}").click()
    screen.key("f")


def _centre(screen: Screen) -> tuple[float, float]:
    lon, lat = screen.page.evaluate("(({lng, lat}) => [lng, lat])(window.kuaijingMap.getCenter())")
    return lon, lat


def test_list_of_thousands_holds_few_rows_and_is_filtered_by_typing(served: Served, open_screen: OpenScreen) -> None:
    chief = served.client("chief")
    for number in range(300):
        body = {
            "protocol": "gpslogger",
            "key": f"R-{number}",
            "unit": None,
            "name": f"对讲机{number}",
            "reason": "装备入库",
        }
        assert chief.post("/api/devices", json=body).status_code == 201
    screen = open_screen("wang", "/devices")
    expect(screen.see("show-nounit")).to_contain_text("300")
    assert screen.page.get_by_role("option").count() < 60

    screen.key("/")
    screen.page.keyboard.type("对讲机299")
    expect(screen.page.get_by_role("option")).to_have_count(1)
    screen.tab_to("device-list")
    screen.key("ArrowDown")

    expect(screen.see("device")).to_contain_text("R-299")
    expect(screen.see("change-save")).to_be_disabled()  # a dispatcher looks only
    expect(screen.see("device")).to_contain_text("更改设备需要管理员帐号")
    screen.picture("devices-filtered")
