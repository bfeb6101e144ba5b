"""The load of the street: every unit's position once a second, through ``POST /api/positions``, in batches as a gateway sends them."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import numpy as np

from kuaijing.bench.lines import Door, Lines
from kuaijing.bench.walks import FloatArray


@dataclass(frozen=True, slots=True)
class StreetOrder:
    """What the process is to do. ``places`` has shape ``(units, seconds, 2)``."""

    door: Door
    units: list[str]
    places: FloatArray
    batches_a_second: int


@dataclass(frozen=True, slots=True)
class StreetTold:
    """``sent_at`` (monotonic), how many were accepted and how many seconds the answer took, a batch each; refusals by reason."""

    sent_at: FloatArray
    accepted: FloatArray
    answered_s: FloatArray
    refused: dict[str, int]
    failed: int


async def street(order: StreetOrder, begin_at: float, seconds: int) -> StreetTold:
    """Send until the time is over, each batch at its time whether or not the one before was answered."""
    lines = Lines(order.door)
    groups = np.array_split(np.arange(len(order.units)), order.batches_a_second)
    told: list[tuple[float, float, float]] = []
    refused: dict[str, int] = {}
    failed = 0

    async def send(second: int, group: int) -> None:
        nonlocal failed
        measured = datetime.now(UTC).isoformat()
        places = order.places[:, second % order.places.shape[1]]
        reports = [
            {"unit": order.units[row], "lon": float(places[row, 0]), "lat": float(places[row, 1]), "crs": "wgs84",
             "measured_at": measured, "speed_mps": 8.0, "source": "bench"}
            for row in groups[group]
        ]  # fmt: skip
        sent = time.monotonic()
        status, body = await lines.ask("POST", "/api/positions", msgspec.json.encode({"reports": reports}))
        if status != 200:
            failed += 1
            return
        answer = msgspec.json.decode(body)
        told.append((sent, float(answer["accepted"]), time.monotonic() - sent))
        for each in answer["refused"]:
            refused[each["reason"]] = refused.get(each["reason"], 0) + 1

    async with asyncio.TaskGroup() as tasks:
        for number in range(seconds * order.batches_a_second):
            due = begin_at + number / order.batches_a_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.create_task(send(*divmod(number, order.batches_a_second)))
    lines.close()
    rows = np.array(told).reshape(-1, 3)
    return StreetTold(rows[:, 0], rows[:, 1], rows[:, 2], refused, failed)
