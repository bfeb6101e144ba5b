"""The whole server under the load of a large city: positions, commands and live consoles at once, in one server process.

What is asked for in the window (after ``WARM_S`` of the same load): ``ack`` is from sending a command to its answer, which is given
after the fsync; ``console`` is from the answer of a command, or the measuring of a position, to the frame that carries it at a
console, over all consoles (a frame that is there before the answer counts as 0); ``cores`` is the server's own processor time over
the wall's. Beside it, on the same disk afterwards: SQLite with one commit an event at the same rate.
"""

import argparse
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import numpy as np

from kuaijing.bench.big_force import bench_city, opened, plan_with, put_in_force
from kuaijing.bench.console_load import ConsoleOrder, ConsoleTold
from kuaijing.bench.desk_load import DeskOrder, DeskTold
from kuaijing.bench.lines import Door
from kuaijing.bench.load_processes import LINGER_S, LoadProcess, wait_until
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.served import HOST, Served, psutil, scratch_folder, serving
from kuaijing.bench.street_load import StreetOrder, StreetTold
from kuaijing.bench.walks import FloatArray, walks
from kuaijing.city.ground import Ground
from kuaijing.domain.plan_document import PlanDocument

WARM_S = 5
BATCHES_A_SECOND = 10
PEER_S = 10
PEER_EVENT_BYTES = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench engine``."""
    parser.add_argument("--city", type=Path, metavar="DIR", help="city folder (default: Qinglan, generated once)")
    parser.add_argument(
        "--units", type=int, default=1000, metavar="N", help="each reports once a second (default 1000)"
    )
    parser.add_argument("--commands-per-s", type=float, default=50.0, metavar="N", help="default 50")
    parser.add_argument("--consoles", type=int, default=100, metavar="N", help="live connections (default 100)")
    parser.add_argument("--open", type=int, default=200, metavar="N", help="incidents open at once (default 200)")
    parser.add_argument("--seconds", type=int, default=30, metavar="S", help="measured time (default 30)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default 1")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where data is written for the time of the bench")


@dataclass
class _Server:
    """The server process over the window."""

    cores: float = 0.0
    memory_mb: float = 0.0
    begin: float = 0.0
    end: float = 0.0


@dataclass(frozen=True)
class _Seen:
    desk: DeskTold
    street: StreetTold
    consoles: ConsoleTold
    server: _Server


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, once all is measured."""
    for name in ("units", "commands_per_s", "consoles", "open", "seconds"):
        if getattr(arguments, name) < 1:
            raise BenchRefused(f"--{name.replace('_', '-')} must be at least 1, got {getattr(arguments, name):g}")
    psutil()
    city = bench_city(arguments.city)
    ground = opened(city)
    plan = plan_with(ground, arguments.units)
    case = (
        f"{ground.name} {arguments.units} units at 1 Hz, {arguments.commands_per_s:g} commands/s, "
        f"{arguments.consoles} consoles"
    )
    with scratch_folder(arguments.scratch) as scratch:
        data = scratch / "data"
        put_in_force(city, data, plan, scratch)
        with serving(city, data) as served:
            seen = _measured(arguments, ground, plan, served)
        peer = _commits(scratch / "peer.sqlite", arguments.commands_per_s, min(arguments.seconds, PEER_S))
    for figure, value, unit in _figures(seen, arguments.seconds):
        yield Row("engine", case, OURS, figure, value, unit)
    for part in (50, 99):
        yield Row("engine", case, "sqlite, a commit an event", f"ack_p{part}", _part(peer, part), "ms")


def _measured(arguments: argparse.Namespace, ground: Ground, plan: PlanDocument, served: Served) -> _Seen:
    whole_s = WARM_S + arguments.seconds
    door = Door(HOST, served.port, served.cookie)
    units = [unit.unit for unit in plan.force]
    places = walks(ground, [unit.unit_class for unit in plan.force], whole_s, arguments.seed)
    calls_at = walks(ground, ["car"] * 500, 1, arguments.seed + 1)[:, 0]
    street = LoadProcess(StreetOrder(door, units, places, BATCHES_A_SECOND), whole_s)
    kinds = [kind.code for kind in plan.kinds]
    desk = LoadProcess(DeskOrder(door, units, calls_at, kinds, arguments.commands_per_s, arguments.open), whole_s)
    consoles = LoadProcess(ConsoleOrder(door, arguments.consoles), whole_s)
    loads = (street, desk, consoles)
    with contextlib.ExitStack() as stack:
        for load in loads:
            stack.callback(load.stop)
        for load in loads:
            load.until_ready()
        begin = time.monotonic() + 0.5
        for load in loads:
            load.begin(begin)
        server = _observed(served.pid, begin + WARM_S, arguments.seconds)
        return _Seen(desk.told(), street.told(), consoles.told(), server)


def _observed(pid: int, begin: float, seconds: int) -> _Server:
    """Processor time and memory of the server alone."""
    process: Any = psutil().Process(pid)
    wait_until(begin)
    before, began = process.cpu_times(), time.monotonic()
    memory = []
    while time.monotonic() < begin + seconds:
        memory.append(process.memory_info().rss)
        time.sleep(min(0.5, max(0.0, begin + seconds - time.monotonic())))
    after, ended = process.cpu_times(), time.monotonic()
    spent = after.user + after.system - before.user - before.system
    return _Server(spent / (ended - began), max(memory) / 1e6, began, ended)


def _figures(seen: _Seen, seconds: int) -> Iterator[tuple[str, float, str]]:
    server = seen.server
    sent = seen.desk.commands
    sent = sent[(sent[:, 1] >= server.begin) & (sent[:, 1] < server.end)]
    done = sent[sent[:, 3] >= 0]
    if not len(done):
        raise BenchRefused(f"no command was acknowledged; the first refusals: {'; '.join(seen.desk.refusals[:3])}")
    ack = (done[:, 2] - done[:, 1]) * 1000
    for part in (50, 99):
        yield f"ack_p{part}", _part(ack, part), "ms"
    yield "ack_max", float(ack.max()), "ms"
    of_commands, missed = _commands_at_consoles(done, seen.consoles)
    of_positions = _positions_at_consoles(seen)
    parts = [_part(each, 95) for each in (of_commands, of_positions) if len(each)]
    yield "console_p95", max(parts, default=float("nan")), "s"
    yield "console_commands_p50", _part(of_commands, 50), "s"
    yield "console_commands_p95", _part(of_commands, 95), "s"
    yield "console_positions_p50", _part(of_positions, 50), "s"
    yield "console_positions_p95", _part(of_positions, 95), "s"
    yield "cores", server.cores, "cores"
    yield "memory_mb", server.memory_mb, "MB"
    street = seen.street
    inside = (street.sent_at >= server.begin) & (street.sent_at < server.end)
    yield "positions_per_s", float(street.accepted[inside].sum()) / seconds, "1/s"
    yield "positions_refused", sum(street.refused.values()) + street.failed, "count"
    yield "commands_per_s", len(done) / seconds, "1/s"
    yield "commands_refused", len(seen.desk.refusals), "count"
    yield "console_missed", missed, "count"
    yield "console_gaps", seen.consoles.gaps, "count"
    yield "console_resyncs", seen.consoles.snapshots, "count"
    yield "console_lost", seen.consoles.lost, "count"
    whole_s = seconds + WARM_S + LINGER_S
    yield "console_mb_per_s", seen.consoles.received_bytes / whole_s / 1e6, "MB/s"
    yield "client_lag_p99", _part((sent[:, 1] - sent[:, 0]) * 1000, 99), "ms"


def _commands_at_consoles(done: FloatArray, told: ConsoleTold) -> tuple[FloatArray, int]:
    """Seconds from each answer to the first frame at each console whose picture holds it; how many never came."""
    found, missed = [], 0
    for console in np.unique(told.pictures[:, 0]):
        rows = told.pictures[told.pictures[:, 0] == console]
        at = np.searchsorted(np.maximum.accumulate(rows[:, 1]), done[:, 3])
        there = at < len(rows)
        missed += int((~there).sum())
        found.append(np.maximum(0.0, rows[at[there], 2] - done[there, 2]))
    return np.concatenate(found), missed


def _positions_at_consoles(seen: _Seen) -> FloatArray:
    """Seconds from measuring to the frame, each fix at each console, of fixes measured within the window."""
    offset = time.time() - time.monotonic()
    begin, end = seen.server.begin + offset, seen.server.end + offset
    found = []
    for _, number, received in seen.consoles.frames:
        measured = seen.consoles.measured[int(number)]
        found.append(received - measured[(measured >= begin) & (measured < end)])
    return np.concatenate(found) if found else np.array([])


def _commits(path: Path, rate: float, seconds: int) -> FloatArray:
    """Milliseconds from when an event was due to the return of its own commit, WAL and ``synchronous=FULL``."""
    spent: list[float] = []
    db = apsw.Connection(str(path))
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE log(seq INTEGER PRIMARY KEY, body BLOB)",
    ):
        db.execute(statement).fetchall()
    begin = time.monotonic()
    for number in range(round(rate * seconds)):
        due = begin + number / rate
        wait_until(due)
        db.execute("INSERT INTO log(body) VALUES (?)", (bytes(PEER_EVENT_BYTES),)).fetchall()
        spent.append((time.monotonic() - due) * 1000)
    db.close()
    return np.array(spent)


def _part(values: FloatArray, part: float) -> float:
    return float(np.percentile(values, part)) if len(values) else float("nan")
