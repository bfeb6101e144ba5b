"""Rule 6: any command can be repeated by the network; a repeat gets the first answer, also after a restart."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from kuaijing.domain.commands import AddNote, CloseIncident
from kuaijing.domain.errors import UnitTaken
from kuaijing.domain.words import Outcome
from kuaijing.engine.engine import Engine
from kuaijing.engine.errors import KeyReused
from kuaijing.engine.personal import PersonalWords
from kuaijing.store.folder import open_store
from tests.engine.city import START, ZONE, call, context, force, order, stamp


async def test_a_repeat_gets_the_first_answer_and_is_applied_once(engine: Engine) -> None:
    first = await engine.submit(call(), context(1, key="k1"))
    version = engine.picture.version

    again = await engine.submit(call(), context(9, key="k1"))

    assert (again.repeated, again.ids, again.version) == (True, first.ids, first.version)
    assert again.events == first.events
    assert engine.picture.version == version


async def test_two_copies_in_one_group_commit_are_applied_once(engine: Engine) -> None:
    one, two = await asyncio.gather(
        engine.submit(call(), context(1, key="k1")), engine.submit(call(), context(1, key="k1"))
    )

    assert (one.repeated, two.repeated) == (False, True)
    assert one.ids == two.ids
    assert len(engine.picture.state.incidents) == 1


async def test_a_repeat_gets_the_first_answer_also_after_a_restart(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    await engine.submit(force(), context())
    words = PersonalWords("打架", "张三", "13812345678")
    first = await engine.submit(call(), context(1, key="k1"), words)
    await engine.stop()
    store.close()

    store = open_store(tmp_path)
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    again = await engine.submit(call(), context(5, key="k1"), words)
    other = await engine.submit(call(), context(6, key="k2"), words)
    await engine.stop()
    store.close()

    assert (again.repeated, again.ids, again.events) == (True, first.ids, first.events)
    assert other.ids["incident"] == "20261121-0002"


async def test_a_key_with_another_body_is_refused_by_name(engine: Engine) -> None:
    await engine.submit(call(), context(1, key="k1"), PersonalWords("打架"))

    for command, words in (
        (call(kind="theft"), PersonalWords("打架")),
        (call(), PersonalWords("抢劫")),
        (call(), None),
    ):
        with pytest.raises(KeyReused, match="'k1'"):
            await engine.submit(command, context(2, key="k1"), words)
    mine = await engine.submit(call(), context(2, key="k1", actor="somebody else"))
    assert not mine.repeated


async def test_a_door_that_fills_in_the_present_time_is_known_by_the_body_it_was_sent(engine: Engine) -> None:
    first = await engine.submit(call(seconds=1), replace(context(1, key="k1"), body="sha256:abc"))

    again = await engine.submit(call(seconds=7), replace(context(7, key="k1"), body="sha256:abc"))
    assert again.ids == first.ids
    with pytest.raises(KeyReused):
        await engine.submit(call(seconds=7), replace(context(7, key="k1"), body="sha256:xyz"))


async def test_a_keyed_command_that_changed_nothing_is_answered_the_same_again(engine: Engine) -> None:
    incident = str((await engine.submit(call(), context(1))).ids["incident"])
    await engine.submit(order(engine.picture.state, incident, "u1"), context(2))
    await engine.submit(stamp(f"{incident}.1", "on_scene", 5), context(6))
    nothing = await engine.submit(stamp(f"{incident}.1", "on_scene", 5), context(7, key="s"))
    assert nothing.events == ()

    again = await engine.submit(stamp(f"{incident}.1", "on_scene", 5), context(8, key="s"))

    assert (again.repeated, again.events) == (True, ())


async def test_a_refusal_is_not_kept_and_the_repeat_is_decided_afresh(engine: Engine) -> None:
    first = str((await engine.submit(call(), context(1))).ids["incident"])
    second = str((await engine.submit(call(), context(2))).ids["incident"])
    wanted = order(engine.picture.state, second, "u1")
    await engine.submit(order(engine.picture.state, first, "u1"), context(3))
    with pytest.raises(UnitTaken):
        await engine.submit(wanted, context(4, key="k"))

    await engine.submit(CloseIncident(first, Outcome.SETTLED), context(5))
    free = order(engine.picture.state, second, "u1")
    assert not (await engine.submit(free, context(6, key="k"))).repeated


async def test_two_dispatchers_ordering_one_unit_at_once_get_one_order_and_one_refusal(engine: Engine) -> None:
    first = str((await engine.submit(call(), context(1))).ids["incident"])
    second = str((await engine.submit(call(), context(2))).ids["incident"])
    seen = engine.picture.state

    answers = await asyncio.gather(
        engine.submit(order(seen, first, "u1"), context(3, actor="a")),
        engine.submit(order(seen, second, "u1"), context(3, actor="b")),
        return_exceptions=True,
    )

    assert isinstance(answers[1], UnitTaken)
    assert answers[1].incident == first
    assert [each for each in engine.picture.state.assignments] == [f"{first}.1"]  # noqa: C416


async def test_nothing_is_written_for_a_refused_command(engine: Engine) -> None:
    version = engine.picture.version
    with pytest.raises(Exception, match="20269999-0001"):
        await engine.submit(AddNote("20269999-0001", "x"), context(1, key="k"))
    assert engine.picture.version == version
