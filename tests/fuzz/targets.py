"""What is fuzzed: every decoder of bytes from outside, by name. A target takes any bytes and returns; its own typed refusals are
an answer, anything else that it raises is a fault. ``seeds`` are messages to begin from.
"""

import asyncio
import functools
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

from kuaijing.engine.devices import Device
from kuaijing.feeds import gpslogger, json_batch, osmand, owntracks, traccar
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.jt808.bodies import batch_items, read_body
from kuaijing.feeds.jt808.collecting import Collector
from kuaijing.feeds.jt808.conversation import Conversation
from kuaijing.feeds.jt808.decode import decode_hex, describe
from kuaijing.feeds.jt808.framing import MOST_BYTES, BadFrame, Frame, FrameReader, read_inner, write_frame
from kuaijing.feeds.jt808.location import read_extras, read_location, read_reading
from kuaijing.feeds.jt808.packages import Packages
from kuaijing.feeds.jt808.session import Session
from kuaijing.feeds.jt808.settings import Jt808Settings
from kuaijing.feeds.jt808.turns import Turns
from kuaijing.feeds.readings import BadReading
from kuaijing.measures.instants import Instant

PHONE: Final = "013912345678"
LOCATION: Final = bytes.fromhex("000000010000000200ba7f0e07e4f11c0028003c000018071510101001040000006402020037")
MESSAGES: Final = (
    0x0001,
    0x0002,
    0x0100,
    0x0102,
    0x0200,
    0x0201,
    0x0704,
    0x8001,
    0x8100,
    0x8202,
    0x8300,
    0x9101,
    0x9102,
)
NAMES: Final = {"incomplete", "checksum", "length", "header", "escape"}
_NOW: Final = Instant(1_795_224_600_000_000)


def jt808_frames(data: bytes) -> None:
    """A stream, cut anywhere: bounded memory, and the same frames whichever way it is cut."""
    whole, torn = FrameReader(), FrameReader()
    found = whole.feed(data)
    again: list[bytes] = []
    for first in range(0, len(data), 7):
        again += torn.feed(data[first : first + 7])
        assert torn.pending <= MOST_BYTES
    assert found == again or len(data) > MOST_BYTES
    for each in decode_hex(data.hex()):
        assert each["ok"] or each["error"] in NAMES


def jt808_bodies(data: bytes) -> None:
    """A body of every message, both headers."""
    for msg_id in MESSAGES:
        for is_2019 in (False, True):
            frame = Frame(msg_id, PHONE, 1, is_2019, 1 if is_2019 else None, 0, None, data[:1023])
            describe(frame)
            for read in (read_body, batch_items):
                _typed(read, frame)
    _typed(read_location, data)
    _typed(read_reading, data)
    _typed(read_inner, data)
    read_extras(data)


def jt808_session(data: bytes) -> None:
    """A connection, first a stranger's and then a terminal's, in frames that are whole with bodies that are not."""
    room = _Room()
    for is_known in (False, True):
        session = room.session(is_known)
        session.data_received(data or b"\x00")
        for first in range(0, len(data), 64):
            kind, body = data[first], data[first + 1 : first + 64]
            frame = write_frame(MESSAGES[kind % len(MESSAGES)], PHONE, first & 0xFFFF, body, is_2019=kind > 127)
            if session.is_open:
                session.data_received(frame[: 1 + kind % len(frame)])
            if session.is_open:
                session.data_received(frame[1 + kind % len(frame) :] or b"\x7e")
        room.collector.flush()
        assert session._reader.pending <= MOST_BYTES + len(data)
        session.connection_lost(None)


def jt808_packages(data: bytes) -> None:
    """Subpackages with any numbers."""
    packages = Packages(4096, 60.0)
    for first in range(0, len(data), 8):
        total, number, serial, *body = data[first : first + 8].ljust(8, b"\x00")
        frame = Frame(0x0704, PHONE, serial, False, None, 0, (total, number), bytes(body) * 40)
        _typed(packages.add, frame, float(first))
        assert packages.size <= 4096 + 200
    packages.wanted(1e9)
    packages.expire(1e9)
    assert packages.size == 0


def traccar_json(data: bytes) -> None:
    """Traccar's forward."""
    _typed(traccar.decode, data)


def osmand_json(data: bytes) -> None:
    """OsmAnd and Traccar Client, JSON and query."""
    _typed(osmand.decode_json, data)
    _typed(osmand.decode_query, _query(data))


def owntracks_json(data: bytes) -> None:
    """OwnTracks, with and without a topic's names."""
    _typed(owntracks.decode, data)
    _typed(owntracks.decode, data, "user", "phone")
    _typed(owntracks.topic_parts, data.decode("utf-8", "replace"))


def gpslogger_query(data: bytes) -> None:
    """GPSLogger's custom URL."""
    _typed(gpslogger.decode, _query(data))


def batch_json(data: bytes) -> None:
    """Our own batch."""
    _typed(json_batch.decode, data)


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    target.__name__: target
    for target in (
        jt808_frames, jt808_bodies, jt808_session, jt808_packages, traccar_json, osmand_json, owntracks_json,
        gpslogger_query, batch_json,
    )
}  # fmt: skip


def seeds(name: str) -> Iterable[bytes]:
    """Messages from which a fuzzer finds more."""
    if name == "jt808_frames":
        yield write_frame(0x0200, PHONE, 1, LOCATION) + b"$$" + write_frame(0x0102, PHONE, 2, b"\x04code", is_2019=True)
    elif name.startswith("jt808"):
        yield LOCATION
        yield bytes.fromhex("0001000026") + LOCATION
        yield bytes.fromhex(
            "000a00283132333400736d616c6c6368693132330000000000000000004348493132330001d4c1413132333435"
        )
    elif name == "traccar_json":
        yield b'{"position":{"longitude":116.4,"latitude":39.9,"fixTime":"2026-11-21T11:29:58Z"},"device":{"uniqueId":"1"}}'
    elif name == "osmand_json":
        yield b"id=1&lat=39.9&lon=116.4&timestamp=1795224600&speed=3"
        yield b'{"device_id":"1","location":{"timestamp":"2026-11-21T11:29:58Z","coords":{"latitude":39.9,"longitude":116.4}}}'
    elif name == "owntracks_json":
        yield b'{"_type":"location","lat":39.9,"lon":116.4,"tst":1795224600,"vel":30,"tid":"u1"}'
    elif name == "gpslogger_query":
        yield b"id=1&lat=39.9&lon=116.4&time=2026-11-21T11:29:58Z&spd=3"
    else:
        yield b'{"device":"1","fixes":[{"lon":116.4,"lat":39.9,"measured_at":"2026-11-21T11:29:58Z"}]}'


def _typed(decode: Callable[..., Any], *given: Any) -> None:
    try:
        decode(*given)
    except (BadFrame, BadReading):
        return


def _query(data: bytes) -> dict[str, str]:
    return dict(parse_qsl(data.decode("utf-8", "replace"), max_num_fields=10_000))


class _Room:
    """A door without sockets: what a session needs of it, and nothing kept."""

    def __init__(self) -> None:
        self.settings, self.counts = Jt808Settings(), Counter[str]()
        self.turns = Turns(1_000_000)
        self.turns._begun = True  # no loop runs here
        self.device = Device(f"jt808:{PHONE}", "jt808", PHONE, "u1", "", "wgs84", True, 1)
        doors: Any = Doors(_Book(self.device), lambda reports: [], _never, lambda: _NOW)  # type: ignore[arg-type]
        self.collector = Collector(doors.take, self.counts, within_s=60.0, most=1)
        self.talk = Conversation(doors, _Calm(), self.collector, self.counts, _nothing, _nothing)  # type: ignore[arg-type]
        self.opened: Callable[[Session], bool] = lambda session: True
        self.closed: Callable[[Session], None] = lambda session: None
        self.bad: Callable[[Session, str], None] = lambda session, name: None
        self.heard: Callable[[Session, Frame], None] = self.talk.heard

    def session(self, is_known: bool) -> Session:
        session = Session(self, _loop(), _NOW)
        session.connection_made(_Wire())
        session.phone, session.code = PHONE, "code"
        session.device = self.device if is_known else None
        return session


class _Book:
    def __init__(self, device: Device) -> None:
        self._device = device

    def find(self, protocol: str, key: str) -> Device | None:
        return self._device if key == PHONE else None

    def code_of(self, device: Device) -> str:
        return "code"

    def is_code(self, device: Device, code: str) -> bool:
        return code == "code"

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *given: None


class _Calm:
    def heard(self, *given: object, **more: object) -> bool:
        return False


class _Wire(asyncio.Transport):
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1)

    def __getattribute__(self, name: str) -> Any:
        if name in ("write", "abort", "close", "pause_reading", "resume_reading", "set_write_buffer_limits"):
            return lambda *given, **named: None
        return super().__getattribute__(name)

    def is_closing(self) -> bool:
        return False


class _Timer:
    def cancel(self) -> None:
        return


class _Loop:
    """A loop in which nothing ever becomes due."""

    def time(self) -> float:
        return 0.0

    def call_later(self, delay: float, work: Callable[..., object]) -> _Timer:
        return _Timer()


@functools.cache
def _loop() -> Any:
    return _Loop()


def _nothing(session: Session) -> None:
    return


async def _never(*given: object) -> Any:
    raise AssertionError("nothing is submitted by decoding")
