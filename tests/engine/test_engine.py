"""The engine's own promises: numbers, following, timelines, days, recall, snapshots, restarts."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kuaijing.domain.commands import CloseIncident, ReopenIncident, UnlinkCall
from kuaijing.domain.errors import UnknownAssignment, UnknownIncident
from kuaijing.domain.words import IncidentStatus, Outcome
from kuaijing.engine.boot import load
from kuaijing.engine.codec import STATE_SCHEMA
from kuaijing.engine.engine import Engine
from kuaijing.engine.errors import LogBroken, Stopped
from kuaijing.engine.numbers import day_start, local_day
from kuaijing.engine.subscription import MOST_WAITING, Subscription
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.store.folder import open_store
from kuaijing.store.memory import MemoryStore
from tests.engine.city import START, ZONE, at, call, context, force, order, stamp
from tests.engine.conftest import Clock


async def closed_incident(engine: Engine, seconds: float = 1) -> str:
    incident = str((await engine.submit(call(), context(seconds))).ids["incident"])
    await engine.submit(order(engine.picture.state, incident, "u1"), context(seconds + 1))
    await engine.submit(stamp(f"{incident}.1", "on_scene", seconds + 30), context(seconds + 30))
    await engine.submit(CloseIncident(incident, Outcome.MEDIATION), context(seconds + 60))
    return incident


async def test_many_callers_at_once_get_numbers_without_gap_or_twin(engine: Engine) -> None:
    receipts = await asyncio.gather(*(engine.submit(call(), context(n / 10)) for n in range(300)))

    assert sorted(str(each.ids["incident"]) for each in receipts) == [f"20261121-{n:04d}" for n in range(1, 301)]
    assert sorted(str(each.ids["call"]) for each in receipts)[0] == "c20261121-0001"


async def test_an_unlinked_call_gets_the_next_number(engine: Engine) -> None:
    incident = str((await engine.submit(call(), context(1))).ids["incident"])
    second = await engine.submit(call(None, link_to=incident), context(2))

    receipt = await engine.submit(UnlinkCall(str(second.ids["call"]), ""), context(3))

    assert receipt.ids == {"incident": "20261121-0002", "call": "c20261121-0002"}


async def test_a_follower_sees_every_commit_with_the_picture_that_it_led_to(engine: Engine) -> None:
    subscription = engine.subscribe()
    before = engine.picture.version
    incident = await closed_incident(engine)
    seen = [await anext(subscription) for _ in range(4)]

    assert seen[0].version_before == before
    assert [each.version_before for each in seen[1:]] == [each.version for each in seen[:-1]]
    assert seen[-1].picture == engine.picture
    assert seen[-1].picture.state.incidents[incident].status == IncidentStatus.CLOSED
    subscription.close()
    with pytest.raises(StopAsyncIteration):
        await anext(subscription)


async def test_a_follower_that_falls_behind_sees_a_gap_and_nobody_waits_for_it(engine: Engine) -> None:
    subscription: Subscription = engine.subscribe()
    for _ in range(MOST_WAITING + 3):
        await engine.submit(call(), context(1))

    first = await anext(subscription)

    assert subscription.overflows == 1
    assert first.version_before > engine.picture.version - 10


async def test_a_timeline_tells_the_whole_of_one_incident_in_order(engine: Engine) -> None:
    incident = await closed_incident(engine)
    await closed_incident(engine, 100)

    assert [each.type for each in engine.timeline(incident)] == [
        "IncidentOpened",
        "CallTaken",
        "AssignmentOrdered",
        "AssignmentStamped",
        "IncidentClosed",
        "AssignmentCleared",
    ]


async def test_a_day_that_is_over_is_sealed_and_its_ended_incidents_leave_memory(engine: Engine, clock: Clock) -> None:
    ended = await closed_incident(engine)
    running = str((await engine.submit(call(), context(100))).ids["incident"])
    clock.now = at(86_400)

    receipt = await engine.submit(call(), context(86_400))

    assert receipt.ids["incident"] == "20261122-0001"
    state = engine.picture.state
    assert state.sealed_day == "20261121"
    assert sorted(state.incidents) == [running, "20261122-0001"]
    (sealed,) = engine.read(types=["DaySealed"])
    assert sealed.event.digest.startswith(f"state{STATE_SCHEMA}:")  # type: ignore[union-attr]
    file = engine.get_incident(ended)
    assert file.incident.outcome == Outcome.MEDIATION
    assert file.assignments[0].on_scene_at == at(31)
    assert [each.incident.id for each in engine.list_ended(at(0), at(50))] == [ended]
    with pytest.raises(UnknownIncident):
        engine.get_incident("20261121-0099")


async def test_a_quiet_day_is_sealed_without_a_command(engine: Engine, clock: Clock) -> None:
    await closed_incident(engine)
    clock.now = at(86_400)

    for _ in range(200):
        if engine.picture.state.sealed_day is not None:
            break
        await asyncio.sleep(0.05)

    assert engine.picture.state.sealed_day == "20261121"
    assert engine.picture.state.incidents == {}


async def test_a_late_stamp_over_midnight_and_a_reopening_bring_an_incident_back(engine: Engine, clock: Clock) -> None:
    incident = await closed_incident(engine)
    clock.now = at(86_400)
    await engine.submit(call(), context(86_400))

    await engine.submit(stamp(f"{incident}.1", "en_route", 12), context(86_410))
    assert engine.get_incident(incident).assignments[0].en_route_at == at(12)
    await engine.submit(ReopenIncident(incident), context(86_420, reason="again"))
    assert engine.picture.state.incidents[incident].status == IncidentStatus.OPEN
    assert engine.list_ended(at(0), at(50)) == []
    with pytest.raises(UnknownAssignment):
        await engine.submit(stamp("20260101-0001.1", "en_route", 12), context(86_430))


@pytest.mark.parametrize("snapshot_every", [1, 7, 10_000])
async def test_a_restart_gives_the_same_picture_with_and_without_snapshots(tmp_path: Path, snapshot_every: int) -> None:
    store = open_store(tmp_path)
    engine = Engine(store, lambda: START, ZONE, snapshot_every=snapshot_every)
    await engine.start()
    await engine.submit(force(), context())
    for n in range(5):
        await closed_incident(engine, n * 100)
    picture = engine.picture
    await engine.stop()
    store.close()

    store = open_store(tmp_path)
    again = Engine(store, lambda: START, ZONE)
    await again.start()
    assert again.picture == picture
    assert load(store, use_snapshot=False).state == picture.state
    await again.stop()
    store.close()


async def test_a_log_that_was_altered_is_found_and_not_started_on(engine: Engine, store: MemoryStore) -> None:
    await closed_incident(engine)
    assert engine.verify().whole
    store.log.rows[6] = replace(store.log.rows[6], actor="somebody else")

    report = engine.verify()

    assert report.fault is not None
    assert report.fault.seq == 7
    assert "not what its hash says" in report.fault.problem
    with pytest.raises(LogBroken, match="entry 7"):
        load(store)


async def test_a_log_cut_short_is_found(engine: Engine, store: MemoryStore) -> None:
    await closed_incident(engine)
    store.log.rows.pop()

    report = engine.verify()

    assert report.fault is not None
    assert "the log ends here" in report.fault.problem


async def test_an_engine_that_does_not_run_says_so() -> None:
    engine = Engine(MemoryStore(), lambda: START, ZONE)
    with pytest.raises(Stopped):
        await engine.submit(force(), context())
    await engine.start()
    await engine.stop()
    with pytest.raises(Stopped):
        await engine.submit(force(), context())


async def test_the_chain_can_be_the_national_algorithm() -> None:
    engine = Engine(MemoryStore(algorithm="sm3"), lambda: START, ZONE)
    await engine.start()
    await engine.submit(force(), context())
    report = engine.verify()
    assert report.whole
    assert report.entries == 5
    await engine.stop()


@pytest.mark.parametrize("day", ["20260328", "20260329", "20261024", "20261025", "20261026"])
def test_a_local_day_begins_at_its_own_midnight_whatever_the_zones_clock_does(day: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = day_start(day, berlin)

    assert local_day(start, berlin) == day
    assert local_day(Instant(start - 1), berlin) < day


async def test_numbers_follow_the_citys_day_over_a_clock_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # on 2026-10-25 the hour from 2 to 3 comes twice
    clock = Clock()
    clock.now = from_datetime(datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC))
    engine = Engine(MemoryStore(), clock, berlin)
    await engine.start()
    await engine.submit(force(), replace(context(), received_at=at(0)))
    numbers = []
    for hour in (21, 22, 23, 24, 25, 26, 46, 47):
        day, rest = divmod(hour, 24)
        clock.now = from_datetime(datetime(2026, 10, 24 + day, rest, 30, tzinfo=UTC))
        receipt = await engine.submit(call(), replace(context(), received_at=clock.now))
        numbers.append(receipt.ids["incident"])
    await engine.stop()

    assert numbers == [
        "20261024-0001",
        "20261025-0001",
        "20261025-0002",
        "20261025-0003",
        "20261025-0004",
        "20261025-0005",
        "20261025-0006",
        "20261026-0001",
    ]
