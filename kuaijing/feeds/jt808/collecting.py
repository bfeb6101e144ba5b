"""Reports of all terminals, collected for a moment and judged together; each message is acknowledged after its reports were taken.

Judging is arrays: a batch of 500 costs little more than one of ten. So a report waits a few hundredths of a second, and at most
until ``most`` of them are there.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from kuaijing.tracking import Report

_log = logging.getLogger(__name__)


class Answered(Protocol):
    """Whoever waits for the acknowledgement."""

    def acknowledge(self, taken: Sequence[tuple[int, int]]) -> None:
        """Messages (serial and id) whose reports are judged."""


class Collector:
    """The batch that is being collected. Belongs to the loop's thread."""

    def __init__(
        self, take: Callable[[Sequence[Report]], Any], counts: Counter[str], *, within_s: float, most: int
    ) -> None:
        self._take, self._counts, self._within_s, self._most = take, counts, within_s, most
        self._reports: list[Report] = []
        self._waiting: dict[Answered, list[tuple[int, int]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, session: Answered, serial: int, msg_id: int, reports: Sequence[Report]) -> None:
        """Reports of one message."""
        self._reports += reports
        waiting = self._waiting.get(session)
        if waiting is None:
            self._waiting[session] = [(serial, msg_id)]
        else:
            waiting.append((serial, msg_id))
        if len(self._reports) >= self._most:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._within_s, self.flush)

    def flush(self) -> None:
        """Judge what is there, now. What could not be judged is not acknowledged: the terminals send it again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        reports, waiting = self._reports, self._waiting
        self._reports, self._waiting = [], {}
        if not waiting:
            return
        try:
            self._take(reports)
        except Exception:  # a fault of the program; the terminals keep what is not acknowledged
            self._counts["not_taken"] += len(reports)
            _log.exception("%d reports of %d terminals could not be judged", len(reports), len(waiting))
            return
        self._counts["reports"] += len(reports)
        for session, taken in waiting.items():
            session.acknowledge(taken)
