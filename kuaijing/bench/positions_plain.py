"""A plain JT/T 808 location decoder, as one writes it in an afternoon: a peer for the bench, and a second opinion on its answers.

Byte by byte, a field at a time, ``struct`` and ``datetime``; the 2013 header only.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

_CHINA = timezone(timedelta(hours=8))
_NAMES = {
    0x01: ("mileage_km", ">I", 10),
    0x02: ("fuel_l", ">H", 10),
    0x30: ("signal", ">B", 1),
    0x31: ("satellites", ">B", 1),
}


def plain_frames(stream: bytes) -> Iterator[dict[str, Any]]:
    """Every frame of a stream without garbage."""
    return (_decoded(part) for part in stream.split(b"\x7e") if part)


def _decoded(inner: bytes) -> dict[str, Any]:
    data = bytearray()
    escaped = False
    for byte in inner:
        if escaped:
            data.append(0x7D if byte == 1 else 0x7E)
            escaped = False
        elif byte == 0x7D:
            escaped = True
        else:
            data.append(byte)
    check = 0
    for byte in data[:-1]:
        check ^= byte
    if check != data[-1]:
        raise ValueError("checksum")
    msg_id, attribute = struct.unpack(">HH", data[:4])
    phone = "".join(f"{byte:02x}" for byte in data[4:10])
    serial = struct.unpack(">H", data[10:12])[0]
    body = data[12 : 12 + (attribute & 0x3FF)]
    alarm, status, lat, lon = struct.unpack(">IIII", body[:16])
    altitude, speed, direction = struct.unpack(">HHH", body[16:22])
    time = datetime.strptime("".join(f"{byte:02x}" for byte in body[22:28]), "%y%m%d%H%M%S").replace(tzinfo=_CHINA)
    extras: dict[str, Any] = {}
    at = 28
    while at < len(body):
        ident, size = body[at], body[at + 1]
        name, form, parts = _NAMES[ident]
        value = struct.unpack(form, body[at + 2 : at + 2 + size])[0]
        extras[name] = value / parts if parts > 1 else value
        at += 2 + size
    return {
        "msg_id": f"0x{msg_id:04x}",
        "phone": phone,
        "serial": serial,
        "body": {
            "lat": (-lat if status & 4 else lat) / 1e6,
            "lon": (-lon if status & 8 else lon) / 1e6,
            "altitude_m": altitude,
            "speed_kmh": speed / 10,
            "direction_deg": direction,
            "time_utc": time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "positioned": bool(status & 2),
            "alarm": alarm,
            "sos": bool(alarm & 1),
            "status": status,
            "extras": extras,
        },
    }
