"""uvicorn, with the time limits that it lacks: a connection that does not finish its request, or take its answer, is closed.

uvicorn waits for ever for the rest of a header or a body (half-open connections stay until the process ends), and for a client
to read. A connection here has ``HEADERS_S`` from its first silence to a whole header, then ``BODY_S`` for the body, and is given
up where for ``STALLED_S`` nothing of an answer was taken. No proxy is needed in front for this. What is no HTTP at all gets a
problem document too.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kuaijing.web.doorway import Asgi
from kuaijing.web.problems import MEDIA_TYPE, TITLES
from kuaijing.wire.problems import PROBLEM_TYPE, Problem

HEADERS_S: Final = 10.0
BODY_S: Final = 60.0
STALLED_S: Final = 30.0
MOST_CONNECTIONS: Final = 4096
FRAME_BYTES: Final = 64 * 1024
"""Largest message that a client may send over the live connection."""


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a timer from connection, and from every further request, to its whole header and body."""

    headers_s: float = HEADERS_S
    body_s: float = BODY_S
    stalled_s: float = STALLED_S
    _timer: asyncio.TimerHandle | None = None
    _watch: asyncio.TimerHandle | None = None
    _left: tuple[object, int] = (None, 0)
    """The request whose answer was being taken when last looked at, and the bytes of it that waited."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for the first header; refuse at once where too many are connected."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._wait(self.headers_s)
        self._watch = self.loop.call_later(self.stalled_s, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes between two requests end uvicorn's own wait, be they only line ends: a header is due from the first of them."""
        if self._timer is None and self.cycle is not None and self.cycle.response_complete:
            self._wait(self.headers_s)
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """What the parser does not understand, in the same form as every other refusal."""
        problem = Problem(PROBLEM_TYPE + "malformed-request", TITLES["malformed-request"][1], 400, msg, "")
        body = msgspec.json.encode(problem)
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(head.encode() + b"connection: close\r\n\r\n" + body)
        self.transport.close()

    def on_message_begin(self) -> None:
        """A further request on a kept connection begins: its header has its own time."""
        super().on_message_begin()
        if self._timer is None:
            self._wait(self.headers_s)

    def on_headers_complete(self) -> None:
        """The header is whole; now the body."""
        self._wait(self.body_s)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._done()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """The connection becomes a live one, which has its own heartbeat."""
        self._leave()
        super().handle_websocket_upgrade()

    def _wait(self, seconds: float) -> None:
        self._done()
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _done(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.abort()

    def _look(self) -> None:
        """Give up on a client that took nothing of its answer since the last look, also where the connection is closing."""
        waiting = self.transport.get_write_buffer_size()
        if waiting and self._left[0] is self.cycle and waiting >= self._left[1] > 0:
            self.transport.abort()
            return
        self._left = self.cycle, waiting
        self._watch = self.loop.call_later(self.stalled_s, self._look)

    def _leave(self) -> None:
        self._done()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None


class Server(uvicorn.Server):
    """uvicorn's server without hands on the process's signals: whoever runs it says when to stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def make_server(
    app: Asgi, host: str, port: int, *, protocol: type[HttpToolsProtocol] = TimedProtocol, **more: Any
) -> Server:
    """A server for the application, ready to ``serve()``. Compression of live frames stays off: it costs six times the sending."""
    settings: dict[str, Any] = {
        "http": protocol,
        "ws": "websockets-sansio",
        "ws_per_message_deflate": False,
        "ws_max_size": FRAME_BYTES,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": 1,
        "h11_max_incomplete_event_size": None,
        "server_header": False,
        "date_header": True,
        "access_log": False,
        "log_level": "warning",
        "lifespan": "on",
    }
    return Server(uvicorn.Config(app, host=host, port=port, **(settings | more)))
