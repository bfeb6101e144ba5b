"""Live push over ``WS /api/live``: a snapshot at version n, then numbered changes; a gap means a fresh snapshot.

A change carries whole new values of what changed ("put") and the identifiers of what left the picture ("gone"), so that applying
it is one rule for every event: replace by identifier. ``version`` numbers the live picture, which also moves with what no log holds
(stale flags, reach, alerts); it starts anew with the server. Positions are not numbered: the newest wins.
"""

from datetime import datetime

import msgspec

from kuaijing.wire.area_calls import AreaCallView
from kuaijing.wire.pictures import (
    AlertView,
    CallView,
    ClockView,
    ClosureView,
    IncidentView,
    PlanView,
    ReachView,
    ShiftView,
    StateView,
    TodayView,
    UnitView,
)


class Put(msgspec.Struct, frozen=True, omit_defaults=True):
    """New values; lists are merged by ``id``, single ones replace."""

    units: list[UnitView] = []
    incidents: list[IncidentView] = []
    calls: list[CallView] = []
    closures: list[ClosureView] = []
    alerts: list[AlertView] = []
    area_calls: list[AreaCallView] = []
    plan: PlanView | None = None
    today: TodayView | None = None
    reach: ReachView | None = None
    shift: ShiftView | None = None
    clock: ClockView | None = None
    health: str | None = None


class Gone(msgspec.Struct, frozen=True, omit_defaults=True):
    """Identifiers of what left the picture."""

    units: list[str] = []
    incidents: list[str] = []
    calls: list[str] = []
    closures: list[str] = []
    alerts: list[str] = []
    area_calls: list[str] = []


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot", tag_field="type"):
    """First message, and again after a gap or an overflow."""

    state: StateView


class Changes(msgspec.Struct, frozen=True, tag="changes", tag_field="type"):
    """The step from version ``base`` to ``version``. A client whose version is not ``base`` asks for a snapshot."""

    base: int
    version: int
    picture: int
    """Version of the core's picture that it rests on: a command's answer carries the same number."""
    put: Put
    gone: Gone


class PositionsFrame(msgspec.Struct, frozen=True, tag="positions", tag_field="type"):
    """Newest fixes since the last frame: ``[unit, lon, lat, speed_mps|null, heading_deg|null, measured_ms, received_ms]`` each."""

    at: datetime
    fixes: list[tuple[str, float, float, float | None, float | None, int, int]]


class Heartbeat(msgspec.Struct, frozen=True, tag="heartbeat", tag_field="type"):
    """Every 2 s when nothing else went out: a client that hears nothing for 6 s shows itself disconnected."""

    version: int
    """Of the last change sent; another than the client's own means that it missed one and asks for a snapshot."""
    now: datetime


class Resync(msgspec.Struct, frozen=True, tag="resync", tag_field="type"):
    """From the client: send me a snapshot."""


class Rest(msgspec.Struct, frozen=True, tag="rest", tag_field="type"):
    """From a client that nobody looks at: no positions until ``watch``. Changes and heartbeats go on, so that its alarms do."""


class Watch(msgspec.Struct, frozen=True, tag="watch", tag_field="type"):
    """From the client: somebody looks again. The newest position of every unit that moved meanwhile comes next, in one frame."""


ServerMessage = Snapshot | Changes | PositionsFrame | Heartbeat
ClientMessage = Resync | Rest | Watch
