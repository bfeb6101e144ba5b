"""One value of a record file as what its column means. Each raises ``ValueError`` with the words of the fault."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from kuaijing.measures.instants import from_datetime
from kuaijing.studies.layout import ORIGINS, Column

Read = Callable[[Any, Column], Any]
_LONGEST_KIND: Final = 100
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)


def number(value: Any, where: Column) -> float:
    """A finite number, scaled."""
    try:
        found = float(value) * where.scale
    except (TypeError, ValueError):
        raise ValueError("is no number") from None
    if not np.isfinite(found):
        raise ValueError("is no finite number")
    return found


def seconds(value: Any, where: Column) -> float:
    """A time on the scene."""
    found = number(value, where)
    if not 0 <= found <= 30 * 86_400:
        raise ValueError(f"gives {found:g} s; wanted 0 to 30 days (is `scale` right?)")
    return found


def weight(value: Any, where: Column) -> float:
    """How much a hazard or a count is."""
    found = number(value, where)
    if not 0 <= found < 1e9:
        raise ValueError("is no weight; wanted 0 or more")
    return found


def grade(value: Any, where: Column) -> int:
    """1 to 4."""
    word = where.values.get(str(value).strip(), where.values.get("*", str(value).strip()))
    try:
        found = int(float(word))
    except ValueError:
        raise ValueError("is no grade; wanted 1 to 4, or a word in `values`") from None
    if found not in (1, 2, 3, 4):
        raise ValueError("is no grade; wanted 1 to 4")
    return found


def origin(value: Any, where: Column) -> str:
    """Who told."""
    word = str(value).strip()
    found = where.values.get(word, where.values.get("*", word))
    if found not in ORIGINS:
        raise ValueError(f"is no origin; wanted one of {', '.join(ORIGINS)}, or name the word under `values`")
    return found


def kind_of(kinds: Mapping[str, str] | None, unmapped: Counter[str]) -> Read:
    """Words of the file as our codes; those that the table lacks are counted and kept."""

    def read(value: Any, where: Column) -> str:
        word = _word(value)
        word = where.values.get(word, word)
        if kinds is None:
            return word
        code = kinds.get(word, kinds.get("*"))
        if code is None:
            unmapped[word] += 1
            return word
        return code

    return read


def _word(value: Any) -> str:
    """One line of text that can be shown: what is not seen (marks of order and width, line breaks) is no part of a word."""
    word = " ".join("".join(each for each in str(value) if unicodedata.category(each) != "Cf").split())
    if not word.isprintable():
        raise ValueError("holds control characters; wanted the word of a kind")
    if len(word) > _LONGEST_KIND:
        raise ValueError(f"is {len(word)} characters long; wanted the word of a kind, {_LONGEST_KIND} at most")
    return word


def time_of(zone: str, latest: datetime | None) -> Read:
    """A moment, in microseconds UTC; none lies after ``latest``."""
    where_now = ZoneInfo(zone)
    last = _LATEST if latest is None else min(latest, _LATEST)

    def read(value: Any, where: Column) -> int:
        moment = value if isinstance(value, datetime) else _parsed(value, where)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=where_now)
        if not _EARLIEST <= moment <= last:
            raise ValueError(
                f"lies before 1970 or after {last.date().isoformat()}, when nothing can have been recorded yet"
            )
        return int(from_datetime(moment))

    return read


def _parsed(value: Any, where: Column) -> datetime:
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip()
    try:
        return datetime.strptime(text, where.format) if where.format else datetime.fromisoformat(text)
    except ValueError:
        wanted = where.format or "2026-11-22 03:12:44 (else say `format`)"
        raise ValueError(f"is no time of the form {wanted}") from None
