"""Words, names and telephones: beside the log, masked by default, gone when forgotten, and the chain still verifies."""

from dataclasses import replace
from pathlib import Path

import pytest

from kuaijing.domain.commands import ForgetPersonalWords, MergeIncidents
from kuaijing.domain.errors import ReasonRequired, TextTooLong
from kuaijing.engine.engine import Engine
from kuaijing.engine.personal import Audience, PersonalWords, WordsUnreadable, mask, new_key, seal, unseal
from kuaijing.store.folder import FILE, open_store
from tests.engine.city import START, ZONE, call, context, force

WORDS = PersonalWords("两个人在打架，一个叫欧阳锋", "欧阳锋", "13812345678")


async def test_words_are_read_in_full_or_masked(engine: Engine) -> None:
    number = str((await engine.submit(call(), context(1), WORDS)).ids["call"])

    assert engine.words_of(number, Audience.FULL) == WORDS
    assert engine.words_of(number, Audience.MASKED) == PersonalWords("", "欧**", "138****5678")


def test_a_mask_never_shows_a_short_name_or_number_whole() -> None:
    assert mask(PersonalWords("x", "王", "110")) == PersonalWords("", "王", "***")
    assert mask(PersonalWords("x", "王五", "5123456")) == PersonalWords("", "王**", "*******")


async def test_nothing_personal_is_in_the_log_nor_anywhere_in_the_file(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    await engine.submit(force(), context())
    await engine.submit(call(), context(1), WORDS)
    await engine.stop()
    store.close()

    content = (tmp_path / FILE).read_bytes()
    for secret in ("打架".encode(), "欧阳锋".encode(), b"13812345678"):
        assert secret not in content


async def test_forgetting_destroys_the_key_for_good_and_the_chain_still_verifies(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    await engine.submit(force(), context())
    receipt = await engine.submit(call(), context(1), WORDS)
    incident, number = str(receipt.ids["incident"]), str(receipt.ids["call"])
    key = store.personal.find_key(incident)
    sealed = store.personal.find_words(number)
    assert key is not None
    assert sealed is not None

    with pytest.raises(ReasonRequired):
        await engine.forget(incident, context(5))
    await engine.forget(incident, context(5, reason="asked by the caller"))

    assert engine.words_of(number, Audience.FULL) == PersonalWords()
    assert engine.verify().whole
    for file in tmp_path.iterdir():  # neither in the file nor in the write-ahead log
        assert key not in file.read_bytes()
        assert sealed.sealed not in file.read_bytes()
    (forgotten,) = engine.read(types=["PersonalWordsForgotten"])
    assert forgotten.reason == "asked by the caller"
    await engine.stop()
    store.close()


async def test_forgetting_a_merged_incident_keeps_the_other_callers_words(engine: Engine) -> None:
    one = await engine.submit(call(), context(1), WORDS)
    two = await engine.submit(call(), context(2), PersonalWords("抢手机", "李四", "13900000000"))
    await engine.submit(MergeIncidents(str(two.ids["incident"]), str(one.ids["incident"])), context(3))

    await engine.submit(ForgetPersonalWords(str(two.ids["incident"])), context(4, reason="asked"))

    assert engine.words_of(str(one.ids["call"]), Audience.FULL) == WORDS
    assert engine.words_of(str(two.ids["call"]), Audience.FULL) == PersonalWords()


async def test_a_linked_call_is_sealed_under_the_incidents_own_key(engine: Engine) -> None:
    one = await engine.submit(call(), context(1), WORDS)
    incident = str(one.ids["incident"])
    two = await engine.submit(call(None, link_to=incident), context(2), PersonalWords("还在打"))

    sealed = engine.store.personal.find_words(str(two.ids["call"]))
    assert sealed is not None
    assert sealed.incident == incident
    assert engine.words_of(str(two.ids["call"]), Audience.FULL).words == "还在打"


async def test_over_long_words_are_refused_and_leave_nothing(engine: Engine) -> None:
    with pytest.raises(TextTooLong, match=r"personal\.words"):
        await engine.submit(call(), context(1), PersonalWords("长" * 2001))
    assert engine.picture.state.calls == {}


def test_words_of_one_call_cannot_be_passed_off_as_anothers_nor_altered() -> None:
    key = new_key()
    sealed, digest = seal(WORDS, "c1", "i1", key)
    assert unseal(sealed, key, digest) == WORDS
    for wrong in (replace(sealed, call="c2"), replace(sealed, sealed=sealed.sealed[:-1] + b"\x00")):
        with pytest.raises(WordsUnreadable):
            unseal(wrong, key, digest)
    with pytest.raises(WordsUnreadable):
        unseal(sealed, key, "sha256:" + "0" * 64)


def test_the_same_words_never_give_the_same_digest() -> None:
    key = new_key()
    assert seal(WORDS, "c1", "i1", key)[1] != seal(WORDS, "c1", "i1", key)[1]
