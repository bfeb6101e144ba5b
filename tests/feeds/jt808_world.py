"""A JT/T 808 door on loopback with a register of two terminals, and a terminal that speaks the protocol byte by byte."""

import asyncio
import functools
import inspect
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvloop

from kuaijing.engine.devices import Device
from kuaijing.engine.engine import Engine
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.help import Distress, Ground
from kuaijing.feeds.jt808.bodies import read_body
from kuaijing.feeds.jt808.framing import Frame, FrameReader, read_inner, write_frame
from kuaijing.feeds.jt808.server import Jt808Server
from kuaijing.feeds.jt808.settings import Jt808Settings
from kuaijing.measures.instants import Instant, from_datetime, to_datetime
from kuaijing.measures.points import Point
from kuaijing.store.memory import MemoryStore
from kuaijing.tracking import Judgement, Report
from tests.engine.city import START, ZONE, at, context, force, place


def on_both_loops(test: Callable[..., Any]) -> Callable[..., Any]:
    """Run an asynchronous test on the loop of the service and on the standard library's: their transports differ."""

    @functools.wraps(test)
    def run(loop_factory: Callable[[], asyncio.AbstractEventLoop], **given: Any) -> None:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(test(**given))

    own = inspect.signature(test)
    loop = inspect.Parameter("loop_factory", inspect.Parameter.KEYWORD_ONLY)
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), loop])  # type: ignore[attr-defined]
    return pytest.mark.parametrize(
        "loop_factory", [uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"]
    )(run)


CAR, MOTO = "013912345678", "013800000002"
CODES = {CAR: "code-car", MOTO: "code-moto"}


def device(key: str, unit: str | None, *, active: bool = True, crs: str = "wgs84", version: int = 1) -> Device:
    return Device(f"jt808:{key}", "jt808", key, unit, key, crs, active, version)


class Book:
    """A register in memory that remembers what it was told."""

    def __init__(self) -> None:
        self.devices = {CAR: device(CAR, "u1"), MOTO: device(MOTO, "u2")}
        self.codes = dict(CODES)
        self.contacts: list[tuple[str, bool]] = []
        self.unknowns: dict[str, dict[str, str]] = {}
        self.faults: Counter[tuple[str, str]] = Counter()

    def find(self, protocol: str, key: str) -> Device | None:
        return self.devices.get(key)

    def code_of(self, device: Device) -> str:
        return self.codes[device.key]

    def is_code(self, device: Device, code: str) -> bool:
        return self.codes[device.key] == code

    def contact(self, device: Device, at: Instant, connected: bool) -> None:
        self.contacts.append((device.key, connected))

    def unknown(self, protocol: str, key: str, at: Instant, facts: Mapping[str, str]) -> None:
        self.unknowns[key] = dict(facts)

    def fault(self, protocol: str, key: str, reason: str) -> None:
        self.faults[key, reason] += 1


@dataclass
class World:
    book: Book
    engine: Engine
    server: Jt808Server
    distress: Distress
    seconds: list[float]
    taken: list[Report] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    terminals: "list[Terminal]" = field(default_factory=list)

    def move(self, key: str, unit: str | None, **fields: Any) -> None:
        """Change the register."""
        was = self.book.devices[key]
        self.book.devices[key] = replace(was, unit=unit, version=was.version + 1, **fields)

    async def terminal(self, key: str = CAR, *, is_2019: bool = False, known: bool = True) -> "Terminal":
        """Connect, and authenticate where ``known``."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        found = Terminal(reader, writer, key, is_2019)
        self.terminals.append(found)
        if known:
            assert await found.authenticate(CODES[key]) == 0
        return found


@asynccontextmanager
async def world(**settings: Any) -> AsyncIterator[World]:
    """A door, four units u1 to u4, and the core on memory."""
    seconds = [0.0]
    engine = Engine(MemoryStore(), lambda: at(seconds[0]), ZONE)
    await engine.start()
    await engine.submit(force(), context())
    book, taken, batches = Book(), [], []

    def take(reports: Sequence[Report]) -> list[Judgement]:
        taken.extend(reports)
        batches.append(len(reports))
        return [Judgement(report, None, None) for report in reports]

    doors = Doors(book, take, engine.submit, lambda: at(seconds[0]))
    ground = Ground(
        lambda: engine.picture.state,
        plan_of_kinds,
        lambda point, text, when: replace(place(), point=point),
        lambda _: None,
    )
    distress = Distress(doors, ground)
    given = {"answer_within_s": 0.2, "collect_s": 0.005, **settings}
    server = Jt808Server(doors, distress, engine, Jt808Settings(**given), find_plan=plan_of_kinds)
    await server.start()
    city = World(book, engine, server, distress, seconds, taken, batches)
    try:
        yield city
    finally:
        for terminal in city.terminals:
            terminal.close()
        await server.stop()
        await engine.stop()


@dataclass(frozen=True)
class _Kinds:
    """As much of a plan as the door asks for."""

    kinds: tuple[Any, ...] = ()
    platforms: tuple[Any, ...] = ()

    def find_kind(self, code: str) -> Any:
        return type("Kind", (), {"name": "打架斗殴", "code": code, "plan": "standard"}) if code == "fight" else None

    def find_response_plan(self, plan: str) -> Any:
        return type("Response", (), {"guidance": "先控制现场，再分开双方"})


def plan_of_kinds() -> Any:
    return _Kinds()


class Terminal:
    """Speaks JT/T 808; every message it gets stands in ``got`` until it is asked for."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str, is_2019: bool) -> None:
        self.reader, self.writer, self.key, self.is_2019 = reader, writer, key, is_2019
        self.serial = 100
        self.frames = FrameReader()
        self.got: list[Frame] = []
        self.serials: list[int] = []

    def frame(self, msg_id: int, body: bytes = b"") -> bytes:
        self.serial += 1
        return write_frame(msg_id, self.key, self.serial, body, is_2019=self.is_2019)

    async def send(self, msg_id: int, body: bytes = b"") -> int:
        self.writer.write(self.frame(msg_id, body))
        await self.writer.drain()
        return self.serial

    async def say(self, msg_id: int, body: bytes = b"") -> int:
        """Send and give the result of the general reply to it."""
        return await self.result(await self.send(msg_id, body))

    async def result(self, serial: int) -> int:
        while True:
            frame = await self.next(0x8001)
            body = read_body(frame)
            if body["ack_serial"] == serial:
                return int(body["result"])

    async def next(self, msg_id: int, within_s: float = 3.0) -> Frame:
        """The next message of that id."""
        async with asyncio.timeout(within_s):
            while True:
                for index, frame in enumerate(self.got):
                    if frame.msg_id == msg_id:
                        return self.got.pop(index)
                data = await self.reader.read(65536)
                if not data:
                    raise EOFError
                found = [read_inner(inner) for inner in self.frames.feed(data)]
                self.serials += [frame.serial for frame in found]
                self.got += found

    async def authenticate(self, code: str) -> int:
        body = code.encode()
        if self.is_2019:
            body = bytes([len(body)]) + body + b"861234567890123" + b"v1.0".ljust(20, b"\x00")
        return await self.say(0x0102, body)

    async def accept(self, frame: Frame, result: int = 0) -> None:
        """The terminal's general reply."""
        await self.send(0x0001, frame.serial.to_bytes(2, "big") + frame.msg_id.to_bytes(2, "big") + bytes([result]))

    async def is_closed(self, within_s: float = 3.0) -> bool:
        try:
            async with asyncio.timeout(within_s):
                while await self.reader.read(65536):
                    pass
        except OSError:
            pass
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        self.writer.transport.abort()


def location(
    seconds: float = 0.0, *, lon: float = 111.46, lat: float = 27.24, sos: bool = False, status: int = 2
) -> bytes:
    """A location body measured so many seconds after the start, 36 km/h to the east."""
    local = to_datetime(at(seconds)).astimezone(UTC) + timedelta(hours=8)
    time = bytes.fromhex(local.strftime("%y%m%d%H%M%S"))
    fixed = int(sos).to_bytes(4, "big") + status.to_bytes(4, "big")
    return (
        fixed
        + round(lat * 1e6).to_bytes(4, "big")
        + round(lon * 1e6).to_bytes(4, "big")
        + bytes.fromhex("00500168005a")
        + time
    )


def batch(items: Sequence[bytes], kind: int = 1) -> bytes:
    """A ``0704`` body; 1 is backfill."""
    sized = b"".join(len(item).to_bytes(2, "big") + item for item in items)
    return len(items).to_bytes(2, "big") + bytes([kind]) + sized


def midday() -> Instant:
    return from_datetime(datetime(2026, 11, 21, 4, tzinfo=UTC))


async def until(condition: Any, within_s: float = 3.0) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.005)


__all__ = [
    "CAR",
    "CODES",
    "MOTO",
    "START",
    "Point",
    "Terminal",
    "World",
    "batch",
    "device",
    "location",
    "on_both_loops",
    "until",
    "world",
]
