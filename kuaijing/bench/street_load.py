"""The load of the street: every unit's position once a second, through ``POST /api/positions``, in batches as a gateway sends them."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaijing.bench.lines import Door, Line
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
    """Send until the time is over. A gateway's batches go in order on its own line; one that is late is measured when it was due."""
    groups = np.array_split(np.arange(len(order.units)), order.batches_a_second)
    told: list[tuple[float, float, float]] = []
    refused: dict[str, int] = {}
    failed = 0

    async def gateway(group: int) -> None:
        nonlocal failed
        line = Line(order.door)
        for second in range(seconds):
            due = begin_at + second + group / order.batches_a_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            body = _batch(order, groups[group], second, datetime.now(UTC) - timedelta(seconds=time.monotonic() - due))
            sent = time.monotonic()
            status, raw = await line.ask("POST", "/api/positions", body)
            if status != 200:
                failed += len(groups[group])
                continue
            answer = msgspec.json.decode(raw)
            told.append((sent, float(answer["accepted"]), time.monotonic() - sent))
            for each in answer["refused"]:
                refused[each["reason"]] = refused.get(each["reason"], 0) + 1
        line.close()

    async with asyncio.TaskGroup() as tasks:
        for group in range(len(groups)):
            tasks.create_task(gateway(group))
    rows = np.array(told).reshape(-1, 3)
    return StreetTold(rows[:, 0], rows[:, 1], rows[:, 2], refused, failed)


def _batch(order: StreetOrder, rows: NDArray[np.intp], second: int, measured: datetime) -> bytes:
    places, at = order.places[:, second % order.places.shape[1]], measured.isoformat()
    reports = [
        {"unit": order.units[row], "lon": float(places[row, 0]), "lat": float(places[row, 1]), "crs": "wgs84",
         "measured_at": at, "speed_mps": 8.0, "source": "bench"}
        for row in rows
    ]  # fmt: skip
    return msgspec.json.encode({"reports": reports})
