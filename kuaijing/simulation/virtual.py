"""A shift in virtual time: calls, crews and a desk before the real engine, tracking and advice, as fast as they compute.

The same rules as live, in one process and without doors: what a week of calls would do to this city under this plan. Time jumps to
the next moment at which anybody does anything. Crews are those of the living demo.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from kuaijing.domain.commands import CloseIncident, Context, OrderUnits, StampAssignment, TakeCall, UnitOrder
from kuaijing.domain.errors import DomainError
from kuaijing.domain.incidents import Incident
from kuaijing.domain.units import Unit
from kuaijing.domain.words import ENDED_ASSIGNMENT, OPEN_INCIDENT, AssignmentStatus, Origin, Outcome, Role, UnitStatus
from kuaijing.engine.advice import Advice, Advisor
from kuaijing.engine.duplicates import likely_duplicates
from kuaijing.engine.engine import Engine
from kuaijing.engine.live import LivePicture
from kuaijing.engine.personal import Audience, PersonalWords
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, after
from kuaijing.measures.points import Point
from kuaijing.simulation.callers import Happening
from kuaijing.simulation.officers import Crew, Reported, Stamped, Task
from kuaijing.tracking.reports import Report

_DESK_EVERY_S: Final = 5.0
_WAITING_EVERY_S: Final = 30.0
"""The desk looks after a change at the soonest in ``_DESK_EVERY_S``, and at waiting incidents again after this."""
_LAST_S: Final = 6 * 3600.0
"""How long after the last call the shift may still run before it is given up as stuck."""


class VirtualClock:
    """The city's clock, moved by hand."""

    speed = 1.0

    def __init__(self, start: Instant) -> None:
        self._now = start

    def now(self) -> Instant:
        """This moment."""
        return self._now

    def move_to(self, at: Instant) -> None:
        """Go on; time never goes back."""
        self._now = max(self._now, at)


class Catalogue(Protocol):
    """What the desk asks of the plan: grade and response plan of a kind."""

    def grade_of(self, kind: str) -> int:
        """The kind's grade."""

    def plan_of(self, kind: str) -> str:
        """The kind's response plan."""


@dataclass(slots=True)
class Tally:
    """What happened, to be held against the log."""

    calls: int = 0
    linked: int = 0
    opened: int = 0
    orders: int = 0
    waited: int = 0
    """Looks at an incident for which no unit could be ordered."""
    refused: dict[str, int] = field(default_factory=dict)


class VirtualShift:
    """One run."""

    def __init__(
        self,
        clock: VirtualClock,
        engine: Engine,
        live: LivePicture,
        advisor: Advisor,
        survey: Survey,
        catalogue: Catalogue,
        crews: Iterable[Crew],
        *,
        desk_every_s: float = _DESK_EVERY_S,
        waiting_every_s: float = _WAITING_EVERY_S,
        ask_positions: bool = False,
    ) -> None:
        """``ask_positions``: terminals with anything new to say are asked where they are before the desk decides anything."""
        self._desk_every_s, self._waiting_every_s = desk_every_s, waiting_every_s
        self._ask_positions = ask_positions
        self._clock, self._engine, self._live = clock, engine, live
        self._advisor, self._survey, self._catalogue = advisor, survey, catalogue
        self._crews = {crew.unit: crew for crew in crews}
        self._wakes = dict.fromkeys(self._crews, clock.now())
        self._shown: dict[str, Unit] = {}
        self._looked_at: Mapping[str, Unit] | None = None
        self._handling: dict[str, float] = {}
        self._again_at: dict[str, Instant] = {}
        self._free: frozenset[str] = frozenset()
        self.tally = Tally()

    async def run(self, happenings: Sequence[Happening]) -> Tally:
        """Play all calls, oldest first, until every incident has ended."""
        calls = [(h.at, n, h) for n, h in enumerate(happenings)]
        heapq.heapify(calls)
        until = after(max(h.at for h in happenings), _LAST_S)
        desk_at, seen = self._clock.now(), -1
        await self._crews_act()
        while calls or self._open():
            coming = min(min(self._wakes.values()), desk_at)
            if calls:
                coming = min(coming, calls[0][0])
            if coming > until:
                break
            self._clock.move_to(coming)
            now = self._clock.now()
            if self._ask_positions and (now >= desk_at or (calls and calls[0][0] <= now)):
                await self._take([crew.position(now) for crew in self._crews.values() if crew.has_news])
            while calls and calls[0][0] <= now:
                await self._call(heapq.heappop(calls)[2])
                desk_at = now
            if now >= desk_at:
                seen = (
                    self._engine.picture.version
                )  # its own orders count as a change: a diversion leaves somebody waiting
                await self._desk()
                self._live.tick()
                desk_at = after(now, self._waiting_every_s)
            await self._crews_act()
            if self._engine.picture.version != seen:
                desk_at = min(desk_at, after(now, self._desk_every_s))
        await self._live.settle()
        return self.tally

    def _open(self) -> list[Incident]:
        return [i for i in self._engine.picture.state.incidents.values() if i.status in OPEN_INCIDENT]

    # --- the 110 desk ---------------------------------------------------------------------------------------------------

    async def _call(self, happening: Happening) -> None:
        point = Point(happening.lon, happening.lat)
        self.tally.calls += 1
        likely = likely_duplicates(
            self._engine.picture, point, happening.at, happening.kind, happening.words, self._words_of
        )
        link = likely[0].incident if happening.again and likely else None
        command = TakeCall(
            call="",
            incident=None if link else "",
            link_to=link,
            origin=Origin.CALL_110,
            called_at=happening.at,
            place=self._survey.place(point, "", happening.at),
            kind=happening.kind,
            grade=self._catalogue.grade_of(happening.kind),
            plan=self._catalogue.plan_of(happening.kind),
        )
        words = PersonalWords(happening.words, happening.caller, happening.phone)
        receipt = await self._engine.submit(command, self._context("desk"), words)
        self.tally.linked += link is not None
        self.tally.opened += link is None
        self._handling.setdefault(str(receipt.ids.get("incident", link)), happening.handling_s)

    def _words_of(self, call: str) -> str:
        return self._engine.words_of(call, Audience.FULL).words

    async def _desk(self) -> None:
        """Incidents that wait are tried by grade, then age, when a unit has become free, and again after a while."""
        state = self._engine.picture.state
        free = frozenset(name for name, unit in state.units.items() if unit.status is UnitStatus.AVAILABLE)
        if free - self._free:
            self._again_at.clear()
        self._free = free
        for incident in sorted(self._open(), key=lambda each: (each.grade, each.opened_at)):
            state = self._engine.picture.state
            held = [a for a in state.assignments.values() if a.incident == incident.id]
            if any(a.status not in ENDED_ASSIGNMENT for a in held):
                continue
            if any(a.status is AssignmentStatus.CLEARED for a in held):
                close = CloseIncident(incident.id, Outcome.SETTLED)
                await self._engine.submit(close, self._context("desk"))
            elif self._clock.now() >= self._again_at.get(incident.id, Instant(0)):
                await self._order(incident)

    async def _order(self, incident: Incident) -> None:
        picture, now = self._engine.picture, self._clock.now()
        advice = self._advisor.recommend(picture, incident.id, "first", now)
        orders = tuple(_lines(advice))
        if not orders:
            self.tally.waited += 1
            self._again_at[incident.id] = after(now, self._waiting_every_s)
            return
        self._engine.store.advice.put(advice.digest, advice.canonical())
        await self._engine.submit(OrderUnits(incident.id, orders, advice.digest), self._context("desk"))
        self.tally.orders += len(orders)

    # --- the street -----------------------------------------------------------------------------------------------------

    async def _crews_act(self) -> None:
        now = self._clock.now()
        stamps: list[Stamped] = []
        reports: list[Reported] = []
        self._show(now)
        for unit, due in self._wakes.items():
            if due > now:
                continue
            crew = self._crews[unit]
            for deed in crew.act(now):
                if isinstance(deed, Reported):
                    reports.append(deed)
                else:
                    stamps.append(deed)
            self._wakes[unit] = crew.wakes_at()
        await self._take(reports)
        for stamped in stamps:
            command = StampAssignment(stamped.assignment, stamped.step, stamped.at)
            try:
                await self._engine.submit(command, self._context(f"unit:{stamped.unit}", "terminal"))
            except DomainError as refused:
                name = type(refused).__name__
                self.tally.refused[name] = self.tally.refused.get(name, 0) + 1
        self._show(now)

    async def _take(self, reports: Sequence[Reported]) -> None:
        if reports:
            self._live.take([_report(each) for each in reports])
            await self._live.settle()

    def _show(self, now: Instant) -> None:
        """Every terminal whose unit has changed shows it."""
        units = self._engine.picture.state.units
        if units is self._looked_at:
            return
        self._looked_at = units
        for name, unit in units.items():
            if self._shown.get(name) is not unit and name in self._crews:
                self._shown[name] = unit
                self._crews[name].show(self._task_of(name), None, now)
                self._wakes[name] = self._crews[name].wakes_at()

    def _task_of(self, unit: str) -> Task | None:
        state = self._engine.picture.state
        active = state.units[unit].active
        if active is None:
            return None
        assignment = state.assignments[active]
        point = state.incidents[assignment.incident].place.point
        handling = self._handling.get(assignment.incident, 600.0)
        return Task(active, (point.lon, point.lat), assignment.role, handling, assignment.status)

    def _context(self, actor: str, source: str = "console") -> Context:
        return Context(actor=actor, source=source, received_at=self._clock.now())


def _lines(advice: Advice) -> Iterable[UnitOrder]:
    for candidate in sorted((c for c in advice.candidates if c.order is not None), key=lambda c: c.order or 0):
        mode = "divert" if candidate.diversion_from else "now"
        yield UnitOrder(candidate.unit, candidate.version, Role(candidate.role or "first"), mode)


def _report(deed: Reported) -> Report:
    return Report(
        unit=deed.unit,
        lon=deed.lon,
        lat=deed.lat,
        measured_at=deed.at,
        received_at=deed.at,
        crs="wgs84",
        speed_mps=deed.speed_mps,
        heading_deg=deed.heading_deg,
    )
