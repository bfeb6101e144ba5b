"""Long work, away from the live desk: a process of its own for each job, one at a time, niced and bounded in memory.

A job is given a function and what it needs, both picklable, and tells how far it is. Cancelling kills its process and all that it
started. What it gives back, or why it refused, is kept until newer jobs push it out. Nothing here knows what is computed.
"""

import contextlib
import itertools
import logging
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, Final, Literal

from kuaijing.planning.errors import PlanningError
from kuaijing.studies.refused import StudyRefused

_log = logging.getLogger(__name__)

NICE: Final = 10
MEMORY_MB: Final = 4096
"""Of private memory a process; a province's network takes a quarter of it. A starting value."""
MOST_WAITING: Final = 8
MOST_KEPT: Final = 30

State = Literal["waiting", "running", "done", "refused", "cancelled", "failed"]
ENDED: Final[frozenset[State]] = frozenset({"done", "refused", "cancelled", "failed"})
Progress = Callable[[str, float], None]
Work = Callable[..., Any]
"""Called as ``work(*arguments, progress)`` in the process."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stands."""

    id: str
    kind: str
    subject: str
    """What it is about: a draft."""
    by: str
    asked_at: datetime
    asked: Mapping[str, Any]
    """What was asked for, to be shown."""
    state: State = "waiting"
    step: str = ""
    share: float = 0.0
    """Of the work that is done, 0 to 1."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    why: str = ""
    """Why it was refused, or failed."""
    answer: Any = None


class TooManyJobs(StudyRefused):
    """So many wait already."""


class NoJob(StudyRefused):
    """There is no such job."""


@dataclass(slots=True)
class _Asked:
    work: Work
    arguments: tuple[Any, ...]
    then: Callable[[Any], Any]
    process: "multiprocessing.process.BaseProcess | None" = None
    cancelled: bool = False


class Jobs:
    """All jobs of a server. Safe to call from any thread; nothing here waits for a job."""

    def __init__(self, *, memory_mb: int = MEMORY_MB, nice: int = NICE) -> None:
        self._memory_mb, self._nice = memory_mb, nice
        self._lock = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._asked: dict[str, _Asked] = {}
        self._numbers = itertools.count(1)
        self._begun = datetime.now(UTC).strftime("%y%m%d%H%M%S")
        self._closed = False
        self._thread: threading.Thread | None = None

    def start(
        self,
        kind: str,
        subject: str,
        by: str,
        asked: Mapping[str, Any],
        work: Work,
        arguments: tuple[Any, ...],
        then: Callable[[Any], Any] = lambda answer: answer,
    ) -> Job:
        """Put it in line. ``then`` is called here with the answer and gives what is kept; a ``StudyRefused`` of it refuses the job."""
        with self._lock:
            if sum(each.state == "waiting" for each in self._jobs.values()) >= MOST_WAITING:
                raise TooManyJobs(f"{MOST_WAITING} jobs wait already; cancel one, or wait until one has ended")
            job = Job(f"j{self._begun}-{next(self._numbers)}", kind, subject, by, datetime.now(UTC), asked)
            self._jobs[job.id] = job
            self._asked[job.id] = _Asked(work, arguments, then)
            ended = [each.id for each in self._jobs.values() if each.state in ENDED]
            for old in ended[: max(0, len(ended) - MOST_KEPT)]:
                del self._jobs[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="kuaijing-studies", daemon=True)
                self._thread.start()
            self._lock.notify_all()
            return job

    def list_all(self) -> list[Job]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def get(self, job: str) -> Job:
        """That one. Raises ``NoJob``."""
        with self._lock:
            if job not in self._jobs:
                raise NoJob(f"no job {job[:40]!r}; look at the list again")
            return self._jobs[job]

    def cancel(self, job: str) -> Job:
        """Stop it; where it runs, its processes are killed. One that has ended stays as it is."""
        with self._lock:
            held = self.get(job)
            if held.state in ENDED:
                return held
            asked = self._asked[job]
            asked.cancelled = True
            if held.state == "waiting":
                self._end(job, "cancelled")
            elif asked.process is not None:
                _kill(asked.process)
            return self._jobs[job]

    def close(self) -> None:
        """Kill what runs; nothing more is begun."""
        with self._lock:
            self._closed = True
            for job in [each.id for each in self._jobs.values() if each.state not in ENDED]:
                self.cancel(job)
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(10)

    def _run(self) -> None:
        while True:
            with self._lock:
                while not self._closed and not self._next():
                    self._lock.wait()
                if self._closed:
                    return
                job = self._next()
                assert job is not None
                self._tell(job, state="running", step="starting", started_at=datetime.now(UTC))
                asked = self._asked[job]
            try:
                self._work(job, asked)
            except Exception as error:
                _log.exception("job %s failed on this side", job)
                self._end(job, "failed", str(error))

    def _next(self) -> str | None:
        return next((each.id for each in self._jobs.values() if each.state == "waiting"), None)

    def _work(self, job: str, asked: _Asked) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        limits = (self._nice, self._memory_mb)
        process = context.Process(target=_in_process, args=(theirs, limits, asked.work, asked.arguments), daemon=False)
        process.start()
        theirs.close()
        with self._lock:
            asked.process = process
            if asked.cancelled:
                _kill(process)
        try:
            told = self._listened(job, ours)
        finally:
            ours.close()
        if asked.cancelled or told[0] not in ("done", "refused", "failed"):
            _kill(process)
        process.join(20)
        if process.is_alive():  # it has told its answer and does not end
            _kill(process)
            process.join(5)
        self._finish(job, asked, told, process.exitcode)

    def _listened(self, job: str, line: Connection) -> tuple[str, Any]:
        """How far it is, again and again, until it tells its answer or is gone."""
        while True:
            try:
                kind, what = line.recv()
            except (EOFError, OSError):
                return "died", None
            except Exception as error:  # whatever unpickling raises: the process runs other code than this server
                _log.exception("the answer of job %s cannot be read", job)
                return "unread", f"{type(error).__name__}: {error}"
            if kind != "progress":
                return kind, what
            self._tell(job, step=what[0], share=what[1])

    def _finish(self, job: str, asked: _Asked, told: tuple[str, Any], code: int | None) -> None:
        kind, what = told
        if asked.cancelled:
            self._end(job, "cancelled")
        elif kind == "done":
            try:
                self._end(job, "done", answer=asked.then(what))
            except StudyRefused as error:
                self._end(job, "refused", str(error))
        elif kind == "refused":
            self._end(job, "refused", what)
        elif kind == "failed":
            _log.error("job %s failed: %s", job, what)
            self._end(job, "failed", what.strip().rpartition("\n")[2])
        elif kind == "unread":
            why = "the program on the disk is newer than this server; restart the server and run it again"
            self._end(job, "failed", f"its answer cannot be read ({what}): {why}")
        else:
            self._end(job, "failed", f"its process ended by itself ({code}): out of memory, or killed by somebody")

    def _tell(self, job: str, **what: Any) -> None:
        with self._lock:
            self._jobs[job] = replace(self._jobs[job], **what)

    def _end(self, job: str, state: State, why: str = "", answer: Any = None) -> None:
        with self._lock:
            share = 1.0 if state == "done" else self._jobs[job].share
            self._tell(job, state=state, why=why, answer=answer, share=share, ended_at=datetime.now(UTC))
            self._asked.pop(job, None)


def _kill(process: "multiprocessing.process.BaseProcess") -> None:
    """The process and all that it started, which stand in a group of its own."""
    if process.pid is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
            return
    process.kill()


def make_modest(nice: int = NICE, memory_mb: int = MEMORY_MB) -> None:
    """Make this process yield to the desk, bound its memory, and end it with the server that started it."""
    with contextlib.suppress(OSError):
        os.nice(nice)
    most = memory_mb * 1024 * 1024
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    server = os.getppid()

    def watch() -> None:
        while os.getppid() == server:
            time.sleep(1.0)
        with contextlib.suppress(OSError):
            if os.getpgrp() == os.getpid():
                os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, name="watch-server", daemon=True).start()


def _in_process(line: Connection, limits: tuple[int, int], work: Work, arguments: tuple[Any, ...]) -> None:
    os.setsid()
    make_modest(*limits)
    told = 0.0

    def progress(step: str, share: float) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= 0.1 or share >= 1:
            told = now
            line.send(("progress", (step, min(1.0, max(0.0, float(share))))))

    try:
        answer: tuple[str, Any] = ("done", work(*arguments, progress))
    except (StudyRefused, PlanningError) as error:
        answer = ("refused", str(error))
    except MemoryError:
        answer = ("refused", f"it needs more than {limits[1]} MB of memory; ask for less at a time")
    except Exception as error:
        import traceback

        answer = ("failed", "".join(traceback.format_exception(error)))
    line.send(answer)
    line.close()
