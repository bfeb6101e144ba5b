"""Followers of the commits inside the process: the live picture, alerts, reports.

Each has a bounded queue. One that falls behind loses what it has not read and sees it: ``version_before`` of the next commit is
then not the version it knows, and the picture that comes with it is a fresh start. Nobody waits for a slow follower.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from kuaijing.engine.recorded import Committed

MOST_WAITING = 1024


class Subscription:
    """An asynchronous iterator over commits; ends when it is closed or the engine stops."""

    def __init__(self, forget: Callable[["Subscription"], None]) -> None:
        self._waiting: deque[Committed] = deque()
        self._wake = asyncio.Event()
        self._forget = forget
        self._closed = False
        self.overflows = 0

    def publish(self, committed: Committed) -> None:
        """Hand a commit over; called by the engine."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self.overflows += 1
        self._waiting.append(committed)
        self._wake.set()

    def close(self) -> None:
        """Follow no more."""
        self._closed = True
        self._forget(self)
        self._wake.set()

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Committed:
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            self._wake.clear()
            await self._wake.wait()
        return self._waiting.popleft()
