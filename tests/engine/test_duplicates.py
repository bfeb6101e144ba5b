"""Likely duplicates of a call: by place, time, kind and words, with reasons."""

from kuaijing.domain.commands import CloseIncident
from kuaijing.domain.words import Outcome
from kuaijing.engine.duplicates import LIKELY, Duplicate, common_pieces, likely_duplicates, terms_of
from kuaijing.engine.engine import Engine
from kuaijing.measures.points import Point
from tests.engine.city import at, call, context

HERE = Point(111.46, 27.24)  # where the small city's calls are


async def said(
    engine: Engine, words: str, *, minutes: float = 0, kind: str = "010203", **where: float
) -> list[Duplicate]:
    incident = await engine.submit(call(kind="010203"), context(0))
    number = str(incident.ids["call"])
    point = Point(where.get("lon", HERE.lon), where.get("lat", HERE.lat))
    spoken = {number: "人民路口有两个男的在打架"}
    return likely_duplicates(engine.picture, point, at(minutes * 60), kind, words, lambda each: spoken.get(each, ""))


async def test_a_second_call_from_the_next_window_is_proposed_with_its_reasons(engine: Engine) -> None:
    (found,) = await said(engine, "西门路和人民路口打架了，快来", minutes=3, lon=111.4606)

    assert found.score > 0.35
    assert 55 < found.metres < 65
    assert found.minutes == 3.0
    assert found.same_kind
    assert found.words == ("人民路口", "打架")


async def test_far_late_or_quite_different_is_not_proposed(engine: Engine) -> None:
    assert await said(engine, "打架", lon=111.48) == []  # 2 km
    assert await said(engine, "打架", minutes=121) == []
    assert await said(engine, "钱包被偷了", minutes=15, kind="050101", lon=111.4615) == []


async def test_without_words_place_and_time_decide(engine: Engine) -> None:
    (found,) = await said(engine, "", minutes=4, lon=111.4608)

    assert LIKELY < found.score < 0.35
    assert found.words == ()


async def test_an_ended_incident_is_not_proposed(engine: Engine) -> None:
    incident = str((await engine.submit(call(), context(0))).ids["incident"])
    await engine.submit(CloseIncident(incident, Outcome.SETTLED), context(5))

    assert likely_duplicates(engine.picture, HERE, at(10), "fight", "", lambda _: "") == []


async def test_the_likeliest_comes_first_and_five_at_most(engine: Engine) -> None:
    for _ in range(8):
        await engine.submit(call(), context(0))

    found = likely_duplicates(engine.picture, HERE, at(60), "fight", "", lambda _: "")

    assert len(found) == 5
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_terms_are_bigrams_of_chinese_and_words_of_other_scripts() -> None:
    assert terms_of("打架了 Fight, near ئۇيغۇر 7号") == {"打架", "架了", "fight", "near", "ئۇيغۇر", "7", "号"}
    assert terms_of("有人") == frozenset()
    assert terms_of("") == frozenset()


def test_common_pieces_are_put_together_again() -> None:
    assert common_pieces("人民路口有人打架", "在人民路口打架") == ("人民路口", "打架")
