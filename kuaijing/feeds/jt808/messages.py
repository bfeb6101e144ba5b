"""Bodies of the messages that the platform sends. Framing and serial numbers are the session's."""

from collections.abc import Sequence
from typing import Final

GENERAL: Final = 0x8001
RESEND_PACKAGES: Final = 0x8003
REGISTERED: Final = 0x8100
CONFIRM_ALARM: Final = 0x8203
TEXT: Final = 0x8300
START_VIDEO: Final = 0x9101
CONTROL_VIDEO: Final = 0x9102

TAKEN, FAILED, WRONG, UNSUPPORTED, ALARM_HANDLED = 0, 1, 2, 3, 4
"""Results of the general reply, either way."""
NO_SUCH_TERMINAL: Final = 4
"""Result of a registration."""

_URGENT, _SHOWN, _SPOKEN = 0x01, 0x04, 0x08
_URGENT_2019: Final = 0x02
_NOTICE_2019: Final = 1
MOST_TEXT_BYTES: Final = 998
"""Of GBK: what terminals are built for (499 Chinese characters)."""


_MOST_RESENT_2019: Final = 509
"""A body of 1023 bytes less the first serial and the count, two bytes a number."""


def general_reply(serial: int, msg_id: int, result: int) -> bytes:
    """``8001``: what became of the terminal's message of that serial and id."""
    return serial.to_bytes(2, "big") + msg_id.to_bytes(2, "big") + bytes([result])


def registered(serial: int, result: int, code: str = "") -> bytes:
    """``8100``: the code only on success."""
    return serial.to_bytes(2, "big") + bytes([result]) + (code.encode("gbk", "replace") if result == TAKEN else b"")


def resend_packages(first_serial: int, missing: Sequence[int], *, is_2019: bool) -> bytes:
    """``8003``: which subpackages of a message are wanted again. The 2019 edition counts them in a word, those before in a byte.

    As many as the count and one body hold; the rest is asked for with the next one.
    """
    missing = missing[: _MOST_RESENT_2019 if is_2019 else 255]
    count = len(missing).to_bytes(2 if is_2019 else 1, "big")
    return first_serial.to_bytes(2, "big") + count + b"".join(number.to_bytes(2, "big") for number in missing)


def confirm_alarm(serial: int) -> bytes:
    """``8203``: the SOS of that message has been handled; the terminal clears it."""
    return serial.to_bytes(2, "big") + (1).to_bytes(4, "big")


def text(words: str, *, is_2019: bool) -> bytes:
    """``8300``: urgent, shown and spoken. The 2019 edition has a type byte after the flag."""
    if is_2019:
        return bytes([_URGENT_2019 | _SHOWN | _SPOKEN, _NOTICE_2019]) + words.encode("gbk", "replace")
    return bytes([_URGENT | _SHOWN | _SPOKEN]) + words.encode("gbk", "replace")


def start_video(host: str, port: int, channel: int, stream: int) -> bytes:
    """``9101``: send sound and picture of a channel to a media gateway by TCP; stream 0 main, 1 sub."""
    address = host.encode("ascii")
    ports = port.to_bytes(2, "big") + (0).to_bytes(2, "big")
    return bytes([len(address)]) + address + ports + bytes([channel, 0, stream])


def stop_video(channel: int) -> bytes:
    """``9102``: close sound and picture of a channel."""
    return bytes([channel, 0, 0, 0])
