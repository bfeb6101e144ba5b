"""Query parameters, read by the same strict rule as bodies: an unknown one is refused by name."""

from typing import Annotated, Literal

import msgspec

from kuaijing.domain.words import UnitClass
from kuaijing.wire.requests import Body, Identifier, Lat, Lon, LongText, Zoned

PairText = Annotated[str, msgspec.Meta(pattern=r"^-?\d{1,3}(\.\d{1,17})?,-?\d{1,2}(\.\d{1,17})?$")]
"""``lon,lat``."""
StatusFilter = Literal[
    "open", "dispatched", "responding", "on_scene", "handling", "closed", "merged", "cancelled", "active", "all"
]
DayText = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class NoQuery(Body, kw_only=True):
    """No parameter is known."""


class StateQuery(Body, kw_only=True):
    """``GET /api/state``: ``since`` is the version that one has."""

    since: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class IncidentsQuery(Body, kw_only=True, rename={"from_at": "from"}):
    """``GET /api/incidents``: ``status`` is one status, ``active`` (open ones) or ``all``."""

    status: StatusFilter = "all"
    from_at: Zoned | None = None
    to: Zoned | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class DuplicatesQuery(Body, kw_only=True):
    """``GET /api/calls/duplicates``."""

    lon: Lon
    lat: Lat
    kind: Identifier
    words: LongText = ""
    called_at: Zoned | None = None


class RecommendationQuery(Body, kw_only=True):
    """``GET /api/incidents/{id}/recommendation``; left out, the incident says which: reinforcement once escalated."""

    purpose: Literal["first", "reinforcement"] | None = None


class StreetsQuery(Body, kw_only=True):
    """``GET /api/reach/streets``."""

    tier: Identifier | None = None


class WithoutQuery(Body, kw_only=True):
    """``GET /api/reach/without``."""

    unit: Identifier


class IsochroneQuery(Body, kw_only=True):
    """``GET /api/isochrone``."""

    unit: Identifier
    limit_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 300.0


class RouteQuery(Body, kw_only=True, rename={"from_point": "from", "unit_class": "class"}):
    """``GET /api/route``: between two points, or from a unit to an incident."""

    from_point: PairText | None = None
    to: PairText | None = None
    unit_class: UnitClass = UnitClass.CAR
    unit: Identifier | None = None
    incident: Identifier | None = None


class SearchQuery(Body, kw_only=True):
    """``GET /api/search``."""

    q: Annotated[str, msgspec.Meta(max_length=200)]
    near: PairText | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 10


class DayQuery(Body, kw_only=True):
    """``GET /api/reports/daily``: a day of the city's own calendar; left out, today."""

    day: DayText | None = None
