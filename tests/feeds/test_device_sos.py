"""A pressed SOS is one call for help, however often it is reported; it is not lost while the core cannot write."""

import asyncio
import json

import pytest

from kuaijing.feeds import help as distress
from kuaijing.feeds import traccar
from kuaijing.feeds.normaliser import trusted
from kuaijing.feeds.readings import DeviceReading
from kuaijing.measures.points import Point
from tests.feeds.street_of_devices import PLAN, Street, at, degrees
from tests.feeds.street_of_devices import traccar as forwarded


async def heard(
    street: Street,
    seconds: float,
    sos: bool,
    *,
    east: float | None = 100.0,
    later: float = 0.0,
    backfill: bool = False,
) -> bool:
    """A report measured at ``seconds`` by the device's clock, received so much ``later``."""
    device = street.book.find("traccar", "138")
    assert device is not None
    street.clock.seconds = seconds + later
    point = None if east is None else Point(*degrees(east, 0))
    begun = street.distress.heard(device, sos, at(seconds), point, backfill=backfill)
    await street.distress.settle()
    return begun


def one_device(unit: str | None = "Q1") -> Street:
    street = Street()
    street.book.enter("traccar", "138", unit)
    return street


async def test_sos_forwarded_by_traccar_is_a_grade_one_incident_at_that_place_with_the_units_name() -> None:
    street = one_device()
    message = forwarded(0, 100, 0, attributes={"alarm": "sos"})

    street.normaliser.take("traccar", traccar.decode(json.dumps(message).encode()), trusted)
    await street.distress.settle()

    (incident,) = street.helped()
    lon, lat = degrees(100, 0)
    assert (incident.place.point.lon, incident.place.point.lat) == (pytest.approx(lon), pytest.approx(lat))
    assert (incident.raised_by, incident.grade, incident.kind) == ("Q1", 1, "officer_help")
    assert (street.contexts[0].actor, street.contexts[0].source) == ("traccar:138", "traccar")


async def test_press_that_every_report_repeats_is_raised_once() -> None:
    street = one_device()

    begun = [await heard(street, seconds, True) for seconds in (0, 0, 5, 10, 600)]

    assert begun == [True, False, False, False, False]
    assert len(street.helped()) == 1


async def test_press_after_a_report_without_it_is_another_one() -> None:
    street = one_device()

    begun = [await heard(street, seconds, sos) for seconds, sos in ((0, True), (5, False), (10, True))]

    assert begun == [True, False, True]
    assert len(street.helped()) == 2


async def test_late_report_of_the_same_press_is_not_another_one() -> None:
    street = one_device()

    begun = [await heard(street, seconds, sos) for seconds, sos in ((10, True), (20, False), (12, True), (5, False))]

    assert begun == [True, False, False, False]
    assert [await heard(street, 30, True)] == [True]


@pytest.mark.parametrize("backfill", [False, True])
async def test_press_of_long_ago_is_counted_and_not_raised(backfill: bool) -> None:
    street = one_device()
    await heard(street, 0, False)  # its clock is right

    assert not await heard(street, 5, True, later=distress.STALE_S + 1, backfill=backfill)

    assert street.helped() == []
    assert street.book.faults["traccar", "138", "sos_stale"] == 1


async def test_press_sent_late_out_of_a_blind_area_is_raised() -> None:
    assert await heard(one_device(), 0, True, later=distress.STALE_S - 60, backfill=True)


async def test_device_whose_clock_is_a_day_behind_is_not_late() -> None:
    street, behind = one_device(), 20 * 3600.0
    await heard(street, 0, False, later=behind)

    assert await heard(street, 5, True, later=behind)
    assert [await heard(street, 10, sos, later=behind) for sos in (True, False)] == [False, False]
    assert await heard(street, 15, True, later=behind)


async def test_press_on_a_clock_that_was_lost_is_raised() -> None:
    street = one_device()
    await heard(street, 0, False)

    assert await heard(street, 5, True, later=20 * 365 * 86_400.0)  # the terminal begins again in another century


async def test_first_word_of_a_device_is_believed_to_be_new() -> None:
    assert await heard(one_device(), 0, True, later=20 * 3600.0)


async def test_clock_that_ran_ahead_does_not_silence_the_next_press() -> None:
    street, ahead = one_device(), -86_400.0

    begun = [
        await heard(street, 86_400, True, later=ahead),
        await heard(street, 86_405, False, later=ahead),
        await heard(street, 10, True),  # the clock has been set right
    ]

    assert begun == [True, False, True]


async def test_device_in_a_drawer_raises_nothing() -> None:
    street = one_device(None)

    assert not await heard(street, 0, True)

    assert street.book.faults["traccar", "138", "sos_without_unit"] == 1


async def test_press_without_a_place_stands_at_the_last_known_one_then_at_a_platform() -> None:
    nowhere, seen = one_device(), one_device()
    seen.normaliser.take("traccar", [DeviceReading("138", *degrees(300, 0), at(0))], trusted)

    await heard(nowhere, 1, True, east=None)
    await heard(seen, 1, True, east=None)

    assert nowhere.helped()[0].place.point in {post.point for post in PLAN.platforms}
    assert "位置不明" in nowhere.helped()[0].place.text
    assert seen.helped()[0].place.point.lon == pytest.approx(degrees(300, 0)[0])
    assert "最后位置" in seen.helped()[0].place.text


async def test_press_is_raised_once_the_core_can_write_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distress, "TRIES_AFTER_S", (0.0, 0.02, 0.02, 0.02))
    street = one_device()
    street.core.down = True
    device = street.book.find("traccar", "138")
    assert device is not None

    street.distress.heard(device, True, at(0), Point(*degrees(0, 0)))
    await asyncio.sleep(0.03)
    street.core.down = False
    await street.distress.settle()

    assert len(street.helped()) == 1


async def test_press_that_could_not_be_raised_is_tried_again_with_the_next_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(distress, "TRIES_AFTER_S", (0.0,))
    street = one_device()
    street.core.down = True

    await heard(street, 0, True)
    street.core.down = False
    await heard(street, 5, True)

    assert len(street.helped()) == 1
    assert street.book.faults["traccar", "138", "sos_not_raised"] == 1


async def test_after_a_restart_a_press_that_goes_on_is_not_raised_again() -> None:
    street = one_device()
    await heard(street, 0, True)
    street.distress = distress.Distress(street.doors, street.distress._ground)  # nothing remembered

    begun = [await heard(street, 5, True), await heard(street, 10, False), await heard(street, 15, True)]

    assert begun == [False, False, True]
    assert len(street.helped()) == 2
