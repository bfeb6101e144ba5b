"""What the bench's consoles count: whole frames however they are cut, gaps, snapshots, and each positions frame decoded once."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.bench.console_load import LiveConsole, Watch, whole_frame
from kuaijing.bench.lines import Door


def frame(payload: bytes, opcode: int = 1) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes([0x80 | opcode, size]) + payload
    if size < 65_536:
        return bytes([0x80 | opcode, 126]) + size.to_bytes(2, "big") + payload
    return bytes([0x80 | opcode, 127]) + size.to_bytes(8, "big") + payload


def text(**message: Any) -> bytes:
    return frame(json.dumps(message, separators=(",", ":")).encode())


class Wire:
    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)


def console(watch: Watch) -> tuple[LiveConsole, Wire]:
    wire = Wire()
    made = LiveConsole(7, Door("127.0.0.1", 1, "kuaijing_session=x"), watch, asyncio.get_running_loop().create_future())
    made.connection_made(wire)  # type: ignore[arg-type]
    return made, wire


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.binary(max_size=70) | st.sampled_from([bytes(126), bytes(65_535), bytes(65_536)]), max_size=6),
    st.data(),
)
def test_frames_come_whole_however_the_network_cuts_them(payloads: list[bytes], data: st.DataObject) -> None:
    sent, found, buffer = b"".join(frame(each) for each in payloads), [], bytearray()
    while sent:
        cut = data.draw(st.integers(1, len(sent)))
        buffer, sent = buffer + sent[:cut], sent[cut:]
        start = 0
        while (whole := whole_frame(buffer, start)) is not None:
            found.append(bytes(buffer[whole[1] : whole[2]]))
            start = whole[2]
        del buffer[:start]

    assert found == payloads
    assert not buffer


async def test_a_change_that_does_not_follow_the_last_one_is_a_gap() -> None:
    watch = Watch()
    live, _ = console(watch)
    live.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    live.data_received(text(type="snapshot", state={"wire": 1, "version": 4, "picture": 90}))
    live.data_received(text(type="changes", base=4, version=5, picture=92, put={}))
    assert watch.gaps == 0

    live.data_received(text(type="changes", base=6, version=7, picture=95, put={}))

    assert (watch.snapshots, watch.gaps) == (1, 1)
    assert [(each, picture) for each, picture, _ in watch.pictures] == [(7, 90), (7, 92), (7, 95)]


async def test_the_same_positions_at_two_consoles_are_decoded_once() -> None:
    watch = Watch()
    fixes = [["u1", 112.0, 27.0, 8.0, None, 1_795_224_600_250, 1_795_224_600_300]]
    for live, _ in (console(watch), console(watch)):
        live.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        live.data_received(text(type="positions", at="2026-11-21T01:30:00.400Z", fixes=fixes))

    assert [each.tolist() for each in watch.measured] == [[1_795_224_600.25]]
    assert [number for _, number, _ in watch.frames] == [0, 0]


async def test_a_ping_is_answered_with_its_own_words_masked() -> None:
    live, wire = console(Watch())
    live.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + frame(b"still there?", opcode=9))

    pong = wire.written[-1]
    assert pong[:2] == bytes([0x8A, 0x80 | 12])
    assert bytes(byte ^ pong[2 + i % 4] for i, byte in enumerate(pong[6:])) == b"still there?"


async def test_a_console_that_the_server_hangs_up_on_is_lost() -> None:
    watch = Watch()
    live, _ = console(watch)

    live.connection_lost(None)

    assert watch.lost == 1
    with pytest.raises(ConnectionError, match="before its snapshot"):
        live._first.result()
