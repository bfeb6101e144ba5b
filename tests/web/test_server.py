"""The server itself: half-open connections are closed, headers of safety on every answer, screens as files."""

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kuaijing.web.screens import Screens
from kuaijing.web.server import TimedProtocol
from tests.web.town import Town


@contextmanager
def _raw(town: Town, sent: bytes = b"") -> Iterator[socket.socket]:
    host, port = town.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as link:
        link.sendall(sent)
        yield link


def _seconds_until_closed(link: socket.socket) -> float:
    began = time.monotonic()
    try:
        while link.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - began


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /api/calls HTTP/1.1\r\nContent-Length: 10\r\n\r\n{",
    ],
)
def test_a_half_open_connection_is_closed_in_time(town: Town, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(TimedProtocol, "headers_s", 0.5)
    monkeypatch.setattr(TimedProtocol, "body_s", 0.5)
    with _raw(town, sent) as link:
        assert 0.3 < _seconds_until_closed(link) < 3.0


def test_dripping_a_header_wins_no_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedProtocol, "headers_s", 0.8)
    with _raw(town, b"GET /api/health HTTP/1.1\r\n") as link:
        began = time.monotonic()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            _drip(link, began + 5)
        assert time.monotonic() - began < 3


def _drip(link: socket.socket, until: float) -> None:
    while time.monotonic() < until:
        link.sendall(b"X-Drip: 1\r\n")
        time.sleep(0.1)


def test_three_hundred_half_open_connections_keep_nobody_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedProtocol, "headers_s", 2.0)
    host, port = town.url.removeprefix("http://").split(":")
    links = [socket.create_connection((host, int(port)), timeout=10) for _ in range(300)]
    try:
        for link in links:
            link.sendall(b"GET / HTTP/1.1\r\nHost:")
        began = time.monotonic()
        assert town.client().get("/api/health").status_code == 200
        assert time.monotonic() - began < 1.5
        assert max(_seconds_until_closed(link) for link in links) < 5
    finally:
        for link in links:
            link.close()


def test_a_kept_connection_serves_further_requests(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedProtocol, "headers_s", 0.4)
    client = town.client()
    for _ in range(4):
        assert client.get("/api/health").status_code == 200
        time.sleep(0.25)


def test_every_answer_carries_the_headers_of_safety_and_a_number(town: Town) -> None:
    client = town.client()
    for path in ("/api/health", "/api/none", "/", "/unit", "/assets/none.js"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert "unsafe-eval" not in policy
        assert "worker-src 'self' blob:" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert len(headers["x-request-id"]) >= 8
        assert "server" not in headers
    assert client.get("/api/health", headers={"X-Request-Id": "trace-12345"}).headers["x-request-id"] == "trace-12345"
    odd = client.get("/api/health", headers={"X-Request-Id": "<script>"}).headers["x-request-id"]
    assert odd.isalnum()


async def _get(
    screens: Screens, path: str, *, method: str = "GET", accept: str = ""
) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is read")

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"accept-encoding", accept.encode())]}
    await screens(scope, receive, send)
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]


@pytest.fixture
def screens(tmp_path: Path) -> Screens:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>快警</title>")
    (folder / "assets" / "room-3f2a.js").write_text("let room")
    (folder / "assets" / "room-3f2a.js.gz").write_bytes(gzip.compress(b"let room"))
    (tmp_path / "secret.txt").write_text("secret")
    return Screens(folder)


async def test_every_path_that_a_person_types_is_the_one_page(screens: Screens) -> None:
    for path in ("/", "/unit", "/wall", "/report", "/incident/20261121-0001"):
        status, headers, body = await _get(screens, path)
        assert (status, headers["cache-control"]) == (200, "no-cache")
        assert "快警" in body.decode()


async def test_assets_are_kept_for_a_year_and_sent_packed(screens: Screens) -> None:
    status, headers, body = await _get(screens, "/assets/room-3f2a.js", accept="gzip, br")
    assert status == 200
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == b"let room"
    assert (await _get(screens, "/assets/room-3f2a.js"))[2] == b"let room"
    assert (await _get(screens, "/assets/old.js"))[0] == 404
    assert (await _get(screens, "/", method="HEAD"))[2] == b""
    assert (await _get(screens, "/", method="POST"))[0] == 405


async def test_the_service_worker_is_asked_for_anew_each_time_and_reaches_no_further_than_it_asks(
    screens: Screens,
) -> None:
    (screens._folder / "unit-worker.js").write_text("let worker")
    status, headers, _ = await _get(screens, "/unit-worker.js")
    assert (status, headers["cache-control"]) == (200, "no-cache")  # else a phone would keep an old build for a year
    assert headers["content-type"].startswith("text/javascript")
    assert "service-worker-allowed" not in headers  # it lies at the root and asks for /unit alone


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "//etc/passwd", "/a%00.js"]
)
async def test_nothing_outside_the_folder_is_served(screens: Screens, path: str) -> None:
    status, _, body = await _get(screens, path)
    assert b"secret" not in body
    assert b"root:" not in body
    assert status in (200, 404)


async def test_screens_that_were_not_built_say_how_to_build_them(tmp_path: Path) -> None:
    status, _, body = await _get(Screens(tmp_path / "none"), "/")
    assert status == 503
    assert "make setup" in body.decode()
