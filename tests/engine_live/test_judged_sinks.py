"""Whoever wants the judgements is told each batch once; whoever fails stops nobody; what is found reaches the core in order."""

from collections.abc import Sequence

import pytest

from kuaijing.domain.commands import RecordContact
from kuaijing.engine.live import LivePicture
from kuaijing.routing.network import Network
from kuaijing.tracking import Judgement
from tests.engine_live.small_core import SmallCore, TestClock
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import at, report

NETWORK = Network(grid_ground(11, 11, 200.0))


def live_of(*units: str) -> tuple[SmallCore, LivePicture]:
    clock = TestClock()
    core = SmallCore([(unit, "car") for unit in units], clock)
    return core, LivePicture(core, NETWORK, clock)


def test_each_batch_is_told_once_and_a_failing_sink_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    _, live = live_of("U1")
    told: list[Sequence[Judgement]] = []

    def fails(judged: Sequence[Judgement]) -> None:
        raise ValueError("disk full")

    live.on_judged += [fails, told.append]
    judged = live.take([report(0), report(0), report(1, unit="nobody")])

    assert told == [judged]
    assert [each.moves for each in judged] == [True, False, False]
    assert "disk full" in caplog.text


async def test_what_a_detector_finds_is_submitted_in_order_once() -> None:
    core, live = live_of("U1")
    live.take([report(0)])
    found = [RecordContact("U1", True, at(5)), RecordContact("U1", False, at(6))]
    for command in found:
        live.note_finding(command)
    await live.settle()
    await live.settle()

    assert live.submitted == {"RecordContact": 2}
    assert not core.picture.state.units["U1"].lost_contact
