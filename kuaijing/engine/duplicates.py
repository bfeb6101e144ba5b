"""Is this call about an incident that is known already? Proposals with reasons; a person decides and can undo.

The score is the product of four likenesses, each in (0, 1], so that one bad disagreement outweighs much agreement:

- place: ``exp(-metres / 150)``; beyond 1 km it is not looked at. Callers name a crossing or what they see from their window.
- time: ``exp(-minutes / 20)`` since the incident's newest call; beyond two hours it is not looked at.
- kind: 1 the same, 0.7 the same family (equal but for the last letters of the code, or one the parent's code), else 0.4.
- words: ``0.5 + 0.5 * share``, where ``share`` is the overlap coefficient of the two texts' terms: character bigrams of Chinese,
  whole words of other scripts. Without words on either side 0.6: nothing said speaks neither for nor against.

With the same kind and no words, a call 80 m away and 4 minutes later scores 0.29; ``LIKELY`` lies at 0.2. The constants are set by
judgement, not fitted: a proposal costs a glance, a miss costs a second unit.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from kuaijing.domain.incidents import Incident
from kuaijing.domain.state import State
from kuaijing.domain.words import OPEN_INCIDENT
from kuaijing.engine.recorded import Picture
from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.measures.points import Point, metres_between

FARTHEST_M = 1_000.0
LONGEST_MIN = 120.0
PLACE_SCALE_M = 150.0
TIME_SCALE_MIN = 20.0
SAME_FAMILY = 0.7
OTHER_KIND = 0.4
NO_WORDS = 0.6
LIKELY = 0.2
MOST_PROPOSED = 5

_RUN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+|[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+"
)
_EMPTY_TERMS = frozenset({"这里", "那里", "有人", "the", "a", "is", "at", "in", "on", "and"})
"""Terms that nearly every call has."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An incident that the call may be about, with what speaks for it."""

    incident: str
    score: float
    metres: float
    minutes: float
    same_kind: bool
    words: tuple[str, ...]
    """Terms that both texts have, longest common pieces of Chinese put together again."""


def likely_duplicates(
    picture: Picture, point: Point, at: Instant, kind: str, words: str, words_of: Callable[[str], str]
) -> list[Duplicate]:
    """Running incidents that a call at ``point`` may be about, likeliest first.

    ``words_of`` gives the words of a call by its identifier, empty where there are none; it is asked only for what is near enough.
    """
    terms = terms_of(words)
    found = []
    for incident in picture.state.incidents.values():
        if incident.status not in OPEN_INCIDENT:
            continue
        duplicate = _likeness(picture.state, incident, point, at, kind, words, terms, words_of)
        if duplicate is not None:
            found.append(duplicate)
    found.sort(key=lambda each: (-each.score, each.incident))
    return found[:MOST_PROPOSED]


def _likeness(
    state: State,
    incident: Incident,
    point: Point,
    at: Instant,
    kind: str,
    words: str,
    terms: frozenset[str],
    words_of: Callable[[str], str],
) -> Duplicate | None:
    calls = [state.calls[each] for each in incident.calls if each in state.calls]
    points = [incident.place.point, *(call.place.point for call in calls)]
    metres = min(metres_between(each, point) for each in points)
    newest = max((incident.called_at, *(call.called_at for call in calls)))
    minutes = abs(seconds_between(newest, at)) / 60
    if metres > FARTHEST_M or minutes > LONGEST_MIN:
        return None
    shared, said = 0.0, False
    common: tuple[str, ...] = ()
    for call in calls:
        text = words_of(call.id)
        other = terms_of(text)
        if not terms or not other:
            continue
        said = True
        share = len(terms & other) / min(len(terms), len(other))
        if share > shared:
            shared, common = share, common_pieces(words, text)
    score = (
        math.exp(-metres / PLACE_SCALE_M)
        * math.exp(-minutes / TIME_SCALE_MIN)
        * _kind_likeness(kind, incident.kind)
        * (0.5 + 0.5 * shared if said else NO_WORDS)
    )
    if score < LIKELY:
        return None
    return Duplicate(incident.id, round(score, 3), round(metres, 1), round(minutes, 1), kind == incident.kind, common)


def _kind_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    family = longer.startswith(shorter) or (len(one) > 2 and len(one) == len(other) and one[:-2] == other[:-2])
    return SAME_FAMILY if shorter and family else OTHER_KIND


def terms_of(text: str) -> frozenset[str]:
    """What a text is compared by: bigrams of Chinese runs (a run of one character as it is), words of other scripts."""
    terms: set[str] = set()
    for run in _RUN.findall(text.lower()):
        if _chinese(run) and len(run) > 1:
            terms.update("".join(pair) for pair in pairwise(run))
        else:
            terms.add(run)
    return frozenset(terms - _EMPTY_TERMS)


def common_pieces(one: str, other: str) -> tuple[str, ...]:
    """The shared terms for a person to read: neighbouring Chinese bigrams joined, in the order of ``one``."""
    shared = terms_of(one) & terms_of(other)
    pieces: list[str] = []
    for run in _RUN.findall(one.lower()):
        if not _chinese(run) or len(run) == 1:
            if run in shared:
                pieces.append(run)
            continue
        piece = ""
        for first, second in pairwise(run):
            if first + second in shared:
                piece = piece + second if piece else first + second
            elif piece:
                pieces.append(piece)
                piece = ""
        if piece:
            pieces.append(piece)
    return tuple(dict.fromkeys(pieces))


def _chinese(run: str) -> bool:
    first = run[0]
    return "\u3400" <= first <= "\u9fff" or "\uf900" <= first <= "\ufaff" or first >= "\U00020000"
