"""Finds the entries whose names hold a text, with a score for how well: the scan under ``city.search``.

Scores: the whole name 100, its beginning 80, the beginning of a word in it 65, anywhere 50; less for further names, pinyin and
initials, least for initials by a rarer reading; up to 12 more for importance, up to 8 less for what the name has beyond the text.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.search_keys import folded

MOST_HITS = 4000
"""Occurrences looked at for one text; keys stand in the order of importance, so what is beyond matters least."""

KEPT_PHRASES = 256
"""Scans remembered: the words that half of a city's names share, and what is being typed."""

FROM_THE_BEGINNING = 65.5
"""A score above this, importance left out, means that the text is the whole name or its beginning."""

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]

BY_INITIALS = ("initials", "readings")
"""Kinds of key that are pinyin initials: by the reading of each word, and by the other readings of its characters."""

WRITTEN = ("written", "alias")
"""Kinds of key that are names as written: the name and its English form; further names."""

_GRADES = {  # whole, beginning, word, anywhere
    "written": np.array([100.0, 80.0, 65.0, 50.0]),
    "alias": np.array([94.0, 74.0, 60.0, 45.0]),
    "pinyin": np.array([92.0, 74.0, 0.0, 38.0]),
    "initials": np.array([88.0, 66.0, 0.0, 34.0]),
    "readings": np.array([74.0, 54.0, 0.0, 24.0]),
}


@dataclass(frozen=True, slots=True, eq=False)
class KeyBlob:
    """All keys of one kind in one text, and the entry of each."""

    kind: str
    text: bytes
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    entry: NDArray[np.int32]

    @classmethod
    def of(cls, kind: str, text: bytes, entry: NDArray[np.int32]) -> "KeyBlob":
        """The blob with its key starts worked out."""
        feeds = np.flatnonzero(np.frombuffer(text, np.uint8) == 10)
        bounds = feeds if len(entry) else feeds[:0]
        return cls(kind, text, bounds[:-1] + 1, bounds[1:], entry)

    def find(self, query: bytes) -> tuple[Ids, Scores]:
        """Entry and score of every occurrence of ``query``, an entry perhaps more than once."""
        if not len(self.start):
            return np.zeros(0, np.int64), np.zeros(0)
        at = _occurrences(self.text, b"\n" + query, MOST_HITS // 2, 1)
        if (len(query) > (1 if self.kind in WRITTEN else 2) and self.kind not in BY_INITIALS) or len(query) > 2:
            at = np.concatenate((at, _occurrences(self.text, query, MOST_HITS, 0)))
        key = np.searchsorted(self.start, at, side="right") - 1
        beyond = self.end[key] - self.start[key] - len(query)
        before = np.frombuffer(self.text, np.uint8)[at - 1]
        grade = np.where(before == 10, np.where(beyond == 0, 0, 1), np.where(before == 32, 2, 3))
        score = _GRADES[self.kind][grade] - np.minimum(8.0, beyond / 3)
        return self.entry[key].astype(np.int64), score


def _occurrences(text: bytes, query: bytes, most: int, shift: int) -> NDArray[np.int64]:
    found: list[int] = []
    at = text.find(query)
    while at >= 0 and len(found) < most:
        found.append(at + shift)
        at = text.find(query, at + 1)
    return np.array(found, np.int64)


class Matcher:
    """Scans all key blobs of a city."""

    def __init__(self, blobs: list[KeyBlob], importance: NDArray[np.float32]) -> None:
        self.blobs, self.importance = blobs, importance
        self._phrase = lru_cache(maxsize=KEPT_PHRASES)(self._scan)

    def match(self, text: str) -> tuple[Ids, Scores]:
        """Entries that hold ``text`` as a whole, or all of its words, or at the least its characters; each once, with a score."""
        plain = folded(text)
        if not plain:
            return np.zeros(0, np.int64), np.zeros(0)
        ids, scores = self._phrase(plain)
        words = plain.split()
        if len(words) > 1:
            every_ids, every_scores = self._every_word(words[:8])
            ids, scores = _best(np.concatenate((ids, every_ids)), np.concatenate((scores, every_scores)))
        if not len(ids) and not plain.isascii():  # 清岚人民医院 for 清岚市人民医院: every character, wherever
            ids, scores = self._every_word([char for char in dict.fromkeys(plain) if char != " "][:12])
            scores = scores * 0.8
        return ids, scores + self.importance[ids]

    def _scan(self, plain: str) -> tuple[Ids, Scores]:
        joined = plain.replace(" ", "")
        ascii_letters = joined.isascii() and joined.isalnum()
        found = []
        for blob in self.blobs:
            if blob.kind in WRITTEN:
                found.append(blob.find(plain.encode()))
                if joined != plain and not joined.isascii():
                    found.append(blob.find(joined.encode()))
            elif ascii_letters:
                found.append(blob.find(joined.encode()))
        return _best(np.concatenate([ids for ids, _ in found]), np.concatenate([scores for _, scores in found]))

    def _every_word(self, words: list[str]) -> tuple[Ids, Scores]:
        ids, total = self._phrase(words[0])
        for word in words[1:]:
            other, scores = self._phrase(word)
            ids, here, there = np.intersect1d(ids, other, assume_unique=True, return_indices=True)
            total = total[here] + scores[there]
        return ids, 0.8 * total / len(words)


def _best(ids: Ids, scores: Scores) -> tuple[Ids, Scores]:
    order = np.lexsort((-scores, ids))
    ids, scores = ids[order], scores[order]
    first = np.ones(len(ids), bool)
    first[1:] = ids[1:] != ids[:-1]
    return ids[first], scores[first]
