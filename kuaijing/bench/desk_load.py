"""The load of the dispatch desks: whole lives of incidents, command by command, at a fixed rate through the public doors.

An open loop: a command is sent when its time has come, whether or not the one before was answered, so that a slow server cannot
slow the asking and hide its own delay. Each carries an ``Idempotency-Key``. A life: call, order of one unit, acknowledged, on the
way, on scene, controlled, cleared, closed.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from kuaijing.bench.lines import Door, Lines
from kuaijing.bench.walks import FloatArray

STAMPS = ("acknowledged", "en_route", "on_scene", "controlled", "cleared")


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """What the process is to do. ``places`` has shape ``(n, 2)``."""

    door: Door
    units: list[str]
    places: FloatArray
    kinds: list[str]
    rate: float
    open_at_once: int


@dataclass(frozen=True, slots=True)
class DeskTold:
    """One row a command: due, sent, answered (monotonic seconds), the picture's version in the answer (-1: refused)."""

    commands: FloatArray
    refusals: list[str]


@dataclass
class Life:
    """One incident, from its call to its closing."""

    number: int
    step: int = 0
    incident: str = ""
    unit: str = ""
    assignment: str = ""


@dataclass
class _Desk:
    order: DeskOrder
    lines: Lines
    free: deque[str]
    ready: deque[Life] = field(default_factory=deque)
    begun: int = 0
    running: int = 0
    told: list[tuple[float, float, float, float]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def next_life(self) -> Life:
        """A new incident until as many are open as wanted, then the one that has waited longest."""
        if self.free and (self.running < self.order.open_at_once or not self.ready):
            self.begun += 1
            self.running += 1
            return Life(self.begun, unit=self.free.popleft())
        return self.ready.popleft()

    async def act(self, life: Life, due: float) -> None:
        """The next command of a life, timed from its sending to its answer."""
        path, body = await self._command(life)
        key = f"bench-{life.number}-{life.step}"
        sent = time.monotonic()
        status, raw = await self.lines.ask("POST", path, msgspec.json.encode(body), key)
        answered = time.monotonic()
        answer = msgspec.json.decode(raw)
        if status not in (200, 201):
            self.told.append((due, sent, answered, -1.0))
            self.refusals.append(f"{path}: {status} {answer.get('detail', '')}")
            self.running -= 1
            return
        self.told.append((due, sent, answered, float(answer["version"])))
        self._go_on(life, answer["ids"])

    async def _command(self, life: Life) -> tuple[str, dict[str, Any]]:
        if life.step == 0:
            lon, lat = self.order.places[life.number % len(self.order.places)]
            place = {"lon": float(lon), "lat": float(lat), "text": f"压测地点 {life.number}"}
            kind = self.order.kinds[life.number % len(self.order.kinds)]
            words = {"words": "两人在路口争执", "caller": "张三", "phone": "13800000000"}
            return "/api/calls", {"place": place, "kind": kind, **words}
        if life.step == 1:
            _, raw = await self.lines.ask("GET", f"/api/units/{life.unit}")
            line = {"unit": life.unit, "version": msgspec.json.decode(raw)["version"]}
            return f"/api/incidents/{life.incident}/orders", {"units": [line]}
        if life.step < 2 + len(STAMPS):
            return f"/api/assignments/{life.assignment}/{STAMPS[life.step - 2]}", {"by_voice": True}
        return f"/api/incidents/{life.incident}/close", {"outcome": "settled", "note": "压测"}

    def _go_on(self, life: Life, ids: dict[str, Any]) -> None:
        life.incident = life.incident or str(ids.get("incident", ""))
        if life.step == 1:
            life.assignment = str(ids["assignments"][0])
        life.step += 1
        if life.step == 3 + len(STAMPS):
            self.free.append(life.unit)
            self.running -= 1
        else:
            self.ready.append(life)


async def desks(order: DeskOrder, begin_at: float, seconds: int) -> DeskTold:
    """Send until the time is over."""
    desk = _Desk(order, Lines(order.door), deque(order.units))
    async with asyncio.TaskGroup() as tasks:
        for number in range(round(seconds * order.rate)):
            due = begin_at + number / order.rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if desk.free or desk.ready:
                tasks.create_task(desk.act(desk.next_life(), due))
    desk.lines.close()
    return DeskTold(np.array(desk.told).reshape(-1, 4), desk.refusals)
