"""What stands out in a period, for the slider: orders, arrivals, broken limits, escalations, calls for help.

A mark stands where a screen could have seen it: at the log's time of its entry. A broken limit has no entry; it is found from the
records as they stood, by the rule of the live alert (``wire.alerts``: nobody there when the tier's limit is over).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kuaijing.domain.assignments import ArrivalMeasured, AssignmentOrdered
from kuaijing.domain.calls import HelpRaised
from kuaijing.domain.incidents import Incident, IncidentEscalated, IncidentOpened
from kuaijing.domain.registry import Event, incidents_of
from kuaijing.domain.state import Draft, State
from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.measures.instants import Instant, after


class MarkKind(StrEnum):
    """What a mark says."""

    OPENED = "opened"
    ORDERED = "ordered"
    ARRIVED = "arrived"
    """Measured."""
    BREACH = "breach"
    """The tier's limit was over and nobody was there."""
    ESCALATED = "escalated"
    SOS = "sos"


@dataclass(frozen=True, slots=True)
class Mark:
    """One tick of the slider."""

    at: Instant
    kind: MarkKind
    incident: str
    unit: str | None = None


def breaks_at(incident: Incident, draft: Draft | State) -> Instant | None:
    """When the incident's limit breaks, unless somebody is there before; ``None`` where it can break no more."""
    if incident.status not in OPEN_INCIDENT or incident.arrived is not None:
        return None
    parts = draft.assignments.rows() if isinstance(draft, Draft) else draft.assignments
    if any(parts[each].was_there for each in incident.assignments if each in parts):
        return None
    start = incident.opened_at if incident.first_ordered_at is None else incident.first_ordered_at
    return after(start, incident.place.tier_limit_s)


class MarkFinder:
    """Finds the marks of a period, entry by entry."""

    def __init__(self, state: State, begin: Instant) -> None:
        self.marks: list[Mark] = []
        self._due: dict[str, Instant] = {}
        """Limits that will break unless something happens."""
        self._broken: set[str] = set()
        """Incidents whose limit is broken: marked already, or before the period."""
        for incident in state.incidents.values():
            due = breaks_at(incident, state)
            if due is not None and due < begin:
                self._broken.add(incident.id)
            elif due is not None:
                self._due[incident.id] = due

    def take(self, event: Event, at: Instant, draft: Draft) -> None:
        """An entry that was just applied to ``draft``."""
        for incident_id in incidents_of(event):
            self._follow(incident_id, at, draft)
        self.marks.extend(_marks_of(event, at))

    def found(self, until: Instant) -> list[Mark]:
        """All marks up to ``until``, oldest first."""
        rest = [Mark(due, MarkKind.BREACH, name) for name, due in self._due.items() if due <= until]
        return sorted([*self.marks, *rest], key=lambda mark: (mark.at, mark.kind, mark.incident))

    def _follow(self, incident_id: str, at: Instant, draft: Draft) -> None:
        """A limit that broke before this entry has broken, whatever the entry says; one that is over by it breaks with it."""
        due = self._due.pop(incident_id, None)
        if due is not None and due < at:
            self._break(incident_id, due)
        incident = draft.incidents.find(incident_id)
        coming = None if incident is None else breaks_at(incident, draft)
        if coming is not None and coming <= at:
            if incident_id not in self._broken:
                self._break(incident_id, at)
            return
        self._broken.discard(incident_id)
        if coming is not None:
            self._due[incident_id] = coming

    def _break(self, incident_id: str, at: Instant) -> None:
        self.marks.append(Mark(at, MarkKind.BREACH, incident_id))
        self._broken.add(incident_id)


def _marks_of(event: Event, at: Instant) -> Iterator[Mark]:
    if isinstance(event, IncidentOpened):
        yield Mark(at, MarkKind.OPENED, event.incident)
    elif isinstance(event, AssignmentOrdered):
        yield Mark(at, MarkKind.ORDERED, event.incident, event.unit)
    elif isinstance(event, ArrivalMeasured):
        yield Mark(at, MarkKind.ARRIVED, event.incident, event.unit)
    elif isinstance(event, IncidentEscalated):
        yield Mark(at, MarkKind.ESCALATED, event.incident)
    elif isinstance(event, HelpRaised):
        yield Mark(at, MarkKind.SOS, event.incident, event.unit)
