"""Our own batch: several devices, several fixes each, one JSON document. For a station's own gateway that stores and
forwards.

``{"devices": [{"device": "K-17", "code": "…", "fixes": [{"lon": 112.1, "lat": 27.2, "measured_at":
"2026-11-21T11:30:00Z", …}]}]}``; a fix may say ``speed_mps``, ``heading_deg``, ``accuracy_m``, ``sos`` and
``backfill``; one without ``lon`` and ``lat`` tells an SOS only. The coordinate system is the register's. Unknown fields
are refused by name: this format has no maker whose whims must be borne.
"""

from typing import Final

from kuaijing.feeds.readings import DeviceReading, Fields, json_object

PROTOCOL: Final = "json"
MOST_DEVICES: Final = 1000
MOST_FIXES: Final = 5000

_OF_FIX: Final = ("lon", "lat", "measured_at", "speed_mps", "heading_deg", "accuracy_m", "sos", "backfill")


def decode(raw: bytes) -> list[DeviceReading]:
    """Every reading in the order of the document; raises ``BadReading`` with the faults of all."""
    fields = json_object(raw)
    fields.only("devices")
    devices = fields.each("devices")
    if len(devices) > MOST_DEVICES:
        fields.fault("devices", f"{len(devices)} items", f"more than {MOST_DEVICES}", "send several batches")
        fields.refuse_if_faulty()
    readings: list[DeviceReading] = []
    for device in devices:
        device.only("device", "code", "fixes")
        key = device.text("device", required=True)
        code = device.text("code", longest=128) or None
        fixes = device.each("fixes")
        if len(readings) + len(fixes) > MOST_FIXES:
            device.fault("fixes", f"{len(fixes)} items", f"more than {MOST_FIXES} in all", "send several batches")
            break
        readings += [_fix(fix, key, code) for fix in fixes]
    fields.refuse_if_faulty()
    return readings


def _fix(fix: Fields, key: str, code: str | None) -> DeviceReading:
    fix.only(*_OF_FIX)
    sos = fix.flag("sos")
    placeless = sos and fix.get("lon") is None and fix.get("lat") is None
    return DeviceReading(
        key=key,
        lon=fix.number("lon", required=not placeless),
        lat=fix.number("lat", required=not placeless),
        measured_at=fix.moment("measured_at", required=True),
        speed_mps=fix.known("speed_mps"),
        heading_deg=fix.heading("heading_deg"),
        accuracy_m=fix.known("accuracy_m") or None,
        sos=sos,
        backfill=fix.flag("backfill"),
        code=code,
    )
