"""The doors of area calls: who is in the area is found at the call, terminals are told, answers come from pages and by voice."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kuaijing.app.play_terminals import PlayTerminal, PlayTerminals, enter_terminals
from kuaijing.app.settings import read_settings
from tests.web.town import Town, running_town


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, PlayTerminal]]:
    """A town whose first unit has a terminal in its vehicle, and where two units report from the middle, a third from the edge."""
    data: Path = tmp_path_factory.mktemp("town")
    with running_town(data, settings=read_settings(["jt808.answer_within_s=1"])) as town:
        unit = town.plan.force[0].unit

        async def begin() -> tuple[PlayTerminals, asyncio.Task[None]]:
            server = await town.city.gateways.open_terminals()
            phones = await enter_terminals(town.city.gateways.register, town.plan, [unit], town.city.clock.now())
            made = PlayTerminals("127.0.0.1", server.port, phones)
            return made, asyncio.create_task(made.run())

        terminals, playing = asyncio.run_coroutine_threadsafe(begin(), town.loop).result(10)
        terminal, until = terminals.by_unit[unit], time.monotonic() + 10
        while not terminal.let_in:
            assert time.monotonic() < until
            time.sleep(0.02)
        yield town, terminal
        town.loop.call_soon_threadsafe(playing.cancel)
        time.sleep(0.1)


def _middle(town: Town) -> tuple[float, float]:
    west, south, east, north = town.city.ground.bbox
    return (west + east) / 2, (south + north) / 2


def _stand(town: Town, unit: str, east_m: float) -> None:
    lon, lat = _middle(town)
    report = {"unit": unit, "lon": lon + east_m / 99_000, "lat": lat, "measured_at": town.now(), "crs": "wgs84"}
    answer = town.signed_in("wang").post("/api/positions", json=report)
    assert answer.json()["accepted"] == 1, answer.text


def _circle(town: Town, radius_m: float) -> dict[str, Any]:
    lon, lat = _middle(town)
    return {"kind": "circle", "lon": lon, "lat": lat, "radius_m": radius_m, "name": "十字路口"}


def _held(desk: httpx.Client, area_call: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in desk.get("/api/state").json()["area_calls"] if each["id"] == area_call
    )
    return found


def test_a_call_reaches_who_is_in_the_circle_and_the_roll_fills_as_they_answer(city: tuple[Town, PlayTerminal]) -> None:
    town, terminal = city
    desk, officer = town.signed_in("wang"), town.signed_in("officer")
    first, second, third = (each.unit for each in town.plan.force[:3])
    for unit, east_m in ((first, 30.0), (second, -40.0), (third, 600.0)):
        _stand(town, unit, east_m)
    incident = town.call(desk)["incident"]
    body = {
        "text": "在十字路口附近巡逻警力请注意",
        "area": _circle(town, 300.0),
        "talk_group": "2 频道",
        "incident": incident,
    }
    sent = desk.post("/api/area-calls", json=body, headers={"Idempotency-Key": "one"})
    again = desk.post("/api/area-calls", json=body, headers={"Idempotency-Key": "one"})

    assert (sent.status_code, again.json()["repeated"]) == (201, True)
    area_call = sent.json()["ids"]["area_call"]
    assert again.json()["ids"]["area_call"] == area_call
    assert {row["unit"] for row in _held(desk, area_call)["roll"]} == {first, second}

    def taken() -> bool:
        return any(row["delivered_by"] for row in _held(desk, area_call)["roll"])

    late = time.monotonic() + 10
    while not taken():
        assert time.monotonic() < late, "the terminal's receipt never came"
        time.sleep(0.05)
    assert [words for words in terminal.told if "十字路口附近" in words] == ["在十字路口附近巡逻警力请注意"]
    assert all(not row["answers"] for row in _held(desk, area_call)["roll"])  # a receipt is no answer

    path = f"/api/area-calls/{area_call}"
    assert officer.post(f"{path}/answers", json={"unit": second, "text": "收到"}).status_code == 403
    assert officer.post(f"{path}/delivered", json={"unit": first}).status_code == 200
    assert officer.post(f"{path}/answers", json={"unit": first, "text": "收到"}).status_code == 200
    assert desk.post(f"{path}/answers", json={"unit": second, "text": "在桥北"}).status_code == 200
    assert desk.post(f"{path}/answers", json={"unit": third}).status_code == 409
    answers = {row["unit"]: row["answers"][0] for row in _held(desk, area_call)["roll"]}
    assert (answers[first]["how"], answers[second]["how"], answers[second]["by"]) == ("page", "voice", "wang")

    assert officer.post(f"{path}/end", json={}).status_code == 403
    assert desk.post(f"{path}/end", json={}).status_code == 200
    assert _held(desk, area_call)["ended_by"] == "wang"
    told = [entry["type"] for entry in desk.get(f"/api/incidents/{incident}").json()["timeline"]]
    assert [name for name in told if name.startswith("AreaCall")] == [
        "AreaCalled",
        "AreaCallAnswered",
        "AreaCallAnswered",
        "AreaCallEnded",
    ]
    assert [each["id"] for each in officer.get("/api/area-calls").json()] == [area_call]


def test_a_polygon_and_a_beat_take_who_is_within(city: tuple[Town, PlayTerminal]) -> None:
    town, _ = city
    desk, (lon, lat) = town.signed_in("wang"), _middle(town)
    unit = town.plan.force[0].unit
    _stand(town, unit, 30.0)
    half = 0.001
    corners = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    drawn = desk.post("/api/area-calls", json={"text": "注意", "area": {"kind": "polygon", "points": corners}})
    crossed = [corners[0], corners[2], corners[1], corners[3]]
    broken = desk.post("/api/area-calls", json={"text": "注意", "area": {"kind": "polygon", "points": crossed}})
    nowhere = desk.post("/api/area-calls", json={"text": "注意", "area": {"kind": "beat", "id": "none"}})
    empty = desk.post("/api/area-calls", json={"text": "注意", "area": _circle(town, 1.0)})

    assert drawn.status_code == 201
    assert unit in {row["unit"] for row in _held(desk, drawn.json()["ids"]["area_call"])["roll"]}
    assert (broken.status_code, "without crossings" in broken.text) == (422, True)
    assert (nowhere.status_code, "no such beat" in nowhere.text) == (422, True)
    assert (empty.status_code, "nobody on duty" in empty.text) == (422, True)
    beat = desk.get("/api/units").json()[0]["beat_now"] or desk.get("/api/state").json()["plan"]["beats"][0]["id"]
    by_beat = desk.post("/api/area-calls", json={"text": "注意", "area": {"kind": "beat", "id": beat}})
    assert by_beat.status_code == 201, by_beat.text
    assert _held(desk, by_beat.json()["ids"]["area_call"])["area"]["name"]
