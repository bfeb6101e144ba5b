"""One way from a reading to a report: the register says whose it is, and only a proven device of a unit moves it."""

import pytest

from kuaijing.engine.devices import Device
from kuaijing.feeds.normaliser import Refused, trusted
from kuaijing.feeds.readings import BadReading, DeviceReading
from kuaijing.measures.coordinates import from_wgs84
from tests.feeds.street_of_devices import Street, at, degrees


def reading(seconds: float, east: float = 100.0, north: float = 0.0, key: str = "138", **more: object) -> DeviceReading:
    return DeviceReading(key, *degrees(east, north), at(seconds), **more)  # type: ignore[arg-type]


def reasons(found: list[Refused | None]) -> list[str | None]:
    return [None if each is None else each.reason for each in found]


def test_approved_device_moves_its_unit_and_the_report_says_by_what() -> None:
    street = Street()
    street.book.enter("traccar", "138", "Q2")

    found = street.normaliser.take("traccar", [reading(0, speed_mps=5.0)], trusted)

    fix = street.table.find("Q2")
    assert found == [None]
    assert fix is not None
    assert (fix.source, fix.speed_mps) == ("traccar", 5.0)
    assert street.judged[0].report.device == "traccar:138"
    assert street.judged[0].report.received_at == at(0)
    assert street.book.contacts == [("traccar:138", at(0), False)]


def test_unknown_device_is_listed_with_what_it_said_and_moves_nothing() -> None:
    street = Street()

    found = street.normaliser.take("traccar", [reading(0, said={"name": "京A0001警"})], trusted)

    assert reasons(found) == ["unknown_device"]
    assert street.judged == []
    assert street.book.strangers["traccar", "138"]["name"] == "京A0001警"


def test_same_key_of_another_protocol_is_another_device() -> None:
    street = Street()
    street.book.enter("osmand", "138")

    assert reasons(street.normaliser.take("traccar", [reading(0)], trusted)) == ["unknown_device"]


@pytest.mark.parametrize(
    ("unit", "active", "proof", "reason"),
    [
        ("Q1", True, "wrong_code", "wrong_code"),
        ("Q1", True, "unauthenticated", "unauthenticated"),
        ("Q1", False, None, "withdrawn"),
        (None, True, None, "no_unit"),
    ],
)
def test_device_that_is_not_proven_active_and_of_a_unit_moves_nothing(
    unit: str | None, active: bool, proof: str | None, reason: str
) -> None:
    street = Street()
    street.book.enter("traccar", "138", unit, active=active)

    found = street.normaliser.take("traccar", [reading(0)], lambda _device, _reading: proof)

    assert reasons(found) == [reason]
    assert street.judged == []
    if reason != "no_unit":  # a device in a drawer does nothing wrong, and it was heard
        assert street.book.faults["traccar", "138", reason] == 1
        assert street.book.contacts == []


def test_same_fix_ten_times_is_one_fix_and_nine_duplicates() -> None:
    street = Street()
    street.book.enter("traccar", "138")

    found = [street.normaliser.take("traccar", [reading(0)], trusted) for _ in range(10)]

    assert [reasons(each) for each in found] == [[None]] + [["duplicate"]] * 9


def test_coordinate_system_is_the_registers() -> None:
    street = Street()
    street.book.enter("traccar", "138", crs="gcj02")
    lon, lat = degrees(100.0, 0.0)
    shifted_lon, shifted_lat = from_wgs84([lon], [lat], "gcj02")

    street.normaliser.take(
        "traccar", [DeviceReading("138", float(shifted_lon[0]), float(shifted_lat[0]), at(0))], trusted
    )

    fix = street.table.find("Q1")
    assert fix is not None
    assert (fix.lon, fix.lat) == (pytest.approx(lon, abs=1e-8), pytest.approx(lat, abs=1e-8))


def test_device_that_moves_to_another_unit_speaks_for_it_from_its_next_message() -> None:
    street = Street()
    street.book.enter("traccar", "138", "Q1")
    street.normaliser.take("traccar", [reading(0)], trusted)
    street.book.enter("traccar", "138", "Q2")
    street.clock.seconds = 5

    street.normaliser.take("traccar", [reading(5)], trusted)

    assert [each.report.unit for each in street.judged] == ["Q1", "Q2"]


def test_reading_without_a_time_has_ours() -> None:
    street = Street()
    street.book.enter("osmand", "138")
    street.clock.seconds = 7

    street.normaliser.take("osmand", [DeviceReading("138", *degrees(0, 0), None)], trusted)

    assert street.judged[0].report.measured_at == at(7)


def test_batch_is_judged_in_its_order_and_answered_one_by_one() -> None:
    street = Street()
    street.book.enter("json", "a", "Q1")
    street.book.enter("json", "b", "Q2")
    street.clock.seconds = 20

    found = street.normaliser.take(
        "json",
        [
            reading(10, key="a"),
            reading(15, 110, key="a"),
            reading(5, key="a"),
            reading(20, 200, key="b"),
            reading(0, key="c"),
        ],
        trusted,
    )

    assert reasons(found) == [None, None, "out_of_order", None, "unknown_device"]
    assert sorted(device for device, _, _ in street.book.contacts) == ["json:a", "json:b"]


def test_unreadable_message_counts_against_a_device_of_the_register_only() -> None:
    street = Street()
    street.book.enter("traccar", "138")

    for key in ("138", "stranger", None):
        street.normaliser.unreadable("traccar", BadReading([], key))

    assert dict(street.book.faults) == {("traccar", "138", "unreadable"): 1}


def test_proof_is_asked_for_the_device_that_the_reading_names() -> None:
    street = Street()
    street.book.enter("json", "a", "Q1")
    street.book.enter("json", "b", "Q2")
    asked: list[str] = []

    def only_a(device: Device, _reading: DeviceReading) -> str | None:
        asked.append(device.key)
        return None if device.key == "a" else "wrong_code"

    found = street.normaliser.take("json", [reading(0, key="a"), reading(0, key="b")], only_a)

    assert asked == ["a", "b"]
    assert reasons(found) == [None, "wrong_code"]
