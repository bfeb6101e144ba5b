"""The long jobs that an analyst can start, by name: what is asked, who answers, and what of the answer goes into the draft.

A study of another file becomes a job of the workspace by a line in ``TASKS``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from kuaijing.studies.city_study import Frozen
from kuaijing.studies.drafts import Draft, Drafts
from kuaijing.studies.fleet_asked import DayAsked, FleetAsked, ForceAsked
from kuaijing.studies.fleet_questions import DayPlan, find_least, place, through_the_day
from kuaijing.studies.jobs import Progress
from kuaijing.studies.platforms import FleetStudy, LeastForce
from kuaijing.studies.questions import BeatsAsked, cut_into_beats
from kuaijing.studies.what_if import WhatIfAsked, compare_plans
from kuaijing.studies.what_if_lines import Comparison
from kuaijing.wire.plans import from_canonical


@dataclass(frozen=True, slots=True)
class Other:
    """Another draft as it stood when the job was asked for."""

    name: str
    plan: bytes
    """Canonical."""


class TwoDraftsAsked(WhatIfAsked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How two drafts are to be compared."""

    against: str
    """The other draft."""


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of long job."""

    asked: type[msgspec.Struct]
    work: Callable[..., Any]
    """Called as ``work(frozen, asked, progress)`` in a process of its own, or with the draft's plan before ``progress``."""
    draws: bool = False
    """The answer has ``share``, ``figures``, ``plan`` and ``demand``: it changes the draft."""
    of_draft: bool = False
    """It looks at the draft's own plan and is given its canonical bytes."""
    of_two: bool = False
    """It looks at the plan of another draft too, which ``asked.against`` names, and is given it as ``Other`` before ``progress``."""
    proves: str | None = None
    """Field of the answer that is kept beside the draft; empty for the whole answer."""
    told: type[msgspec.Struct] | None = None
    """What is kept so."""

    def keep(self, drafts: Drafts, draft: Draft, kind: str, by: str, answer: Any) -> msgspec.Struct | None:
        """Put the answer where it belongs; what is left to be told. Raises ``StaleDraft`` where the draft has moved on."""
        if self.draws:
            rests = msgspec.structs.replace(draft.rests_on, demand=answer.demand)
            draft = drafts.change(
                draft.id, draft.revision, by,
                lambda held: msgspec.structs.replace(held, beats=answer.share, figures=answer.figures, rests_on=rests),
                from_canonical(answer.plan),
            )  # fmt: skip
        if self.proves is None:
            return None
        told: msgspec.Struct = getattr(answer, self.proves) if self.proves else answer
        drafts.prove(draft.id, draft.revision, kind, msgspec.json.encode(told))
        return told


def compare(frozen: Frozen, asked: WhatIfAsked, draft: bytes, progress: Progress) -> Comparison:
    """The plan that the draft was drawn from against the draft, on the same calls."""
    return compare_plans(frozen, [frozen.plan, draft], asked, progress)


def compare_drafts(frozen: Frozen, asked: TwoDraftsAsked, draft: bytes, other: Other, progress: Progress) -> Comparison:
    """Another draft against the draft, on the same calls."""
    found = compare_plans(frozen, [other.plan, draft], asked, progress)
    return msgspec.structs.replace(found, against=other.name)


TASKS: Final[dict[str, Task]] = {
    "beats": Task(BeatsAsked, cut_into_beats, draws=True),
    "platforms": Task(FleetAsked, place, draws=True, proves="study", told=FleetStudy),
    "force": Task(ForceAsked, find_least, proves="", told=LeastForce),
    "day": Task(DayAsked, through_the_day, proves="", told=DayPlan),
    "compare": Task(WhatIfAsked, compare, of_draft=True, proves="", told=Comparison),
    "compare_drafts": Task(TwoDraftsAsked, compare_drafts, of_draft=True, of_two=True, proves="", told=Comparison),
}
