"""Entries of the log as a timeline tells them: which sentence, and the values that fill it.

The sentence's key is the event's own name; the values are the event's fields, instants as UTC times, places shortened to what a
reader needs. Words of callers are never in the log, so they are not here either.
"""

from dataclasses import fields, is_dataclass
from enum import Enum

from kuaijing.domain.clocks import Interval
from kuaijing.domain.places import Place
from kuaijing.engine.recorded import Recorded
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.measures.points import Point
from kuaijing.wire.answers import TimelineEntry

_LEFT_OUT = frozenset({"record", "planned", "digest"})


def timeline_entry(entry: Recorded) -> TimelineEntry:
    """One entry."""
    event = entry.event
    data = {
        field.name: _told(field.name, getattr(event, field.name))
        for field in fields(event)
        if field.name not in _LEFT_OUT
    }
    return TimelineEntry(
        seq=entry.seq,
        at=to_datetime(entry.recorded_at),
        type=entry.type,
        actor=entry.actor,
        source=entry.source,
        reason=entry.reason,
        by_voice=entry.by_voice,
        text_key=f"timeline.{entry.type}",
        data=data,
    )


def _told(name: str, value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        is_instant = (
            name == "at" or name.endswith("_at") or name in ("earliest", "latest", "until", "valid_from", "since")
        )
        return to_datetime(Instant(value)) if is_instant else value
    if isinstance(value, Place):
        return {
            "lon": value.point.lon,
            "lat": value.point.lat,
            "text": value.text,
            "road": value.road,
            "tier": value.tier,
        }
    if isinstance(value, Point):
        return {"lon": value.lon, "lat": value.lat}
    if isinstance(value, Interval):
        return {"earliest": to_datetime(value.earliest), "latest": to_datetime(value.latest)}
    if isinstance(value, tuple | list):
        return [_told(name, each) for each in value]
    if is_dataclass(value):
        return {field.name: _told(field.name, getattr(value, field.name)) for field in fields(value)}
    return str(value)
