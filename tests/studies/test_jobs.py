"""Long jobs: one at a time in a process of its own, cancelled for real, refused by name, drafts whole on the disk."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kuaijing.planning.errors import OutOfRange
from kuaijing.studies.jobs import MOST_WAITING, Job, Jobs, TooManyJobs
from kuaijing.studies.refused import StudyRefused

A = TypeVar("A")
Progress = Callable[[str, float], None]


def add(one: int, other: int, progress: Progress) -> tuple[int, int]:
    progress("adding", 0.5)
    return one + other, os.nice(0)


def refuse(progress: Progress) -> None:
    raise StudyRefused("no incident in the period; name another")


def fall(progress: Progress) -> None:
    raise ZeroDivisionError("by nothing")


def refuse_as_a_solver(progress: Progress) -> None:
    raise OutOfRange("sites must be between 1 and 3, got 9")


def _only_in_the_process(server: int) -> int:
    if os.getpid() == server:
        raise TypeError("Extra positional arguments provided")
    return 1


class OfAnotherRelease:
    """Its pickle is read in the server by code that does not know it."""

    def __init__(self, server: int) -> None:
        self.server = server

    def __reduce__(self) -> tuple[Any, ...]:
        return _only_in_the_process, (self.server,)


def answer_of_another_release(server: int, progress: Progress) -> object:
    return OfAnotherRelease(server)


def die(progress: Progress) -> None:
    os._exit(9)


def grow(progress: Progress) -> int:
    held = [bytearray(64 * 1024 * 1024) for _ in range(200)]
    return len(held)


def sleep_with_a_child(told: str, progress: Progress) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(told).write_text(f"{os.getpid()} {child.pid}")
    progress("sleeping", 0.25)
    time.sleep(600)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    held = Jobs(memory_mb=1024)
    yield held
    held.close()


def ended(jobs: Jobs, job: Job) -> Job:
    return until(lambda: jobs.get(job.id) if jobs.get(job.id).ended_at else None)


def until(look: Callable[[], A | None]) -> A:
    for _ in range(600):
        found = look()
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_a_job_runs_niced_in_another_process_and_its_answer_is_kept(jobs: Jobs) -> None:
    job = ended(jobs, jobs.start("add", "d1", "wang", {"one": 1}, add, (1, 2), lambda answer: answer))
    assert job.state == "done"
    assert job.answer == (3, os.nice(0) + 10)
    assert job.share == 1.0


def test_of_two_jobs_the_second_waits_for_the_first(jobs: Jobs, tmp_path: Path) -> None:
    first = jobs.start("sleep", "d1", "wang", {}, sleep_with_a_child, (str(tmp_path / "pids"),))
    second = jobs.start("add", "d2", "li", {}, add, (1, 1))
    until(lambda: (tmp_path / "pids").exists() or None)
    assert jobs.get(first.id).state == "running"
    assert jobs.get(second.id).state == "waiting"
    jobs.cancel(first.id)
    assert ended(jobs, second).state == "done"
    assert [job.id for job in jobs.list_all()] == [second.id, first.id]


def test_cancelling_ends_the_process_and_all_that_it_started(jobs: Jobs, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    job = jobs.start("sleep", "d1", "wang", {}, sleep_with_a_child, (str(told),))
    pids = [
        int(each) for each in until(lambda: told.read_text() if told.exists() and told.read_text() else None).split()
    ]
    until(lambda: jobs.get(job.id).share == 0.25 or None)
    jobs.cancel(job.id)
    assert ended(jobs, job).state == "cancelled"
    until(lambda: not any(alive(pid) for pid in pids) or None)


def test_a_waiting_job_is_cancelled_without_ever_starting(jobs: Jobs, tmp_path: Path) -> None:
    first = jobs.start("sleep", "d1", "wang", {}, sleep_with_a_child, (str(tmp_path / "pids"),))
    second = jobs.start("add", "d1", "wang", {}, add, (1, 1))
    assert jobs.cancel(second.id).state == "cancelled"
    assert jobs.get(second.id).started_at is None
    jobs.cancel(first.id)


def test_a_refusal_and_a_fault_are_told_apart(jobs: Jobs) -> None:
    refused, fell = jobs.start("r", "", "w", {}, refuse, ()), jobs.start("f", "", "w", {}, fall, ())
    died = jobs.start("d", "", "w", {}, die, ())
    assert (ended(jobs, refused).state, jobs.get(refused.id).why) == (
        "refused",
        "no incident in the period; name another",
    )
    assert ended(jobs, fell).state == "failed"
    assert "by nothing" in jobs.get(fell.id).why
    assert ended(jobs, died).state == "failed"


def test_memory_is_bounded_and_the_bound_is_named(jobs: Jobs) -> None:
    job = ended(jobs, jobs.start("grow", "", "wang", {}, grow, ()))
    assert job.state == "refused"
    assert "1024 MB" in job.why


def test_an_answer_that_has_no_place_any_more_is_refused(jobs: Jobs) -> None:
    def nowhere(answer: object) -> object:
        raise StudyRefused("the draft has changed")

    assert ended(jobs, jobs.start("add", "", "wang", {}, add, (1, 1), nowhere)).why == "the draft has changed"


def test_the_line_has_an_end(jobs: Jobs, tmp_path: Path) -> None:
    jobs.start("sleep", "", "wang", {}, sleep_with_a_child, (str(tmp_path / "pids"),))
    until(lambda: jobs.list_all()[0].state == "running" or None)
    for _ in range(MOST_WAITING):
        jobs.start("add", "", "wang", {}, add, (1, 1))
    with pytest.raises(TooManyJobs, match="cancel one"):
        jobs.start("add", "", "wang", {}, add, (1, 1))


def test_what_a_solver_cannot_do_is_a_refusal_and_no_failure(jobs: Jobs) -> None:
    job = ended(jobs, jobs.start("a", "d1", "wang", {}, refuse_as_a_solver, ()))
    assert (job.state, job.why) == ("refused", "sites must be between 1 and 3, got 9")


def test_an_answer_of_another_release_is_told_as_that_and_the_next_job_runs(jobs: Jobs) -> None:
    job = ended(jobs, jobs.start("a", "d1", "wang", {}, answer_of_another_release, (os.getpid(),)))
    assert job.state == "failed"
    assert "Extra positional arguments" in job.why
    assert "restart the server" in job.why
    assert ended(jobs, jobs.start("a", "d1", "wang", {}, add, (1, 2))).state == "done"
