"""The position history of one city: takes what was judged, writes it in a thread of its own, answers questions.

``take`` only puts into a bounded queue: whatever disk or file do, judging goes on; what finds no room is counted as lost. Once
every ``flush_s`` the thread commits what came to the file's tail (that much a crash can cost), then seals the ten minutes that are
over, shortens the tail and drops days that are past keeping. While the file cannot be written the thread holds what it has and tries
again; a repeat is harmless, since a fix that is there already changes nothing. See docs/decisions/0070-position-history.md.
"""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw
import numpy as np

from kuaijing.measures.instants import SECOND, Instant, to_datetime
from kuaijing.store.history import columns as c
from kuaijing.store.history.file import HistoryFile
from kuaijing.store.history.names import Names
from kuaijing.store.history.reading import HistoryReading
from kuaijing.store.history.unsealed import Unsealed
from kuaijing.store.refused import StoreError
from kuaijing.tracking import Judgement

_log = logging.getLogger(__name__)

_QUIET_S: Final = 10.0
"""An ended segment is sealed so long after its first fix came: late ones come in heaps."""
_MOST_OPEN: Final = 1024
"""Fixes of one segment that wait to be sealed."""
_MOST_UNSEALED: Final = 1_000_000
_SEALS_A_ROUND: Final = 100
_DROPS_A_ROUND: Final = 500
_TAIL_SLACK: Final = 20_000
_RETRY_S: Final = 2.0
_RETENTION_EVERY_S: Final = 3600.0
_DOUBT_S: Final = 86_400.0
"""So long the whole history is kept although all of it is past keeping."""
_DAY_SLOTS: Final = 144


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """How the history is kept."""

    flush_s: float = 1.0
    """What a crash may cost."""
    queue_fixes: int = 100_000
    """Fixes that wait for the disk; more are lost, and counted."""
    grace_s: float = 60.0
    """A segment is sealed so long after its ten minutes; later fixes are put into it all the same."""
    keep_days: float = 190.0
    """Whole days before that are dropped."""

    def __post_init__(self) -> None:
        if self.keep_days < 1:
            raise ValueError(f"keep_days is {self.keep_days:g}, which drops what was just kept; give 1 or more")
        if self.flush_s < 0.001:
            raise ValueError(f"flush_s is {self.flush_s:g}, which writes without a pause; give 0.001 or more")


@dataclass(frozen=True, slots=True)
class HistoryState:
    """How the history is, and what it did since it was opened."""

    writing: bool
    """False while the file cannot be written; ``fault`` says why."""
    fault: str
    queued: int
    lost: int
    """Fixes that found no room or cannot be kept."""
    repeated: int
    """Fixes that were there already."""
    written: int
    sealed: int
    points: int
    """In sealed segments, of all times."""
    segments: int
    unsealed: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Days that were past keeping are gone."""

    before: Instant
    segments: int
    points: int


class PositionHistory(HistoryReading):
    """One city's history, written by this process."""

    def __init__(
        self,
        path: Path,
        now: Callable[[], Instant],
        settings: HistorySettings | None = None,
        *,
        on_dropped: Callable[[Dropped], None] | None = None,
        vfs: str | None = None,
    ) -> None:
        self.settings = settings or HistorySettings()
        self.on_dropped = on_dropped
        self._now = now
        file = HistoryFile(path, vfs=vfs)
        try:
            names, unsealed = Names(file), Unsealed()
            self._tail_fixes = restore(file, unsealed)
        except BaseException:
            file.close()
            raise
        super().__init__(file, unsealed, names)
        self._own_names = names
        self._queue: deque[Sequence[Judgement]] = deque()
        self._changed = threading.Condition()
        self._taken = self._done = self._lost = 0
        self._written = self._sealed = self._repeated = 0
        self._held: list[tuple[int, tuple[int, ...]]] = []
        """Drained from the queue and not in the file yet."""
        self._held_judged = 0
        self._fault = ""
        self._stopped_since: Instant | None = None
        self._stopping = self._hurried = False
        self._look_for_old_at = 0.0
        self._dropping = (0, 0)
        self._all_old_since: float | None = None
        self._thread = threading.Thread(target=self._run, name="position history", daemon=True)

    # --- from the loop ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def take(self, judged: Sequence[Judgement]) -> None:
        """Keep the fixes of these judgements; at once, whatever the disk does."""
        fixes = sum(judgement.fix is not None for judgement in judged)
        if not fixes:
            return
        with self._changed:
            if self._stopping or self._taken - self._done + fixes > self.settings.queue_fixes:
                self._lost += fixes
                return
            self._taken += fixes
            self._queue.append(judged)

    def stopped_since(self) -> Instant | None:
        """When the file could not be written any more; ``None`` while it can. Answers at once."""
        return self._stopped_since

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Wait until everything taken so far is in the file; whether it is."""
        with self._changed:
            wanted = self._taken
            self._hurried = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._done >= wanted, timeout_s)

    def state(self) -> HistoryState:
        """How it is."""
        points, segments, size = self._file.totals()
        with self._changed:
            return HistoryState(
                not self._fault,
                self._fault,
                self._taken - self._done,
                self._lost,
                self._repeated,
                self._written,
                self._sealed,
                points,
                segments,
                self._unsealed.fixes,
                size,
            )

    def close(self) -> None:
        """Write what is left, if it can be written, and let go of the file."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        try:
            self._file.checkpoint()
        except (apsw.Error, StoreError) as fault:
            _log.warning("position history %s: closed without a checkpoint: %s", self._file.path, fault)
        with contextlib.suppress(apsw.Error):  # SQLite tries the checkpoint once more; its log stays beside the file
            self._file.close()

    # --- the thread -------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._hurried and not self._stopping:
                    self._changed.wait(_RETRY_S if self._fault else self.settings.flush_s)
                self._hurried, stopping = False, self._stopping
            try:
                self._round()
            except (apsw.Error, StoreError, OSError) as fault:
                self._fail(fault)
            except Exception as fault:  # a fault of the program: what was taken stays held, the picture goes on
                _log.exception("position history: a round failed")
                self._fail(fault)
            if stopping:
                return

    def _round(self) -> None:
        if self._fault:
            self._file.reopen()
        self._drain()
        if self._held:
            self._write_tail()
        self._seal(self._due())
        self._shorten()
        self._keep()
        if self._fault:
            _log.warning("position history %s is written again", self._file.path)
            self._fault, self._stopped_since = "", None

    def _fail(self, fault: BaseException) -> None:
        told = f"{type(fault).__name__}: {fault}"
        if told != self._fault:
            _log.error("position history %s cannot be written (%s); live goes on without it", self._file.path, told)
        self._fault, self._stopped_since = told, self._stopped_since or self._now()

    def _drain(self) -> None:
        while True:
            with self._changed:
                judged = self._queue.popleft() if self._queue else None
            if judged is None:
                return
            for judgement in judged:
                fix = judgement.fix
                if fix is None:
                    continue
                self._held_judged += 1
                unit = self._own_names.unit(fix.unit) if 0 <= fix.measured_at < c.LATEST else None
                if unit is None:
                    with self._changed:
                        self._lost += 1
                    continue
                origin = self._own_names.origin(fix.source, fix.device)
                self._held.append((unit, c.numbers_of(fix, judgement.moves, origin)))

    def _write_tail(self) -> None:
        units, origins = self._own_names.new()
        fixes = np.array([(unit, *numbers) for unit, numbers in self._held], np.int64)
        self._file.append_tail(units, origins, fixes)
        self._own_names.kept(len(units), len(origins))
        self._unsealed.add((unit for unit, _ in self._held), (numbers for _, numbers in self._held), time.monotonic())
        self._tail_fixes += len(self._held)
        self._written += len(self._held)
        self._held = []
        self._count_done()

    def _count_done(self) -> None:
        with self._changed:
            self._done += self._held_judged
            self._held_judged = 0
            self._changed.notify_all()

    def _due(self) -> list[int]:
        slot = c.slot_of(self._now() - round(self.settings.grace_s * SECOND))
        crowded = self._unsealed.fixes > _MOST_UNSEALED
        return self._unsealed.due(slot, time.monotonic() - _QUIET_S, _MOST_OPEN, crowded)

    def _seal(self, numbers: list[int]) -> None:
        for begin in range(0, len(numbers), _SEALS_A_ROUND):
            if self._queue and begin and self._unsealed.fixes <= _MOST_UNSEALED:
                return  # the tail comes first: the rest is sealed in the next round
            chosen = numbers[begin : begin + _SEALS_A_ROUND]
            parts = [(number, rows) for number in chosen if (rows := self._unsealed.rows(number)) is not None]
            done = self._file.seal(parts)
            for number, rows in parts:
                self._unsealed.drop(number, rows.shape[1])
            self._sealed += done.fixes
            self._repeated += done.repeated

    def _shorten(self) -> None:
        left = self._unsealed.fixes
        if self._tail_fixes > 2 * left + _TAIL_SLACK or (left == 0 and self._tail_fixes):
            units, rows = self._unsealed.all()
            self._file.rewrite_tail(units, rows)
            self._tail_fixes = rows.shape[1]

    def _keep(self) -> None:
        """Drop what is past keeping, a part in each round; told once a whole look is done."""
        now = time.monotonic()
        if now < self._look_for_old_at:
            return
        kept_from = self._now() - round(self.settings.keep_days * 86400 * SECOND)
        slot = c.slot_of(max(0, kept_from)) // _DAY_SLOTS * _DAY_SLOTS
        if self._is_clock_doubtful(slot, now):
            self._look_for_old_at = now + _RETENTION_EVERY_S
            return
        numbers = self._file.numbers_before(slot, _DROPS_A_ROUND)
        if numbers:
            points = self._file.drop(numbers)
            self._dropping = (self._dropping[0] + len(numbers), self._dropping[1] + points)
            return
        self._look_for_old_at = now + _RETENTION_EVERY_S
        segments, points = self._dropping
        self._dropping = (0, 0)
        if segments:
            _log.info("position history: %d fixes before their days of keeping ended are dropped", points)
            if self.on_dropped is not None:
                self.on_dropped(Dropped(Instant(slot * c.SLOT), segments, points))

    def _is_clock_doubtful(self, slot: int, now: float) -> bool:
        """By our clock the whole history is past keeping: more often a wrong clock than a long rest, so a day is waited first."""
        last = self._file.last_slot()
        if last is None or last >= slot or self._dropping[0]:
            self._all_old_since = None
            return False
        if self._all_old_since is None:
            self._all_old_since = now
            _log.error(
                "position history %s: by this machine's clock (%s) all of it is past keeping; look at the clock: if it is right, "
                "nothing need be done, all is dropped in a day of running",
                self._file.path,
                to_datetime(self._now()).isoformat(timespec="seconds"),
            )
        return now - self._all_old_since < _DOUBT_S


def restore(file: HistoryFile, unsealed: Unsealed) -> int:
    """Take the tail of the file into memory; how many fixes it has."""
    fixes = file.tail()
    unsealed.add(fixes[:, 0].tolist(), (tuple(row) for row in fixes[:, 1:].tolist()), 0.0)
    return len(fixes)
