"""Calls: taken, compared with what runs already, linked and unlinked."""

from typing import Any

from kuaijing.domain.commands import LinkCall, TakeCall, UnlinkCall
from kuaijing.engine.duplicates import likely_duplicates
from kuaijing.engine.personal import PersonalWords
from kuaijing.measures.instants import from_datetime
from kuaijing.measures.points import Point
from kuaijing.web.doors import Asked, command, look
from kuaijing.web.identity.roles import DISPATCHING
from kuaijing.web.kinds import kind_faults, kind_named
from kuaijing.web.places import place_of
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit
from kuaijing.wire.advice import DuplicateView
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.queries import DuplicatesQuery
from kuaijing.wire.requests import CallBody, LinkBody, UndoBody


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def take(asked: Asked[CallBody]) -> CommandAnswer:
        body, now = asked.given, services.clock.now()
        kind = kind_named(services, body.kind)
        called_at = now if body.called_at is None else min(now, from_datetime(body.called_at))
        place = await place_of(services, body.place, now)
        taken = TakeCall(
            call="",
            incident=None if body.link_to else "",
            link_to=body.link_to,
            origin=body.origin,
            called_at=called_at,
            place=place,
            kind=kind.code,
            grade=body.grade or kind.grade,
            plan=kind.plan,
        )
        return await submit(services, asked, taken, personal=PersonalWords(body.words, body.caller, body.phone))

    async def duplicates(asked: Asked[DuplicatesQuery]) -> list[DuplicateView]:
        query, now = asked.given, services.clock.now()
        called_at = now if query.called_at is None else from_datetime(query.called_at)
        found = likely_duplicates(
            services.engine.picture,
            Point(query.lon, query.lat),
            called_at,
            query.kind,
            query.words,
            services.board.words_of,
        )
        return [
            DuplicateView(each.incident, each.score, each.metres, each.minutes, each.same_kind, list(each.words))
            for each in found
        ]

    async def link(asked: Asked[LinkBody]) -> CommandAnswer:
        return await submit(services, asked, LinkCall(asked.path["call"], asked.given.incident))

    async def unlink(asked: Asked[UndoBody]) -> CommandAnswer:
        return await submit(services, asked, UnlinkCall(asked.path["call"], ""), reason=asked.given.reason)

    made: dict[str, Any] = {"status": 201, "roles": DISPATCHING, "also": lambda raw: kind_faults(services, raw)}
    return [
        (
            command("/api/calls", "Take a call: opens an incident, or adds to one", CallBody, CommandAnswer, **made),
            take,
        ),
        (command("/api/incidents", "Open an incident (same as taking a call)", CallBody, CommandAnswer, **made), take),
        (
            look(
                "/api/calls/duplicates",
                "Likely duplicates of a new call",
                list[DuplicateView],
                query=DuplicatesQuery,
                roles=DISPATCHING,
            ),
            duplicates,
        ),
        (
            command(
                "/api/calls/{call}/link", "Link a call to another incident", LinkBody, CommandAnswer, roles=DISPATCHING
            ),
            link,
        ),
        (command("/api/calls/{call}/unlink", "Undo a link", UndoBody, CommandAnswer, roles=DISPATCHING), unlink),
    ]
