"""A terminal's day at the door: it registers, authenticates, reports, catches up, is moved, withdrawn and replaced."""

import asyncio

import pytest

from kuaijing.feeds.jt808.bodies import read_body
from kuaijing.feeds.jt808.framing import write_frame
from kuaijing.measures.instants import seconds_between
from tests.engine.city import START, at
from tests.feeds.jt808_world import (
    CAR,
    CODES,
    MOTO,
    batch,
    location,
    on_both_loops,
    until,
    world,
)

REGISTER_2013 = (
    bytes.fromhex("000a0028")
    + b"MAKER"
    + b"MODEL".ljust(20, b"\x00")
    + b"TERM001"
    + b"\x01"
    + "湘E12345警".encode("gbk")
)
REGISTER_2011 = (
    bytes.fromhex("000a0028") + b"MAKER" + b"MODEL".ljust(8, b"\x00") + b"TERM001" + b"\x01" + "湘E123".encode("gbk")
)
REGISTER_2019 = (
    bytes.fromhex("000a0028") + b"MAKER".ljust(11, b"\x00") + b"MODEL".ljust(30, b"\x00") + b"TERM001".ljust(30, b"\x00")
    + b"\x01" + "湘E12345警".encode("gbk")
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "edition"), [(REGISTER_2011, "2011"), (REGISTER_2013, "2013"), (REGISTER_2019, "2019")]
)
@on_both_loops
async def test_known_terminal_registers_and_authenticates_with_the_code_it_was_given(body: bytes, edition: str) -> None:
    async with world() as city:
        terminal = await city.terminal(is_2019=edition == "2019", known=False)
        await terminal.send(0x0100, body)
        answer = read_body(await terminal.next(0x8100))

        assert (answer["result"], answer["ack_serial"]) == (0, terminal.serial)
        assert await terminal.authenticate(answer["auth_code"]) == 0
        (connected,) = city.server.connections()
        assert (connected.device, connected.unit, connected.edition) == (f"jt808:{CAR}", "u1", edition)


@on_both_loops
async def test_unknown_terminal_gets_no_code_and_is_listed_with_what_it_says_of_itself() -> None:
    async with world() as city:
        terminal = await city.terminal("013700000009", known=False)
        await terminal.send(0x0100, REGISTER_2013)
        answer = read_body(await terminal.next(0x8100))

        assert (answer["result"], answer["auth_code"]) == (4, None)
        facts = city.book.unknowns["013700000009"]
        assert (facts["plate"], facts["maker"], facts["terminal_id"]) == ("湘E12345警", "MAKER", "TERM001")
        assert await terminal.authenticate("code-car") == 1
        assert await terminal.say(0x0200, location()) == 1
        assert city.taken == []


@on_both_loops
async def test_wrong_code_is_refused_and_the_connection_stays_unauthenticated() -> None:
    async with world() as city:
        terminal = await city.terminal(known=False)

        assert await terminal.authenticate("guess") == 1
        assert await terminal.say(0x0200, location()) == 1
        assert city.book.faults[CAR, "wrong_code"] == 1
        assert city.book.faults[CAR, "unauthenticated"] == 1
        assert await terminal.authenticate(CODES[CAR]) == 0
        assert await terminal.say(0x0200, location()) == 0


@on_both_loops
async def test_wrong_code_on_an_authenticated_connection_ends_it() -> None:
    async with world() as city:
        terminal = await city.terminal()

        assert await terminal.authenticate("guess") == 1
        assert await terminal.is_closed()
        assert city.server.connections() == []


@on_both_loops
async def test_guessing_is_locked_for_that_number_from_that_address() -> None:
    async with world() as city:
        terminal = await city.terminal(known=False)
        for _ in range(5):
            await terminal.authenticate("guess")

        assert await terminal.authenticate(CODES[CAR]) == 1
        assert city.book.faults[CAR, "locked"] == 1
        city.seconds[0] = 61
        assert await terminal.authenticate(CODES[CAR]) == 0


@on_both_loops
async def test_location_becomes_a_report_in_house_units_and_is_acknowledged_after_it_was_taken() -> None:
    async with world() as city:
        terminal = await city.terminal(is_2019=True)
        city.seconds[0] = 3

        assert await terminal.say(0x0200, location(1.0, lon=111.5, lat=27.25)) == 0
        (report,) = city.taken
        assert (report.unit, report.device, report.source, report.crs) == ("u1", f"jt808:{CAR}", "jt808", "wgs84")
        assert (report.lon, report.lat, report.speed_mps, report.heading_deg) == (111.5, 27.25, 10.0, 90.0)
        assert (seconds_between(START, report.measured_at), report.received_at) == (1.0, at(3))
        assert not report.backfill


@on_both_loops
async def test_crs_is_the_registers_and_south_and_west_are_negative() -> None:
    async with world() as city:
        city.move(CAR, "u1", crs="gcj02")
        terminal = await city.terminal()
        await terminal.say(0x0200, location(status=2 | 4 | 8))

        assert (city.taken[0].lon, city.taken[0].lat, city.taken[0].crs) == (-111.46, -27.24, "gcj02")


@on_both_loops
async def test_location_without_a_fix_or_a_clock_is_counted_and_acknowledged_but_no_report() -> None:
    async with world() as city:
        terminal = await city.terminal()

        assert await terminal.say(0x0200, location(status=0)) == 0
        assert await terminal.say(0x0200, location()[:22] + bytes(6)) == 0
        assert city.taken == []
        assert city.book.faults[CAR, "not_positioned"] == 1
        assert city.book.faults[CAR, "no_time"] == 1


@on_both_loops
async def test_terminal_without_a_unit_is_heard_but_moves_nothing() -> None:
    async with world() as city:
        city.move(CAR, None)
        terminal = await city.terminal()

        assert await terminal.say(0x0200, location()) == 0
        assert city.taken == []
        assert city.book.faults[CAR, "without_unit"] == 1
        assert (CAR, True) in city.book.contacts


@on_both_loops
async def test_batch_is_backfill_or_not_as_it_says_and_a_bad_item_costs_only_itself() -> None:
    async with world() as city:
        terminal = await city.terminal()

        assert await terminal.say(0x0704, batch([location(1), b"short", location(2)], kind=1)) == 0
        assert await terminal.say(0x0704, batch([location(3)], kind=0)) == 0
        assert [report.backfill for report in city.taken] == [True, True, False]
        assert city.book.faults[CAR, "length"] == 1


@on_both_loops
async def test_heartbeat_logout_and_what_is_not_supported_are_answered() -> None:
    async with world() as city:
        terminal = await city.terminal()

        assert await terminal.say(0x0002) == 0
        assert await terminal.say(0x0900, b"\x00abc") == 3
        assert await terminal.say(0x0003) == 0
        assert await terminal.is_closed()
        await until(lambda: city.book.contacts[-1] == (CAR, False))


@on_both_loops
async def test_our_serial_counts_up() -> None:
    async with world() as city:
        terminal = await city.terminal()
        for _ in range(5):
            await terminal.say(0x0002)

        assert terminal.serials == list(range(6))


@on_both_loops
async def test_subpackages_are_put_together_in_any_order_and_asked_for_again() -> None:
    async with world() as city:
        terminal = await city.terminal()
        body = batch([location(second) for second in range(60)])
        parts = [body[start : start + 500] for start in range(0, len(body), 500)]

        def package(number: int) -> bytes:
            part = parts[number - 1]
            header = (0x0704).to_bytes(2, "big") + (len(part) | 0x2000).to_bytes(2, "big") + bytes.fromhex(CAR)
            numbers = len(parts).to_bytes(2, "big") + number.to_bytes(2, "big")
            plain = header + (1000 + number).to_bytes(2, "big") + numbers + part
            total = 0
            for byte in plain:
                total ^= byte
            inner = (plain + bytes([total])).replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02")
            return b"\x7e" + inner + b"\x7e"

        terminal.writer.write(package(3) + package(1))
        assert await terminal.result(1003) == 0
        (session,) = city.server.sessions_of("u1")
        session.look(session.heard_at + 6)
        asked = await terminal.next(0x8003)
        assert asked.body == (1001).to_bytes(2, "big") + bytes([2]) + bytes.fromhex("00020004")
        terminal.writer.write(package(4) + package(2))
        assert await terminal.result(1002) == 0

        assert [seconds_between(START, report.measured_at) for report in city.taken] == list(range(60))
        assert all(report.backfill for report in city.taken)


@on_both_loops
async def test_unfinished_packages_are_given_up_in_time() -> None:
    async with world(package_s=10.0) as city:
        terminal = await city.terminal()
        header = (
            bytes.fromhex("07042005")
            + bytes.fromhex(CAR)
            + bytes.fromhex("0001")
            + bytes.fromhex("00020001")
            + b"abcde"
        )
        total = 0
        for byte in header:
            total ^= byte
        terminal.writer.write(b"\x7e" + header + bytes([total]) + b"\x7e")
        assert await terminal.result(1) == 0
        (session,) = city.server.sessions_of("u1")
        session.look(session.heard_at + 11)

        assert city.book.faults[CAR, "package_lost"] == 1


@on_both_loops
async def test_newest_connection_of_a_number_wins_and_the_old_one_is_closed() -> None:
    async with world() as city:
        old = await city.terminal()
        new = await city.terminal()

        assert await old.is_closed()
        assert city.book.faults[CAR, "taken_over"] == 1
        assert await new.say(0x0200, location()) == 0
        assert city.book.contacts[-1] != (CAR, False)
        assert len(city.server.connections()) == 1


@on_both_loops
async def test_device_that_is_given_to_another_unit_moves_that_one_from_its_next_location_on() -> None:
    async with world() as city:
        terminal = await city.terminal()
        await terminal.say(0x0200, location(1))
        city.move(CAR, "u3")
        await terminal.say(0x0200, location(2))

        assert [report.unit for report in city.taken] == ["u1", "u3"]


@on_both_loops
async def test_device_that_is_withdrawn_or_gets_another_code_is_closed_at_its_next_message() -> None:
    async with world() as city:
        car, moto = await city.terminal(), await city.terminal(MOTO)
        city.move(CAR, "u1", active=False)
        city.book.codes[MOTO] = "another"
        city.move(MOTO, "u2")

        assert await car.say(0x0200, location()) == 1
        assert await moto.say(0x0200, location()) == 1
        assert await car.is_closed()
        assert await moto.is_closed()
        assert city.taken == []


@on_both_loops
async def test_frame_of_another_number_on_an_authenticated_connection_is_refused() -> None:
    async with world() as city:
        terminal = await city.terminal()
        terminal.writer.write(write_frame(0x0200, MOTO, 9, location()))

        assert await terminal.result(9) == 1
        assert city.taken == []
        assert city.book.faults[CAR, "other_phone"] == 1


@on_both_loops
async def test_reports_of_many_terminals_are_judged_together() -> None:
    async with world(collect_s=0.1) as city:
        car, moto = await city.terminal(), await city.terminal(MOTO)
        results = await asyncio.gather(car.say(0x0200, location(1)), moto.say(0x0200, location(1)))

        assert results == [0, 0]
        assert city.batches == [2]


@on_both_loops
async def test_encrypted_frame_is_refused_by_name() -> None:
    async with world() as city:
        terminal = await city.terminal()
        frame = bytearray(write_frame(0x0200, CAR, 5, location())[1:-2])
        frame[2] |= 0x04
        total = 0
        for byte in frame:
            total ^= byte
        terminal.writer.write(b"\x7e" + bytes(frame) + bytes([total]) + b"\x7e")

        assert await terminal.result(5) == 3
        assert city.book.faults[CAR, "encrypted"] == 1
