"""Area calls on the wire: what a dispatcher sends, what a unit answers, and the roll as it fills."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from kuaijing.domain.area_calls import MOST_TEXT, AreaCall, Called
from kuaijing.domain.commands import CalledArea
from kuaijing.measures.instants import to_datetime
from kuaijing.wire.requests import Body, Identifier, Lat, Lon, ShortText

AnswerText = Annotated[str, msgspec.Meta(max_length=200)]


class CalledAreaBody(Body, kw_only=True):
    """Where to call: ``points`` of a polygon; ``lon``, ``lat``, ``radius_m`` of a circle; ``id`` of a beat or tier in force."""

    kind: Literal["polygon", "circle", "beat", "tier"]
    id: Identifier | None = None
    name: ShortText = ""
    """As it is said; a beat or tier has its own."""
    points: Annotated[list[tuple[Lon, Lat]], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=list)
    lon: Lon | None = None
    lat: Lat | None = None
    radius_m: Annotated[float, msgspec.Meta(gt=0, le=50_000)] | None = None


class AreaCallBody(Body, kw_only=True):
    """``POST /api/area-calls``: every unit on duty whose last position lies in the area is called."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]
    area: CalledAreaBody
    talk_group: Annotated[str, msgspec.Meta(max_length=40)] = ""
    incident: Identifier | None = None


class AreaAnswerBody(Body, kw_only=True):
    """``POST /api/area-calls/{id}/answers``; a dispatcher enters what was said by voice."""

    unit: Identifier
    text: AnswerText = ""


class AreaReceiptBody(Body, kw_only=True):
    """``POST /api/area-calls/{id}/delivered``: the unit's page shows the message."""

    unit: Identifier


class CalledAreaView(msgspec.Struct, frozen=True):
    """Where was called; of a beat or tier the shape is the plan's."""

    kind: str
    id: str
    name: str
    points: list[tuple[float, float]]
    lon: float | None
    lat: float | None
    radius_m: float


class AreaAnswerView(msgspec.Struct, frozen=True):
    """One answer: ``how`` is ``page`` or ``voice``, ``by`` who pressed or entered it."""

    text: str
    how: str
    by: str
    at: datetime


class RollView(msgspec.Struct, frozen=True):
    """One unit of the roll; without answers it is silent."""

    unit: str
    call_sign: str
    delivered_at: datetime | None
    delivered_by: str
    """The terminal that took the words; empty for the officer's own page."""
    answers: list[AreaAnswerView]


class AreaCallView(msgspec.Struct, frozen=True):
    """A call with its roll, in the order of the call signs."""

    id: str
    text: str
    area: CalledAreaView
    talk_group: str
    incident: str | None
    called_by: str
    called_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    roll: list[RollView]


def area_call_view(call: AreaCall) -> AreaCallView:
    """A call as it is shown."""
    return AreaCallView(
        id=call.id,
        text=call.text,
        area=_area(call.area),
        talk_group=call.talk_group,
        incident=call.incident,
        called_by=call.called_by,
        called_at=to_datetime(call.called_at),
        ended_by=call.ended_by,
        ended_at=None if call.ended_at is None else to_datetime(call.ended_at),
        roll=[_row(row) for row in sorted(call.roll, key=lambda row: (row.call_sign, row.unit))],
    )


def _area(area: CalledArea) -> CalledAreaView:
    centre = area.centre
    lon, lat = (None, None) if centre is None else (centre.lon, centre.lat)
    return CalledAreaView(area.kind, area.id, area.name, list(area.points), lon, lat, area.radius_m)


def _row(row: Called) -> RollView:
    answers = [AreaAnswerView(each.text, each.how, each.by, to_datetime(each.at)) for each in row.answers]
    delivered = None if row.delivered_at is None else to_datetime(row.delivered_at)
    return RollView(row.unit, row.call_sign, delivered, row.delivered_by, answers)
