"""Live push on a real socket: snapshot, numbered changes, positions, heartbeat; who may listen; a slow console beside a fast one."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from kuaijing.web.live import POSITIONS_EVERY_S
from kuaijing.wire.changes import applied
from kuaijing.wire.live import Changes, Heartbeat, PositionsFrame, ServerMessage, Snapshot
from tests.web.town import Town

_decode = msgspec.json.Decoder(ServerMessage).decode


@contextmanager
def listening(town: Town, user: str, **more: Any) -> Iterator[ClientConnection]:
    cookie = town.cookie(town.signed_in(user))
    address = town.url.replace("http", "ws", 1) + "/api/live"
    headers = {"Cookie": cookie, "Origin": town.url} | more.pop("headers", {})
    with connect(address, additional_headers=headers, compression=None, max_size=None, proxy=None, **more) as link:
        yield link


def _until(link: ClientConnection, wanted: Callable[[Any], bool], seconds: float = 10.0) -> list[Any]:
    """Messages up to the first that is wanted."""
    messages: list[Any] = []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        messages.append(_decode(link.recv(timeout=max(0.01, ends - time.monotonic()))))
        if wanted(messages[-1]):
            return messages
    raise AssertionError(f"never came; got {[type(m).__name__ for m in messages]}")


def test_a_snapshot_and_then_every_change_by_number(town: Town) -> None:
    desk = town.signed_in("wang")
    with listening(town, "wang") as link:
        first = _decode(link.recv(timeout=5))
        assert isinstance(first, Snapshot)
        ids = town.call(desk, words="打架了", caller="钱", phone="13700000000")
        messages = _until(
            link, lambda m: isinstance(m, Changes) and any(i.id == ids["incident"] for i in m.put.incidents)
        )
    state = first.state
    for message in messages:
        if isinstance(message, Changes):
            state = applied(state, message)
            assert state is not None, "a change does not follow on the one before"
    (incident,) = [each for each in state.incidents if each.id == ids["incident"]]
    assert incident.status == "open"
    (call,) = [each for each in state.calls if each.id == ids["call"]]
    assert (call.words, call.phone, call.masked) == ("打架了", "13700000000", False)
    assert state.picture > first.state.picture


def test_the_masked_audience_never_hears_who_called(town: Town) -> None:
    desk = town.signed_in("wang")
    with listening(town, "officer") as link:
        link.recv(timeout=5)
        ids = town.call(desk, words="绝密的话", caller="孙某", phone="13711112222")
        heard: list[str] = []
        while not any(ids["incident"] in text for text in heard):
            heard.append(str(link.recv(timeout=5)))
    assert not [text for text in heard if "13711112222" in text or "孙某" in text or "绝密的话" in text]


def test_positions_come_in_batches_newest_per_unit(town: Town) -> None:
    gate, units = town.signed_in("gate"), [unit.unit for unit in town.plan.force[:3]]
    west, south, _, _ = town.city.ground.bbox
    with listening(town, "li") as link:
        link.recv(timeout=5)
        for step in range(3):
            reports = [
                {"unit": unit, "lon": west + 0.0001 * step, "lat": south, "measured_at": town.now(), "crs": "wgs84"}
                for unit in units
            ]
            assert gate.post("/api/positions", json={"reports": reports}).json()["refused"] == []
        messages = _until(link, lambda m: isinstance(m, PositionsFrame) and any(f[1] > west + 0.00015 for f in m.fixes))
    for frame in (m for m in messages if isinstance(m, PositionsFrame)):
        assert len({fix[0] for fix in frame.fixes}) == len(frame.fixes)


def test_refused_reports_are_answered_by_name(town: Town) -> None:
    report = {"lon": 112.0, "lat": 27.0, "measured_at": town.now()}
    unit = town.plan.force[0].unit
    reports = [
        {"unit": "nobody", **report, "crs": "wgs84"},
        {"unit": unit, **report},
        {"unit": unit, **report, "crs": "mars"},
        {"unit": unit, **report, "lon": 10.0, "crs": "wgs84"},
        {"unit": unit, **report, "lon": 1e300, "crs": "wgs84"},
    ]
    answer = town.signed_in("gate").post("/api/positions", json={"reports": reports}).json()
    assert [each["reason"] for each in answer["refused"]] == [
        "unknown_unit", "no_crs", "unknown_crs", "outside_ground", "not_a_place",
    ]  # fmt: skip
    assert answer["accepted"] == 0


def test_silence_is_broken_by_a_heartbeat(town: Town) -> None:
    with listening(town, "wang") as link:
        messages = _until(link, lambda m: isinstance(m, Heartbeat), seconds=6)
    versions = [m.state.version if isinstance(m, Snapshot) else m.version for m in messages if hasattr(m, "version")]
    assert messages[-1].version == (versions or [messages[0].state.version])[-1]


def test_a_client_may_ask_for_a_snapshot(town: Town) -> None:
    with listening(town, "wang") as link:
        link.recv(timeout=5)
        link.send(json.dumps({"type": "resync"}))
        _until(link, lambda m: isinstance(m, Snapshot), seconds=5)


def test_a_console_that_nobody_looks_at_takes_no_positions_but_every_change_and_heartbeats(town: Town) -> None:
    gate, desk, unit = town.signed_in("gate"), town.signed_in("wang"), town.plan.force[3].unit
    west, south, _, _ = town.city.ground.bbox

    def drive(step: int) -> None:
        report = {"unit": unit, "lon": west + 0.0001 * step, "lat": south, "measured_at": town.now(), "crs": "wgs84"}
        assert gate.post("/api/positions", json={"reports": [report]}).json()["refused"] == []
        time.sleep(0.3)  # longer than a batch waits

    with listening(town, "wang") as link:
        link.recv(timeout=5)
        link.send('{"type":"rest"}')
        time.sleep(0.3)
        for step in range(3):
            drive(step)
        ids = town.call(desk, words="求助", caller="赵", phone="13700000001")
        quiet = _until(link, lambda m: isinstance(m, Changes) and any(i.id == ids["incident"] for i in m.put.incidents))
        quiet += _until(link, lambda m: isinstance(m, Heartbeat))
        assert not [each for each in quiet if isinstance(each, PositionsFrame)]
        link.send('{"type":"watch"}')
        missed = _until(link, lambda m: isinstance(m, PositionsFrame))[-1]
        assert [row[1] for row in missed.fixes if row[0] == unit] == [pytest.approx(west + 0.0002)]
        drive(4)
        _until(link, lambda m: isinstance(m, PositionsFrame) and any(row[1] > west + 0.00035 for row in m.fixes))


def test_a_console_that_switches_without_end_gets_no_more_frames_than_there_are_batches(town: Town) -> None:
    gate, unit = town.signed_in("gate"), town.plan.force[2].unit
    west, south, _, _ = town.city.ground.bbox
    with listening(town, "officer") as link:
        link.recv(timeout=5)
        started, last = time.monotonic(), west + 18.5e-5
        for step in range(20):
            report = {"unit": unit, "lon": west + 1e-5 * step, "lat": south, "measured_at": town.now(), "crs": "wgs84"}
            assert gate.post("/api/positions", json={"reports": [report]}).json()["refused"] == []
            for _ in range(20):
                link.send('{"type":"rest"}')
                link.send('{"type":"watch"}')

        def is_last(message: Any) -> bool:
            return isinstance(message, PositionsFrame) and any(
                row[0] == unit and row[1] > last for row in message.fixes
            )

        told = _until(link, is_last)
        frames = sum(isinstance(each, PositionsFrame) for each in told)
        assert frames <= 2 * ((time.monotonic() - started) / POSITIONS_EVERY_S + 2)


@pytest.mark.parametrize("nonsense", ["{", '{"type":"order"}', "[" * 5000, b"\x00\x01"])
def test_what_is_not_understood_ends_the_connection(town: Town, nonsense: str | bytes) -> None:
    with listening(town, "wang") as link:
        link.recv(timeout=5)
        link.send(nonsense)
        with pytest.raises(ConnectionClosed) as closed:
            _until(link, lambda _: False, seconds=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in (1003, 1007)


@pytest.mark.parametrize(
    ("headers", "code"), [({"Cookie": "kuaijing_session=guess"}, 4401), ({"Origin": "https://elsewhere.example"}, 4403)]
)
def test_strangers_and_other_sites_hear_nothing(town: Town, headers: dict[str, str], code: int) -> None:
    with listening(town, "wang", headers=headers) as link, pytest.raises(ConnectionClosed) as closed:
        link.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


def test_frames_are_not_compressed(town: Town) -> None:
    cookie = town.cookie(town.signed_in("wang"))
    address = town.url.replace("http", "ws", 1) + "/api/live"
    with connect(address, additional_headers={"Cookie": cookie}, compression="deflate", proxy=None) as link:
        assert "sec-websocket-extensions" not in link.response.headers
