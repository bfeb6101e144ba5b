"""One SQLite file, opened so that what is committed is on the disk: settings read back, affected versions refused.

``apsw`` runs the statements of one ``execute`` lazily, so each setting is a statement of its own whose answer is read.
"""

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import apsw

from kuaijing.store.refused import DataUnreadable, SettingRefused, SqliteAffected

FIRST_SOUND_VERSION = 3_051_003
"""SQLite 3.51.3 repairs the WAL-reset bug (sqlite.org/wal.html, "WAL-reset bug")."""

_SETTINGS: tuple[tuple[str, object, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("busy_timeout", 5000, 5000),
    ("cell_size_check", "ON", 1),
)
"""Name, value to set, value to read back."""

Answer = TypeVar("Answer")


def refuse_affected(version: int | None = None) -> None:
    """Raise ``SqliteAffected`` where the library has the WAL-reset bug; ``version`` as ``3051003``."""
    number = apsw.SQLITE_VERSION_NUMBER if version is None else version
    if number < FIRST_SOUND_VERSION:
        raise SqliteAffected(f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}", "3.51.3")


class SqliteFile:
    """Two connections to one file: one writes, one reads; each is used by one thread at a time."""

    def __init__(self, path: Path, statements: Sequence[str], *, vfs: str | None = None) -> None:
        refuse_affected()
        self.path = path
        self._vfs = vfs
        self._write_lock, self._read_lock = threading.RLock(), threading.RLock()
        self._writer: apsw.Connection | None = None
        self._reader: apsw.Connection | None = None
        try:
            if vfs is None and not path.exists():
                path.touch(0o600)  # keys of personal words and codes of devices lie in it: its owner's only
            self.reopen()
            self.write(lambda connection: [connection.execute(statement) for statement in statements])
        except (apsw.NotADBError, apsw.CorruptError) as fault:
            self.close()
            raise DataUnreadable(str(path), f"is no sound SQLite file ({fault})") from fault
        except BaseException:
            self.close()
            raise

    def reopen(self) -> None:
        """Close both connections and open them afresh."""
        with self._write_lock, self._read_lock:
            self.close()
            self._writer = self._open()
            self._reader = self._open()

    def write(self, work: Callable[[apsw.Connection], Answer]) -> Answer:
        """Do ``work`` in one transaction, durable when this returns. An exception leaves the outcome unknown."""
        with self._write_lock:
            connection = self._connection(self._writer)
            connection.execute("BEGIN IMMEDIATE")
            try:
                answer = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(apsw.Error):  # the fault that led here is the one to tell
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                raise
            return answer

    def rows(self, statement: str, bindings: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._read_lock:
            try:
                return self._connection(self._reader).execute(statement, tuple(bindings)).fetchall()
            except (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError) as fault:
                raise DataUnreadable(str(self.path), f"is damaged ({fault})") from fault

    def row(self, statement: str, bindings: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """First row of a query."""
        rows = self.rows(statement, bindings)
        return rows[0] if rows else None

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and sync both; raises where that cannot be done."""
        with self._write_lock, self._read_lock:
            self._connection(self._writer).wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def close(self) -> None:
        """Let go of the file."""
        with self._write_lock, self._read_lock:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close(True)
            self._reader = self._writer = None

    def _open(self) -> apsw.Connection:
        connection = apsw.Connection(str(self.path), vfs=self._vfs)
        for name, value, wanted in _SETTINGS:
            connection.execute(f"PRAGMA {name}={value}").fetchall()
            found = connection.execute(f"PRAGMA {name}").fetchall()[0][0]
            if found != wanted:
                connection.close(True)
                raise SettingRefused(self.path, name, found, wanted)
        return connection

    def _connection(self, connection: apsw.Connection | None) -> apsw.Connection:
        if connection is None:
            raise DataUnreadable(str(self.path), "is not open")
        return connection
