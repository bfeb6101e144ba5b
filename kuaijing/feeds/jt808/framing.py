"""JT/T 808 frames: finding them in a byte stream, undoing the escapes, checking length and checksum, reading the header.

``7E … 7E``; inside, ``7D 01`` stands for ``7D`` and ``7D 02`` for ``7E``, in the checksum too. Knows nothing of message bodies.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

MARK = 0x7E
MOST_BYTES = 4096
"""A frame longer than this, escapes included, is garbage: a body holds at most 1023 bytes."""

_SUBPACKAGE = 0x2000
_EDITION_2019 = 0x4000
_SINCE_2019 = struct.Struct(">HHB10sH")
_BEFORE_2019 = struct.Struct(">HH6sH")


class BadFrame(ValueError):
    """A frame cannot be read. ``name`` is one of ``incomplete``, ``checksum``, ``length``, ``header``, ``escape``."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name, self.detail = name, detail


class Frame(NamedTuple):
    """One frame, unescaped and checked."""

    msg_id: int
    phone: str
    """BCD digits as they stand: 12, in the 2019 edition 20."""
    serial: int
    is_2019: bool
    protocol_version: int | None
    """The 2019 edition's version byte."""
    encryption: int
    """Bits 10-12 of the attribute word; 0 is plain."""
    package: tuple[int, int] | None
    """Total and number of a subpackage."""
    body: bytes


def unescape(inner: bytes) -> bytes:
    """Bytes between the marks with the escapes undone; raises ``BadFrame('escape')`` for ``7D`` before anything else."""
    if b"\x7d" not in inner:
        return inner
    at = inner.find(b"\x7d")
    while at >= 0:
        if at + 1 >= len(inner) or inner[at + 1] not in (1, 2):
            follower = "nothing" if at + 1 >= len(inner) else f"{inner[at + 1]:02x}"
            raise BadFrame("escape", f"7d at byte {at} is followed by {follower}, wanted 01 or 02")
        at = inner.find(b"\x7d", at + 2)
    return inner.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")


def escape(plain: bytes) -> bytes:
    """The reverse of ``unescape``."""
    if b"\x7d" not in plain and b"\x7e" not in plain:
        return plain
    return plain.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02")


def read_frame(data: bytes) -> Frame:
    """Read exactly one frame, marks included; raises ``BadFrame``. Bytes before the first mark are skipped."""
    start = data.find(MARK)
    if start < 0:
        raise BadFrame("incomplete", "no 7e in the data")
    while start + 1 < len(data) and data[start + 1] == MARK:
        start += 1
    end = data.find(MARK, start + 1)
    if end < 0:
        raise BadFrame("incomplete", f"no closing 7e after {len(data) - start} bytes")
    return read_inner(data[start + 1 : end])


def read_inner(inner: bytes) -> Frame:
    """Read what stands between two marks."""
    plain = unescape(inner)
    if len(plain) < 13:
        raise BadFrame("header", f"{len(plain)} bytes are too few for a header and a checksum (13 at least)")
    attribute = plain[2] << 8 | plain[3]
    if attribute & (_EDITION_2019 | _SUBPACKAGE):
        return _read_longer(plain, attribute)
    if checksum(plain):
        raise _bad_checksum(plain)
    body = plain[12:-1]
    if attribute & 0x3FF != len(body):
        raise _bad_length(attribute, body)
    msg_id, _, phone, serial = _BEFORE_2019.unpack_from(plain)
    return Frame(msg_id, phone.hex(), serial, False, None, attribute >> 10 & 7, None, body)


def _read_longer(plain: bytes, attribute: int) -> Frame:
    """The headers with a version byte, package numbers, or both."""
    is_2019 = bool(attribute & _EDITION_2019)
    divided = bool(attribute & _SUBPACKAGE)
    size = (17 if is_2019 else 12) + (4 if divided else 0)
    if len(plain) < size + 1:
        raise BadFrame("header", f"{len(plain)} bytes are too few for this header of {size} and a checksum")
    if checksum(plain):
        raise _bad_checksum(plain)
    body = plain[size:-1]
    if attribute & 0x3FF != len(body):
        raise _bad_length(attribute, body)
    version = None
    if is_2019:
        msg_id, _, version, phone, serial = _SINCE_2019.unpack_from(plain)
    else:
        msg_id, _, phone, serial = _BEFORE_2019.unpack_from(plain)
    package = None
    if divided:
        package = (int.from_bytes(plain[size - 4 : size - 2], "big"), int.from_bytes(plain[size - 2 : size], "big"))
    return Frame(msg_id, phone.hex(), serial, is_2019, version, attribute >> 10 & 7, package, body)


def checksum(data: bytes) -> int:
    """Exclusive or of all bytes, by halving one large number: a loop over the bytes costs more than all the rest of a frame."""
    whole = int.from_bytes(data, "big")
    bits = 512
    while bits < 8 * len(data):
        bits <<= 1
    while bits > 512:
        bits >>= 1
        whole ^= whole >> bits
    whole ^= whole >> 256
    whole ^= whole >> 128
    whole ^= whole >> 64
    whole &= 0xFFFFFFFFFFFFFFFF
    whole ^= whole >> 32
    whole ^= whole >> 16
    return (whole ^ whole >> 8) & 0xFF


def _bad_checksum(plain: bytes) -> BadFrame:
    return BadFrame("checksum", f"the frame says {plain[-1]:02x}, its bytes give {checksum(plain[:-1]):02x}")


def _bad_length(attribute: int, body: bytes) -> BadFrame:
    return BadFrame("length", f"the header says {attribute & 0x3FF} bytes of body, there are {len(body)}")


def device_key(phone: str) -> str:
    """The telephone number as the register has it: 12 digits, or more where it has more; the editions pad it differently."""
    return phone.lstrip("0").rjust(12, "0")


def write_frame(
    msg_id: int, phone: str, serial: int, body: bytes, *, is_2019: bool = False, protocol_version: int = 1
) -> bytes:
    """A frame ready to send. ``phone``: BCD digits, padded with zeros on the left; ``body`` at most 1023 bytes."""
    if len(body) > 0x3FF:
        raise ValueError(f"a body has at most 1023 bytes, got {len(body)}; send it in subpackages")
    attribute = len(body) | (_EDITION_2019 if is_2019 else 0)
    version = bytes([protocol_version]) if is_2019 else b""
    digits = bytes.fromhex(phone.rjust(20 if is_2019 else 12, "0"))
    plain = (
        msg_id.to_bytes(2, "big") + attribute.to_bytes(2, "big") + version + digits + serial.to_bytes(2, "big") + body
    )
    return b"\x7e" + escape(plain + bytes([checksum(plain)])) + b"\x7e"


class FrameReader:
    """Cuts frames out of a stream of bytes; its memory is bounded whatever a peer sends."""

    __slots__ = ("_at", "_held", "_most", "skipped")

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._held = most_bytes, bytearray()
        self._at = 0
        """Where in ``_held`` what is not yet given out begins."""
        self.skipped = 0
        """Bytes thrown away: garbage before a mark and frames without end."""

    @property
    def pending(self) -> int:
        """Bytes of a frame that has not ended."""
        return len(self._held) - self._at

    def feed(self, data: bytes) -> list[bytes]:
        """The insides of the frames that ``data`` completes, still escaped, in order."""
        return list(self.frames(data))

    def frames(self, data: bytes) -> Iterator[bytes]:
        """The same one by one, so that ``hand_back`` may follow each; what was not asked for comes with the next call."""
        held = self._held
        if self._at:
            del held[: self._at]
            self._at = 0
        held += data
        find = held.find
        while True:
            start = find(MARK, self._at)
            if start < 0:
                start = len(held)
            if start > self._at:
                self.skipped += start - self._at
                self._at = start
            end = find(MARK, start + 1)
            if end < 0:
                if len(held) - start > self._most:
                    self.skipped += len(held) - start
                    self._at = len(held)
                break
            if end == start + 1:
                self._at = end
            elif end - start > self._most:
                self.skipped += end - start
                self._at = end
            else:
                self._at = end + 1
                yield bytes(held[start + 1 : end])
        del held[: self._at]
        self._at = 0

    def hand_back(self) -> None:
        """What came last was no frame: the mark that ended it may be the one that begins the next."""
        if self._at:
            self._at -= 1
        else:
            self._held[0:0] = b"\x7e"
