"""Many runs: replications of one or more scenarios on the same calls, in a pool of processes or on a Ray cluster.

The result does not depend on how many workers there are or who runs what: each job is one scenario and one replication, its calls are
drawn from the seed alone, and the answers are put in order. ``progress`` is called with (done, all) after each job; where it returns
``False``, or ``cancelled()`` says so, the sweep ends with ``Cancelled`` and no job is left running.
"""

import multiprocessing
import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

from kuaijing.simulation.compiled.calls import DAY_MS, CallModel, RealCalls, Streams, draw_calls
from kuaijing.simulation.compiled.errors import Cancelled, NoCalls, SimulationError
from kuaijing.simulation.compiled.running import simulate, warm
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.compiled.summary import Differences, RunFigures, Summary, compare, figures_of, summarise
from kuaijing.simulation.compiled.tables import CallTable

RUN_IN_DAYS: Final = 1.0
"""Days run before the counted ones: units start free at home, which the city never is."""
Progress = Callable[[int, int], bool | None]


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What a sweep runs: scenarios that share one call model (or each its own), on the same replications."""

    scenarios: tuple[Scenario, ...]
    models: tuple[CallModel, ...]
    days: float
    streams: Streams
    run_in_days: float = RUN_IN_DAYS
    calls: CallTable | None = None
    """A ready table instead of drawn calls; then there is one replication and no run-in."""
    real: RealCalls | None = None
    """Real calls instead of drawn ones: replications differ in reaction and luck alone, and there is no run-in."""

    @property
    def window_days(self) -> float:
        """The length of what is counted."""
        given = self.calls if self.calls is not None else self.real
        if given is None:
            return self.days
        return max(1e-9, float(given.at_ms.max() - given.at_ms.min()) / DAY_MS)

    def run(self, scenario: int, replication: int) -> RunFigures:
        """One run."""
        used = self.scenarios[scenario]
        if self.calls is not None:
            return figures_of(used, simulate(used, self.calls), replication)
        model = self.models[min(scenario, len(self.models) - 1)]
        if self.real is not None:
            return figures_of(used, simulate(used, self.real.table(model, self.streams, replication)), replication)
        start, end = round(self.run_in_days * DAY_MS), round((self.run_in_days + self.days) * DAY_MS)
        calls = draw_calls(model, self.streams, replication, self.run_in_days + self.days)
        return figures_of(used, simulate(used, calls, window=(start, end)), replication)


@dataclass(frozen=True, slots=True)
class Swept:
    """Figures of every run (per scenario, by replication) and what they add up to."""

    runs: tuple[tuple[RunFigures, ...], ...]
    summaries: tuple[Summary, ...]
    differences: tuple[Differences, ...]
    """Each further scenario minus the first."""


def sweep(
    job: Job,
    replications: int,
    *,
    workers: int | None = None,
    ray: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Swept:
    """Run every scenario on every replication.

    Parameters
    ----------
    workers
        Processes; 1 runs in this one. By default as many as there are cores.
    ray
        Address of a Ray cluster (``auto``, ``host:port``, ``local`` for one of its own); needs the extra ``[ray]``.

    Raises
    ------
    Cancelled
        ``progress`` returned ``False`` or ``cancelled`` was true.
    SimulationError
        Bad figures, or Ray is asked for and absent.
    """
    if replications < 1:
        raise SimulationError(f"replications must be 1 or more, got {replications}")
    if job.calls is None and job.real is None and not 0 < job.days < float("inf"):
        raise NoCalls(f"days must be above 0 and finite, got {job.days}")
    if job.calls is not None:
        replications = 1
    tasks = [(row, rep) for rep in range(replications) for row in range(len(job.scenarios))]
    count = min(len(tasks), workers or os.cpu_count() or 1)
    stream: Generator[tuple[tuple[int, int], RunFigures], None, None]
    if ray is not None:
        from kuaijing.simulation.on_ray import on_ray

        stream = on_ray(job, tasks, ray, lambda: _stopped(cancelled))
    elif count <= 1:
        stream = ((task, job.run(*task)) for task in tasks)
    else:
        stream = _in_processes(job, tasks, count, lambda: _stopped(cancelled))
    found: dict[tuple[int, int], RunFigures] = {}
    try:
        for task, figures in stream:
            found[task] = figures
            go_on = True if progress is None else progress(len(found), len(tasks))
            if go_on is False or (_stopped(cancelled) and len(found) < len(tasks)):
                raise Cancelled(f"the sweep was stopped after {len(found)} of {len(tasks)} runs")
    finally:
        stream.close()
    runs = tuple(tuple(found[row, rep] for rep in range(replications)) for row in range(len(job.scenarios)))
    window = job.window_days
    return Swept(
        runs=runs,
        summaries=tuple(summarise(scenario, own, window) for scenario, own in zip(job.scenarios, runs, strict=True)),
        differences=tuple(
            compare(scenario, runs[0], own) for scenario, own in zip(job.scenarios[1:], runs[1:], strict=True)
        ),
    )


def _stopped(cancelled: Callable[[], bool] | None) -> bool:
    return cancelled is not None and cancelled()


_JOB: Job | None = None


def _hold(job: Job) -> None:
    global _JOB
    _JOB = job


def _run_held(task: tuple[int, int]) -> RunFigures:
    if _JOB is None:
        raise SimulationError("the worker process was started without a job")
    return _JOB.run(*task)


def _in_processes(
    job: Job, tasks: Sequence[tuple[int, int]], count: int, stopped: Callable[[], bool]
) -> Generator[tuple[tuple[int, int], RunFigures], None, None]:
    warm()  # else each process compiles the same
    # spawned, not forked: the caller may be a server with threads
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_hold, initargs=(job,))
    waiting: dict[Future[RunFigures], tuple[int, int]] = {}
    coming = iter(tasks)
    try:
        while True:
            while len(waiting) < 2 * count and (task := next(coming, None)) is not None:
                waiting[pool.submit(_run_held, task)] = task
            if not waiting:
                return
            done, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()
            if stopped():
                raise Cancelled("the sweep was stopped")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
