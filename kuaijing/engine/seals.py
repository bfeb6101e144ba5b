"""Are the days' seals true? The log is replayed from its first entry, and each seal's digest compared with the state found then.

The chain says that no entry was altered; the seals say that today's rules make of the entries the same state that ran. A seal
written under another schema of the state cannot be compared and is counted, not doubted.
"""

from dataclasses import dataclass

from kuaijing.domain.days import DaySealed
from kuaijing.domain.registry import Event, evolve
from kuaijing.domain.state import State
from kuaijing.engine.codec import STATE_SCHEMA, decode_event, state_digest
from kuaijing.engine.ports import Store


@dataclass(frozen=True, slots=True)
class SealFault:
    """A day whose seal does not fit."""

    day: str
    seq: int
    sealed: str
    found: str


@dataclass(frozen=True, slots=True)
class SealReport:
    """What a replay found."""

    days: int
    not_comparable: int
    faults: tuple[SealFault, ...]


def verify_seals(store: Store) -> SealReport:
    """Replay everything; slow on a long log (about 30,000 entries a second)."""
    state, waiting = State(), list[Event]()
    days = not_comparable = 0
    faults: list[SealFault] = []
    for row in store.log.read(0):
        event = decode_event(row.type, row.schema, row.body)
        if isinstance(event, DaySealed):
            state, waiting = evolve(state, waiting), []
            days += 1
            if not event.digest.startswith(f"state{STATE_SCHEMA}:"):
                not_comparable += 1
            elif (found := state_digest(state)) != event.digest:
                faults.append(SealFault(event.day, row.seq, event.digest, found))
        waiting.append(event)
    return SealReport(days, not_comparable, tuple(faults))
