"""Serves a city on a port until it is told to stop: binds first, says clearly when the port is taken, stops within two seconds."""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Final

from kuaijing.app.refused import Refused
from kuaijing.app.wiring import City
from kuaijing.web.server import make_server

Beside = Callable[[City, str, asyncio.Event], Coroutine[None, None, None]]
"""What runs beside the server: the city, the address, and an event that is set when it is time to stop."""

_STOP_WITHIN_S: Final = 1.5
_log = logging.getLogger(__name__)


def bound(host: str, port: int) -> socket.socket:
    """A listening socket, or a refusal that says what to do."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1024)
    except socket.gaierror:
        raise Refused(f"--host {host!r} is no address of this machine; 127.0.0.1 serves this machine only") from None
    except OverflowError:
        raise Refused(f"--port {port} is no port; give one from 1024 to 65535") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(
                f"port {port} on {host} is in use; stop what runs there, or choose another with --port (or PORT=)"
            ) from None
        raise Refused(f"port {port} on {host} cannot be opened: {error.strerror}") from None
    return listening


def serve(city: City, listening: socket.socket, *, beside: Beside | None = None, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. ``ready`` is told the address once requests are answered."""
    try:
        asyncio.run(_serve(city, listening, beside, ready))
    finally:
        listening.close()


async def _serve(city: City, listening: socket.socket, beside: Beside | None, ready: Callable[[str], None]) -> None:
    host, port = listening.getsockname()[:2]
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}"
    stop = asyncio.Event()
    _stop_on_signals(stop)
    async with city.running() as app:
        server = make_server(app, host, port)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        ready(address)
        others: list[asyncio.Task[None]] = (
            [asyncio.create_task(beside(city, address, stop))] if beside is not None else []
        )
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, waiting, *others], return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            if task.done() and not task.cancelled() and task.exception() is not None:
                _log.error("what ran beside the server failed; the server goes on", exc_info=task.exception())
                await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        server.should_exit = True
        waiting.cancel()
        for task in others:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(serving, *others, return_exceptions=True), _STOP_WITHIN_S)


def _stop_on_signals(stop: asyncio.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
