"""What the engine gives out: log entries decoded, receipts, pictures, and what was committed."""

from dataclasses import dataclass

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.calls import Call
from kuaijing.domain.incidents import Incident
from kuaijing.domain.registry import Event
from kuaijing.domain.state import State
from kuaijing.engine.codec import decode_event
from kuaijing.engine.ports import Row
from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class Recorded:
    """One log entry."""

    seq: int
    recorded_at: Instant
    actor: str
    source: str
    reason: str
    by_voice: bool
    key: str | None
    type: str
    schema: int
    event: Event
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a command, after its commit."""

    version: int
    events: tuple[Recorded, ...]
    repeated: bool
    ids: dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """The city at one moment; never changes."""

    version: int
    """Number of the last log entry in it; it only ever grows, also over a restart."""
    state: State

    @property
    def recorded(self) -> int:
        """Last log entry in it."""
        return self.version


@dataclass(frozen=True, slots=True)
class Committed:
    """One group commit: what happened between two pictures."""

    version_before: int
    version: int
    events: tuple[Recorded, ...]
    picture: Picture


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """One incident with its calls and assignments, from memory or from the projection of ended ones."""

    incident: Incident
    assignments: tuple[Assignment, ...]
    calls: tuple[Call, ...]


def recorded(row: Row, event: Event | None = None) -> Recorded:
    """A stored entry decoded; ``event`` where it is at hand already."""
    return Recorded(
        row.seq,
        row.recorded_at,
        row.actor,
        row.source,
        row.reason,
        row.by_voice,
        row.key,
        row.type,
        row.schema,
        decode_event(row.type, row.schema, row.body) if event is None else event,
        row.prev_hash,
        row.hash,
    )


def incident_file(state: State, incident: Incident) -> IncidentFile:
    """The incident with what belongs to it."""
    return IncidentFile(
        incident,
        tuple(state.assignments[each] for each in incident.assignments),
        tuple(state.calls[each] for each in incident.calls),
    )
