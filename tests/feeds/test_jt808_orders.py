"""Orders, withdrawals, texts, video and calls for help: what goes down to a terminal, and what its reply is worth."""

import asyncio

import pytest

from kuaijing.domain.commands import StampAssignment, WithdrawAssignment
from kuaijing.domain.words import Origin, Step
from kuaijing.engine.personal import PersonalWords
from kuaijing.feeds.jt808.bodies import read_body
from kuaijing.feeds.jt808.order_words import cut
from kuaijing.feeds.jt808.requests import NoTerminal, Sent, TextRefused, VideoRefused
from tests.engine.city import at, call, context, order
from tests.feeds.jt808_world import (
    CAR,
    MOTO,
    World,
    batch,
    location,
    on_both_loops,
    until,
    world,
)


async def ordered(city: World, unit: str = "u1") -> tuple[str, str]:
    """Incident and assignment of a call with a caller's words, and the unit ordered to it."""
    words = PersonalWords("他拿着刀，在我家楼下", "李雷", "13700001111")
    incident = (await city.engine.submit(call(), context(), words)).ids["incident"]
    receipt = await city.engine.submit(order(city.engine.picture.state, str(incident), unit), context())
    return str(incident), receipt.ids["assignments"][0]


@pytest.mark.parametrize("is_2019", [False, True])
@on_both_loops
async def test_order_is_shown_on_the_terminal_and_its_reply_is_the_receipt(is_2019: bool) -> None:
    async with world() as city:
        terminal = await city.terminal(is_2019=is_2019)
        incident, assignment = await ordered(city)
        frame = await terminal.next(0x8300)
        said = read_body(frame)

        assert incident in said["text"]
        assert "打架斗殴" in said["text"]
        assert "西门路与人民路" in said["text"]
        assert "先控制现场" in said["text"]
        assert not any(secret in said["text"] for secret in ("李雷", "13700001111", "拿着刀"))
        assert said.get("text_type") == (1 if is_2019 else None)
        assert city.engine.picture.state.assignments[assignment].delivered_at is None
        city.seconds[0] = 4
        await terminal.accept(frame)
        await until(lambda: city.engine.picture.state.assignments[assignment].delivered_at == at(4))


@on_both_loops
async def test_confirmed_order_is_not_sent_again_after_a_reconnect_and_an_unconfirmed_one_is() -> None:
    async with world(answer_within_s=5.0) as city:
        first = await city.terminal()
        _, assignment = await ordered(city)
        await first.next(0x8300)
        first.close()
        second = await city.terminal()
        await second.accept(await second.next(0x8300))
        await until(lambda: city.engine.picture.state.assignments[assignment].delivered_at is not None)
        second.close()
        third = await city.terminal()

        with pytest.raises(TimeoutError):
            await third.next(0x8300, within_s=0.3)


@on_both_loops
async def test_order_that_the_page_delivered_is_not_told_to_a_terminal_that_comes_later() -> None:
    async with world() as city:
        _, assignment = await ordered(city)
        await city.engine.submit(StampAssignment(assignment, Step.DELIVERED, at(1)), context(1))
        terminal = await city.terminal()

        with pytest.raises(TimeoutError):
            await terminal.next(0x8300, within_s=0.2)


@on_both_loops
async def test_order_is_repeated_only_while_it_is_not_answered() -> None:
    async with world(answer_within_s=0.1, tries=3) as city:
        terminal = await city.terminal()
        await ordered(city)
        serials = [(await terminal.next(0x8300)).serial for _ in range(3)]

        assert len(set(serials)) == 1
        with pytest.raises(TimeoutError):
            await terminal.next(0x8300, within_s=0.3)
        assert city.server.counts["orders_unanswered"] == 1


@on_both_loops
async def test_terminal_that_refuses_an_order_stamps_nothing_and_is_counted() -> None:
    async with world() as city:
        terminal = await city.terminal()
        _, assignment = await ordered(city)
        await terminal.accept(await terminal.next(0x8300), result=1)
        await until(lambda: city.book.faults[CAR, "order_refused"] == 1)

        assert city.engine.picture.state.assignments[assignment].delivered_at is None


@on_both_loops
async def test_withdrawal_is_told_to_the_terminal_that_had_the_order_and_to_no_other() -> None:
    async with world() as city:
        car, moto = await city.terminal(), await city.terminal(MOTO)
        incident, assignment = await ordered(city)
        await car.accept(await car.next(0x8300))
        await until(lambda: city.server.counts["orders_confirmed"] == 1)
        await city.engine.submit(WithdrawAssignment(assignment), context(reason="另有任务"))
        said = read_body(await car.next(0x8300))["text"]

        assert "撤回" in said
        assert incident in said
        assert "另有任务" in said
        with pytest.raises(TimeoutError):
            await moto.next(0x8300, within_s=0.2)


@on_both_loops
async def test_withdrawn_order_is_not_repeated() -> None:
    async with world(answer_within_s=0.2) as city:
        terminal = await city.terminal()
        _, assignment = await ordered(city)
        await terminal.next(0x8300)
        await city.engine.submit(WithdrawAssignment(assignment), context(reason="误报"))
        for _ in range(3):
            assert "撤回" in read_body(await terminal.next(0x8300))["text"]


@on_both_loops
async def test_device_that_moves_to_a_unit_with_an_open_order_is_told_of_it() -> None:
    async with world() as city:
        await ordered(city, "u3")
        terminal = await city.terminal()
        city.move(CAR, "u3")
        await terminal.say(0x0002)

        assert "出警" in read_body(await terminal.next(0x8300))["text"]


@on_both_loops
async def test_press_of_the_button_is_one_call_for_help_however_often_it_is_repeated() -> None:
    async with world() as city:
        terminal = await city.terminal()
        for second in range(3):
            await terminal.say(0x0200, location(second, sos=True, lon=111.5))
        await terminal.say(0x0200, location(3))
        await city.distress.settle()

        (incident,) = city.engine.picture.state.incidents.values()
        assert (incident.origin, incident.raised_by, incident.grade) == (Origin.OFFICER_HELP, "u1", 1)
        assert incident.place.point.lon == 111.5
        confirmed = await terminal.next(0x8203)
        assert confirmed.body == (102).to_bytes(2, "big") + (1).to_bytes(4, "big")
        await terminal.say(0x0200, location(4, sos=True))
        await city.distress.settle()
        assert len(city.engine.picture.state.incidents) == 2


@on_both_loops
async def test_same_press_in_a_late_batch_or_after_a_reconnect_is_no_second_call() -> None:
    async with world() as city:
        terminal = await city.terminal()
        await terminal.say(0x0200, location(5, sos=True))
        again = await city.terminal()
        await again.say(0x0704, batch([location(4), location(5, sos=True)]))
        await again.say(0x0200, location(6, sos=True))
        await city.distress.settle()

        assert len(city.engine.picture.state.incidents) == 1


@on_both_loops
async def test_text_reaches_the_terminal_and_what_became_of_it_is_told() -> None:
    async with world() as city:
        terminal = await city.terminal()

        async def answering() -> None:
            frame = await terminal.next(0x8300)
            assert read_body(frame)["text"] == "回所 吃饭"
            await terminal.accept(frame)

        sent, _ = await asyncio.gather(city.server.send_text("u1", "回所\n吃饭 "), answering())
        assert sent == Sent(f"jt808:{CAR}", "accepted")
        assert (await city.server.send_text("u1", "没人应")).result == "no_answer"


@on_both_loops
async def test_text_for_a_unit_without_a_terminal_or_too_long_is_refused_by_name() -> None:
    async with world() as city:
        await city.terminal()

        with pytest.raises(NoTerminal, match="u4"):
            await city.server.send_text("u4", "回所")
        with pytest.raises(TextRefused, match="499"):
            await city.server.send_text("u1", "长" * 500)


@on_both_loops
async def test_video_is_started_at_the_gateway_and_stopped() -> None:

    async with world(media_host="10.0.0.9", media_port=1078) as city:
        terminal = await city.terminal()

        async def answering(msg_id: int) -> dict[str, object]:
            frame = await terminal.next(msg_id)
            await terminal.accept(frame)
            return read_body(frame)

        sent, said = await asyncio.gather(city.server.start_video("u1", 2, stream=1), answering(0x9101))
        assert sent.result == "accepted"
        assert said == {
            "ip": "10.0.0.9",
            "tcp_port": 1078,
            "udp_port": 0,
            "channel": 2,
            "data_type": 0,
            "stream_type": 1,
        }
        sent, said = await asyncio.gather(city.server.stop_video("u1", 2), answering(0x9102))
        assert (sent.result, said) == ("accepted", {"channel": 2, "command": 0, "close": 0, "stream_type": 0})
        with pytest.raises(VideoRefused, match="channel"):
            await city.server.start_video("u1", 0)


@on_both_loops
async def test_video_without_a_gateway_is_refused() -> None:
    async with world() as city:
        await city.terminal()

        with pytest.raises(VideoRefused, match="media_host"):
            await city.server.start_video("u1", 1)


def test_long_words_are_cut_to_what_a_terminal_takes() -> None:
    assert len(cut("长" * 2000).encode("gbk", "replace")) <= 998
    assert cut("短") == "短"
