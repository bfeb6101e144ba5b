"""What a client is shown: the picture of the city. Times are RFC 3339 UTC on the wire; distances metres, durations seconds.

These are public messages, not stored events: a field may be added, none is renamed or dropped within one ``WIRE_VERSION``.
"""

from datetime import datetime

import msgspec

from kuaijing.wire.area_calls import AreaCallView

WIRE_VERSION = 1


class PointView(msgspec.Struct, frozen=True):
    """A WGS-84 point."""

    lon: float
    lat: float


class IntervalView(msgspec.Struct, frozen=True):
    """An instant known only to lie between two fixes."""

    earliest: datetime
    latest: datetime


class PlaceView(msgspec.Struct, frozen=True):
    """A surveyed place."""

    lon: float
    lat: float
    text: str
    road: str
    tier: str
    tier_limit_s: float
    beat: str | None
    off_road_m: float | None
    inside_city: bool


class AssignmentView(msgspec.Struct, frozen=True):
    """One unit's part in one incident, with its own stamps: pressed ones and the measured arrival beside them."""

    id: str
    incident: str
    unit: str
    call_sign: str
    role: str
    status: str
    version: int
    by_voice: list[str] = []
    """Steps that a dispatcher stamped on the unit's behalf."""
    queued_at: datetime | None = None
    ordered_at: datetime | None = None
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    en_route_at: datetime | None = None
    on_scene_at: datetime | None = None
    cleared_at: datetime | None = None
    arrived: IntervalView | None = None
    pressed_gap_s: float | None = None
    """Pressed minus measured arrival, seconds; beyond ±60 it is listed as a mismatch."""
    reason: str = ""
    """Why refused or withdrawn."""
    left: IntervalView | None = None
    """When the unit was measured to leave the scene; a fact beside the stamps."""
    stay_s: float | None = None
    """Measured stay at the scene, seconds: what the positions prove."""


class CallView(msgspec.Struct, frozen=True):
    """One report from outside; words, name and telephone are masked unless the audience is ``full``."""

    id: str
    incident: str
    origin: str
    called_at: datetime
    received_at: datetime
    place: PlaceView
    kind: str
    words: str = ""
    caller: str = ""
    phone: str = ""
    masked: bool = True


class FollowUpView(msgspec.Struct, frozen=True):
    """Who goes on with a closed incident; the words are empty for the masked audience."""

    by: str
    text: str = ""


class IncidentView(msgspec.Struct, frozen=True):
    """One incident as it stands."""

    id: str
    """Also its number on screen: local day and counter, ``20261121-0042``."""
    version: int
    status: str
    origin: str
    kind: str
    grade: int
    first_kind: str
    first_grade: int
    plan: str
    place: PlaceView
    called_at: datetime
    opened_at: datetime
    first_ordered_at: datetime | None
    arrived: IntervalView | None
    """Earliest measured arrival of any assigned unit."""
    controlled_at: datetime | None
    settled_at: datetime | None
    closed_at: datetime | None
    escalated: bool
    outcome: str | None
    merged_into: str | None
    merged_from: list[str]
    calls: list[str]
    assignments: list[AssignmentView]
    response_s: float | None
    """Response clock: first order to measured arrival (latest bound), once arrived."""
    citizen_s: float | None
    """Citizen's clock: call to the same arrival."""
    within_limit: bool | None
    """None until measured; an interval that straddles the limit counts as not met."""
    followers: list[str] = []
    """Who follows by the plan (station, traffic squad), as text codes of the plan."""
    follow_up: FollowUpView | None = None
    """Who goes on with it since it was closed; None: nobody needs to."""


class FixView(msgspec.Struct, frozen=True):
    """A unit's newest accepted position."""

    lon: float
    lat: float
    measured_at: datetime
    received_at: datetime
    speed_mps: float | None = None
    heading_deg: float | None = None
    source: str = ""


class UnitView(msgspec.Struct, frozen=True):
    """One unit."""

    id: str
    call_sign: str
    unit_class: str
    status: str
    version: int
    since: datetime
    platform: str
    beat: str
    crew_police: int
    crew_auxiliary: int
    leader: str
    """Masked unless the audience is ``full``."""
    capabilities: list[str]
    active: str | None
    """Assignment that it works on."""
    queued: list[str]
    cover: PointView | None
    home: PointView | None
    stale: bool
    lost_contact: bool
    fix: FixView | None
    beat_now: str | None = None
    """Beat that it was found in; ``None`` where it is not known or outside the city."""
    outside_city: bool = False
    beat_since: datetime | None = None
    on_post: str | None = None
    """Post of its duty that it stands on: ``platform:<id>``, ``home`` or ``cover``."""
    on_post_since: datetime | None = None
    stopped_since: datetime | None = None
    """It has stood too long for what it is doing."""
    last_visit: str | None = None
    """Patrol point that it visited last."""
    last_visit_at: datetime | None = None


class TierView(msgspec.Struct, frozen=True):
    """A response tier; ``rest`` has no area."""

    id: str
    name: str
    name_en: str
    limit_s: float


class KindView(msgspec.Struct, frozen=True):
    """A kind of incident: importable data."""

    code: str
    scheme: str
    parent: str | None
    name: str
    name_en: str
    letters: str
    grade: int
    plan: str


class BeatView(msgspec.Struct, frozen=True):
    """A beat; its shape comes from ``GET /api/plan/areas`` as GeoJSON."""

    id: str
    name: str
    name_en: str
    platform: str


class PlatformView(msgspec.Struct, frozen=True):
    """A platform."""

    id: str
    name: str
    name_en: str
    beat: str
    lon: float
    lat: float


class PlanView(msgspec.Struct, frozen=True):
    """The plan in force, without shapes."""

    name: str
    name_en: str
    version: str
    provisional: bool
    tiers: list[TierView]
    beats: list[BeatView]
    platforms: list[PlatformView]
    kinds: list[KindView]
    outcomes: list[str]


class ClosureView(msgspec.Struct, frozen=True):
    """A closed or slow zone in force."""

    id: str
    name: str
    factor: float
    shape: str
    points: list[tuple[float, float]]
    from_at: datetime | None
    until: datetime | None


class ShareView(msgspec.Struct, frozen=True):
    """A share with its numerator, denominator and 95 % Wilson interval; ``share`` is None where nothing was counted."""

    met: int
    of: int
    share: float | None
    low: float | None
    high: float | None
    unmeasured: int = 0


class TierAttainmentView(msgspec.Struct, frozen=True):
    """Measured attainment of one tier today, by both clocks."""

    tier: str
    limit_s: float
    response: ShareView
    citizen: ShareView


class TierReachView(msgspec.Struct, frozen=True):
    """What the units free now reach within one tier's limit, reaction delay included."""

    tier: str
    street_m: float
    street_reached_m: float
    expected_per_h: float
    expected_reached_per_h: float


class ReachView(msgspec.Struct, frozen=True):
    """Live 1-3-5 reach; ``demand`` says what expected incidents rest on: ``history`` or ``street_length``."""

    at: datetime
    demand: str
    tiers: list[TierReachView]


class PatrolTodayView(msgspec.Struct, frozen=True):
    """Patrol points today: how many ask for a visit, how many have had all they ask for, and visits in all."""

    points: int
    complete: int
    visits: int


class TodayView(msgspec.Struct, frozen=True):
    """Today's totals for the header."""

    incidents: int
    by_kind: dict[str, int]
    by_origin: dict[str, int]
    mean_handling_s: float | None
    attainment: list[TierAttainmentView]
    patrol: PatrolTodayView | None = None
    """``None`` where the plan has no patrol points."""


class ShiftView(msgspec.Struct, frozen=True):
    """Who commands now, and the note that was handed over."""

    commander: str
    since: datetime
    note: str


class BackfillView(msgspec.Struct, frozen=True):
    """The free unit that could restore an area soonest, as found when the alarm was raised."""

    unit: str
    call_sign: str
    lon: float
    lat: float
    text: str
    drive_s: float


class AlertView(msgspec.Struct, frozen=True):
    """Something that asks for attention: ``acknowledge_overdue``, ``limit_near``, ``limit_broken``, ``lost_contact``, ``sos``,
    ``stopped_on_way``, ``empty_area``, ``mismatch``, ``history_stopped``."""

    id: str
    kind: str
    raised_at: datetime
    incident: str | None
    unit: str | None
    area: str | None = None
    """``beat:<id>`` or ``tier:<id>``: acknowledged for everybody by ``POST /api/areas/{area}/acknowledge``."""
    share: float | None = None
    """Share of the area's streets, weighted, that free units still reached in time when the alarm was raised."""
    backfill: BackfillView | None = None


class ClockView(msgspec.Struct, frozen=True):
    """The city's clock: under ``kuaijing demo --speed`` it runs faster than the wall's."""

    now: datetime
    speed: float
    timezone: str


class HealthView(msgspec.Struct, frozen=True):
    """``status`` is ok, warming or degraded (the core cannot write)."""

    status: str
    version: str
    city: str
    units_reporting: int
    open_incidents: int
    measured_arrivals_today: int
    detail: str = ""
    mode: str = "live"
    """``live``, ``demo`` or ``training``: every page of a training server says so, that for signing in too."""


class StateView(msgspec.Struct, frozen=True):
    """The whole picture at ``version``; live changes follow it by number. Lists stand in the order of their identifiers."""

    wire: int
    version: int
    picture: int
    """Version of the core's picture that it rests on: a command's answer carries the same number."""
    city: str
    city_name: str
    fictional: bool
    mode: str
    """``live``, ``demo`` or ``training``; screens say the latter two."""
    audience: str
    ground: str
    bbox: tuple[float, float, float, float]
    clock: ClockView
    plan: PlanView
    units: list[UnitView]
    incidents: list[IncidentView]
    """Every open one, and those that ended today."""
    calls: list[CallView]
    closures: list[ClosureView]
    today: TodayView
    reach: ReachView | None
    shift: ShiftView | None
    alerts: list[AlertView]
    health: str
    area_calls: list[AreaCallView] = []
    """Those that run, and the last that ended."""
