"""Positions over MQTT, through a real Mosquitto on a port of its own."""

import asyncio
import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from kuaijing.feeds import mqtt
from kuaijing.feeds.mqtt import Broker, MqttFeed
from tests.feeds.street_of_devices import Street, degrees, iso

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")

pytestmark = pytest.mark.skipif(MOSQUITTO is None, reason="Mosquitto is not installed (Debian: apt install mosquitto)")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def mosquitto(folder: Path, port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    lines = [f"listener {port} 127.0.0.1", "allow_anonymous true", "persistence false", *more]
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    assert MOSQUITTO is not None
    process = subprocess.Popen([MOSQUITTO, "-c", str(folder / "mosquitto.conf")], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"no broker on port {port}")


@asynccontextmanager
async def listening(street: Street, port: int) -> AsyncIterator[MqttFeed]:
    feed = MqttFeed(street.normaliser, Broker("127.0.0.1", port))
    await feed.start()
    try:
        await until(lambda: feed.connected)
        yield feed
    finally:
        await feed.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.01)


async def publish(port: int, topic: str, message: Any, *, retain: bool = False) -> None:
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    async with aiomqtt.Client("127.0.0.1", port) as client:
        await client.publish(topic, payload, qos=1, retain=retain)


def location(east: float = 100.0, tst: int = 1_790_000_000, **more: Any) -> dict[str, Any]:
    lon, lat = degrees(east, 0)
    return {"_type": "location", "lon": lon, "lat": lat, "tst": tst, **more}


@pytest.fixture(autouse=True)
def _quick_return(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "_WAITS_S", (0.1,))


async def test_owntracks_by_topic_and_our_batch_move_their_units(tmp_path: Path) -> None:
    street, port = Street(), free_port()
    street.book.enter("owntracks", "zhang/phone", "Q1")
    street.book.enter("json", "K1", "Q2")
    lon, lat = degrees(200, 0)
    fixes = [{"lon": lon, "lat": lat, "measured_at": iso(0)}]

    with mosquitto(tmp_path, port):
        async with listening(street, port) as feed:
            await publish(port, "owntracks/zhang/phone", location(vel=36))
            await publish(port, "kuaijing/positions/station-3", {"devices": [{"device": "K1", "fixes": fixes}]})
            await until(lambda: street.table.find("Q1") is not None and street.table.find("Q2") is not None)

            assert feed.counts == {"messages": 2, "readings": 2}
            assert {contact[::2] for contact in street.book.contacts} == {
                ("owntracks:zhang/phone", True),
                ("json:K1", True),
            }


async def test_unknown_topic_is_a_stranger_and_bad_messages_stop_nothing(tmp_path: Path) -> None:
    street, port = Street(), free_port()
    street.book.enter("owntracks", "zhang/phone", "Q1")

    with mosquitto(tmp_path, port):
        async with listening(street, port) as feed:
            await publish(port, "owntracks/li/watch", location())
            for bad in (b"\xff\x00", b"[1]", {"_type": "location"}, {"_type": "encrypted"}, b"", b"9" * 2000):
                await publish(port, "owntracks/zhang/phone", bad)
            await publish(port, "owntracks/zhang/phone", location())
            await until(lambda: street.table.find("Q1") is not None)

            assert feed.counts["unreadable"] == 5  # the empty one is normal
            assert feed.counts["unknown_device"] == 1
            assert set(street.book.strangers) == {("owntracks", "li/watch")}
            assert street.book.faults["owntracks", "zhang/phone", "unreadable"] == 1


async def test_last_will_ends_the_contact(tmp_path: Path) -> None:
    street, port = Street(), free_port()
    street.book.enter("owntracks", "zhang/phone", "Q1")

    with mosquitto(tmp_path, port):
        async with listening(street, port):
            await publish(port, "owntracks/zhang/phone", location())
            await publish(port, "owntracks/zhang/phone", {"_type": "lwt", "tst": 1_790_000_100})
            await until(lambda: len(street.book.contacts) == 2)

    assert [connected for _, _, connected in street.book.contacts] == [True, False]


async def test_retained_message_is_the_brokers_memory_not_a_contact(tmp_path: Path) -> None:
    street, port = Street(), free_port()
    street.book.enter("owntracks", "zhang/phone", "Q1")

    with mosquitto(tmp_path, port):
        await publish(port, "owntracks/zhang/phone", location(), retain=True)
        async with listening(street, port) as feed:
            await until(lambda: feed.counts["messages"] == 1)

    assert [judgement.report.backfill for judgement in street.judged] == [True]
    assert street.book.contacts == []


async def test_broker_that_comes_back_gives_what_it_kept(tmp_path: Path) -> None:
    street, port = Street(), free_port()
    street.book.enter("owntracks", "zhang/phone", "Q1")
    feed = MqttFeed(street.normaliser, Broker("127.0.0.1", port))
    await feed.start()  # nobody listens there yet
    try:
        with mosquitto(tmp_path, port):
            await until(lambda: feed.connected)
        await until(lambda: not feed.connected)
        with mosquitto(tmp_path, port):
            await until(lambda: feed.connected)
            await feed.stop()
            await publish(port, "owntracks/zhang/phone", location())  # while we are away
            await feed.start()
            await until(lambda: street.table.find("Q1") is not None)
    finally:
        await feed.stop()


async def test_message_larger_than_our_bound_never_reaches_us(tmp_path: Path) -> None:
    street, port = Street(), free_port()
    street.book.enter("owntracks", "zhang/phone", "Q1")

    with mosquitto(tmp_path, port):
        async with listening(street, port) as feed:
            await publish(port, "owntracks/zhang/phone", b" " * (mqtt.LARGEST + 100_000))
            await publish(port, "owntracks/zhang/phone", location())
            await until(lambda: street.table.find("Q1") is not None)

    assert feed.counts["messages"] == 1


def test_topic_without_a_user_lets_no_message_say_whose_it_is() -> None:
    street = Street()
    street.book.enter("owntracks", "zhang/phone", "Q1")
    feed = MqttFeed(street.normaliser, Broker("127.0.0.1"))
    message = json.dumps(location(topic="owntracks/zhang/phone")).encode()

    for topic in ("owntracks//", "owntracks//phone", "owntracks/zhang/", "owntracks/a/b/c"):
        feed.take(topic, message, retained=False)

    assert feed.counts == {"messages": 4, "unreadable": 4}
    assert street.table.find("Q1") is None
