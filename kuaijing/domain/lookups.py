"""What every ``decide`` asks of the state first, each refusing by name: is it known, does it still run, was it seen as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kuaijing.domain.commands import Context
from kuaijing.domain.errors import AlreadyEnded, ReasonRequired, StaleIncident, StaleUnit
from kuaijing.domain.words import OPEN_INCIDENT, IncidentStatus

if TYPE_CHECKING:
    from kuaijing.domain.incidents import Incident
    from kuaijing.domain.state import State
    from kuaijing.domain.units import Unit


def seen_incident(state: State, incident_id: str, version: int | None) -> Incident:
    """The incident; ``StaleIncident`` where ``version`` is given and is not its own."""
    incident = state.incident(incident_id)
    if version is not None and version != incident.version:
        raise StaleIncident(incident.id, version, incident.version, incident.status)
    return incident


def open_incident(state: State, incident_id: str, version: int | None = None) -> Incident:
    """The incident, where it still runs and is as it was seen."""
    incident = state.incident(incident_id)
    if incident.status not in OPEN_INCIDENT:
        remedy = "reopen it first"
        if incident.status == IncidentStatus.MERGED:
            remedy = f"go on with {incident.merged_into}, or unmerge it first"
        raise AlreadyEnded("incident", incident.id, incident.status, remedy)
    return seen_incident(state, incident_id, version)


def seen_unit(state: State, unit_id: str, version: int | None) -> Unit:
    """The unit; ``StaleUnit`` where ``version`` is given and is not its own."""
    unit = state.unit(unit_id)
    if version is not None and version != unit.version:
        raise StaleUnit(unit.id, version, unit.version, unit.status)
    return unit


def reason_given(context: Context, command: str) -> str:
    """The reason, or ``ReasonRequired``."""
    reason = context.reason.strip()
    if not reason:
        raise ReasonRequired(command)
    return reason
