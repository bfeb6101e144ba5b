"""Commands of the workroom are done once: a repeat with the same key gets the first answer, also while the first is still at work.

The engine keeps receipts of its own commands; drafts, jobs and weights never reach it, so theirs are kept beside the drafts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from kuaijing.engine.errors import KeyReused
from kuaijing.studies.receipts import Receipts
from kuaijing.web.doors import Act, Asked, Door, Raw
from kuaijing.web.routes import Route


class Once:
    """The commands that are at work, by who asked and with which key."""

    def __init__(self, receipts: Callable[[], Receipts]) -> None:
        self._receipts = receipts
        self._working: dict[tuple[str, str], tuple[str, asyncio.Task[Raw]]] = {}

    def route(self, door: Door, act: Act) -> Route:
        """The same door, whose act is done once for each key."""

        async def acting(asked: Asked[Any]) -> Any:
            if asked.key is None or asked.digest is None:
                return await act(asked)
            return await self._answered(asked.who.account.name, asked.key, asked.digest, door, lambda: act(asked))

        return door, acting

    async def _answered(
        self, actor: str, key: str, fingerprint: str, door: Door, act: Callable[[], Awaitable[Any]]
    ) -> Raw:
        held = self._working.get((actor, key))
        if held is None:
            task = asyncio.ensure_future(self._first(actor, key, fingerprint, door, act))
            self._working[actor, key] = (fingerprint, task)
            task.add_done_callback(lambda done: self._ended((actor, key), done))
        elif held[0] != fingerprint:
            raise KeyReused(key, actor)
        else:
            task = held[1]
        return await asyncio.shield(task)  # who asked may hang up; what was begun ends and is kept

    async def _first(
        self, actor: str, key: str, fingerprint: str, door: Door, act: Callable[[], Awaitable[Any]]
    ) -> Raw:
        receipts = self._receipts()
        before = await asyncio.to_thread(receipts.find, actor, key, fingerprint)
        if before is not None:
            return Raw(before, "application/json", door.status)
        answer = msgspec.json.encode(await act())
        await asyncio.to_thread(receipts.keep, actor, key, fingerprint, answer)
        return Raw(answer, "application/json", door.status)

    def _ended(self, mark: tuple[str, str], task: asyncio.Task[Raw]) -> None:
        self._working.pop(mark, None)
        if not task.cancelled():
            task.exception()  # told to whoever waits; where nobody does any more, it is no failure of the server
