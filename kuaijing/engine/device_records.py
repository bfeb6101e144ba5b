"""What the device register says of one device: its document, the checks that a document passes, its authentication code.

A code is either given by whoever enters the device (terminals that were set up elsewhere) or derived from the server's secret and a
generation number, so that a new one is a change of that number. It never leaves the register but to the door that compares it.
"""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

import msgspec

from kuaijing.domain.errors import DomainError, Invalid, ValueUnknown, refuse_all
from kuaijing.engine.devices import Device

REGISTER: Final = "devices"
PROTOCOLS: Final = ("jt808", "traccar", "osmand", "owntracks", "gpslogger", "json")
SYSTEMS: Final = ("wgs84", "gcj02", "bd09")
MOST_GENERATIONS: Final = 1_000_000
_KEY: Final = re.compile(r"^[\w.:@+/\-]{1,64}\Z")
_CODE: Final = re.compile(r"^[\x21-\x7e]{4,64}\Z")
_PHONE: Final = re.compile(r"^[0-9]{1,20}\Z")
_DERIVED_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """One version of a device's entry, as the register's table keeps it."""

    protocol: str
    key: str
    unit: str | None
    name: str
    crs: str = "wgs84"
    generation: int = 1
    """Of the derived code; one more makes the code before it worthless."""
    code: str | None = None
    """Given by the operator instead of a derived one."""

    @property
    def id(self) -> str:
        """``protocol:key``."""
        return f"{self.protocol}:{self.key}"

    def as_device(self, version: int, active: bool) -> Device:
        """As the doors see it: without anything secret."""
        return Device(self.id, self.protocol, self.key, self.unit, self.name, self.crs, active, version)


_decoder = msgspec.json.Decoder(DeviceRecord)
_encoder = msgspec.json.Encoder(order="deterministic")


def encode_record(record: DeviceRecord) -> bytes:
    """The document."""
    return _encoder.encode(record)


def decode_record(document: bytes) -> DeviceRecord:
    """The record of a document that the register holds."""
    return _decoder.decode(document)


def checked(record: DeviceRecord) -> DeviceRecord:
    """The record in its kept form; every fault of it at once otherwise."""
    record = replace(record, key=plain_key(record.protocol, record.key), name=record.name.strip())
    refuse_all(_faults(record))
    return record


def plain_key(protocol: str, key: str) -> str:
    """The key as its protocol's door writes it: a JT/T 808 telephone has 12 digits or more, zeros in front."""
    key = key.strip()
    if protocol == "jt808" and _PHONE.match(key):
        return key.lstrip("0").rjust(12, "0")
    return key


def derived_code(secret: bytes, device: str, generation: int) -> str:
    """80 bits in letters and digits that a terminal's keyboard has."""
    made = hmac.new(secret, f"{device}\n{generation}".encode(), sha256).digest()
    return b32encode(made).decode()[:_DERIVED_LENGTH].lower()


def _faults(record: DeviceRecord) -> list[DomainError]:
    errors: list[DomainError] = []
    if record.protocol not in PROTOCOLS:
        errors.append(ValueUnknown("protocol", record.protocol, PROTOCOLS))
    if record.protocol == "jt808" and not _PHONE.match(record.key):
        errors.append(Invalid("key", record.key, "no telephone number of a terminal", "give 1 to 20 digits"))
    elif not _KEY.match(record.key):
        problem = "not 1 to 64 letters, digits or one of . : @ + / - _"
        errors.append(Invalid("key", record.key, problem, "give what the device calls itself"))
    if record.crs not in SYSTEMS:
        errors.append(ValueUnknown("crs", record.crs, SYSTEMS))
    if not 1 <= record.generation <= MOST_GENERATIONS:
        errors.append(Invalid("generation", str(record.generation), "out of range", f"give 1 to {MOST_GENERATIONS}"))
    if record.code is not None and not _CODE.match(record.code):
        problem = "not 4 to 64 visible ASCII characters"
        errors.append(Invalid("code", "•••", problem, "give the code that the terminal was set up with"))
    return errors
