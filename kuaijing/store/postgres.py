"""The distributed store: the same tables in PostgreSQL, one active writer by advisory lock and fencing epoch.

Patroni or the like stands outside and moves the server; this side reconnects, takes lock and epoch again and reads on from what
the log holds. Backups are the database's own.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kuaijing.engine.personal import SealedWords
from kuaijing.engine.ports import Batch, EndedIncident, PlanVersion, Row, SnapshotRecord, StoredReceipt, Tail
from kuaijing.measures.instants import Instant
from kuaijing.store import schema
from kuaijing.store.postgres_link import PostgresLink
from kuaijing.store.postgres_registers import ENTRY_TYPES, PostgresRegisters, stored_entries
from kuaijing.store.refused import BackupImpossible, DataUnreadable, LogMoved, WrongMode

PAGE = 2000
SNAPSHOTS_KEPT = 2

_COLUMNS = "seq, recorded_at, actor, source, reason, by_voice, idempotency_key, type, schema, body, prev_hash, hash"
_EVENT_TYPES = (
    "bigint",
    "bigint",
    "text",
    "text",
    "text",
    "bigint",
    "text",
    "text",
    "bigint",
    "bytea",
    "bytea",
    "bytea",
)


class PostgresStore:
    """All ports in one database; see ``engine.ports``. ``dsn`` as libpq takes it."""

    def __init__(self, dsn: str, *, training: bool = False, algorithm: str = "sha256") -> None:
        self.training = training
        self.link = PostgresLink(dsn, schema.POSTGRES)
        try:
            self._agree("schema", str(schema.SCHEMA_VERSION))
            self._agree("mode", "training" if training else "live")
            self.algorithm = self._agree("hash", algorithm)
        except BaseException:
            self.link.close()
            raise
        self.advice = _Advice(self.link)
        self.log = _Log(self.link, self.advice)
        self.snapshots = _Snapshots(self.link)
        self.ended = _Ended(self.link)
        self.personal = _Personal(self.link)
        self.registers = PostgresRegisters(self.link)
        self.plans = _Plans(self.link)
        self._closed = False

    def backup(self, out: Path) -> None:
        """Refused: the database has its own."""
        raise BackupImpossible(
            out, f"the log is in PostgreSQL at {self.link.where}; use pg_basebackup or pg_dump there"
        )

    def close(self) -> None:
        """Write what waits and let go of the server; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self.advice.flush()
        finally:
            self.link.close()

    def _agree(self, name: str, wanted: str) -> str:
        """The database's own word on itself, written when the tables were made."""
        statement = "INSERT INTO meta VALUES ($1, $2) ON CONFLICT DO NOTHING"
        self.link.write(lambda db: db.execute(statement, name, wanted))
        row = self.link.row("SELECT value FROM meta WHERE name = $1", name)
        found = "" if row is None else str(row["value"])
        if name == "mode" and found != wanted:
            raise WrongMode(self.link.where, found, wanted)
        if name == "schema" and found != wanted:
            raise DataUnreadable(self.link.where, f"has schema {found}, this version reads {wanted}")
        return found


async def _insert(db: Any, into: str, types: Sequence[str], rows: Sequence[Sequence[object]], more: str = "") -> None:
    """Many rows by one statement: a column of values each."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, start=1))
        await db.execute(f"INSERT INTO {into} SELECT * FROM unnest({arrays}) {more}", *columns)


class _Advice:
    """Advice waits in memory for the next commit, so that looking costs no commit."""

    def __init__(self, link: PostgresLink) -> None:
        self._link = link
        self.waiting: dict[str, bytes] = {}

    def put(self, digest: str, body: bytes) -> None:
        self.waiting[digest] = body

    def find(self, digest: str) -> bytes | None:
        if digest in self.waiting:
            return self.waiting[digest]
        row = self._link.row("SELECT body FROM advice WHERE digest = $1", digest)
        return None if row is None else bytes(row["body"])

    def flush(self) -> None:
        taken = dict(self.waiting)
        if taken:
            self._link.write(lambda db: self.write(db, taken))
            self.written(taken)

    async def write(self, db: Any, taken: dict[str, bytes]) -> None:
        await _insert(db, "advice", ("text", "bytea"), list(taken.items()), "ON CONFLICT DO NOTHING")

    def written(self, taken: dict[str, bytes]) -> None:
        for digest in taken:
            self.waiting.pop(digest, None)


class _Log:
    def __init__(self, link: PostgresLink, advice: _Advice) -> None:
        self._link, self._advice = link, advice

    def append(self, batch: Batch) -> None:
        taken = dict(self._advice.waiting)
        self._link.write(lambda db: self._write(db, batch, taken))
        self._advice.written(taken)

    async def _write(self, db: Any, batch: Batch, taken: dict[str, bytes]) -> None:
        if batch.rows:
            tail = await db.fetchval("SELECT coalesce(max(seq), 0) FROM event")
            if tail != batch.rows[0].seq - 1:
                raise LogMoved(batch.rows[0].seq, tail)
        await _insert(db, f"event ({_COLUMNS})", _EVENT_TYPES, [_stored(row) for row in batch.rows])
        index = [(incident, row.seq) for row in batch.rows for incident in row.incidents]
        await _insert(db, "event_incident", ("text", "bigint"), index)
        await _insert(
            db,
            "receipt",
            ("text", "text", "text", "bigint", "bigint", "bigint", "bytea"),
            [(r.actor, r.key, r.fingerprint, r.version, r.first_seq, r.last_seq, r.ids) for r in batch.receipts],
        )
        keys = [(key.incident, key.key) for key in batch.keys]
        await _insert(db, "personal_key", ("text", "bytea"), keys, "ON CONFLICT DO NOTHING")
        words = [(each.call, each.incident, each.sealed) for each in batch.words]
        await _insert(db, "personal_words", ("text", "text", "bytea"), words)
        await _insert(db, "register_entry", ENTRY_TYPES, stored_entries(batch.registers))
        await self._project(db, batch)
        for incident, calls in batch.forgotten:
            await db.execute("DELETE FROM personal_words WHERE call = ANY($1)", list(calls))
            await db.execute(
                "DELETE FROM personal_key WHERE incident = $1"
                " AND NOT EXISTS (SELECT 1 FROM personal_words WHERE incident = $1)",
                incident,
            )
        await self._advice.write(db, taken)

    async def _project(self, db: Any, batch: Batch) -> None:
        touched = [*batch.running, *(each.incident for each in batch.ended)]
        await db.execute("DELETE FROM ended_part WHERE incident = ANY($1)", touched)
        await db.execute("DELETE FROM ended WHERE incident = ANY($1)", touched)
        rows = [(e.incident, e.opened_at, e.ended_at, json.dumps(e.parts).encode(), e.body) for e in batch.ended]
        await _insert(db, "ended", ("text", "bigint", "bigint", "bytea", "bytea"), rows)
        parts = {part: each.incident for each in batch.ended for part in each.parts}
        again = "ON CONFLICT (part) DO UPDATE SET incident = excluded.incident"
        await _insert(db, "ended_part", ("text", "text"), list(parts.items()), again)

    def reopen(self) -> None:
        self._link.reopen()

    def confirm(self) -> None:
        """What another connection reads has been flushed: PostgreSQL shows a commit only after its own."""

    def probe(self) -> None:
        async def work(db: Any) -> None:
            await db.execute(
                "INSERT INTO probe VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET body = $1", bytes(64 * 1024)
            )
            await db.execute("DELETE FROM probe")

        self._link.write(work)

    def tail(self) -> Tail:
        row = self._link.row("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")
        return Tail() if row is None else Tail(row["seq"], bytes(row["hash"]))

    def receipt(self, actor: str, key: str) -> StoredReceipt | None:
        row = self._link.row("SELECT * FROM receipt WHERE actor = $1 AND idempotency_key = $2", actor, key)
        return None if row is None else StoredReceipt(*row)

    def read(
        self, after_seq: int, *, until_seq: int | None = None, types: Sequence[str] | None = None
    ) -> Iterator[Row]:
        statement = (
            f"SELECT {_COLUMNS} FROM event WHERE seq > $1 AND ($2::bigint IS NULL OR seq <= $2)"
            f" AND ($3::text[] IS NULL OR type = ANY($3)) ORDER BY seq LIMIT {PAGE}"
        )
        wanted = None if types is None else list(types)
        while True:
            page = self._link.rows(statement, after_seq, until_seq, wanted)
            yield from (_row(each) for each in page)
            if len(page) < PAGE:
                return
            after_seq = page[-1]["seq"]

    def timeline(self, incident: str) -> list[Row]:
        wanted = f"SELECT {_COLUMNS} FROM event JOIN event_incident USING (seq) WHERE incident = $1 ORDER BY seq"
        return [_row(each) for each in self._link.rows(wanted, incident)]


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


def _row(found: Any) -> Row:
    seq, recorded_at, actor, source, reason, by_voice, key, kind, version, body, prev_hash, own_hash = found
    return Row(
        seq, Instant(recorded_at), actor, source, reason, bool(by_voice), key, kind, version, body, prev_hash, own_hash
    )


class _Snapshots:
    def __init__(self, link: PostgresLink) -> None:
        self._link = link

    def save(self, record: SnapshotRecord) -> None:
        async def work(db: Any) -> None:
            await db.execute(
                "INSERT INTO snapshot VALUES ($1, $2, $3, $4, $5) ON CONFLICT (seq) DO UPDATE"
                " SET schema = excluded.schema, hash = excluded.hash, digest = excluded.digest, body = excluded.body",
                record.seq,
                record.schema,
                record.hash,
                record.digest,
                record.body,
            )
            kept = "SELECT seq FROM snapshot ORDER BY seq DESC LIMIT $1"
            await db.execute(f"DELETE FROM snapshot WHERE seq NOT IN ({kept})", SNAPSHOTS_KEPT)

        self._link.write(work)

    def newest(self) -> SnapshotRecord | None:
        row = self._link.row("SELECT seq, schema, hash, digest, body FROM snapshot ORDER BY seq DESC LIMIT 1")
        return None if row is None else SnapshotRecord(*row)

    def keep(self, record: SnapshotRecord) -> None:
        async def work(db: Any) -> None:
            await db.execute(
                "INSERT INTO kept_snapshot VALUES ($1, $2, $3, $4, $5) ON CONFLICT (seq) DO UPDATE"
                " SET schema = excluded.schema, hash = excluded.hash, digest = excluded.digest, body = excluded.body",
                record.seq,
                record.schema,
                record.hash,
                record.digest,
                record.body,
            )

        self._link.write(work)

    def nearest(self, seq: int) -> SnapshotRecord | None:
        rows = [
            self._link.row(
                f"SELECT seq, schema, hash, digest, body FROM {table} WHERE seq <= $1 ORDER BY seq DESC LIMIT 1", seq
            )
            for table in ("snapshot", "kept_snapshot")
        ]
        known = [SnapshotRecord(*row) for row in rows if row is not None]
        return max(known, key=lambda each: each.seq, default=None)


class _Ended:
    def __init__(self, link: PostgresLink) -> None:
        self._link = link

    def find(self, identifier: str) -> EndedIncident | None:
        row = self._link.row(
            "SELECT * FROM ended WHERE incident = coalesce((SELECT incident FROM ended_part WHERE part = $1), $1)",
            identifier,
        )
        return None if row is None else _ended(row)

    def list_between(self, opened_from: Instant, opened_until: Instant, limit: int) -> list[EndedIncident]:
        rows = self._link.rows(
            "SELECT * FROM ended WHERE opened_at >= $1 AND opened_at < $2 ORDER BY opened_at DESC, incident DESC LIMIT $3",
            opened_from,
            opened_until,
            limit,
        )
        return [_ended(row) for row in rows]


def _ended(row: Any) -> EndedIncident:
    incident, opened_at, ended_at, parts, body = row
    return EndedIncident(incident, opened_at, ended_at, tuple(json.loads(parts)), body)


class _Personal:
    def __init__(self, link: PostgresLink) -> None:
        self._link = link

    def find_key(self, incident: str) -> bytes | None:
        row = self._link.row("SELECT secret FROM personal_key WHERE incident = $1", incident)
        return None if row is None else bytes(row["secret"])

    def find_words(self, call: str) -> SealedWords | None:
        row = self._link.row("SELECT call, incident, sealed FROM personal_words WHERE call = $1", call)
        return None if row is None else SealedWords(*row)


class _Plans:
    def __init__(self, link: PostgresLink) -> None:
        self._link = link

    def put(self, plan: PlanVersion, body: bytes) -> None:
        statement = "INSERT INTO plan VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
        row = (plan.digest, plan.name, plan.version, plan.stored_at, body)
        self._link.write(lambda db: db.execute(statement, *row))

    def find(self, digest: str) -> bytes | None:
        row = self._link.row("SELECT body FROM plan WHERE digest = $1", digest)
        return None if row is None else bytes(row["body"])

    def list_versions(self) -> list[PlanVersion]:
        rows = self._link.rows("SELECT digest, name, version, stored_at FROM plan ORDER BY stored_at DESC, digest")
        return list(itertools.starmap(PlanVersion, rows))
