"""A sweep's jobs on a Ray cluster. Needs the extra ``[ray]``; the only file that knows Ray.

The job is put into the cluster's store once; at most ``_AHEAD`` tasks a core are under way, so that a sweep can be stopped; the
connection (or the local cluster of ``local``) is closed when the sweep ends, however it ends. Workers need the same release of Kuaijing.
"""

import os
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

from kuaijing.simulation.compiled.errors import Cancelled, SimulationError
from kuaijing.simulation.compiled.summary import RunFigures

if TYPE_CHECKING:
    from kuaijing.simulation.sweeps import Job

_AHEAD = 2
_LOCAL_CPUS = 2
_PATIENCE_S = 1.0


def _run(job: "Job", task: tuple[int, int]) -> tuple[tuple[int, int], RunFigures]:
    return task, job.run(*task)


def on_ray(
    job: "Job", tasks: Sequence[tuple[int, int]], address: str, stopped: Callable[[], bool]
) -> Generator[tuple[tuple[int, int], RunFigures], None, None]:
    """Answers in the order in which they come.

    Raises
    ------
    SimulationError
        Ray is not installed, or no cluster answers at the address.
    """
    try:
        import ray
    except ImportError:
        raise SimulationError("ray is not installed; install the extra: pip install 'kuaijing[ray]'") from None
    given: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address == "local":
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        given |= {"address": "local", "num_cpus": _LOCAL_CPUS, "include_dashboard": False}
    else:
        given |= {"address": address}
    try:
        ray.init(**given)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise SimulationError(f"no Ray cluster answers at {address!r}: {error}; start one, or use 'local'") from None
    try:
        yield from _answers(ray, job, tasks, stopped)
    finally:
        ray.shutdown()


def _answers(
    ray: Any, job: "Job", tasks: Sequence[tuple[int, int]], stopped: Callable[[], bool]
) -> Generator[tuple[tuple[int, int], RunFigures], None, None]:
    held, run = ray.put(job), ray.remote(_run)
    ahead = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
    coming = iter(tasks)
    under_way: list[Any] = []
    try:
        while True:
            while len(under_way) < ahead and (task := next(coming, None)) is not None:
                under_way.append(run.remote(held, task))
            if not under_way:
                return
            done, under_way = ray.wait(under_way, num_returns=1, timeout=_PATIENCE_S)
            for reference in done:
                yield ray.get(reference)
            if stopped():
                raise Cancelled("the sweep was stopped")
    finally:
        for reference in under_way:
            ray.cancel(reference, force=True)
