"""Play-acted vehicle terminals: a share of the demo's crews report by a real JT/T 808 connection to the demo's own port.

Each registers, is given its code, authenticates, sends locations and confirms what it is told (``8300``), byte for byte as a terminal
would. One of them has a slow clock and one is in no register, so that the devices screen shows what it is for. Nothing of the
server is touched but its port and, at the start, its register.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from kuaijing.domain.commands import Context
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.words import UnitClass
from kuaijing.engine.device_records import DeviceRecord
from kuaijing.engine.device_register import DeviceRegister
from kuaijing.feeds.jt808.bodies import read_body
from kuaijing.feeds.jt808.framing import BadFrame, Frame, FrameReader, read_inner, write_frame
from kuaijing.measures.instants import SECOND, Instant, to_datetime

if TYPE_CHECKING:
    from kuaijing.simulation.officers import Reported

EVERY: Final = 4
"""Every so many vehicles one reports by a terminal."""
SLOW_S: Final = 45
"""By how much the clock of the third terminal is behind."""
STRANGER: Final = "013900009999"
_VEHICLES: Final = (UnitClass.COMMAND_VEHICLE, UnitClass.CAR, UnitClass.MOTORCYCLE)
_AGAIN_S: Final = 3.0
_STRANGER_S: Final = 20.0
_HEARTBEAT_S: Final = 60.0
_LOCATIONS_WAITING: Final = 100

_REGISTER, _AUTHENTICATE, _HEARTBEAT, _LOCATION, _REPLY = 0x0100, 0x0102, 0x0002, 0x0200, 0x0001
_GENERAL_REPLY, _REGISTERED = 0x8001, 0x8100
_UNTOLD = frozenset({_GENERAL_REPLY, _REGISTERED})
"""Answers: what comes otherwise is something told to the terminal, which it confirms."""
_log = logging.getLogger(__name__)


def units_with_terminals(plan: PlanDocument, left_for_visitor: str | None) -> list[str]:
    """Every fourth vehicle, never the one that is left for a visitor."""
    vehicles = [each.unit for each in plan.force if each.unit_class in _VEHICLES and each.unit != left_for_visitor]
    return vehicles[::EVERY]


async def enter_terminals(
    register: DeviceRegister, plan: PlanDocument, units: Sequence[str], now: Instant
) -> dict[str, str]:
    """Put a terminal of each unit into the register, where it is not yet; telephone numbers by unit."""
    signs = {each.unit: each.call_sign for each in plan.force}
    phones = {unit: f"01390000{number:04d}" for number, unit in enumerate(units, start=1)}
    for unit, phone in phones.items():
        if register.find("jt808", phone) is None:
            record = DeviceRecord("jt808", phone, unit, f"车载终端 {signs[unit]}")
            await register.enter(record, Context("demo", "demo", now, reason="演示用车载终端 play-acted terminal"))
    return phones


@dataclass(slots=True)
class PlayTerminal:
    """One terminal: connects, is let in, sends what its crew reports, connects again when the link is lost."""

    host: str
    port: int
    phone: str
    slow_s: int = 0
    every_s: float = _AGAIN_S
    """Pause before it connects again."""
    told: list[str] = field(default_factory=list)
    """Texts that it was sent and confirmed, newest last; at most twenty."""
    let_in: bool = False
    _waiting: list["Reported"] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _writer: asyncio.StreamWriter | None = None
    _serial: int = 0

    def report(self, reported: "Reported") -> None:
        """Send a position, at once or when there is a link again."""
        self._waiting.append(reported)
        del self._waiting[:-_LOCATIONS_WAITING]
        self._wake.set()

    async def run(self) -> None:
        """Play until cancelled."""
        while True:
            try:
                await self._connected()
            except (OSError, EOFError, BadFrame) as fault:
                _log.debug("play-acted terminal %s: %s", self.phone, fault)
            self.let_in = False
            await asyncio.sleep(self.every_s)

    async def _connected(self) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        self._writer = writer
        sending: asyncio.Task[None] | None = None
        frames = FrameReader()
        try:
            self._send(_REGISTER, _registering(self.phone))
            while True:
                data = await reader.read(65536)
                if not data:
                    raise EOFError("hung up on")
                for inner in frames.feed(data):
                    self._heard(read_inner(inner))
                if self.let_in and sending is None:
                    sending = asyncio.create_task(self._keep_sending(), name=f"terminal {self.phone}")
        finally:
            if sending is not None:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
            writer.close()

    def _heard(self, frame: Frame) -> None:
        if frame.msg_id == _REGISTERED:
            body = read_body(frame)
            if body["result"] != 0:
                raise EOFError("not taken in")
            self._send(_AUTHENTICATE, str(body["auth_code"]).encode("gbk"))
        elif frame.msg_id == _GENERAL_REPLY:
            body = read_body(frame)
            if body["ack_msg_id"] == f"0x{_AUTHENTICATE:04x}":
                self.let_in = body["result"] == 0
        if frame.msg_id not in _UNTOLD:
            if frame.msg_id == 0x8300:
                self.told = [*self.told[-19:], str(read_body(frame)["text"])]
            self._send(_REPLY, frame.serial.to_bytes(2, "big") + frame.msg_id.to_bytes(2, "big") + b"\x00")

    async def _keep_sending(self) -> None:
        while True:
            self._wake.clear()
            waiting, self._waiting = self._waiting, []
            for reported in waiting:
                self._send(_LOCATION, _location(reported, self.slow_s))
            if self._writer is not None:
                await self._writer.drain()
            try:
                await asyncio.wait_for(self._wake.wait(), _HEARTBEAT_S)
            except TimeoutError:
                self._send(_HEARTBEAT, b"")

    def _send(self, msg_id: int, body: bytes) -> None:
        if self._writer is not None:
            self._serial = self._serial % 0xFFFF + 1
            self._writer.write(write_frame(msg_id, self.phone, self._serial, body))


class PlayTerminals:
    """All of them, as the play-actors see them: which units have one, and where its positions go."""

    def __init__(self, host: str, port: int, phones: dict[str, str]) -> None:
        self.by_unit = {
            unit: PlayTerminal(host, port, phone, slow_s=SLOW_S if number == 2 else 0)
            for number, (unit, phone) in enumerate(phones.items())
        }
        self._stranger = PlayTerminal(host, port, STRANGER, every_s=_STRANGER_S)

    def takes(self, reported: "Reported") -> bool:
        """Whether the position goes by a terminal; then it is on its way."""
        terminal = self.by_unit.get(reported.unit)
        if terminal is not None:
            terminal.report(reported)
        return terminal is not None

    async def run(self) -> None:
        """Play them all until cancelled."""
        async with asyncio.TaskGroup() as group:
            for terminal in (*self.by_unit.values(), self._stranger):
                group.create_task(terminal.run())


def _registering(phone: str) -> bytes:
    """``0100`` in the 2013 layout, with a plate of no place."""
    maker, model, ident = b"KJPLA", b"play-terminal".ljust(20, b"\x00"), phone[-7:].encode()
    return b"\x00\x00\x00\x00" + maker + model + ident + b"\x01" + f"演A{phone[-4:]}警".encode("gbk")


def _location(reported: "Reported", slow_s: int) -> bytes:
    """``0200``: positioned, by BeiDou; whole seconds of Beijing time."""
    status = 0x2 | 0x1 | (1 << 19) | (0x4 if reported.lat < 0 else 0) | (0x8 if reported.lon < 0 else 0)
    local = to_datetime(Instant(reported.at - slow_s * SECOND)).astimezone(UTC) + timedelta(hours=8)
    heading = 0 if reported.heading_deg is None else round(reported.heading_deg) % 360
    return (
        (0).to_bytes(4, "big")
        + status.to_bytes(4, "big")
        + round(abs(reported.lat) * 1e6).to_bytes(4, "big")
        + round(abs(reported.lon) * 1e6).to_bytes(4, "big")
        + (0).to_bytes(2, "big")
        + min(0xFFFF, round(reported.speed_mps * 36)).to_bytes(2, "big")
        + heading.to_bytes(2, "big")
        + bytes.fromhex(local.strftime("%y%m%d%H%M%S"))
    )
