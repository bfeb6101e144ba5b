"""One group of commands, decided one after the other on a working state, into one batch to write. Writes nothing itself.

Nothing of it counts until the batch is on the disk: the working state, the refusals and the answers are given out after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import msgspec

from kuaijing.domain.area_calls import AreaCalled
from kuaijing.domain.assignments import AssignmentOrdered, AssignmentQueued
from kuaijing.domain.calls import CallTaken, CallUnlinked, PersonalWordsForgotten
from kuaijing.domain.closures import ClosurePlaced
from kuaijing.domain.commands import ChangeRegister, Command, Context, TakeCall
from kuaijing.domain.errors import refuse_all
from kuaijing.domain.incidents import IncidentOpened
from kuaijing.domain.proposals import PlanProposed
from kuaijing.domain.registers import RegisterChanged
from kuaijing.domain.registry import Event, decide, evolve, incidents_of
from kuaijing.domain.state import State
from kuaijing.domain.text import text_faults
from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.engine.chain import linked
from kuaijing.engine.codec import encode_event, event_schema, fingerprint
from kuaijing.engine.errors import KeyReused
from kuaijing.engine.numbers import numbered
from kuaijing.engine.personal import PersonalWords, SealedWords, new_key, seal
from kuaijing.engine.ports import Batch, NewKey, RegisterVersion, Row, Store, StoredReceipt, Tail
from kuaijing.engine.recall import projected, recalled
from kuaijing.engine.recorded import Receipt, Recorded, recorded
from kuaijing.engine.register_seal import new_salt, salted_digest
from kuaijing.measures.instants import Instant

_NO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it came to the engine's door."""

    command: Command
    context: Context
    personal: PersonalWords | None = None


class Group:
    """The commands of one group commit, as far as they are decided."""

    def __init__(self, store: Store, state: State, tail: Tail, zone: ZoneInfo, recorded_at: Instant) -> None:
        self.state, self.tail = state, tail
        self.first_seq = tail.seq + 1
        self.events: list[Recorded] = []
        self._store, self._zone, self._recorded_at = store, zone, recorded_at
        self._rows: list[Row] = []
        self._receipts: dict[tuple[str, str], tuple[StoredReceipt, Receipt]] = {}
        self._keys: dict[str, bytes] = {}
        self._words: list[SealedWords] = []
        self._forgotten: list[tuple[str, tuple[str, ...]]] = []
        self._touched: set[str] = set()
        self._registers: list[RegisterVersion] = []

    def answer(self, request: Request) -> Receipt:
        """Decide one command; its receipt holds once the batch is written. Raises as ``decide`` does, changing nothing."""
        mark = _mark(request)
        known = self._repeat(request.context, mark)
        if known is not None:
            return known
        decided = self._decide(request)
        receipt = self._record(decided, request.context)
        if decided.words is not None and decided.key is not None:
            self._words.append(decided.words)
            self._keys[decided.key.incident] = decided.key.key
        if decided.entry is not None:
            self._registers.append(decided.entry)
        for event in decided.events:
            self._touched.update(incidents_of(event))
            if isinstance(event, PersonalWordsForgotten):
                self._forgotten.append((event.incident, event.calls))
        self._keep(receipt, request.context, mark)
        return receipt

    def batch(self) -> Batch:
        """All that is to be written."""
        touched = sorted(self._touched)
        ended = [projected(self.state, each) for each in touched]
        return Batch(
            rows=tuple(self._rows),
            receipts=tuple(stored for stored, _ in self._receipts.values()),
            keys=tuple(NewKey(incident, key) for incident, key in self._keys.items()),
            words=tuple(self._words),
            forgotten=tuple(self._forgotten),
            ended=tuple(each for each in ended if each is not None),
            running=tuple(each for each in touched if _runs(self.state, each)),
            registers=tuple(self._registers),
        )

    def _repeat(self, context: Context, mark: str) -> Receipt | None:
        if context.key is None:
            return None
        known = self._receipts.get((context.actor, context.key))
        if known is not None:
            stored, receipt = known
            answer = Receipt(receipt.version, receipt.events, True, receipt.ids)
        else:
            found = self._store.log.receipt(context.actor, context.key)
            if found is None:
                return None
            stored = found
            rows = self._store.log.read(stored.first_seq - 1, until_seq=stored.last_seq)
            answer = Receipt(
                stored.version, tuple(recorded(row) for row in rows), True, msgspec.json.decode(stored.ids)
            )
        if stored.fingerprint != mark:
            raise KeyReused(context.key, context.actor)
        return answer

    def _decide(self, request: Request) -> "_Decided":
        context = request.context
        back = recalled(self.state, request.command, self._store.ended, context.received_at)
        state = evolve(self.state, back) if back else self.state
        command = numbered(state, request.command, context.received_at, self._zone)
        words: SealedWords | None = None
        key: NewKey | None = None
        if request.personal is not None and isinstance(command, TakeCall):
            refuse_all(text_faults(request.personal, "personal"))
            key = self._key_of(command.incident or command.link_to or "")
            words, digest = seal(request.personal, command.call, key.incident, key.key)
            command = replace(command, digest=digest)
        salt = b""
        if isinstance(command, ChangeRegister):
            salt = new_salt()
            command = replace(command, digest=salted_digest(salt, command.document))
        events = decide(state, command, context)
        if not events:
            return _Decided(self.state, (), None, None)
        entry = _entry(command, events, context, salt) if isinstance(command, ChangeRegister) else None
        return _Decided(evolve(state, events), (*back, *events), words, key, entry)

    def _key_of(self, incident: str) -> NewKey:
        key = self._keys.get(incident) or self._store.personal.find_key(incident)
        return NewKey(incident, new_key() if key is None else key)

    def _record(self, decided: "_Decided", context: Context) -> Receipt:
        entries: list[Recorded] = []
        tail = self.tail
        rows: list[Row] = []
        for event in decided.events:
            row = linked(self._row(event, context, tail.seq + 1), tail, self._store.algorithm)
            tail = Tail(row.seq, row.hash)
            rows.append(row)
            entries.append(recorded(row, event))
        self.state, self.tail = decided.state, tail
        self._rows.extend(rows)
        self.events.extend(entries)
        return Receipt(tail.seq, tuple(entries), False, ids_of(decided.events))

    def _row(self, event: Event, context: Context, seq: int) -> Row:
        name = type(event).__name__
        return Row(
            seq=seq,
            recorded_at=self._recorded_at,
            actor=context.actor,
            source=context.source,
            reason=context.reason,
            by_voice=context.by_voice,
            key=context.key,
            type=name,
            schema=event_schema(name),
            body=encode_event(event),
            prev_hash=_NO_HASH,
            hash=_NO_HASH,
            incidents=incidents_of(event),
        )

    def _keep(self, receipt: Receipt, context: Context, mark: str) -> None:
        if context.key is None:
            return
        stored = StoredReceipt(
            actor=context.actor,
            key=context.key,
            fingerprint=mark,
            version=receipt.version,
            first_seq=receipt.version - len(receipt.events) + 1,
            last_seq=receipt.version,
            ids=msgspec.json.encode(receipt.ids),
        )
        self._receipts[context.actor, context.key] = (stored, receipt)


@dataclass(frozen=True, slots=True)
class _Decided:
    state: State
    events: tuple[Event, ...]
    words: SealedWords | None
    key: NewKey | None
    """Under which ``words`` are sealed, new or known."""
    entry: RegisterVersion | None = None


def _entry(command: ChangeRegister, events: Sequence[Event], context: Context, salt: bytes) -> RegisterVersion:
    """What the register's table gets beside the event."""
    (event,) = (each for each in events if isinstance(each, RegisterChanged))
    return RegisterVersion(
        event.register,
        event.id,
        event.version,
        event.at,
        context.actor,
        context.reason,
        event.change,
        salt,
        event.digest,
        command.document,
    )


def _mark(request: Request) -> str:
    """What tells a repeat from another command with the same key."""
    kind = type(request.command).__name__
    if request.context.body is not None:
        return fingerprint(kind, request.context.body)
    return fingerprint(kind, request.command, request.personal)


def _runs(state: State, incident: str) -> bool:
    found = state.incidents.get(incident)
    return found is not None and found.status in OPEN_INCIDENT


def ids_of(events: Sequence[Event]) -> dict[str, str | list[str]]:
    """Identifiers of what the events made."""
    ids: dict[str, str | list[str]] = {}
    assignments = [
        event.assignment
        for event in events
        if isinstance(event, AssignmentQueued) or (isinstance(event, AssignmentOrdered) and not event.from_queue)
    ]
    if assignments:
        ids["assignments"] = assignments
    for event in events:
        if isinstance(event, IncidentOpened):
            ids["incident"] = event.incident
        elif isinstance(event, CallTaken | CallUnlinked):
            ids["call"] = event.call
            ids["incident"] = event.incident
        elif isinstance(event, ClosurePlaced):
            ids["closure"] = event.closure
        elif isinstance(event, PlanProposed):
            ids["proposal"] = event.proposal
        elif isinstance(event, RegisterChanged):
            ids["entry"] = event.id
        elif isinstance(event, AreaCalled):
            ids["area_call"] = event.area_call
    return ids
