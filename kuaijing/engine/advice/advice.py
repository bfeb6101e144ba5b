"""Advice as given: plain frozen records with the field names of the public messages, and the digest that an order names.

The digest is the SHA-256 of the canonical bytes: JSON with an empty digest, keys sorted, no spaces, figures rounded by the
advisor once. The bytes are what is stored, so that a choice can be laid beside what was advised, also years later.
"""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from kuaijing.measures.instants import Instant


class Purpose(StrEnum):
    """What advice is asked for."""

    FIRST = "first"
    REINFORCEMENT = "reinforcement"


class Reason(StrEnum):
    """Why a unit stands where it does, or why it was passed over."""

    NEAREST = "nearest"
    """Nobody available for the role is sooner, also not among those sent."""
    COVER = "cover"
    """Because of what the city loses. Chosen: the figure is what is spared against the soonest unit passed over (0: they count
    as equal), the detail the seconds that this one is later. Passed over: the figure is what its going would cost."""
    CAPABILITY = "capability"
    """Chosen because it carries what the plan wants."""
    TOGETHER = "together"
    """One of several, chosen so that all of them together are there soonest; never said of a single unit wanted."""
    DIVERSION = "diversion"
    """On its way to something lesser: chosen, or offered."""
    BUSY = "busy"
    QUEUED_ELSEWHERE = "queued_elsewhere"
    OFF_DUTY = "off_duty"
    OUT_OF_SERVICE = "out_of_service"
    ALREADY_ON_IT = "already_on_it"
    WRONG_CLASS = "wrong_class"
    MISSING_CAPABILITY = "missing_capability"
    NO_CONTACT = "no_contact"
    NO_POSITION = "no_position"
    """Never reported a position: estimated from its home as widely as can be, and sent only where nobody else can go."""
    STALE = "stale"
    FARTHER = "farther"
    BEYOND_HORIZON = "beyond_horizon"
    UNREACHABLE = "unreachable"
    OFF_ROAD = "off_road"
    """The place is farther from any road than can be driven to; the figure is the straight line in metres."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One unit in the one list that covers all units."""

    unit: str
    call_sign: str
    unit_class: str
    status: str
    version: int
    order: int | None
    role: str | None
    arrive_median_s: float | None
    arrive_p90_s: float | None
    road_m: float | None
    within_limit: float | None
    loss_street_m: float | None
    loss_expected_share: float | None
    fix_age_s: float | None
    diversion_from: str | None
    reason: str
    reason_value: float | None = None
    reason_detail: str = ""


@dataclass(frozen=True, slots=True)
class CoverMove:
    """A free unit proposed to stand by elsewhere."""

    unit: str
    call_sign: str
    version: int
    lon: float
    lat: float
    text: str
    drive_s: float
    gain_street_m: float
    gain_expected_share: float


@dataclass(frozen=True, slots=True)
class CoverAdvice:
    """Cover moves with the share of expected incidents reached in time before and after them."""

    moves: tuple[CoverMove, ...]
    reach_before: float | None
    reach_restored: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """The whole advice for one incident at one moment."""

    digest: str
    incident: str
    incident_version: int
    picture_version: int
    made_at: Instant
    tier: str
    tier_limit_s: float
    purpose: str
    plan: str
    wanted: dict[str, int]
    unmet: dict[str, int]
    guidance: str
    guidance_en: str
    followers: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    reach_before: float | None
    reach_after: float | None
    cover: tuple[CoverMove, ...]
    reach_restored: float | None

    def canonical(self) -> bytes:
        """What is stored and digested."""
        return msgspec.json.encode(replace(self, digest=""), order="sorted")

    def digested(self) -> "Advice":
        """The same with its digest."""
        return replace(self, digest=hashlib.sha256(self.canonical()).hexdigest())


def advice_of(stored: bytes) -> Advice:
    """Advice read back from its canonical bytes."""
    return replace(msgspec.json.decode(stored, type=Advice), digest=hashlib.sha256(stored).hexdigest())
