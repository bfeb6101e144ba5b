"""Replay: a period, an incident or a unit shown again. Looks only; opening one is put on record with its reason.

A reel that was let go of while somebody used it is wound anew. Officers see no replay: it shows everybody's movements.
"""

from typing import Any

from kuaijing.engine.replay import Advised
from kuaijing.measures.instants import from_datetime, to_datetime
from kuaijing.web.doors import Asked, command, look
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.problems import Refusal
from kuaijing.web.replays import Opened, Replays, Wanted
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.advice_views import advice_view
from kuaijing.wire.pictures import StateView
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.queries import NoQuery
from kuaijing.wire.replay import (
    AdvisedOrder,
    AdvisedQuery,
    MarksView,
    MarkView,
    MomentQuery,
    OpenReplayBody,
    OrderedUnitView,
    PlayQuery,
    ReplayChunk,
    ReplayView,
    ShiftPeriod,
)

REPLAYING = frozenset({UserRole.DISPATCHER, UserRole.ADMINISTRATOR})
_BASE = "/api/replay/{replay}"


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def open_one(asked: Asked[OpenReplayBody]) -> ReplayView:
        body = asked.given
        context = asked.context(services.clock.now(), reason=body.reason)
        return _opened_view(await _replays(services).open(_wanted(body), context))

    async def state(asked: Asked[MomentQuery]) -> StateView:
        opened, at = _opened(services, asked), from_datetime(asked.given.at)
        return await _replays(services).do(opened.showing.state, at, 0, asked.who.audience)

    async def changes(asked: Asked[PlayQuery]) -> ReplayChunk:
        given = asked.given
        if given.from_at >= given.until:
            fault = Fault(
                "from, to", f"{given.from_at}, {given.until}", "ends before it begins", "give the earlier first"
            )
            raise BadRequest([fault])
        play = _opened(services, asked).showing.play
        begin, until = from_datetime(given.from_at), from_datetime(given.until)
        return await _replays(services).do(play, begin, until, given.step_s, given.version, asked.who.audience)

    async def marks(asked: Asked[NoQuery]) -> MarksView:
        reel = _opened(services, asked).showing.reel
        return MarksView(
            reel.is_wound,
            [MarkView(-(-mark.at // 1000), mark.kind.value, mark.incident, mark.unit) for mark in reel.marks],
        )

    async def advice(asked: Asked[AdvisedQuery]) -> list[AdvisedOrder]:
        _opened(services, asked)
        found = await _replays(services).do(
            _replays(services).advised, asked.given.incident, from_datetime(asked.given.at)
        )
        return [advised_view(each) for each in found]

    async def areas(asked: Asked[MomentQuery]) -> dict[str, Any]:
        opened, replays = _opened(services, asked), _replays(services)
        digest = await replays.do(opened.showing.plan_at, from_datetime(asked.given.at))
        if digest is None:
            return {"type": "FeatureCollection", "features": []}
        return await replays.do(replays.areas_of, digest)

    async def shifts(asked: Asked[NoQuery]) -> list[ShiftPeriod]:
        found = await _replays(services).do(_replays(services).shifts)
        return [
            ShiftPeriod(commander, to_datetime(begin), None if end is None else to_datetime(end))
            for commander, begin, end in found
        ]

    who = REPLAYING
    return [
        (look("/api/replay/shifts", "Shifts that can be replayed", list[ShiftPeriod], roles=who), shifts),
        (
            command(
                "/api/replay",
                "Open a replay; the look is put on record",
                OpenReplayBody,
                ReplayView,
                status=201,
                roles=who,
            ),
            open_one,
        ),
        (look(f"{_BASE}/state", "The whole picture at a moment", StateView, query=MomentQuery, roles=who), state),
        (look(f"{_BASE}/changes", "What followed, step by step", ReplayChunk, query=PlayQuery, roles=who), changes),
        (look(f"{_BASE}/marks", "What stands out in the period", MarksView, roles=who), marks),
        (
            look(
                f"{_BASE}/advice", "What was advised at each order", list[AdvisedOrder], query=AdvisedQuery, roles=who
            ),
            advice,
        ),
        (
            look(f"{_BASE}/areas", "Areas of the plan in force then", dict[str, Any], query=MomentQuery, roles=who),
            areas,
        ),
    ]


def _replays(services: Services) -> Replays:
    if services.replays is None:
        raise Refusal("warming", "replays are not ready; ask again in a few seconds")
    return services.replays


def _opened(services: Services, asked: Asked[Any]) -> Opened:
    return _replays(services).get(asked.path["replay"], asked.who.account.name)


def _wanted(body: OpenReplayBody) -> Wanted:
    faults = []
    if (body.from_at is None) != (body.until is None):
        faults.append(Fault("from, to", f"{body.from_at}, {body.until}", "only one is given", "give both, or none"))
    if body.incident is not None and body.unit is not None:
        faults.append(Fault("incident, unit", f"{body.incident}, {body.unit}", "both are given", "give one of them"))
    if body.from_at is None and body.incident is None and body.unit is None:
        faults.append(Fault("from", "", "nothing is named", "give a period, an incident or a unit"))
    if faults:
        raise BadRequest(faults)
    begin = None if body.from_at is None else from_datetime(body.from_at)
    until = None if body.until is None else from_datetime(body.until)
    return Wanted(begin, until, body.incident, body.unit)


def _opened_view(opened: Opened) -> ReplayView:
    period = opened.showing.reel.period
    return ReplayView(
        opened.name,
        to_datetime(period.begin),
        to_datetime(period.until),
        opened.wanted.incident,
        opened.wanted.unit,
        opened.positions,
    )


def advised_view(order: Advised) -> AdvisedOrder:
    """One order beside what was advised, as it is shown."""
    advice = order.advice
    places = {} if advice is None else {each.unit: each.order for each in advice.candidates}
    units = [
        OrderedUnitView(each.unit, each.call_sign, each.role, each.mode, each.assignment, places.get(each.unit))
        for each in order.units
    ]
    shown = None if advice is None else advice_view(advice)
    return AdvisedOrder(to_datetime(order.at), order.seq, order.actor, units, order.digest, shown)
