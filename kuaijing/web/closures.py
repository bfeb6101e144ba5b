"""Closed and slow zones: drawn, listed, lifted; routes and reach follow within a second."""

import secrets
from typing import Any

import shapely

from kuaijing.domain.commands import LiftClosure, PlaceClosure
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.web.doors import Asked, Door, Nothing, command, look
from kuaijing.web.identity.roles import DISPATCHING
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.pictures import ClosureView
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.requests import ClosureBody


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def listing(_: Asked[Any]) -> list[ClosureView]:
        return services.board.closures()

    async def place(asked: Asked[ClosureBody]) -> CommandAnswer:
        body = asked.given
        _check(body, services.city.bbox, services.clock.now())
        placed = PlaceClosure(
            closure=_identifier(),
            name=body.name,
            factor=body.factor,
            shape=body.shape,
            points=tuple((float(lon), float(lat)) for lon, lat in body.points),
            from_at=None if body.from_at is None else from_datetime(body.from_at),
            until=None if body.until is None else from_datetime(body.until),
        )
        return await submit(services, asked, placed)

    async def lift(asked: Asked[Any]) -> CommandAnswer:
        return await submit(services, asked, LiftClosure(asked.path["closure"]))

    return [
        (look("/api/closures", "Closed and slow zones in force", list[ClosureView]), listing),
        (
            command("/api/closures", "Close or slow a zone", ClosureBody, CommandAnswer, status=201, roles=DISPATCHING),
            place,
        ),
        (
            Door(
                "DELETE", "/api/closures/{closure}", "The way is free again", Nothing, CommandAnswer, roles=DISPATCHING
            ),
            lift,
        ),
    ]


def _identifier() -> str:
    """A new one; chosen here because a closure's number says nothing to anybody."""
    return f"k-{secrets.token_hex(6)}"


def _check(body: ClosureBody, city: tuple[float, float, float, float], now: Instant) -> None:
    """Refuse what would stand on the screens as closed and close nothing."""
    faults, corners = [], str(len(set(body.points)))
    if body.shape == "polygon" and len(set(body.points)) < 3:
        faults.append(Fault("points", corners, "a polygon of fewer than three corners", "give at least three"))
    elif body.shape == "polygon" and not shapely.is_valid(drawn := shapely.Polygon(body.points)):
        reason = f"a broken area: {shapely.is_valid_reason(drawn)}"
        faults.append(Fault("points", corners, reason, "draw its edge without crossings"))
    if body.shape == "line" and len(set(body.points)) < 2:
        faults.append(Fault("points", corners, "a line of one point", "give at least two different points"))
    if not shapely.box(*city).intersects(shapely.MultiPoint(body.points).envelope):
        faults.append(Fault("points", str(body.points[0]), "lies outside the city", "give lon,lat within it"))
    if body.until is not None and body.from_at is not None and body.until <= body.from_at:
        faults.append(Fault("until", body.until.isoformat(), "not after from_at", "give a later time or leave it out"))
    elif body.until is not None and from_datetime(body.until) <= now:
        faults.append(Fault("until", body.until.isoformat(), "is over already", "give a later time or leave it out"))
    if faults:
        raise BadRequest(faults)
