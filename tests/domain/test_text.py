"""Escaped, over-long and mixed-script text in every field of every command."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.domain import errors
from kuaijing.domain.commands import (
    AddNote,
    Command,
    Context,
    CoverMove,
    HandOver,
    OrderCover,
    PlaceClosure,
    PlannedUnit,
    PutPlanInForce,
    SetUnitStatus,
    TakeCall,
)
from kuaijing.domain.errors import DomainError, Refused, TextTooLong, TextUnreadable
from kuaijing.domain.registry import COMMAND_TYPES, decide
from kuaijing.domain.state import State
from kuaijing.domain.text import text_faults
from kuaijing.domain.words import Origin, UnitStatus
from kuaijing.measures.points import Point
from tests.domain.street import FIGHT, Street, at, place

COMMANDS = (
    TakeCall("c1", FIGHT, None, Origin.CALL_110, at(0), place(), "fight", 2, "standard"),
    AddNote(FIGHT, "note"),
    OrderCover((CoverMove("u1", 1, Point(1, 2), "place"),)),
    PlaceClosure("z1", "zone", 0.0, "line", ((1.0, 2.0), (1.1, 2.1))),
    PutPlanInForce(
        "p", "1", "d", "g", at(-1), (PlannedUnit("u1", "2001", "car", "p", "b", 1, 1, "l", ("x",), True, None),), ()
    ),
    HandOver("王强", "note"),
    SetUnitStatus("u1", UnitStatus.AVAILABLE),
)


def with_text(value: Any, text: str) -> list[tuple[str, Any]]:
    """Copies of ``value`` with ``text`` in one text field each, and the field's path."""
    found: list[tuple[str, Any]] = []
    for each in fields(value):
        inner = getattr(value, each.name)
        if type(inner) is str:
            found.append((each.name, replace(value, **{each.name: text})))
        elif is_dataclass(inner):
            found.extend((f"{each.name}.{p}", replace(value, **{each.name: v})) for p, v in with_text(inner, text))
        elif isinstance(inner, tuple) and inner and is_dataclass(inner[0]):
            found.extend(
                (f"{each.name}[0].{p}", replace(value, **{each.name: (v,)})) for p, v in with_text(inner[0], text)
            )
        elif isinstance(inner, tuple) and inner and isinstance(inner[0], str):
            found.append((f"{each.name}[0]", replace(value, **{each.name: (text,)})))
    return found


CASES = [(type(command).__name__, path, hurt) for command in COMMANDS for path, hurt in with_text(command, "长" * 2001)]


@pytest.mark.parametrize(("name", "path", "command"), CASES, ids=[f"{name}.{path}" for name, path, _ in CASES])
def test_a_text_beyond_its_field_is_refused_with_the_field_and_the_length(name: str, path: str, command: Any) -> None:
    with pytest.raises(TextTooLong, match=r"2001 characters, \d+ at most") as refusal:
        decide(State(), command, Context("a", "console", at(0)))
    assert refusal.value.fields()[0].field == path


@pytest.mark.parametrize("text", ["a\x00b", "half \ud800 pair", "\x1b[31m", "\x85"])
def test_control_characters_and_half_pairs_are_refused_in_every_field(text: str) -> None:
    for command in COMMANDS:
        for path, hurt in with_text(command, text):
            with pytest.raises(TextUnreadable) as refusal:
                decide(State(), hurt, Context("a", "console", at(0)))
            assert refusal.value.fields()[0].field == path
            str(refusal.value).encode()  # the message itself can be written


def test_all_faults_are_listed_and_the_context_is_looked_at_too() -> None:
    with pytest.raises(Refused) as refusal:
        decide(State(), AddNote(FIGHT, "长" * 2001), Context("a\x00", "console", at(0), reason="因" * 501))
    assert [fault.field for fault in refusal.value.fields()] == ["text", "actor", "reason"]
    assert refusal.value.category == "invalid"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; DROP TABLE event; --", "ئۇيغۇر 中文 ᠮᠣᠩ བོད 👮🏽‍♀️", "a\tb\nc"]
)
def test_any_script_and_any_markup_is_a_text_and_is_kept_as_it_is(text: str) -> None:
    street = Street()
    street.call(FIGHT)

    (event,) = street.do(AddNote(FIGHT, text), 5)

    assert event.text == text  # type: ignore[union-attr]


@given(st.text(alphabet=st.characters(), max_size=60))
def test_whatever_passes_can_be_encoded(text: str) -> None:
    if not text_faults(AddNote(FIGHT, text)):
        text.encode("utf-8")


def test_every_command_type_is_decided_by_some_slice() -> None:
    assert set(get_args(Command)) == set(COMMAND_TYPES)


def test_every_error_is_a_domain_error_with_fields() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, DomainError)]
    assert len(kinds) > 20
    assert all(
        each.category in ("missing", "conflict", "invalid", "unavailable") for each in kinds if each is not Refused
    )
