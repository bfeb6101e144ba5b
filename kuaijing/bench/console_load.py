"""The load of the consoles: live connections that take every frame, note when it came and what it carries, and answer pings.

Frames are counted from the raw bytes: of a change only its two numbers are read, of positions each distinct frame is decoded once for
all consoles, since the server encodes it once.
"""

import asyncio
import base64
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaijing.bench.lines import Door
from kuaijing.bench.walks import FloatArray

JOINED_WITHIN_S = 60.0
_TEXT, _CLOSE, _PING = 1, 8, 9
_HEAD = 300
"""The numbers of a change and of a snapshot stand within so many bytes."""


@dataclass(frozen=True, slots=True)
class ConsoleOrder:
    """What the process is to do."""

    door: Door
    consoles: int


@dataclass(frozen=True, slots=True)
class ConsoleTold:
    """``pictures``: console, picture's version, received (monotonic), one row a frame that carries one. ``frames``: console,
    number of the positions frame, received (wall). ``measured``: per positions frame when its fixes were measured (wall).
    """

    pictures: FloatArray
    frames: FloatArray
    measured: list[NDArray[np.float64]]
    snapshots: int
    gaps: int
    lost: int
    received_bytes: int


@dataclass
class Watch:
    """What all consoles of a process have seen."""

    pictures: list[tuple[float, float, float]] = field(default_factory=list)
    frames: list[tuple[float, float, float]] = field(default_factory=list)
    measured: list[NDArray[np.float64]] = field(default_factory=list)
    known: dict[bytes, int] = field(default_factory=dict)
    snapshots: int = 0
    gaps: int = 0
    lost: int = 0
    received_bytes: int = 0

    def positions(self, console: int, payload: bytes) -> None:
        """A frame of positions; decoded where it is the first of its kind."""
        number = self.known.get(payload[:96])
        if number is None:
            number = self.known[payload[:96]] = len(self.measured)
            fixes = msgspec.json.decode(payload)["fixes"]
            self.measured.append(np.array([fix[5] / 1000 for fix in fixes]))
        self.frames.append((console, number, time.time()))


class LiveConsole(asyncio.Protocol):
    """One live connection, from the upgrade on."""

    def __init__(self, number: int, door: Door, watch: Watch, first: "asyncio.Future[float]") -> None:
        self._number, self._door, self._watch, self._first = number, door, watch, first
        self._buffer = bytearray()
        self._upgraded = False
        self._version = -1
        self.stopping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Ask for the upgrade."""
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /api/live HTTP/1.1\r\nHost: {self._door.host}:{self._door.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: {self._door.cookie}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """A console that the server hung up on is counted."""
        if not self.stopping:
            self._watch.lost += 1
        if not self._first.done():
            self._first.set_exception(ConnectionError("the server hung up on a console before its snapshot"))

    def data_received(self, data: bytes) -> None:
        """Take every whole frame that is there."""
        self._buffer += data
        self._watch.received_bytes += len(data)
        if not self._upgraded:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._buffer.startswith(b"HTTP/1.1 101"):
                self.transport.abort()
                return
            del self._buffer[: end + 4]
            self._upgraded = True
        start = 0
        while (frame := whole_frame(self._buffer, start)) is not None:
            opcode, first, end = frame
            self._take(opcode, bytes(self._buffer[first:end]))
            start = end
        del self._buffer[:start]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _PING:
            mask = os.urandom(4)
            masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
            self.transport.write(bytes([0x8A, 0x80 | len(payload)]) + mask + masked)
        elif opcode == _CLOSE:
            self.transport.close()
        elif opcode == _TEXT:
            self._text(payload)

    def _text(self, payload: bytes) -> None:
        watch = self._watch
        if payload.startswith(b'{"type":"positions"'):
            watch.positions(self._number, payload)
            return
        if payload.startswith(b'{"type":"changes"'):
            if _number(payload, b'"base":') != self._version:
                watch.gaps += 1
        elif payload.startswith(b'{"type":"snapshot"'):
            watch.snapshots += 1
        else:
            return
        now = time.monotonic()
        self._version = _number(payload, b'"version":')
        watch.pictures.append((self._number, _number(payload, b'"picture":'), now))
        if not self._first.done():
            self._first.set_result(now)


def whole_frame(buffer: bytearray, start: int) -> tuple[int, int, int] | None:
    """Opcode, start and end of the payload of the frame at ``start``; ``None`` where it is not whole yet. Servers do not mask."""
    if len(buffer) < start + 2:
        return None
    opcode, length, first = buffer[start] & 0x0F, buffer[start + 1] & 0x7F, start + 2
    if length >= 126:
        size = 2 if length == 126 else 8
        if len(buffer) < first + size:
            return None
        length, first = int.from_bytes(buffer[first : first + size], "big"), first + size
    return (opcode, first, first + length) if len(buffer) >= first + length else None


def _number(payload: bytes, name: bytes) -> int:
    at = payload.find(name, 0, _HEAD) + len(name)
    end = at
    while payload[end : end + 1].isdigit():
        end += 1
    return int(payload[at:end])


async def joined(order: ConsoleOrder, watch: Watch) -> tuple[list[LiveConsole], list[float]]:
    """All consoles at once, each with its snapshot; seconds from the first connecting to each one's snapshot."""
    loop = asyncio.get_running_loop()
    firsts: list[asyncio.Future[float]] = [loop.create_future() for _ in range(order.consoles)]
    consoles: list[LiveConsole] = []

    def making(number: int) -> Callable[[], LiveConsole]:
        return lambda: LiveConsole(number, order.door, watch, firsts[number])

    began = time.monotonic()
    for number in range(order.consoles):
        _, console = await loop.create_connection(making(number), order.door.host, order.door.port)
        consoles.append(console)
    seen = await asyncio.wait_for(asyncio.gather(*firsts), JOINED_WITHIN_S)
    return consoles, [each - began for each in seen]


def left(consoles: list[LiveConsole]) -> None:
    """Hang up."""
    for console in consoles:
        console.stopping = True
        console.transport.close()


async def watching(order: ConsoleOrder, ready: Callable[[], float], seconds: int) -> ConsoleTold:
    """Join, say ready (which tells when it begins), watch until the time is over."""
    watch = Watch()
    consoles, _ = await joined(order, watch)
    begin_at = await asyncio.to_thread(ready)
    await asyncio.sleep(max(0.0, begin_at + seconds - time.monotonic()))
    left(consoles)
    return ConsoleTold(
        np.array(watch.pictures).reshape(-1, 3),
        np.array(watch.frames).reshape(-1, 3),
        watch.measured,
        watch.snapshots - order.consoles,
        watch.gaps,
        watch.lost,
        watch.received_bytes,
    )
