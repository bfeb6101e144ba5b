"""What arrived (``Report``), what is believed (``Fix``), and why a report was not (``Reason``)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kuaijing.measures.instants import Instant

NEVER: Final = Instant(0)
"""Before every report."""


@dataclass(frozen=True, slots=True)
class Report:
    """One position as a device sent it, before it is judged."""

    unit: str
    lon: float
    lat: float
    measured_at: Instant
    """The device's clock."""
    received_at: Instant
    """Ours."""
    crs: str | None
    """``wgs84``, ``gcj02`` or ``bd09``; ``None`` or another one is refused, since a guess is 500 m off."""
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    source: str = "terminal"
    """The protocol or kind of device."""
    device: str = ""
    """``protocol:key`` of the device register; "" where the unit itself is the sender (an officer's page)."""
    backfill: bool = False
    """Stored by the device while it had no link and sent later: for the history, never newer than what is live."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One accepted position in WGS-84, on the road where one is near."""

    unit: str
    lon: float
    lat: float
    measured_at: Instant
    """In server time: the device's time shifted by its clock's estimated offset."""
    received_at: Instant
    speed_mps: float | None
    heading_deg: float | None
    accuracy_m: float | None
    source: str
    at_rest: bool
    arc: int = -1
    """Junction arc that it lies on, -1 off the roads."""
    fraction: float = 0.0
    off_road_m: float = 0.0
    both: bool = True
    """The unit may leave in both directions."""
    device: str = ""


class Reason(StrEnum):
    """Every reason for which a report moves nothing; each is counted, in total and by device."""

    UNKNOWN_UNIT = "unknown_unit"
    NO_CRS = "no_crs"
    UNKNOWN_CRS = "unknown_crs"
    NOT_A_PLACE = "not_a_place"
    INACCURATE = "inaccurate"
    OUTSIDE_GROUND = "outside_ground"
    FUTURE = "future"
    ANCIENT = "ancient"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out_of_order"
    """Older than the newest fix: kept for the history, moves nothing."""
    JUMP = "jump"
    BACKFILL = "backfill"
    """Stored by the device while it had no link: kept for the history, moves nothing."""
    SECOND_BEST = "second_best"
    """Good, but another device of the unit is better: kept for the history, moves nothing."""


KEPT: Final = frozenset({Reason.OUT_OF_ORDER, Reason.BACKFILL, Reason.SECOND_BEST})
"""Reasons that say nothing against the position: it moves nothing and stands in the history."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a report moved nothing, in words that name the value."""

    reason: Reason
    detail: str
