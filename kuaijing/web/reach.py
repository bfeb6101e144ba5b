"""1-3-5 live: what the units free now reach, one unit's isochrone, and the way from here to there."""

import asyncio
from typing import Any

from kuaijing.measures.points import Point
from kuaijing.web.doors import Asked, look
from kuaijing.web.places import pair
from kuaijing.web.problems import Refusal, not_found
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.answers import IsochroneView, RouteView
from kuaijing.wire.pictures import ReachView, UnitView
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.queries import IsochroneQuery, RouteQuery, StreetsQuery, WithoutQuery


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def reach(_: Asked[Any]) -> ReachView:
        found = services.board.reach()
        if found is None:
            raise Refusal("warming", "reach has not been computed yet; ask again in a few seconds")
        return found

    async def streets(asked: Asked[StreetsQuery]) -> dict[str, Any]:
        return await services.adviser.reach_streets(asked.given.tier)

    async def without(asked: Asked[WithoutQuery]) -> dict[str, Any]:
        return await services.adviser.reach_without(_unit(services, asked.given.unit).id)

    async def isochrone(asked: Asked[IsochroneQuery]) -> IsochroneView:
        unit = _unit(services, asked.given.unit)
        return await asyncio.to_thread(services.roads.isochrone, unit.id, unit.unit_class, asked.given.limit_s)

    async def route(asked: Asked[RouteQuery]) -> RouteView:
        query = asked.given
        if query.unit is not None or query.incident is not None:
            unit_class, start, end, heading = _from_unit(services, query)
        else:
            if query.from_point is None or query.to is None:
                missing = "from" if query.from_point is None else "to"
                raise BadRequest([Fault(missing, "", "missing", "give from and to as lon,lat, or unit and incident")])
            unit_class, heading = query.unit_class.value, None
            start, end = pair("from", query.from_point), pair("to", query.to)
        found = await asyncio.to_thread(services.roads.route, unit_class, start, end, heading)
        if found is None:
            raise Refusal(
                "unreachable", f"no way by road for a {unit_class} from {start.lon},{start.lat} to {end.lon},{end.lat}"
            )
        return found

    return [
        (look("/api/reach", "What the units free now reach in time", ReachView), reach),
        (
            look("/api/reach/streets", "The same street by street, as GeoJSON", dict[str, Any], query=StreetsQuery),
            streets,
        ),
        (
            look(
                "/api/reach/without",
                "Streets no longer reached in time without that unit, as GeoJSON",
                dict[str, Any],
                query=WithoutQuery,
            ),
            without,
        ),
        (
            look("/api/isochrone", "Streets that one unit reaches in time", IsochroneView, query=IsochroneQuery),
            isochrone,
        ),
        (look("/api/route", "The way by road", RouteView, query=RouteQuery), route),
    ]


def _unit(services: Services, unit: str) -> UnitView:
    found = services.board.find_unit(unit)
    if found is None:
        raise not_found("unit", unit, "GET /api/units lists those there are")
    return found


def _from_unit(services: Services, query: RouteQuery) -> tuple[str, Point, Point, float | None]:
    if query.unit is None or query.incident is None:
        missing = "unit" if query.unit is None else "incident"
        raise BadRequest([Fault(missing, "", "missing", "give both unit and incident, or from and to")])
    unit = _unit(services, query.unit)
    incident = services.engine.picture.state.incident(query.incident)
    if unit.fix is None:
        raise Refusal("unreachable", f"no position of unit {unit.call_sign} is known yet")
    return unit.unit_class, Point(unit.fix.lon, unit.fix.lat), incident.place.point, unit.fix.heading_deg
