"""The list of incidents counts what fits towards its limit, not what was looked at."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kuaijing.engine.personal import Audience
from kuaijing.engine.recorded import IncidentFile
from kuaijing.measures.instants import Instant
from kuaijing.web import incident_views
from kuaijing.web.incident_views import list_incidents
from kuaijing.web.services import Services
from kuaijing.wire.queries import IncidentsQuery
from tests.web.town import Town


def test_an_older_cancelled_incident_is_listed_though_newer_ones_ended_otherwise(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_views, "_PAGE", 1)
    desk = town.signed_in("wang")
    cancelled, first, second = (town.call(desk)["incident"] for _ in range(3))
    assert desk.post(f"/api/incidents/{cancelled}/cancel", json={"reason": "误报"}).status_code == 200
    assert desk.post(f"/api/incidents/{first}/merge", json={"into": second, "reason": "同一警情"}).status_code == 200
    ended = town.city.engine.list_ended(Instant(0), Instant(2**62))
    files = [file for file in ended if file.incident.id in (first, cancelled)]
    assert [file.incident.id for file in files] == [first, cancelled]  # newest first

    listed = list_incidents(_long_after(files), IncidentsQuery(status="cancelled", limit=1), Audience.FULL)

    assert [view.id for view in listed] == [cancelled]


def _long_after(files: list[IncidentFile]) -> Services:
    """Another day: nothing in memory."""

    def list_ended(start: Instant, until: Instant, limit: int) -> list[IncidentFile]:
        return [file for file in files if start <= file.incident.opened_at < until][:limit]

    state = SimpleNamespace(incidents={}, assignments={})
    engine: Any = SimpleNamespace(picture=SimpleNamespace(state=state), list_ended=list_ended)
    return cast(Services, SimpleNamespace(engine=engine, plans=SimpleNamespace(current=lambda: None)))
