"""Positions from terminals: decoding, a door with thousands of them, what a connection costs, and the whole way to the disk.

``server`` and ``end_to_end`` run the door in a process of its own, as wired in service (judgement, live table, detectors, history),
and the terminals in another. ``fix to live`` is from the moment when a terminal was due to send a fix until it stood in the live
table, so the load's own lateness counts against us; ``cores`` is the process's own processor time over the wall's in the window,
``cpu`` the same for each fix that was judged in it. Six seconds of the same load come before the window.
"""

import argparse
import contextlib
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from kuaijing.bench.big_force import bench_city, opened
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.positions_decode import decode_rows
from kuaijing.bench.positions_judge import judge_rows
from kuaijing.bench.positions_room import WARM_S, RoomOrder, RoomTold, room
from kuaijing.bench.positions_terminals import TerminalsOrder, TerminalsTold, needs_files, terminals
from kuaijing.bench.served import scratch_folder
from kuaijing.bench.walks import FloatArray, walks

SECTIONS: Final = ("decode", "judge", "server", "connections", "end_to_end")
ECHO: Final = "uvloop echo"
_WALKS: Final = 200
_WITHIN_S: Final = 240.0
_AHEAD_S: Final = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench positions``."""
    parser.add_argument("--city", type=Path, metavar="DIR", help="city folder (default: Qinglan, generated once)")
    parser.add_argument(
        "--only", choices=SECTIONS, action="append", help="this section; may be given again (default: all)"
    )
    parser.add_argument("--frames", type=int, default=100_000, metavar="N", help="decode: frames (default 100,000)")
    parser.add_argument("--terminals", type=int, default=5_000, metavar="N", help="server: connected (default 5,000)")
    parser.add_argument("--every-s", type=float, default=5.0, metavar="S", help="server: between fixes (default 5)")
    parser.add_argument("--connections", type=int, default=10_000, metavar="N", help="connections: (default 10,000)")
    parser.add_argument(
        "--fixes-per-s", type=int, default=10_000, metavar="N", help="end_to_end: one terminal each (10,000)"
    )
    parser.add_argument(
        "--seconds", type=int, default=60, metavar="S", help="end_to_end: measured (default 60; server 20)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default 1")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where data is written for the time of the bench")


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, section by section."""
    for name in ("frames", "terminals", "connections", "fixes_per_s", "seconds"):
        if getattr(arguments, name) < 1:
            raise BenchRefused(f"--{name.replace('_', '-')} must be at least 1, got {getattr(arguments, name)}")
    if arguments.every_s < 1:
        raise BenchRefused(
            f"--every-s must be at least 1 (a terminal's clock tells seconds), got {arguments.every_s:g}"
        )
    chosen = arguments.only or SECTIONS
    sections: dict[str, Callable[[], Iterator[Row]]] = {
        "decode": lambda: decode_rows(arguments.frames, arguments.seed),
        "judge": lambda: judge_rows(opened(bench_city(arguments.city))),
        "server": lambda: _server(arguments),
        "connections": lambda: _connections(arguments),
        "end_to_end": lambda: _end_to_end(arguments),
    }
    for section in SECTIONS:
        if section in chosen:
            yield from sections[section]()


def _server(arguments: argparse.Namespace) -> Iterator[Row]:
    count, every_s, seconds = arguments.terminals, arguments.every_s, max(10, arguments.seconds // 3)
    case = f"{count} terminals, a fix each {every_s:g} s"
    seen, load, acknowledged = _measured(arguments, "kuaijing", count, every_s, seconds)
    yield Row("positions", case, OURS, "cores", seen.cores, "cores")
    yield Row("positions", case, OURS, "cpu", 1e6 * seen.cores * seconds / max(1, seen.in_time), "us/fix")
    yield from _live(case, seen)
    yield from _lost(case, seen, load, acknowledged)
    yield Row("positions", case, OURS, "memory", seen.memory_mb[2], "MB")
    echo, load, _ = _measured(arguments, "echo", count, every_s, seconds)
    yield Row("positions", case, ECHO, "cores", echo.cores, "cores")
    yield Row("positions", case, "load", "cores", load.cores, "cores")
    yield Row("positions", case, "load", "late p99", 1000 * load.late_s, "ms")


def _connections(arguments: argparse.Namespace) -> Iterator[Row]:
    count = arguments.connections
    case = f"{count} authenticated connections"
    seen, _, _ = _measured(arguments, "kuaijing", count, 60.0, 1)
    yield Row("positions", case, OURS, "memory before any", seen.memory_mb[0], "MB")
    yield Row("positions", case, OURS, "memory", seen.memory_mb[2], "MB")
    each_kb = 1024 * (seen.memory_mb[2] - seen.memory_mb[0]) / count
    yield Row("positions", case, OURS, "each", each_kb, "kB")


def _end_to_end(arguments: argparse.Namespace) -> Iterator[Row]:
    count, seconds = arguments.fixes_per_s, arguments.seconds
    case = f"{count} terminals at 1 Hz for {seconds} s, to the disk"
    seen, load, acknowledged = _measured(arguments, "kuaijing", count, 1.0, seconds)
    yield Row("positions", case, OURS, "judged in the window", seen.in_time / seconds, "fixes/s")
    yield Row("positions", case, OURS, "cores", seen.cores, "cores")
    yield Row("positions", case, OURS, "cpu", 1e6 * seen.cores * seconds / max(1, seen.in_time), "us/fix")
    yield from _live(case, seen)
    yield from _lost(case, seen, load, acknowledged)
    for when, memory in zip(("before", "at 10 s", "at the end"), seen.memory_mb, strict=True):
        yield Row("positions", case, OURS, f"memory {when}", memory, "MB")
    yield Row("positions", case, "load", "cores", load.cores, "cores")
    yield Row("positions", case, "load", "late p99", 1000 * load.late_s, "ms")


def _live(case: str, seen: RoomTold) -> Iterator[Row]:
    if seen.live_s:
        for share in (50, 95, 99):
            value = 1000 * float(np.percentile(seen.live_s, share))
            yield Row("positions", case, OURS, f"fix to live p{share}", value, "ms")


def _lost(case: str, seen: RoomTold, load: TerminalsTold, acknowledged: int) -> Iterator[Row]:
    """Sent, and what of it is missing at each stage."""
    yield Row("positions", case, OURS, "sent", load.sent, "count")
    yield Row("positions", case, OURS, "not acknowledged", load.sent - acknowledged, "count")
    yield Row("positions", case, OURS, "not judged", load.sent - seen.reports, "count")
    yield Row("positions", case, OURS, "refused", sum(seen.refused.values()), "count")
    yield Row("positions", case, OURS, "believed, not on disk", max(seen.lost, seen.accepted - seen.stored), "count")
    yield Row("positions", case, OURS, "connections lost", load.closed, "count")


def _measured(
    arguments: argparse.Namespace, kind: Literal["kuaijing", "echo"], count: int, every_s: float, seconds: int
) -> tuple[RoomTold, TerminalsTold, int]:
    _room_for_files(needs_files(count))
    city = bench_city(arguments.city)
    with scratch_folder(arguments.scratch) as scratch:
        data = scratch / "data"
        data.mkdir()
        order = RoomOrder(kind, city, data, count, every_s, seconds)
        with _process(room, order) as server:
            port = int(_received(server))
            drive = TerminalsOrder(port, count, every_s, WARM_S + seconds, _places(city, seconds, arguments.seed))
            with _process(terminals, drive) as load:
                there = int(_received(load))
                if there < count:
                    raise BenchRefused(
                        f"only {there} of {count} terminals were answered; see what the server says above"
                    )
                begin = time.time() + _AHEAD_S
                server.send(begin)
                load.send(begin)
                told: TerminalsTold = _received(load, seconds)
                seen: RoomTold = _received(server, seconds)
                load.send("enough")
                acknowledged = int(_received(load))
                server.send("enough")
    return seen, told, acknowledged


def _places(city: Path, seconds: int, seed: int) -> FloatArray:
    return walks(opened(city), ["car"] * _WALKS, seconds + 60, seed)


def _room_for_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise BenchRefused(
            f"{wanted} open files are needed, {hard} are allowed; `ulimit -Hn {wanted}` or fewer terminals"
        )
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextlib.contextmanager
def _process(work: Callable[[Any, Any], None], order: Any) -> Iterator[Any]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(order, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
        process.join(20)
    finally:
        process.terminate()
        process.join()
        ours.close()


def _received(pipe: Any, after_s: float = 0.0) -> Any:
    try:
        if pipe.poll(_WITHIN_S + after_s):
            return pipe.recv()
    except EOFError:
        raise BenchRefused("a process of the bench failed; what it said stands above") from None
    raise BenchRefused(f"a process of the bench gave nothing for {_WITHIN_S + after_s:g} s")
