"""Who may speak: registration and authentication against the device register, and a lock on guessing codes.

A registration gives the code only to a device that is in the register and active; anybody else is listed for approval with what it
said of itself. Whoever guesses codes for a number is not heard for that number from that address for a while; the device itself,
from its own address, is.
"""

from collections.abc import Callable, Mapping
from typing import Final

from kuaijing.engine.devices import Device, DeviceBook
from kuaijing.feeds.jt808.messages import NO_SUCH_TERMINAL, TAKEN
from kuaijing.measures.instants import SECOND, Instant

PROTOCOL: Final = "jt808"
_WRONG_CODES: Final = 5
_LOCKED_S: Final = 60
_MOST_LOCKS: Final = 4096


class Admission:
    """The register as this door uses it."""

    def __init__(self, book: DeviceBook, now: Callable[[], Instant]) -> None:
        self._book, self._now = book, now
        self._wrong: dict[tuple[str, str], tuple[int, Instant]] = {}
        """By address and key: wrong codes in a row, and when the last one came; oldest first."""

    def register(self, key: str, facts: Mapping[str, str]) -> tuple[int, str]:
        """Result and code of a registration."""
        device = self._book.find(PROTOCOL, key)
        if device is None:
            self._book.unknown(PROTOCOL, key, self._now(), facts)
            return NO_SUCH_TERMINAL, ""
        if not device.active:
            self._book.fault(PROTOCOL, key, "withdrawn")
            return NO_SUCH_TERMINAL, ""
        return TAKEN, self._book.code_of(device)

    def authenticate(self, key: str, code: str, address: str, facts: Mapping[str, str]) -> Device | None:
        """The device, where the code is its own."""
        now = self._now()
        device = self._book.find(PROTOCOL, key)
        if device is None:
            self._book.unknown(PROTOCOL, key, now, facts)
            return None
        if not device.active:
            self._book.fault(PROTOCOL, key, "withdrawn")
            return None
        tries, last = self._wrong.get((address, key), (0, now))
        if tries >= _WRONG_CODES and now - last < _LOCKED_S * SECOND:
            self._book.fault(PROTOCOL, key, "locked")
            return None
        if not self._book.is_code(device, code):
            self._book.fault(PROTOCOL, key, "wrong_code")
            self._note_wrong(address, key, now)
            return None
        self._wrong.pop((address, key), None)
        return device

    def still(self, device: Device, code: str) -> Device | None:
        """The device as it stands now; ``None`` where it was withdrawn or has another code."""
        found = self._book.find(PROTOCOL, device.key)
        if found is device:
            return device
        if found is None or not found.active:
            return None
        if found.version != device.version and not self._book.is_code(found, code):
            return None
        return found

    def _note_wrong(self, address: str, key: str, now: Instant) -> None:
        tries, last = self._wrong.pop((address, key), (0, now))
        self._wrong[address, key] = (tries + 1 if now - last < _LOCKED_S * SECOND else 1, now)
        if len(self._wrong) > _MOST_LOCKS:
            del self._wrong[next(iter(self._wrong))]
