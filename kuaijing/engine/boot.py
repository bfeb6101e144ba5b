"""Starting from what the store holds: the newest snapshot, then the tail of the log, each entry checked against the chain."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from kuaijing.domain.registry import Event, evolve
from kuaijing.domain.state import State
from kuaijing.engine.chain import fault_of
from kuaijing.engine.codec import SchemaUnknown, decode_event, decode_state
from kuaijing.engine.errors import LogBroken
from kuaijing.engine.ports import Row, Store, Tail
from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class Loaded:
    """Where the log stands."""

    state: State
    tail: Tail
    snapshot_seq: int
    """Entry of the snapshot it began with; 0 where it was rebuilt from the first entry."""
    last_recorded_at: Instant | None


def load(store: Store, *, use_snapshot: bool = True) -> Loaded:
    """State and tail. Raises ``LogBroken`` where the log does not hold together."""
    state, tail = State(), Tail()
    snapshot = store.snapshots.newest() if use_snapshot else None
    if snapshot is not None:
        at = next(store.log.read(snapshot.seq - 1, until_seq=snapshot.seq), None)
        if at is None or at.hash != snapshot.hash:
            raise LogBroken(
                snapshot.seq, "a snapshot was taken after it, and the log holds another entry there or none"
            )
        if hashlib.sha256(snapshot.body).hexdigest() != snapshot.digest:
            raise LogBroken(snapshot.seq, "the snapshot taken after it is damaged")
        try:
            state, tail = decode_state(snapshot.body, snapshot.schema), Tail(snapshot.seq, snapshot.hash)
        except SchemaUnknown:
            state, tail = State(), Tail()  # a snapshot is only a short cut: rebuild from the events
    began = tail.seq
    return catch_up(store, Loaded(state, tail, began, None))


def catch_up(store: Store, loaded: Loaded) -> Loaded:
    """The same with every entry that the log holds after ``loaded.tail``."""
    reader = _Reader(loaded.tail, store.algorithm)
    state = evolve(loaded.state, reader.events(store.log.read(loaded.tail.seq)))
    last = reader.last_recorded_at
    if last is None:
        last = loaded.last_recorded_at
    if last is None and reader.tail.seq:
        row = next(store.log.read(reader.tail.seq - 1), None)
        last = None if row is None else row.recorded_at
    return Loaded(state, reader.tail, loaded.snapshot_seq, last)


class _Reader:
    """Events out of rows, keeping the tail."""

    def __init__(self, tail: Tail, algorithm: str) -> None:
        self.tail = tail
        self.last_recorded_at: Instant | None = None
        self._algorithm = algorithm

    def events(self, rows: Iterator[Row]) -> Iterator[Event]:
        for row in rows:
            fault = fault_of(row, self.tail, self._algorithm)
            if fault is not None:
                raise LogBroken(fault.seq, fault.problem)
            self.tail = Tail(row.seq, row.hash)
            self.last_recorded_at = row.recorded_at
            yield decode_event(row.type, row.schema, row.body)
