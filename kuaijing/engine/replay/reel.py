"""A period of the log, wound once: the state at any moment of it, by the rules that ran.

Winding reads the period's entries once, applies each with the domain's own ``apply`` and keeps a state every ``EVERY`` entries.
States share the records that did not change, so that a day's worth costs a few tens of megabytes. A moment is the nearest state
before it and the few entries in between. Winding goes on in a thread of its own; whoever asks for a moment that is not wound yet
waits for it. Entries are read from the log each time, never kept.

An entry stands at the time at which the log recorded it; where the machine's clock was set back between two runs, at the latest time
before it, so that the order of the log is the order of the replay.
"""

import contextlib
import hashlib
import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kuaijing.domain.registry import Event, apply, evolve
from kuaijing.domain.state import Draft, State
from kuaijing.engine.chain import fault_of
from kuaijing.engine.codec import SchemaUnknown, decode_event, decode_state
from kuaijing.engine.errors import LogBroken
from kuaijing.engine.ports import EventLog, Row, SnapshotRecord, Store, Tail
from kuaijing.engine.replay.marks import Mark, MarkFinder
from kuaijing.engine.replay.period import Period
from kuaijing.measures.instants import Instant

EVERY: Final = 1000
"""Entries between kept states: what a moment folds at most."""


_BREATH: Final = 100
"""Entries between two looks at whether somebody wants the processor."""
_LONGEST_WAIT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Begin:
    """The state with which a period begins: after entry ``tail.seq``, the last before it."""

    state: State
    tail: Tail
    folded: int
    """Entries that had to be folded to come here."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The street at an instant."""

    at: Instant
    seq: int
    """Last entry that had happened."""
    state: State


class Stopped(Exception):
    """The reel was let go of while somebody waited for it."""


def first_from(log: EventLog, at: Instant, until_seq: int) -> int:
    """The first entry recorded at ``at`` or later, ``until_seq + 1`` where there is none: by halving, entries stand in time."""
    low, high = 1, until_seq + 1
    while low < high:
        middle = (low + high) // 2
        row = next(log.read(middle - 1, until_seq=middle))
        if row.recorded_at < at:
            low = middle + 1
        else:
            high = middle
    return low


def begin_of(store: Store, at: Instant, until_seq: int) -> Begin:
    """The state before the first entry recorded at ``at`` or later: the nearest stored one before it, and what lies between."""
    last = first_from(store.log, at, until_seq) - 1
    state, tail = State(), Tail()
    for snapshot in _nearest(store, last):
        try:
            state, tail = decode_state(snapshot.body, snapshot.schema), Tail(snapshot.seq, snapshot.hash)
        except SchemaUnknown:
            continue
        break
    folded = last - tail.seq
    fold = _Fold(tail)
    state = evolve(state, fold.events(store.log.read(tail.seq, until_seq=last)))
    return Begin(state, fold.tail, folded)


def _nearest(store: Store, seq: int) -> Iterator[SnapshotRecord]:
    """Stored states before ``seq``, the latest first; one that is damaged or of another log is passed over."""
    while (found := store.snapshots.nearest(seq)) is not None:
        row = next(iter(store.log.read(found.seq - 1, until_seq=found.seq)), None)
        if row is not None and row.hash == found.hash and hashlib.sha256(found.body).hexdigest() == found.digest:
            yield found
        seq = found.seq - 1


class _Fold:
    """Events out of rows; each checked against the chain where its algorithm is given: what is shown, not what led there."""

    def __init__(self, tail: Tail, algorithm: str | None = None) -> None:
        self.tail = tail
        self._algorithm = algorithm

    def events(self, rows: Iterator[Row]) -> Iterator[Event]:
        for row in rows:
            yield self.event(row)

    def event(self, row: Row) -> Event:
        fault = None if self._algorithm is None else fault_of(row, self.tail, self._algorithm)
        if fault is not None:
            raise LogBroken(fault.seq, fault.problem)
        self.tail = Tail(row.seq, row.hash)
        return decode_event(row.type, row.schema, row.body)


class Reel:
    """One period; ``wind`` it in a thread, then ask for moments from any."""

    def __init__(self, store: Store, period: Period, begin: Begin, until_seq: int, *, every: int = EVERY) -> None:
        self.period, self.begin, self.until_seq = period, begin, until_seq
        self.marks: list[Mark] = []
        """All of them, once it is wound."""
        self._log, self._algorithm, self._every = store.log, store.algorithm, every
        self._seqs, self._states = [begin.tail.seq], [begin.state]
        self._times = array("q")
        self._near = Moment(period.begin, begin.tail.seq, begin.state)
        self._wound, self._stopped = False, False
        self._fault: Exception | None = None
        self._news = threading.Condition()
        self._quiet = threading.Event()
        self._quiet.set()

    @property
    def is_wound(self) -> bool:
        """Whether the whole period is at hand, marks included."""
        return self._wound

    @property
    def states(self) -> tuple[State, ...]:
        """The states that are kept, oldest first."""
        return tuple(self._states)

    def wind(self) -> None:
        """Read the period. A fault is told to whoever asks for a moment that it keeps from being known."""
        try:
            self._wind()
        except Exception as fault:
            with self._news:
                self._fault = fault
                self._news.notify_all()

    def stop(self) -> None:
        """Wind no further."""
        with self._news:
            self._stopped = True
            self._news.notify_all()

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Winding waits meanwhile: somebody wants a picture now. Not to be held while a moment is waited for."""
        self._quiet.clear()
        try:
            yield
        finally:
            self._quiet.set()

    def moment(self, at: Instant) -> Moment:
        """The street at ``at``: every entry recorded by then, none after it."""
        self._wait_until(at)
        return self._after(self.begin.tail.seq + bisect_right(self._times, at), at)

    def at_entry(self, seq: int) -> State:
        """The state right after an entry of the period."""
        self._wait_until(None)
        return self._after(seq, self.period.begin).state

    def times_between(self, after: Instant, until: Instant) -> list[Instant]:
        """When entries were recorded after ``after`` and by ``until``; each instant once."""
        self._wait_until(until)
        first, last = bisect_right(self._times, after), bisect_right(self._times, until)
        return sorted({Instant(at) for at in self._times[first:last]})

    def _after(self, seq: int, at: Instant) -> Moment:
        near = self._near
        kept = bisect_right(self._seqs, seq) - 1
        if not self._seqs[kept] <= near.seq <= seq:
            near = Moment(at, self._seqs[kept], self._states[kept])
        state = near.state
        if near.seq < seq:
            rows = self._log.read(near.seq, until_seq=seq)
            state = evolve(state, (decode_event(row.type, row.schema, row.body) for row in rows))
        self._near = Moment(at, seq, state)
        return self._near

    def _wait_until(self, at: Instant | None) -> None:
        with self._news:
            while not self._wound:
                if at is not None and self._times and self._times[-1] > at:
                    return
                if self._fault is not None:
                    raise self._fault
                if self._stopped:
                    raise Stopped
                self._news.wait()

    def _wind(self) -> None:
        fold = _Fold(self.begin.tail, self._algorithm)
        finder = MarkFinder(self.begin.state, self.period.begin)
        state, draft = self.begin.state, Draft(self.begin.state)
        times = array("q")
        latest = Instant(0)
        for row in self._log.read(self.begin.tail.seq, until_seq=self.until_seq):
            latest = max(latest, row.recorded_at)
            if latest > self.period.until:
                break
            event = fold.event(row)
            apply(draft, event)
            finder.take(event, latest, draft)
            times.append(latest)
            if len(times) % _BREATH == 0:
                self._quiet.wait(_LONGEST_WAIT_S)
            if len(times) == self._every:
                state = draft.frozen()
                self._keep(times, row.seq, state)
                draft, times = Draft(state), array("q")
                if self._stopped:
                    return
        if times:
            self._keep(times, self.begin.tail.seq + len(self._times) + len(times), draft.frozen())
        with self._news:
            self.marks = finder.found(self.period.until)
            self._wound = True
            self._news.notify_all()

    def _keep(self, times: "array[int]", seq: int, state: State) -> None:
        with self._news:
            self._seqs.append(seq)
            self._states.append(state)
            self._times.extend(times)
            self._news.notify_all()
