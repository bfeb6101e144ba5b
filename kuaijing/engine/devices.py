"""Which terminal, phone or radio is which unit: what the position doors ask of the device register.

A device is known by its protocol and by what it calls itself there. Only an approved one moves a unit; an unknown one is
listed for approval and believed in nothing. The register itself (versions, reasons, audit) stands behind ``DeviceBook``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class Device:
    """One device of the register as it stands now."""

    id: str
    """``protocol:key``, as in ``jt808:013912345678``."""
    protocol: str
    key: str
    """What it calls itself in its protocol: telephone number, unique id, user/device."""
    unit: str | None
    """The unit whose position it gives; ``None`` while it lies in a drawer."""
    name: str
    crs: str
    """``wgs84``, ``gcj02`` or ``bd09``: what its coordinates are in."""
    active: bool
    """Approved and not withdrawn."""
    version: int


class DeviceBook(Protocol):
    """The register as the doors use it; every answer comes from memory at once."""

    def find(self, protocol: str, key: str) -> Device | None:
        """The device of that name; ``None`` where nobody has approved or entered one."""

    def code_of(self, device: Device) -> str:
        """The authentication code that the device is given when it registers."""

    def is_code(self, device: Device, code: str) -> bool:
        """Whether the code is the device's, compared in constant time."""

    def contact(self, device: Device, at: Instant, connected: bool) -> None:
        """It was heard; ``connected`` false when its connection has ended."""

    def unknown(self, protocol: str, key: str, at: Instant, facts: Mapping[str, str]) -> None:
        """A device that is not in the register called; list it for approval (bounded) with what it said of itself."""

    def fault(self, protocol: str, key: str, reason: str) -> None:
        """Something of that device was refused before judgement: ``checksum``, ``unauthenticated``, ``wrong_code`` ..."""
