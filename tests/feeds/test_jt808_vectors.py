"""Frames with stated values from public suites: every stated value is what we read."""

import json

import pytest

from kuaijing.feeds.jt808.bodies import read_body
from kuaijing.feeds.jt808.decode import decode_hex
from kuaijing.feeds.jt808.framing import BadFrame, FrameReader, read_frame, write_frame
from kuaijing.feeds.jt808.location import read_location
from tests.shared_data import shared_data

EXTRAS = {"mileage_km", "fuel_l"}


def vectors() -> dict:
    return json.loads(shared_data("jt808/vectors.json").read_text())


def check(expected: dict, body: dict) -> None:
    for field, value in expected.items():
        match field:
            case "lat_raw" | "lon_raw":
                assert abs(body[field[:3]]) == pytest.approx(value / 1e6)
            case "speed_raw":
                assert body["speed_kmh"] == value / 10
            case "altitude_raw":
                assert body["altitude_m"] == value
            case "time_local_gmt8":
                hour = int(value[11:13])
                assert body["time_utc"][11:13] == f"{(hour - 8) % 24:02d}"
                assert body["time_utc"][13:19] == value[13:19]
            case "positions":
                for wanted, found in zip(value, body["locations"], strict=True):
                    check(wanted, found)
            case "location_type":
                assert body["batch_type"] == value
            case "ack_msg_id":
                assert body[field].lower() == value.lower()
            case "lat" | "lon":
                assert abs(body[field]) == pytest.approx(value)
            case "item_len" | "subpackage":
                continue
            case _ if field in EXTRAS:
                assert body["extras"][field] == value
            case _:
                assert body[field] == value, field


def test_every_stated_value_of_the_public_frames_is_read() -> None:
    seen = 0
    for vector in vectors()["curated"]:
        if vector["form"] != "frame":
            continue
        (found,) = decode_hex(vector["hex"])
        assert found["ok"], (vector["id"], found)
        expected = dict(vector["expected"])
        for field in ("msg_id", "phone", "serial", "edition"):
            if field in expected:
                assert found[field] == expected.pop(field), vector["id"]
        check(expected, found["body"])
        seen += 1
    assert seen >= 28


def test_bare_location_bodies_are_read() -> None:
    for vector in vectors()["curated"]:
        if vector["form"] == "body_0x0200":
            check(vector["expected"], read_location(bytes.fromhex(vector["hex"])))


def test_malformed_frames_are_named() -> None:
    names = [decode_hex(vector["hex"])[-1]["error"] for vector in vectors()["malformed"]]

    assert names == ["incomplete", "header", "checksum", "length"]


def test_stuck_partial_and_garbled_streams_are_cut_into_frames() -> None:
    stuck, partial, _ = vectors()["stream"]

    assert len(FrameReader().feed(bytes.fromhex(stuck["hex"]))) == stuck["expected_frames"]
    reader = FrameReader()
    assert len(reader.feed(bytes.fromhex(partial["hex"]))) == partial["expected_frames"]
    assert reader.pending == partial["pending_bytes"]


def test_replies_are_written_byte_for_byte() -> None:
    for vector in vectors()["replies"]:
        down = read_frame(bytes.fromhex(vector["down"]))
        written = write_frame(down.msg_id, down.phone, down.serial, down.body, is_2019=down.is_2019)
        assert written.hex() == vector["down"]
        assert read_body(down)["result"] in (0, 1)


def test_bad_escape_is_named() -> None:
    with pytest.raises(BadFrame) as bad:
        read_frame(bytes.fromhex("7e00020000012345678900000a7d057e"))
    assert bad.value.name == "escape"
