"""Where units have been, by HTTP: who may look, what a look needs, what it leaves behind."""

import json
import time
import xml.etree.ElementTree as ET
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kuaijing.app.clock import CityClock
from kuaijing.measures.instants import SECOND, after
from kuaijing.store.history import HISTORY_FILE, PositionHistory
from tests.store_history.street import NOON, judged
from tests.web.town import Town, running_town

WHY = "核查某警情到场经过"


def drive(town: Town, unit: str, minutes: float, step_s: float = 30) -> list[datetime]:
    """The unit drives east until now; its fixes are in the file when this returns."""
    gate = town.signed_in("gate")
    west, south, east, north = town.city.ground.bbox
    now = datetime.fromisoformat(town.now())
    times = [now - timedelta(seconds=minutes * 60 - second * step_s) for second in range(int(minutes * 60 / step_s))]
    reports = [
        {
            "unit": unit,
            "lon": west + (east - west) * (0.3 + 0.4 * row / len(times)),
            "lat": (south + north) / 2,
            "measured_at": at.isoformat(),
            "crs": "wgs84",
            "speed_mps": 5.0,
            "heading_deg": 90.0,
        }
        for row, at in enumerate(times)
    ]
    answer = gate.post("/api/positions", json={"reports": reports})
    assert answer.json()["refused"] == [], answer.text
    assert town.city.history.flush()
    return times


@pytest.fixture(scope="module")
def driven(town: Town) -> tuple[str, list[datetime]]:
    unit = town.plan.force[0].unit
    return unit, drive(town, unit, 12)


def look(client: httpx.Client, unit: str, form: str = "", **query: Any) -> httpx.Response:
    return client.get(f"/api/units/{unit}/track{form}", params=query)


def looks(town: Town) -> list[Any]:
    return [entry for entry in town.city.engine.read(0) if entry.type == "TracesLookedAt"]


def test_the_last_half_hour_of_a_unit_on_duty_needs_no_reason_and_leaves_no_fact(
    town: Town, driven: tuple[str, list[datetime]]
) -> None:
    unit, times = driven
    before = len(looks(town))
    told = look(town.signed_in("wang"), unit).json()

    assert [round(fix[0] / 1000) for fix in told["fixes"]] == [round(at.timestamp()) for at in times]
    assert told["fixes"][0][3:5] == [5.0, 90.0]
    assert told["origins"] == [{"source": "terminal", "device": ""}]
    assert len(looks(town)) == before


def test_anything_older_needs_a_reason_and_the_look_stands_in_the_log(
    town: Town, driven: tuple[str, list[datetime]]
) -> None:
    unit, times = driven
    wang = town.signed_in("wang")
    older = {"from": (times[0] - timedelta(hours=2)).isoformat(), "to": times[-1].isoformat()}
    refused = look(wang, unit, **older)
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["field"] == "reason"

    assert len(look(wang, unit, **older, reason=WHY).json()["fixes"]) == len(times) - 1  # the end is not in the period
    entry = looks(town)[-1]
    assert (entry.actor, entry.reason, entry.event.what, entry.event.subject) == ("wang", WHY, "track", unit)


def test_a_unit_off_duty_is_not_watched_without_a_reason(town: Town) -> None:
    wang = town.signed_in("wang")
    unit = town.plan.force[1].unit
    assert look(wang, unit).status_code == 200
    version = wang.get(f"/api/units/{unit}").json()["version"]
    off = wang.post(f"/api/units/{unit}/status", json={"status": "off_duty", "version": version})
    assert off.status_code == 200, off.text

    assert look(wang, unit).status_code == 422
    assert look(wang, unit, reason=WHY).status_code == 200


def test_an_officer_sees_the_own_unit_only_and_nobody_who_was_there(
    town: Town, driven: tuple[str, list[datetime]]
) -> None:
    unit, times = driven
    officer = town.signed_in("officer")
    assert look(officer, unit).status_code == 200
    assert look(officer, town.plan.force[2].unit).status_code == 403
    near = {"lon": 0, "lat": 0, "from": times[0].isoformat(), "to": times[-1].isoformat(), "reason": WHY}
    assert officer.get("/api/tracks/near", params=near).status_code == 403


def test_a_gateway_brings_positions_and_sees_none(town: Town, driven: tuple[str, list[datetime]]) -> None:
    assert look(town.signed_in("gate"), driven[0]).status_code == 403
    assert look(town.client(), driven[0]).status_code == 401


def test_who_was_there_needs_a_reason_and_finds_the_unit_that_passed(
    town: Town, driven: tuple[str, list[datetime]]
) -> None:
    unit, times = driven
    chief = town.signed_in("chief")
    west, south, east, north = town.city.ground.bbox
    place = {"lon": west + (east - west) * 0.5, "lat": (south + north) / 2, "radius_m": 100}
    period = {"from": times[0].isoformat(), "to": times[-1].isoformat()}
    assert chief.get("/api/tracks/near", params=place | period).status_code == 422

    found = chief.get("/api/tracks/near", params=place | period | {"reason": WHY}).json()

    assert [stay["unit"] for stay in found] == [unit]
    assert found[0]["nearest_m"] < 40
    entry = looks(town)[-1]
    assert (entry.actor, entry.event.what) == ("chief", "near")
    assert "100 m" in entry.event.subject


def test_files_are_what_they_say_and_hold_every_fix(town: Town, driven: tuple[str, list[datetime]]) -> None:
    unit, times = driven
    wang = town.signed_in("wang")
    gpx, geojson = look(wang, unit, ".gpx"), look(wang, unit, ".geojson")

    points = ET.fromstring(gpx.content).findall(".//{http://www.topografix.com/GPX/1/1}trkpt")
    assert len(points) == len(times)
    assert gpx.headers["content-disposition"].startswith('attachment; filename="track-')
    features = json.loads(geojson.content)["features"]
    assert sum(len(feature["geometry"]["coordinates"]) for feature in features) == len(times)
    assert geojson.headers["content-type"].startswith("application/geo+json")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-11-21T04:00:00Z", "to": "2026-11-21T03:00:00Z", "reason": WHY}, "from"),
        ({"from": "2026-11-01T04:00:00Z", "to": "2026-11-21T03:00:00Z", "reason": WHY}, "from"),
        ({"from": "1901-11-01T04:00:00Z", "to": "1901-11-01T05:00:00Z", "reason": WHY}, "from"),
        ({"from": "2026-11-21T04:00:00", "to": "2026-11-21T05:00:00Z"}, "from"),
        ({"reason": ""}, "reason"),
        ({"since": "1"}, "since"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_by_field(town: Town, query: dict[str, str], field: str) -> None:
    refused = look(town.signed_in("wang"), town.plan.force[0].unit, **query)
    assert refused.status_code == 422
    assert field in {fault["field"] for fault in refused.json()["faults"]}


def test_an_unknown_unit_is_not_found(town: Town) -> None:
    assert look(town.signed_in("wang"), "nobody").status_code == 404


def test_a_history_that_cannot_be_written_is_an_alert_and_live_goes_on(
    town: Town, driven: tuple[str, list[datetime]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import apsw

    def full(*_: object) -> None:
        raise apsw.FullError("database or disk is full")

    wang = town.signed_in("wang")
    with monkeypatch.context() as broken:
        broken.setattr(town.city.history._file, "append_tail", full)
        unit = town.plan.force[3].unit
        point = {"unit": unit, "measured_at": town.now(), "crs": "wgs84"}
        west, south, east, north = town.city.ground.bbox
        point |= {"lon": (west + east) / 2, "lat": (south + north) / 2}
        assert town.signed_in("gate").post("/api/positions", json=point).json()["accepted"] == 1
        while not any(alert["kind"] == "history_stopped" for alert in wang.get("/api/state").json()["alerts"]):
            pass
        assert wang.get(f"/api/units/{unit}").json()["fix"] is not None
    assert town.city.history.flush(30)
    while any(alert["kind"] == "history_stopped" for alert in wang.get("/api/state").json()["alerts"]):
        pass
    assert len(look(wang, unit).json()["fixes"]) == 1


def test_days_past_keeping_are_dropped_and_the_log_says_so(tmp_path: Path) -> None:
    with closing(PositionHistory(tmp_path / HISTORY_FILE, lambda: after(NOON, 700))) as kept:
        kept.start()
        kept.take([judged("2095", 0), judged("2095", 199 * 86_400)])  # one of yesterday, so that the clock is believed
        assert kept.flush()
        kept._file.seal([(number, kept._unsealed.rows(number)) for number in kept._unsealed.numbers(0, 1 << 40)])  # type: ignore[misc]
    later = CityClock(start=after(NOON, 200 * 86_400))
    with running_town(tmp_path, clock=later) as town:
        until = time.monotonic() + 20
        while not (found := [each for each in town.city.engine.read(0) if each.type == "TracesDropped"]):
            assert time.monotonic() < until, "the log was not told"
            time.sleep(0.02)
    assert (found[0].event.segments, found[0].event.fixes) == (1, 1)
    assert NOON < found[0].event.before <= later.now() - 190 * 86_400 * SECOND
