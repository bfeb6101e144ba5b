"""English of Chinese street names, as on the signs."""

import pytest

from kuaijing.city.generate.words import numeral, street_english


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("解放路", "Jiefang Road"),
        ("人民东路", "Renmin East Road"),
        ("滨江中路", "Binjiang Middle Road"),
        ("人民大道南段", "Renmin Avenue South Section"),
        ("迎宾大道", "Yingbin Avenue"),
        ("鼓楼街", "Gulou Street"),
        ("豆腐巷", "Doufu Lane"),
        ("解放路三巷", "Jiefang Road 3rd Lane"),
        ("建设街十二巷", "Jianshe Street 12th Lane"),
        ("清岚大桥", "Qinglan Bridge"),
        ("东门街", "Dongmen Street"),
    ],
)
def test_english_of_a_street_name(chinese: str, english: str) -> None:
    assert street_english(chinese) == english


def test_numerals_run_past_twenty() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 21, 30)] == ["一", "十", "十一", "二十", "二十一", "三十"]
