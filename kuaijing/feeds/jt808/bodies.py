"""Bodies of the JT/T 808 messages that we take or send, as plain fields. Locations are in ``location.py``.

The 2011, 2013 and 2019 editions differ in registration, authentication and text; the frame's 2019 flag and the body's length tell.
"""

from collections.abc import Callable
from typing import Any

from kuaijing.feeds.jt808.framing import BadFrame, Frame
from kuaijing.feeds.jt808.location import read_location

REGISTER_2011_MOST = 36
"""A registration body up to this many bytes is the 2011 layout, longer ones the 2013 layout."""


def read_body(frame: Frame) -> dict[str, Any]:
    """Fields of a frame's body. Encrypted bodies and subpackages come as hex; so does any message not read here."""
    if frame.encryption:
        return {"encrypted": frame.encryption, "hex": frame.body.hex()}
    if frame.package is not None:
        return {"pkg_total": frame.package[0], "pkg_no": frame.package[1], "hex": frame.body.hex()}
    reader = _READERS.get(frame.msg_id)
    return {"hex": frame.body.hex()} if reader is None else reader(frame)


def _location(frame: Frame) -> dict[str, Any]:
    return read_location(frame.body)


def _batch(frame: Frame) -> dict[str, Any]:
    count, kind, items = batch_items(frame)
    found = [read_location(item) for item in items]
    if count != len(found):
        raise BadFrame("length", f"the batch says {count} locations, there are {len(found)}")
    return {"batch_type": kind, "count": count, "locations": found}


def batch_items(frame: Frame) -> tuple[int, int, list[bytes]]:
    """Stated count, type (1: stored while there was no link) and the location bodies of a ``0704``."""
    body = _at_least(frame, 3)
    found: list[bytes] = []
    at = 3
    while at < len(body):
        size = int.from_bytes(body[at : at + 2], "big")
        if at + 2 + size > len(body):
            raise BadFrame(
                "length", f"location {len(found)} of the batch says {size} bytes, {len(body) - at - 2} are left"
            )
        found.append(body[at + 2 : at + 2 + size])
        at += 2 + size
    return int.from_bytes(body[0:2], "big"), body[2], found


def _answered_location(frame: Frame) -> dict[str, Any]:
    body = _at_least(frame, 2)
    return {"ack_serial": int.from_bytes(body[:2], "big"), **read_location(body[2:])}


def _empty(frame: Frame) -> dict[str, Any]:
    return {}


def _general_reply(frame: Frame) -> dict[str, Any]:
    body = _at_least(frame, 5)
    return {
        "ack_serial": int.from_bytes(body[0:2], "big"),
        "ack_msg_id": f"0x{int.from_bytes(body[2:4], 'big'):04x}",
        "result": body[4],
    }


def _register(frame: Frame) -> dict[str, Any]:
    if frame.is_2019:
        edition, maker, model, ident = "2019", 11, 30, 30
    elif len(frame.body) > REGISTER_2011_MOST:
        edition, maker, model, ident = "2013", 5, 20, 7
    else:
        edition, maker, model, ident = "2011", 5, 8, 7
    body = _at_least(frame, 4 + maker + model + ident + 1)
    at = [4, 4 + maker, 4 + maker + model, 4 + maker + model + ident]
    return {
        "edition": edition,
        "area": int.from_bytes(body[0:2], "big"),
        "city": int.from_bytes(body[2:4], "big"),
        "maker": _text(body[at[0] : at[1]]),
        "model": _text(body[at[1] : at[2]]),
        "terminal_id": _text(body[at[2] : at[3]]),
        "plate_color": body[at[3]],
        "plate": _text(body[at[3] + 1 :]),
    }


def _register_reply(frame: Frame) -> dict[str, Any]:
    body = _at_least(frame, 3)
    code = _text(body[3:]) if body[2] == 0 else None
    return {"ack_serial": int.from_bytes(body[0:2], "big"), "result": body[2], "auth_code": code}


def _authenticate(frame: Frame) -> dict[str, Any]:
    if not frame.is_2019:
        return {"auth_code": _text(frame.body)}
    body = _at_least(frame, 1)
    size = body[0]
    if len(body) < 1 + size + 15:
        raise BadFrame(
            "length", f"an authentication with a code of {size} bytes has {16 + size} at least, got {len(body)}"
        )
    return {
        "auth_code": _text(body[1 : 1 + size]),
        "imei": _text(body[1 + size : 16 + size]),
        "software": _text(body[16 + size : 36 + size]),
    }


def _message(frame: Frame) -> dict[str, Any]:
    if frame.is_2019:
        body = _at_least(frame, 2)
        return {"flag": body[0], "text_type": body[1], "text": _text(body[2:])}
    body = _at_least(frame, 1)
    return {"flag": body[0], "text": _text(body[1:])}


def _start_video(frame: Frame) -> dict[str, Any]:
    size = _at_least(frame, 1)[0]
    body = _at_least(frame, 1 + size + 7)
    rest = body[1 + size :]
    return {
        "ip": _text(body[1 : 1 + size]),
        "tcp_port": int.from_bytes(rest[0:2], "big"),
        "udp_port": int.from_bytes(rest[2:4], "big"),
        "channel": rest[4],
        "data_type": rest[5],
        "stream_type": rest[6],
    }


def _stop_video(frame: Frame) -> dict[str, Any]:
    body = _at_least(frame, 4)
    return {"channel": body[0], "command": body[1], "close": body[2], "stream_type": body[3]}


def _track(frame: Frame) -> dict[str, Any]:
    body = _at_least(frame, 6)
    return {"interval_s": int.from_bytes(body[0:2], "big"), "validity_s": int.from_bytes(body[2:6], "big")}


def _at_least(frame: Frame, size: int) -> bytes:
    if len(frame.body) < size:
        raise BadFrame(
            "length", f"message 0x{frame.msg_id:04x} has {size} bytes of body at least, got {len(frame.body)}"
        )
    return frame.body


def _text(raw: bytes) -> str:
    return raw.strip(b"\x00").decode("gb18030", errors="replace")


_READERS: dict[int, Callable[[Frame], dict[str, Any]]] = {
    0x0001: _general_reply,
    0x0002: _empty,
    0x0003: _empty,
    0x0100: _register,
    0x0102: _authenticate,
    0x0200: _location,
    0x0201: _answered_location,
    0x0704: _batch,
    0x8001: _general_reply,
    0x8100: _register_reply,
    0x8202: _track,
    0x8300: _message,
    0x9101: _start_video,
    0x9102: _stop_video,
}
