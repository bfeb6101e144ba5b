"""Bringing an ended incident back into memory where a command names it, a call or an assignment of it.

A phone that was out of reach over midnight still gets its late stamp recorded; a closed incident of last week can be reopened.
"""

import msgspec

from kuaijing.domain.commands import Command
from kuaijing.domain.days import IncidentRecalled
from kuaijing.domain.registry import evolve
from kuaijing.domain.state import State
from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.engine.ports import EndedIncident, EndedIncidents
from kuaijing.engine.recorded import IncidentFile, incident_file
from kuaijing.measures.instants import Instant

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(IncidentFile)


def recalled(state: State, command: Command, ended: EndedIncidents, at: Instant) -> tuple[IncidentRecalled, ...]:
    """Events that bring back what ``command`` names and memory lacks; what is known nowhere is left to ``decide`` to refuse."""
    events: list[IncidentRecalled] = []
    wanted = _missing(state, command)
    while wanted:
        found = ended.find(wanted.pop())
        if found is None:
            continue
        file = decode_file(found.body)
        if file.incident.id in state.incidents:
            continue
        event = IncidentRecalled(file.incident.id, file.incident, file.assignments, file.calls, at)
        events.append(event)
        state = evolve(state, (event,))
        into = file.incident.merged_into
        if into is not None and into not in state.incidents:
            wanted.append(into)
    return tuple(events)


def _missing(state: State, command: Command) -> list[str]:
    wanted = []
    for name, table in (
        ("incident", state.incidents),
        ("into", state.incidents),
        ("link_to", state.incidents),
        ("assignment", state.assignments),
        ("call", state.calls),
    ):
        identifier = getattr(command, name, None)
        if identifier and identifier not in table:
            wanted.append(identifier)
    return wanted


def decode_file(body: bytes) -> IncidentFile:
    """An ended incident as the projection keeps it."""
    return _decoder.decode(body)


def projected(state: State, incident_id: str) -> EndedIncident | None:
    """The incident for the projection; ``None`` where it runs or is not in memory."""
    incident = state.incidents.get(incident_id)
    if incident is None or incident.status in OPEN_INCIDENT or incident.ended_at is None:
        return None
    body = _encoder.encode(incident_file(state, incident))
    return EndedIncident(
        incident.id, incident.opened_at, incident.ended_at, (*incident.calls, *incident.assignments), body
    )
