"""Stored events and states keep the schema they were written with, and are brought up to date when read."""

from typing import Any, get_args

import msgspec
import pytest

from kuaijing.domain.endings import IncidentClosed
from kuaijing.domain.incidents import NoteAdded
from kuaijing.domain.registry import EVENT_TYPES, Event
from kuaijing.domain.state import State
from kuaijing.domain.words import Outcome
from kuaijing.engine import codec
from kuaijing.engine.boot import load
from kuaijing.engine.codec import SchemaUnknown, decode_event, decode_state, encode_event, encode_state
from kuaijing.engine.engine import Engine
from kuaijing.measures.instants import Instant
from kuaijing.store.memory import MemoryStore
from tests.engine.city import at, call, context
from tests.reporting.day_of_incidents import file


def test_an_old_event_goes_through_every_step_to_the_current_schema() -> None:
    old = b'{"incident":"i1","words":"\xe5\x88\xb0\xe5\x9c\xba","at":5}'  # schema 1 called it words, had no measures

    def renamed(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "text": raw.pop("words")}

    def given(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "measures": False}

    upcasts = {("NoteAdded", 1): renamed, ("NoteAdded", 2): given}
    event = decode_event("NoteAdded", 1, old, schemas={"NoteAdded": 3}, upcasts=upcasts)

    assert event == NoteAdded("i1", "到场", False, at=5)  # type: ignore[arg-type]


def test_closings_and_snapshots_of_before_follow_up_had_a_field_are_read_as_needing_nobody() -> None:
    old = b'{"incident":"20261121-0001","outcome":"settled","at":5}'
    assert decode_event("IncidentClosed", 1, old) == IncidentClosed("20261121-0001", Outcome.SETTLED, at=Instant(5))

    incident = file().incident
    raw = msgspec.msgpack.decode(encode_state(State(incidents={incident.id: incident})))
    del raw["incidents"][incident.id]["follow_up"]
    assert decode_state(msgspec.msgpack.encode(raw), 5).incidents == {incident.id: incident}


def test_an_event_of_a_newer_program_is_refused_by_name() -> None:
    with pytest.raises(SchemaUnknown, match="NoteAdded with schema 2"):
        decode_event("NoteAdded", 2, b"{}")
    with pytest.raises(SchemaUnknown, match="NeverHeardOf"):
        decode_event("NeverHeardOf", 1, b"{}")


def test_an_old_snapshot_is_brought_up_or_left_for_a_full_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = msgspec.msgpack.decode(encode_state(State(sealed_day="20261120")))
    raw["last_day"] = raw.pop("sealed_day")
    old = msgspec.msgpack.encode(raw)

    def renamed(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "sealed_day": value.pop("last_day")}

    monkeypatch.setattr(codec, "STATE_SCHEMA", 2)
    assert decode_state(old, 1, {1: renamed}).sealed_day == "20261120"
    with pytest.raises(SchemaUnknown):
        decode_state(old, 1, {})
    with pytest.raises(SchemaUnknown):
        decode_state(old, 3, {})


async def test_a_snapshot_that_cannot_be_read_costs_a_replay_and_nothing_else(
    engine: Engine, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await engine.submit(call(), context(1))
    await engine._snapshot()
    monkeypatch.setattr(codec, "STATE_SCHEMA", codec.STATE_SCHEMA + 1)

    loaded = load(store)

    assert loaded.snapshot_seq == 0
    assert loaded.state == engine.picture.state


def test_every_event_type_is_in_the_union_and_survives_its_bytes() -> None:
    union: set[type] = set()
    for each in get_args(Event):
        union |= {each}
    assert union == set(EVENT_TYPES.values())
    note = NoteAdded("i1", "ئۇيغۇر 👮🏽‍♀️ <b>", True, at(1))
    assert decode_event("NoteAdded", 1, encode_event(note)) == note
