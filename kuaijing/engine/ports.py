"""What the engine needs of a store, and the plain records that pass through that door.

Every method blocks and may be called from any thread; the engine calls the writing ones from a thread of its own. A store has
three twins (memory, SQLite, PostgreSQL) and one conformance suite.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kuaijing.engine.personal import SealedWords
from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class Row:
    """One event as it is stored."""

    seq: int
    recorded_at: Instant
    actor: str
    source: str
    reason: str
    by_voice: bool
    key: str | None
    type: str
    schema: int
    body: bytes
    prev_hash: bytes
    hash: bytes
    incidents: tuple[str, ...] = ()
    """On whose timelines it stands: an index, not part of what the hash covers."""


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """The first answer to a command that carried a key."""

    actor: str
    key: str
    fingerprint: str
    version: int
    first_seq: int
    last_seq: int
    """Below ``first_seq`` where the command changed nothing."""
    ids: bytes
    """JSON."""


@dataclass(frozen=True, slots=True)
class EndedIncident:
    """An ended incident as the projection keeps it."""

    incident: str
    opened_at: Instant
    ended_at: Instant
    parts: tuple[str, ...]
    """Its calls and assignments, by which it is found as well."""
    body: bytes


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key for an incident's personal words."""

    incident: str
    key: bytes


@dataclass(frozen=True, slots=True)
class RegisterVersion:
    """One version of one entry of a register, as the store's table keeps it."""

    register: str
    id: str
    version: int
    at: Instant
    actor: str
    reason: str
    change: str
    """``enter``, ``change``, ``retire`` or ``restore``."""
    salt: bytes
    digest: str
    """As in the log: of salt and document."""
    document: bytes
    """JSON."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that one group commit writes, all or none."""

    rows: tuple[Row, ...] = ()
    receipts: tuple[StoredReceipt, ...] = ()
    keys: tuple[NewKey, ...] = ()
    words: tuple[SealedWords, ...] = ()
    forgotten: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Incidents whose key goes, each with the calls whose words go."""
    ended: tuple[EndedIncident, ...] = ()
    running: tuple[str, ...] = ()
    """Incidents that are not ended (any more)."""
    registers: tuple[RegisterVersion, ...] = ()
    """New versions of entries of registers."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the log ends."""

    seq: int = 0
    hash: bytes = field(default=bytes(32))


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    """The state after entry ``seq``, encoded."""

    seq: int
    schema: int
    hash: bytes
    """Of log entry ``seq``: a snapshot of another log is not taken for this one's."""
    digest: str
    """SHA-256 of ``body``."""
    body: bytes


class EventLog(Protocol):
    """The log, its receipts and its index by incident."""

    def append(self, batch: Batch) -> None:
        """Write durably, all or none. An exception leaves the outcome unknown until ``reopen`` and ``tail``."""

    def reopen(self) -> None:
        """Let go of every handle and open afresh: what is read after it is what is on the disk."""

    def confirm(self) -> None:
        """Make sure that what ``read`` shows is on the disk, also after a sync that failed; raises where it is not."""

    def probe(self) -> None:
        """Write something durably and take it away again; raises where the log cannot be written."""

    def tail(self) -> Tail:
        """Last entry."""

    def receipt(self, actor: str, key: str) -> StoredReceipt | None:
        """First answer to the command with that key."""

    def read(
        self, after_seq: int, *, until_seq: int | None = None, types: Sequence[str] | None = None
    ) -> Iterator[Row]:
        """Entries after ``after_seq``, oldest first."""

    def timeline(self, incident: str) -> list[Row]:
        """Entries that concern an incident, oldest first."""


class Snapshots(Protocol):
    """Encoded states to start from."""

    def save(self, record: SnapshotRecord) -> None:
        """Keep it; older ones but the one before may go."""

    def newest(self) -> SnapshotRecord | None:
        """The latest."""

    def keep(self, record: SnapshotRecord) -> None:
        """Keep it for good, beside the others: a day's end, from which a replay can begin."""

    def nearest(self, seq: int) -> SnapshotRecord | None:
        """The latest at entry ``seq`` or before it, of all."""


class EndedIncidents(Protocol):
    """The projection of incidents that ended."""

    def find(self, identifier: str) -> EndedIncident | None:
        """By the incident's identifier, or by that of a call or an assignment of it."""

    def list_between(self, opened_from: Instant, opened_until: Instant, limit: int) -> list[EndedIncident]:
        """Those opened in ``[from, until)``, newest first."""


class PersonalStore(Protocol):
    """Sealed words and their keys; written by ``EventLog.append``."""

    def find_key(self, incident: str) -> bytes | None:
        """The key of an incident; ``None`` where it never had one or it was destroyed."""

    def find_words(self, call: str) -> SealedWords | None:
        """The sealed words of a call."""


class RegisterStore(Protocol):
    """Registers: every version of every entry; written by ``EventLog.append``."""

    def find(self, register: str, entry: str) -> RegisterVersion | None:
        """The newest version of an entry, retired or not."""

    def list_newest(self, register: str) -> list[RegisterVersion]:
        """The newest version of every entry, retired ones too, by identifier."""

    def history(self, register: str, entry: str) -> list[RegisterVersion]:
        """Every version of an entry, oldest first."""


class AdviceStore(Protocol):
    """Recommendations as served, by digest."""

    def put(self, digest: str, body: bytes) -> None:
        """Keep it; durable with the next commit, at the latest after ``flush``."""

    def find(self, digest: str) -> bytes | None:
        """As it was served."""

    def flush(self) -> None:
        """Write what no commit has taken along yet."""


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One plan document that the store holds."""

    digest: str
    name: str
    version: str
    stored_at: Instant


class PlanStore(Protocol):
    """Plan documents, by digest; never changed."""

    def put(self, plan: PlanVersion, body: bytes) -> None:
        """Keep it durably; the same digest again changes nothing."""

    def find(self, digest: str) -> bytes | None:
        """The document."""

    def list_versions(self) -> list[PlanVersion]:
        """All, newest first."""


class Store(Protocol):
    """Everything that one city's core keeps."""

    training: bool
    algorithm: str
    """Of the hash chain."""

    @property
    def log(self) -> EventLog:
        """The event log."""

    @property
    def snapshots(self) -> Snapshots:
        """States to start from."""

    @property
    def ended(self) -> EndedIncidents:
        """Ended incidents."""

    @property
    def personal(self) -> PersonalStore:
        """Sealed personal words."""

    @property
    def registers(self) -> RegisterStore:
        """Registers."""

    @property
    def advice(self) -> AdviceStore:
        """Recommendations."""

    @property
    def plans(self) -> PlanStore:
        """Plan documents."""

    def backup(self, out: Path) -> None:
        """A consistent copy while running."""

    def close(self) -> None:
        """Let go of everything; a second time does nothing."""
