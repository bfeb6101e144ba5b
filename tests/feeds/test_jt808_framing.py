"""Frames in streams as they come: torn, glued, endless, hostile. No bytes but those on the page."""

import argparse
import functools
import json
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.feeds.command import add_commands, run
from kuaijing.feeds.jt808.decode import decode_hex
from kuaijing.feeds.jt808.framing import FrameReader, checksum, read_frame, write_frame
from kuaijing.feeds.jt808.messages import resend_packages

HEARTBEAT = write_frame(0x0002, "012345678900", 10, b"")


@given(st.binary(max_size=1023), st.booleans(), st.integers(0, 65535))
def test_what_is_written_is_read_again(body: bytes, is_2019: bool, serial: int) -> None:
    frame = read_frame(write_frame(0x0900, "13912345678", serial, body, is_2019=is_2019))

    assert (frame.body, frame.serial, frame.is_2019) == (body, serial, is_2019)
    assert frame.phone.lstrip("0") == "13912345678"


def test_asking_for_more_packages_than_a_body_can_name_asks_for_as_many_as_it_can() -> None:
    missing = range(2, 1025)

    words = resend_packages(7, missing, is_2019=True)
    old = resend_packages(7, missing, is_2019=False)

    read_frame(write_frame(0x8003, "1", 1, words, is_2019=True))
    assert (int.from_bytes(words[2:4], "big"), len(words)) == (509, 4 + 2 * 509)
    assert (old[2], len(old)) == (255, 3 + 2 * 255)


def test_a_frame_may_be_given_to_the_command_byte_by_byte(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())

    for words in (HEARTBEAT.hex(" ").split(), [HEARTBEAT.hex()], [f"0x{byte:02X}" for byte in HEARTBEAT]):
        assert run(parser.parse_args(["decode", "jt808", *words])) == 0
        (line,) = capsys.readouterr().out.splitlines()
        assert json.loads(line)["msg_id"] == "0x0002"
    assert decode_hex("\ufeff" + HEARTBEAT.hex())[0]["ok"]


@given(st.binary(max_size=1100))
def test_checksum_is_the_exclusive_or_of_every_byte(data: bytes) -> None:
    assert checksum(data) == functools.reduce(operator.xor, data, 0)


@given(st.lists(st.integers(1, 7), max_size=60))
def test_frames_come_out_however_the_stream_is_cut(cuts: list[int]) -> None:
    stream = HEARTBEAT * 3
    reader, found, at = FrameReader(), 0, 0
    for size in [*cuts, len(stream)]:
        found += len(reader.feed(stream[at : at + size]))
        at += size

    assert found == 3
    assert reader.pending == 0


def test_garbage_before_a_frame_is_skipped_and_counted() -> None:
    reader = FrameReader()

    assert len(reader.feed(b"$$" + HEARTBEAT)) == 1
    assert reader.skipped == 2


def test_stray_mark_costs_no_frame() -> None:
    found = decode_hex((b"\x7e\x01\x02" + HEARTBEAT).hex())

    assert [each["error"] for each in found] == ["header", None]


def test_frame_that_never_ends_is_dropped_and_the_next_is_read() -> None:
    reader = FrameReader(most_bytes=4096)
    reader.feed(b"\x7e")
    for _ in range(1000):
        reader.feed(b"x" * 100)
        assert reader.pending <= 4096 + 100

    assert reader.skipped > 90_000
    assert len(reader.feed(HEARTBEAT)) == 1


def test_malformed_extra_costs_nothing_but_itself() -> None:
    location = bytes.fromhex("000000010000000200ba7f0e07e4f11c0028003c0000180715101010")
    (found,) = decode_hex(write_frame(0x0200, "1", 1, location + bytes.fromhex("0103000064 0202 0037 30")).hex())

    assert found["ok"]
    assert found["body"]["lat"] == 12.222222
    assert found["body"]["extras"] == {"fuel_l": 5.5}
    assert [bad["problem"] for bad in found["body"]["extras_bad"]] == ["mileage_km has 4 bytes, got 3", "cut short"]


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_an_answer(data: bytes) -> None:
    for found in decode_hex(data.hex()) + decode_hex((b"\x7e" + data + b"\x7e").hex()):
        assert found["ok"] or found["error"] in {"incomplete", "checksum", "length", "header", "escape"}


def test_words_that_are_no_hex_are_refused() -> None:
    assert decode_hex("hello")[0]["error"] == "header"
