"""Traccar's position forwarding (``forward.type=json``): ``{"position": {...}, "device": {...}}``, one position a POST.

Speed is in knots, times are UTC. A retried POST is the same ``fixTime`` of the same ``uniqueId`` and becomes a
duplicate by name. A position that is ``outdated`` (the last one again) or not ``valid`` says that the device is there,
not where; ``attributes.archive`` marks one that the device had stored. Shape: traccar ``PositionData`` (9e5c458).
"""

from kuaijing.feeds.readings import KNOTS, DeviceReading, Fields, json_object

PROTOCOL = "traccar"


def decode(raw: bytes) -> list[DeviceReading]:
    """The reading of one forwarded position; raises ``BadReading``."""
    fields = json_object(raw)
    device, position = fields.inner("device", required=True), fields.inner("position", required=True)
    key = device.text("uniqueId", required=True)
    lon, lat = position.number("longitude", required=True), position.number("latitude", required=True)
    measured_at = position.moment("fixTime", required=True)
    speed = position.known("speed", KNOTS)
    heading = position.heading("course")
    accuracy = position.known("accuracy")
    attributes = position.inner("attributes")
    placed = position.get("valid") is not False and position.get("outdated") is not True
    said = {name: device.text(name, longest=200) for name in ("name", "category", "model", "phone")}
    said["protocol"] = position.text("protocol")
    fields.refuse_if_faulty(key)
    return [
        DeviceReading(
            key=key,
            lon=lon if placed else None,
            lat=lat if placed else None,
            measured_at=measured_at,
            speed_mps=speed,
            heading_deg=heading,
            accuracy_m=accuracy or None,
            sos=is_sos(attributes),
            backfill=attributes.get("archive") is True,
            said={name: value for name, value in said.items() if value},
        )
    ]


def is_sos(attributes: Fields) -> bool:
    """Whether the alarm is an SOS; several alarms come joined by commas."""
    alarm = attributes.get("alarm")
    return isinstance(alarm, str) and "sos" in {part.strip().lower() for part in alarm.split(",")}
