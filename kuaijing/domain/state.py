"""The whole state of a city's street, made of the slices' records; and the draft in which events are applied to it.

A ``State`` is never written to: whoever holds one holds it for good. ``Draft`` copies a table the first time that it is written,
so that a command costs one copy of what it touches and a replay of any length costs one copy of everything.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kuaijing.domain.area_calls import AreaCall
from kuaijing.domain.assignments import Assignment
from kuaijing.domain.calls import Call
from kuaijing.domain.closures import Closure
from kuaijing.domain.cover import Cover
from kuaijing.domain.empty_areas import EmptyArea
from kuaijing.domain.errors import UnknownAssignment, UnknownCall, UnknownClosure, UnknownIncident, UnknownUnit
from kuaijing.domain.incidents import Incident
from kuaijing.domain.numbers import Numbers, NumbersDraft
from kuaijing.domain.patrol import PointVisits
from kuaijing.domain.plan import PlanInForce
from kuaijing.domain.presence import Presence
from kuaijing.domain.proposals import Proposal
from kuaijing.domain.registers import RegisterMark
from kuaijing.domain.shift import Shift
from kuaijing.domain.units import Unit

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the core holds in memory."""

    incidents: dict[str, Incident] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    cover: dict[str, Cover] = field(default_factory=dict)
    """By unit."""
    closures: dict[str, Closure] = field(default_factory=dict)
    plan: PlanInForce | None = None
    shift: Shift | None = None
    registers: dict[str, RegisterMark] = field(default_factory=dict)
    """By ``register/id``; what the entries say lies in the store's register table."""
    presence: dict[str, Presence] = field(default_factory=dict)
    """By unit."""
    patrol: dict[str, PointVisits] = field(default_factory=dict)
    """By patrol point."""
    empty_areas: dict[str, EmptyArea] = field(default_factory=dict)
    """By area: alarms that stand."""
    proposals: dict[str, Proposal] = field(default_factory=dict)
    """Plans that were proposed: those not decided, and the last that were."""
    area_calls: dict[str, AreaCall] = field(default_factory=dict)
    """Those that run, and the last that ended."""
    numbers: Numbers = field(default_factory=Numbers)
    sealed_day: str | None = None
    """Last city-local day that was sealed."""

    def incident(self, incident: str) -> Incident:
        """The incident, or ``UnknownIncident``."""
        if incident not in self.incidents:
            raise UnknownIncident(incident)
        return self.incidents[incident]

    def assignment(self, assignment: str) -> Assignment:
        """The assignment, or ``UnknownAssignment``."""
        if assignment not in self.assignments:
            raise UnknownAssignment(assignment)
        return self.assignments[assignment]

    def call(self, call: str) -> Call:
        """The call, or ``UnknownCall``."""
        if call not in self.calls:
            raise UnknownCall(call)
        return self.calls[call]

    def unit(self, unit: str) -> Unit:
        """The unit, or ``UnknownUnit``."""
        if unit not in self.units:
            raise UnknownUnit(unit)
        return self.units[unit]

    def closure(self, closure: str) -> Closure:
        """The closure, or ``UnknownClosure``."""
        if closure not in self.closures:
            raise UnknownClosure(closure)
        return self.closures[closure]


class Table(Generic[Row]):
    """One table of a draft: the base's rows until the first write."""

    __slots__ = ("_owned", "_rows")

    def __init__(self, base: dict[str, Row]) -> None:
        self._rows = base
        self._owned = False

    def __getitem__(self, key: str) -> Row:
        return self._rows[key]

    def find(self, key: str) -> Row | None:
        """The row, or ``None``."""
        return self._rows.get(key)

    def put(self, key: str, row: Row) -> None:
        """Add or replace a row."""
        self._own()[key] = row

    def drop(self, key: str) -> None:
        """Take a row out that is there."""
        del self._own()[key]

    def discard(self, key: str) -> None:
        """Take a row out, if it is there."""
        if key in self._rows:
            del self._own()[key]

    def rows(self) -> dict[str, Row]:
        """The rows as they stand; not to be written to."""
        return self._rows

    def _own(self) -> dict[str, Row]:
        if not self._owned:
            self._rows = dict(self._rows)
            self._owned = True
        return self._rows


class Draft:
    """A state while events are applied to it."""

    __slots__ = (
        "area_calls",
        "assignments",
        "calls",
        "closures",
        "cover",
        "empty_areas",
        "incidents",
        "numbers",
        "patrol",
        "plan",
        "presence",
        "proposals",
        "registers",
        "sealed_day",
        "shift",
        "units",
    )

    def __init__(self, state: State) -> None:
        self.incidents = Table(state.incidents)
        self.assignments = Table(state.assignments)
        self.calls = Table(state.calls)
        self.units = Table(state.units)
        self.cover = Table(state.cover)
        self.closures = Table(state.closures)
        self.plan = state.plan
        self.shift = state.shift
        self.registers = Table(state.registers)
        self.presence = Table(state.presence)
        self.patrol = Table(state.patrol)
        self.empty_areas = Table(state.empty_areas)
        self.proposals = Table(state.proposals)
        self.area_calls = Table(state.area_calls)
        self.numbers = NumbersDraft(state.numbers)
        self.sealed_day = state.sealed_day

    def frozen(self) -> State:
        """The state after the events; the draft is used up."""
        return State(
            incidents=self.incidents.rows(),
            assignments=self.assignments.rows(),
            calls=self.calls.rows(),
            units=self.units.rows(),
            cover=self.cover.rows(),
            closures=self.closures.rows(),
            plan=self.plan,
            shift=self.shift,
            registers=self.registers.rows(),
            presence=self.presence.rows(),
            patrol=self.patrol.rows(),
            empty_areas=self.empty_areas.rows(),
            proposals=self.proposals.rows(),
            area_calls=self.area_calls.rows(),
            numbers=self.numbers.frozen(),
            sealed_day=self.sealed_day,
        )
