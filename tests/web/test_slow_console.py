"""A console that reads nothing, beside one that reads: on real sockets, with more than the kernel's buffers hold."""

import socket
import time
from pathlib import Path
from typing import Any

import msgspec
from websockets.sync.client import connect

from kuaijing.wire.live import Changes, ServerMessage, Snapshot
from tests.web.town import Town, running_town

_decode = msgspec.json.Decoder(ServerMessage).decode


def _link(town: Town, user: str, **more: Any) -> Any:
    cookie = town.cookie(town.signed_in(user))
    address = town.url.replace("http", "ws", 1) + "/api/live"
    return connect(address, additional_headers={"Cookie": cookie}, compression=None, max_size=None, proxy=None, **more)


def test_a_console_that_reads_nothing_delays_nobody_and_skips_ahead_when_it_reads_again(tmp_path: Path) -> None:
    with running_town(tmp_path) as town:
        desk = town.signed_in("wang")
        for _ in range(60):
            town.call(desk, words="长" * 200)  # a snapshot of some size
        plain = socket.create_connection(town.url.removeprefix("http://").split(":"), timeout=10)
        with _link(town, "li", sock=plain, max_queue=1) as slow, _link(town, "wang") as fast:
            for _ in range(150):  # a snapshot each, until every buffer on the way is full
                slow.send('{"type":"resync"}')
                time.sleep(0.01)
            fast.recv(timeout=5)
            waits, last = [], ""
            for _ in range(100):
                sent = time.monotonic()
                last = town.call(desk)["incident"]
                while not _tells(_decode(fast.recv(timeout=5)), last):
                    pass
                waits.append(time.monotonic() - sent)
            assert sorted(waits)[len(waits) // 2] < 0.5
            assert sorted(console.is_behind for console in town.consoles()) == [False, True]
            latest = ""
            while latest != last:
                message = _decode(slow.recv(timeout=10))
                assert not _tells(message, last), "it came by itself, not with a snapshot"
                if isinstance(message, Snapshot):
                    latest = message.state.incidents[-1].id


def _tells(message: Any, incident: str) -> bool:
    return isinstance(message, Changes) and any(each.id == incident for each in message.put.incidents)
