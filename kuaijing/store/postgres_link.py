"""The link to one PostgreSQL database: two connections on an event loop in a thread of their own, behind blocking calls.

One connection writes and holds the advisory lock of the log for as long as it lives; the other reads. Taking the lock raises the
*epoch*; every transaction checks that it still holds, so that a writer whose connection was cut and who was replaced meanwhile
writes nothing any more, lock or no lock.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import asyncpg

from kuaijing.store.refused import DataInUse, Fenced, ServerUnreachable, StoreError

ANSWER_WITHIN_S = 10.0
"""A statement that takes longer counts as lost: its outcome is then unknown."""

_DURABLE = (("fsync", "on"), ("full_page_writes", "on"))

Answer = TypeVar("Answer")


class PostgresLink:
    """See the module. ``statements`` make the tables; they are run under the lock."""

    def __init__(self, dsn: str, statements: Sequence[str]) -> None:
        self.where = dsn.partition("?")[0].rpartition("@")[2]
        self._dsn, self._statements = dsn, statements
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="kuaijing-postgres", daemon=True)
        self._thread.start()
        self._writer: Any = None
        self._reader: Any = None
        self._reading = asyncio.Lock()
        self._epoch = 0
        try:
            self.reopen()
        except BaseException:
            self.close()
            raise

    def reopen(self) -> None:
        """Cut both connections, connect afresh, take the lock and a new epoch."""
        self._call(self._connect())

    def write(self, work: Callable[[Any], Awaitable[Answer]]) -> Answer:
        """Do ``work`` in one transaction under the epoch. An exception leaves the outcome unknown."""
        return self._call(self._write(work))

    def rows(self, statement: str, *bindings: object) -> list[Any]:
        """All rows of a query."""
        return self._call(self._rows(statement, bindings))

    def row(self, statement: str, *bindings: object) -> Any | None:
        """First row of a query."""
        rows = self.rows(statement, *bindings)
        return rows[0] if rows else None

    def close(self) -> None:
        """Let go of the server; a second time does nothing."""
        if self._loop.is_closed():
            return
        self._call(self._disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _connect(self) -> None:
        await self._disconnect()
        try:
            self._writer = await asyncpg.connect(self._dsn, timeout=ANSWER_WITHIN_S, command_timeout=ANSWER_WITHIN_S)
            self._reader = await asyncpg.connect(self._dsn, timeout=ANSWER_WITHIN_S, command_timeout=ANSWER_WITHIN_S)
            await self._check_durable()
            await self._take_lock()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as fault:
            await self._disconnect()
            raise ServerUnreachable(self.where, f"{type(fault).__name__}: {fault}") from fault
        except StoreError:
            await self._disconnect()
            raise

    async def _check_durable(self) -> None:
        await self._writer.execute("SET synchronous_commit = on")
        for name, wanted in _DURABLE:
            found = await self._writer.fetchval(f"SHOW {name}")
            if found != wanted:
                raise ServerUnreachable(
                    self.where, f"{name} is {found}, {wanted} is needed for what is acknowledged to last"
                )

    async def _take_lock(self) -> None:
        key = "hashtextextended('kuaijing ' || current_schema(), 0)"
        if not await self._writer.fetchval(f"SELECT pg_try_advisory_lock({key})"):
            raise DataInUse(f"the log at {self.where}")
        async with self._writer.transaction():
            for statement in self._statements:
                await self._writer.execute(statement)
            await self._writer.execute(
                "CREATE TABLE IF NOT EXISTS writer (one BIGINT PRIMARY KEY, epoch BIGINT NOT NULL)"
            )
            self._epoch = await self._writer.fetchval(
                "INSERT INTO writer VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET epoch = writer.epoch + 1 RETURNING epoch"
            )

    async def _write(self, work: Callable[[Any], Awaitable[Answer]]) -> Answer:
        if self._writer is None:
            raise ServerUnreachable(self.where, "not connected")
        async with self._writer.transaction():
            current = await self._writer.fetchval("SELECT epoch FROM writer WHERE one = 1 FOR SHARE")
            if current != self._epoch:
                raise Fenced(self._epoch, current)
            return await work(self._writer)

    async def _rows(self, statement: str, bindings: Sequence[object]) -> list[Any]:
        async with self._reading:
            if self._reader is None:
                raise ServerUnreachable(self.where, "not connected")
            found: list[Any] = await self._reader.fetch(statement, *bindings)
            return found

    async def _disconnect(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                try:
                    await connection.close(timeout=1.0)
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                    connection.terminate()
        self._reader = self._writer = None
