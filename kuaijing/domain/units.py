"""Units: what is sent. The record, and the only transitions that an assignment can put it through.

A unit has one status and at most one active assignment; whatever is queued behind it changes nothing but the queue. Where it is
and how old its position is belongs to tracking, not here. Every function that changes a unit goes through ``change``, which
counts the version up once per real change: an order names the version that the dispatcher saw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kuaijing.domain.words import AssignmentStatus, UnitStatus
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft

STATUS_WHILE: dict[AssignmentStatus, UnitStatus] = {
    AssignmentStatus.ORDERED: UnitStatus.ORDERED,
    AssignmentStatus.DELIVERED: UnitStatus.ORDERED,
    AssignmentStatus.ACKNOWLEDGED: UnitStatus.ORDERED,
    AssignmentStatus.EN_ROUTE: UnitStatus.EN_ROUTE,
    AssignmentStatus.ON_SCENE: UnitStatus.ON_SCENE,
}
"""A unit's status follows its active assignment's, and only that one's."""

FORBIDS_DISPATCH = frozenset({UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE})


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it stands."""

    id: str
    call_sign: str
    unit_class: str
    status: UnitStatus
    version: int
    since: Instant
    """When the status was last changed."""
    platform: str
    beat: str
    crew_police: int
    crew_auxiliary: int
    leader: str
    capabilities: tuple[str, ...]
    home: Point | None
    active: str | None = None
    queued: tuple[str, ...] = ()
    cover: Point | None = None
    lost_contact: bool = False
    last_fix_at: Instant | None = None
    """Of the fix before contact was lost; live positions are tracking's."""
    leaving: bool = False
    """No longer in the plan; goes as soon as it is free."""
    changed_by: str = "UnitAdded"
    """Type of the event that last changed it: what ``UnitTaken`` says has changed."""


@dataclass(frozen=True, slots=True)
class UnitRemoved:
    """The unit left the force: the plan in force does not hold it and nothing holds it any more."""

    unit: str
    call_sign: str
    at: Instant


def change(draft: Draft, unit: Unit, at: Instant, changed_by: str, **fields: object) -> None:
    """Put ``unit`` with other ``fields``; one version more, and a new ``since`` where the status is another."""
    if all(getattr(unit, name) == value for name, value in fields.items()):
        return
    since = at if fields.get("status", unit.status) != unit.status else unit.since
    changed = replace(unit, version=unit.version + 1, since=since, changed_by=changed_by, **fields)  # type: ignore[arg-type]
    draft.units.put(unit.id, changed)


def take(draft: Draft, unit_id: str, assignment: str, at: Instant) -> None:
    """The assignment becomes the unit's active one."""
    unit = draft.units[unit_id]
    queued = tuple(other for other in unit.queued if other != assignment)
    change(draft, unit, at, "AssignmentOrdered", active=assignment, queued=queued, status=UnitStatus.ORDERED)


def queue(draft: Draft, unit_id: str, assignment: str, at: Instant) -> None:
    """The assignment waits behind what the unit does; its status stays."""
    unit = draft.units[unit_id]
    change(draft, unit, at, "AssignmentQueued", queued=(*unit.queued, assignment))


def follow(draft: Draft, unit_id: str, assignment: str, status: AssignmentStatus, at: Instant) -> None:
    """The unit's status follows ``assignment`` where that is its active one; a unit gone meanwhile is left alone."""
    unit = draft.units.find(unit_id)
    if unit is not None and unit.active == assignment:
        change(draft, unit, at, "AssignmentStamped", status=STATUS_WHILE[status])


def let_go(draft: Draft, unit_id: str, assignment: str, at: Instant, changed_by: str) -> None:
    """The assignment no longer holds the unit, be it active or queued."""
    unit = draft.units.find(unit_id)
    if unit is None:
        return
    if unit.active == assignment:
        change(draft, unit, at, changed_by, active=None, status=UnitStatus.AVAILABLE)
    elif assignment in unit.queued:
        change(draft, unit, at, changed_by, queued=tuple(other for other in unit.queued if other != assignment))


def _unit_removed(draft: Draft, event: UnitRemoved) -> None:
    draft.units.drop(event.unit)
    draft.cover.discard(event.unit)
    draft.presence.discard(event.unit)


EVOLVE = {UnitRemoved: _unit_removed}
