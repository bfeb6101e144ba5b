"""The analysts' workroom beside a running city: drafts, the shelf of histories, long jobs, and quick questions in a worker process.

The server itself computes nothing: a question goes to one niced process that keeps the city open, a job to a process of its own.
"""

import asyncio
import multiprocessing
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Final, TypeVar

from kuaijing.studies.city_study import Frozen, Rates
from kuaijing.studies.drafts import Drafts
from kuaijing.studies.histories import mark_of_holdings
from kuaijing.studies.jobs import MEMORY_MB, NICE, Jobs, make_modest
from kuaijing.studies.receipts import Receipts
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.shelf import Shelf

A = TypeVar("A")
_MOST_KEPT: Final = 40


class Workroom:
    """Of one city and one DATA folder."""

    def __init__(self, city: Path, data: Path, rates: Rates, *, memory_mb: int = MEMORY_MB) -> None:
        self.drafts, self.shelf, self.jobs = Drafts(data), Shelf(data), Jobs(memory_mb=memory_mb)
        self.receipts = Receipts(data)
        self._city, self._data, self._rates, self._memory_mb = city, data, rates, memory_mb
        self._pool: ProcessPoolExecutor | None = None
        self._answers: OrderedDict[Any, asyncio.Future[Any]] = OrderedDict()

    def frozen(self, plan: bytes, digest: str) -> Frozen:
        """The picture of now, with that plan. Touches the disk."""
        return Frozen(self._city, self._data, plan, digest, mark_of_holdings(self._data, self._city), self._rates)

    async def ask(self, question: Callable[..., A], frozen: Frozen, *more: Any, keep: bool = False) -> A:
        """The answer of a worker process; with ``keep`` the same question is answered once."""
        if not keep:
            return await self._asked(question, frozen, *more)
        key = (question, frozen, more)
        held = self._answers.get(key)
        if held is None or (held.done() and (held.cancelled() or held.exception() is not None)):
            held = asyncio.ensure_future(self._asked(question, frozen, *more))
            self._answers[key] = held
            while len(self._answers) > _MOST_KEPT:
                self._answers.popitem(last=False)
        self._answers.move_to_end(key)
        answer: A = await asyncio.shield(held)
        return answer

    async def _asked(self, question: Callable[..., A], frozen: Frozen, *more: Any) -> A:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._worker(), question, frozen, *more)
        except BrokenProcessPool:
            self._pool = None
            raise StudyRefused("the worker ended by itself, out of memory or killed; ask again") from None
        except MemoryError:
            raise StudyRefused(f"it needs more than {self._memory_mb} MB of memory; ask for less at a time") from None

    def close(self) -> None:
        """End every process."""
        self.jobs.close()
        if self._pool is not None:
            workers = list((self._pool._processes or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.kill()
            self._pool = None

    def _worker(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), initializer=make_modest, initargs=(NICE, self._memory_mb)
            )
        return self._pool
