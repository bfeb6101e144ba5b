"""The embedded store: one SQLite file with the log, its receipts and projections, and the personal-data side store beside it."""

import itertools
import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw

from kuaijing.engine.personal import SealedWords
from kuaijing.engine.ports import Batch, EndedIncident, PlanVersion, Row, SnapshotRecord, StoredReceipt, Tail
from kuaijing.measures.instants import Instant
from kuaijing.store import schema
from kuaijing.store.refused import BackupImpossible, DataUnreadable, LogMoved, StoreError, WrongMode
from kuaijing.store.sqlite_file import SqliteFile
from kuaijing.store.sqlite_registers import SqliteRegisters, write_entries

_LOG = logging.getLogger(__name__)
PAGE = 2000
"""Log entries fetched at a time."""

SNAPSHOTS_KEPT = 2

_COLUMNS = "seq, recorded_at, actor, source, reason, by_voice, idempotency_key, type, schema, body, prev_hash, hash"


class SqliteStore:
    """All ports in one file; see ``engine.ports``."""

    def __init__(
        self, path: Path, *, training: bool = False, algorithm: str = "sha256", vfs: str | None = None
    ) -> None:
        self.training, self.algorithm = training, algorithm
        self.file = SqliteFile(path, schema.SQLITE, vfs=vfs)
        try:
            self._agree("schema", str(schema.SCHEMA_VERSION))
            self._agree("mode", "training" if training else "live")
            self.algorithm = self._agree("hash", algorithm)
        except (apsw.CorruptError, apsw.NotADBError) as fault:
            self.file.close()
            raise DataUnreadable(str(path), f"is no sound SQLite file ({fault})") from fault
        except BaseException:
            self.file.close()
            raise
        self.advice = _Advice(self.file)
        self.log = _Log(self.file, self.advice)
        self.snapshots = _Snapshots(self.file)
        self.ended = _Ended(self.file)
        self.personal = _Personal(self.file)
        self.registers = SqliteRegisters(self.file)
        self.plans = _Plans(self.file)

    def backup(self, out: Path) -> None:
        """A consistent copy of the file as ``out``, while running."""
        if out.exists():
            raise BackupImpossible(out, "it is there already")
        self.file.rows("VACUUM INTO ?", (str(out),))

    def close(self) -> None:
        """Write what waits and let go of the file, also where it cannot be written; a second time does nothing."""
        try:
            self.advice.flush()
        except (apsw.Error, StoreError) as fault:
            _LOG.warning("advice that nobody ordered by could not be written: %s", fault)
        finally:
            self.file.close()

    def _agree(self, name: str, wanted: str) -> str:
        """The file's own word on itself, written when it was made."""
        self.file.write(lambda db: db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, wanted)))
        row = self.file.row("SELECT value FROM meta WHERE name = ?", (name,))
        found = "" if row is None else str(row[0])
        if name == "mode" and found != wanted:
            raise WrongMode(str(self.file.path), found, wanted)
        if name == "schema" and found != wanted:
            raise DataUnreadable(str(self.file.path), f"has schema {found}, this version reads {wanted}")
        return found


class _Advice:
    """Advice waits in memory for the next commit, so that looking costs no fsync."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self.waiting: dict[str, bytes] = {}

    def put(self, digest: str, body: bytes) -> None:
        self.waiting[digest] = body

    def find(self, digest: str) -> bytes | None:
        if digest in self.waiting:
            return self.waiting[digest]
        row = self._file.row("SELECT body FROM advice WHERE digest = ?", (digest,))
        return None if row is None else bytes(row[0])

    def flush(self) -> None:
        taken = dict(self.waiting)
        if taken:
            self._file.write(lambda db: self.write(db, taken))
            self.written(taken)

    def write(self, db: apsw.Connection, taken: dict[str, bytes]) -> None:
        db.executemany("INSERT OR IGNORE INTO advice VALUES (?, ?)", list(taken.items()))

    def written(self, taken: dict[str, bytes]) -> None:
        for digest in taken:
            self.waiting.pop(digest, None)


class _Log:
    def __init__(self, file: SqliteFile, advice: _Advice) -> None:
        self._file, self._advice = file, advice

    def append(self, batch: Batch) -> None:
        taken = dict(self._advice.waiting)
        self._file.write(lambda db: self._write(db, batch, taken))
        self._advice.written(taken)
        if batch.forgotten:
            self._file.checkpoint()  # the key must not stay behind in the write-ahead log

    def _write(self, db: apsw.Connection, batch: Batch, taken: dict[str, bytes]) -> None:
        if batch.rows:
            tail: Any = db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchall()[0][0]
            if tail != batch.rows[0].seq - 1:
                raise LogMoved(batch.rows[0].seq, tail)
        db.executemany(
            f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_stored(r) for r in batch.rows],
        )
        index = [(incident, row.seq) for row in batch.rows for incident in row.incidents]
        db.executemany("INSERT INTO event_incident VALUES (?, ?)", index)
        db.executemany(
            "INSERT INTO receipt VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(r.actor, r.key, r.fingerprint, r.version, r.first_seq, r.last_seq, r.ids) for r in batch.receipts],
        )
        db.executemany("INSERT OR IGNORE INTO personal_key VALUES (?, ?)", [(k.incident, k.key) for k in batch.keys])
        db.executemany(
            "INSERT INTO personal_words VALUES (?, ?, ?)", [(w.call, w.incident, w.sealed) for w in batch.words]
        )
        write_entries(db, batch.registers)
        self._project(db, batch)
        for incident, calls in batch.forgotten:
            db.executemany("DELETE FROM personal_words WHERE call = ?", [(call,) for call in calls])
            db.execute(
                "DELETE FROM personal_key WHERE incident = ?1"
                " AND NOT EXISTS (SELECT 1 FROM personal_words WHERE incident = ?1)",
                (incident,),
            )
        self._advice.write(db, taken)

    def _project(self, db: apsw.Connection, batch: Batch) -> None:
        touched = [(each,) for each in (*batch.running, *(each.incident for each in batch.ended))]
        db.executemany("DELETE FROM ended_part WHERE incident = ?", touched)
        db.executemany("DELETE FROM ended WHERE incident = ?", touched)
        db.executemany(
            "INSERT INTO ended VALUES (?, ?, ?, ?, ?)",
            [(e.incident, e.opened_at, e.ended_at, json.dumps(e.parts).encode(), e.body) for e in batch.ended],
        )
        parts = [(part, each.incident) for each in batch.ended for part in each.parts]
        db.executemany("INSERT OR REPLACE INTO ended_part VALUES (?, ?)", parts)

    def reopen(self) -> None:
        self._file.reopen()

    def confirm(self) -> None:
        self._file.checkpoint()

    def probe(self) -> None:
        body = bytes(64 * 1024)
        self._file.write(lambda db: db.execute("INSERT OR REPLACE INTO probe VALUES (1, ?)", (body,)))
        self._file.write(lambda db: db.execute("DELETE FROM probe"))

    def tail(self) -> Tail:
        row = self._file.row("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")
        return Tail() if row is None else Tail(row[0], bytes(row[1]))

    def receipt(self, actor: str, key: str) -> StoredReceipt | None:
        row = self._file.row("SELECT * FROM receipt WHERE actor = ? AND idempotency_key = ?", (actor, key))
        return None if row is None else StoredReceipt(*row)

    def read(
        self, after_seq: int, *, until_seq: int | None = None, types: Sequence[str] | None = None
    ) -> Iterator[Row]:
        where = "seq > ?"
        bindings: list[object] = []
        if until_seq is not None:
            where += " AND seq <= ?"
            bindings.append(until_seq)
        if types is not None:
            where += " AND type IN (SELECT value FROM json_each(?))"
            bindings.append(json.dumps(list(types)))
        statement = f"SELECT {_COLUMNS} FROM event WHERE {where} ORDER BY seq LIMIT {PAGE}"
        while True:
            page = self._file.rows(statement, (after_seq, *bindings))
            yield from (_row(each) for each in page)
            if len(page) < PAGE:
                return
            after_seq = page[-1][0]

    def timeline(self, incident: str) -> list[Row]:
        wanted = f"SELECT {_COLUMNS} FROM event WHERE seq IN (SELECT seq FROM event_incident WHERE incident = ?) ORDER BY seq"
        return [_row(each) for each in self._file.rows(wanted, (incident,))]


def _stored(row: Row) -> tuple[object, ...]:
    return (
        row.seq,
        row.recorded_at,
        row.actor,
        row.source,
        row.reason,
        int(row.by_voice),
        row.key,
        row.type,
        row.schema,
        row.body,
        row.prev_hash,
        row.hash,
    )


def _row(found: Sequence[Any]) -> Row:
    seq, recorded_at, actor, source, reason, by_voice, key, kind, version, body, prev_hash, own_hash = found
    return Row(
        seq,
        Instant(recorded_at),
        actor,
        source,
        reason,
        bool(by_voice),
        key,
        kind,
        version,
        body,
        prev_hash,
        own_hash,
    )


class _Snapshots:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def save(self, record: SnapshotRecord) -> None:
        def write(db: apsw.Connection) -> None:
            found = (record.seq, record.schema, record.hash, record.digest, record.body)
            db.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?)", found)
            db.execute(
                "DELETE FROM snapshot WHERE seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?)",
                (SNAPSHOTS_KEPT,),
            )

        self._file.write(write)

    def newest(self) -> SnapshotRecord | None:
        row = self._file.row("SELECT seq, schema, hash, digest, body FROM snapshot ORDER BY seq DESC LIMIT 1")
        return None if row is None else SnapshotRecord(row[0], row[1], bytes(row[2]), row[3], bytes(row[4]))

    def keep(self, record: SnapshotRecord) -> None:
        found = (record.seq, record.schema, record.hash, record.digest, record.body)
        self._file.write(lambda db: db.execute("INSERT OR REPLACE INTO kept_snapshot VALUES (?, ?, ?, ?, ?)", found))

    def nearest(self, seq: int) -> SnapshotRecord | None:
        rows = [
            self._file.row(
                f"SELECT seq, schema, hash, digest, body FROM {table} WHERE seq <= ? ORDER BY seq DESC LIMIT 1", (seq,)
            )
            for table in ("snapshot", "kept_snapshot")
        ]
        known = [
            SnapshotRecord(row[0], row[1], bytes(row[2]), row[3], bytes(row[4])) for row in rows if row is not None
        ]
        return max(known, key=lambda each: each.seq, default=None)


class _Ended:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def find(self, identifier: str) -> EndedIncident | None:
        row = self._file.row(
            "SELECT * FROM ended WHERE incident = coalesce((SELECT incident FROM ended_part WHERE part = ?1), ?1)",
            (identifier,),
        )
        return None if row is None else _ended(row)

    def list_between(self, opened_from: Instant, opened_until: Instant, limit: int) -> list[EndedIncident]:
        rows = self._file.rows(
            "SELECT * FROM ended WHERE opened_at >= ? AND opened_at < ? ORDER BY opened_at DESC, incident DESC LIMIT ?",
            (opened_from, opened_until, limit),
        )
        return [_ended(row) for row in rows]


def _ended(row: Sequence[Any]) -> EndedIncident:
    incident, opened_at, ended_at, parts, body = row
    return EndedIncident(incident, opened_at, ended_at, tuple(json.loads(parts)), body)


class _Personal:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def find_key(self, incident: str) -> bytes | None:
        row = self._file.row("SELECT secret FROM personal_key WHERE incident = ?", (incident,))
        return None if row is None else bytes(row[0])

    def find_words(self, call: str) -> SealedWords | None:
        row = self._file.row("SELECT call, incident, sealed FROM personal_words WHERE call = ?", (call,))
        return None if row is None else SealedWords(*row)


class _Plans:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def put(self, plan: PlanVersion, body: bytes) -> None:
        row = (plan.digest, plan.name, plan.version, plan.stored_at, body)
        self._file.write(lambda db: db.execute("INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?, ?)", row))

    def find(self, digest: str) -> bytes | None:
        row = self._file.row("SELECT body FROM plan WHERE digest = ?", (digest,))
        return None if row is None else bytes(row[0])

    def list_versions(self) -> list[PlanVersion]:
        rows = self._file.rows("SELECT digest, name, version, stored_at FROM plan ORDER BY stored_at DESC, digest")
        return list(itertools.starmap(PlanVersion, rows))
