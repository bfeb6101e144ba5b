"""Random commands, sensible and senseless, late and repeated: the invariants hold after each, and a replay gives the same."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kuaijing.domain.commands import (
    AddNote,
    CancelIncident,
    CloseIncident,
    Command,
    Context,
    CoverMove,
    EndCover,
    Escalate,
    LinkCall,
    MergeIncidents,
    MoveIncident,
    OrderCover,
    OrderUnits,
    PlannedUnit,
    PutPlanInForce,
    Reclassify,
    RecordArrival,
    RecordContact,
    RefuseAssignment,
    ReopenIncident,
    SealDay,
    SetUnitStatus,
    StampAssignment,
    TakeCall,
    UnitOrder,
    UnlinkCall,
    UnmergeIncident,
    WithdrawAssignment,
)
from kuaijing.domain.errors import DomainError
from kuaijing.domain.registry import Event, decide, evolve
from kuaijing.domain.state import State
from kuaijing.domain.words import Origin, Outcome, Role, Step, UnitStatus
from kuaijing.engine.codec import decode_event, decode_state, encode_event, encode_state, event_schema, state_digest
from kuaijing.measures.points import Point
from tests.domain.invariants import check, check_step
from tests.domain.street import at, place

UNITS = ("u1", "u2", "u3", "u4")
PICK = st.integers(0, 10_000)


class RandomStreet(RuleBasedStateMachine):
    """Every rule draws freely; a refusal must change nothing, and most draws are refusals of some sort."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.events: list[Event] = []
        self.seconds = 0
        self.made = 0
        self.put_plan(0)
        for _ in range(3):
            self.take_call(False, 0)

    def do(self, command: Command) -> None:
        self.seconds += 1
        before = self.state
        try:
            events = decide(before, command, Context("a", "test", at(self.seconds), None, "because"))
        except DomainError as refusal:
            if not (refusal.fields() and str(refusal)):
                raise
            return
        self.state = evolve(before, events)
        self.events.extend(events)
        check_step(before, self.state)

    @rule(pick=PICK, unit=st.sampled_from(UNITS), other=PICK)
    def whole_response(self, pick: int, unit: str, other: int) -> None:
        """What mostly happens, so that deep states are reached: ordered, queued elsewhere, stamped."""
        self.order(pick, unit, "now", False)
        self.order(other, unit, "queue", False)
        active = self.state.units[unit].active if unit in self.state.units else None
        for step in (Step.EN_ROUTE, Step.ON_SCENE, Step.CONTROLLED, Step.SETTLED)[: pick % 5]:
            if active is not None:
                self.do(StampAssignment(active, step, at(self.seconds)))

    def one(self, pick: int, table: dict[str, object]) -> str:
        names = sorted(table)
        return names[pick % len(names)] if names else "none"

    @precondition(lambda self: self.seconds % 5 == 0)
    @rule(left_out=st.sampled_from([0, 0, 1, 2, 5]))
    def put_plan(self, left_out: int) -> None:
        force = tuple(
            PlannedUnit(unit, unit, "car", "p", "b", 1, 1, "", (), True, None)
            for index, unit in enumerate(UNITS)
            if not left_out >> index & 1
        )
        self.do(PutPlanInForce("p", "1", "d", "g", at(0), force, ()))

    @rule(link=st.booleans(), pick=PICK)
    def take_call(self, link: bool, pick: int) -> None:
        self.made += 1
        number = f"20261121-{self.made:04d}"
        to = self.one(pick, dict(self.state.incidents)) if link else None
        opens = None if link else number
        origin = Origin.CALL_110
        self.do(TakeCall(f"c{number}", opens, to, origin, at(self.seconds), place(), "fight", 2, "standard"))

    @rule(pick=PICK, unit=st.sampled_from(UNITS), mode=st.sampled_from(["now", "queue", "divert"]), stale=st.booleans())
    def order(self, pick: int, unit: str, mode: str, stale: bool) -> None:
        incident = self.one(pick, dict(self.state.incidents))
        version = self.state.units[unit].version - stale if unit in self.state.units else 1
        made = self.state.incidents[incident].assignments_made if incident in self.state.incidents else 0
        order = UnitOrder(unit, version, Role.FIRST, mode, f"{incident}.{made + 1}")
        self.do(OrderUnits(incident, (order,)))

    @rule(pick=PICK, step=st.sampled_from(list(Step)), late=st.integers(-30, 30))
    def stamp(self, pick: int, step: Step, late: int) -> None:
        self.do(StampAssignment(self.one(pick, dict(self.state.assignments)), step, at(self.seconds - late)))

    @rule(pick=PICK, late=st.integers(0, 20), width=st.integers(-1, 5))
    def arrive(self, pick: int, late: int, width: int) -> None:
        earliest = self.seconds - late
        self.do(RecordArrival(self.one(pick, dict(self.state.assignments)), at(earliest), at(earliest + width)))

    @rule(pick=PICK, refuse=st.booleans())
    def take_back(self, pick: int, refuse: bool) -> None:
        assignment = self.one(pick, dict(self.state.assignments))
        self.do(RefuseAssignment(assignment) if refuse else WithdrawAssignment(assignment))

    @rule(
        pick=PICK,
        how=st.sampled_from(["close", "close", "cancel", "reopen", "reopen", "escalate", "note", "retype", "move"]),
    )
    def end(self, pick: int, how: str) -> None:
        incident = self.one(pick, dict(self.state.incidents))
        commands: dict[str, Command] = {
            "close": CloseIncident(incident, Outcome.SETTLED),
            "cancel": CancelIncident(incident),
            "reopen": ReopenIncident(incident),
            "escalate": Escalate(incident, 1),
            "note": AddNote(incident, "措施", measures=True),
            "retype": Reclassify(incident, f"kind{pick % 3}", 3, "standard"),
            "move": MoveIncident(incident, place(f"place {pick % 5}", "rest", 300.0)),
        }
        self.do(commands[how])

    @rule(pick=PICK, other=PICK, undo=st.booleans())
    def merge(self, pick: int, other: int, undo: bool) -> None:
        incident, into = (self.one(each, dict(self.state.incidents)) for each in (pick, other))
        self.do(UnmergeIncident(incident) if undo else MergeIncidents(incident, into))

    @rule(pick=PICK, other=PICK, undo=st.booleans(), fresh=st.booleans())
    def link(self, pick: int, other: int, undo: bool, fresh: bool) -> None:
        call, incident = self.one(pick, dict(self.state.calls)), self.one(other, dict(self.state.incidents))
        if fresh:
            self.made += 1
            incident = f"20261121-{self.made:04d}"
        self.do(UnlinkCall(call, incident) if undo else LinkCall(call, incident))

    @rule(unit=st.sampled_from(UNITS), status=st.sampled_from(list(UnitStatus)), lost=st.booleans())
    def set_status(self, unit: str, status: UnitStatus, lost: bool) -> None:
        self.do(SetUnitStatus(unit, status))
        self.do(RecordContact(unit, lost, at(self.seconds)))

    @rule(unit=st.sampled_from(UNITS), end=st.booleans())
    def cover(self, unit: str, end: bool) -> None:
        version = self.state.units[unit].version if unit in self.state.units else 1
        self.do(EndCover(unit) if end else OrderCover((CoverMove(unit, version, Point(1, 2), "x"),)))

    @precondition(lambda self: self.seconds > 20 and self.seconds % 7 == 0)
    @rule(ago=st.integers(0, 20))
    def seal(self, ago: int) -> None:
        self.do(SealDay(f"d{self.seconds:06d}", "digest", at(self.seconds - ago)))

    @invariant()
    def holds(self) -> None:
        check(self.state)

    def teardown(self) -> None:
        """Replay from the log, from a snapshot and its tail, and through bytes: all the same."""
        assert evolve(State(), self.events) == self.state
        half = len(self.events) // 2
        snapshot = encode_state(evolve(State(), self.events[:half]))
        written = [(type(event).__name__, encode_event(event)) for event in self.events[half:]]
        tail = [decode_event(name, event_schema(name), body) for name, body in written]
        again = evolve(decode_state(snapshot, 1), tail)
        assert again == self.state
        assert state_digest(again) == state_digest(self.state)


RandomStreet.TestCase.settings = settings(
    max_examples=120, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestRandomStreet = RandomStreet.TestCase
