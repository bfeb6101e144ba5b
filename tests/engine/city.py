"""A small city for tests of the core: four units, places, contexts and commands with the least that they need."""

from zoneinfo import ZoneInfo

from kuaijing.domain.commands import (
    Context,
    OrderUnits,
    PlannedUnit,
    PutPlanInForce,
    StampAssignment,
    TakeCall,
    UnitOrder,
)
from kuaijing.domain.places import Place
from kuaijing.domain.state import State
from kuaijing.domain.words import Origin, Role, Step
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.measures.points import Point

ZONE = ZoneInfo("Asia/Shanghai")
START = Instant(1_795_224_600 * SECOND)
"""2026-11-21 09:30:00 in Shanghai."""


def at(seconds: float) -> Instant:
    """An instant so many seconds after the start."""
    return Instant(START + round(seconds * SECOND))


def place(text: str = "西门路与人民路", tier: str = "key", limit_s: float = 60.0, lon: float = 111.46) -> Place:
    """A surveyed place."""
    return Place(Point(lon, 27.24), text, tier, limit_s, "b1", "西门路", 3.0, True)


def context(
    seconds: float = 0.0, *, actor: str = "dispatcher", reason: str = "", key: str | None = None, by_voice: bool = False
) -> Context:
    """Who asks, so many seconds after the start."""
    return Context(actor, "console", at(seconds), key, reason, by_voice)


def planned(unit: str, unit_class: str = "car", *, on_duty: bool = True) -> PlannedUnit:
    """One row of the force."""
    return PlannedUnit(unit, f"20{unit[1:]}", unit_class, "p1", "b1", 2, 2, "王强", ("first_aid",), on_duty, None)


def force(*units: str, version: str = "1") -> PutPlanInForce:
    """A plan with these units."""
    rows = tuple(planned(unit) for unit in units or ("u1", "u2", "u3", "u4"))
    return PutPlanInForce("plan", version, f"digest-{version}", "ground", at(-3600), rows, (("key", 60.0),))


def call(
    incident: str | None = "", *, link_to: str | None = None, seconds: float = 0.0, kind: str = "fight", grade: int = 2
) -> TakeCall:
    """A call that opens an incident (numbered by the engine unless named) or is linked to one."""
    number = "" if not incident else f"c{incident}"
    opens = None if link_to is not None else incident
    return TakeCall(number, opens, link_to, Origin.CALL_110, at(seconds), place(), kind, grade, "standard")


def order(
    state: State, incident: str, *units: str, mode: str = "now", role: Role = Role.FIRST, assignment: str = ""
) -> OrderUnits:
    """An order with the units' versions as they are in ``state``."""
    return OrderUnits(
        incident, tuple(UnitOrder(unit, state.units[unit].version, role, mode, assignment) for unit in units)
    )


def stamp(assignment: str, step: str, seconds: float) -> StampAssignment:
    """A step at its device's time."""
    return StampAssignment(assignment, Step(step), at(seconds))
