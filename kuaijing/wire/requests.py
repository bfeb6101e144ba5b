"""Bodies of the HTTP commands. Strict: an unknown field is refused, texts are bounded, instants need a zone.

``at`` is the device's time of a pressed stamp; left out, the server's stands in.
"""

from datetime import datetime
from typing import Annotated

import msgspec

Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")]
ShortText = Annotated[str, msgspec.Meta(max_length=200)]
LongText = Annotated[str, msgspec.Meta(max_length=2000)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
GradeNumber = Annotated[int, msgspec.Meta(ge=1, le=4)]
Zoned = Annotated[datetime, msgspec.Meta(tz=True)]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every request body shares: strictness."""


class PlaceBody(Body):
    """A place as the dispatcher gives it; ``crs`` names the system of ``lon`` and ``lat``."""

    lon: Lon
    lat: Lat
    text: ShortText = ""
    crs: str = "wgs84"


class CallBody(Body):
    """``POST /api/calls`` and ``POST /api/incidents``. ``link_to`` adds the call to an open incident instead of opening one."""

    place: PlaceBody
    kind: Identifier
    grade: GradeNumber | None = None
    """None: the kind's own."""
    origin: str = "call_110"
    called_at: Zoned | None = None
    words: LongText = ""
    caller: ShortText = ""
    phone: Annotated[str, msgspec.Meta(max_length=32)] = ""
    link_to: Identifier | None = None


class OrderLine(Body):
    """One unit of an order; ``version`` is the unit's that the dispatcher saw."""

    unit: Identifier
    version: int
    role: str = "first"
    mode: str = "now"
    """``now``, ``queue`` or ``divert``."""


class OrdersBody(Body):
    """``POST /api/incidents/{id}/orders``."""

    units: Annotated[list[OrderLine], msgspec.Meta(min_length=1, max_length=50)]
    advice: str | None = None
    """Digest of the recommendation that was on screen."""
    by_voice: bool = False


class EscalateBody(Body):
    """``POST /api/incidents/{id}/escalate``."""

    grade: GradeNumber
    reason: Reason
    version: int | None = None


class ReclassifyBody(Body):
    """``POST /api/incidents/{id}/reclassify``."""

    kind: Identifier
    grade: GradeNumber
    reason: ShortText = ""
    version: int | None = None


class MoveBody(Body):
    """``POST /api/incidents/{id}/place``."""

    place: PlaceBody
    reason: ShortText = ""
    version: int | None = None


class MergeBody(Body):
    """``POST /api/incidents/{id}/merge``: this incident into another."""

    into: Identifier
    reason: ShortText = ""


class NoteBody(Body):
    """``POST /api/incidents/{id}/notes``."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    measures: bool = False
    by_voice: bool = False


class CloseBody(Body):
    """``POST /api/incidents/{id}/close``."""

    outcome: str
    note: LongText = ""
    version: int | None = None


class ReasonBody(Body):
    """Cancel, withdraw, refuse: a reason is required. Reopen, unmerge: it may stand."""

    reason: Reason
    version: int | None = None
    by_voice: bool = False


class UndoBody(Body):
    """``unmerge``, ``reopen``."""

    reason: ShortText = ""


class StepBody(Body):
    """``POST /api/assignments/{id}/{step}`` for delivered, acknowledged, en_route, on_scene, controlled, settled, cleared."""

    at: Zoned | None = None
    by_voice: bool = False
    note: LongText = ""


class UnitStatusBody(Body):
    """``POST /api/units/{id}/status``."""

    status: str
    reason: ShortText = ""
    version: int | None = None
    by_voice: bool = False


class HelpBody(Body):
    """``POST /api/units/{id}/help``: an officer asks for help; without a place the unit's last fix is used."""

    lon: Lon | None = None
    lat: Lat | None = None
    text: ShortText = ""


class CoverLine(Body):
    """One cover move."""

    unit: Identifier
    version: int
    lon: Lon
    lat: Lat
    text: ShortText = ""


class CoverBody(Body):
    """``POST /api/cover``; an empty ``moves`` with ``end`` sends units back to their beats."""

    moves: Annotated[list[CoverLine], msgspec.Meta(max_length=20)] = []
    end: Annotated[list[Identifier], msgspec.Meta(max_length=50)] = []
    advice: str | None = None


class ClosureBody(Body):
    """``POST /api/closures``: factor 0 closes, 0 < factor < 1 slows. ``points`` are lon/lat pairs."""

    name: ShortText
    factor: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.0
    shape: str
    """``line`` or ``polygon``."""
    points: Annotated[list[tuple[Lon, Lat]], msgspec.Meta(min_length=2, max_length=500)]
    from_at: Zoned | None = None
    until: Zoned | None = None


class PositionReport(Body):
    """One position report. ``crs`` is required by the protocol page: none or an unknown one is refused."""

    unit: Identifier
    lon: float
    lat: float
    measured_at: Zoned
    crs: str = "wgs84"
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    source: Annotated[str, msgspec.Meta(max_length=32)] = "terminal"


class PositionBatch(Body):
    """``POST /api/positions`` takes one report or this; each is judged by itself and answered by name."""

    reports: Annotated[list[PositionReport], msgspec.Meta(min_length=1, max_length=5000)]


class HandOverBody(Body):
    """``POST /api/shift/handover``."""

    to: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    note: LongText = ""


class SignInBody(Body):
    """``POST /api/session``."""

    user: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
