"""The location body of JT/T 808 (``0200``, and each item of ``0704``): fixed 28 bytes, then extra items (id, length, value).

Figures come out in the message's own words: degrees, metres, km/h, UTC. Judging them (a latitude over 90, a time in the future) is the
pipeline's matter. A malformed extra never costs the fix: it is listed.
"""

import struct
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final, NamedTuple

from kuaijing.feeds.jt808.framing import BadFrame
from kuaijing.measures.instants import SECOND, Instant, from_datetime

FIXED_BYTES = 28
_FIXED: Final = struct.Struct(">IIIIHHH6s")
_SECONDS: Final = {int(f"{second:02d}", 16): f"{second:02d}Z" for second in range(60)}
"""By the byte that tells it in BCD."""
_CHINA = timezone(timedelta(hours=8))

_ALARM_SOS = 0x1
_POSITIONED, _SOUTH, _WEST = 0x2, 0x4, 0x8

_WHOLE: Final[dict[int, tuple[str, int, bool]]] = {
    0x01: ("mileage_km", 4, True),
    0x02: ("fuel_l", 2, True),
    0x03: ("recorder_speed_kmh", 2, True),
    0x04: ("alarm_event_id", 2, False),
    0x25: ("vehicle_signals", 4, False),
    0x2A: ("io_status", 2, False),
    0x2B: ("analog", 4, False),
    0x30: ("signal", 1, False),
    0x31: ("satellites", 1, False),
}
"""Extra id -> name, bytes, whether it counts tenths."""


def read_location(body: bytes) -> dict[str, Any]:
    """Fields of one location; raises ``BadFrame('length')`` where the fixed part is not whole."""
    if len(body) < FIXED_BYTES:
        raise BadFrame("length", f"a location has {FIXED_BYTES} bytes at least, got {len(body)}")
    alarm, status, lat, lon, altitude, speed, direction, time = _FIXED.unpack_from(body)
    lat, lon = lat / 1e6, lon / 1e6
    extras, bad = read_extras(body) if len(body) > FIXED_BYTES else ({}, [])
    fields: dict[str, Any] = {
        "lat": -lat if status & _SOUTH else lat,
        "lon": -lon if status & _WEST else lon,
        "altitude_m": altitude,
        "speed_kmh": speed / 10,
        "direction_deg": direction,
        "time_utc": read_time(time),
        "positioned": bool(status & _POSITIONED),
        "alarm": alarm,
        "sos": bool(alarm & _ALARM_SOS),
        "status": status,
        "extras": extras,
    }
    if bad:
        fields["extras_bad"] = bad
    return fields


def read_time(digits: bytes) -> str | None:
    """BCD ``YYMMDDhhmmss`` in GMT+8 as RFC 3339 UTC; ``None`` where it is no time (a terminal without a clock sends zeros)."""
    minute = _minute(digits[:5])
    second = _SECONDS.get(digits[5])
    return None if minute is None or second is None else minute[0] + second


def read_instant(digits: bytes) -> Instant | None:
    """The same as an instant."""
    minute = _minute(digits[:5])
    second = _SECONDS.get(digits[5])
    return None if minute is None or second is None else Instant(minute[1] + int(second[:2]) * SECOND)


@lru_cache(maxsize=4096)
def _minute(digits: bytes) -> tuple[str, Instant] | None:
    """A minute as text up to its colon and as an instant. A fleet's reports share few minutes."""
    try:
        year, month, day, hour, minute = (int(f"{byte:02x}") for byte in digits)
        local = datetime(2000 + year, month, day, hour, minute, tzinfo=_CHINA)
    except ValueError:
        return None
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:"), from_datetime(local)


def read_extras(body: bytes) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Known extras of a location body by name and unknown ones by hex id; and what could not be read."""
    extras: dict[str, Any] = {}
    bad: list[dict[str, str]] = []
    at, end = FIXED_BYTES, len(body)
    while at < end:
        after = at + 2 + body[at + 1] if at + 2 <= end else end + 1
        if after > end:
            bad.append({"at": str(at), "hex": body[at:].hex(), "problem": "cut short"})
            break
        ident, value = body[at], body[at + 2 : after]
        at = after
        if ident not in _WHOLE:
            extras[f"{ident:02x}"] = value.hex()
            continue
        name, size, tenths = _WHOLE[ident]
        if len(value) != size:
            bad.append(
                {"id": f"{ident:02x}", "hex": value.hex(), "problem": f"{name} has {size} bytes, got {len(value)}"}
            )
        elif tenths:
            extras[name] = int.from_bytes(value, "big") / 10
        else:
            extras[name] = int.from_bytes(value, "big")
    return extras, bad


class Reading(NamedTuple):
    """What the door needs of one location, in house units; degrees still in the device's own coordinate system."""

    lon: float
    lat: float
    speed_mps: float
    heading_deg: float | None
    measured_at: Instant | None
    """``None`` where the terminal has no clock."""
    positioned: bool
    sos: bool


def read_reading(body: bytes) -> Reading:
    """One location without its extras; raises ``BadFrame('length')`` where the fixed part is not whole."""
    if len(body) < FIXED_BYTES:
        raise BadFrame("length", f"a location has {FIXED_BYTES} bytes at least, got {len(body)}")
    alarm, status, lat, lon, _, speed, direction, time = _FIXED.unpack_from(body)
    return Reading(
        -lon / 1e6 if status & _WEST else lon / 1e6,
        -lat / 1e6 if status & _SOUTH else lat / 1e6,
        speed / 36,
        float(direction) if direction <= 360 else None,
        read_instant(time),
        bool(status & _POSITIONED),
        bool(alarm & _ALARM_SOS),
    )
