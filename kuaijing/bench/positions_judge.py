"""What judging costs: a report into ``LivePicture.take`` until its fix stands in the live table, beside the same off the roads.

Processor time of one thread, the whole of ``take``: steps, road matching, coordinate systems under suspicion, arrivals, live
table. Every unit reports once a round, a round comes in batches; drones follow no road, so theirs is the cost without matching.
Nobody is under orders.
"""

import gc
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from kuaijing.bench.big_force import LONG_AGO
from kuaijing.bench.output import OURS, Row
from kuaijing.bench.walks import FloatArray, walks
from kuaijing.city.ground import Ground
from kuaijing.domain.commands import Command, Context, PlannedUnit, PutPlanInForce
from kuaijing.domain.registry import decide, evolve
from kuaijing.domain.state import State
from kuaijing.engine.live import LivePicture
from kuaijing.engine.numbers import numbered
from kuaijing.engine.recorded import Picture, Receipt
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.routing.network import Network
from kuaijing.tracking import Report

BATCHES: Final = (1, 100, 500)
_EVERY_S: Final = 5
_WALKS: Final = 200
_SEED: Final = 1


def judge_rows(ground: Ground, *, units: int = 2_000, rounds: int = 30) -> Iterator[Row]:
    """Microseconds a fix and fixes a second, by size of batch, on roads and off them."""
    network = Network(ground)
    driven = walks(ground, ["car"] * min(units, _WALKS), (rounds + 1) * _EVERY_S, _SEED)
    for unit_class, case in (("car", "on roads"), ("drone", "no road matching")):
        for batch in BATCHES:
            seconds, taken, refused = _judged(network, unit_class, driven, units, rounds, batch)
            name = f"{case}, batches of {batch}"
            yield Row("positions", name, OURS, "judge", 1e6 * seconds / taken, "us/fix")
            yield Row("positions", name, OURS, "judged", taken / seconds, "fixes/s")
            yield Row("positions", name, OURS, "refused", refused, "count")


def _judged(
    network: Network, unit_class: str, driven: FloatArray, units: int, rounds: int, batch: int
) -> tuple[float, int, int]:
    """Seconds in ``take``, reports taken and those that moved nothing; the first round (compiling, first rows) is not counted."""
    clock = _BenchClock()
    names = [f"b{number:05d}" for number in range(units)]
    live = LivePicture(_UnderNoOrders(names, unit_class, clock), network, clock)
    gc.collect()
    gc.freeze()  # as a server does once it stands
    spent, refused = 0.0, 0
    for turn in range(rounds + 1):
        clock.at = Instant(LONG_AGO + turn * _EVERY_S * SECOND)
        places = driven[:, turn * _EVERY_S].tolist()
        reports = [
            Report(
                name,
                lon,
                lat,
                clock.at,
                Instant(clock.at + 300_000),
                "wgs84",
                8.0,
                accuracy_m=5.0,
                source="bench",
                device=name,
            )
            for name, (lon, lat) in zip(names, itertools.cycle(places), strict=False)
        ]
        begun = time.thread_time()
        judged = [live.take(reports[first : first + batch]) for first in range(0, units, batch)]
        if turn > 0:
            spent += time.thread_time() - begun
            refused += sum(not judgement.moves for part in judged for judgement in part)
    return spent, units * rounds, refused


@dataclass
class _BenchClock:
    """Stands where the bench puts it."""

    at: Instant = LONG_AGO
    speed: float = 1.0

    def now(self) -> Instant:
        return self.at


class _UnderNoOrders:
    """A core whose units wait on their posts."""

    def __init__(self, names: list[str], unit_class: str, clock: _BenchClock) -> None:
        self._clock = clock
        self.picture = Picture(0, State())
        force = tuple(PlannedUnit(name, name, unit_class, "P1", "B1", 1, 1, "", (), True, None) for name in names)
        plan = PutPlanInForce("bench", "1", "bench", "bench", clock.now(), force, (("rest", 300.0),))
        self._do(plan, Context("bench", "bench", clock.now(), reason="bench"))

    async def submit(self, command: Command, context: Context) -> Receipt:
        """As the engine would, without a log."""
        self._do(command, context)
        return Receipt(self.picture.version, (), False, {})

    def _do(self, command: Command, context: Context) -> None:
        command = numbered(self.picture.state, command, context.received_at, ZoneInfo("UTC"))
        events = decide(self.picture.state, command, context)
        self.picture = Picture(self.picture.version + len(events), evolve(self.picture.state, events))
