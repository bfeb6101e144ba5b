"""Queues of live consoles: bounded, independent, and healed by a snapshot."""

import asyncio

from kuaijing.web.consoles import QUEUE_CHARACTERS, QUEUE_FRAMES, Console, Consoles


async def test_a_console_begins_with_a_snapshot_and_goes_on_in_order() -> None:
    consoles = Consoles()
    console = consoles.join("full")
    consoles.send({"full": "before"})  # the snapshot will hold it
    assert await console.take(lambda audience: f"snapshot for {audience}") == "snapshot for full"
    consoles.send({"full": "1", "masked": "-"})
    consoles.send({"full": "2"})
    assert [await console.take(str), await console.take(str)] == ["1", "2"]


async def test_a_console_that_misses_too_much_gets_a_fresh_snapshot_instead() -> None:
    console, version = Console("full"), 0
    assert await console.take(lambda _: "snapshot 0") == "snapshot 0"
    for version in range(1, QUEUE_FRAMES + 2):
        console.put(str(version))
    assert console.overflows == 1
    assert await console.take(lambda _: f"snapshot {version}") == f"snapshot {version}"
    console.put("next")
    assert await console.take(str) == "next"


async def test_large_frames_count_by_their_size() -> None:
    console = Console("full")
    await console.take(lambda _: "snapshot")
    console.put("x" * QUEUE_CHARACTERS)
    assert console.overflows == 0
    console.put("y")
    assert console.overflows == 1


async def test_a_console_that_takes_nothing_costs_the_others_nothing() -> None:
    consoles = Consoles()
    slow, fast = consoles.join("full"), consoles.join("full")
    for console in (slow, fast):
        await console.take(lambda _: "snapshot")
    for number in range(10 * QUEUE_FRAMES):
        consoles.send({"full": str(number)})
        assert await asyncio.wait_for(fast.take(str), 1) == str(number)
    assert (fast.overflows, slow.overflows) == (0, 1)  # once; then it waits for its snapshot without a queue


async def test_a_console_waits_until_there_is_something() -> None:
    console = Console("full")
    await console.take(lambda _: "snapshot")
    waiting = asyncio.create_task(console.take(str))
    await asyncio.sleep(0)
    assert not waiting.done()
    console.put("here")
    assert await waiting == "here"
