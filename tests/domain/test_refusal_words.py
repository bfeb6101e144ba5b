"""A refusal shows the value as it came in, never as a program writes it down."""

from kuaijing.domain.errors import ValueUnknown
from kuaijing.domain.words import UnitStatus


def test_an_unknown_word_is_shown_as_it_came_in() -> None:
    refused = ValueUnknown("status", UnitStatus.EN_ROUTE, ("available", "off_duty"))

    assert str(refused) == "status 'en_route': not one of the words known; give one of available, off_duty"
