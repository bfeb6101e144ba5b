"""The one word that says why a unit stands where it does in the list, with the figure and the detail that go with it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.words import UnitStatus
from kuaijing.engine.advice.advice import Reason
from kuaijing.engine.advice.drives import Drives
from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.wanted import Wanted
from kuaijing.engine.choice.arrival import Arrivals

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Why = tuple[Reason, float | None, str]
"""Reason, figure, detail."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What was asked and what was chosen, as the reasons need it."""

    force: Force
    wanted: Wanted
    drives: Drives
    arrivals: Arrivals
    effective_s: FloatArray
    """Arrival medians with penalties, as the choice saw them."""
    eligible: BoolArray
    divertible: BoolArray
    loss: FloatArray
    loss_step: float
    """Losses that differ by less count as equal."""
    chosen: NDArray[np.int64]
    """Row of the unit per role, -1 none."""
    on_it: frozenset[str]
    working_on: dict[str, str]
    """Incident of a unit's active assignment."""


def why_chosen(question: Question, role: int) -> Why:
    """Why the unit of that role was chosen."""
    row = int(question.chosen[role])
    if question.divertible[row]:
        return Reason.DIVERSION, None, question.working_on.get(question.force.units[row].id, "")
    if not question.force.heard[row]:
        return Reason.NO_POSITION, None, ""
    sooner = _sooner(question, role, row)
    if not len(sooner):
        return Reason.NEAREST, None, ""
    sent = np.isin(sooner, question.chosen)
    if sent.all():
        return Reason.TOGETHER, None, ""
    passed_over = sooner[~sent]
    skills = question.wanted.carries[row] & ~question.wanted.carries[passed_over].any(axis=0)
    if skills.any():
        return Reason.CAPABILITY, None, question.wanted.capabilities[int(np.argmax(skills))]
    if len(question.wanted.roles) == 1 or question.loss[row] < question.loss[passed_over].min():
        return _for_cover(question, row, passed_over)
    return Reason.TOGETHER, None, ""


def _for_cover(question: Question, row: int, passed_over: NDArray[np.int64]) -> Why:
    """What the city is spared against the soonest that was passed over, and how many seconds later this one is.

    Losses that count as equal are said to be equal: between them the plan's order of classes has decided.
    """
    soonest = int(passed_over[np.argmin(question.effective_s[passed_over])])
    spared = float(question.loss[soonest] - question.loss[row])
    later = float(question.effective_s[row] - question.effective_s[soonest])
    return Reason.COVER, round(spared, 6) if spared >= question.loss_step else 0.0, f"{later:.0f}"


def why_passed_over(question: Question, row: int) -> Why:
    """Why the unit was passed over."""
    return (
        _by_status(question, row) or _by_fit(question, row) or _by_distance(question, row) or _by_choice(question, row)
    )


def _sooner(question: Question, role: int, row: int) -> NDArray[np.int64]:
    """Rows that could have taken the role and would be there sooner, the other ones sent among them."""
    before = (question.effective_s < question.effective_s[row]) & question.force.heard
    return np.flatnonzero(question.eligible & question.wanted.may[role] & before)


def _by_status(question: Question, row: int) -> Why | None:
    unit = question.force.units[row]
    working_on = question.working_on.get(unit.id, "")
    if unit.id in question.on_it:
        return Reason.ALREADY_ON_IT, None, ""
    if unit.status == UnitStatus.OFF_DUTY:
        return Reason.OFF_DUTY, None, ""
    if unit.status == UnitStatus.OUT_OF_SERVICE:
        return Reason.OUT_OF_SERVICE, None, ""
    if unit.lost_contact:
        return Reason.NO_CONTACT, _age(question.force, row), working_on
    if question.divertible[row]:
        return Reason.DIVERSION, None, working_on
    if unit.status != UnitStatus.AVAILABLE or unit.active is not None or unit.leaving:
        if unit.queued:
            return Reason.QUEUED_ELSEWHERE, float(len(unit.queued)), working_on
        return Reason.BUSY, None, working_on
    return None


def _by_fit(question: Question, row: int) -> Why | None:
    wanted, unit = question.wanted, question.force.units[row]
    if len(wanted.roles) and not wanted.may[:, row].any():
        return Reason.WRONG_CLASS, None, unit.unit_class
    return None


def _by_distance(question: Question, row: int) -> Why | None:
    force, drives = question.force, question.drives
    if np.isfinite(drives.seconds[row]):
        return None
    if not np.isfinite(force.lon[row]):
        return Reason.NO_POSITION, None, ""
    if drives.is_off_road(force.units[row].unit_class):
        return Reason.OFF_ROAD, round(float(drives.straight_m[row])), ""
    if drives.unbounded or not force.on_road[row]:
        return Reason.UNREACHABLE, round(float(drives.straight_m[row])), ""
    return Reason.BEYOND_HORIZON, None, ""


def _by_choice(question: Question, row: int) -> Why:
    """A free unit that could have come: compared with the last of those that took a role which it might have taken."""
    if not question.force.heard[row]:
        return Reason.NO_POSITION, None, ""
    taken = question.wanted.may[:, row] & (question.chosen >= 0) if len(question.chosen) else np.zeros(0, np.bool_)
    if not taken.any():
        return Reason.FARTHER, None, ""
    sent = question.chosen[taken]
    last = int(sent[np.argmax(question.effective_s[sent])])
    gap = float(question.effective_s[row] - question.effective_s[last])
    if gap >= 0:
        shift = float(question.force.delay_s[row] - question.force.reaction_s[row])
        if question.force.stale[row] and gap < shift:
            return Reason.STALE, _age(question.force, row), ""
        return Reason.FARTHER, round(gap, 1), ""
    lacking = question.wanted.carries[last] & ~question.wanted.carries[row]
    if lacking.any():
        return Reason.MISSING_CAPABILITY, round(-gap, 1), question.wanted.capabilities[int(np.argmax(lacking))]
    if len(question.wanted.roles) == 1 or question.loss[row] > question.loss[last]:
        return Reason.COVER, round(float(question.loss[row]), 6), ""
    return Reason.FARTHER, round(gap, 1), ""


def _age(force: Force, row: int) -> float | None:
    age = float(force.age_s[row])
    return round(age, 1) if np.isfinite(age) else None
