"""A street for tests of the domain: a state that commands are given to, at seconds after a start."""

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.commands import (
    CloseIncident,
    Command,
    Context,
    OrderUnits,
    PlannedUnit,
    PutPlanInForce,
    StampAssignment,
    TakeCall,
    UnitOrder,
)
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.registry import Event, decide, evolve
from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import Origin, Outcome, Role, Step
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.measures.points import Point

START = Instant(1_795_224_600 * SECOND)
"""2026-11-21 09:30:00 in Shanghai."""

FIGHT, THEFT = "20261121-0001", "20261121-0002"


def at(seconds: float) -> Instant:
    """So many seconds after the start."""
    return Instant(START + round(seconds * SECOND))


def place(text: str = "西门路与人民路", tier: str = "key", limit_s: float = 60.0) -> Place:
    """A surveyed place."""
    return Place(Point(111.46, 27.24), text, tier, limit_s, "b1", "西门路", 3.0, True)


class Street:
    """Units u1, u2, u3 available; give it commands, look at what stands."""

    def __init__(self, *units: str) -> None:
        self.state = State()
        self.events: list[Event] = []
        self.plan(*(units or ("u1", "u2", "u3")))

    def plan(self, *units: str, seconds: float = 0, off_duty: tuple[str, ...] = (), leader: str = "王强") -> None:
        """A plan with these units comes in force."""
        force = tuple(
            PlannedUnit(each, f"20{each[1:]}", "car", "p1", "b1", 2, 2, leader, (), each not in off_duty, None)
            for each in units
        )
        self.do(PutPlanInForce("plan", "1", "digest", "ground", at(-1), force, (("key", 60.0),)), seconds)

    def do(
        self, command: Command, seconds: float = 0, *, reason: str = "", by_voice: bool = False
    ) -> tuple[Event, ...]:
        """Decide and apply; raises what ``decide`` raises, and then nothing has changed."""
        context = Context("dispatcher", "console", at(seconds), None, reason, by_voice)
        events = decide(self.state, command, context)
        self.state = evolve(self.state, events)
        self.events.extend(events)
        return events

    def call(self, incident: str = FIGHT, seconds: float = 0, *, link_to: str | None = None, grade: int = 2) -> str:
        """A call that opens ``incident``, or is linked; answers the call's number."""
        call = f"c{incident}"
        opens = None if link_to else incident
        origin = Origin.CALL_110
        self.do(TakeCall(call, opens, link_to, origin, at(seconds), place(), "fight", grade, "standard"), seconds)
        return call

    def order(self, incident: str, unit: str, seconds: float, mode: str = "now", version: int | None = None) -> str:
        """Order a unit as it stands (or as seen at ``version``); answers the assignment's number."""
        number = f"{incident}.{self.incident(incident).assignments_made + 1}"
        seen = self.unit(unit).version if version is None else version
        self.do(OrderUnits(incident, (UnitOrder(unit, seen, Role.FIRST, mode, number),)), seconds)
        return number

    def stamp(self, assignment: str, step: str, seconds: float, received: float | None = None) -> tuple[Event, ...]:
        """A step pressed at ``seconds``, received then or later."""
        command = StampAssignment(assignment, Step(step), at(seconds))
        return self.do(command, seconds if received is None else received)

    def close(self, incident: str, seconds: float) -> tuple[Event, ...]:
        """Close as settled."""
        return self.do(CloseIncident(incident, Outcome.SETTLED), seconds)

    def incident(self, incident: str) -> Incident:
        """As it stands."""
        return self.state.incidents[incident]

    def assignment(self, assignment: str) -> Assignment:
        """As it stands."""
        return self.state.assignments[assignment]

    def unit(self, unit: str) -> Unit:
        """As it stands."""
        return self.state.units[unit]
