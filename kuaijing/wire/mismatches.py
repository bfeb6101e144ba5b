"""Pressed arrivals beside measured ones, on the wire. Nothing here judges a person: it says what was pressed and what
was measured.
"""

from datetime import datetime
from typing import Literal

import msgspec

from kuaijing.wire.requests import Body, Identifier, Zoned

Finding = Literal["gap", "far", "unmeasured"]


class MismatchQuery(Body, kw_only=True, rename={"from_at": "from"}):
    """``GET /api/reports/mismatches``: incidents opened from ``from`` to before ``to``; left out, the city's today."""

    from_at: Zoned | None = None
    to: Zoned | None = None
    unit: Identifier | None = None
    beat: Identifier | None = None


class NearestFixView(msgspec.Struct, frozen=True):
    """The position that lies nearest in time to a press."""

    at: datetime
    age_s: float
    """From the fix to the press; negative: the fix came after it."""
    straight_m: float
    """From the incident's place."""
    along_m: float | None
    """By road to the place; only asked for where the unit was far, ``None`` where no way is known."""
    accuracy_m: float | None


class PressView(msgspec.Struct, frozen=True):
    """One pressed arrival with what the positions say of it; listed where ``findings`` has any."""

    incident: str
    assignment: str
    opened_at: datetime
    unit: str
    call_sign: str
    beat: str | None
    place: str
    """Text of the place, else its road."""
    pressed_at: datetime
    by_voice: bool
    measured_earliest: datetime | None
    measured_latest: datetime | None
    gap_s: float | None
    """Pressed minus measured; negative: pressed before. 0 within the measured interval."""
    fix: NearestFixView | None
    """``None``: no position within ``fix_within_s`` of the press."""
    findings: list[Finding]


class UnpressedView(msgspec.Struct, frozen=True):
    """An arrival that was measured and never pressed."""

    incident: str
    assignment: str
    opened_at: datetime
    unit: str
    call_sign: str
    beat: str | None
    place: str
    measured_earliest: datetime
    measured_latest: datetime


class MismatchTally(msgspec.Struct, frozen=True):
    """Counts of one unit, one beat, or all. ``pressed`` is ``compared`` and ``unmeasured`` together."""

    key: str
    name: str
    name_en: str
    pressed: int
    compared: int
    """Pressed and measured."""
    agree: int
    """Of these, within ``gap_limit_s`` of each other."""
    early: int
    """Pressed more than the limit before the measured arrival."""
    late: int
    """Pressed more than the limit after it."""
    far: int
    """Pressed while far from the place."""
    unmeasured: int
    """Pressed, and no arrival was measured: this alone proves nothing."""
    unpressed: int
    """Measured, and never pressed."""
    median_gap_s: float | None
    """Median of the absolute gap over what was compared."""


class MismatchReport(msgspec.Struct, frozen=True):
    """``GET /api/reports/mismatches``."""

    from_at: datetime = msgspec.field(name="from")
    to: datetime
    timezone: str
    made_at: datetime
    unit: str | None
    beat: str | None
    gap_limit_s: float
    far_m: float
    fix_within_s: float
    total: MismatchTally
    by_unit: list[MismatchTally]
    """Units with anything to count, most findings first."""
    by_beat: list[MismatchTally]
    presses: list[PressView]
    """Pressed arrivals with a finding ``gap`` or ``far``, newest first."""
    unmeasured: list[PressView]
    """Pressed arrivals without a measured one and not far: listed apart, since nothing speaks against them."""
    unpressed: list[UnpressedView]
