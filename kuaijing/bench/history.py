"""Position history: fixes written, bytes a fix, a unit's half hour, who was within 200 m in ten minutes; beside plain SQLite rows.

Both files are given the same drawn patrols on real roads and asked the same questions in the same run; every answer of the one is
compared with that of the other, figure by figure (``different`` counts questions whose answers differ). Files are in the machine's
cache when they are asked, as a busy room's are. ``taken`` is the whole way of a live fix: a judgement into the queue, the tail
on the disk, sealed.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kuaijing.bench.history_peer import PlainRows, Stay
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.served import scratch_folder
from kuaijing.bench.traces import EVERY_S, STEPS, Patrols
from kuaijing.city.ground import DamagedGround, open_ground
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.store.history import HistoryBeside, HistorySettings, Origin, PositionHistory, Presence, Track
from kuaijing.store.history import columns as c
from kuaijing.store.history.file import HistoryFile
from kuaijing.tracking import Fix, Judgement, Report

PEER = "sqlite, plain rows, indexed"
BEGIN = 1_795_233_600 * SECOND
_RADIUS_M = 200.0
_HALF_HOUR = 1800 * SECOND
_AT_ONCE = 100
_TAKEN = 240_000
Answer = TypeVar("Answer")
Ours = TypeVar("Ours")
Theirs = TypeVar("Theirs")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench history``."""
    parser.add_argument("--city", required=True, type=Path, metavar="DIR", help="city folder")
    parser.add_argument("--points", type=int, default=10_000_000, metavar="N", help="fixes (default 10,000,000)")
    parser.add_argument("--units", type=int, default=1000, metavar="N", help="default 1000")
    parser.add_argument("--questions", type=int, default=300, metavar="N", help="of each kind (default 300)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default 1")
    parser.add_argument(
        "--scratch", type=Path, metavar="DIR", help="where to write; on a real disk (default: temporary)"
    )


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, as they are measured."""
    slots = -(-arguments.points // (arguments.units * STEPS))
    if arguments.units < 1 or slots < 4 or arguments.questions < 1:
        raise BenchRefused(
            f"wanted at least 1 unit, 1 question and 4 ten minutes ({4 * STEPS} fixes a unit), got {arguments.units}, "
            f"{arguments.questions} and {arguments.points} fixes; ask for more fixes or fewer units"
        )
    try:
        patrols = Patrols(open_ground(arguments.city), arguments.units, arguments.seed)
    except (DamagedGround, OSError) as error:
        raise BenchRefused(str(error)) from None
    points = slots * arguments.units * STEPS
    case = f"{patrols.ground.name} {arguments.units} units {points / 1e6:.3g} M fixes, one in {EVERY_S} s"
    with scratch_folder(arguments.scratch) as scratch:
        yield from _taken(case, scratch, patrols)
        own, peer = scratch / "positions.sqlite", PlainRows(scratch / "plain.sqlite")
        spent = _write(own, peer, patrols, slots)
        sizes = own.stat().st_size, peer.path.stat().st_size
        for engine, seconds, size in zip((OURS, PEER), spent, sizes, strict=True):
            yield Row("history", case, engine, "written", points / seconds, "1/s")
            yield Row("history", case, engine, "size", size / points, "B/point")
        with HistoryBeside(own) as history:
            yield from _asked(case, history, peer, patrols, slots, arguments.questions)
        peer.close()


def _write(own: Path, peer: PlainRows, patrols: Patrols, slots: int) -> tuple[float, float]:
    """Seconds that each needed; both commit every ten minutes of a hundred units or more with a sync."""
    file = HistoryFile(own)
    units = range(patrols.units)
    file.append_tail(
        [(unit, f"u{unit}") for unit in units],
        [(unit, Origin("bench", f"d{unit}")) for unit in units],
        np.empty((0, 1 + c.WIDTH), np.int64),
    )
    spent = [0.0, 0.0]
    for slot in range(slots):
        start = BEGIN + slot * c.SLOT
        fixes = patrols.ten_minutes(start)
        segments = [(c.segment_id(c.slot_of(start), unit), fixes[unit]) for unit in units]
        parts = [segments[first : first + _AT_ONCE] for first in range(0, len(segments), _AT_ONCE)]
        spent[0] += sum(_timed(partial(file.seal, part))[0] for part in parts)
        spent[1] += _timed(partial(peer.write, fixes))[0]
    spent[0] += _timed(file.checkpoint)[0]
    spent[1] += _timed(peer.checkpoint)[0]
    file.close()
    return spent[0], spent[1]


def _asked(
    case: str, history: HistoryBeside, peer: PlainRows, patrols: Patrols, slots: int, questions: int
) -> Iterator[Row]:
    rng = np.random.default_rng(patrols.seed)
    end = BEGIN + slots * c.SLOT
    halves = [(int(rng.integers(patrols.units)), int(rng.integers(BEGIN, end - _HALF_HOUR))) for _ in range(questions)]
    yield from _compared(
        case,
        "half_hour",
        [
            (
                partial(history.track, f"u{unit}", Instant(at), Instant(at + _HALF_HOUR)),
                partial(peer.track, unit, at, at + _HALF_HOUR),
            )
            for unit, at in halves
        ],
        _same_track,
    )
    places = []
    for _ in range(questions):
        at = int(rng.integers(BEGIN, end - c.SLOT))
        row = history.last_before(f"u{int(rng.integers(patrols.units))}", Instant(at + c.SLOT))
        away = rng.uniform(-500, 500, 2) / 111_195
        places.append((float(row.lon[0]) + float(away[0]), float(row.lat[0]) + float(away[1]), at))
    yield from _compared(
        case,
        "near_200_m",
        [
            (
                partial(history.near, lon, lat, _RADIUS_M, Instant(at), Instant(at + c.SLOT)),
                partial(peer.near, lon, lat, _RADIUS_M, at, at + c.SLOT),
            )
            for lon, lat, at in places
        ],
        _same_stays,
    )


def _same_track(ours: Track, plain: NDArray[np.int64]) -> bool:
    lon, lat = np.rint(ours.lon * c.PLACE_SCALE), np.rint(ours.lat * c.PLACE_SCALE)
    pairs = ((ours.measured, c.MEASURED), (ours.received, c.RECEIVED), (lon, c.LON), (lat, c.LAT))
    return len(ours) == plain.shape[1] and all(bool((own == plain[column]).all()) for own, column in pairs)


def _same_stays(ours: list[Presence], plain: set[Stay]) -> bool:
    return {(int(stay.unit[1:]), stay.from_at, stay.until, stay.fixes) for stay in ours} == plain


def _compared(
    case: str,
    figure: str,
    questions: list[tuple[Callable[[], Ours], Callable[[], Theirs]]],
    same: Callable[[Ours, Theirs], bool],
) -> Iterator[Row]:
    """Each question to both, ours first and theirs first by turns; a few before the clock starts."""
    spent = np.zeros((2, len(questions)))
    different = 0
    for ours, plain in questions[:10]:
        ours(), plain()
    for index, (ours, plain) in enumerate(questions):
        if index % 2:
            spent[1, index], theirs = _timed(plain)
        spent[0, index], own = _timed(ours)
        if not index % 2:
            spent[1, index], theirs = _timed(plain)
        different += not same(own, theirs)
    for engine, times in zip((OURS, PEER), spent * 1000, strict=True):
        for part in (50, 99):
            yield Row("history", case, engine, f"{figure}_p{part}", float(np.percentile(times, part)), "ms")
    yield Row("history", case, OURS, f"{figure}_different", different, "count")


def _taken(case: str, scratch: Path, patrols: Patrols) -> Iterator[Row]:
    """Judgements of some ten minutes through the queue of a running history until all are sealed on the disk."""
    rows = patrols.ten_minutes(BEGIN - c.SLOT)
    fixes = [
        Fix(f"u{unit}", lon / 1e7, lat / 1e7, Instant(at), Instant(came), speed / 100, 90.0, None, "bench", False)
        for unit in range(patrols.units)
        for at, lon, lat, came, speed in rows[unit, [0, 1, 2, 3, 4]].T.tolist()
    ][:_TAKEN]
    fixes.sort(key=lambda fix: fix.measured_at)
    judged = [Judgement(_report_of(fix), fix, None) for fix in fixes]
    settings = HistorySettings(flush_s=1.0, queue_fixes=len(judged))
    history = PositionHistory(scratch / "taken.sqlite", lambda: Instant(BEGIN + c.SLOT), settings)
    history.start()
    began = time.perf_counter()
    blocked = 0.0
    for first in range(0, len(judged), 200):
        asked = time.perf_counter()
        history.take(judged[first : first + 200])
        blocked = max(blocked, time.perf_counter() - asked)
    durable = history.flush(120)
    seconds = time.perf_counter() - began
    lost = history.state().lost
    history.close()
    if not durable:
        raise BenchRefused("the fixes were not on the disk within two minutes; use a faster disk")
    yield Row("history", case, OURS, "taken", len(judged) / seconds, "1/s")
    yield Row("history", case, OURS, "taken_longest_wait", blocked * 1000, "ms")
    yield Row("history", case, OURS, "taken_lost", lost, "count")


def _report_of(fix: Fix) -> Report:
    return Report(fix.unit, fix.lon, fix.lat, fix.measured_at, fix.received_at, "wgs84")


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer
