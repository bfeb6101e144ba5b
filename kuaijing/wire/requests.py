"""Bodies of the HTTP commands. Strict: an unknown field is refused, texts are bounded, instants need a zone.

``at`` is the device's time of a pressed stamp; left out, the server's stands in.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from kuaijing.domain.words import Follower, Origin, Outcome, Role, UnitStatus

Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[\w.:\-\u4e00-\u9fff]+$")]
ShortText = Annotated[str, msgspec.Meta(max_length=200)]
LongText = Annotated[str, msgspec.Meta(max_length=2000)]
Remark = Annotated[str, msgspec.Meta(max_length=500)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
GradeNumber = Annotated[int, msgspec.Meta(ge=1, le=4)]
Version = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Digest = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Crs = Literal["wgs84", "gcj02", "bd09"]
Zoned = Annotated[datetime, msgspec.Meta(tz=True)]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every request body shares: strictness."""


class PlaceBody(Body, kw_only=True):
    """A place as the dispatcher gives it; ``crs`` names the system of ``lon`` and ``lat``."""

    lon: Lon
    lat: Lat
    text: ShortText = ""
    crs: Crs = "wgs84"


class CallBody(Body, kw_only=True):
    """``POST /api/calls`` and ``POST /api/incidents``. ``link_to`` adds the call to an open incident instead of opening one."""

    place: PlaceBody
    kind: Identifier
    grade: GradeNumber | None = None
    """None: the kind's own."""
    origin: Origin = Origin.CALL_110
    called_at: Zoned | None = None
    words: LongText = ""
    caller: ShortText = ""
    phone: Annotated[str, msgspec.Meta(max_length=32)] = ""
    link_to: Identifier | None = None


class OrderLine(Body, kw_only=True):
    """One unit of an order; ``version`` is the unit's that the dispatcher saw."""

    unit: Identifier
    version: Version
    role: Role = Role.FIRST
    mode: Literal["now", "queue", "divert"] = "now"


class OrdersBody(Body, kw_only=True):
    """``POST /api/incidents/{id}/orders``."""

    units: Annotated[list[OrderLine], msgspec.Meta(min_length=1, max_length=50)]
    advice: Digest | None = None
    """Digest of the recommendation that was on screen."""
    by_voice: bool = False


class EscalateBody(Body, kw_only=True):
    """``POST /api/incidents/{id}/escalate``."""

    grade: GradeNumber
    reason: Reason
    version: Version | None = None


class ReclassifyBody(Body, kw_only=True):
    """``POST /api/incidents/{id}/reclassify``."""

    kind: Identifier
    grade: GradeNumber
    reason: ShortText = ""
    version: Version | None = None


class MoveBody(Body, kw_only=True):
    """``POST /api/incidents/{id}/place``."""

    place: PlaceBody
    reason: ShortText = ""
    version: Version | None = None


class MergeBody(Body, kw_only=True):
    """``POST /api/incidents/{id}/merge``: this incident into another."""

    into: Identifier
    reason: ShortText = ""


class NoteBody(Body, kw_only=True):
    """``POST /api/incidents/{id}/notes``."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    measures: bool = False
    by_voice: bool = False


class FollowUpBody(Body, kw_only=True):
    """Who goes on with a closed incident, and with what. No names: the words stand in the log."""

    by: Follower
    text: Remark = ""


class CloseBody(Body, kw_only=True):
    """``POST /api/incidents/{id}/close``. ``follow_up`` left out: nobody needs to go on with it."""

    outcome: Outcome
    follow_up: FollowUpBody | None = None
    note: Remark = ""
    version: Version | None = None


class ReasonBody(Body, kw_only=True):
    """Cancel, withdraw, refuse: a reason is required. Reopen, unmerge: it may stand."""

    reason: Reason
    version: Version | None = None
    by_voice: bool = False


class UndoBody(Body, kw_only=True):
    """``unmerge``, ``reopen``."""

    reason: ShortText = ""


class StepBody(Body, kw_only=True):
    """``POST /api/assignments/{id}/{step}`` for delivered, acknowledged, en_route, on_scene, controlled, settled, cleared."""

    at: Zoned | None = None
    by_voice: bool = False
    note: Remark = ""


class UnitStatusBody(Body, kw_only=True):
    """``POST /api/units/{id}/status``."""

    status: UnitStatus
    reason: ShortText = ""
    version: Version | None = None
    by_voice: bool = False


class HelpBody(Body, kw_only=True):
    """``POST /api/units/{id}/help``: an officer asks for help; without a place the unit's last fix is used."""

    lon: Lon | None = None
    lat: Lat | None = None
    text: ShortText = ""


class CoverLine(Body, kw_only=True):
    """One cover move."""

    unit: Identifier
    version: Version
    lon: Lon
    lat: Lat
    text: ShortText = ""


class CoverBody(Body, kw_only=True):
    """``POST /api/cover``; an empty ``moves`` with ``end`` sends units back to their beats."""

    moves: Annotated[list[CoverLine], msgspec.Meta(max_length=20)] = []
    end: Annotated[list[Identifier], msgspec.Meta(max_length=50)] = []
    advice: Digest | None = None


class ClosureBody(Body, kw_only=True):
    """``POST /api/closures``: factor 0 closes, 0 < factor < 1 slows. ``points`` are lon/lat pairs."""

    name: ShortText
    factor: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.0
    shape: Literal["line", "polygon"]
    points: Annotated[list[tuple[Lon, Lat]], msgspec.Meta(min_length=2, max_length=500)]
    from_at: Zoned | None = None
    until: Zoned | None = None


class PositionReport(Body, kw_only=True):
    """One position report. What is no place, or in no known ``crs``, is refused by the position pipeline for this report alone."""

    unit: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    lon: float
    lat: float
    measured_at: Zoned
    crs: Annotated[str, msgspec.Meta(max_length=16)] | None = None
    """``wgs84``, ``gcj02`` or ``bd09``; none is refused, since a guess is 500 m off."""
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    source: Annotated[str, msgspec.Meta(max_length=32)] = "terminal"


class PositionBatch(Body, kw_only=True):
    """``POST /api/positions`` takes one report or this; each is judged by itself and answered by name."""

    reports: Annotated[list[PositionReport], msgspec.Meta(min_length=1, max_length=5000)]


class LinkBody(Body, kw_only=True):
    """``POST /api/calls/{id}/link``: the call belongs to another incident."""

    incident: Identifier


class HandOverBody(Body, kw_only=True):
    """``POST /api/shift/handover``."""

    to: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    note: LongText = ""


class SignInBody(Body, kw_only=True):
    """``POST /api/session``."""

    user: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
