"""JT/T 808 frames: finding them in a byte stream, undoing the escapes, checking length and checksum, reading the header.

``7E … 7E``; inside, ``7D 01`` stands for ``7D`` and ``7D 02`` for ``7E``, in the checksum too. Knows nothing of message bodies.
"""

from dataclasses import dataclass

MARK = 0x7E
MOST_BYTES = 4096
"""A frame longer than this, escapes included, is garbage: a body holds at most 1023 bytes."""

_SUBPACKAGE = 0x2000
_EDITION_2019 = 0x4000


class BadFrame(ValueError):
    """A frame cannot be read. ``name`` is one of ``incomplete``, ``checksum``, ``length``, ``header``, ``escape``."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name, self.detail = name, detail


@dataclass(frozen=True, slots=True)
class Frame:
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
    found = 0
    for byte in plain[:-1]:
        found ^= byte
    attribute = int.from_bytes(plain[2:4], "big")
    is_2019 = bool(attribute & _EDITION_2019)
    divided = bool(attribute & _SUBPACKAGE)
    size = (17 if is_2019 else 12) + (4 if divided else 0)
    if len(plain) < size + 1:
        raise BadFrame("header", f"{len(plain)} bytes are too few for this header of {size} and a checksum")
    if found != plain[-1]:
        raise BadFrame("checksum", f"the frame says {plain[-1]:02x}, its bytes give {found:02x}")
    body = plain[size:-1]
    stated = attribute & 0x3FF
    if stated != len(body):
        raise BadFrame("length", f"the header says {stated} bytes of body, there are {len(body)}")
    at = 5 if is_2019 else 4
    phone_end = at + (10 if is_2019 else 6)
    package = None
    if divided:
        package = (int.from_bytes(plain[size - 4 : size - 2], "big"), int.from_bytes(plain[size - 2 : size], "big"))
    return Frame(
        msg_id=int.from_bytes(plain[0:2], "big"),
        phone=plain[at:phone_end].hex(),
        serial=int.from_bytes(plain[phone_end : phone_end + 2], "big"),
        is_2019=is_2019,
        protocol_version=plain[4] if is_2019 else None,
        encryption=attribute >> 10 & 7,
        package=package,
        body=body,
    )


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
    found = 0
    for byte in plain:
        found ^= byte
    return b"\x7e" + escape(plain + bytes([found])) + b"\x7e"


class FrameReader:
    """Cuts frames out of a stream of bytes; its memory is bounded whatever a peer sends."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._held = most_bytes, bytearray()
        self.skipped = 0
        """Bytes thrown away: garbage before a mark and frames without end."""

    @property
    def pending(self) -> int:
        """Bytes of a frame that has not ended."""
        return len(self._held)

    def feed(self, data: bytes) -> list[bytes]:
        """The insides of the frames that ``data`` completes, still escaped, in order."""
        self._held += data
        found: list[bytes] = []
        while True:
            start = self._held.find(MARK)
            if start < 0:
                self._drop(len(self._held))
                return found
            if start:
                self._drop(start)
            end = self._held.find(MARK, 1)
            if end < 0:
                if len(self._held) > self._most:
                    self._drop(len(self._held))
                return found
            if end == 1:
                del self._held[0]
            else:
                found.append(bytes(self._held[1:end]))
                del self._held[: end + 1]

    def _drop(self, count: int) -> None:
        self.skipped += count
        del self._held[:count]
