"""Each day's seal is the digest of the state that its entries make, whoever replays them."""

from dataclasses import replace

import msgspec

from kuaijing.engine.codec import STATE_SCHEMA
from kuaijing.engine.engine import Engine
from kuaijing.engine.seals import verify_seals
from kuaijing.store.memory import MemoryStore
from tests.engine.city import at, call, context, order, stamp
from tests.engine.conftest import Clock


async def three_days(engine: Engine, clock: Clock) -> None:
    for day in range(3):
        clock.now = at(day * 86_400)
        incident = str((await engine.submit(call(), context(day * 86_400))).ids["incident"])
        await engine.submit(order(engine.picture.state, incident, f"u{day + 1}"), context(day * 86_400 + 5))
        await engine.submit(stamp(f"{incident}.1", "cleared", day * 86_400 + 60), context(day * 86_400 + 60))


async def test_the_seals_of_every_day_are_found_true(engine: Engine, store: MemoryStore, clock: Clock) -> None:
    await three_days(engine, clock)

    report = verify_seals(store)

    assert (report.days, report.not_comparable, report.faults) == (2, 0, ())


async def test_a_seal_that_does_not_fit_its_entries_is_named(engine: Engine, store: MemoryStore, clock: Clock) -> None:
    await three_days(engine, clock)
    seals = [index for index, row in enumerate(store.log.rows) if row.type == "DaySealed"]
    sealed = msgspec.json.decode(store.log.rows[seals[1]].body)
    forged = msgspec.json.encode({**sealed, "digest": f"state{STATE_SCHEMA}:" + "0" * 64})
    store.log.rows[seals[1]] = replace(store.log.rows[seals[1]], body=forged)

    report = verify_seals(store)

    assert [(fault.day, fault.seq) for fault in report.faults] == [("20261122", seals[1] + 1)]


async def test_a_seal_of_another_schema_is_counted_and_not_doubted(
    engine: Engine, store: MemoryStore, clock: Clock
) -> None:
    await three_days(engine, clock)
    index = next(index for index, row in enumerate(store.log.rows) if row.type == "DaySealed")
    older = store.log.rows[index].body.replace(f"state{STATE_SCHEMA}:".encode(), b"state0:")
    store.log.rows[index] = replace(store.log.rows[index], body=older)

    report = verify_seals(store)

    assert (report.days, report.not_comparable, report.faults) == (2, 1, ())
