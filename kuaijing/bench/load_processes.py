"""Load in processes of its own, so that making it disturbs the server only as a neighbour on the machine would.

A process says that it is ready, is told when to begin (monotonic seconds, which all processes of a machine share), and hands over what
it saw at the end.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Coroutine
from multiprocessing.connection import Connection
from typing import Any

import uvloop

from kuaijing.bench.console_load import ConsoleOrder, watching
from kuaijing.bench.desk_load import DeskOrder, desks
from kuaijing.bench.output import BenchRefused
from kuaijing.bench.street_load import StreetOrder, street

Order = StreetOrder | DeskOrder | ConsoleOrder
LINGER_S = 3
"""Consoles watch so much longer than commands are sent, to see what the last ones changed."""
_READY_WITHIN_S = 120.0


class LoadProcess:
    """One process of load."""

    def __init__(self, order: Order, seconds: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._name = type(order).__name__
        self._seconds = seconds
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_loaded, args=(order, seconds, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def until_ready(self) -> None:
        """Wait for it."""
        self._received(_READY_WITHIN_S)

    def begin(self, at: float) -> None:
        """Tell it when."""
        self._pipe.send(at)

    def told(self) -> Any:
        """What it saw."""
        found = self._received(self._seconds + LINGER_S + 60.0)
        self._process.join(10)
        return found

    def stop(self) -> None:
        """End it, if it still runs."""
        self._process.terminate()
        self._process.join()
        self._pipe.close()

    def _received(self, within_s: float) -> Any:
        try:
            if self._pipe.poll(within_s):
                return self._pipe.recv()
        except EOFError:
            raise BenchRefused(f"the load process of {self._name} failed; what it said stands above") from None
        raise BenchRefused(f"the load process of {self._name} gave nothing for {within_s:g} s")


def _loaded(order: Order, seconds: int, pipe: "Connection[Any, Any]") -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pipe.send(runner.run(_work(order, seconds, pipe)))


def _work(order: Order, seconds: int, pipe: "Connection[Any, Any]") -> Coroutine[None, None, Any]:
    def ready() -> float:
        pipe.send("ready")
        return float(pipe.recv())

    if isinstance(order, ConsoleOrder):
        return watching(order, ready, seconds + LINGER_S)
    if isinstance(order, StreetOrder):
        return street(order, ready(), seconds)
    return desks(order, ready(), seconds)


def wait_until(moment: float) -> None:
    """Sleep to a monotonic moment."""
    time.sleep(max(0.0, moment - time.monotonic()))
