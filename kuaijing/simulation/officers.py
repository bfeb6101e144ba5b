"""How a simulated unit behaves: patrols its beat, takes an order, drives, handles, returns.

A crew sees only what its terminal shows (``Task``), and acts only by what a terminal can send (``Stamped``, ``Reported``), so it
can stand before the HTTP door or before the engine alike. It knows neither. All chance comes from the generator handed in.

The delays are round figures of a practised crew, not measurements: acknowledgement 3-12 s, setting off 4-15 s later, the button
pressed within half a minute of arriving (at times early, at times forgotten), control after two minutes on average.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from kuaijing.domain.words import AssignmentStatus, Step
from kuaijing.measures.instants import Instant, after, seconds_between
from kuaijing.simulation.driving import Leg, Whereabouts

_NEVER = Instant(0)

Place = tuple[float, float]
"""Longitude and latitude, WGS-84 degrees."""

Router = Callable[[str, Place, Place], Leg | None]
"""Unit class, start, end -> the drive, or None where no road leads there."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the terminal shows of the active assignment."""

    assignment: str
    place: Place
    role: str
    handling_s: float
    """How long this incident will keep the crew once it is there."""
    status: str = AssignmentStatus.ORDERED


@dataclass(frozen=True, slots=True)
class Stamped:
    """The crew pressed a button."""

    unit: str
    assignment: str
    step: Step
    at: Instant


@dataclass(frozen=True, slots=True)
class Reported:
    """The terminal reported a position."""

    unit: str
    lon: float
    lat: float
    speed_mps: float
    heading_deg: float | None
    at: Instant


Deed = Stamped | Reported


@dataclass(slots=True)
class Crew:
    """One unit's crew and vehicle."""

    unit: str
    unit_class: str
    stands: Place
    router: Router
    chance: random.Random
    patrol: Callable[[random.Random], Place] | None = None
    """Draws the next place to patrol to; None: waits where it stands."""
    dwell_s: Callable[[Place], float | None] = lambda _: None
    """How long the plan asks a patrol to stay at a place; None: as long as the crew likes."""
    report_every_s: float = 2.0
    rest_report_every_s: float = 15.0
    gps_error_m: float = 4.0
    by_hand: bool = False
    """A visitor presses its buttons; the crew only drives, once the unit is on its way."""

    _task: Task | None = None
    _leg: Leg | None = None
    _left_at: Instant = _NEVER
    _agenda: list[tuple[Instant, Step]] = field(default_factory=list)
    _reported_at: Instant | None = None
    _said: Place | None = None
    _news: bool = False
    """Since the last report it has stopped, or been handed a task: the terminal says so as soon as a moving one would speak."""
    _next_patrol_at: Instant = _NEVER
    _patrols_to: Place | None = None
    _cover: Place | None = None
    _on_scene: bool = False

    def show(self, task: Task | None, cover: Place | None, now: Instant) -> None:
        """The terminal's screen changed: a new task, none any more, or a place to stand by at."""
        before = None if self._task is None else self._task.assignment
        if (None if task is None else task.assignment) != before:
            self._stop(now)
            self._on_scene, self._news = False, True
            self._agenda = [] if task is None or self.by_hand else self._first_agenda(task, now)
            if task is None:
                self._next_patrol_at = after(now, self.chance.uniform(10, 60))
            elif task.status == AssignmentStatus.ON_SCENE:
                self.stands, self._on_scene = task.place, True
            elif task.status == AssignmentStatus.EN_ROUTE:
                self._drive(task.place, now)
        elif task is not None and self.by_hand and self._set_off(task):
            self._drive(task.place, now)
        self._task = task
        if cover != self._cover:
            self._cover = cover
            if cover is not None and self._task is None:
                self._drive(cover, after(now, self.chance.uniform(3, 10)))

    def act(self, now: Instant) -> list[Deed]:
        """What the crew does up to ``now``: due stamps in order, then a position report where one is due."""
        deeds: list[Deed] = []
        if self._task is not None:
            deeds += self._work(self._task, now)
        elif self._leg is None and self._cover is None and self.patrol and now >= self._next_patrol_at:
            self._patrols_to = self.patrol(self.chance)
            self._drive(self._patrols_to, now)
        seen = self.whereabouts(now)
        if self._leg is not None and seen.arrived:
            self._arrive(now)
        if self._reported_at is None or seconds_between(self._reported_at, now) >= self._report_due_s:
            deeds.append(self._report(seen, now))
        return deeds

    def position(self, now: Instant) -> Reported:
        """What the terminal answers when it is asked where it is."""
        return self._report(self.whereabouts(now), now)

    @property
    def has_news(self) -> bool:
        """Whether it is, or may be, elsewhere than it last said, has stopped since, or been handed a task."""
        return self._leg is not None or self._news or self._said != self.stands

    @property
    def _report_due_s(self) -> float:
        return self.report_every_s if self._leg is not None or self._news else self.rest_report_every_s

    def wakes_at(self) -> Instant:
        """The next moment at which ``act`` has something to do, as things stand; an instant past means at once."""
        moments = [self._agenda[0][0]] if self._agenda else []
        if self._leg is not None:
            moments.append(Instant(after(self._left_at, self._leg.seconds) + 1))  # rounded, it may lie just before
        elif self._task is None and self._cover is None and self.patrol is not None:
            moments.append(self._next_patrol_at)
        moments.append(_NEVER if self._reported_at is None else after(self._reported_at, self._report_due_s))
        return min(moments)

    def whereabouts(self, now: Instant) -> Whereabouts:
        """The truth, which only the simulation knows."""
        if self._leg is None:
            return Whereabouts(*self.stands, 0.0, None, True)
        return self._leg.at(seconds_between(self._left_at, now))

    def _first_agenda(self, task: Task, now: Instant) -> list[tuple[Instant, Step]]:
        if task.status == AssignmentStatus.ON_SCENE:
            return [entry for entry in self._scene_agenda(task, now) if entry[1] is not Step.ON_SCENE]
        if task.status == AssignmentStatus.EN_ROUTE:
            return []
        acknowledged = after(now, self.chance.uniform(3, 12))
        return [
            (after(now, self.chance.uniform(0.3, 1.5)), Step.DELIVERED),
            (acknowledged, Step.ACKNOWLEDGED),
            (after(acknowledged, self.chance.uniform(4, 15)), Step.EN_ROUTE),
        ]

    def _set_off(self, task: Task) -> bool:
        """Whether the visitor has just pressed "on the way"."""
        driving = self._leg is not None or self._on_scene
        return task.status == AssignmentStatus.EN_ROUTE and not driving

    def _work(self, task: Task, now: Instant) -> list[Deed]:
        deeds: list[Deed] = []
        while self._agenda and self._agenda[0][0] <= now:
            at, step = self._agenda.pop(0)
            deeds.append(Stamped(self.unit, task.assignment, step, at))
            if step is Step.EN_ROUTE:
                self._drive(task.place, at)
        return deeds

    def _arrive(self, now: Instant) -> None:
        leg = self._leg
        assert leg is not None
        at = min(now, after(self._left_at, leg.seconds))
        self._stop(now)
        if self._task is None:
            asked_s = None if self._patrols_to is None or self._cover is not None else self.dwell_s(self._patrols_to)
            stays_s = self.chance.uniform(30, 180) if asked_s is None else asked_s * self.chance.uniform(1.05, 1.3)
            self._next_patrol_at = after(now, stays_s)
        elif not self._on_scene:
            self._on_scene = True
            self._agenda = [] if self.by_hand else self._scene_agenda(self._task, at)

    def _scene_agenda(self, task: Task, arrived: Instant) -> list[tuple[Instant, Step]]:
        forgot = self.chance.random() < 0.03
        pressed = after(arrived, self.chance.uniform(90, 150) if forgot else max(0.0, self.chance.gauss(8, 8)))
        if task.role not in ("first", "reinforcement"):
            return [(pressed, Step.ON_SCENE), (after(pressed, task.handling_s * 0.5), Step.CLEARED)]
        controlled = after(pressed, min(600.0, self.chance.expovariate(1 / 120)))
        settled = after(controlled, task.handling_s)
        return [
            (pressed, Step.ON_SCENE),
            (controlled, Step.CONTROLLED),
            (settled, Step.SETTLED),
            (after(settled, self.chance.uniform(20, 90)), Step.CLEARED),
        ]

    def _drive(self, to: Place, at: Instant) -> None:
        here = self.whereabouts(at)
        leg = self.router(self.unit_class, (here.lon, here.lat), to)
        if leg is None:
            self._next_patrol_at = after(at, 60)
            return
        self.stands, self._leg, self._left_at = (here.lon, here.lat), leg, at

    def _stop(self, now: Instant) -> None:
        here = self.whereabouts(now)
        self._news = self._news or self._leg is not None
        self.stands, self._leg = (here.lon, here.lat), None

    def _report(self, seen: Whereabouts, now: Instant) -> Reported:
        spread, self._said = self.gps_error_m / 111_000, (seen.lon, seen.lat)
        self._news = self._news and self._reported_at == now  # a second report of one instant is believed by nobody
        self._reported_at = now
        return Reported(
            self.unit,
            seen.lon + self.chance.gauss(0, spread),
            seen.lat + self.chance.gauss(0, spread),
            seen.speed_mps,
            seen.heading_deg,
            now,
        )
