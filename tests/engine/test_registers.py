"""Registers: each change rests on the version that was seen, has a reason, and is vouched for by the log in one commit."""

from dataclasses import replace

import pytest

from kuaijing.domain.commands import ChangeRegister
from kuaijing.domain.errors import Invalid, NotAllowed, ReasonRequired, Refused, ValueUnknown
from kuaijing.domain.registers import RegisterMark, StaleRegister, UnknownEntry
from kuaijing.engine.boot import load
from kuaijing.engine.engine import Engine
from kuaijing.engine.register_check import verify_registers
from kuaijing.engine.register_seal import salted_digest
from kuaijing.store.memory import MemoryStore
from tests.engine.city import context


def change(seen: int, how: str = "change", document: bytes = b'{"code":"4711"}', name: str = "x") -> ChangeRegister:
    return ChangeRegister("devices", name, seen, how, document)


async def test_the_table_has_the_document_and_the_log_its_digest(engine: Engine, store: MemoryStore) -> None:
    receipt = await engine.submit(change(0, "enter"), context(1, reason="新车"))

    (row,) = store.registers.history("devices", "x")
    (entry,) = receipt.events
    assert (row.document, row.version, row.actor, row.reason) == (b'{"code":"4711"}', 1, "dispatcher", "新车")
    assert entry.event.digest == row.digest == salted_digest(row.salt, row.document)  # type: ignore[union-attr]
    assert b"4711" not in store.log.rows[-1].body
    assert receipt.ids == {"entry": "x"}


async def test_the_same_document_never_gives_the_same_digest(engine: Engine, store: MemoryStore) -> None:
    await engine.submit(change(0, "enter"), context(1, reason="a"))
    await engine.submit(change(1), context(2, reason="b"))

    first, second = store.registers.history("devices", "x")
    assert first.digest != second.digest


async def test_a_change_that_rests_on_an_older_version_is_refused_with_what_stands(engine: Engine) -> None:
    await engine.submit(change(0, "enter"), context(1, reason="a"))
    await engine.submit(change(1), context(2, reason="b"))

    with pytest.raises(StaleRegister, match="seen at version 1, it is at version 2") as refused:
        await engine.submit(change(1), context(3, reason="c"))
    assert refused.value.current() == {"register": "devices", "id": "x", "version": 2, "retired": False}
    with pytest.raises(StaleRegister, match="taken for new"):
        await engine.submit(change(0, "enter"), context(4, reason="d"))


async def test_a_change_needs_a_reason_an_entry_and_a_register(engine: Engine) -> None:
    with pytest.raises(ReasonRequired):
        await engine.submit(change(0, "enter"), context(1))
    with pytest.raises(UnknownEntry, match="no entry 'x'"):
        await engine.submit(change(1), context(1, reason="a"))
    with pytest.raises(ValueUnknown, match="devices"):
        await engine.submit(ChangeRegister("cars", "x", 0, "enter", b"{}"), context(1, reason="a"))
    with pytest.raises(Invalid, match="document"):
        await engine.submit(change(0, "enter", b""), context(1, reason="a"))
    with pytest.raises(Refused, match="2 faults"):
        await engine.submit(change(0, "alter", name=" "), context(1, reason="a"))


async def test_what_is_retired_is_restored_before_it_is_changed(engine: Engine) -> None:
    await engine.submit(change(0, "enter"), context(1, reason="a"))
    with pytest.raises(NotAllowed, match="in use"):
        await engine.submit(change(1, "restore"), context(2, reason="b"))
    await engine.submit(change(1, "retire"), context(2, reason="sold"))
    with pytest.raises(NotAllowed, match="retired"):
        await engine.submit(change(2), context(3, reason="c"))
    await engine.submit(change(2, "restore"), context(4, reason="back"))

    assert engine.picture.state.registers["devices/x"].version == 3


async def test_a_restart_knows_every_version_from_the_log_alone(engine: Engine, store: MemoryStore) -> None:
    await engine.submit(change(0, "enter"), context(1, reason="a"))
    await engine.submit(change(1, "retire"), context(2, reason="b"))

    state = load(store, use_snapshot=False).state

    assert state.registers == engine.picture.state.registers
    assert state.registers["devices/x"] == RegisterMark(2, store.registers.history("devices", "x")[1].digest, True)


async def test_an_entry_that_was_altered_removed_or_slipped_in_is_found(engine: Engine, store: MemoryStore) -> None:
    for name in ("x", "y"):
        await engine.submit(change(0, "enter", name=name), context(1, reason="a"))
    assert verify_registers(store) == (2, [])

    table = store.log.entries
    table["devices", "x"][0] = replace(table["devices", "x"][0], document=b'{"code":"0815"}')
    slipped = replace(table.pop(("devices", "y"))[0], id="z")
    table["devices", "z"] = [slipped]

    assert [(fault.entry, fault.problem) for fault in verify_registers(store)[1]] == [
        ("devices/x", "was altered"),
        ("devices/y", "is missing"),
        ("devices/z", "is not in the log"),
    ]
