"""Incidents as they are asked for: a list over memory and the projection of ended ones, and one with its timeline."""

import asyncio
from collections.abc import Iterable
from typing import Final

from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.engine.personal import Audience
from kuaijing.engine.recorded import IncidentFile
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.web.services import Services
from kuaijing.wire.answers import IncidentDetail
from kuaijing.wire.masking import masked_call, masked_entry, masked_incident
from kuaijing.wire.pictures import CallView, IncidentView
from kuaijing.wire.queries import IncidentsQuery
from kuaijing.wire.timeline import timeline_entry
from kuaijing.wire.views import call_view, incident_view

_BEGINNING: Final = Instant(0)
_END: Final = Instant(253_402_300_799_000_000)
"""The year 9999."""
_PAGE: Final = 200


def list_incidents(services: Services, query: IncidentsQuery, audience: str) -> list[IncidentView]:
    """Those that fit, newest first, as that audience is shown them."""
    start = _BEGINNING if query.from_at is None else from_datetime(query.from_at)
    until = _END if query.to is None else from_datetime(query.to)
    state, plan = services.engine.picture.state, services.plans.current()
    views: dict[str, IncidentView] = {}
    if query.status == "all" or (query.status not in OPEN_INCIDENT and query.status != "active"):
        views = _ended(services, query, start, until)
    for incident in state.incidents.values():
        if start <= incident.opened_at < until:
            views[incident.id] = incident_view(incident, state.assignments, plan)
    fitting = [view for view in views.values() if _fits(view, query.status)]
    found = sorted(fitting, key=lambda view: (view.opened_at, view.id), reverse=True)[: query.limit]
    return found if audience == "full" else [masked_incident(view) for view in found]


def _ended(services: Services, query: IncidentsQuery, start: Instant, until: Instant) -> dict[str, IncidentView]:
    """Newest ended ones that fit, read a page at a time: the limit counts what fits, not what was looked at."""
    views: dict[str, IncidentView] = {}
    page = max(query.limit, _PAGE)
    while len(views) < query.limit:
        files = services.engine.list_ended(start, until, page)
        views |= {view.id: view for file in files if _fits(view := _view(services, file), query.status)}
        if len(files) < page:
            break
        oldest = Instant(files[-1].incident.opened_at + 1)  # several may have opened in that microsecond
        page = page * 2 if oldest == until else page
        until = oldest
    return views


async def detail_of(services: Services, incident: str, audience: str) -> IncidentDetail:
    """One incident, running or long ended, with its calls and its timeline."""
    file = services.engine.get_incident(incident)
    entries = await asyncio.to_thread(services.engine.timeline, incident)
    view, calls, told = (
        _view(services, file),
        list(calls_of(services, file)),
        [timeline_entry(each) for each in entries],
    )
    if audience == "full":
        return IncidentDetail(view, calls, told)
    return IncidentDetail(
        masked_incident(view), [masked_call(call) for call in calls], [masked_entry(entry) for entry in told]
    )


def calls_of(services: Services, file: IncidentFile) -> Iterable[CallView]:
    """The incident's calls with their words."""
    for call in file.calls:
        words = services.engine.words_of(call.id, Audience.FULL)
        yield call_view(call, words.words, words.caller, words.phone)


def _view(services: Services, file: IncidentFile) -> IncidentView:
    return incident_view(file.incident, {each.id: each for each in file.assignments}, services.plans.current())


def _fits(view: IncidentView, status: str) -> bool:
    if status == "all":
        return True
    return view.status in OPEN_INCIDENT if status == "active" else view.status == status
