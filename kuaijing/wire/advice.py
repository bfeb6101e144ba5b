"""A recommendation as served, stored by its digest and named by the order that follows it."""

from datetime import datetime

import msgspec


class CandidateView(msgspec.Struct, frozen=True):
    """One unit in the one list that covers all units."""

    unit: str
    call_sign: str
    unit_class: str
    status: str
    version: int
    order: int | None
    """Place in the proposed order, from 1; None where passed over."""
    role: str | None
    arrive_median_s: float | None
    arrive_p90_s: float | None
    road_m: float | None
    within_limit: float | None
    """Chance of meeting the tier's limit, 0 to 1."""
    loss_street_m: float | None
    """Streets no longer reached within their limit while the unit is gone, metres."""
    loss_expected_share: float | None
    """Share of the city's expected incidents no longer reached in time while the unit is gone, 0 to 1."""
    fix_age_s: float | None
    diversion_from: str | None
    """Incident that the unit drives to and would leave; offered, marked so."""
    reason: str
    """Why here or why passed over: ``nearest``, ``cover``, ``busy``, ``off_duty``, ``wrong_class``, ``no_contact``, ``farther``,
    ``beyond_horizon``, ``unreachable`` ..."""
    reason_value: float | None = None
    """The figure that goes with the reason, such as seconds farther."""
    reason_detail: str = ""
    """What goes with it in words: an incident's number, a missing capability."""


class CoverMoveView(msgspec.Struct, frozen=True):
    """A free unit proposed to stand by elsewhere, with what it restores."""

    unit: str
    call_sign: str
    version: int
    lon: float
    lat: float
    text: str
    drive_s: float
    gain_street_m: float
    gain_expected_share: float


class AdviceView(msgspec.Struct, frozen=True):
    """The whole advice for one incident at one moment."""

    digest: str
    incident: str
    incident_version: int
    picture_version: int
    made_at: datetime
    tier: str
    tier_limit_s: float
    purpose: str
    """``first`` order, ``reinforcement`` after an escalation."""
    plan: str
    wanted: dict[str, int]
    """Units wanted per role."""
    unmet: dict[str, int]
    """Roles that could not be filled, with how many are missing: no unit free or none reachable is said here."""
    guidance: str
    guidance_en: str
    followers: list[str]
    candidates: list[CandidateView]
    reach_before: float | None
    """Share of expected incidents reached in time now, 0 to 1."""
    reach_after: float | None
    """The same once the proposed units are gone."""
    cover: list[CoverMoveView]
    reach_restored: float | None
    """The same after the cover moves have arrived."""


class DuplicateView(msgspec.Struct, frozen=True):
    """A likely duplicate of a new call, with its reasons."""

    incident: str
    score: float
    metres: float
    minutes: float
    same_kind: bool
    words: list[str]
    """Words that both share."""
