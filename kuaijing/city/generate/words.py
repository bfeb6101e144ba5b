"""Chinese names as cities give them, with their English: streets, estates, quarters, villages, bridges.

Names are drawn without repetition. The English is the pinyin without tones and the translated kind of the thing, as on the
street signs (``解放东路`` → ``Jiefang East Road``).
"""

from importlib.resources import files

import numpy as np
import yaml
from pypinyin import lazy_pinyin


def _word_lists() -> dict[str, list[str]]:
    lists = yaml.safe_load(files(__package__).joinpath("names.yaml").read_text(encoding="utf-8"))
    return {key: text.split() if " " in text else list(text) for key, text in lists.items()}


WORDS = _word_lists()
"""Word lists by subject; see ``names.yaml``."""

SIDES = {"东": "East", "西": "West", "南": "South", "北": "North", "中": "Middle"}
KINDS = {
    "大道": "Avenue",
    "大街": "Main Street",
    "环路": "Ring Road",
    "公路": "Highway",
    "大桥": "Bridge",
    "路": "Road",
    "街": "Street",
    "巷": "Lane",
    "弄": "Alley",
    "胡同": "Hutong",
    "桥": "Bridge",
}
_NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """Chinese numeral of 1 to 99."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def pinyin(text: str) -> str:
    """Pinyin without tones, written together with one capital, as place names are: ``清岚`` → ``Qinglan``."""
    return "".join(lazy_pinyin(text)).capitalize()


def street_english(name: str) -> str:
    """English of a street or bridge name: ``人民东路`` → ``Renmin East Road``, ``解放路三巷`` → ``Jiefang Road 3rd Lane``."""
    if name.endswith("段") and name[-2] in SIDES:
        return f"{street_english(name[:-2])} {SIDES[name[-2]]} Section"
    for kind, english in KINDS.items():
        if not name.endswith(kind):
            continue
        root = name[: -len(kind)]
        for parent in ("路", "街", "大道"):
            head, found, digits = root.partition(parent)
            if found and head and digits and all(digit in _NUMERALS for digit in digits):
                return f"{street_english(head + parent)} {_ordinal(digits)} {english}"
        if len(root) > 2 and root[-1] in SIDES:
            return f"{pinyin(root[:-1])} {SIDES[root[-1]]} {english}"
        return f"{pinyin(root)} {english}"
    return pinyin(name)


def _ordinal(digits: str) -> str:
    value = 0
    for digit in digits:
        here = _NUMERALS.index(digit) + 1
        value = max(value, 1) * 10 if here == 10 else value + here
    suffix = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"


class Words:
    """Draws names, each at most once."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        first, second, surnames = WORDS["first"], WORDS["second"], WORDS["surname"]
        self._classic = list(WORDS["classic"])
        self._pairs = self._shuffled([a + b for a in first for b in second if a != b])
        self._old = self._shuffled(WORDS["old_town"])
        self._families = self._shuffled([a + "家" for a in surnames] + [a + b for a in surnames for b in first[:24]])
        self._turn = 0

    def _shuffled(self, words: list[str]) -> list[str]:
        return [words[index] for index in self._rng.permutation(len(words)).tolist()]

    def _one(self, subject: str) -> str:
        words = WORDS[subject]
        return words[int(self._rng.integers(len(words)))]

    def claim(self, name: str) -> bool:
        """Take a name for oneself; false where it is taken."""
        if name in self._taken:
            return False
        self._taken.add(name)
        return True

    def great_two(self) -> tuple[str, str]:
        """Names of the two great streets that every city has; their roots name no other street."""
        roots = self._classic[:2]
        self._classic = self._classic[2:]
        first, second = (root + "路" for root in roots)
        self._taken.update((first, second))
        return first, second

    def root(self) -> str:
        """A root for a big or ordinary street: the classics first, then two-character names."""
        if self._classic:
            return self._classic.pop(0)
        return self._endless(self._pairs)

    def old_root(self) -> str:
        """A root for an old-town lane: trades, temples, families, wells."""
        return self._old.pop() if self._old else self.root()

    def _endless(self, pool: list[str]) -> str:
        self._turn += 1
        if pool:
            return pool.pop()
        return self._one("first") + self._one("first") + self._one("second")

    def estate(self) -> tuple[str, str]:
        """Name of a housing estate, Chinese and English."""
        for _ in range(40):
            if self._rng.random() < 0.16:
                name = f"{self._one('work_unit')}{'家属院' if self._rng.random() < 0.6 else '宿舍'}"
            else:
                name = self._one("estate_head") + self._one("estate_tail")
            if self.claim(name):
                return name, pinyin(name)
        name = self.root() + "小区"
        self.claim(name)
        return name, f"{pinyin(name[:-2])} Estate"

    def shop(self) -> str:
        """The root of a shop's name; shops may share one."""
        pick = self._rng.random()
        if pick < 0.35:
            return self._one("surname") + self._one("shop")
        return self._one("shop") + self._one("first" if pick < 0.6 else "shop")

    def village(self) -> tuple[str, str]:
        """Name of a village, Chinese and English."""
        for _ in range(40):
            head = self._families[int(self._rng.integers(len(self._families)))]
            tail = self._one("village_tail")
            if self.claim(head + tail):
                return head + tail, pinyin(head + tail)
        name = self.root() + "村"
        self.claim(name)
        return name, pinyin(name)
