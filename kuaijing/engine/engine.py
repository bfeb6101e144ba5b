"""The single writer of a city: commands in, decided one after the other, written in groups, answered after the commit.

One asyncio task takes everything that waits in the inbox, decides it on a working state, and hands one batch to a thread that
writes it with one fsync; meanwhile the next commands gather. What is acknowledged is on the disk. Where the outcome of a write is
not known (an I/O error, a full disk, a lost connection) nothing is acknowledged until the log was opened afresh and read; until
writing works again commands are refused as ``Degraded``, and the engine comes back by itself.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from kuaijing.domain.commands import Command, Context, ForgetPersonalWords, SealDay
from kuaijing.domain.days import DaySealed
from kuaijing.domain.errors import DomainError, UnknownCall, UnknownIncident
from kuaijing.domain.state import State
from kuaijing.engine.boot import Loaded, catch_up, load
from kuaijing.engine.chain import ChainReport, verify
from kuaijing.engine.codec import STATE_SCHEMA, encode_state, state_digest
from kuaijing.engine.deciding import Group, Request
from kuaijing.engine.errors import Degraded, Stopped
from kuaijing.engine.figures import Figures
from kuaijing.engine.numbers import day_start, local_day
from kuaijing.engine.personal import Audience, PersonalWords, mask, unseal
from kuaijing.engine.ports import SnapshotRecord, Store, Tail
from kuaijing.engine.recall import decode_file
from kuaijing.engine.recorded import Committed, IncidentFile, Picture, Receipt, Recorded, incident_file, recorded
from kuaijing.engine.subscription import Subscription
from kuaijing.measures.instants import Instant

_LOG = logging.getLogger(__name__)

MOST_IN_A_GROUP = 256
"""Commands decided before the loop is given back; the rest wait for the next group."""

SNAPSHOT_EVERY = 2000
"""Log entries between snapshots: what a start replays at most."""

KEEP_EVERY = 20_000
"""Log entries between states that are kept for good, beside those of the days' ends: what a replay folds at most to begin."""

UNKNOWN_AFTER_S = 5.0
"""How long a caller waits for an unknown outcome to be resolved before it is told that it is unknown."""

RETRY_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Pauses between attempts to recover; the last one repeats."""

Answer = TypeVar("Answer")


class Engine:
    """See the module. ``clock`` is the log's; the city's day is by ``zone``."""

    def __init__(
        self, store: Store, clock: Callable[[], Instant], zone: ZoneInfo, *, snapshot_every: int = SNAPSHOT_EVERY
    ) -> None:
        self.store = store
        self.health: Literal["ok", "degraded"] = "ok"
        self.detail = ""
        self.figures = Figures()
        self._clock, self._zone, self._snapshot_every = clock, zone, snapshot_every
        self._inbox: list[tuple[Request, asyncio.Future[Receipt]]] = []
        self._wake = asyncio.Event()
        self._writer = ThreadPoolExecutor(1, "kuaijing-writer")
        self._subscriptions: list[Subscription] = []
        self._task: asyncio.Task[None] | None = None
        self._ticker: asyncio.Task[None] | None = None
        self._probing: asyncio.Task[None] | None = None
        self._stopping = False
        self._seal_due = False
        self._loaded = Loaded(State(), Tail(), 0, None)
        self._day = ""
        self._kept_seq = 0
        self.picture = Picture(0, self._loaded.state)

    # --- life -----------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Load the state and begin to take commands. Raises ``LogBroken`` on a log that does not hold together."""
        if self._task is not None:
            return
        self._loaded = await self._in_writer(load, self.store)
        self.picture = Picture(self._loaded.tail.seq, self._loaded.state)
        self._kept_seq = self._loaded.snapshot_seq
        last = self._loaded.last_recorded_at
        self._day = local_day(self._clock() if last is None else last, self._zone)
        self._task = asyncio.create_task(self._run(), name="kuaijing-engine")
        self._ticker = asyncio.create_task(self._tick(), name="kuaijing-engine-tick")

    async def stop(self) -> None:
        """Answer what is in the inbox, keep a snapshot, let go. The store stays open."""
        if self._task is None or self._ticker is None:
            return
        self._stopping = True
        self._wake.set()
        self._ticker.cancel()
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)
        await asyncio.gather(self._task, self._ticker, return_exceptions=True)
        if self.health == "ok":
            await self._in_writer(self._flush)
            await self._snapshot()
        for subscription in list(self._subscriptions):
            subscription.close()
        self._writer.shutdown()
        self._task = None

    # --- commands -------------------------------------------------------------------------------------------------------

    async def submit(self, command: Command, context: Context, personal: PersonalWords | None = None) -> Receipt:
        """The receipt, after the commit. Raises a ``DomainError`` by name, or ``Degraded``."""
        if self._task is None or self._stopping:
            raise Stopped
        if self.health == "degraded":
            raise Degraded(self.detail)
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._inbox.append((Request(command, context, personal), answer))
        self._wake.set()
        began = time.perf_counter()
        try:
            receipt = await answer
        except DomainError:
            self.figures.refused += 1
            raise
        self.figures.note_answer(time.perf_counter() - began)
        return receipt

    @property
    def waiting(self) -> int:
        """Commands in the inbox."""
        return len(self._inbox)

    async def forget(self, incident: str, context: Context) -> Receipt:
        """Destroy what the side store holds of an incident's callers; the chain still verifies."""
        return await self.submit(ForgetPersonalWords(incident), context)

    # --- reading --------------------------------------------------------------------------------------------------------

    def subscribe(self) -> Subscription:
        """Follow the commits from now on."""
        subscription = Subscription(self._subscriptions.remove)
        self._subscriptions.append(subscription)
        return subscription

    def timeline(self, incident: str) -> list[Recorded]:
        """Everything that the log says of an incident, oldest first."""
        return [recorded(row) for row in self.store.log.timeline(incident)]

    def read(self, after_seq: int = 0, *, types: Sequence[str] | None = None) -> Iterator[Recorded]:
        """The log after an entry, oldest first."""
        return (recorded(row) for row in self.store.log.read(after_seq, types=types))

    def find_incident(self, incident: str) -> IncidentFile | None:
        """The incident with its calls and assignments, from memory or from the projection of ended ones."""
        state = self.picture.state
        if incident in state.incidents:
            return incident_file(state, state.incidents[incident])
        found = self.store.ended.find(incident)
        return None if found is None else decode_file(found.body)

    def get_incident(self, incident: str) -> IncidentFile:
        """The same, or ``UnknownIncident``."""
        found = self.find_incident(incident)
        if found is None:
            raise UnknownIncident(incident)
        return found

    def list_ended(self, opened_from: Instant, opened_until: Instant, limit: int = 500) -> list[IncidentFile]:
        """Ended incidents opened in that time, newest first, whether still in memory or not."""
        found = self.store.ended.list_between(opened_from, opened_until, limit)
        return [decode_file(each.body) for each in found]

    def words_of(self, call: str, audience: Audience) -> PersonalWords:
        """What the caller said and who it was; empty where nothing was kept or it was forgotten."""
        sealed = self.store.personal.find_words(call)
        key = None if sealed is None else self.store.personal.find_key(sealed.incident)
        if sealed is None or key is None:
            return PersonalWords()
        words = unseal(sealed, key, self._digest_of(call))
        return words if audience == Audience.FULL else mask(words)

    def verify(self) -> ChainReport:
        """Walk the whole chain; slow on a long log, so run it in a thread."""
        tail = self._loaded.tail
        return verify(self.store.log.read(0, until_seq=tail.seq), self.store.algorithm, tail)

    def _digest_of(self, call: str) -> str | None:
        found = self.picture.state.calls.get(call)
        if found is not None:
            return found.digest
        ended = self.store.ended.find(call)
        if ended is None:
            raise UnknownCall(call)
        return next((each.digest for each in decode_file(ended.body).calls if each.id == call), None)

    # --- the writer -----------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            if not self._inbox and not self._seal_due:
                if self._stopping:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            requests, self._inbox = self._inbox[:MOST_IN_A_GROUP], self._inbox[MOST_IN_A_GROUP:]
            self._seal_due = False
            try:
                await self._commit_group(requests)
            except Exception as fault:  # a fault of the program must not end the only writer
                _LOG.exception("group commit failed")
                self._degrade(_said(fault))
                _tell([future for _, future in requests], Degraded(self.detail, unknown=True))
                await self._recover(None)

    async def _commit_group(self, requests: Sequence[tuple[Request, asyncio.Future[Receipt]]]) -> None:
        now = self._clock()
        group = Group(self.store, self._loaded.state, self._loaded.tail, self._zone, now)
        self._seal_day(group, now)
        answers: list[tuple[asyncio.Future[Receipt], Receipt | Exception]] = []
        strange = False
        for request, future in requests:
            try:
                answers.append((future, group.answer(request)))
            except DomainError as refusal:  # decided on what is not written yet: told after the commit
                answers.append((future, refusal))
            except Exception as fault:  # of the program, or of a store that cannot be read
                _LOG.exception("a command could not be decided")
                answers.append((future, fault))
                strange = True
        if strange and not await self._readable():
            _tell([future for _, future in requests], Degraded(self.detail))
            await self._recover(None)
            return
        batch = group.batch()
        if batch.rows or batch.receipts:
            waiting = [future for future, _ in answers]
            try:
                await self._in_writer(self.store.log.append, batch)
            except Exception as fault:
                _LOG.warning("append failed, its outcome is not known yet: %s", fault)
                self._degrade(_said(fault))
                if not await self._recover(group.tail if batch.rows else None, waiting):
                    _tell(waiting, Degraded(self.detail or _said(fault)))
                    return
            else:
                self.figures.commits += 1
                self._advance(replace(self._loaded, state=group.state, tail=group.tail), tuple(group.events))
        self._day = max(self._day, local_day(now, self._zone))
        for future, answer in answers:
            if not future.done():
                if isinstance(answer, Receipt):
                    future.set_result(answer)
                else:
                    future.set_exception(answer)
        if self._loaded.tail.seq - self._loaded.snapshot_seq >= self._snapshot_every:
            await self._snapshot()
        sealed = any(isinstance(entry.event, DaySealed) for entry in group.events)
        if sealed or self._loaded.tail.seq - self._kept_seq >= KEEP_EVERY:
            await self._keep()

    def _seal_day(self, group: Group, now: Instant) -> None:
        """Seal the day before, first thing on a new one."""
        today = local_day(now, self._zone)
        if today <= self._day:
            return
        sealed = group.state.sealed_day
        if group.tail.seq and (sealed is None or self._day > sealed):
            context = Context("system", "engine", now)
            seal = SealDay(self._day, state_digest(group.state), day_start(today, self._zone))
            group.answer(Request(seal, context))

    def _advance(self, loaded: Loaded, events: tuple[Recorded, ...]) -> None:
        """What was written becomes the picture."""
        before = self.picture.version
        self._loaded = loaded
        self.picture = Picture(loaded.tail.seq, loaded.state)
        if not events:
            return
        committed = Committed(before, self.picture.version, events, self.picture)
        for subscription in list(self._subscriptions):
            subscription.publish(committed)

    # --- trouble --------------------------------------------------------------------------------------------------------

    async def _readable(self) -> bool:
        try:
            await self._in_writer(self.store.log.tail)
        except Exception as fault:
            self._degrade(_said(fault))
            return False
        return True

    def _degrade(self, detail: str) -> None:
        self.health, self.detail = "degraded", detail

    async def _recover(self, wanted: Tail | None, waiting: Sequence[asyncio.Future[Receipt]] = ()) -> bool:
        """Open the log afresh, read what it holds, and try until it can be written again.

        Answers, as soon as it is known, whether the entry ``wanted`` is in it; the rest of the recovery goes on behind. Callers
        in ``waiting`` are told that it is unknown where that takes long.
        """
        attempt, waited, found = 0, 0.0, False
        refused = Degraded(self.detail)
        while True:
            _tell([future for _, future in self._inbox], refused)
            self._inbox.clear()
            try:
                await self._in_writer(self.store.log.reopen)
                events = await self._reread()
                found = wanted is not None and any(each.hash == wanted.hash for each in events)
                break
            except Exception as fault:
                self._degrade(_said(fault))
            pause = RETRY_S[min(attempt, len(RETRY_S) - 1)]
            attempt, waited = attempt + 1, waited + pause
            if waited >= UNKNOWN_AFTER_S:
                _tell(waiting, Degraded(self.detail, unknown=True))
            if self._stopping and attempt >= len(RETRY_S):
                return False
            await asyncio.sleep(pause)
        if not await self._probed():
            self._probing = asyncio.create_task(self._probe_until_well(), name="kuaijing-engine-probe")
        return found

    async def _reread(self) -> tuple[Recorded, ...]:
        """Take in whatever the log holds beyond what is known, once that is sure to be on the disk."""
        known = self._loaded
        loaded = await self._in_writer(catch_up, self.store, known)
        rows = await self._in_writer(lambda: list(self.store.log.read(known.tail.seq, until_seq=loaded.tail.seq)))
        if rows:
            await self._in_writer(self.store.log.confirm)
        events = tuple(recorded(row) for row in rows)
        self._advance(loaded, events)
        return events

    async def _probed(self) -> bool:
        try:
            await self._in_writer(self.store.log.probe)
        except Exception as fault:
            self._degrade(_said(fault))
            return False
        self.health, self.detail = "ok", ""
        return True

    async def _probe_until_well(self) -> None:
        attempt = 0
        while not self._stopping:
            await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1
            try:
                await self._in_writer(self.store.log.reopen)
                await self._reread()
            except Exception as fault:
                self._degrade(_said(fault))
                continue
            if await self._probed():
                return

    # --- housekeeping ---------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Once a second: advice that no commit took along is written, and a day that is over is sealed."""
        while True:
            await asyncio.sleep(1.0)
            if self.health != "ok":
                continue
            try:
                await self._in_writer(self._flush)
            except Exception as fault:
                _LOG.warning("advice could not be written: %s", fault)
            if local_day(self._clock(), self._zone) > self._day:
                self._seal_due = True
                self._wake.set()

    def _flush(self) -> None:
        self.store.advice.flush()

    async def _snapshot(self) -> None:
        """Keep the state as a short cut for the next start; a failure costs time then, nothing else."""
        loaded = self._loaded
        if loaded.tail.seq == loaded.snapshot_seq:
            return
        try:
            await self._in_writer(_save_snapshot, self.store, loaded)
        except Exception as fault:
            _LOG.warning("snapshot could not be kept: %s", fault)
            return
        self._loaded = replace(self._loaded, snapshot_seq=loaded.tail.seq)

    async def _keep(self) -> None:
        """Keep the state for good: a replay of a later time begins there. A failure costs it time, nothing else."""
        loaded = self._loaded
        self._kept_seq = loaded.tail.seq
        try:
            await self._in_writer(_keep_snapshot, self.store, loaded)
        except Exception as fault:
            _LOG.warning("a state for replays could not be kept: %s", fault)

    async def _in_writer(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work, *arguments)


def _save_snapshot(store: Store, loaded: Loaded) -> None:
    store.snapshots.save(_snapshot_of(loaded))


def _keep_snapshot(store: Store, loaded: Loaded) -> None:
    store.snapshots.keep(_snapshot_of(loaded))


def _snapshot_of(loaded: Loaded) -> SnapshotRecord:
    body = encode_state(loaded.state)
    return SnapshotRecord(loaded.tail.seq, STATE_SCHEMA, loaded.tail.hash, hashlib.sha256(body).hexdigest(), body)


def _said(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"


def _tell(waiting: Sequence[asyncio.Future[Receipt]], refusal: Degraded) -> None:
    for future in waiting:
        if not future.done():
            future.set_exception(refusal)
