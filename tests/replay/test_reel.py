"""A replayed moment is what the live engine stood at: same rules, same log, wherever one looks and however the period was cut."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kuaijing.domain.commands import (
    AddNote,
    CancelIncident,
    CloseIncident,
    Command,
    Escalate,
    MergeIncidents,
    RecordArrival,
    RefuseAssignment,
    ReopenIncident,
    SetUnitStatus,
    WithdrawAssignment,
)
from kuaijing.domain.state import State
from kuaijing.domain.words import Outcome, Step, UnitStatus
from kuaijing.engine.codec import state_digest
from kuaijing.engine.errors import LogBroken
from kuaijing.engine.replay import Period, Reel, begin_of
from kuaijing.measures.instants import Instant
from tests.engine.city import at, call, order, stamp
from tests.replay.shift import DAY_S, Shift

Draw = tuple[int, int, int]


def _command(state: State, draw: Draw, seconds: float) -> Command:
    """Any command, sensible or not."""
    what, one, other = draw
    incidents, parts, units = (sorted(table) for table in (state.incidents, state.assignments, state.units))
    incident = incidents[one % len(incidents)] if incidents else "none"
    into = incidents[other % len(incidents)] if incidents else "none"
    part = parts[one % len(parts)] if parts else "none"
    unit = units[other % len(units)]
    steps = list(Step)
    commands: list[Command] = [
        call(seconds=seconds),
        call(seconds=seconds),
        order(state, incident, unit),
        order(state, incident, unit, mode="queue"),
        stamp(part, steps[other % len(steps)], seconds),
        stamp(part, steps[other % len(steps)], seconds),
        RecordArrival(part, at(seconds - 2), at(seconds)),
        WithdrawAssignment(part),
        RefuseAssignment(part),
        CloseIncident(incident, Outcome.SETTLED),
        CancelIncident(incident),
        ReopenIncident(incident),
        Escalate(incident, 1),
        MergeIncidents(incident, into),
        AddNote(incident, "看到了", measures=True),
        SetUnitStatus(unit, list(UnitStatus)[one % len(UnitStatus)]),
    ]
    return commands[what % len(commands)]


async def _shift(draws: Sequence[Draw], pauses: Sequence[float], snapshot_every: int = 2000) -> Shift:
    shift = await Shift().begin(snapshot_every)
    seconds = 0.0
    for draw, pause in zip(draws, pauses, strict=True):
        seconds += pause
        await shift.do(_command(shift.engine.picture.state, draw, seconds), seconds)
    await shift.end()
    return shift


_DRAWS = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 9), st.integers(0, 9), st.sampled_from([0.0, 1.0, 40.0, 9_000.0])),
    min_size=5,
    max_size=60,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(draws=_DRAWS, every=st.integers(1, 7), cut=st.integers(0, 59))
def test_at_every_entry_the_replay_stands_where_the_engine_stood(
    draws: list[tuple[int, int, int, float]], every: int, cut: int
) -> None:
    shift = asyncio.run(_shift([draw[:3] for draw in draws], [draw[3] for draw in draws], snapshot_every=10))
    times = sorted(shift.times.values())
    begin = times[cut % len(times)]  # on an entry exactly
    reel = shift.reel(begin, Instant(times[-1] + 1), every)
    digests = {version: state_digest(state) for version, state in shift.states.items()}

    for version, state in shift.states.items():
        if version >= reel.begin.tail.seq:
            assert reel.at_entry(version) == state
            assert state_digest(reel.at_entry(version)) == digests[version]
    for moment in reversed(times):  # backwards too
        if moment >= begin:
            last = max(version for version, when in shift.times.items() if when <= moment)
            assert reel.moment(moment).state == shift.states[last]


async def _two_days() -> Shift:
    """An incident a day, closed; the second day's closes over midnight; the first day's is reopened on the third."""
    shift = await Shift().begin()
    first = await shift.do(call(), 10)
    assert first is not None
    incident = str(first.ids["incident"])
    await shift.do(CloseIncident(incident, Outcome.SETTLED), 600)
    await shift.do(call(seconds=DAY_S), DAY_S)
    second = sorted(shift.engine.picture.state.incidents)[-1]
    await shift.do(CloseIncident(second, Outcome.SETTLED), DAY_S + 60_000)
    await shift.do(ReopenIncident(incident), 2 * DAY_S)
    await shift.end()
    return shift


def test_incidents_that_left_memory_with_their_day_and_were_recalled_are_replayed_as_they_went() -> None:
    shift = asyncio.run(_two_days())
    incident = sorted(shift.states[max(shift.states)].incidents)[0]
    reel = shift.reel(at(0), at(3 * DAY_S), every=3)

    assert incident in reel.moment(at(700)).state.incidents
    assert incident not in reel.moment(at(DAY_S + 30)).state.incidents  # its day was sealed
    assert incident in reel.moment(at(2 * DAY_S + 1)).state.incidents  # recalled
    for version, state in shift.states.items():
        assert reel.at_entry(version) == state


def test_a_period_begins_at_the_kept_state_of_the_day_before_not_at_the_first_entry() -> None:
    shift = asyncio.run(_two_days())

    begin = begin_of(shift.store, at(2 * DAY_S - 10), shift.engine.picture.version)

    assert begin.folded < begin.tail.seq
    assert begin.folded <= 4
    entries = max(version for version, when in shift.times.items() if when < at(2 * DAY_S - 10))
    assert begin.state == shift.states[entries]


def test_a_kept_state_that_is_damaged_is_passed_over() -> None:
    shift = asyncio.run(_two_days())
    whole = begin_of(shift.store, at(2 * DAY_S), shift.engine.picture.version)
    kept = shift.store.snapshots.nearest(whole.tail.seq)
    assert kept is not None
    shift.store.snapshots.keep(type(kept)(kept.seq, kept.schema, kept.hash, kept.digest, kept.body[:-1] + b"?"))

    assert begin_of(shift.store, at(2 * DAY_S), shift.engine.picture.version).state == whole.state


def test_a_restart_between_does_not_show() -> None:
    async def restarted() -> Shift:
        shift = await Shift().begin()
        await shift.do(call(), 5)
        await shift.end()
        await shift.begin()
        await shift.do(call(seconds=30), 30)
        await shift.end()
        return shift

    shift = asyncio.run(restarted())
    reel = shift.reel(at(0), at(60), every=1)

    assert [len(reel.moment(at(s)).state.incidents) for s in (4, 5, 29, 30, 60)] == [0, 1, 1, 2, 2]


def test_a_clock_set_back_between_two_runs_keeps_the_order_of_the_log() -> None:
    async def set_back() -> Shift:
        shift = await Shift().begin()
        await shift.do(call(), 500)
        await shift.end()
        shift.now = at(100)
        await shift.begin()
        await shift.do(call(seconds=100), 100)
        await shift.end()
        return shift

    shift = asyncio.run(set_back())
    reel = shift.reel(at(0), at(1000))

    assert len(reel.moment(at(499)).state.incidents) == 0
    assert len(reel.moment(at(500)).state.incidents) == 2  # the later entry stands at the latest time before it


def test_an_hour_in_which_nothing_happened_stands_still() -> None:
    shift = asyncio.run(_two_days())
    reel = shift.reel(at(3000), at(6600))

    assert reel.is_wound
    assert reel.marks == []
    assert (
        reel.moment(at(3000)).state == reel.moment(at(6600)).state == shift.reel(at(0), at(6600)).moment(at(6600)).state
    )


def test_an_altered_entry_is_not_replayed_over() -> None:
    shift = asyncio.run(_two_days())
    row = shift.store.log.rows[4]
    shift.store.log.rows[4] = type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"actor": "zhao"})
    last = shift.engine.picture.version

    reel = Reel(shift.store, Period(at(0), at(DAY_S)), begin_of(shift.store, at(0), last), last)
    reel.wind()
    with pytest.raises(LogBroken, match="entry 5"):
        reel.moment(at(DAY_S))
