"""A core without a log: the domain's own rules on a state in memory, and a city clock that a test moves."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from kuaijing.domain.commands import (
    Command,
    Context,
    OrderUnits,
    PlannedUnit,
    PutPlanInForce,
    RecordArrival,
    RecordContact,
    TakeCall,
    UnitOrder,
)
from kuaijing.domain.places import Place
from kuaijing.domain.registry import decide, evolve
from kuaijing.domain.state import State
from kuaijing.domain.words import Origin, Role
from kuaijing.engine.errors import Degraded
from kuaijing.engine.numbers import next_call, next_incident, numbered
from kuaijing.engine.recorded import Picture, Receipt
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from tests.tracking.reporting_units import at, degrees

ZONE = ZoneInfo("Asia/Shanghai")


class TestClock:
    __test__ = False

    def __init__(self) -> None:
        self.speed = 1.0
        self.seconds = 0.0

    def now(self) -> Instant:
        return at(self.seconds)


class SmallCore:
    """Decides and evolves; refuses everything while ``down``."""

    def __init__(self, units: Iterable[tuple[str, str]], clock: TestClock) -> None:
        self.clock = clock
        self.down = False
        self.taken: list[Command] = []
        self.picture = Picture(0, State())
        force = tuple(
            PlannedUnit(name, name, unit_class, "P1", "B1", 1, 1, "", (), True, None) for name, unit_class in units
        )
        self.do(PutPlanInForce("plan", "1", "d", "g", at(0), force, (("rest", 300.0),)))

    def do(self, command: Command) -> None:
        now = self.clock.now()
        command = numbered(self.picture.state, command, now, ZONE)
        events = decide(self.picture.state, command, Context("test", "test", now, reason="test"))
        self.picture = Picture(self.picture.version + len(events), evolve(self.picture.state, events))

    async def submit(self, command: Command, context: Context) -> Receipt:
        if self.down:
            raise Degraded("disk full")
        self.do(command)
        self.taken.append(command)
        return Receipt(self.picture.version, (), False, {})

    def order(self, unit: str, east: float, north: float, *, text: str = "", road: str = "") -> str:
        """Open an incident there and order the unit; gives the incident."""
        now, state = self.clock.now(), self.picture.state
        incident = next_incident(state, now, ZONE)
        place = Place(Point(*degrees(east, north)), text, "rest", 300.0, None, road, 0.0, True)
        call = next_call(state, now, ZONE)
        self.do(TakeCall(call, incident, None, Origin.CALL_110, now, place, "fight", 2, "fight"))
        version = self.picture.state.units[unit].version
        self.do(OrderUnits(incident, (UnitOrder(unit, version, Role.FIRST),)))
        return incident

    def arrivals(self) -> list[RecordArrival]:
        return [command for command in self.taken if isinstance(command, RecordArrival)]

    def contacts(self) -> list[tuple[str, bool]]:
        return [(command.unit, command.lost) for command in self.taken if isinstance(command, RecordContact)]
