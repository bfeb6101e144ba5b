"""The OsmAnd protocol, which Traccar Client speaks too: a query, a form, or (Traccar Client 9) JSON.

Traps: a query's ``speed`` is in knots, JSON's ``coords.speed`` in m/s with -1 for unknown; ``timestamp`` is seconds,
milliseconds or ISO 8601; ``location`` is ``lat,lon`` in a query and an object, or a list of them, in JSON. A position
that the phone itself calls mocked is refused.
"""

from collections.abc import Mapping

from kuaijing.feeds.readings import KNOTS, DeviceReading, Fields, json_object
from kuaijing.feeds.traccar import is_sos

PROTOCOL = "osmand"
MOST_LOCATIONS = 5000


def decode_query(query: Mapping[str, str]) -> list[DeviceReading]:
    """The reading of one query or form; raises ``BadReading``."""
    fields = Fields(query)
    key = fields.text(fields.first("id", "deviceid"), required=True)
    lon, lat = _pair(fields)
    measured_at = fields.moment("timestamp")
    speed = fields.known("speed", KNOTS)
    heading = fields.heading(fields.first("bearing", "heading"))
    accuracy = fields.known("accuracy")
    sos = is_sos(fields)
    if not sos and not fields.get("location"):
        for name in ("lat", "lon"):
            if fields.get(name) in (None, ""):
                fields.number(name, required=True)
    fields.refuse_if_faulty(key)
    return [DeviceReading(key, lon, lat, measured_at, speed, heading, accuracy or None, sos)]


def decode_json(raw: bytes) -> list[DeviceReading]:
    """The readings of one JSON message, one or several locations; raises ``BadReading``."""
    fields = json_object(raw)
    key = fields.text(fields.first("device_id", "deviceid", "id"), required=True)
    location = fields.get("location")
    if not isinstance(location, list):
        readings = [_location(fields.inner("location", required=True), key)]
    elif len(location) > MOST_LOCATIONS:
        fields.fault(
            "location", f"{len(location)} items", f"more than {MOST_LOCATIONS}", "send them in several messages"
        )
        readings = []
    else:
        readings = [_location(each, key) for each in fields.each("location")]
    fields.refuse_if_faulty(key)
    return readings


def _location(location: Fields, key: str) -> DeviceReading:
    coords = location.inner("coords", required=True)
    lon, lat = coords.number("longitude", required=True), coords.number("latitude", required=True)
    if location.get("mock") is True:
        location.fault("mock", "true", "the phone says that this place is made up", "turn mock locations off")
    event = location.get("event")
    said = {"event": event} if isinstance(event, str) and 0 < len(event) <= 32 and event.isprintable() else {}
    return DeviceReading(
        key=key,
        lon=lon,
        lat=lat,
        measured_at=location.moment("timestamp"),
        speed_mps=coords.known("speed"),
        heading_deg=coords.heading("heading"),
        accuracy_m=coords.known("accuracy") or None,
        sos=is_sos(location.inner("extras")),
        said=said,
    )


def _pair(fields: Fields) -> tuple[float | None, float | None]:
    """``lon`` and ``lat`` by themselves or as ``location=lat,lon``."""
    location = fields.get("location")
    if not isinstance(location, str) or location == "":
        return fields.number("lon"), fields.number("lat")
    lat, comma, lon = location.partition(",")
    both = Fields({"lat": lat.strip(), "lon": lon.strip()})
    found = both.number("lon", required=True), both.number("lat", required=True)
    if not comma or both.faults:
        fields.fault("location", location, "not two numbers", "send location=latitude,longitude")
        return None, None
    return found
