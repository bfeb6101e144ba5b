"""Starting again after a crash: opening a long log, and how soon a console has the whole picture.

The log is written by the real engine in a process that is then killed, with as many entries after the last snapshot as there can be.
``open_s`` is opening the data folder and loading the engine in a fresh process, the worst of several (the first one also finishes
the write-ahead file); ``rebuild_s`` is the same from the first entry, no snapshot used, every hash checked. ``snapshot_s`` is from
connecting to the whole first frame at one console of a running server. Beside it: SQLite reading every row of the log and nothing else.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import apsw

from kuaijing.bench.big_force import bench_city, opened, plan_with
from kuaijing.bench.built_log import LogBuilt, LogOrder, build_log, last_evening
from kuaijing.bench.console_load import ConsoleOrder, Watch, joined, left
from kuaijing.bench.lines import Door
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.served import HOST, Served, psutil, scratch_folder, serving
from kuaijing.bench.street_load import StreetOrder, street
from kuaijing.bench.walks import FloatArray, walks
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.boot import load
from kuaijing.engine.engine import Engine
from kuaijing.store import open_store
from kuaijing.store.folder import FILE

OPENINGS = 5
SNAPSHOTS = 10
CROWD = 100
_BUILT_WITHIN_S = 1800.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench recover``."""
    parser.add_argument("--city", type=Path, metavar="DIR", help="city folder (default: Qinglan, generated once)")
    parser.add_argument("--incidents", type=int, default=10_000, metavar="N", help="in the log (default 10000)")
    parser.add_argument("--open", type=int, default=500, metavar="N", help="of them still open (default 500)")
    parser.add_argument("--units", type=int, default=1000, metavar="N", help="default 1000")
    parser.add_argument("--days", type=float, default=10.0, metavar="D", help="days that the log spans (default 10)")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where data is written for the time of the bench")


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening in a fresh process."""

    seconds: float
    version: int
    incidents: int
    cpu_s: float
    rebuild_s: float
    """Not a number where it was not asked for."""
    rebuild_cpu_s: float


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, as they are measured."""
    if not 1 <= arguments.open <= arguments.incidents or arguments.units < arguments.open:
        raise BenchRefused(
            f"wanted --open from 1 to --incidents and to --units, got {arguments.open} open of {arguments.incidents} "
            f"incidents with {arguments.units} units"
        )
    psutil()
    city = bench_city(arguments.city)
    ground = opened(city)
    plan = plan_with(ground, arguments.units)
    places = walks(ground, ["car"] * 500, 1, 1)[:, 0]
    case = f"{ground.name} {arguments.incidents} incidents, {arguments.open} open, {arguments.units} units"

    def row(figure: str, value: float, unit: str, engine: str = OURS) -> Row:
        return Row("recover", case, engine, figure, value, unit)

    with scratch_folder(arguments.scratch) as scratch:
        data = scratch / "data"
        built = _built(LogOrder(city, data, plan, places, arguments.incidents, arguments.open, arguments.days))
        yield row("log_entries", built.entries, "count")
        yield row("log_mb", (data / FILE).stat().st_size / 1e6, "MB")
        yield row("build_commands_per_s", built.commands / built.seconds, "1/s")
        yield row("replayed", built.after_snapshot, "count")
        openings = [_in_process(_open, (data, plan.timezone, n == OPENINGS - 1)) for n in range(OPENINGS)]
        if {each.version for each in openings} != {built.entries}:
            raise BenchRefused(f"{built.entries} entries were acknowledged, but {openings[0].version} were opened")
        yield row("open_s", max(each.seconds for each in openings), "s")
        yield row("open_cpu_s", max(each.cpu_s for each in openings), "s")
        yield row("rebuild_s", openings[-1].rebuild_s, "s")
        yield row("rebuild_cpu_s", openings[-1].rebuild_cpu_s, "s")
        yield row("rows_read_s", _rows_read(data / FILE), "s", "sqlite, rows alone")
        yield row("incidents_in_memory", openings[0].incidents, "count")
        with serving(city, data) as served:
            yield row("serve_answering_s", served.answering_s, "s")
            yield row("serve_ready_s", served.ready_s, "s")
            one, crowd, megabytes = asyncio.run(_snapshots(served, plan, places))
        yield row("snapshot_s", max(one), "s")
        yield row(f"snapshot_{CROWD}_consoles_s", max(crowd), "s")
        yield row("snapshot_mb", megabytes, "MB")


async def _snapshots(served: Served, plan: PlanDocument, places: FloatArray) -> tuple[list[float], list[float], float]:
    """Seconds of one console after the other, of many at once, and the size of one snapshot."""
    door = Door(HOST, served.port, served.cookie)
    units = [unit.unit for unit in plan.force]
    where = places[[number % len(places) for number in range(len(units))]][:, None]
    await street(StreetOrder(door, units, where, 10), time.monotonic(), 1)
    one: list[float] = []
    size = 0.0
    for _ in range(SNAPSHOTS):
        await asyncio.sleep(0.5)  # past the quarter second for which a snapshot is shared
        watch = Watch()
        consoles, seconds = await joined(ConsoleOrder(door, 1), watch)
        one += seconds
        size = max(size, watch.received_bytes / 1e6)
        left(consoles)
    await asyncio.sleep(0.5)
    consoles, crowd = await joined(ConsoleOrder(door, CROWD), Watch())
    left(consoles)
    return one, crowd, size


def _built(order: LogOrder) -> LogBuilt:
    found: LogBuilt = _in_process(_build, (order,))
    return found


def _in_process(work: Any, arguments: tuple[Any, ...]) -> Any:
    """Do it in a fresh process that is killed once it has told what came of it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    with contextlib.closing(ours):
        try:
            if not ours.poll(_BUILT_WITHIN_S):
                raise BenchRefused(f"gave nothing for {_BUILT_WITHIN_S:g} s; ask for fewer --incidents")
            return ours.recv()
        except EOFError:
            raise BenchRefused("the process failed; what it said stands above") from None
        finally:
            process.kill()
            process.join()


def _build(pipe: "Connection[Any, Any]", order: LogOrder) -> None:
    async def build() -> None:
        pipe.send(await build_log(order))
        await asyncio.sleep(_BUILT_WITHIN_S)  # until killed

    asyncio.run(build())


def _open(pipe: "Connection[Any, Any]", data: Path, zone: str, rebuild: bool) -> None:
    async def opening() -> Opening:
        city_zone = ZoneInfo(zone)
        began, spent = time.monotonic(), time.process_time()
        store = open_store(data)
        engine = Engine(store, lambda: last_evening(city_zone), city_zone)
        await engine.start()
        seconds, cpu_s = time.monotonic() - began, time.process_time() - spent
        rebuild_s = rebuild_cpu_s = float("nan")
        if rebuild:
            began, spent = time.monotonic(), time.process_time()
            loaded = load(store, use_snapshot=False)
            rebuild_s, rebuild_cpu_s = time.monotonic() - began, time.process_time() - spent
            if loaded.tail.seq != engine.picture.version:
                raise BenchRefused(f"rebuilt to entry {loaded.tail.seq}, opened to {engine.picture.version}")
        picture = engine.picture
        return Opening(seconds, picture.version, len(picture.state.incidents), cpu_s, rebuild_s, rebuild_cpu_s)

    pipe.send(asyncio.run(opening()))
    os._exit(0)  # no snapshot at leaving: the next opening finds the same tail


def _rows_read(path: Path) -> float:
    began = time.monotonic()
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    for _ in db.execute("SELECT * FROM event ORDER BY seq"):
        pass
    db.close()
    return time.monotonic() - began
