"""``kuaijing decode jt808``: what a frame says, as one JSON-ready object; an integrator's first tool."""

from functools import lru_cache
from typing import Any, Final

from kuaijing.feeds.jt808.bodies import read_body
from kuaijing.feeds.jt808.framing import BadFrame, Frame, FrameReader, read_frame, read_inner
from kuaijing.feeds.jt808.location import read_location

LOCATION: Final = 0x0200
_MOST_ECHOED = 64


def decode_hex(text: str) -> list[dict[str, Any]]:
    """One object a frame in a line of hex digits (blanks and ``0x`` allowed); at least one object, which may say why it is none."""
    digits = "".join(text.lstrip("\ufeff").replace("0x", " ").replace("0X", " ").split()).replace(":", "")
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        shown = digits[:_MOST_ECHOED] + ("…" if len(digits) > _MOST_ECHOED else "")
        return [_refused("header", f"{shown!r} is not a line of hexadecimal digits")]
    reader = FrameReader()
    found: list[dict[str, Any]] = []
    for inner in reader.frames(data):
        found.append(_decoded(inner))
        if found[-1]["msg_id"] is None:
            reader.hand_back()
    if reader.pending > 1 or not found:
        try:
            read_frame(data[len(data) - reader.pending :])
        except BadFrame as bad:
            found.append(_refused(bad.name, bad.detail))
    return found


def describe(frame: Frame) -> dict[str, Any]:
    """The object of a readable frame; a body that cannot be read is named in ``error``."""
    try:
        plain = frame.msg_id == LOCATION and not frame.encryption and frame.package is None
        body = read_location(frame.body) if plain else read_body(frame)
    except BadFrame as bad:
        return _described(frame, {"hex": frame.body.hex()}) | {"ok": False, "error": bad.name, "detail": bad.detail}
    return _described(frame, body)


def _described(frame: Frame, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "ok": True,
        "error": None,
        "msg_id": _shown(frame.msg_id),
        "phone": frame.phone,
        "serial": frame.serial,
        "edition": body.get("edition") or ("2019" if frame.is_2019 else "2013"),
        "body": body,
    }


@lru_cache(maxsize=256)
def _shown(msg_id: int) -> str:
    return f"0x{msg_id:04x}"


def _decoded(inner: bytes) -> dict[str, Any]:
    try:
        return describe(read_inner(inner))
    except BadFrame as bad:
        return _refused(bad.name, bad.detail)


def _refused(name: str, detail: str) -> dict[str, Any]:
    return {
        "ok": False,
        "error": name,
        "detail": detail,
        "msg_id": None,
        "phone": None,
        "serial": None,
        "edition": None,
        "body": {},
    }
