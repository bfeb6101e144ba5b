"""The server process of the positions bench: the door, the judgement, the live table, detectors and history on disk, as wired in service.

What is left out is what looks at positions: consoles, reach, HTTP. Its peer is an echo server, which gives back what it is sent:
what the sockets alone cost on the same machine under the same load.
"""

import asyncio
import gc
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Literal, cast

import uvloop

from kuaijing.bench.big_force import LONG_AGO, opened, plan_with
from kuaijing.bench.output import BenchRefused
from kuaijing.bench.positions_terminals import CODE, key_of, phase_of
from kuaijing.city.ground import Ground
from kuaijing.domain.commands import Context
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.device_records import DeviceRecord
from kuaijing.engine.device_register import DeviceRegister
from kuaijing.engine.engine import Engine
from kuaijing.engine.live import LivePicture, Meaning
from kuaijing.engine.survey import Survey
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.help import Distress
from kuaijing.feeds.help import Ground as HelpGround
from kuaijing.feeds.jt808.server import Jt808Server
from kuaijing.feeds.jt808.settings import Jt808Settings
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.routing.network import Network
from kuaijing.store import open_store
from kuaijing.store.history import HISTORY_FILE, PositionHistory
from kuaijing.tracking import Judgement

EVERY: Final = 20
"""One terminal in so many is timed."""
WARM_S: Final = 6
"""The same load before the window: everybody's first fix is found to be in some beat, on some post, in contact."""
_AT_ONCE: Final = 256
_LINGER_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class RoomOrder:
    """What the process is to be."""

    kind: Literal["kuaijing", "echo"]
    city: Path
    data: Path
    terminals: int
    every_s: float
    seconds: int


@dataclass(frozen=True, slots=True)
class RoomTold:
    """What it saw between begin and end."""

    cores: float
    """Over the window."""
    in_time: int
    """Reports judged in the window."""
    reports: int
    accepted: int
    refused: dict[str, int]
    live_s: tuple[float, ...]
    """From when a fix was due to be sent until it stood in the live table, of the timed terminals."""
    stored: int
    """Fixes in the history's file."""
    lost: int
    memory_mb: tuple[float, float, float]
    """Before any connection, ten seconds after the begin (or at the end of a shorter run), at the end."""
    counts: dict[str, int]


class _WallClock:
    speed = 1.0

    def now(self) -> Instant:
        return Instant(time.time_ns() // 1000)


def room(order: RoomOrder, pipe: "Connection[Any, Any]") -> None:
    """The process."""
    work = _echoing(order, pipe) if order.kind == "echo" else _receiving(order, pipe)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def _receiving(order: RoomOrder, pipe: "Connection[Any, Any]") -> None:
    clock = _WallClock()
    ground = opened(order.city)
    network = Network(ground)
    plan = plan_with(ground, order.terminals)
    engine = Engine(open_store(order.data), clock.now, _zone(ground))
    await engine.start()
    await engine.submit(plan.in_force("bench", ground.hash, LONG_AGO), Context("bench", "bench", clock.now()))
    live = LivePicture(engine, network, clock)
    survey = Survey(ground, network, plan)
    meaning = Meaning(engine, clock.now, lambda: survey, live.note_finding)
    history = PositionHistory(order.data / HISTORY_FILE, clock.now)
    times = _Times(order)
    live.on_judged += [times.take, meaning.take, history.take]
    history.start()
    register = await _register(engine, plan, clock)
    doors = Doors(register, live.take, engine.submit, clock.now)
    help_ground = HelpGround(lambda: engine.picture.state, lambda: plan, survey.place, lambda _: None)
    server = Jt808Server(doors, Distress(doors, help_ground), engine, Jt808Settings())
    await server.start()
    following = asyncio.create_task(live.run())
    gc.collect()
    gc.freeze()
    before = memory_mb()
    pipe.send(server.port)
    times.begin = await asyncio.to_thread(pipe.recv)
    await asyncio.sleep(max(0.0, times.begin + WARM_S - time.time()))
    early = int(server.counts["reports"])
    meter = await _metered(order)
    in_time = int(server.counts["reports"]) - early
    await _quiet(server)
    await asyncio.to_thread(history.flush)
    state = history.state()
    counts = live.pipeline.counts
    refused = {reason: number for reason, number in counts.items() if reason != "accepted"}
    told = RoomTold(
        meter[0],
        in_time,
        int(server.counts["reports"]),
        counts["accepted"],
        refused,
        tuple(times.found),
        state.written,
        state.lost,
        (before, *meter[1:]),
        dict(server.counts),
    )
    pipe.send(told)
    await asyncio.to_thread(pipe.recv)
    following.cancel()
    await server.stop()
    await engine.stop()
    await asyncio.to_thread(history.close)


async def _echoing(order: RoomOrder, pipe: "Connection[Any, Any]") -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Echo, "127.0.0.1", 0, backlog=4096)
    before = memory_mb()
    pipe.send(server.sockets[0].getsockname()[1])
    begin = await asyncio.to_thread(pipe.recv)
    await asyncio.sleep(max(0.0, begin + WARM_S - time.time()))
    meter = await _metered(order)
    pipe.send(RoomTold(meter[0], 0, 0, 0, {}, (), 0, 0, (before, *meter[1:]), {}))
    await asyncio.to_thread(pipe.recv)
    server.close()


async def _quiet(server: Jt808Server) -> None:
    """Until nothing has come in for a while: what is late is late, but not lost."""
    before = -1
    while server.counts["reports"] != before:
        before = server.counts["reports"]
        await asyncio.sleep(_LINGER_S)


class _Echo(asyncio.Protocol):
    """Gives back what it is sent."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


async def _metered(order: RoomOrder) -> tuple[float, float, float]:
    """Cores over the window that begins now, memory after ten seconds of it and at its end."""
    spent, wall = time.process_time(), time.monotonic()
    early = min(10.0, float(order.seconds))
    await asyncio.sleep(early)
    at_ten = memory_mb()
    await asyncio.sleep(max(0.0, order.seconds - early))
    cores = (time.process_time() - spent) / max(1e-9, time.monotonic() - wall)
    return cores, at_ten, memory_mb()


class _Times:
    """How long after it was due each timed fix stood in the table."""

    def __init__(self, order: RoomOrder) -> None:
        self._order = order
        self._timed = {f"b{number:04d}": number for number in range(0, order.terminals, EVERY)}
        self.begin = math.inf
        self.found: list[float] = []

    def take(self, judged: Sequence[Judgement]) -> None:
        """Told once the fixes stand in the table."""
        now, every_s = time.time(), self._order.every_s
        for judgement in judged:
            number = self._timed.get(judgement.report.unit)
            if number is None or judgement.fix is None or now < self.begin + WARM_S:
                continue
            first = self.begin + phase_of(number, self._order.terminals, every_s)
            turn = math.ceil((judgement.report.measured_at / SECOND - first) / every_s - 1e-6)
            self.found.append(now - first - max(0, turn) * every_s)


async def _register(engine: Engine, plan: PlanDocument, clock: _WallClock) -> DeviceRegister:
    register = DeviceRegister(engine, os.urandom(32))
    context = Context("bench", "bench", clock.now(), reason="bench")
    records = [
        DeviceRecord("jt808", key_of(number), unit.unit, unit.call_sign, code=CODE)
        for number, unit in enumerate(plan.force)
    ]
    for first in range(0, len(records), _AT_ONCE):
        await asyncio.gather(*(register.enter(record, context) for record in records[first : first + _AT_ONCE]))
    return register


def _zone(ground: Ground) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(ground.timezone)


def memory_mb() -> float:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise BenchRefused("this system does not tell a process's memory in /proc/self/status; run the bench on Linux")
