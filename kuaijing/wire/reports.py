"""The daily report as a message. Every share says its clock, numerator, denominator, interval, and what was left out of it."""

from datetime import datetime

import msgspec

from kuaijing.wire.pictures import ShareView


class AttainmentView(msgspec.Struct, frozen=True):
    """Attainment of one tier, beat or hour of the day, by both clocks; each incident against its own tier's limit."""

    key: str
    """Tier, beat or hour; empty for a beat that is none."""
    name: str
    name_en: str
    limit_s: float | None
    """Of a tier; None where several tiers are put together."""
    incidents: int
    """All that were opened, whatever became of them."""
    response: ShareView
    """First order to measured arrival."""
    citizen: ShareView
    """Call to the same arrival."""
    running: int
    """Ordered, not arrived, not ended: neither met nor missed yet."""


class AccountsView(msgspec.Struct, frozen=True):
    """Where every incident of the day is counted: ``incidents`` is the sum of the others."""

    incidents: int
    measured: int
    """The denominator of both clocks."""
    unmeasured: int
    """Ordered and ended without a measured arrival."""
    running: int
    never_ordered: int
    """Ended, or still open, without any order."""
    cancelled_before_arrival: int
    found_by_patrol: int
    merged: int
    """Counted with the incident that they were merged into."""


class ClockFigures(msgspec.Struct, frozen=True):
    """One of the five clocks over the day: from one moment to another."""

    clock: str
    """``dispatch``, ``arrival``, ``control``, ``settlement``, ``whole``."""
    name: str
    name_en: str
    counted: int
    mean_s: float | None
    median_s: float | None
    p90_s: float | None
    backwards: int
    """Left out: the later moment was stamped before the earlier one."""


class CountView(msgspec.Struct, frozen=True):
    """How many of one sort."""

    key: str
    name: str
    name_en: str
    count: int


class MissView(msgspec.Struct, frozen=True):
    """An incident that missed its limit by a clock; an interval that straddles the limit is one."""

    incident: str
    opened_at: datetime
    kind: str
    kind_name: str
    grade: int
    tier: str
    limit_s: float
    beat: str | None
    road: str
    first_unit: str
    """Call sign of the unit that arrived first; empty where only the incident knows."""
    response_s: float
    response_over_s: float | None
    """By how much; None where the response clock kept the limit."""
    citizen_s: float
    citizen_over_s: float | None
    straddles: bool
    """The response clock may have kept the limit: its interval lies on both sides of it."""


class MismatchView(msgspec.Struct, frozen=True):
    """Pressed and measured arrival differ by more than 60 seconds."""

    incident: str
    assignment: str
    call_sign: str
    pressed_at: datetime
    measured_earliest: datetime
    measured_latest: datetime
    gap_s: float
    """Pressed minus measured; negative: pressed too early."""
    by_voice: bool


class DailyReport(msgspec.Struct, frozen=True):
    """One day of the city's calendar, from its events; an incident belongs to the day on which it was opened."""

    day: str
    timezone: str
    hours_in_day: float
    """23 or 25 where the zone changed its clock."""
    begins_at: datetime
    ends_at: datetime
    made_at: datetime
    complete: bool
    """The day is over and nothing of it runs any more."""
    plan: str
    plan_version: str
    plan_provisional: bool
    accounts: AccountsView
    total: AttainmentView
    by_tier: list[AttainmentView]
    by_beat: list[AttainmentView]
    by_hour: list[AttainmentView]
    clocks: list[ClockFigures]
    by_kind: list[CountView]
    """By the kind first given."""
    by_origin: list[CountView]
    by_outcome: list[CountView]
    by_follow_up: list[CountView]
    """Closed incidents by who goes on with them, ``nobody`` included."""
    by_grade: list[CountView]
    """By the grade first given."""
    misses: list[MissView]
    mismatches: list[MismatchView]
