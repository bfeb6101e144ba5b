"""PostgreSQL: one active writer per city, by advisory lock and by an epoch that every transaction checks."""

import asyncio
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from kuaijing.engine.engine import Engine
from kuaijing.engine.ports import Batch, Tail
from kuaijing.store.postgres import PostgresStore
from kuaijing.store.refused import BackupImpossible, DataInUse, Fenced, ServerUnreachable, WrongMode
from tests.engine.city import START, ZONE, call, context, force
from tests.store.rows import rows


async def end_connections(dsn: str) -> None:
    """What a failing network does: every connection but this is cut."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    await connection.close()


def test_a_second_writer_is_told_that_the_log_is_in_use(postgres_dsn: str) -> None:
    store = PostgresStore(postgres_dsn)
    with pytest.raises(DataInUse):
        PostgresStore(postgres_dsn)
    store.close()
    PostgresStore(postgres_dsn).close()


def test_a_writer_that_was_replaced_writes_nothing_any_more(postgres_dsn: str) -> None:
    old = PostgresStore(postgres_dsn)
    written = rows(4)
    old.log.append(Batch(rows=tuple(written[:2])))

    async def take_over() -> None:
        connection = await asyncpg.connect(postgres_dsn)
        await connection.execute("UPDATE writer SET epoch = epoch + 1")
        await connection.close()

    asyncio.run(take_over())
    with pytest.raises(Fenced, match="this writer holds epoch 1, the log is at 2"):
        old.log.append(Batch(rows=tuple(written[2:])))
    assert old.log.tail() == Tail(2, written[1].hash)
    old.close()


async def test_an_engine_comes_back_after_its_connections_were_cut(postgres_dsn: str) -> None:
    store = await asyncio.to_thread(PostgresStore, postgres_dsn)
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    await engine.submit(force(), context())
    await end_connections(postgres_dsn)

    outcomes = []
    for _ in range(50):
        try:
            outcomes.append(await engine.submit(call(), context(1, key="k1")))
            break
        except Exception as fault:
            outcomes.append(fault)
            await asyncio.sleep(0.1)

    assert len(engine.picture.state.incidents) == 1
    assert engine.verify().whole
    again = await engine.submit(call(), context(1, key="k1"))
    assert again.repeated
    await engine.stop()
    store.close()


async def test_an_engine_works_on_it_and_starts_again(postgres_dsn: str) -> None:
    store = await asyncio.to_thread(PostgresStore, postgres_dsn)
    engine = Engine(store, lambda: START, ZONE, snapshot_every=5)
    await engine.start()
    await engine.submit(force(), context())
    await asyncio.gather(*(engine.submit(call(), replace(context(n), key=f"k{n}")) for n in range(50)))
    picture = engine.picture
    await engine.stop()
    store.close()

    store = await asyncio.to_thread(PostgresStore, postgres_dsn)
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    assert engine.picture == picture
    assert (await engine.submit(call(seconds=0), replace(context(7), key="k7"))).repeated
    await engine.stop()
    store.close()


def test_a_training_database_is_no_live_one(postgres_dsn: str) -> None:
    PostgresStore(postgres_dsn, training=True).close()
    with pytest.raises(WrongMode):
        PostgresStore(postgres_dsn)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServerUnreachable, match="check that it runs"):
        PostgresStore(f"postgresql://postgres@/postgres?host={tmp_path}")


def test_a_backup_is_the_databases_own(postgres_dsn: str, tmp_path: Path) -> None:
    store = PostgresStore(postgres_dsn)
    with pytest.raises(BackupImpossible, match="pg_dump"):
        store.backup(tmp_path / "copy")
    store.close()
