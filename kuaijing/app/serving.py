"""Serves a city on a port until it is told to stop: binds first, says clearly when the port is taken, stops within two seconds."""

import asyncio
import contextlib
import errno
import gc
import logging
import signal
import socket
from collections.abc import Callable, Coroutine
from typing import Final

import uvloop

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
        return _listening(host, port)
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


def _listening(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else every answer waits 40 ms for an ACK
        listening.bind((host, port))
        listening.listen(1024)
    except BaseException:
        listening.close()
        raise
    return listening


def serve(city: City, listening: socket.socket, *, beside: Beside | None = None, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. ``ready`` is told the address once requests are answered."""

    async def until_signalled() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await serving(city, listening, stop, beside=beside, ready=ready)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_signalled())


async def serving(
    city: City,
    listening: socket.socket,
    stop: asyncio.Event,
    *,
    beside: Beside | None = None,
    ready: Callable[[str], None],
) -> None:
    """Serve until ``stop`` is set or the server ends by itself."""
    host, port = listening.getsockname()[:2]
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}"
    async with city.running() as app:
        server = make_server(app, host, port)
        served = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not served.done():
            await asyncio.sleep(0.01)
        gc.collect()
        gc.freeze()  # what stands by now stays: full collections over it would hold the loop for 50 ms and more
        ready(address)
        others = [] if beside is None else [asyncio.create_task(_logged(beside(city, address, stop)))]
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([served, stopped], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        server.should_exit = True
        for task in others:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(served, *others, return_exceptions=True), _STOP_WITHIN_S)


async def _logged(running: Coroutine[None, None, None]) -> None:
    """What runs beside the server may fail; the server goes on."""
    try:
        await running
    except Exception:
        _log.exception("what runs beside the server failed; the server goes on")
