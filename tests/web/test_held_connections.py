"""Connections that nobody needs any more are not held: idle ones kept awake by line ends, and clients that take no answer."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from kuaijing.web.server import TimedProtocol
from tests.web.town import Town

ASK = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def _linked(town: Town) -> Iterator[socket.socket]:
    host, port = town.url.removeprefix("http://").split(":")
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)  # so that an unread answer waits at the server
        link.settimeout(10)
        link.connect((host, int(port)))
        yield link


def _read_until_closed(link: socket.socket, until: float) -> bool:
    """Whether the server ended the connection in time; what it still sends is thrown away."""
    while time.monotonic() < until:
        try:
            if not link.recv(65536):
                return True
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
    return False


def _keep_sending(link: socket.socket) -> None:
    for _ in range(20):
        link.sendall(b"\r\n")
        time.sleep(0.05)


def test_line_ends_between_requests_win_no_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedProtocol, "headers_s", 0.5)
    with _linked(town) as link:
        link.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert link.recv(65536).startswith(b"HTTP/1.1 200")
        link.sendall(b"\r\n")
        assert _read_until_closed(link, time.monotonic() + 3)


def test_a_client_that_takes_no_answer_is_given_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedProtocol, "stalled_s", 0.4)
    with _linked(town) as link:
        link.sendall(ASK * 100)  # more than any socket's buffer holds
        time.sleep(2.5)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            _keep_sending(link)


def test_a_client_that_reads_slowly_is_waited_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedProtocol, "stalled_s", 0.4)
    with _linked(town) as link:
        link.sendall(ASK * 20)
        until = time.monotonic() + 3
        while time.monotonic() < until:  # a little at a time, for longer than a stalled client is waited for
            assert link.recv(16384)
            time.sleep(0.02)


def test_what_is_no_http_gets_a_problem_document(town: Town) -> None:
    with _linked(town) as link:
        link.sendall(b"FOO /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
        head, _, body = link.recv(65536).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in head
    assert msgspec.json.decode(body)["type"] == "urn:kuaijing:problem:malformed-request"
