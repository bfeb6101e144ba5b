"""The living demo: crews, callers and a desk, all play-acted, before the doors of a running server.

One loop on the wall's clock; what the actors do is told by the city's clock, which the server owns and the live push carries, so
that a shift at 60 times speed is the same shift.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from itertools import islice

from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant
from kuaijing.simulation.answering import Answering, AreaDeed
from kuaijing.simulation.callers import Callers
from kuaijing.simulation.desk import Desk
from kuaijing.simulation.doors import Credentials, HttpDoor, Refused
from kuaijing.simulation.officers import Crew, Place, Reported, Router, Stamped, Task
from kuaijing.wire.pictures import UnitView

_log = logging.getLogger(__name__)

_TICK_S = 0.25
_UNKNOWN_HANDLING_S = 900.0
"""How long a crew stays at an incident that no play-acted caller made (a visitor opened it)."""


class Shift:
    """All play-actors of one city."""

    def __init__(
        self,
        door: HttpDoor,
        *,
        router: Router,
        patrol_of: Callable[[UnitView], Callable[[random.Random], Place] | None],
        callers: Callers,
        seed: int,
        patience_s: float,
        left_for_visitor: str | None = None,
        dwell_s: Callable[[Place], float | None] = lambda _: None,
        by_terminal: Callable[[Reported], bool] | None = None,
    ) -> None:
        """``by_terminal`` takes a position where the unit reports by a way of its own; the others go by the public door."""
        self._door, self._router, self._patrol_of, self._callers = door, router, patrol_of, callers
        self._desk = Desk(
            door, patience_s=patience_s, seed=seed, play_acted=lambda incident: incident in self._handling
        )
        self._left_for_visitor, self._dwell_s = left_for_visitor, dwell_s
        self._by_terminal = by_terminal or (lambda _: False)
        self._answering = Answering(seed, left_for_visitor)
        self._seed = seed
        self._crews: dict[str, Crew] = {}
        self._handling: dict[str, float] = {}
        self._last: Instant | None = None

    @property
    def looked_at(self) -> Instant | None:
        """The city's time at the newest look; crews act in another thread than the one that knows the time."""
        return self._last

    async def run(self, stop: asyncio.Event) -> None:
        """Play until ``stop`` is set. A refusal is the street's daily bread: it is logged, and play goes on."""
        while not stop.is_set():
            try:
                await self.step(self._door.now())
            except Refused as refused:
                _log.info("a play-actor was refused: %s", refused)
            except OSError as fault:
                _log.warning("the play-actors cannot reach the server: %s", fault)
            try:
                await asyncio.wait_for(stop.wait(), _TICK_S)
            except TimeoutError:
                continue

    async def step(self, now: Instant) -> None:
        """One look of everybody."""
        since, self._last = self._last or now, now
        for happening in self._callers.between(since, now):
            incident = await self._door.call(happening)
            self._handling.setdefault(incident, happening.handling_s)
        stamps, reports = await asyncio.to_thread(self._crews_act, now)
        by_door = [each for each in reports if not self._by_terminal(each)]
        if by_door:
            await self._door.report(by_door)
        for stamped in stamps:
            await self._press(stamped)
        statuses = {unit.id: unit.status for unit in self._door.units.values()}
        for deed in self._answering.due(self._door.area_calls.values(), statuses, now):
            await self._answer(deed)
        await self._desk.look(now)

    async def leave_one(self) -> None:
        """Send the visitor's unit off duty, so that nobody is sent who has nobody to answer, until a visitor starts its duty."""
        unit = self._door.units.get(self._left_for_visitor or "")
        if unit is not None and unit.status == UnitStatus.AVAILABLE:
            body = {"status": UnitStatus.OFF_DUTY.value, "reason": "留给访客在 /unit 执勤"}
            await self._door.post(f"/api/units/{unit.id}/status", body)

    async def open_with(self, count: int) -> None:
        """Let ``count`` calls come in at once, so that a visitor finds a shift under way."""
        now = self._door.now()
        self._last = now
        hour = 3600 * 1_000_000
        earlier = Instant(now - 4 * hour)
        for happening in islice(self._callers.between(earlier, now), count):
            incident = await self._door.call(happening.made_at(now))
            self._handling.setdefault(incident, happening.handling_s)

    def _crews_act(self, now: Instant) -> tuple[list[Stamped], list[Reported]]:
        stamps: list[Stamped] = []
        reports: list[Reported] = []
        for unit in list(self._door.units.values()):
            if unit.status in ("off_duty", "out_of_service"):
                continue
            crew = self._crew(unit)
            if crew is None:
                continue
            cover = None if unit.cover is None else (unit.cover.lon, unit.cover.lat)
            crew.show(self._task(unit), cover, now)
            for deed in crew.act(now):
                if isinstance(deed, Stamped):
                    stamps.append(deed)
                else:
                    reports.append(deed)
        return stamps, reports

    async def _press(self, stamped: Stamped) -> None:
        try:
            await self._door.stamp(stamped)
        except Refused as refused:
            if refused.status not in (404, 409):
                raise
            _log.info("%s %s: %s", stamped.assignment, stamped.step.value, refused)

    async def _answer(self, deed: AreaDeed) -> None:
        try:
            await self._door.answer_area(deed)
        except Refused as refused:  # the desk has ended the call meanwhile
            if refused.status not in (404, 409):
                raise
            _log.info("%s to area call %s: %s", deed.unit, deed.call, refused)

    def _task(self, unit: UnitView) -> Task | None:
        assignment = self._door.assignment(unit)
        incident = None if assignment is None else self._door.incidents.get(assignment.incident)
        if assignment is None or incident is None:
            return None
        place = (incident.place.lon, incident.place.lat)
        handling = self._handling.get(incident.id, _UNKNOWN_HANDLING_S)
        return Task(assignment.id, place, assignment.role, handling, assignment.status)

    def _crew(self, unit: UnitView) -> Crew | None:
        crew = self._crews.get(unit.id)
        if crew is None:
            at = unit.fix or unit.home
            if at is None:
                return None
            crew = Crew(
                unit=unit.id,
                unit_class=unit.unit_class,
                stands=(at.lon, at.lat),
                router=self._router,
                chance=random.Random(f"crew:{self._seed}:{unit.id}"),
                patrol=self._patrol_of(unit),
                dwell_s=self._dwell_s,
                by_hand=unit.id == self._left_for_visitor,
            )
            self._crews[unit.id] = crew
        return crew


async def play(shift: Shift, door: HttpDoor, stop: asyncio.Event, *, opening_calls: int = 3) -> None:
    """Open the door, play the shift until ``stop``, close the door."""
    await door.open()
    try:
        await shift.leave_one()
        await shift.open_with(opening_calls)
        await shift.run(stop)
    finally:
        await door.close()


__all__ = ["Credentials", "HttpDoor", "Shift", "play"]
