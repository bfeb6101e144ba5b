"""What a decoder gives out: readings in house units, or every fault that it found. Shared by all protocols, knows none
of them.

A field that a device leaves out, or fills with what its maker means by "unknown", is ``None``. Whether a place is one,
and whether a time can be, is judged by the pipeline, where it is counted; here only what is no number and no time is a
fault.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from kuaijing.measures.instants import SECOND, Instant, from_datetime
from kuaijing.wire.problems import Fault
from kuaijing.wire.texts import BadText, clean_text

KNOTS: Final = 1852 / 3600
"""One knot in m/s."""
KMH: Final = 1 / 3.6
"""One km/h in m/s."""
LONGEST_KEY: Final = 64
MOST_FAULTS: Final = 20
_SHOWN: Final = 80
_SECRET: Final = frozenset({"code"})
_LATEST_S: Final = 7_258_118_400
"""The year 2200: what is later is no time but another figure."""
_SECONDS_BELOW: Final = 2**31
"""A bare number below this is seconds since 1970, above it milliseconds (as Traccar reads it)."""


@dataclass(frozen=True, slots=True)
class DeviceReading:
    """One report of one device: m/s, degrees, metres, UTC; coordinates as the device sent them."""

    key: str
    """What the device calls itself in its protocol."""
    lon: float | None
    lat: float | None
    """Both ``None`` where it was heard without a place."""
    measured_at: Instant | None
    """``None``: it names no time; ours stands in."""
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    sos: bool = False
    backfill: bool = False
    """Sent late on purpose: for the history, never newer than what is live."""
    code: str | None = None
    """An authentication code that came within the message."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What it said of itself, for whoever must approve it."""


class BadReading(ValueError):
    """A message that is not what its protocol says; ``faults`` lists everything found, ``key`` the device where it was readable."""

    def __init__(self, faults: list[Fault], key: str | None = None) -> None:
        super().__init__(faults, key)
        self.faults, self.key = tuple(faults), key

    def __str__(self) -> str:
        return "; ".join(f"{fault.field or 'message'} {fault.value!r}: {fault.problem}" for fault in self.faults)


class Fields:
    """The fields of one message, read by kind; faults are gathered and told at once by ``refuse_if_faulty``."""

    def __init__(self, values: Mapping[str, Any], prefix: str = "", faults: list[Fault] | None = None) -> None:
        self._values, self._prefix = values, prefix
        self.faults = [] if faults is None else faults

    def inner(self, name: str, *, required: bool = False) -> "Fields":
        """A nested object; an empty one where it is absent."""
        value = self._values.get(name)
        if value is None and required:
            self.fault(name, "", "missing", "send the object")
        if value is not None and not isinstance(value, dict):
            self.fault(name, value, "not an object", "send an object")
        return Fields(value if isinstance(value, dict) else {}, f"{self._prefix}{name}.", self.faults)

    def each(self, name: str) -> "list[Fields]":
        """The objects of a nested list; what is none is a fault."""
        items = self._values.get(name)
        if not isinstance(items, list):
            self.fault(name, items, "not a list", "send a list of objects")
            return []
        inner = []
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                self.fault(f"{name}[{index}]", item, "not an object", "send an object")
            inner.append(Fields(item if isinstance(item, dict) else {}, f"{self._prefix}{name}[{index}].", self.faults))
        return inner

    def get(self, name: str) -> Any:
        """The field as it is."""
        return self._values.get(name)

    def first(self, *names: str) -> str:
        """The first of several names that is there; the first name where none is."""
        return next((name for name in names if self._values.get(name) not in (None, "")), names[0])

    def text(self, name: str, *, longest: int = LONGEST_KEY, required: bool = False) -> str:
        """A text, or a whole number as text; "" where it is absent."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**longest:
            value = str(value)
        if value is None or value == "":
            if required:
                self.fault(name, "", "missing", f"send text of 1 to {longest} characters")
            return ""
        if not isinstance(value, str) or len(value) > longest:
            self.fault(name, value, f"not text of 1 to {longest} characters", "send it as text, shorter")
            return ""
        try:
            clean = clean_text(value).strip()
        except BadText as bad:
            self.fault(name, value, str(bad), "leave that character out")
            return ""
        if required and (not clean or "\n" in clean or "\t" in clean):
            self.fault(name, value, "blank or more than one line", f"send text of 1 to {longest} characters")
            return ""
        return clean

    def number(self, name: str, *, required: bool = False) -> float | None:
        """A finite number, also one written as text; ``None`` where it is absent."""
        value = self._values.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "", "missing", "send a number")
            return None
        number = _number(value)
        if number is None:
            self.fault(name, value, "not a finite number", "send a number")
        return number

    def known(self, name: str, factor: float = 1.0) -> float | None:
        """A figure that cannot be negative, times ``factor``; a negative one is its maker's "unknown"."""
        number = self.number(name)
        return None if number is None or number < 0 else number * factor

    def heading(self, name: str) -> float | None:
        """Degrees in [0, 360); a negative one is "unknown"."""
        degrees = self.known(name)
        return None if degrees is None else degrees % 360.0

    def moment(self, name: str, *, required: bool = False) -> Instant | None:
        """A time: seconds or milliseconds since 1970, or ISO 8601 with its zone."""
        value = self._values.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "", "missing", "send seconds since 1970, or ISO 8601 with its zone")
            return None
        number = _number(value)
        moment = _iso(value) if number is None else _epoch(number)
        if moment is None:
            remedy = "send seconds or milliseconds since 1970, or ISO 8601 with its zone"
            self.fault(name, value, "no time between 1970 and 2200", remedy)
        return moment

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, value, "neither true nor false", "send true or false")
        return value is True

    def only(self, *names: str) -> None:
        """Every other field is a fault."""
        for name in self._values:
            if name not in names:
                self.fault(name[:LONGEST_KEY], "", "unknown field", f"leave it out; known are: {', '.join(names)}")

    def fault(self, name: str, value: Any, problem: str, remedy: str) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            shown = "•••" if name in _SECRET else _shown(value)
            self.faults.append(Fault(self._prefix + name, shown, problem, remedy))

    def refuse_if_faulty(self, key: str | None = None) -> None:
        """Raise ``BadReading`` with everything gathered."""
        if self.faults:
            raise BadReading(self.faults, key or None)


def json_object(raw: bytes) -> Fields:
    """The message as a JSON object; raises ``BadReading`` where it is none."""
    document = json_of(raw)
    if not isinstance(document, dict):
        raise BadReading([Fault("", _shown(document), "not a JSON object", "send an object")])
    return Fields(document)


def json_of(raw: bytes) -> Any:
    """The message as JSON; raises ``BadReading`` where it is none."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadReading([Fault("", "", f"not readable as JSON: {str(error)[:120]}", "send UTF-8 JSON")]) from None


def _number(value: Any) -> float | None:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | str)
        or (isinstance(value, str) and (len(value) > 40 or "_" in value or not value.isascii()))
    ):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _epoch(number: float) -> Instant | None:
    seconds = number if number < _SECONDS_BELOW else number / 1000
    return Instant(round(seconds * SECOND)) if 0 < seconds < _LATEST_S else None


def _iso(value: Any) -> Instant | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            return None
        instant = from_datetime(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return None
    return instant if 0 < instant < _LATEST_S * SECOND else None


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)[: _SHOWN * 2]
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:_SHOWN])
