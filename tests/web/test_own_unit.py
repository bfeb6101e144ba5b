"""An officer acts for the own unit only, also on incidents of a day before, which have left memory."""

import time
from pathlib import Path

import httpx

from kuaijing.app.clock import CityClock
from tests.web.town import NOON, Town, running_town

DAY_NS = 24 * 3600 * 1_000_000_000


def _ordered_and_closed(town: Town, wang: httpx.Client, unit: str) -> tuple[str, str]:
    """Incident and assignment."""
    incident = town.call(wang)["incident"]
    version = wang.get(f"/api/units/{unit}").json()["version"]
    answer = wang.post(f"/api/incidents/{incident}/orders", json={"units": [{"unit": unit, "version": version}]})
    assert wang.post(f"/api/incidents/{incident}/close", json={"outcome": "settled"}).status_code == 200
    return incident, answer.json()["ids"]["assignments"][0]


def test_officer_cannot_touch_another_units_incident_of_the_day_before(tmp_path: Path) -> None:
    ahead = [0]
    clock = CityClock(start=NOON, wall_ns=lambda: time.time_ns() + ahead[0])
    with running_town(tmp_path, clock=clock) as town:
        wang, officer = town.signed_in("wang"), town.signed_in("officer")
        mine = town.plan.force[0].unit
        other = next(unit["id"] for unit in town.free_units(wang) if unit["id"] != mine)
        ordered = {unit: _ordered_and_closed(town, wang, unit) for unit in (mine, other)}
        ahead[0] = DAY_NS
        town.call(wang)  # the first of the new day; those of the day before leave memory
        state = town.city.engine.picture.state
        assert not set(state.incidents) & {incident for incident, _ in ordered.values()}

        incident, assignment = ordered[other]
        stamped = officer.post(f"/api/assignments/{assignment}/controlled", json={})
        noted = officer.post(f"/api/incidents/{incident}/notes", json={"text": "x"})

        assert [stamped.status_code, noted.status_code] == [403, 403]
        assert incident not in town.city.engine.picture.state.incidents
        incident, assignment = ordered[mine]
        assert officer.post(f"/api/assignments/{assignment}/on_scene", json={}).status_code == 200
        assert officer.post(f"/api/incidents/{incident}/notes", json={"text": "晚到的记录"}).status_code == 200
