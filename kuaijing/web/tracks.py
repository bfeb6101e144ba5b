"""Where units have been: one unit's track, as data, GeoJSON or GPX, and who was near a place.

Movement traces are sensitive: a look needs a reason and stands in the log before anything is shown; only the last half hour of a unit
on duty is open to the room that commands it. Officers see their own unit's track only, posts those of their platform.
"""

import asyncio
import math
from dataclasses import dataclass

from kuaijing.domain.commands import RecordLook
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant, after, from_datetime, seconds_between, to_datetime
from kuaijing.store.history import HistoryReading, Track
from kuaijing.store.history.formats import GEOJSON_TYPE, GPX_TYPE, geojson_lines, gpx_lines
from kuaijing.store.history.stops import stops_of
from kuaijing.web.doors import Asked, Raw, look
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.own_unit import on_own_unit
from kuaijing.web.problems import not_found
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.tracks import (
    LONGEST_NEAR_S,
    LONGEST_TRACK_S,
    TRAIL_S,
    NearQuery,
    OriginView,
    PresenceView,
    StopView,
    TrackQuery,
    TrackView,
)

ROOM = frozenset({UserRole.DISPATCHER, UserRole.ADMINISTRATOR})
ON_DUTY_OR_ROOM = ROOM | {UserRole.OFFICER, UserRole.POST}
_SLACK_S = 60.0
"""A page that asks for "the last thirty minutes" has its own clock."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    unit: str
    from_at: Instant
    until: Instant


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def track(asked: Asked[TrackQuery]) -> TrackView:
        wanted = await _allowed(services, asked)
        return await asyncio.to_thread(_track_view, services.history, wanted, asked.who.audience == "full")

    async def as_geojson(asked: Asked[TrackQuery]) -> Raw:
        return await _file(services, asked, "geojson")

    async def as_gpx(asked: Asked[TrackQuery]) -> Raw:
        return await _file(services, asked, "gpx")

    async def near(asked: Asked[NearQuery]) -> list[PresenceView]:
        given = asked.given
        from_at, until = from_datetime(given.from_at), from_datetime(given.to)
        _sensible(from_at, until, LONGEST_NEAR_S)
        subject = f"{given.lon:.6f},{given.lat:.6f} {given.radius_m:g} m"
        await _put_on_record(services, asked, given.reason, RecordLook("near", subject, from_at, until))
        found = await asyncio.to_thread(services.history.near, given.lon, given.lat, given.radius_m, from_at, until)
        return [
            PresenceView(
                stay.unit,
                to_datetime(stay.from_at),
                to_datetime(stay.until),
                round(stay.nearest_m, 1),
                to_datetime(stay.nearest_at),
                stay.fixes,
            )
            for stay in found
        ]

    path, who = "/api/units/{unit}/track", ON_DUTY_OR_ROOM
    return [
        (look(path, "Where a unit has been", TrackView, query=TrackQuery, roles=who), track),
        (
            look(f"{path}.geojson", "As GeoJSON", None, query=TrackQuery, roles=who, media_type=GEOJSON_TYPE),
            as_geojson,
        ),
        (look(f"{path}.gpx", "As GPX", None, query=TrackQuery, roles=who, media_type=GPX_TYPE), as_gpx),
        (look("/api/tracks/near", "Who was there", list[PresenceView], query=NearQuery, roles=ROOM), near),
    ]


async def _allowed(services: Services, asked: Asked[TrackQuery]) -> _Wanted:
    """What is asked for, once it may be shown: known, one's own where one is an officer, with a reason where one is needed."""
    unit, given, now = asked.path["unit"], asked.given, services.clock.now()
    on_own_unit(services, asked, unit)
    standing = services.board.find_unit(unit)
    if standing is None and unit not in services.history.units():
        raise not_found("unit", unit, "GET /api/units lists those there are")
    until = now if given.to is None else from_datetime(given.to)
    from_at = after(until, -TRAIL_S) if given.from_at is None else from_datetime(given.from_at)
    _sensible(from_at, until, LONGEST_TRACK_S)
    on_duty = standing is not None and standing.status != UnitStatus.OFF_DUTY
    if given.reason is None:
        if not on_duty or seconds_between(from_at, now) > TRAIL_S + _SLACK_S * services.clock.speed:
            fault = Fault(
                "reason",
                "",
                "missing: only the last 30 minutes of a unit on duty are shown without one",
                "say why you look; it stands in the log",
            )
            raise BadRequest([fault])
    else:
        await _put_on_record(services, asked, given.reason, RecordLook("track", unit, from_at, until))
    return _Wanted(unit, from_at, until)


async def _put_on_record(
    services: Services, asked: Asked[TrackQuery] | Asked[NearQuery], reason: str, record: RecordLook
) -> None:
    await services.engine.submit(record, asked.context(services.clock.now(), reason=reason))


def _sensible(from_at: Instant, until: Instant, longest_s: float) -> None:
    if from_at < 0:
        raise BadRequest([Fault("from", "", "before 1970, when nothing was kept", "ask for a later time")])
    told = (
        f"{to_datetime(from_at).isoformat()} to {to_datetime(until).isoformat()}" if until > 0 else "until before 1970"
    )
    if from_at >= until:
        raise BadRequest([Fault("from", told, "ends before it begins", "give the earlier instant first")])
    if seconds_between(from_at, until) > longest_s:
        fault = Fault(
            "from",
            told,
            f"longer than {longest_s / 3600:g} hours",
            "ask for shorter periods, or export with `kuaijing tracks export`",
        )
        raise BadRequest([fault])


def _track_view(history: HistoryReading, wanted: _Wanted, full: bool) -> TrackView:
    track = history.track(wanted.unit, wanted.from_at, wanted.until)
    origins, place = _origins(track, full)
    columns = zip(
        (track.measured // 1000).tolist(),
        track.lon.tolist(),
        track.lat.tolist(),
        _figures(track.speed.tolist(), 2),
        _figures(track.heading.tolist(), 1),
        _figures(track.accuracy.tolist(), 1),
        track.at_rest.tolist(),
        track.moved.tolist(),
        [place[index] for index in track.origin.tolist()],
        strict=True,
    )
    stops = [
        StopView(to_datetime(stop.from_at), to_datetime(stop.until), stop.lon, stop.lat) for stop in stops_of(track)
    ]
    return TrackView(wanted.unit, to_datetime(wanted.from_at), to_datetime(wanted.until), list(columns), origins, stops)


def _origins(track: Track, full: bool) -> tuple[list[OriginView], dict[int, int]]:
    """Only those that the track has, with where each stands among them."""
    used = sorted(set(track.origin.tolist()))
    views = [OriginView(track.origins[each].source, track.origins[each].device if full else "") for each in used]
    return views, {each: index for index, each in enumerate(used)}


def _figures(values: list[float], digits: int) -> list[float | None]:
    return [None if math.isnan(value) else round(value, digits) for value in values]


async def _file(services: Services, asked: Asked[TrackQuery], form: str) -> Raw:
    wanted = await _allowed(services, asked)
    content = await asyncio.to_thread(_written, services.history, wanted, form)
    day = to_datetime(wanted.from_at).strftime("%Y%m%dT%H%M%SZ")
    name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in wanted.unit)
    said = {"Content-Disposition": f'attachment; filename="track-{name}-{day}.{form}"'}
    return Raw(content, GPX_TYPE if form == "gpx" else GEOJSON_TYPE, 200, said)


def _written(history: HistoryReading, wanted: _Wanted, form: str) -> bytes:
    track = history.track(wanted.unit, wanted.from_at, wanted.until)
    lines = gpx_lines([track]) if form == "gpx" else geojson_lines([track])
    return "".join(lines).encode()
