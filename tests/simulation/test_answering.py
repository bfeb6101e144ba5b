"""Play-acted crews answer an area call as a shift would: most soon, the busy later, some never; the same each time."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.measures.instants import Instant, after, from_datetime, seconds_between
from kuaijing.simulation.answering import Answering, AreaDeed
from kuaijing.wire.area_calls import AreaAnswerView, AreaCallView, CalledAreaView, RollView

CALLED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
START = from_datetime(CALLED)
UNITS = [f"20{n:03}" for n in range(300)]


def call(units: list[str] = UNITS, ended: datetime | None = None, row: RollView | None = None) -> AreaCallView:
    area = CalledAreaView("circle", "", "西门", [], 112.0, 28.0, 800.0)
    roll = [row] if row else [RollView(unit, unit, None, "", []) for unit in units]
    return AreaCallView("a-1", "注意", area, "", None, "wang", CALLED, None if ended is None else "wang", ended, roll)


def deeds(
    one: Answering, seconds: int, *calls: AreaCallView, status: str = "available", every_s: int = 1
) -> list[AreaDeed]:
    statuses = dict.fromkeys(UNITS, status)
    return [deed for t in range(0, seconds + 1, every_s) for deed in one.due(calls, statuses, after(START, t))]


def answers(found: list[AreaDeed]) -> list[AreaDeed]:
    return [deed for deed in found if deed.text is not None]


def waited(found: list[AreaDeed]) -> list[float]:
    return sorted(seconds_between(START, deed.at) for deed in found)


def test_a_believable_share_answers_after_a_human_delay_and_some_never() -> None:
    found = deeds(Answering(7), 600, call())
    said = answers(found)

    assert 0.85 < len(said) / len(UNITS) < 0.97
    delays = waited(said)
    assert delays[0] > 3
    assert 8 < delays[len(delays) // 2] < 20
    assert delays[-1] < 170
    assert 0.1 < sum(deed.text != "" for deed in said) / len(said) < 0.4


def test_every_terminal_shows_the_message_before_its_crew_answers_and_does_each_once() -> None:
    found = deeds(Answering(7), 600, call())
    shown = {deed.unit: deed.at for deed in found if deed.text is None}

    assert len(shown) == len(UNITS)
    assert len(found) == len({(deed.unit, deed.text is None) for deed in found})
    assert all(shown[deed.unit] < deed.at for deed in answers(found))


def test_crews_at_a_scene_answer_less_and_later() -> None:
    free, busy = (answers(deeds(Answering(7), 600, call(), status=status)) for status in ("available", "on_scene"))

    assert len(busy) < 0.75 * len(free)
    assert waited(busy)[len(busy) // 2] > 1.5 * waited(free)[len(free) // 2]


def test_nobody_answers_for_a_visitor_or_off_duty_or_once_the_call_has_ended() -> None:
    assert all(deed.unit != UNITS[0] for deed in deeds(Answering(7, UNITS[0]), 600, call()))
    assert deeds(Answering(7), 600, call(), status="off_duty") == []
    assert deeds(Answering(7), 600, call(ended=CALLED)) == []
    one = Answering(7)
    before = answers(deeds(one, 6, call()))
    assert 0 < len(before) < len(UNITS) / 2
    assert one.due([call(ended=CALLED)], dict.fromkeys(UNITS, "available"), after(START, 600)) == []


def test_what_was_said_already_by_voice_is_not_said_again() -> None:
    said = AreaAnswerView("收到", "voice", "wang", CALLED)
    row = RollView(UNITS[0], UNITS[0], CALLED, "", [said])

    assert deeds(Answering(7), 600, call(row=row)) == []


@settings(deadline=None)
@given(st.integers(0, 1000), st.sampled_from([1, 3, 40]))
def test_the_same_seed_gives_the_same_answers_however_often_one_looks(seed: int, every_s: int) -> None:
    few = UNITS[:12]
    often, seldom, alone = (
        deeds(Answering(seed), 200, call(units=few)),
        deeds(Answering(seed), 200, call(units=few), every_s=every_s),
        deeds(Answering(seed), 200, call(units=few[3:4])),
    )
    told = Instant(after(START, 160))
    assert [d for d in often if d.at < told] == sorted((d for d in seldom if d.at < told), key=lambda d: (d.at, d.unit))
    assert [deed for deed in often if deed.unit == few[3]] == alone
