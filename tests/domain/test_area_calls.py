"""One message to everybody in an area: the roll is frozen at the call, a receipt answers nothing, who is silent stays visible."""

import pytest

from kuaijing.domain.area_calls import (
    MOST_KEPT,
    MOST_RUNNING,
    AreaCallAnswered,
    AreaCallDelivered,
    AreaCalled,
    AreaCallEnded,
    UnknownAreaCall,
)
from kuaijing.domain.commands import AnswerAreaCall, CallArea, CalledArea, EndAreaCall, RecordAreaReceipt, SetUnitStatus
from kuaijing.domain.errors import IdentifierTaken, Invalid, NotAllowed, Refused, UnknownIncident, ValueUnknown
from kuaijing.domain.registry import incidents_of
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.points import Point
from tests.domain.street import FIGHT, Street, at

WEST_GATE = CalledArea("circle", "", "西门", centre=Point(112.0, 27.0), radius_m=1000.0)
TEXT = "在西门附近巡逻警力请注意"


def _call(street: Street, *units: str, name: str = "a1", incident: str | None = None, minute: int = 1) -> None:
    street.do(CallArea(name, TEXT, WEST_GATE, units, "2 频道", incident), minute)


def test_everybody_called_is_on_the_roll_and_nobody_has_answered_yet() -> None:
    street = Street("u1", "u2", "u3")
    street.call()
    (called,) = street.do(CallArea("a1", f" {TEXT} ", WEST_GATE, ("u1", "u2", "u1"), " 2 频道 ", FIGHT), 1)

    assert isinstance(called, AreaCalled)
    assert (called.text, called.units, called.talk_group) == (TEXT, ("u1", "u2"), "2 频道")
    assert incidents_of(called) == (FIGHT,)  # it stands on that timeline
    assert [(row.unit, row.delivered_at, row.answers) for row in street.state.area_calls["a1"].roll] == [
        ("u1", None, ()),
        ("u2", None, ()),
    ]


def test_a_terminals_receipt_is_no_answer_and_is_kept_once() -> None:
    street = Street("u1")
    _call(street, "u1")
    (delivered,) = street.do(RecordAreaReceipt("a1", "u1", "jt808:013900000001"), 2)

    assert delivered == AreaCallDelivered("a1", "u1", "jt808:013900000001", at(2))
    assert street.do(RecordAreaReceipt("a1", "u1", ""), 3) == ()
    (row,) = street.state.area_calls["a1"].roll
    assert (row.delivered_by, row.answers) == ("jt808:013900000001", ())
    (ended,) = street.do(EndAreaCall("a1"), 4)
    assert isinstance(ended, AreaCallEnded)
    assert ended.silent == ("u1",)


def test_answers_by_page_and_by_voice_say_how_and_who_entered_them() -> None:
    street = Street("u1", "u2")
    _call(street, "u1", "u2")
    (pressed,) = street.do(AnswerAreaCall("a1", "u1"), 2)
    (spoken,) = street.do(AnswerAreaCall("a1", "u2", "在桥北，马上到"), 3, by_voice=True)

    assert isinstance(pressed, AreaCallAnswered)
    assert isinstance(spoken, AreaCallAnswered)
    assert (pressed.how, spoken.how, spoken.text) == ("page", "voice", "在桥北，马上到")
    assert street.do(AnswerAreaCall("a1", "u1"), 4) == ()  # pressed twice is answered once
    street.do(AnswerAreaCall("a1", "u1", "已到桥头"), 5)
    assert [answer.text for answer in street.state.area_calls["a1"].roll[0].answers] == ["", "已到桥头"]


def test_an_answer_after_the_end_still_fills_its_row() -> None:
    street = Street("u1", "u2")
    _call(street, "u1", "u2")
    street.do(AnswerAreaCall("a1", "u1"), 2)
    (ended,) = street.do(EndAreaCall("a1"), 3)
    assert isinstance(ended, AreaCallEnded)
    assert ended.silent == ("u2",)
    street.do(AnswerAreaCall("a1", "u2"), 4)

    assert street.do(EndAreaCall("a1"), 5) == ()
    assert all(row.answers for row in street.state.area_calls["a1"].roll)


def test_whoever_was_not_called_cannot_answer() -> None:
    street = Street("u1", "u2")
    _call(street, "u1")

    with pytest.raises(NotAllowed, match="not on the roll"):
        street.do(AnswerAreaCall("a1", "u2"), 2)
    with pytest.raises(UnknownAreaCall):
        street.do(AnswerAreaCall("a9", "u1"), 2)


def test_a_call_to_nobody_or_without_words_is_refused_with_every_fault() -> None:
    street = Street("u1", "u2")
    street.do(SetUnitStatus("u2", UnitStatus.OFF_DUTY), 0)

    with pytest.raises(Refused) as refused:
        street.do(CallArea("a1", " ", CalledArea("circle", "", "西门"), ("u2", "u9")), 1)
    assert [fault.field for fault in refused.value.fields()] == ["area.radius_m", "text", "units", "units"]
    with pytest.raises(Invalid, match="nobody on duty"):
        _call(street)
    with pytest.raises(Invalid, match="201 characters"):
        street.do(CallArea("a1", "注" * 201, WEST_GATE, ("u1",)), 1)
    with pytest.raises(ValueUnknown, match="polygon, circle, beat, tier"):
        street.do(CallArea("a1", TEXT, CalledArea("city", "", ""), ("u1",)), 1)
    with pytest.raises(UnknownIncident):
        street.do(CallArea("a1", TEXT, WEST_GATE, ("u1",), "", "20261121-0999"), 1)


def test_an_identifier_is_given_once_and_running_calls_are_bounded() -> None:
    street = Street("u1")
    _call(street, "u1")
    with pytest.raises(IdentifierTaken):
        _call(street, "u1")
    for number in range(2, MOST_RUNNING + 1):
        _call(street, "u1", name=f"a{number}", minute=number)

    with pytest.raises(NotAllowed, match="end one first"):
        _call(street, "u1", name="more", minute=30)


def test_ended_calls_leave_memory_oldest_first_and_running_ones_never() -> None:
    street = Street("u1")
    _call(street, "u1", name="running")
    for number in range(MOST_KEPT + 5):
        _call(street, "u1", name=f"a{number}", minute=10 + 2 * number)
        street.do(EndAreaCall(f"a{number}"), 11 + 2 * number)
    _call(street, "u1", name="last", minute=200)

    held = street.state.area_calls
    assert {"running", "last", f"a{MOST_KEPT + 4}"} <= set(held)
    assert "a0" not in held
    assert len(held) == MOST_KEPT + 2
