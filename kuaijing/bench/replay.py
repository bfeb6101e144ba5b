"""Replay of a full day: how soon it stands, how soon any moment of it is shown; beside folding from the day's start.

The log is written by the real engine in a process that is then killed; positions are drawn patrols, one fix in five seconds a unit,
sealed as the history seals them. ``start_s`` is from the asking to the first whole picture as JSON; ``seek_ms`` the same for moments
drawn over the day, ``seek_state_ms`` the state alone, which the peer folds from the day's start with one draft and no
checkpoints. ``different`` counts moments where the two states differ.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaijing.bench.big_force import bench_city, opened, plan_with
from kuaijing.bench.built_log import LogBuilt, LogOrder, build_log, last_evening
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.served import psutil, scratch_folder
from kuaijing.bench.traces import Patrols
from kuaijing.bench.walks import walks
from kuaijing.city.ground import Ground
from kuaijing.domain.registry import evolve
from kuaijing.domain.state import State
from kuaijing.engine.codec import decode_event, state_digest
from kuaijing.engine.engine import Engine
from kuaijing.engine.ports import Store
from kuaijing.engine.replay import Period, Reel, begin_of
from kuaijing.measures.instants import SECOND, Instant, after
from kuaijing.store import open_store
from kuaijing.store.history import HISTORY_FILE, HistoryBeside, Origin
from kuaijing.store.history import columns as c
from kuaijing.store.history.file import HistoryFile
from kuaijing.tracking import DEFAULT_THRESHOLDS
from kuaijing.web.city_facts import CityFacts
from kuaijing.web.replay_traces import HistoryTraces
from kuaijing.web.replaying import Showing
from kuaijing.wire.plans import from_canonical

PEER = "folding from the day's start"
DAY_S = 86_400.0
FOLDED = 20
"""Moments that the peer folds: it needs seconds for each."""
_BUILT_WITHIN_S = 1800.0
_AT_ONCE = 100
Answer = TypeVar("Answer")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench replay``."""
    parser.add_argument("--city", type=Path, metavar="DIR", help="city folder (default: Qinglan, generated once)")
    parser.add_argument("--incidents", type=int, default=5000, metavar="N", help="of the day (default 5000)")
    parser.add_argument("--units", type=int, default=1000, metavar="N", help="default 1000")
    parser.add_argument("--before", type=float, default=1.0, metavar="D", help="days of log before it (default 1)")
    parser.add_argument("--seeks", type=int, default=200, metavar="N", help="moments (default 200)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default 1")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where data is written for the time of the bench")


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, as they are measured."""
    if arguments.incidents < 100 or arguments.units < 200 or arguments.seeks < 1 or arguments.before < 0:
        raise BenchRefused(
            f"wanted at least 100 incidents, 200 units, 1 seek and no negative days before, got {arguments.incidents}, "
            f"{arguments.units}, {arguments.seeks} and {arguments.before:g}"
        )
    psutil()
    city = bench_city(arguments.city)
    ground = opened(city)
    plan = plan_with(ground, arguments.units)
    days = 1.0 + arguments.before
    case = f"{ground.name} a day of {arguments.incidents} incidents, {arguments.units} units, {arguments.before:g} d before"

    def row(figure: str, value: float, unit: str, engine: str = OURS) -> Row:
        return Row("replay", case, engine, figure, value, unit)

    with scratch_folder(arguments.scratch) as scratch:
        data = scratch / "data"
        places = walks(ground, ["car"] * 500, 1, 1)[:, 0]
        order = LogOrder(city, data, plan, places, round(arguments.incidents * days), min(200, arguments.units), days)
        built = _built(order)
        until = last_evening(ZoneInfo(plan.timezone))
        points = _positions(data, ground, arguments.units, until, arguments.seed)
        yield row("log_entries", built.entries, "count")
        yield row("positions", points, "count")
        yield from (
            row(figure, value, unit, engine)
            for figure, value, unit, engine in asyncio.run(_measured(data, ground, until, arguments))
        )


async def _measured(
    data: Path, ground: Ground, until: Instant, arguments: argparse.Namespace
) -> list[tuple[str, float, str, str]]:
    store = open_store(data)
    zone = ZoneInfo(ground.timezone)
    engine = Engine(store, lambda: until, zone)
    await engine.start()
    history = HistoryBeside(data / HISTORY_FILE)
    try:
        return await asyncio.to_thread(_figures, engine, store, history, ground, until, arguments)
    finally:
        history.close()
        await engine.stop()
        store.close()


def _figures(
    engine: Engine, store: Store, history: HistoryBeside, ground: Ground, until: Instant, arguments: argparse.Namespace
) -> list[tuple[str, float, str, str]]:
    facts = CityFacts("bench", ground.name, ground.fictional, "live", ground.hash, ground.bbox, ground.timezone)
    traces = HistoryTraces(history, lambda: after(until, DAY_S))
    period = Period(after(until, -DAY_S), until)
    bodies = {kept.digest: from_canonical(store.plans.find(kept.digest) or b"") for kept in store.plans.list_versions()}
    process = psutil().Process()
    memory = process.memory_info().rss

    def stand() -> Showing:
        tail = engine.picture.version
        reel = Reel(store, period, begin_of(store, period.begin, tail), tail)
        return Showing(reel, engine, facts, traces, DEFAULT_THRESHOLDS, bodies.get)

    began, spent = time.perf_counter(), time.process_time()
    showing = stand()
    stood = time.process_time() - spent
    winding = _thread(showing.warm)
    msgspec.json.encode(showing.state(period.begin, 0, "full"))
    started, started_cpu = time.perf_counter() - began, time.process_time() - spent
    while not showing.reel.is_wound:
        time.sleep(0.01)
    wound = time.perf_counter() - began
    winding.join()
    warmed = time.perf_counter() - began
    found = [
        ("start_s", started, "s", OURS),
        ("start_cpu_s", started_cpu, "s", OURS),
        ("begin_cpu_s", stood, "s", OURS),
        ("folded_to_begin", showing.reel.begin.folded, "count", OURS),
        ("marks_s", wound, "s", OURS),
        ("words_read_s", warmed, "s", OURS),
        ("marks", len(showing.reel.marks), "count", OURS),
    ]
    rng = np.random.default_rng(arguments.seed)
    moments = [Instant(int(at)) for at in rng.integers(period.begin, period.until, arguments.seeks)]
    seeks = [_timed(partial(_shown, showing, at)) for at in moments]
    found += _spread("seek_ms", [seek.wall_s for seek in seeks], OURS)
    found += _spread("seek_cpu_ms", [seek.cpu_s for seek in seeks], OURS)
    sizes = [seek.answer for seek in seeks]
    found.append(("picture_mb", max(sizes) / 1e6, "MB", OURS))
    found.append(("memory_mb", (process.memory_info().rss - memory) / 1e6, "MB", OURS))
    found += _beside(showing.reel, store, moments)
    for speed, seconds, step_s in ((1, 60.0, 1.0), (120, 720.0, 10.0)):
        played = _timed(partial(_play, showing, moments[0], seconds, step_s))
        found.append((f"play_{speed}x_s_per_s", played.wall_s / (seconds / speed), "s/s", OURS))
        found.append((f"play_{speed}x_cpu_s_per_s", played.cpu_s / (seconds / speed), "s/s", OURS))
    return found


def _shown(showing: Showing, at: Instant) -> int:
    return len(msgspec.json.encode(showing.state(at, 0, "full")))


def _play(showing: Showing, begin: Instant, seconds: float, step_s: float) -> int:
    begin = min(begin, after(showing.reel.period.until, -seconds))
    return len(msgspec.json.encode(showing.play(begin, after(begin, seconds), step_s, 0, "full")))


def _beside(reel: Reel, store: Store, moments: list[Instant]) -> Iterator[tuple[str, float, str, str]]:
    """The state alone, ours for all moments, the peer's for some; and whether they are the same."""
    ours = [_timed(partial(reel.moment, at)) for at in moments]
    yield from _spread("seek_state_ms", [each.wall_s for each in ours], OURS)
    peer, different = [], 0
    for each in ours[:FOLDED]:
        folded = _timed(partial(_folded, reel, store, each.answer.seq))
        peer.append(folded.wall_s)
        different += state_digest(folded.answer) != state_digest(each.answer.state)
    yield from _spread("seek_state_ms", peer, PEER)
    yield ("different", different, "count", OURS)


def _folded(reel: Reel, store: Store, seq: int) -> State:
    rows = store.log.read(reel.begin.tail.seq, until_seq=seq)
    return evolve(reel.begin.state, (decode_event(row.type, row.schema, row.body) for row in rows))


def _spread(figure: str, seconds: list[float], engine: str) -> list[tuple[str, float, str, str]]:
    p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95]).tolist()
    spread = (("p50", p50), ("p95", p95), ("max", max(seconds) * 1000))
    return [(f"{figure}_{name}", value, "ms", engine) for name, value in spread]


@dataclass(frozen=True, slots=True)
class Spent(Generic[Answer]):
    """What a piece of work took, on the wall and on the processor, and what came of it."""

    wall_s: float
    cpu_s: float
    answer: Answer


def _timed(work: Callable[[], Answer]) -> Spent[Answer]:
    began, spent = time.perf_counter(), time.process_time()
    answer = work()
    return Spent(time.perf_counter() - began, time.process_time() - spent, answer)


def _positions(data: Path, ground: Ground, units: int, until: Instant, seed: int) -> int:
    """A day of drawn patrols, under the names of the plan's units."""
    patrols = Patrols(ground, units, seed)
    file = HistoryFile(data / HISTORY_FILE)
    file.append_tail(
        [(unit, f"b{unit:04d}") for unit in range(units)],
        [(unit, Origin("bench", f"d{unit}")) for unit in range(units)],
        np.empty((0, 1 + c.WIDTH), np.int64),
    )
    points = 0
    first = (until - round(DAY_S * SECOND)) // c.SLOT
    for slot in range(first, until // c.SLOT + 1):
        fixes = patrols.ten_minutes(slot * c.SLOT)
        segments = [(c.segment_id(slot, unit), fixes[unit]) for unit in range(units)]
        for begin in range(0, len(segments), _AT_ONCE):
            file.seal(segments[begin : begin + _AT_ONCE])
        points += sum(rows.shape[1] for _, rows in segments)
    file.checkpoint()
    file.close()
    return points


def _built(order: LogOrder) -> LogBuilt:
    """Build the log in a process that is then killed, as a crash leaves it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_build, args=(theirs, order), daemon=True)
    process.start()
    theirs.close()
    with contextlib.closing(ours):
        try:
            if not ours.poll(_BUILT_WITHIN_S):
                raise BenchRefused(f"no log after {_BUILT_WITHIN_S:g} s; ask for fewer --incidents")
            built: LogBuilt = ours.recv()
            return built
        except EOFError:
            raise BenchRefused("the process that builds the log failed; what it said stands above") from None
        finally:
            process.kill()
            process.join()


def _build(pipe: "Connection[Any, Any]", order: LogOrder) -> None:
    pipe.send(asyncio.run(build_log(order)))
    os._exit(0)


def _thread(work: Callable[[], None]) -> Any:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
