"""The history's own SQLite file: sealed segments, their boxes in an R*Tree, names, and the tail of what is not sealed yet.

A segment's number is its ten minutes and its unit (``columns.segment_id``), so that a time is one run of the table, a unit's
segments are one run of an index, and the boxes need no column beside their number. The tail holds the fixes of each flush as one
row; it is rewritten once most of what it holds is sealed. Sealing and shortening the tail are separate transactions in that order:
after a crash between the two a fix is in both, and merging mends it.
"""

import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import apsw
import numpy as np
from numpy.typing import NDArray

from kuaijing.store.history import columns as c
from kuaijing.store.history.segments import decode, encode
from kuaijing.store.history.tracks import Origin
from kuaijing.store.refused import DataUnreadable
from kuaijing.store.sqlite_file import SqliteFile

FORMAT: Final = 1
_PAGE: Final = 8192
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS about(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    f"INSERT OR IGNORE INTO about VALUES ('format', {FORMAT}), ('points', 0), ('segments', 0)",
    "CREATE TABLE IF NOT EXISTS unit(number INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)",
    "CREATE TABLE IF NOT EXISTS origin(number INTEGER PRIMARY KEY, source TEXT NOT NULL, device TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS segment(id INTEGER PRIMARY KEY, unit INTEGER NOT NULL, points INTEGER NOT NULL,"
    " data BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS segment_of_unit ON segment(unit, id)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS box USING rtree_i32(id, west, east, south, north, slot, slot_too)",
    "CREATE TABLE IF NOT EXISTS tail(number INTEGER PRIMARY KEY, fixes INTEGER NOT NULL, data BLOB NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing some segments did."""

    fixes: int
    repeated: int
    """Fixes that were there already."""


class HistoryFile:
    """One file. Writing is for one thread; questions may come from any."""

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        self.path = path
        _prepare(path, vfs)
        self._file = SqliteFile(path, _SCHEMA, vfs=vfs)
        found = self._file.row("SELECT value FROM about WHERE name = 'format'")
        if found is None or found[0] != FORMAT:
            self._file.close()
            told = "none" if found is None else found[0]
            raise DataUnreadable(str(path), f"is a position history of format {told}, this program reads {FORMAT}")

    # --- names ------------------------------------------------------------------------------------------------------------

    def units(self) -> list[str]:
        """Names of the units by number."""
        return [name for (name,) in self._file.rows("SELECT name FROM unit ORDER BY number")]

    def origins(self) -> list[Origin]:
        """Origins by number."""
        return [Origin(*row) for row in self._file.rows("SELECT source, device FROM origin ORDER BY number")]

    # --- writing ----------------------------------------------------------------------------------------------------------

    def append_tail(
        self, units: Iterable[tuple[int, str]], origins: Iterable[tuple[int, Origin]], fixes: NDArray[np.int64]
    ) -> None:
        """New names and the fixes of one flush (unit and nine numbers a row), durable when this returns."""

        def work(connection: apsw.Connection) -> None:
            connection.executemany("INSERT OR IGNORE INTO unit VALUES (?, ?)", units)
            connection.executemany(
                "INSERT OR IGNORE INTO origin VALUES (?, ?, ?)",
                ((number, origin.source, origin.device) for number, origin in origins),
            )
            connection.execute("INSERT INTO tail(fixes, data) VALUES (?, ?)", (len(fixes), _deflated(fixes)))

        self._file.write(work)

    def rewrite_tail(self, units: NDArray[np.int64], rows: c.Rows) -> None:
        """The tail holds these fixes and no other."""
        fixes = np.concatenate([units[None, :], rows]).T

        def work(connection: apsw.Connection) -> None:
            connection.execute("DELETE FROM tail")
            if len(fixes):
                connection.execute("INSERT INTO tail(fixes, data) VALUES (?, ?)", (len(fixes), _deflated(fixes)))

        self._file.write(work)

    def seal(self, segments: Sequence[tuple[int, c.Rows]]) -> Sealed:
        """Put fixes into their segments, new or there already, in one transaction."""

        def work(connection: apsw.Connection) -> Sealed:
            given = kept = new = 0
            for number, rows in segments:
                found: list[Any] = connection.execute(
                    "SELECT data, points FROM segment WHERE id = ?", (number,)
                ).fetchall()
                before = int(found[0][1]) if found else 0
                together = c.merged([decode(found[0][0]), rows] if found else [rows])
                given += rows.shape[1]
                if together.shape[1] == before:
                    continue
                kept += together.shape[1] - before
                new += not found
                _put(connection, number, together)
            connection.execute("UPDATE about SET value = value + ? WHERE name = 'points'", (kept,))
            connection.execute("UPDATE about SET value = value + ? WHERE name = 'segments'", (new,))
            return Sealed(kept, given - kept)

        return self._file.write(work)

    def drop(self, numbers: Sequence[int]) -> int:
        """Remove segments for good; the fixes that went."""

        def work(connection: apsw.Connection) -> int:
            points = 0
            for number in numbers:
                found: list[Any] = connection.execute("SELECT points FROM segment WHERE id = ?", (number,)).fetchall()
                points += int(found[0][0])
            connection.executemany("DELETE FROM segment WHERE id = ?", ((number,) for number in numbers))
            connection.executemany("DELETE FROM box WHERE id = ?", ((number,) for number in numbers))
            connection.execute("UPDATE about SET value = value - ? WHERE name = 'points'", (points,))
            connection.execute("UPDATE about SET value = value - ? WHERE name = 'segments'", (len(numbers),))
            return points

        return self._file.write(work)

    # --- asking -----------------------------------------------------------------------------------------------------------

    def tail(self) -> NDArray[np.int64]:
        """Everything in the tail, unit and nine numbers a row, as it came."""
        parts = []
        for count, data in self._file.rows("SELECT fixes, data FROM tail ORDER BY number"):
            try:
                parts.append(np.frombuffer(zlib.decompress(data), np.int64).reshape(1 + c.WIDTH, count).T)
            except (zlib.error, ValueError) as fault:
                raise DataUnreadable(str(self.path), f"has a damaged tail ({fault})") from fault
        return np.concatenate(parts) if parts else np.empty((0, 1 + c.WIDTH), np.int64)

    def segments(self, first_slot: int, last_slot: int) -> list[tuple[int, bytes]]:
        """Number and data of all segments of slots ``first_slot`` to ``last_slot``, in order."""
        first, last = c.segment_id(first_slot, 0), c.segment_id(last_slot + 1, 0)
        return self._rows("SELECT id, data FROM segment WHERE id >= ? AND id < ? ORDER BY id", (first, last))

    def segments_of(self, unit: int, first_slot: int, last_slot: int) -> list[tuple[int, bytes]]:
        """The same of one unit."""
        first, last = c.segment_id(first_slot, 0), c.segment_id(last_slot + 1, 0)
        return self._rows(
            "SELECT id, data FROM segment WHERE unit = ? AND id >= ? AND id < ? ORDER BY id", (unit, first, last)
        )

    def latest_of(self, unit: int, slot: int) -> list[tuple[int, bytes]]:
        """The unit's last two segments up to a slot, newest first."""
        last = c.segment_id(slot + 1, 0)
        return self._rows(
            "SELECT id, data FROM segment WHERE unit = ? AND id < ? ORDER BY id DESC LIMIT 2", (unit, last)
        )

    def touching(self, first_slot: int, last_slot: int, box: tuple[int, int, int, int]) -> list[tuple[int, bytes]]:
        """Segments of those slots whose box meets ``box`` (west, south, east, north)."""
        west, south, east, north = box
        return self._rows(
            "SELECT s.id, s.data FROM box b CROSS JOIN segment s ON s.id = b.id WHERE b.slot >= ? AND b.slot_too <= ?"
            " AND b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ?",
            (first_slot, last_slot, east, west, north, south),
        )

    def next_slot(self, slot: int) -> int | None:
        """The first slot from ``slot`` on that has a segment."""
        found = self._file.row("SELECT id FROM segment WHERE id >= ? ORDER BY id LIMIT 1", (c.segment_id(slot, 0),))
        return None if found is None else int(found[0]) >> c.UNIT_BITS

    def last_slot(self) -> int | None:
        """The last slot that has a segment."""
        found = self._file.row("SELECT id FROM segment ORDER BY id DESC LIMIT 1")
        return None if found is None else int(found[0]) >> c.UNIT_BITS

    def numbers_before(self, slot: int, most: int) -> list[int]:
        """Segments of earlier slots, at most so many, oldest first."""
        rows = self._file.rows("SELECT id FROM segment WHERE id < ? ORDER BY id LIMIT ?", (c.segment_id(slot, 0), most))
        return [int(number) for (number,) in rows]

    def totals(self) -> tuple[int, int, int]:
        """Fixes and segments that are sealed, and bytes of the file with its write-ahead log."""
        told = dict(self._file.rows("SELECT name, value FROM about"))
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return int(told["points"]), int(told["segments"]), sum(each.stat().st_size for each in files if each.exists())

    def hold_still(self) -> None:
        """From now on questions see the file as it is, whatever is written beside."""
        self._file.rows("BEGIN")
        self._file.rows("SELECT 1 FROM about")

    # --- the file itself --------------------------------------------------------------------------------------------------

    def reopen(self) -> None:
        """Open it afresh after a fault whose outcome is unknown."""
        self._file.reopen()

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file."""
        self._file.checkpoint()

    def close(self) -> None:
        """Let go of it."""
        self._file.close()

    def _rows(self, statement: str, bindings: Sequence[object]) -> list[Any]:
        return self._file.rows(statement, bindings)


def _put(connection: apsw.Connection, number: int, rows: c.Rows) -> None:
    slot, unit = number >> c.UNIT_BITS, number & (c.MOST_UNITS - 1)
    lon, lat = rows[c.LON], rows[c.LAT]
    connection.execute(
        "INSERT OR REPLACE INTO segment VALUES (?, ?, ?, ?)", (number, unit, rows.shape[1], encode(rows))
    )
    connection.execute(
        "INSERT OR REPLACE INTO box VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, int(lon.min()), int(lon.max()), int(lat.min()), int(lat.max()), slot, slot),
    )


def _deflated(fixes: NDArray[np.int64]) -> bytes:
    """Column by column, so that what repeats lies together."""
    return zlib.compress(np.ascontiguousarray(fixes.T).tobytes(), 1)


def _prepare(path: Path, vfs: str | None) -> None:
    """A new file is its owner's only and has pages that hold several segments; neither can be given to an old one."""
    if path.exists():
        return
    if vfs is None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = apsw.Connection(str(path), vfs=vfs)
    try:
        for statement in (f"PRAGMA page_size={_PAGE}", "PRAGMA journal_mode=WAL", _SCHEMA[0]):
            connection.execute(statement).fetchall()
    finally:
        connection.close(True)
