"""A play-acted dispatcher: orders what the system recommends when nobody has ordered for a while, and closes what is done.

It gives a visitor at the console the first go: an incident that has waited ``patience_s`` without an order is taken up; one that a
person opened is left to that person ``_OWNERS_PATIENCE`` times as long. It chooses nothing by itself: the advice served is what it
orders, as a hurried but obedient dispatcher would.
"""

import logging
import random
from collections.abc import Awaitable, Callable

from kuaijing.domain.words import ENDED_ASSIGNMENT, OPEN_INCIDENT, AssignmentStatus, Outcome
from kuaijing.measures.instants import Instant, from_datetime, seconds_between
from kuaijing.simulation.doors import HttpDoor, Refused
from kuaijing.wire.pictures import IncidentView

_log = logging.getLogger(__name__)

_OWNERS_PATIENCE = 10

_OUTCOMES = (
    Outcome.SETTLED,
    Outcome.SETTLED,
    Outcome.SETTLED,
    Outcome.MEDIATION,
    Outcome.HANDED_TO_STATION,
    Outcome.NOBODY_FOUND,
)


class Desk:
    """One play-acted dispatcher at a door."""

    def __init__(
        self, door: HttpDoor, *, patience_s: float, seed: int, play_acted: Callable[[str], bool] = lambda incident: True
    ) -> None:
        self._door, self._patience_s, self._play_acted = door, patience_s, play_acted
        self._chance = random.Random(f"desk:{seed}")
        self._tried: dict[str, Instant] = {}

    async def look(self, now: Instant) -> None:
        """Go once through the open incidents."""
        for incident in list(self._door.incidents.values()):
            if incident.status not in OPEN_INCIDENT:
                self._tried.pop(incident.id, None)
            elif not any(a.status not in ENDED_ASSIGNMENT for a in incident.assignments):
                done = any(a.status == AssignmentStatus.CLEARED for a in incident.assignments)
                await self._once_a_while(incident, now, self._close if done else self._order)

    async def _once_a_while(
        self, incident: IncidentView, now: Instant, act: Callable[[IncidentView], Awaitable[None]]
    ) -> None:
        since = self._tried.get(incident.id, from_datetime(incident.opened_at))
        patience = self._patience_s * (1 if self._play_acted(incident.id) else _OWNERS_PATIENCE)
        if seconds_between(since, now) < patience:
            return
        self._tried[incident.id] = now
        try:
            await act(incident)
        except Refused as refused:
            _log.info("the play-acted dispatcher was refused: %s", refused)

    async def _order(self, incident: IncidentView) -> None:
        advice = await self._door.advice(incident.id)
        chosen = sorted((c for c in advice.candidates if c.order is not None), key=lambda c: c.order or 0)
        if not chosen:
            return
        lines = [
            {
                "unit": c.unit,
                "version": c.version,
                "role": c.role or "first",
                "mode": "divert" if c.diversion_from else "now",
            }
            for c in chosen
        ]
        await self._door.post(f"/api/incidents/{incident.id}/orders", {"units": lines, "advice": advice.digest})

    async def _close(self, incident: IncidentView) -> None:
        outcome = self._chance.choice(_OUTCOMES)
        await self._door.post(f"/api/incidents/{incident.id}/close", {"outcome": outcome.value})
