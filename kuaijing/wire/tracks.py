"""Past positions as they are shown: a unit's track, who was near a place. Queries and answers.

``reason`` says why one looks; it stands in the log with the look. See docs/decisions/0071-looking-at-traces.md.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from kuaijing.wire.requests import Body, Lat, Lon, Reason, Zoned

LONGEST_TRACK_S = 86_400.0
LONGEST_NEAR_S = 86_400.0
TRAIL_S = 1800.0
"""What may be seen of a unit on duty without a reason: where it has just been."""
RADIUS_M = 2000.0


class TrackQuery(Body, kw_only=True, rename={"from_at": "from"}):
    """``GET /api/units/{unit}/track``: left out, the last 30 minutes, which of a unit on duty needs no reason."""

    from_at: Zoned | None = None
    to: Zoned | None = None
    reason: Reason | None = None


class NearQuery(Body, kw_only=True, rename={"from_at": "from"}):
    """``GET /api/tracks/near``: who was there."""

    lon: Lon
    lat: Lat
    radius_m: Annotated[float, msgspec.Meta(ge=1, le=RADIUS_M)] = 200.0
    from_at: Zoned
    to: Zoned
    reason: Reason


FixLine = tuple[int, float, float, float | None, float | None, float | None, bool, bool, int]
"""``[measured_ms, lon, lat, speed_mps, heading_deg, accuracy_m, at_rest, moved, origin]``; ``moved`` false: it came late, out of order
or from a second device; ``origin`` counts ``origins``."""


class OriginView(msgspec.Struct, frozen=True):
    """Where fixes came from."""

    source: str
    device: str
    """Empty for the masked audience."""


class StopView(msgspec.Struct, frozen=True, rename={"from_at": "from"}):
    """The unit stood here for two minutes or longer."""

    from_at: datetime
    to: datetime
    lon: float
    lat: float


class TrackView(msgspec.Struct, frozen=True, rename={"from_at": "from"}):
    """A unit's fixes by the time at which they were measured."""

    unit: str
    from_at: datetime
    to: datetime
    fixes: list[FixLine]
    origins: list[OriginView]
    stops: list[StopView]


class PresenceView(msgspec.Struct, frozen=True, rename={"from_at": "from"}):
    """A unit's stay within the radius, from its first to its last fix there."""

    unit: str
    from_at: datetime
    to: datetime
    nearest_m: float
    nearest_at: datetime
    fixes: int
