"""The location body of JT/T 808 (``0200``, and each item of ``0704``): fixed 28 bytes, then extra items (id, length, value).

Figures come out in the message's own words: degrees, metres, km/h, UTC. Judging them (a latitude over 90, a time in the future) is the
pipeline's matter. A malformed extra never costs the fix: it is listed.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from kuaijing.feeds.jt808.framing import BadFrame

FIXED_BYTES = 28
_CHINA = timezone(timedelta(hours=8))

_ALARM_SOS = 0x1
_POSITIONED, _SOUTH, _WEST = 0x2, 0x4, 0x8

_WHOLE: dict[int, tuple[str, int, float]] = {
    0x01: ("mileage_km", 4, 0.1),
    0x02: ("fuel_l", 2, 0.1),
    0x03: ("recorder_speed_kmh", 2, 0.1),
    0x04: ("alarm_event_id", 2, 1),
    0x25: ("vehicle_signals", 4, 1),
    0x2A: ("io_status", 2, 1),
    0x2B: ("analog", 4, 1),
    0x30: ("signal", 1, 1),
    0x31: ("satellites", 1, 1),
}
"""Extra id -> name, bytes, unit of one."""


def read_location(body: bytes) -> dict[str, Any]:
    """Fields of one location; raises ``BadFrame('length')`` where the fixed part is not whole."""
    if len(body) < FIXED_BYTES:
        raise BadFrame("length", f"a location has {FIXED_BYTES} bytes at least, got {len(body)}")
    alarm = int.from_bytes(body[0:4], "big")
    status = int.from_bytes(body[4:8], "big")
    lat = int.from_bytes(body[8:12], "big") / 1e6
    lon = int.from_bytes(body[12:16], "big") / 1e6
    extras, bad = read_extras(body[FIXED_BYTES:])
    fields: dict[str, Any] = {
        "lat": -lat if status & _SOUTH else lat,
        "lon": -lon if status & _WEST else lon,
        "altitude_m": int.from_bytes(body[16:18], "big"),
        "speed_kmh": int.from_bytes(body[18:20], "big") / 10,
        "direction_deg": int.from_bytes(body[20:22], "big"),
        "time_utc": read_time(body[22:28]),
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
    try:
        year, month, day, hour, minute, second = (int(f"{byte:02x}") for byte in digits)
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=_CHINA)
    except ValueError:
        return None
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_extras(data: bytes) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Known extras by name and unknown ones by hex id; and what could not be read."""
    extras: dict[str, Any] = {}
    bad: list[dict[str, str]] = []
    at = 0
    while at < len(data):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            bad.append({"at": str(FIXED_BYTES + at), "hex": data[at:].hex(), "problem": "cut short"})
            break
        ident, value = data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + len(value)
        known = _WHOLE.get(ident)
        if known is None:
            extras[f"{ident:02x}"] = value.hex()
        elif len(value) != known[1]:
            problem = f"{known[0]} has {known[1]} bytes, got {len(value)}"
            bad.append({"id": f"{ident:02x}", "hex": value.hex(), "problem": problem})
        else:
            whole = int.from_bytes(value, "big")
            extras[known[0]] = whole if known[2] == 1 else whole / 10
    return extras, bad
