"""The forms under which a name is looked for: as written, without accents and spaces, in pinyin, by pinyin initials.

Pure functions on text. A character with several readings (长, 行, 重) gives the reading of its word first and, for the
initials, the others too.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

from pypinyin import Style, lazy_pinyin, pinyin

_MOST_INITIALS = 4
_SPACES = re.compile(r"[\s·・.,，。、'’‘`\"“”()（）\[\]【】_-]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMERALS = str.maketrans("０１２３４５６７８９", "0123456789")


def folded(text: str) -> str:
    """Lower case, no accents, full-width forms made plain, punctuation as single spaces."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return _SPACES.sub(" ", text).strip()


def compact(text: str) -> str:
    """``folded`` without any space."""
    return folded(text).replace(" ", "")


@lru_cache(maxsize=4096)
def _readings(char: str) -> tuple[str, ...]:
    found = pinyin(char, style=Style.FIRST_LETTER, heteronym=True)
    return tuple(dict.fromkeys(found[0])) if found and found[0] else (char,)


def keys_of(name: str) -> tuple[list[str], list[str]]:
    """(written keys, pinyin keys) of a name, all folded; no key is empty. Pinyin: in full, initials, initials by rarer readings."""
    plain = folded(name)
    if not plain:
        return [], []
    written = [plain] if " " not in plain or not _HAN.search(plain) else [plain, plain.replace(" ", "")]
    if not _HAN.search(plain):
        return written, []
    text = plain.replace(" ", "")
    syllables = lazy_pinyin(text, v_to_u=False)
    full = folded("".join(syllables)).replace(" ", "")
    first = folded("".join(lazy_pinyin(text, style=Style.FIRST_LETTER))).replace(" ", "")
    others = islice(product(*(_readings(char) for char in text)), 4 * _MOST_INITIALS)
    initials = dict.fromkeys([first, *(folded("".join(letters)).replace(" ", "") for letters in others)])
    return written, [full, *list(initials)[:_MOST_INITIALS]]


_JOINS = re.compile(
    r"\s*(?:(?P<word>[与和跟及同])|、|/|／|\\|&|＆|\+|@|×|交叉|交汇|(?<=\s)(?:x|and|at|with|e|et|y)(?=\s))\s*",
    re.IGNORECASE,
)
_CROSSING_WORD = re.compile(r"(?:的)?(?:交叉路口|交叉口|十字路口|丁字路口|交叉处|交汇处|交界处|交口|路口|交叉|交汇)$")
_ROAD_END = "路街道巷弄线"
_MOST_WAYS = 8
_SHORT = {"rd": "road", "blvd": "boulevard", "hwy": "highway", "ln": "lane"}


def spelled_out(text: str) -> str:
    """``Renmin Rd`` as ``Renmin road``; ``St`` and ``Ave`` are beginnings of their words as they stand."""
    *first, last = text.split(" ")
    return " ".join([*first, _SHORT.get(last.casefold().rstrip("."), last)])


def crossing_parts(query: str) -> tuple[bool, list[tuple[str, str]]]:
    """Whether a query states that it means two roads that meet, and the ways to read it as two.

    ``西门路与人民路``, ``西门路/人民路路口``, ``西门路与`` (the second still empty) and, for want of a joint, every space in
    ``西门路 人民路`` and every end of a road's name in ``西门路人民路口``. A word such as 和 may join two names or be part of one
    (和平路): it is read both ways.
    """
    text = query.strip()
    stripped = _CROSSING_WORD.sub("", text)
    said = stripped != text and len(stripped) > 1
    text = stripped if said else text
    found = list(_JOINS.finditer(text))
    ways = [(text[: joint.start()].strip(), text[joint.end() :].strip()) for joint in found]
    ways = [way for way in ways if way[0]]
    joined = bool(ways)
    if all(joint["word"] for joint in found):
        words = text.split()
        ways += [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, min(len(words), _MOST_WAYS))]
        ways += _run_together(text, said) if len(words) == 1 else []
    if (
        said and query.strip().endswith("路口") and text[-1] not in _ROAD_END
    ):  # 西门路口: of 西门路, or of what begins with 西门
        ways = [way for one, other in ways for way in ((one, f"{other}路"), (one, other))]
    return joined or (said and bool(ways)), list(dict.fromkeys(ways))[:_MOST_WAYS]


def _run_together(text: str, said: bool) -> list[tuple[str, str]]:
    """``西门路人民路`` cut after each end of a road's name; unless a crossing is spoken of, both parts must end like one."""
    ends = [i for i, char in enumerate(text[:-1], 1) if char in _ROAD_END and i > 1]
    if not said:
        ends = [i for i in ends if text[-1] in _ROAD_END and len(text) - i > 1]
    return [(text[:i], text[i:]) for i in ends]


_ADDRESS = re.compile(r"^(?P<road>.*?\D)[\s,，]*(?P<number>\d+[a-zA-Z]?(?:[-之]\d+)?)\s*(?:号|號|弄|#)?$")
_NUMBER_FIRST = re.compile(r"^(?P<number>\d+[a-zA-Z]?),?\s+(?P<road>\D.*)$")


def address_parts(query: str) -> tuple[str, str] | None:
    """Road and house number of ``人民路12号``, ``Rua X 12`` or ``12 rue Y``; ``None`` for anything else."""
    found = _ADDRESS.match(query.strip()) or _NUMBER_FIRST.match(query.strip())
    if not found:
        return None
    return found["road"].strip(" ,，"), house_number(found["number"])


def house_number(text: str) -> str:
    """A house number in one form: lower case, without 号."""
    return (
        unicodedata.normalize("NFKC", text)
        .translate(_NUMERALS)
        .casefold()
        .strip()
        .removesuffix("号")
        .removesuffix("號")
        .strip()
    )


_COORDINATE = re.compile(
    r"^\s*[(（]?\s*(?P<a>[-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?P<ha>[NSEWnsew北南东西]?)\s*[,，;；\s]\s*"
    r"(?P<b>[-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?P<hb>[NSEWnsew北南东西]?)\s*[)）]?\s*$"
)


def coordinate_of(query: str, bbox: tuple[float, float, float, float]) -> tuple[float, float] | None:
    """Longitude and latitude typed as two numbers, in the order that makes sense: by letters, else by what lies in ``bbox``."""
    found = _COORDINATE.match(unicodedata.normalize("NFKC", query))
    if not found:
        return None
    a, b = float(found["a"]), float(found["b"])
    mark_a, mark_b = found["ha"].upper(), found["hb"].upper()
    a = -abs(a) if mark_a and mark_a in "SW南西" else a
    b = -abs(b) if mark_b and mark_b in "SW南西" else b
    if not (mark_a or mark_b) and "." not in found["a"] + found["b"]:
        return None  # two whole numbers are more likely a house number than a place
    lat_first = bool(mark_a and mark_a in "NS北南") or bool(mark_b and mark_b in "EW东西")
    lon_first = bool(mark_a and mark_a in "EW东西") or bool(mark_b and mark_b in "NS北南")
    orders = [(b, a)] if lat_first else [(a, b)] if lon_first else [(a, b), (b, a)]
    usable = [(lon, lat) for lon, lat in orders if abs(lon) <= 180 and abs(lat) <= 90]
    west, south, east, north = bbox
    inside = [(lon, lat) for lon, lat in usable if west - 1 <= lon <= east + 1 and south - 1 <= lat <= north + 1]
    return next(iter(inside or usable), None)
