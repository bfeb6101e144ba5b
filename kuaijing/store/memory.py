"""The memory twin: a store that lasts as long as its process. For tests, trials and simulation; the conformance suite holds it."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from kuaijing.engine.personal import SealedWords
from kuaijing.engine.ports import (
    Batch,
    EndedIncident,
    PlanVersion,
    RegisterVersion,
    Row,
    SnapshotRecord,
    StoredReceipt,
    Tail,
)
from kuaijing.measures.instants import Instant
from kuaijing.store.refused import BackupImpossible, LogMoved


class MemoryStore:
    """All ports in one; see ``engine.ports``."""

    def __init__(self, *, training: bool = False, algorithm: str = "sha256") -> None:
        self.training, self.algorithm = training, algorithm
        self.log = _Log()
        self.snapshots = _Snapshots()
        self.ended = _Ended(self.log)
        self.personal = _Personal(self.log)
        self.registers = _Registers(self.log)
        self.advice = _Advice()
        self.plans = _Plans()

    def backup(self, out: Path) -> None:
        """Refused: there is nothing on a disk."""
        raise BackupImpossible(out, "a memory store keeps nothing on disk")

    def close(self) -> None:
        """Nothing to let go of."""


class _Log:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.receipts: dict[tuple[str, str], StoredReceipt] = {}
        self.timelines: dict[str, list[int]] = {}
        self.ended: dict[str, EndedIncident] = {}
        self.holders: dict[str, str] = {}
        self.keys: dict[str, bytes] = {}
        self.words: dict[str, SealedWords] = {}
        self.entries: dict[tuple[str, str], list[RegisterVersion]] = {}
        self.lock = threading.Lock()

    def append(self, batch: Batch) -> None:
        with self.lock:
            if batch.rows and batch.rows[0].seq != len(self.rows) + 1:
                raise LogMoved(batch.rows[0].seq, len(self.rows))
            for row in batch.rows:
                self.rows.append(row)
                for incident in row.incidents:
                    self.timelines.setdefault(incident, []).append(row.seq)
            self.receipts.update({(each.actor, each.key): each for each in batch.receipts})
            for each in batch.keys:
                self.keys.setdefault(each.incident, each.key)
            self.words.update({each.call: each for each in batch.words})
            for entry in batch.registers:
                self.entries.setdefault((entry.register, entry.id), []).append(entry)
            self._project(batch)
            for incident, calls in batch.forgotten:
                self._forget(incident, calls)

    def _project(self, batch: Batch) -> None:
        for incident in (*batch.running, *(each.incident for each in batch.ended)):
            gone = self.ended.pop(incident, None)
            for part in gone.parts if gone is not None else ():
                if self.holders.get(part) == incident:
                    del self.holders[part]
        for each in batch.ended:
            self.ended[each.incident] = each
            self.holders.update(dict.fromkeys(each.parts, each.incident))

    def _forget(self, incident: str, calls: Sequence[str]) -> None:
        for call in calls:
            self.words.pop(call, None)
        if not any(each.incident == incident for each in self.words.values()):
            self.keys.pop(incident, None)

    def reopen(self) -> None:
        """What is read is always what is there."""

    def confirm(self) -> None:
        """There is no disk."""

    def probe(self) -> None:
        """Memory can be written."""

    def tail(self) -> Tail:
        return Tail(self.rows[-1].seq, self.rows[-1].hash) if self.rows else Tail()

    def receipt(self, actor: str, key: str) -> StoredReceipt | None:
        return self.receipts.get((actor, key))

    def read(
        self, after_seq: int, *, until_seq: int | None = None, types: Sequence[str] | None = None
    ) -> Iterator[Row]:
        end = len(self.rows) if until_seq is None else until_seq
        rows = self.rows[max(after_seq, 0) : end]
        return (row for row in rows if types is None or row.type in types)

    def timeline(self, incident: str) -> list[Row]:
        return [self.rows[seq - 1] for seq in self.timelines.get(incident, ())]


class _Snapshots:
    def __init__(self) -> None:
        self._newest: SnapshotRecord | None = None
        self._kept: dict[int, SnapshotRecord] = {}

    def save(self, record: SnapshotRecord) -> None:
        self._newest = record

    def newest(self) -> SnapshotRecord | None:
        return self._newest

    def keep(self, record: SnapshotRecord) -> None:
        self._kept[record.seq] = record

    def nearest(self, seq: int) -> SnapshotRecord | None:
        known = [*self._kept.values(), *([] if self._newest is None else [self._newest])]
        return max((each for each in known if each.seq <= seq), key=lambda each: each.seq, default=None)


class _Ended:
    def __init__(self, log: _Log) -> None:
        self._log = log

    def find(self, identifier: str) -> EndedIncident | None:
        return self._log.ended.get(self._log.holders.get(identifier, identifier))

    def list_between(self, opened_from: Instant, opened_until: Instant, limit: int) -> list[EndedIncident]:
        found = [each for each in self._log.ended.values() if opened_from <= each.opened_at < opened_until]
        return sorted(found, key=lambda each: (each.opened_at, each.incident), reverse=True)[:limit]


class _Personal:
    def __init__(self, log: _Log) -> None:
        self._log = log

    def find_key(self, incident: str) -> bytes | None:
        return self._log.keys.get(incident)

    def find_words(self, call: str) -> SealedWords | None:
        return self._log.words.get(call)


class _Registers:
    def __init__(self, log: _Log) -> None:
        self._log = log

    def find(self, register: str, entry: str) -> RegisterVersion | None:
        versions = self._log.entries.get((register, entry))
        return versions[-1] if versions else None

    def list_newest(self, register: str) -> list[RegisterVersion]:
        return [versions[-1] for key, versions in sorted(self._log.entries.items()) if key[0] == register]

    def history(self, register: str, entry: str) -> list[RegisterVersion]:
        return list(self._log.entries.get((register, entry), ()))


class _Advice:
    def __init__(self) -> None:
        self._bodies: dict[str, bytes] = {}

    def put(self, digest: str, body: bytes) -> None:
        self._bodies[digest] = body

    def find(self, digest: str) -> bytes | None:
        return self._bodies.get(digest)

    def flush(self) -> None:
        """Nothing waits."""


class _Plans:
    def __init__(self) -> None:
        self._plans: dict[str, tuple[PlanVersion, bytes]] = {}

    def put(self, plan: PlanVersion, body: bytes) -> None:
        self._plans.setdefault(plan.digest, (plan, body))

    def find(self, digest: str) -> bytes | None:
        return self._plans[digest][1] if digest in self._plans else None

    def list_versions(self) -> list[PlanVersion]:
        versions = [plan for plan, _ in self._plans.values()]
        return sorted(versions, key=lambda plan: plan.stored_at, reverse=True)
