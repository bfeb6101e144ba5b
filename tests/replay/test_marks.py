"""What the slider shows: each mark where a live screen first had it, and broken limits by the rule of the live alert."""

import asyncio

from hypothesis import HealthCheck, given, settings

from kuaijing.domain.commands import Escalate, RaiseHelp, RecordArrival
from kuaijing.engine.replay import MarkKind
from kuaijing.measures.instants import Instant
from kuaijing.wire.alerts import alerts_of
from tests.engine.city import at, call, order, place, stamp
from tests.replay.shift import Shift
from tests.replay.test_reel import _DRAWS, _shift


def test_order_arrival_escalation_help_and_breach_stand_at_their_times() -> None:
    async def shift() -> Shift:
        shift = await Shift().begin()
        taken = await shift.do(call(), 10)  # limit 60 s
        assert taken is not None
        incident = str(taken.ids["incident"])
        ordered = await shift.do(order(shift.engine.picture.state, incident, "u1"), 20)
        assert ordered is not None
        part = ordered.ids["assignments"][0]
        await shift.do(stamp(part, "en_route", 25), 25)
        await shift.do(Escalate(incident, 1), 50)
        await shift.do(RecordArrival(part, at(94), at(96)), 97)
        await shift.do(RaiseHelp("u2", "", "", place(), "help", "standard"), 120)
        await shift.end()
        return shift

    reel = asyncio.run(shift()).reel(at(0), at(200))

    told = [(mark.kind, mark.at, mark.unit) for mark in reel.marks]
    assert told == [
        (MarkKind.OPENED, at(10), None),
        (MarkKind.ORDERED, at(20), "u1"),
        (MarkKind.ESCALATED, at(50), None),
        (MarkKind.BREACH, at(80), None),  # first order at 20, limit 60 s, measured at 96
        (MarkKind.ARRIVED, at(97), "u1"),
        (MarkKind.OPENED, at(120), None),
        (MarkKind.SOS, at(120), "u2"),
        (MarkKind.BREACH, at(180), None),  # nobody was sent to the one who asked for help
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(draws=_DRAWS)
def test_a_breach_is_marked_exactly_where_the_live_alert_rose(draws: list[tuple[int, int, int, float]]) -> None:
    shift = asyncio.run(_shift([draw[:3] for draw in draws], [draw[3] for draw in draws]))
    last = Instant(max(shift.times.values()) + 100_000_000)
    reel = shift.reel(at(0), last, every=4)

    marked = {(mark.incident, mark.at) for mark in reel.marks if mark.kind is MarkKind.BREACH}
    for incident, when in marked:
        alerts = {alert.id for alert in alerts_of(reel.moment(when).state, None, when)}
        before = {alert.id for alert in alerts_of(reel.moment(Instant(when - 1)).state, None, Instant(when - 1))}
        assert f"limit:{incident}" in alerts
        assert f"limit:{incident}" not in before
    ends = [*(Instant(each - 1) for each in sorted(set(shift.times.values()))), last]
    for when in ends:  # whatever is broken just before an entry was marked at or before it
        for alert in alerts_of(reel.moment(when).state, None, when):
            if alert.kind == "limit_broken":
                assert any(incident == alert.incident and at_ <= when for incident, at_ in marked), alert
