"""What the street and hostile peers do to a socket: torn, glued, endless, flooding, half-open, back after a day without a link."""

import asyncio
import contextlib
import resource

import pytest

from kuaijing.feeds.jt808.framing import write_frame
from kuaijing.measures.instants import seconds_between
from tests.engine.city import START
from tests.feeds.jt808_world import (
    CAR,
    CODES,
    MOTO,
    batch,
    device,
    location,
    on_both_loops,
    until,
    world,
)


@on_both_loops
async def test_two_frames_in_one_read_and_half_a_frame() -> None:
    async with world() as city:
        terminal = await city.terminal()
        one, two, three = (terminal.frame(0x0200, location(second)) for second in range(3))
        terminal.writer.write(one + two + three[:20])
        assert await terminal.result(103) == 0
        await asyncio.sleep(0.05)
        assert len(city.taken) == 2
        terminal.writer.write(three[20:])

        assert await terminal.result(104) == 0
        assert len(city.taken) == 3


@pytest.mark.parametrize(
    "garbage", [b"GET / HTTP/1.1\r\n", b"\x7e", b"\x7d\x7d\x7d", b"\x7e\x01\x02\x03", b"\x00" * 500]
)
@on_both_loops
async def test_garbage_between_frames_costs_no_good_frame(garbage: bytes) -> None:
    async with world() as city:
        terminal = await city.terminal()
        for second in range(3):
            terminal.writer.write(garbage + terminal.frame(0x0200, location(second)))

        assert await terminal.result(104) == 0
        assert len(city.taken) == 3


@on_both_loops
async def test_frame_of_one_byte_a_packet() -> None:
    async with world() as city:
        terminal = await city.terminal()
        for byte in terminal.frame(0x0200, location()):
            terminal.writer.write(bytes([byte]))
            await terminal.writer.drain()
            await asyncio.sleep(0)

        assert await terminal.result(102) == 0
        assert len(city.taken) == 1


@on_both_loops
async def test_frame_that_never_ends_is_dropped_and_the_next_is_read() -> None:
    async with world() as city:
        terminal = await city.terminal()
        terminal.writer.write(b"\x7e" + b"\x01" * 300_000)
        terminal.writer.write(terminal.frame(0x0200, location()))

        assert await terminal.result(102) == 0
        (session,) = city.server.sessions_of("u1")
        assert session._reader.pending < 5000


@on_both_loops
async def test_bad_frames_are_named_in_the_register() -> None:
    async with world() as city:
        terminal = await city.terminal()
        good = terminal.frame(0x0200, location())
        terminal.writer.write(good[:5] + b"\xff" + good[6:])
        terminal.writer.write(b"\x7e\x02\x00\x7d\x09\x7e")
        terminal.writer.write(terminal.frame(0x0200, b"too short"))
        await terminal.say(0x0002)

        assert {name for key, name in city.book.faults if key == CAR} == {"checksum", "escape", "length"}


@pytest.mark.parametrize("known", [True, False])
@on_both_loops
async def test_hostile_peer_that_sends_without_end_costs_no_memory_and_is_closed(known: bool) -> None:
    async with world() as city:
        friend = await city.terminal(MOTO)
        hostile = await city.terminal(known=known)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sent = 0
        with contextlib.suppress(OSError):
            for _ in range(800):  # of 64 KiB: 50 MB, were it let
                hostile.writer.write(b"\x7e" + b"\x55" * 65_534 + b"\x7e")
                await asyncio.wait_for(hostile.writer.drain(), 2.0)
                sent += 1

        assert await hostile.is_closed()
        assert sent < 400
        assert city.server.counts["closed_garbage"] == 1
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000
        assert await friend.say(0x0200, location()) == 0


@on_both_loops
async def test_known_terminal_that_floods_waits_for_its_share_and_others_are_served() -> None:
    async with world(frames_per_s=200.0) as city:
        flooding, friend = await city.terminal(), await city.terminal(MOTO)
        flooding.writer.write(b"".join(flooding.frame(0x0200, location(n / 10)) for n in range(600)))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        assert await friend.say(0x0200, location()) == 0

        assert loop.time() - begun < 0.5
        assert city.server.counts["throttled"] > 0
        assert await asyncio.wait_for(flooding.result(701), 10) == 0
        assert loop.time() - begun > 1.0
        assert len(city.taken) == 601


@on_both_loops
async def test_more_than_can_be_handled_at_once_waits_in_order_and_holds_up_nobody() -> None:
    async with world(turn_frames=10, collect_most=10, frames_per_s=10_000.0) as city:
        keys = [f"0139{number:08d}" for number in range(60)]
        for key in keys:
            city.book.devices[key], city.book.codes[key] = device(key, "u1"), key
            CODES[key] = key
        terminals = [await city.terminal(key) for key in keys]
        loop, turns = asyncio.get_running_loop(), [0]

        def turn() -> None:
            turns[0] += 1
            if len(city.taken) < 300:
                loop.call_soon(turn)

        loop.call_soon(turn)
        for terminal in terminals:
            terminal.writer.write(b"".join(terminal.frame(0x0200, location(second)) for second in range(5)))
        results = await asyncio.gather(*(terminal.result(105) for terminal in terminals))

        assert set(results) == {0}
        assert len(city.taken) == 300
        assert city.server.counts["waited"] > 0
        assert turns[0] >= 20  # of 10 to 15 frames: the loop's other work had its turn between them


@on_both_loops
async def test_what_a_terminal_sent_before_it_hung_up_counts_though_it_had_to_wait() -> None:
    async with world(turn_frames=1) as city:
        car, moto = await city.terminal(), await city.terminal(MOTO)
        for terminal in (car, moto):
            terminal.writer.write(terminal.frame(0x0200, location()))
            terminal.writer.close()
        await until(lambda: len(city.taken) == 2)


@on_both_loops
async def test_terminal_that_reads_no_replies_is_read_no_further_and_closed_in_time() -> None:
    async with world() as city:
        terminal = await city.terminal()
        (session,) = city.server.sessions_of("u1")
        session.pause_writing()  # as the loop does once 64 KiB of replies wait
        terminal.writer.write(terminal.frame(0x0200, location(1)))
        await asyncio.sleep(0.1)
        assert city.taken == []
        session.resume_writing()
        assert await terminal.result(102) == 0

        session.pause_writing()
        session.look(session.stuck_at + 31)
        assert await terminal.is_closed()
        assert city.server.counts["closed_unread"] == 1


@on_both_loops
async def test_half_open_connections_are_closed_in_time_and_others_served_meanwhile() -> None:
    async with world(authenticate_within_s=0.3) as city:
        silent = [await city.terminal(known=False) for _ in range(800)]
        silent[0].writer.write(b"\x7e\x01")
        friend = await city.terminal(MOTO)
        assert await friend.say(0x0200, location()) == 0
        await until(lambda: city.server.counts["closed_late"] == 800, 5.0)

        assert await silent[799].is_closed()
        assert len(city.server.connections()) == 1
        assert await friend.say(0x0200, location(1)) == 0


@on_both_loops
async def test_unauthenticated_flood_is_answered_a_few_times_and_closed() -> None:
    async with world() as city:
        friend, stranger = await city.terminal(MOTO), await city.terminal(known=False)
        stranger.writer.write(b"".join(stranger.frame(0x0200, location(n)) for n in range(1000)))

        assert await stranger.is_closed()
        assert city.server.counts["closed_unauthenticated"] == 1
        assert city.book.faults[CAR, "unauthenticated"] <= 33
        assert city.taken == []
        assert await friend.say(0x0200, location()) == 0


@on_both_loops
async def test_more_strangers_than_may_wait_push_out_the_oldest_and_never_a_known_terminal() -> None:
    async with world(most_unauthenticated=20, spare_s=0.0) as city:
        friend = await city.terminal(MOTO)
        strangers = [await city.terminal(known=False) for _ in range(60)]

        assert await strangers[0].is_closed()
        assert len(city.server.connections()) <= 21
        assert await friend.say(0x0200, location()) == 0
        assert await strangers[59].authenticate(CODES[CAR]) == 0


@on_both_loops
async def test_in_a_storm_of_reconnects_nobody_is_pushed_out_at_once() -> None:
    async with world(most_unauthenticated=5) as city:
        strangers = [await city.terminal(known=False) for _ in range(30)]

        assert await strangers[0].authenticate(CODES[CAR]) == 0
        assert city.server.counts["closed_strangers"] == 0


@on_both_loops
async def test_stranger_makes_room_for_a_terminal_where_the_door_is_full() -> None:
    async with world(most_connections=2) as city:
        friend, stranger = await city.terminal(MOTO), await city.terminal(known=False)
        third = await city.terminal()

        assert await stranger.is_closed()
        assert await third.say(0x0200, location()) == 0
        assert await friend.say(0x0200, location()) == 0


@on_both_loops
async def test_no_more_connections_than_there_may_be() -> None:
    async with world(most_connections=2) as city:
        await city.terminal()
        await city.terminal(MOTO)
        third = await city.terminal(known=False)

        assert await third.is_closed()
        assert city.server.counts["refused_full"] == 1


@on_both_loops
async def test_numbers_of_strangers_fill_no_register() -> None:
    async with world() as city:
        stranger = await city.terminal(known=False)
        for number in range(30):
            stranger.writer.write(write_frame(0x0200, f"{number:012d}", number, location()))
        await stranger.result(29)

        assert city.book.faults == {}


@on_both_loops
async def test_same_fix_ten_times_is_acknowledged_ten_times_and_left_to_the_judgement() -> None:
    async with world() as city:
        terminal = await city.terminal()
        frame = terminal.frame(0x0200, location())
        terminal.writer.write(frame * 10)
        for _ in range(10):
            assert await terminal.result(102) == 0

        assert len(city.taken) == 10
        assert len(set(city.taken)) == 1


@on_both_loops
async def test_day_of_backfill_arrives_while_live_goes_on() -> None:
    async with world(frames_per_s=2000.0) as city:
        back, friend = await city.terminal(), await city.terminal(MOTO)
        seconds = range(-86_400, 0, 5)
        batches = [seconds[start : start + 30] for start in range(0, len(seconds), 30)]
        stored = [back.frame(0x0704, batch([location(second) for second in each])) for each in batches]

        async def catch_up() -> None:
            back.writer.write(b"".join(stored))
            assert await asyncio.wait_for(back.result(back.serial), 20) == 0

        async def live() -> float:
            loop, worst = asyncio.get_running_loop(), 0.0
            for second in range(30):
                begun = loop.time()
                assert await friend.say(0x0200, location(second)) == 0
                worst = max(worst, loop.time() - begun)
            return worst

        _, worst = await asyncio.gather(catch_up(), live())
        late = [report for report in city.taken if report.backfill]
        assert [seconds_between(START, report.measured_at) for report in late] == list(seconds)
        assert sum(not report.backfill for report in city.taken) == 30
        assert worst < 2.0


@on_both_loops
async def test_reconnect_storm_leaves_one_connection_a_terminal() -> None:
    async with world() as city:
        keys = [f"0139{number:08d}" for number in range(100)]
        for key in keys:
            city.book.devices[key], city.book.codes[key] = device(key, "u1"), key
            CODES[key] = key
        for _ in range(3):
            terminals = await asyncio.gather(*(city.terminal(key) for key in keys))
        results = await asyncio.gather(*(terminal.say(0x0200, location()) for terminal in terminals))

        assert set(results) == {0}
        assert len(city.server.connections()) == 100
        assert city.server.counts["taken_over"] == 200
        assert len(city.taken) == 100


@on_both_loops
async def test_reports_that_could_not_be_judged_are_not_acknowledged() -> None:
    async with world() as city:
        terminal = await city.terminal()
        collector = city.server._collector
        judging, collector._take = collector._take, lambda reports: 1 / 0
        terminal.writer.write(terminal.frame(0x0200, location()))
        await until(lambda: city.server.counts["not_taken"] == 1)
        collector._take = judging

        assert await terminal.say(0x0200, location(1)) == 0
        assert all(frame.body[:2] != (102).to_bytes(2, "big") for frame in terminal.got)


@on_both_loops
async def test_port_that_is_taken_is_told_at_the_start() -> None:
    async with world() as city:
        with pytest.raises(OSError, match="address already in use"):
            async with world(port=city.server.port):
                pass
