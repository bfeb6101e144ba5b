"""Events and states as bytes, with their schema versions, and how old ones are brought up to date.

A stored event keeps the schema it was written with for ever. ``EVENT_UPCASTS`` and ``STATE_UPCASTS`` hold one step each from a
version to the next, on plain JSON-like values; reading goes through all that apply. A public message is another type (``wire``).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kuaijing.domain.registry import EVENT_TYPES, Event
from kuaijing.domain.state import State

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

EVENT_SCHEMAS: dict[str, int] = {}
"""Current schema of each event type; 1 where it is not named."""

EVENT_UPCASTS: dict[tuple[str, int], Upcast] = {}
"""From schema n to n + 1 of an event type."""

STATE_SCHEMA = 6
"""2: registers. 3: presence, patrol, empty areas, and when an assignment's unit left. 4: proposals. 5: area calls. 6: follow-up."""
STATE_UPCASTS: dict[int, Upcast] = dict.fromkeys(range(1, STATE_SCHEMA), lambda state: state)
"""From schema n to n + 1; what only came in has its default."""

_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(order="sorted")
_decoders = {name: msgspec.json.Decoder(event) for name, event in EVENT_TYPES.items()}
_state_encoder = msgspec.msgpack.Encoder()
_state_decoder = msgspec.msgpack.Decoder(State)


class SchemaUnknown(Exception):
    """Something was written by a newer program, or its type is gone."""

    def __init__(self, thing: str, schema: int) -> None:
        super().__init__(thing, schema)
        self.thing, self.schema = thing, schema

    def __str__(self) -> str:
        return f"{self.thing} with schema {self.schema} is not known to this version; install the version that wrote it"


def event_schema(event_type: str, schemas: Mapping[str, int] = EVENT_SCHEMAS) -> int:
    """Schema in which events of that type are written now."""
    return schemas.get(event_type, 1)


def encode_event(event: Event) -> bytes:
    """JSON, so that the log can be read without the program."""
    return _encoder.encode(event)


def decode_event(
    event_type: str,
    schema: int,
    body: bytes,
    *,
    schemas: Mapping[str, int] = EVENT_SCHEMAS,
    upcasts: Mapping[tuple[str, int], Upcast] = EVENT_UPCASTS,
) -> Event:
    """The event, brought up to the current schema."""
    decoder = _decoders.get(event_type)
    current = event_schema(event_type, schemas)
    if decoder is None or schema > current:
        raise SchemaUnknown(event_type, schema)
    if schema == current:
        return decoder.decode(body)
    raw = msgspec.json.decode(body)
    for version in range(schema, current):
        raw = upcasts[event_type, version](raw)
    return msgspec.convert(raw, EVENT_TYPES[event_type])


def encode_state(state: State) -> bytes:
    """MessagePack of the whole state."""
    return _state_encoder.encode(state)


def decode_state(body: bytes, schema: int, upcasts: Mapping[int, Upcast] = STATE_UPCASTS) -> State:
    """The state, brought up to the current schema; ``SchemaUnknown`` where no way leads there."""
    if schema == STATE_SCHEMA:
        return _state_decoder.decode(body)
    raw = msgspec.msgpack.decode(body)
    for version in range(schema, STATE_SCHEMA):
        if version not in upcasts:
            raise SchemaUnknown("state", schema)
        raw = upcasts[version](raw)
    if schema > STATE_SCHEMA:
        raise SchemaUnknown("state", schema)
    return msgspec.convert(raw, State)


def state_digest(state: State) -> str:
    """Digest by which a day is sealed: the same state gives the same, in whatever order it came about.

    It goes through bytes and back first, since a number given as ``60`` comes back as ``60.0``.
    """
    read_back = _state_decoder.decode(_state_encoder.encode(state))
    return f"state{STATE_SCHEMA}:" + hashlib.sha256(_canonical.encode(read_back)).hexdigest()


def fingerprint(*parts: object) -> str:
    """Digest of a command as it came in, by which a repeat is told from another command with the same key."""
    return hashlib.sha256(_canonical.encode(parts)).hexdigest()
