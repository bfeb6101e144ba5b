"""Incidents: listed, looked at with their timeline, and every command that concerns one as a whole."""

from kuaijing.domain.commands import (
    AddNote,
    CancelIncident,
    CloseIncident,
    Escalate,
    FollowUp,
    MergeIncidents,
    MoveIncident,
    OrderUnits,
    Reclassify,
    ReopenIncident,
    UnitOrder,
    UnmergeIncident,
)
from kuaijing.web.doors import Asked, Door, command, look
from kuaijing.web.identity.roles import ACTING, AT_A_DESK, DISPATCHING, FULL, UserRole
from kuaijing.web.incident_views import detail_of, list_incidents
from kuaijing.web.kinds import kind_named
from kuaijing.web.own_beat import from_own_beat, in_own_beat, is_own, is_post, on_own_units, only_own_units_on
from kuaijing.web.own_unit import on_own_incident
from kuaijing.web.places import place_of
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.web.submitting import submit, voice
from kuaijing.wire.answers import CommandAnswer, IncidentDetail
from kuaijing.wire.pictures import IncidentView
from kuaijing.wire.queries import IncidentsQuery
from kuaijing.wire.requests import (
    Body,
    CloseBody,
    EscalateBody,
    MergeBody,
    MoveBody,
    NoteBody,
    OrdersBody,
    ReasonBody,
    ReclassifyBody,
    UndoBody,
)


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def listing(asked: Asked[IncidentsQuery]) -> list[IncidentView]:
        return list_incidents(services, asked.given, asked.who.audience)

    async def one(asked: Asked[Body]) -> IncidentDetail:
        incident = asked.path["incident"]
        own = is_post(asked) and is_own(services, asked, incident)
        return await detail_of(services, incident, FULL if own else asked.who.audience)

    async def order(asked: Asked[OrdersBody]) -> CommandAnswer:
        body = asked.given
        in_own_beat(services, asked, asked.path["incident"])
        on_own_units(services, asked, (line.unit for line in body.units))
        for line in body.units:
            from_own_beat(services, asked, line.unit)
        orders = tuple(UnitOrder(line.unit, line.version, line.role, line.mode) for line in body.units)
        ordered = OrderUnits(asked.path["incident"], orders, body.advice)
        return await submit(services, asked, ordered, by_voice=body.by_voice)

    async def escalate(asked: Asked[EscalateBody]) -> CommandAnswer:
        body = asked.given
        in_own_beat(services, asked, asked.path["incident"])
        return await submit(
            services, asked, Escalate(asked.path["incident"], body.grade, body.version), reason=body.reason
        )

    async def reclassify(asked: Asked[ReclassifyBody]) -> CommandAnswer:
        body, kind = asked.given, kind_named(services, asked.given.kind)
        changed = Reclassify(asked.path["incident"], kind.code, body.grade, kind.plan, body.version)
        return await submit(services, asked, changed, reason=body.reason)

    async def move(asked: Asked[MoveBody]) -> CommandAnswer:
        body = asked.given
        place = await place_of(services, body.place, services.clock.now())
        return await submit(
            services, asked, MoveIncident(asked.path["incident"], place, body.version), reason=body.reason
        )

    async def merge(asked: Asked[MergeBody]) -> CommandAnswer:
        merged = MergeIncidents(asked.path["incident"], asked.given.into)
        return await submit(services, asked, merged, reason=asked.given.reason)

    async def unmerge(asked: Asked[UndoBody]) -> CommandAnswer:
        return await submit(services, asked, UnmergeIncident(asked.path["incident"]), reason=asked.given.reason)

    async def note(asked: Asked[NoteBody]) -> CommandAnswer:
        on_own_incident(services, asked, asked.path["incident"])
        body = asked.given
        added = AddNote(asked.path["incident"], body.text, body.measures)
        return await submit(services, asked, added, by_voice=body.by_voice)

    async def close(asked: Asked[CloseBody]) -> CommandAnswer:
        body = asked.given
        in_own_beat(services, asked, asked.path["incident"])
        only_own_units_on(services, asked, asked.path["incident"])
        follow_up = None if body.follow_up is None else FollowUp(body.follow_up.by, body.follow_up.text)
        closed = CloseIncident(asked.path["incident"], body.outcome, body.version, follow_up)
        return await submit(services, asked, closed, reason=body.note)

    async def cancel(asked: Asked[ReasonBody]) -> CommandAnswer:
        body = asked.given
        cancelled = CancelIncident(asked.path["incident"], body.version)
        return await submit(services, asked, cancelled, reason=body.reason, by_voice=voice(asked, body.by_voice))

    async def reopen(asked: Asked[UndoBody]) -> CommandAnswer:
        return await submit(services, asked, ReopenIncident(asked.path["incident"]), reason=asked.given.reason)

    def on_one(what: str, summary: str, body: type[Body], roles: frozenset[UserRole] = DISPATCHING) -> Door:
        return command(f"/api/incidents/{{incident}}/{what}", summary, body, CommandAnswer, roles=roles)

    return [
        (
            look(
                "/api/incidents",
                "Incidents: those that run and those that ended",
                list[IncidentView],
                query=IncidentsQuery,
            ),
            listing,
        ),
        (look("/api/incidents/{incident}", "One incident with calls and timeline", IncidentDetail), one),
        (on_one("orders", "Send units", OrdersBody, AT_A_DESK), order),
        (on_one("escalate", "It grows: a graver grade, reinforcement follows", EscalateBody, AT_A_DESK), escalate),
        (on_one("reclassify", "Another kind or grade was found", ReclassifyBody), reclassify),
        (on_one("place", "A corrected place", MoveBody), move),
        (on_one("merge", "It is part of another incident", MergeBody), merge),
        (on_one("unmerge", "Undo a merge", UndoBody), unmerge),
        (on_one("notes", "A note on the timeline", NoteBody, ACTING), note),
        (on_one("close", "Close with an outcome", CloseBody, AT_A_DESK), close),
        (on_one("cancel", "It was nothing, or is no longer wanted", ReasonBody), cancel),
        (on_one("reopen", "It goes on", UndoBody), reopen),
    ]
