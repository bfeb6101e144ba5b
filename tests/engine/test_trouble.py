"""Disk full, syncs that fail, outcomes that are not known: no acknowledgement, a degraded state, recovery without a restart."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kuaijing.domain.commands import AddNote
from kuaijing.engine import engine as engine_module
from kuaijing.engine.engine import Engine
from kuaijing.engine.errors import Degraded
from kuaijing.engine.ports import Batch
from kuaijing.store.folder import FolderStore, open_store
from tests.engine.city import START, ZONE, call, context, force
from tests.store.faulty_disk import FaultyDisk


@pytest.fixture
def disk() -> FaultyDisk:
    return FaultyDisk()


@pytest.fixture
async def store(disk: FaultyDisk, tmp_path: Path) -> AsyncIterator[FolderStore]:
    opened = open_store(tmp_path, vfs=disk.name)
    yield opened
    disk.full = disk.broken = False
    opened.close()


@pytest.fixture
async def engine(store: FolderStore) -> AsyncIterator[Engine]:
    running = Engine(store, lambda: START, ZONE)
    await running.start()
    await running.submit(force(), context())
    yield running
    await running.stop()


async def well(engine: Engine) -> None:
    for _ in range(400):
        if engine.health == "ok":
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"still {engine.health}: {engine.detail}")


async def test_a_full_disk_is_no_acknowledgement_a_degraded_state_and_it_comes_back(
    engine: Engine, disk: FaultyDisk
) -> None:
    before = engine.picture
    disk.full = True

    with pytest.raises(Degraded, match=r"FullError.*nothing was recorded.*same key"):
        await engine.submit(call(), context(1, key="k1"))
    assert engine.health == "degraded"
    assert "FullError" in engine.detail
    assert engine.picture == before
    with pytest.raises(Degraded):  # refused at the door while it lasts
        await engine.submit(call(), context(1, key="k2"))

    disk.full = False
    await well(engine)
    receipt = await engine.submit(call(), context(2, key="k1"))
    assert not receipt.repeated
    assert list(engine.picture.state.incidents) == [receipt.ids["incident"]]
    assert engine.verify().whole


async def test_a_sync_that_fails_is_no_acknowledgement_and_the_repeat_is_recorded_once(
    engine: Engine, disk: FaultyDisk
) -> None:
    disk.fail_syncs = 1

    with pytest.raises(Degraded, match="does not sync"):
        await engine.submit(call(), context(1, key="k1"))

    await well(engine)
    await engine.submit(call(), context(1, key="k1"))
    assert len(engine.picture.state.incidents) == 1
    assert engine.verify().whole


async def test_while_nothing_can_be_known_callers_are_told_so_and_not_left_hanging(
    engine: Engine, disk: FaultyDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "UNKNOWN_AFTER_S", 0.2)
    disk.broken = True

    with pytest.raises(Degraded, match="not known yet whether this was recorded"):
        await asyncio.wait_for(engine.submit(call(), context(1, key="k1")), 10)

    disk.broken = False
    await well(engine)
    await engine.submit(call(), context(2, key="k1"))  # the same key: recorded once, whichever it was
    assert len(engine.picture.state.incidents) == 1
    assert engine.verify().whole


async def test_an_append_that_committed_and_then_lost_its_answer_is_found_by_reading_the_tail(
    engine: Engine, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = store.log.append

    def lose_the_answer(batch: Batch) -> None:
        append(batch)
        monkeypatch.setattr(store.log, "append", append)
        raise OSError("connection cut after the commit")

    monkeypatch.setattr(store.log, "append", lose_the_answer)
    subscription = engine.subscribe()

    receipt = await engine.submit(call(), context(1, key="k1"))

    assert [type(each.event).__name__ for each in receipt.events] == ["IncidentOpened", "CallTaken"]
    committed = await anext(subscription)
    assert [each.seq for each in committed.events] == [each.seq for each in receipt.events]  # published once
    await well(engine)
    assert (await engine.submit(call(), context(1, key="k1"))).repeated


async def test_an_append_that_never_reached_the_log_is_refused_and_can_be_sent_again(
    engine: Engine, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = store.log.append

    def fail_before(batch: Batch) -> None:
        monkeypatch.setattr(store.log, "append", append)
        raise OSError("cut before anything was written")

    monkeypatch.setattr(store.log, "append", fail_before)
    with pytest.raises(Degraded, match="nothing was recorded"):
        await engine.submit(call(), context(1, key="k1"))
    await well(engine)

    assert not (await engine.submit(call(), context(1, key="k1"))).repeated
    assert len(engine.picture.state.incidents) == 1


async def test_a_group_in_trouble_refuses_every_command_of_it(engine: Engine, disk: FaultyDisk) -> None:
    disk.full = True
    note = AddNote("20261121-0099", "an incident that is not known")

    answers = await asyncio.gather(
        engine.submit(call(), context(1)),
        engine.submit(call(), context(1)),
        engine.submit(note, context(1)),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [Degraded, Degraded, Degraded]
    disk.full = False
    await well(engine)


async def test_a_fault_of_the_program_in_one_command_does_not_stop_the_writer(engine: Engine) -> None:
    incident = str((await engine.submit(call(), context(1))).ids["incident"])
    with pytest.raises(AttributeError):
        await engine.submit(AddNote(incident, None), context(2))  # type: ignore[arg-type]

    await engine.submit(call(), context(3))
    assert engine.health == "ok"
