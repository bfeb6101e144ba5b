"""Registers in the embedded store: every version of every entry, written in the log's own transaction."""

from collections.abc import Sequence
from typing import Any

import apsw

from kuaijing.engine.ports import RegisterVersion
from kuaijing.measures.instants import Instant
from kuaijing.store.sqlite_file import SqliteFile

_COLUMNS = "register, id, version, at, actor, reason, change, salt, digest, document"


class SqliteRegisters:
    """See ``engine.ports.RegisterStore``."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def find(self, register: str, entry: str) -> RegisterVersion | None:
        """The newest version of an entry."""
        wanted = f"SELECT {_COLUMNS} FROM register_entry WHERE register = ? AND id = ? ORDER BY version DESC LIMIT 1"
        row = self._file.row(wanted, (register, entry))
        return None if row is None else _version(row)

    def list_newest(self, register: str) -> list[RegisterVersion]:
        """The newest version of every entry."""
        rows = self._file.rows(
            f"SELECT {_COLUMNS} FROM register_entry WHERE register = ?1 AND (id, version) IN"
            " (SELECT id, max(version) FROM register_entry WHERE register = ?1 GROUP BY id) ORDER BY id",
            (register,),
        )
        return [_version(row) for row in rows]

    def history(self, register: str, entry: str) -> list[RegisterVersion]:
        """Every version of an entry."""
        wanted = f"SELECT {_COLUMNS} FROM register_entry WHERE register = ? AND id = ? ORDER BY version"
        return [_version(row) for row in self._file.rows(wanted, (register, entry))]


def write_entries(db: apsw.Connection, entries: Sequence[RegisterVersion]) -> None:
    """Within the transaction of a batch."""
    db.executemany(
        f"INSERT INTO register_entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (e.register, e.id, e.version, e.at, e.actor, e.reason, e.change, e.salt, e.digest, e.document)
            for e in entries
        ],
    )


def _version(row: Sequence[Any]) -> RegisterVersion:
    register, entry, version, at, actor, reason, change, salt, digest, document = row
    return RegisterVersion(
        register, entry, version, Instant(at), actor, reason, change, bytes(salt), digest, bytes(document)
    )
