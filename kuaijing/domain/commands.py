"""What can be asked of the core, one frozen record a command. Pure data: identifiers and times come in with the command.

The engine gives each a ``Context`` (who, when, from where, why, idempotency key); ``decide`` of the slice that owns the command
answers with events or refuses with a named error.
"""

from dataclasses import dataclass

from kuaijing.domain.findings import FindingCommand
from kuaijing.domain.places import Place
from kuaijing.domain.words import Follower, Origin, Outcome, Role, Step, UnitStatus
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when (our clock), by which door, and why."""

    actor: str
    source: str
    """``console``, ``terminal``, ``tracking``, ``demo`` ..."""
    received_at: Instant
    key: str | None = None
    """Idempotency key; a repeat with the same key gets the first answer."""
    reason: str = ""
    by_voice: bool = False
    """A dispatcher enters it on behalf of a unit."""
    body: str | None = None
    """Digest of the request as it came in. A repeat of ``key`` is compared by it; without one by the command itself, which
    a door that fills in the present time cannot build twice alike."""


# --- calls and incidents ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakeCall:
    """Register a call and open an incident for it, or link it to ``link_to``."""

    call: str
    """Identifier; empty: the engine gives the next number."""
    incident: str | None
    """Identifier for the incident to open, empty: the engine gives one; ``None`` exactly where ``link_to`` is given."""
    link_to: str | None
    origin: Origin
    called_at: Instant
    place: Place
    kind: str
    grade: int
    plan: str
    """Response plan that the kind calls for."""
    digest: str | None = None
    """Salted digest of what the personal-data side store holds for this call."""


@dataclass(frozen=True, slots=True)
class LinkCall:
    """Move a call to another incident; its own, left without any call and without any unit, becomes ``merged``."""

    call: str
    incident: str


@dataclass(frozen=True, slots=True)
class UnlinkCall:
    """Undo: the call gets an incident of its own again."""

    call: str
    incident: str
    """Identifier for the incident to open (or the one it had, if that is ``merged``); empty: the engine chooses."""


@dataclass(frozen=True, slots=True)
class Reclassify:
    """A changed kind or grade: a new fact beside the first, which stays for statistics."""

    incident: str
    kind: str
    grade: int
    plan: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MoveIncident:
    """A corrected place. The tier and its limit stay those of the opening; the beat follows."""

    incident: str
    place: Place
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AddNote:
    """A note on the timeline; ``measures`` marks the first note of measures, with which handling begins."""

    incident: str
    text: str
    measures: bool = False


@dataclass(frozen=True, slots=True)
class Escalate:
    """It grows. Reinforcement is ordered by ``OrderUnits`` with role reinforcement; this records the fact and the level."""

    incident: str
    grade: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MergeIncidents:
    """``incident`` becomes part of ``into``: its calls and assignments go over. Undoable."""

    incident: str
    into: str


@dataclass(frozen=True, slots=True)
class UnmergeIncident:
    """Undo of a merge: the incident gets back its calls and those assignments that came with it and still run."""

    incident: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Who goes on with a closed incident, and with what."""

    by: Follower
    text: str = ""
    """Free words: they stand in the log, as notes do, and names do not belong there."""


@dataclass(frozen=True, slots=True)
class CloseIncident:
    """Close with an outcome; frees the units, each to its next assignment or to available."""

    incident: str
    outcome: Outcome
    version: int | None = None
    follow_up: FollowUp | None = None
    """None: nobody needs to go on with it."""


@dataclass(frozen=True, slots=True)
class CancelIncident:
    """It was nothing, or no longer wanted; the context's reason is required."""

    incident: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ReopenIncident:
    """A closed or cancelled incident goes on."""

    incident: str


# --- assignments --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitOrder:
    """One unit of an order."""

    unit: str
    version: int
    """The unit's version that the dispatcher saw; a stale one is refused as ``UnitTaken``."""
    role: Role
    mode: str = "now"
    """``now``; ``queue`` after what it has; ``divert`` from what it drives to."""
    assignment: str = ""
    """Identifier; empty: the engine gives one."""


@dataclass(frozen=True, slots=True)
class OrderUnits:
    """Send units. All or none: one stale unit refuses the whole order, naming every fault."""

    incident: str
    orders: tuple[UnitOrder, ...]
    advice: str | None = None
    """Digest of the recommendation that the dispatcher saw."""


@dataclass(frozen=True, slots=True)
class StampAssignment:
    """A step of an assignment at its device's time; a late one fills its own field and moves no status back."""

    assignment: str
    step: Step
    at: Instant


@dataclass(frozen=True, slots=True)
class RefuseAssignment:
    """The unit cannot; the context's reason is required."""

    assignment: str


@dataclass(frozen=True, slots=True)
class WithdrawAssignment:
    """The dispatcher takes the order back while the unit has not arrived; the context's reason is required."""

    assignment: str


@dataclass(frozen=True, slots=True)
class RecordArrival:
    """Measured by tracking: the unit came within the arrival distance between two fixes (server time)."""

    assignment: str
    earliest: Instant
    latest: Instant


# --- units --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetUnitStatus:
    """On duty, off duty, busy with something else, out of service, available; never a way round an assignment."""

    unit: str
    status: UnitStatus
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RecordContact:
    """Tracking lost (``lost``) or regained contact with a unit."""

    unit: str
    lost: bool
    last_fix_at: Instant | None


@dataclass(frozen=True, slots=True)
class RaiseHelp:
    """An officer asks for help: a grade-one incident at the unit's place, with the unit's name."""

    unit: str
    call: str
    incident: str
    """Identifiers; empty: the engine gives them."""
    place: Place
    kind: str
    plan: str


# --- cover, closures, plans, shifts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoverMove:
    """One free unit to stand by at a point."""

    unit: str
    version: int
    point: Point
    text: str


@dataclass(frozen=True, slots=True)
class OrderCover:
    """Move free units to restore reach; they stay available on the way. All or none."""

    moves: tuple[CoverMove, ...]
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class EndCover:
    """The unit goes back to its own beat."""

    unit: str


@dataclass(frozen=True, slots=True)
class PlaceClosure:
    """A closed (factor 0) or slow (0 < factor < 1) zone: a line or a polygon, lon/lat pairs."""

    closure: str
    name: str
    factor: float
    shape: str
    """``line`` or ``polygon``."""
    points: tuple[tuple[float, float], ...]
    from_at: Instant | None = None
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class LiftClosure:
    """The way is free again."""

    closure: str


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """One row of the force in a plan: what the core needs to know of a unit."""

    unit: str
    call_sign: str
    unit_class: str
    platform: str
    beat: str
    crew_police: int
    crew_auxiliary: int
    leader: str
    capabilities: tuple[str, ...]
    on_duty: bool
    home: Point | None


@dataclass(frozen=True, slots=True)
class PutPlanInForce:
    """The plan document ``digest`` (kept in the plan store) holds from ``valid_from``; units come, change or go with it."""

    plan: str
    version: str
    digest: str
    ground: str
    """Hash of the ground it was checked against."""
    valid_from: Instant
    force: tuple[PlannedUnit, ...]
    limits: tuple[tuple[str, float], ...]
    """Tier id and its limit in seconds."""


@dataclass(frozen=True, slots=True)
class ProposePlan:
    """The plan document ``digest`` (kept in the plan store) is proposed, to hold from ``valid_from``; the reason is its note."""

    proposal: str
    name: str
    version: str
    digest: str
    ground: str
    base: str
    """Digest of the plan in force that it was drafted from."""
    closures: str
    """``proposals.closures_mark`` of the closures that it was drafted under."""
    proof: str
    """Digest of the figures shown with it; empty where there are none."""
    valid_from: Instant


@dataclass(frozen=True, slots=True)
class AcceptProposal:
    """Another person than who proposed it accepts; it is put in force at its date."""

    proposal: str


@dataclass(frozen=True, slots=True)
class RejectProposal:
    """It will not be, or not any more; the context's reason is required."""

    proposal: str


@dataclass(frozen=True, slots=True)
class EnactProposal:
    """The date of an accepted proposal has come: its plan is put in force."""

    proposal: str
    put: PutPlanInForce


@dataclass(frozen=True, slots=True)
class HandOver:
    """The duty commander hands the shift over with a note."""

    to: str
    note: str


@dataclass(frozen=True, slots=True)
class AcknowledgeArea:
    """Somebody has seen that an area is empty; the alarm goes, the emptiness stays until it is reached again."""

    area: str


@dataclass(frozen=True, slots=True)
class RecordLook:
    """Somebody looks at where units have been; the context's reason is required."""

    what: str
    subject: str
    """An incident or a unit, empty for all. Not called so: a look brings no ended incident back into memory."""
    from_at: Instant
    until: Instant


@dataclass(frozen=True, slots=True)
class RecordTracesDropped:
    """Positions that were past keeping were dropped from the history."""

    before: Instant
    segments: int
    fixes: int


# --- area calls ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CalledArea:
    """Where an area call goes: drawn (``polygon``, ``circle``) or named by the plan (``beat``, ``tier``)."""

    kind: str
    id: str
    """Of the beat or tier; empty for a drawn one."""
    name: str
    """As it is said on the air: the beat's, or near what the circle lies."""
    points: tuple[tuple[float, float], ...] = ()
    """Corners of a polygon, longitude and latitude."""
    centre: Point | None = None
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True)
class CallArea:
    """One message to every unit that is in an area at this moment."""

    area_call: str
    text: str
    area: CalledArea
    units: tuple[str, ...]
    """Who is in it: frozen as the roll."""
    talk_group: str = ""
    incident: str | None = None
    """What it is about, if that is one: the call stands on its timeline."""


@dataclass(frozen=True, slots=True)
class RecordAreaReceipt:
    """A unit's page or terminal has shown the message; nobody has answered by that."""

    area_call: str
    unit: str
    device: str
    """The terminal; empty for the officer's own page."""


@dataclass(frozen=True, slots=True)
class AnswerAreaCall:
    """A unit answers, by its own page or (the context says so) by voice to a dispatcher who enters it."""

    area_call: str
    unit: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class EndAreaCall:
    """It is over; who did not answer stays on the roll."""

    area_call: str


# --- registers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeRegister:
    """Enter, change, retire or restore one entry of a register; the context's reason is required."""

    register: str
    """``devices`` ..."""
    id: str
    seen: int
    """Version that the change rests on; 0 for a new entry."""
    change: str
    """``enter``, ``change``, ``retire`` or ``restore``."""
    document: bytes
    """JSON, the entry whole as it is to stand; kept beside the log."""
    digest: str = ""
    """Salted digest of the document; the engine gives it."""


@dataclass(frozen=True, slots=True)
class RecordTerminalAsked:
    """A text was sent to a unit's terminals, or live video asked of them; video needs the context's reason."""

    unit: str
    what: str
    """``text``, ``video_start`` or ``video_stop``."""
    text: str
    device: str
    result: str


@dataclass(frozen=True, slots=True)
class ShowSecret:
    """Somebody is shown what an entry keeps secret; the context's reason is required, and the look stands in the log."""

    register: str
    id: str


# --- keeping the log ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SealDay:
    """The city's day is over: seal the log with a digest of the state; incidents that ended before it leave memory."""

    day: str
    """City-local, ``20261121``."""
    digest: str
    """Of the state before the seal."""
    ended_before: Instant


@dataclass(frozen=True, slots=True)
class ForgetPersonalWords:
    """Destroy what the side store holds of an incident's callers; the context's reason is required."""

    incident: str


Command = (
    TakeCall
    | LinkCall
    | UnlinkCall
    | Reclassify
    | MoveIncident
    | AddNote
    | Escalate
    | MergeIncidents
    | UnmergeIncident
    | CloseIncident
    | CancelIncident
    | ReopenIncident
    | OrderUnits
    | StampAssignment
    | RefuseAssignment
    | WithdrawAssignment
    | RecordArrival
    | SetUnitStatus
    | RecordContact
    | RaiseHelp
    | OrderCover
    | EndCover
    | PlaceClosure
    | LiftClosure
    | PutPlanInForce
    | ProposePlan
    | AcceptProposal
    | RejectProposal
    | EnactProposal
    | HandOver
    | AcknowledgeArea
    | CallArea
    | RecordAreaReceipt
    | AnswerAreaCall
    | EndAreaCall
    | RecordLook
    | RecordTracesDropped
    | FindingCommand
    | ChangeRegister
    | ShowSecret
    | RecordTerminalAsked
    | SealDay
    | ForgetPersonalWords
)
