"""Texts and live video by a unit's own terminal: asked by dispatchers, answered by the terminal, kept in the log."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kuaijing.app.play_terminals import PlayTerminal, PlayTerminals, enter_terminals
from kuaijing.app.settings import read_settings
from tests.web.town import Town, running_town


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, PlayTerminal]]:
    """A town whose first unit has a terminal that is connected, with a media gateway that is never looked for."""
    settings = read_settings(["jt808.media_host=192.0.2.1", "jt808.media_port=1078", "jt808.answer_within_s=1"])
    data: Path = tmp_path_factory.mktemp("town")
    with running_town(data, settings=settings) as town:
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


def test_a_text_is_shown_by_the_terminal_and_kept_in_the_log(city: tuple[Town, PlayTerminal]) -> None:
    town, terminal = city
    unit = town.plan.force[0].unit
    answer = town.signed_in("wang").post(f"/api/units/{unit}/text", json={"text": "前方封路，请绕行"})

    assert answer.json() == {"device": "jt808:013900000001", "result": "accepted"}
    assert terminal.told[-1].endswith("前方封路，请绕行")
    (kept,) = town.city.engine.read(types=["TerminalAsked"])
    assert (kept.actor, kept.event.text, kept.event.result) == ("wang", "前方封路，请绕行", "accepted")  # type: ignore[union-attr]


def test_video_needs_a_reason_and_who_asked_is_kept(city: tuple[Town, PlayTerminal]) -> None:
    town, _ = city
    path, desk = f"/api/units/{town.plan.force[0].unit}/video", town.signed_in("wang")
    assert desk.post(path, json={"action": "start", "reason": " "}).status_code == 422

    assert desk.post(path, json={"action": "start", "reason": "现场态势"}).json()["result"] == "accepted"
    assert desk.post(path, json={"action": "stop", "reason": "结束"}).json()["result"] == "accepted"

    kept = [each for each in town.city.engine.read(types=["TerminalAsked"]) if each.event.what != "text"]  # type: ignore[union-attr]
    assert [(each.event.what, each.reason) for each in kept] == [("video_start", "现场态势"), ("video_stop", "结束")]  # type: ignore[union-attr]


def test_a_unit_without_a_terminal_is_told_apart_from_one_that_is_unknown(city: tuple[Town, PlayTerminal]) -> None:
    town, _ = city
    desk = town.signed_in("wang")
    none = desk.post(f"/api/units/{town.plan.force[1].unit}/text", json={"text": "x"})
    assert (none.status_code, none.json()["type"]) == (503, "urn:kuaijing:problem:no-terminal")
    assert desk.post("/api/units/nobody/text", json={"text": "x"}).status_code == 404


def test_officers_ask_nothing_of_terminals(city: tuple[Town, PlayTerminal]) -> None:
    town, _ = city
    path = f"/api/units/{town.plan.force[0].unit}/text"
    assert town.signed_in("officer").post(path, json={"text": "x"}).status_code == 403


def test_where_no_port_is_open_the_setting_is_named(town: Town) -> None:
    answer = town.signed_in("wang").post(f"/api/units/{town.plan.force[0].unit}/text", json={"text": "x"})
    assert answer.status_code == 503
    assert "jt808.port" in answer.json()["detail"]
