"""uvicorn, with the time limits that it lacks: a connection that does not finish its request in time is closed.

uvicorn waits for ever for the rest of a header or a body (half-open connections stay until the process ends). A connection here
has ``HEADERS_S`` from its first silence to a whole header, and then ``BODY_S`` for the body. No proxy is needed in front for this.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kuaijing.web.doorway import Asgi

HEADERS_S: Final = 10.0
BODY_S: Final = 60.0
MOST_CONNECTIONS: Final = 4096
FRAME_BYTES: Final = 64 * 1024
"""Largest message that a client may send over the live connection."""


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a timer from connection, and from every further request, to its whole header and body."""

    headers_s: float = HEADERS_S
    body_s: float = BODY_S
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for the first header; refuse at once where too many are connected."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._wait(self.headers_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._done()
        super().connection_lost(exc)

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
        self._done()
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
