"""The process that is killed: an engine on a data folder, under load from several callers, telling what was acknowledged.

    python -m tests.engine.under_load DATA ROUND

Each line on standard output is written after an acknowledgement: ``key incident``. Every command carries a key; each caller sends
some of its commands twice, as a network would.
"""

import asyncio
import os
import sys
from pathlib import Path

from kuaijing.domain.commands import CloseIncident, OrderUnits, UnitOrder
from kuaijing.domain.errors import DomainError
from kuaijing.domain.words import Outcome, Role
from kuaijing.engine.engine import Engine
from kuaijing.engine.personal import PersonalWords
from kuaijing.store.folder import open_store
from tests.engine.city import START, ZONE, call, context, force

CALLERS = 16


async def main(data: Path, round_number: str) -> None:
    """Run until killed."""
    engine = Engine(open_store(data), lambda: START, ZONE, snapshot_every=200)
    await engine.start()
    if not engine.picture.state.units:
        await engine.submit(force(*(f"u{n}" for n in range(1, CALLERS + 1))), context())
    os.write(1, b"ready\n")
    await asyncio.gather(*(caller(engine, f"{round_number}-{number}", f"u{number + 1}") for number in range(CALLERS)))


async def caller(engine: Engine, name: str, unit: str) -> None:
    """Calls, orders, closings, without end."""
    count = 0
    while True:
        count += 1
        key = f"{name}-{count}"
        twice = 2 if count % 5 == 0 else 1
        for _ in range(twice):
            receipt = await engine.submit(call(), context(key=key), PersonalWords("打架", "张三", "13800000000"))
        incident = str(receipt.ids["incident"])
        os.write(1, f"{key} {incident}\n".encode())
        held = engine.picture.state.units[unit]
        if held.active is not None:  # left over from before a kill
            owner = engine.picture.state.assignments[held.active].incident
            await engine.submit(CloseIncident(owner, Outcome.SETTLED), context(key=f"{key}-left"))
            held = engine.picture.state.units[unit]
        order = OrderUnits(incident, (UnitOrder(unit, held.version, Role.FIRST),))
        await engine.submit(order, context(key=f"{key}-order"))
        os.write(1, f"{key}-order {incident}\n".encode())
        if count % 2:
            try:
                await engine.submit(CloseIncident(incident, Outcome.SETTLED), context(key=f"{key}-close"))
            except DomainError as refusal:
                os.write(2, f"{refusal}\n".encode())
                raise
            os.write(1, f"{key}-close {incident}\n".encode())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
