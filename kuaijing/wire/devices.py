"""Devices on the wire: the register merged with what was heard and judged, strangers that wait for approval, and the changes.

An authentication code is in none of these but ``CodeView``, which an administrator asks for with a reason.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from kuaijing.wire.requests import Body, Crs, Identifier, Reason, Version

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Name = Annotated[str, msgspec.Meta(max_length=100)]
GivenCode = Annotated[str, msgspec.Meta(max_length=64)]
ProtocolName = Literal["jt808", "traccar", "osmand", "owntracks", "gpslogger", "json"]
DeviceState = Literal["reporting", "connected", "silent", "never", "retired"]


class ContactView(msgspec.Struct, frozen=True):
    """When a device was heard."""

    first_at: datetime
    last_at: datetime
    connected: bool
    since: datetime
    """Since when it is connected, or not."""


class JudgedView(msgspec.Struct, frozen=True):
    """How a device's reports were judged since the server started."""

    accepted: int
    kept: dict[str, int]
    """For the history only, by name: ``out_of_order``, ``backfill``, ``second_best``."""
    refused: dict[str, int]
    """By reason."""
    offset_s: float
    """Its clock: seconds to add to have ours."""
    last_measured: datetime | None
    last_received: datetime
    speaks: bool
    """Its positions are the ones that move the unit."""
    crs_suspected: str | None
    """The coordinate system that its positions fit better than the one that it is entered with."""
    conflict: str | None
    """Another device that claims the same unit from far away."""


class DeviceView(msgspec.Struct, frozen=True):
    """``GET /api/devices``: one device."""

    id: str
    """``protocol:key``; in a path a ``/`` within is written ``%252F``."""
    protocol: str
    key: str
    unit: str | None
    name: str
    crs: str
    active: bool
    version: int
    state: DeviceState
    """``reporting``: heard within the limit; ``connected``: it is, and says nothing; ``never``: not heard yet."""
    silent_since: datetime | None
    """Its last word, where that is longer ago than the limit."""
    contact: ContactView | None
    judged: JudgedView | None
    """``None`` where nothing of it was judged since the server started."""
    faults: dict[str, int]
    """Refused before judgement, by reason: ``checksum``, ``wrong_code`` ..."""


class DevicesView(msgspec.Struct, frozen=True):
    """``GET /api/devices``."""

    at: datetime
    silent_s: float
    """Limit of silence."""
    devices: list[DeviceView]
    unknown: int
    """How many strangers wait for approval."""


class UnknownDeviceView(msgspec.Struct, frozen=True):
    """``GET /api/devices/unknown``: one that called and is not in the register."""

    protocol: str
    key: str
    first_at: datetime
    last_at: datetime
    count: int
    facts: dict[str, str]
    """What it said of itself; believed in nothing."""


class DeviceVersionView(msgspec.Struct, frozen=True):
    """One version of a device's entry."""

    version: int
    at: datetime
    actor: str
    reason: str
    change: str
    """``enter``, ``change``, ``retire`` or ``restore``."""
    unit: str | None
    name: str
    crs: str
    active: bool
    generation: int
    """Of its derived code."""
    own_code: bool
    """Whether the code was given by the operator."""


class CodeView(msgspec.Struct, frozen=True):
    """The authentication code of one device, for an administrator."""

    device: str
    code: str


class DeviceBody(Body, kw_only=True):
    """``POST /api/devices``: enter a device, or approve a stranger by its protocol and key."""

    protocol: ProtocolName
    key: Key
    unit: Identifier | None = None
    name: Name = ""
    crs: Crs = "wgs84"
    code: GivenCode = ""
    """The code that a terminal was set up with elsewhere; empty: one is derived."""
    reason: Reason


class DeviceChangeBody(Body, kw_only=True):
    """``POST /api/devices/{id}``: what is left out stays as it is."""

    version: Version
    """The one that was seen."""
    reason: Reason
    unit: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """Empty: in a drawer, for no unit."""
    name: Name | None = None
    crs: Crs | None = None
    code: GivenCode | None = None
    """A code of one's own; empty: a derived one again."""
    new_code: bool = False
    """Derive another code; the one before is worthless."""


class DeviceEndBody(Body, kw_only=True):
    """``POST /api/devices/{id}/retire`` and ``/restore``."""

    version: Version
    reason: Reason


class LookBody(Body, kw_only=True):
    """``POST /api/devices/{id}/code``: why it must be seen."""

    reason: Reason


class TextBody(Body, kw_only=True):
    """``POST /api/units/{id}/text``."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=499)]


class VideoBody(Body, kw_only=True):
    """``POST /api/units/{id}/video``: the picture goes to the media gateway of the settings, never to us."""

    action: Literal["start", "stop"]
    channel: Annotated[int, msgspec.Meta(ge=1, le=255)] = 1
    stream: Literal["main", "sub"] = "main"
    reason: Reason


class TerminalAnswer(msgspec.Struct, frozen=True):
    """What a unit's terminal answered."""

    device: str
    result: Literal["accepted", "refused", "unsupported", "no_answer"]
