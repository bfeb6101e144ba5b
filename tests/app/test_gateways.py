"""The doors of devices open and close with the city; what is taken is refused, what is away harms nothing."""

import asyncio
import socket
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kuaijing.app.clock import CityClock
from kuaijing.app.device_files import CONTACTS_FILE, SECRET_FILE, read_contacts, read_secret
from kuaijing.app.play_terminals import PlayTerminals, enter_terminals
from kuaijing.app.refused import Refused
from kuaijing.app.settings import read_settings
from kuaijing.app.wiring import City, assemble
from kuaijing.domain.commands import Context
from kuaijing.engine.device_register import DeviceChange
from kuaijing.measures.instants import SECOND, Instant, from_datetime
from kuaijing.simulation.officers import Reported
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import grid_ground

NOON = from_datetime(datetime(2026, 11, 21, 4, 0, tzinfo=UTC))
GROUND = grid_ground(7, 7, 250.0)
PLAN = provisional(GROUND, platforms=2)


def city(data: Path, *settings: str) -> City:
    return assemble(GROUND, data, settings=read_settings(settings), clock=CityClock(start=NOON))


async def until(condition: object, within_s: float = 10.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.02)


def test_a_port_that_is_taken_is_refused_and_everything_is_let_go(tmp_path: Path) -> None:
    async def opening(running: AbstractAsyncContextManager[object]) -> None:
        async with running:
            pass

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"jt808.port {port} on 127.0.0.1 cannot be opened"):
            asyncio.run(opening(city(tmp_path, f"jt808.port={port}").running()))
    asyncio.run(opening(city(tmp_path).running()))  # the folder and its files are free again


def test_a_broker_that_is_away_stops_nothing_else(tmp_path: Path) -> None:
    async def shift() -> tuple[bool, str]:
        with socket.create_server(("127.0.0.1", 0)) as unheard:
            away = unheard.getsockname()[1]
        here = city(tmp_path, "mqtt.host=127.0.0.1", f"mqtt.port={away}")
        async with here.running():
            await here.put_in_force(PLAN, "setup")
            await asyncio.sleep(0.2)
            assert here.gateways.broker is not None
            return here.gateways.broker.connected, here.engine.health

    assert asyncio.run(shift()) == (False, "ok")


def test_a_terminal_is_let_in_reports_and_speaks_for_another_unit_once_it_is_moved(tmp_path: Path) -> None:
    async def shift() -> None:
        here = city(tmp_path)
        async with here.running():
            await here.put_in_force(PLAN, "setup")
            server = await here.gateways.open_terminals()
            first, second = PLAN.force[0].unit, PLAN.force[1].unit
            register = here.gateways.register
            phones = await enter_terminals(register, PLAN, [first], here.clock.now())
            terminals = PlayTerminals("127.0.0.1", server.port, phones)
            playing = asyncio.create_task(terminals.run())
            terminal = terminals.by_unit[first]
            await until(lambda: terminal.let_in)
            await until(lambda: len(register.list_unknown()) == 1)  # the stranger

            west, south, east, north = GROUND.bbox
            lon, lat = (west + east) / 2, (south + north) / 2
            table = here.live_picture.table

            def report() -> None:
                at = Instant(here.clock.now() // SECOND * SECOND)
                assert terminals.takes(Reported(first, lon, lat, 5.0, 90.0, at))

            report()
            await until(lambda: table.find(first) is not None)
            device = register.get(f"jt808:{phones[first]}")
            change = Context("chief", "console", here.clock.now(), reason="换车")
            await register.change(device.id, 1, DeviceChange(unit=second), change)
            await asyncio.sleep(1.1)
            report()
            await until(lambda: table.find(second) is not None)

            await server.send_text(second, "注意安全")
            assert terminal.told[-1].endswith("注意安全")
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)

    asyncio.run(shift())
    kept = read_contacts(tmp_path).to_keep()
    assert list(kept) == ["jt808:013900000001"]


def test_the_secret_is_made_once_for_its_owner_only_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    secret = read_secret(tmp_path)
    assert read_secret(tmp_path) == secret
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o077 == 0

    (tmp_path / SECRET_FILE).write_bytes(secret[:7])
    with pytest.raises(Refused, match="has 7 bytes, 32 are wanted"):
        read_secret(tmp_path)


def test_a_secret_that_is_gone_is_made_anew_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secret = read_secret(tmp_path)
    assert caplog.text == ""

    (tmp_path / CONTACTS_FILE).write_text("{}")
    (tmp_path / SECRET_FILE).unlink()

    assert read_secret(tmp_path) != secret
    assert "made anew" in caplog.text


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": ["x", 2]}', "\ufeff{}"])
def test_contacts_that_cannot_be_read_are_forgotten(tmp_path: Path, content: str) -> None:
    (tmp_path / CONTACTS_FILE).write_text(content, "utf-8")
    assert read_contacts(tmp_path).to_keep() == {}
