"""Replay by HTTP: what is shown is what the live room had, played it comes to the same, and each look is on record."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from kuaijing.app.clock import CityClock
from kuaijing.domain.commands import Context
from kuaijing.measures.instants import after
from kuaijing.wire.changes import applied
from kuaijing.wire.pictures import StateView
from kuaijing.wire.replay import ReplayChunk
from tests.web.town import NOON, Town, running_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("replayed")) as running:
        running.begun = running.now()  # type: ignore[attr-defined]
        yield running


@pytest.fixture(scope="module")
def wang(town: Town) -> httpx.Client:
    return town.signed_in("wang")


@pytest.fixture(scope="module")
def happened(town: Town, wang: httpx.Client) -> dict[str, Any]:
    """A call with words, an advised order, a position; with the live picture as it stood after each."""
    west, south, east, north = town.city.ground.bbox
    seen: list[tuple[str, dict[str, Any]]] = []

    def note() -> None:
        seen.append((town.now(), wang.get("/api/state").json()))

    def report(lon: float, lat: float) -> None:
        body = {"unit": unit["id"], "lon": lon, "lat": lat, "measured_at": town.now(), "crs": "wgs84", "speed_mps": 9.0}
        assert town.signed_in("gate").post("/api/positions", json=body).json()["accepted"] == 1

    unit = town.free_units(wang)[0]
    report((west + east) / 2, south + (north - south) / 3)
    time.sleep(1.3)  # the history has it on the disk
    note()
    ids = town.call(wang, words="两人打架", caller="张三", phone="13800000000")
    note()
    advice = _advice(wang, ids["incident"])
    lines = [{"unit": unit["id"], "version": wang.get(f"/api/units/{unit['id']}").json()["version"]}]
    ordered = wang.post(f"/api/incidents/{ids['incident']}/orders", json={"units": lines, "advice": advice["digest"]})
    assert ordered.is_success, ordered.text
    report((west + east) / 2, south + (north - south) / 2.5)
    time.sleep(1.3)
    note()
    return {"incident": ids["incident"], "unit": unit["id"], "advice": advice, "seen": seen}


def _advice(client: httpx.Client, incident: str) -> dict[str, Any]:
    for _ in range(200):
        answer = client.get(f"/api/incidents/{incident}/recommendation")
        if answer.status_code == 200:
            found: dict[str, Any] = answer.json()
            return found
        time.sleep(0.1)
    raise AssertionError(answer.text)


def _opened(town: Town, client: httpx.Client, **more: Any) -> dict[str, Any]:
    body = {"from": town.begun, "to": town.now(), "reason": "班后复盘", **more}  # type: ignore[attr-defined]
    answer = client.post("/api/replay", json=body)
    assert answer.status_code == 201, answer.text
    opened: dict[str, Any] = answer.json()
    return opened


def _state(client: httpx.Client, opened: dict[str, Any], at: str) -> dict[str, Any]:
    answer = client.get(f"/api/replay/{opened['id']}/state", params={"at": at})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _same(state: dict[str, Any]) -> dict[str, Any]:
    """Without what is the screen's own or not in the log: numbers of the picture, the clock's reading, the live reach."""
    return {
        name: value for name, value in state.items() if name not in ("version", "picture", "clock", "reach", "health")
    }


def test_a_moment_is_shown_as_the_live_room_had_it(town: Town, wang: httpx.Client, happened: dict[str, Any]) -> None:
    opened = _opened(town, wang)

    for at, live in happened["seen"]:
        assert _near(_same(_state(wang, opened, at))) == _near(_same(live))


def _near(state: dict[str, Any]) -> dict[str, Any]:
    """Positions to what the history keeps: 1e-7 degrees, 0.01 m/s."""
    units = []
    for unit in state["units"]:
        fix = unit["fix"]
        if fix is not None:
            fix = fix | {
                "lon": round(fix["lon"], 6),
                "lat": round(fix["lat"], 6),
                "speed_mps": round(fix["speed_mps"], 1),
            }
        units.append(unit | {"fix": fix})
    return state | {"units": units}


def test_played_from_the_beginning_it_comes_to_the_same_as_asked_for(
    town: Town, wang: httpx.Client, happened: dict[str, Any]
) -> None:
    opened = _opened(town, wang)
    state = msgspec.convert(_state(wang, opened, opened["from_at"]), StateView, strict=False)
    end = happened["seen"][-1][0]

    asked = {"from": opened["from_at"], "to": end, "step_s": 0.5, "version": state.version}
    chunk = msgspec.json.decode(wang.get(f"/api/replay/{opened['id']}/changes", params=asked).content, type=ReplayChunk)
    moved = set()
    for frame in chunk.frames:
        if frame.changes is not None:
            following = applied(state, frame.changes)
            assert following is not None, "the changes follow one on the other"
            state = following
        moved |= {row[0] for row in frame.fixes}

    wanted = msgspec.convert(_state(wang, opened, end), StateView, strict=False)
    assert state.version == chunk.version
    assert [msgspec.structs.replace(unit, fix=None) for unit in state.units] == [
        msgspec.structs.replace(unit, fix=None) for unit in wanted.units
    ]
    for name in ("incidents", "calls", "closures", "alerts", "today", "shift", "plan"):
        assert getattr(state, name) == getattr(wanted, name), name
    assert moved == {happened["unit"]}


def test_the_advice_shown_is_the_one_that_the_order_named(
    town: Town, wang: httpx.Client, happened: dict[str, Any]
) -> None:
    opened, incident = _opened(town, wang), happened["incident"]
    path = f"/api/replay/{opened['id']}/advice"

    orders = wang.get(path, params={"incident": incident, "at": town.now()}).json()

    assert [unit["unit"] for unit in orders[0]["units"]] == [happened["unit"]]
    assert orders[0]["actor"] == "wang"
    assert orders[0]["advice"] == happened["advice"]
    before = happened["seen"][1][0]
    assert wang.get(path, params={"incident": incident, "at": before}).json() == []


def test_marks_and_areas_belong_to_the_period(town: Town, wang: httpx.Client, happened: dict[str, Any]) -> None:
    opened = _opened(town, wang, incident=happened["incident"])
    marks = _until_wound(wang, opened)

    assert [kind for _, kind, _, _ in marks[:2]] == ["opened", "ordered"]
    areas = wang.get(f"/api/replay/{opened['id']}/areas", params={"at": town.now()}).json()
    assert areas["features"] == wang.get("/api/plan/areas").json()["features"]


def _until_wound(client: httpx.Client, opened: dict[str, Any]) -> list[list[Any]]:
    for _ in range(100):
        answer = client.get(f"/api/replay/{opened['id']}/marks").json()
        if answer["complete"]:
            found: list[list[Any]] = answer["marks"]
            return found
        time.sleep(0.05)
    raise AssertionError("the marks do not come")


def test_every_opening_is_on_record_once_a_day_with_its_reason(
    town: Town, wang: httpx.Client, happened: dict[str, Any]
) -> None:
    incident = happened["incident"]
    body = {"incident": incident, "reason": "投诉核查"}
    for _ in range(2):
        assert wang.post("/api/replay", json=body).status_code == 201

    looks = [entry for entry in town.city.engine.read(0, types=["TracesLookedAt"]) if entry.reason == "投诉核查"]
    assert [(look.actor, look.event.subject) for look in looks] == [("wang", incident)]  # type: ignore[union-attr]


def test_a_replay_is_its_openers_alone_and_officers_see_none(
    town: Town, wang: httpx.Client, happened: dict[str, Any]
) -> None:
    opened, li = _opened(town, wang), town.signed_in("li")

    assert li.get(f"/api/replay/{opened['id']}/state", params={"at": opened["until"]}).status_code == 404
    refused = town.signed_in("officer").post("/api/replay", json={"incident": happened["incident"], "reason": "看"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"reason": "r"}, 422, "give a period, an incident or a unit"),
        ({"from": "2026-11-21T04:00:00Z", "reason": "r"}, 422, "give both, or none"),
        ({"from": "2026-11-21T04:00:00Z", "to": "2026-11-21T03:00:00Z", "reason": "r"}, 422, "give the earlier first"),
        ({"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z", "reason": "r"}, 404, "the log goes from"),
        ({"from": "2099-01-01T00:00:00Z", "to": "2099-01-02T00:00:00Z", "reason": "r"}, 422, "has passed"),
        ({"from": "2026-11-01T00:00:00Z", "to": "2026-11-21T04:00:01Z", "reason": "r"}, 422, "replay it in parts"),
        ({"incident": "20260101-0001", "reason": "r"}, 404, "20260101-0001"),
        ({"unit": "nobody", "reason": "r"}, 404, "nobody"),
        ({"incident": "20260101-0001"}, 422, "reason"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_by_name(
    wang: httpx.Client, body: dict[str, str], status: int, told: str
) -> None:
    answer = wang.post("/api/replay", json=body)

    assert answer.status_code == status, answer.text
    assert told in answer.text


def test_words_that_are_forgotten_are_not_replayed(town: Town, wang: httpx.Client, happened: dict[str, Any]) -> None:
    opened = _opened(town, wang)
    at = happened["seen"][1][0]
    assert [call["words"] for call in _state(wang, opened, at)["calls"]] == ["两人打架"]

    async def forget() -> None:
        context = Context("chief", "console", town.city.clock.now(), None, "依法删除")
        await town.city.engine.forget(happened["incident"], context)

    asyncio.run_coroutine_threadsafe(forget(), town.loop).result(10)

    call = _state(wang, opened, at)["calls"][0]
    assert (call["words"], call["caller"], call["phone"]) == ("", "", "")


def test_a_replay_is_found_again_after_a_restart(tmp_path: Path) -> None:
    with running_town(tmp_path) as town:
        client = town.signed_in("wang")
        begun = datetime.fromisoformat(town.now()).astimezone(UTC)
        incident = town.call(client)["incident"]
    with running_town(tmp_path, clock=CityClock(start=after(NOON, 7200))) as again:
        client = again.signed_in("wang")
        body = {"from": begun.isoformat(), "to": (begun + timedelta(hours=1)).isoformat(), "reason": "复盘"}
        opened = client.post("/api/replay", json=body).json()
        state = _state(client, opened, again.now())

    assert [each["id"] for each in state["incidents"]] == [incident]
