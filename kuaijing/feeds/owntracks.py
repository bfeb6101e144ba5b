"""OwnTracks: JSON over HTTP or MQTT (topic ``owntracks/USER/DEVICE``). ``vel`` is km/h, ``tst`` seconds since 1970.

Only ``_type: location`` tells a place; ``lwt`` says that a connection broke; every other type is read past. An empty
body is normal. A device is ``USER/DEVICE``; over HTTP both come in headers, in the query or in the message's own topic.
"""

from dataclasses import dataclass
from typing import Final

from kuaijing.feeds.readings import KMH, LONGEST_KEY, BadReading, DeviceReading, Fields, json_object
from kuaijing.wire.problems import Fault

PROTOCOL: Final = "owntracks"


@dataclass(frozen=True, slots=True)
class Gone:
    """The broker's word that a device's connection broke."""

    key: str


def decode(raw: bytes, user: str = "", device: str = "") -> list[DeviceReading] | Gone:
    """The reading of one message; none for what tells no place. Raises ``BadReading``."""
    if not raw.strip():
        return []
    fields = json_object(raw)
    kind = fields.get("_type")
    if kind == "encrypted":
        fault = Fault(
            "_type", "encrypted", "a secret that the server does not have", "turn the payload's encryption off, use TLS"
        )
        raise BadReading([fault])
    if kind not in ("location", "lwt"):
        return []
    key = _key(fields, user, device)
    if kind == "lwt":
        fields.refuse_if_faulty(key)
        return Gone(key)
    reading = DeviceReading(
        key=key,
        lon=fields.number("lon", required=True),
        lat=fields.number("lat", required=True),
        measured_at=fields.moment("tst", required=True),
        speed_mps=fields.known("vel", KMH),
        heading_deg=fields.heading("cog"),
        accuracy_m=fields.known("acc") or None,
        said=_said(fields),
    )
    fields.refuse_if_faulty(key)
    return [reading]


def topic_parts(topic: str) -> tuple[str, str]:
    """User and device of ``owntracks/USER/DEVICE`` (and of what stands beneath it); two empty texts of another topic."""
    parts = topic.split("/")
    return (parts[-2], parts[-1]) if len(parts) == 3 else ("", "")


def _key(fields: Fields, user: str, device: str) -> str:
    topic = fields.text("topic", longest=200)
    of_topic = topic_parts(topic)
    tracker = fields.text("tid", longest=8)
    whole = Fields({"user": user or of_topic[0], "device": device or of_topic[1] or tracker}, faults=fields.faults)
    key = f"{whole.text('user', required=True)}/{whole.text('device', required=True)}"
    if len(key) > LONGEST_KEY:
        fields.fault(
            "topic", key, f"user and device have more than {LONGEST_KEY - 1} characters together", "name them shorter"
        )
    return key


def _said(fields: Fields) -> dict[str, str]:
    tracker = fields.get("tid")
    return {"tid": tracker} if isinstance(tracker, str) and tracker.isprintable() and 0 < len(tracker) <= 8 else {}
