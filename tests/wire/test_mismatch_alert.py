"""A pressed arrival that positions contradict asks for attention, once it is known and while the incident runs."""

from kuaijing.domain.commands import RecordArrival
from kuaijing.wire.alerts import MISMATCH_S, alerts_of
from tests.domain.street import FIGHT, Street, at


def _mismatches(street: Street, seconds: float) -> list[str]:
    return [alert.id for alert in alerts_of(street.state, None, at(seconds)) if alert.kind == "mismatch"]


def _on_scene(pressed: float) -> Street:
    street = Street("u1")
    street.call()
    street.stamp(street.order(FIGHT, "u1", 10), "on_scene", pressed)
    return street


def test_a_press_long_before_the_measured_arrival_asks_for_attention_until_the_incident_is_closed() -> None:
    street = _on_scene(pressed=20)
    assert _mismatches(street, 30) == []  # nothing is measured yet
    street.do(RecordArrival(f"{FIGHT}.1", at(20 + MISMATCH_S + 5), at(20 + MISMATCH_S + 10)), 95)

    assert _mismatches(street, 95) == [f"mismatch:{FIGHT}.1"]
    street.close(FIGHT, 200)
    assert _mismatches(street, 201) == []


def test_a_press_within_a_minute_of_the_measured_arrival_does_not() -> None:
    street = _on_scene(pressed=20)
    street.do(RecordArrival(f"{FIGHT}.1", at(70), at(75)), 80)

    assert _mismatches(street, 90) == []
