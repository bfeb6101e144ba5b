"""Answers of HTTP that are not the picture itself: what a command did, who is signed in, an incident with its timeline."""

from datetime import datetime
from typing import Any

import msgspec

from kuaijing.wire.pictures import CallView, IncidentView
from kuaijing.wire.preferences import Kept


class CommandAnswer(msgspec.Struct, frozen=True):
    """What a command did, sent after the commit. A repeat with the same ``Idempotency-Key`` gets the first answer again."""

    version: int
    """Version of the core's picture after it; live messages carry it as ``picture``."""
    ids: dict[str, str | list[str]]
    """What was made or touched: ``incident``, ``call``, ``assignments`` ..."""
    repeated: bool


class SessionView(msgspec.Struct, frozen=True):
    """Who is signed in."""

    user: str
    name: str
    role: str
    """``dispatcher``, ``analyst``, ``officer``, ``administrator``, ``post``, ``wall`` or ``gateway``."""
    unit: str | None
    """The unit that an officer's account is bound to."""
    audience: str
    """``full`` or ``masked``."""
    expires_at: datetime
    platform: str | None = None
    """The platform that a post's account is bound to."""
    preferences: Kept = {}
    """What the account's screens remember."""


class TimelineEntry(msgspec.Struct, frozen=True):
    """One fact of the log, as told on a timeline. ``text_key`` names the sentence, ``data`` fills it."""

    seq: int
    at: datetime
    type: str
    actor: str
    source: str
    reason: str
    by_voice: bool
    text_key: str
    data: dict[str, Any]


class IncidentDetail(msgspec.Struct, frozen=True):
    """``GET /api/incidents/{id}``."""

    incident: IncidentView
    calls: list[CallView]
    timeline: list[TimelineEntry]


class RefusedReport(msgspec.Struct, frozen=True):
    """A position report that moved nothing, with the reason by name."""

    index: int
    unit: str
    reason: str
    detail: str


class PositionsAnswer(msgspec.Struct, frozen=True):
    """``POST /api/positions``: each report judged by itself."""

    accepted: int
    refused: list[RefusedReport]


class TurnView(msgspec.Struct, frozen=True):
    """One turn of a route; ``key`` names the manoeuvre."""

    key: str
    road: str
    metres: float
    lon: float
    lat: float


class RouteView(msgspec.Struct, frozen=True):
    """A route by road."""

    points: list[tuple[float, float]]
    seconds: float
    metres: float
    turns: list[TurnView]


class HitView(msgspec.Struct, frozen=True):
    """One place found by search."""

    text: str
    text_en: str
    kind: str
    """``road``, ``crossing``, ``place``, ``address`` or ``coordinate``."""
    lon: float
    lat: float
    detail: str
    detail_en: str
    score: float


class IsochroneView(msgspec.Struct, frozen=True):
    """Streets that one unit reaches within the limit: ``[seconds, [[lon, lat], ...]]`` each."""

    unit: str
    limit_s: float
    streets: list[tuple[float, list[tuple[float, float]]]]


class PlanVersionView(msgspec.Struct, frozen=True):
    """One stored plan document."""

    digest: str
    name: str
    version: str
    provisional: bool
    valid_from: datetime
    in_force: bool


class PlanAnswer(msgspec.Struct, frozen=True):
    """A plan document was stored and put in force."""

    digest: str
    version: int
    units: int
