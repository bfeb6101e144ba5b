"""From records of the core to what is shown, repainting only records that are other objects than last time.

The core never writes into a record, so that "the same object" is "unchanged". Numbers nothing and sends nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Final, Protocol

from kuaijing.domain.calls import Call
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.state import State
from kuaijing.engine.personal import Audience, PersonalWords
from kuaijing.engine.recorded import Picture
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.web.city_facts import CityFacts
from kuaijing.wire.alerts import alerts_of
from kuaijing.wire.area_calls import AreaCallView, area_call_view
from kuaijing.wire.changes import by_id, changed
from kuaijing.wire.live import Gone, Put
from kuaijing.wire.patrol import patrol_today
from kuaijing.wire.pictures import (
    AlertView,
    CallView,
    ClosureView,
    FixView,
    IncidentView,
    PlanView,
    ReachView,
    ShiftView,
    TodayView,
    UnitView,
)
from kuaijing.wire.today import today_view
from kuaijing.wire.views import call_view, closure_view, incident_view, plan_view, unit_view

FixRow = tuple[str, float, float, float | None, float | None, int, int]
NO_PLAN: Final = PlanView("", "", "", False, [], [], [], [], [])


class Fixes(Protocol):
    """What tracking knows of where units are."""

    def find_fix(self, unit: str) -> FixView | None:
        """The unit's newest accepted position."""

    def stale_units(self, now: Instant) -> frozenset[str]:
        """Units whose position is too old to be shown as fresh."""

    def rows_since(self, mark: int) -> tuple[int, list[FixRow]]:
        """Newest fixes that came after ``mark``, one a unit, and the mark to ask with next."""

    def reporting(self, now: Instant) -> int:
        """Units with a fresh position."""


class Core(Protocol):
    """What is asked of the engine; a replay has one of its own that stands at another time."""

    @property
    def picture(self) -> Picture:
        """The city as it stands."""

    @property
    def health(self) -> str:
        """``ok`` or ``degraded``."""

    @property
    def detail(self) -> str:
        """Why it is degraded."""

    def words_of(self, call: str, audience: Audience) -> PersonalWords:
        """What a caller said and who it was."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a picture comes from."""

    city: CityFacts
    engine: Core
    fixes: Fixes
    find_plan: Callable[[], PlanDocument | None]
    find_reach: Callable[[], ReachView | None]
    is_warming: Callable[[], bool]
    more_alerts: Callable[[], list[AlertView]] = list
    """Of the system itself: what the state of the street does not know."""

    def status(self) -> str:
        """``ok``, ``warming`` or ``degraded``."""
        if self.engine.health != "ok":
            return "degraded"
        return "warming" if self.is_warming() else "ok"


@dataclass(frozen=True, slots=True)
class Painted:
    """Everything shown, at one moment."""

    units: dict[str, UnitView] = field(default_factory=dict)
    incidents: dict[str, IncidentView] = field(default_factory=dict)
    calls: dict[str, CallView] = field(default_factory=dict)
    closures: dict[str, ClosureView] = field(default_factory=dict)
    alerts: dict[str, AlertView] = field(default_factory=dict)
    plan: PlanView = NO_PLAN
    today: TodayView | None = None
    reach: ReachView | None = None
    shift: ShiftView | None = None
    health: str = "ok"
    area_calls: dict[str, AreaCallView] = field(default_factory=dict)


def step(before: Painted, after: Painted) -> tuple[Put, Gone] | None:
    """What changed between two paintings; ``None`` where nothing did."""
    put: dict[str, object] = {}
    gone: dict[str, list[str]] = {}
    for part in fields(Painted):
        old, new = getattr(before, part.name), getattr(after, part.name)
        if isinstance(new, dict):
            put_here, gone_here = changed(old, new)
            put |= {part.name: put_here} if put_here else {}
            gone |= {part.name: gone_here} if gone_here else {}
        elif new is not old and new != old and new is not None:
            put[part.name] = new
    return (Put(**put), Gone(**gone)) if put or gone else None  # type: ignore[arg-type]


class Painter:
    """Paints one city, remembering what it painted last."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._state, self._last = State(), Painted()
        self._plan: PlanDocument | None = None
        self._stale: frozenset[str] = frozenset()
        self._unread: set[str] = set()

    def paint(self, now: Instant) -> Painted:
        """The city as it stands."""
        sources, last = self._sources, self._last
        state, plan = sources.engine.picture.state, sources.find_plan()
        stale = sources.fixes.stale_units(now)
        tiers = [] if plan is None else [(tier.id, tier.limit_s) for tier in plan.tiers]
        shift, zone = state.shift, sources.city.zone
        painted = Painted(
            units=self._units(state, stale),
            incidents=self._incidents(state, plan),
            calls={name: self._call(name, call) for name, call in state.calls.items()},
            closures={
                name: last.closures[name] if row is self._state.closures.get(name) else closure_view(row)
                for name, row in state.closures.items()
            },
            alerts=by_id([*alerts_of(state, plan, now), *sources.more_alerts()]),
            plan=last.plan if plan is self._plan else NO_PLAN if plan is None else plan_view(plan),
            today=today_view(state.incidents.values(), tiers, now, zone, patrol_today(state.patrol, plan, now, zone)),
            reach=sources.find_reach() or last.reach,
            shift=None if shift is None else ShiftView(shift.commander, to_datetime(shift.since), shift.note),
            health=sources.status(),
            area_calls={
                name: last.area_calls[name] if row is self._state.area_calls.get(name) else area_call_view(row)
                for name, row in state.area_calls.items()
            },
        )
        self._state, self._plan, self._stale, self._last = state, plan, stale, painted
        self._unread.clear()
        return painted

    def _units(self, state: State, stale: frozenset[str]) -> dict[str, UnitView]:
        moved = stale ^ self._stale
        painted = {}
        for name, unit in state.units.items():
            seen = state.presence.get(name)
            known = unit is self._state.units.get(name) and seen is self._state.presence.get(name)
            if known and name not in moved:
                painted[name] = self._last.units[name]
            else:
                fix = self._sources.fixes.find_fix(name)
                painted[name] = unit_view(
                    unit, fix=fix, stale=name in stale, lost_contact=unit.lost_contact, presence=seen
                )
        return painted

    def _incidents(self, state: State, plan: PlanDocument | None) -> dict[str, IncidentView]:
        before, painted = self._state, {}
        for name, incident in state.incidents.items():
            same = incident is before.incidents.get(name) and plan is self._plan
            if same and all(state.assignments.get(a) is before.assignments.get(a) for a in incident.assignments):
                painted[name] = self._last.incidents[name]
            else:
                painted[name] = incident_view(incident, state.assignments, plan)
        return painted

    def read_again(self, calls: Iterable[str] | None) -> None:
        """The words of these calls (``None``: of all) may have been forgotten: they are read again at the next painting."""
        self._unread |= set(self._last.calls) if calls is None else set(calls)

    def _call(self, name: str, call: Call) -> CallView:
        if call is self._state.calls.get(name) and name not in self._unread:
            return self._last.calls[name]
        words = self._sources.engine.words_of(name, Audience.FULL)
        return call_view(call, words.words, words.caller, words.phone)
