"""What must hold of every state, whatever was commanded."""

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.incidents import Incident
from kuaijing.domain.state import State
from kuaijing.domain.units import STATUS_WHILE
from kuaijing.domain.words import ENDED_ASSIGNMENT, OPEN_INCIDENT, AssignmentStatus, IncidentStatus, UnitStatus

INCIDENT_CLOCKS = ("called_at", "opened_at", "controlled_at", "settled_at", "closed_at")
ASSIGNMENT_CLOCKS = (
    "queued_at",
    "ordered_at",
    "delivered_at",
    "acknowledged_at",
    "en_route_at",
    "on_scene_at",
    "cleared_at",
    "arrived",
)


def check(state: State) -> None:
    """Raise ``AssertionError`` where the state contradicts itself."""
    for unit in state.units.values():
        held = [
            part for part in state.assignments.values() if part.unit == unit.id and part.status not in ENDED_ASSIGNMENT
        ]
        active = [part for part in held if part.status != AssignmentStatus.QUEUED]
        assert [part.id for part in active] == ([unit.active] if unit.active else []), unit
        assert {part.id for part in held} - {unit.active} == set(unit.queued), unit
        if active:
            assert unit.status == STATUS_WHILE[active[0].status], (unit, active)
            assert unit.cover is None, unit
        else:
            assert unit.status not in (UnitStatus.ORDERED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE), unit
        if unit.queued and not active:
            assert unit.status == UnitStatus.BUSY_OTHER, unit
        if unit.leaving:
            assert active or unit.status == UnitStatus.BUSY_OTHER, unit
        assert (unit.cover is not None) == (unit.id in state.cover), unit
        incidents = [state.assignments[each].incident for each in (unit.active, *unit.queued) if each]
        assert len(incidents) == len(set(incidents)), unit
    for incident in state.incidents.values():
        _incident(state, incident)
    for part in state.assignments.values():
        assert part.id in state.incidents[part.incident].assignments, part
        if part.status not in ENDED_ASSIGNMENT:
            assert part.unit in state.units, part
    for call in state.calls.values():
        assert call.id in state.incidents[call.incident].calls, call


def _incident(state: State, incident: Incident) -> None:
    parts = [state.assignments[each] for each in incident.assignments]
    assert all(part.incident == incident.id for part in parts)
    assert len(set(incident.calls)) == len(incident.calls)
    if incident.status not in OPEN_INCIDENT:
        assert all(part.status in ENDED_ASSIGNMENT for part in parts), incident  # it holds no unit
        assert incident.ended_at is not None
    else:
        assert incident.ended_at is None
        assert (incident.first_ordered_at is None) <= all(part.ordered_at is None for part in parts)
    assert (incident.merged_into is not None) == (incident.status == IncidentStatus.MERGED)


def check_step(before: State, after: State) -> None:
    """Clocks are set once; versions only grow; an assignment never goes back."""
    for incident in before.incidents.values():
        later = after.incidents.get(incident.id)
        if later is not None:
            _clocks(incident, later, INCIDENT_CLOCKS)
            assert later.version >= incident.version
            assert (later == incident) == (later.version == incident.version)
            assert (later.first_kind, later.first_grade) == (incident.first_kind, incident.first_grade)
            assert (later.place.tier, later.place.tier_limit_s) == (incident.place.tier, incident.place.tier_limit_s)
    for part in before.assignments.values():
        after_part = after.assignments.get(part.id)
        if after_part is not None:
            _clocks(part, after_part, ASSIGNMENT_CLOCKS)
            if part.status in ENDED_ASSIGNMENT:
                assert after_part.status == part.status
    for unit in before.units.values():
        kept = after.units.get(unit.id)
        if kept is not None:
            assert kept.version >= unit.version
            assert (kept == unit) == (kept.version == unit.version)


def _clocks(before: Incident | Assignment, after: Incident | Assignment, names: tuple[str, ...]) -> None:
    for name in names:
        was = getattr(before, name)
        assert was is None or getattr(after, name) == was, (name, before, after)
