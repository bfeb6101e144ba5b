"""Patrol points: who visited which, from when to when, as positions prove it. What a point asks for is the plan document's.

Visits are kept for a day and a half, enough for any count of "today"; all of them stand in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kuaijing.domain import presence
from kuaijing.domain.clocks import Interval
from kuaijing.domain.commands import Context
from kuaijing.domain.errors import Invalid
from kuaijing.domain.findings import RecordVisit
from kuaijing.measures.instants import Instant, after

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

KEPT_S: Final = 36 * 3600.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one point."""

    unit: str
    came: Interval
    left: Interval
    dwell_s: float


@dataclass(frozen=True, slots=True)
class PointVisits:
    """The visits of one patrol point, oldest first."""

    point: str
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class PatrolPointVisited:
    """The unit stood at the point for at least as long as the plan asks, within the point's hours."""

    point: str
    unit: str
    came: Interval
    left: Interval
    dwell_s: float
    at: Instant


def _visit(state: State, command: RecordVisit, context: Context) -> tuple[PatrolPointVisited, ...]:
    unit = state.unit(command.unit)
    if not command.point:
        raise Invalid("point", "", "no patrol point is named", "name the point as in the plan")
    presence.in_order(command.came_earliest, command.came_latest)
    presence.in_order(command.left_earliest, command.left_latest)
    presence.in_order(command.came_latest, command.left_earliest)
    came = Interval(command.came_earliest, command.came_latest)
    left = Interval(command.left_earliest, command.left_latest)
    return (PatrolPointVisited(command.point, unit.id, came, left, command.dwell_s, context.received_at),)


DECIDE = {RecordVisit: _visit}


def _visited(draft: Draft, event: PatrolPointVisited) -> None:
    before = draft.patrol.find(event.point) or PointVisits(event.point)
    kept = tuple(each for each in before.visits if after(each.left.latest, KEPT_S) >= event.left.latest)
    visit = Visit(event.unit, event.came, event.left, event.dwell_s)
    draft.patrol.put(event.point, PointVisits(event.point, (*kept, visit)))
    presence.known(draft, event.unit, visited=event.point, visited_at=event.came.latest)


EVOLVE = {PatrolPointVisited: _visited}
