"""What tracking found and asks the core to record: commands made by detectors, never by a person.

Instants are server time. An interval says that it happened no earlier than the one and no later than the other, as two positions
on either side of it allow.
"""

from dataclasses import dataclass

from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point


@dataclass(frozen=True, slots=True)
class RecordSceneLeft:
    """The unit left the scene of an assignment at which it was measured to arrive."""

    assignment: str
    earliest: Instant
    latest: Instant


@dataclass(frozen=True, slots=True)
class RecordBeat:
    """The unit is in another beat than before; ``None``: in none, outside the city."""

    unit: str
    beat: str | None
    earliest: Instant
    latest: Instant


@dataclass(frozen=True, slots=True)
class RecordPost:
    """The unit took the post that its duty names (``platform:P1``, ``home``, ``cover``); ``None``: it left it."""

    unit: str
    post: str | None
    earliest: Instant
    latest: Instant


@dataclass(frozen=True, slots=True)
class RecordStop:
    """The unit has stood too long for what it is doing, or has moved on (``stopped`` false)."""

    unit: str
    stopped: bool
    since: Instant
    """When it came to stand, or when it moved on."""
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """A patrol point was visited for as long as its plan asks."""

    point: str
    unit: str
    came_earliest: Instant
    came_latest: Instant
    left_earliest: Instant
    left_latest: Instant
    dwell_s: float
    """What the positions prove: silence longer than a gap between two reports is not counted."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """The free unit that could restore an area soonest, and where it would stand."""

    unit: str
    call_sign: str
    point: Point
    text: str
    drive_s: float


@dataclass(frozen=True, slots=True)
class RecordEmptyArea:
    """No free unit reaches enough of a beat or tier area in its limit any more."""

    area: str
    """``beat:B1``, ``tier:key``."""
    share: float
    """Of the area's streets, weighted by what is expected there, that is still reached in time."""
    since: Instant
    backfill: Backfill | None = None


@dataclass(frozen=True, slots=True)
class RecordAreaReached:
    """Free units reach enough of the area again; the alarm may be raised anew."""

    area: str
    share: float


FindingCommand = (
    RecordSceneLeft | RecordBeat | RecordPost | RecordStop | RecordVisit | RecordEmptyArea | RecordAreaReached
)
