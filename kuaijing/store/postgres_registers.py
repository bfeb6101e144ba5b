"""Registers in the distributed store: every version of every entry, written in the log's own transaction."""

from collections.abc import Sequence
from typing import Any

from kuaijing.engine.ports import RegisterVersion
from kuaijing.measures.instants import Instant
from kuaijing.store.postgres_link import PostgresLink

ENTRY_TYPES = ("text", "text", "bigint", "bigint", "text", "text", "text", "bytea", "text", "bytea")
"""Of the table's columns, in their order."""

_COLUMNS = "register, id, version, at, actor, reason, change, salt, digest, document"


class PostgresRegisters:
    """See ``engine.ports.RegisterStore``."""

    def __init__(self, link: PostgresLink) -> None:
        self._link = link

    def find(self, register: str, entry: str) -> RegisterVersion | None:
        """The newest version of an entry."""
        wanted = f"SELECT {_COLUMNS} FROM register_entry WHERE register = $1 AND id = $2 ORDER BY version DESC LIMIT 1"
        row = self._link.row(wanted, register, entry)
        return None if row is None else _version(row)

    def list_newest(self, register: str) -> list[RegisterVersion]:
        """The newest version of every entry."""
        rows = self._link.rows(
            f'SELECT DISTINCT ON (id COLLATE "C") {_COLUMNS} FROM register_entry WHERE register = $1'
            ' ORDER BY id COLLATE "C", version DESC',
            register,
        )
        return [_version(row) for row in rows]

    def history(self, register: str, entry: str) -> list[RegisterVersion]:
        """Every version of an entry."""
        wanted = f"SELECT {_COLUMNS} FROM register_entry WHERE register = $1 AND id = $2 ORDER BY version"
        return [_version(row) for row in self._link.rows(wanted, register, entry)]


def stored_entries(entries: Sequence[RegisterVersion]) -> list[tuple[object, ...]]:
    """Rows of the table."""
    return [
        (e.register, e.id, e.version, e.at, e.actor, e.reason, e.change, e.salt, e.digest, e.document) for e in entries
    ]


def _version(row: Any) -> RegisterVersion:
    register, entry, version, at, actor, reason, change, salt, digest, document = row
    return RegisterVersion(
        register, entry, version, Instant(at), actor, reason, change, bytes(salt), digest, bytes(document)
    )
