"""The recommendation: which units to send to an incident, in one list that covers all units, each with its reason.

Composes the parts: the force as arrays, drives by road, arrival estimates, the joint choice, the reach that the choice leaves.
Nothing here decides: the dispatcher may always choose otherwise. The live reach is at most a second old when it is read.
"""

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.incidents import Incident
from kuaijing.domain.plan_document import ResponsePlan
from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import ENDED_ASSIGNMENT, UnitStatus
from kuaijing.engine.advice.advice import Advice, CoverAdvice, CoverMove, Purpose
from kuaijing.engine.advice.backfill import find_backfill
from kuaijing.engine.advice.candidates import Losses, list_candidates
from kuaijing.engine.advice.cover_moves import propose_cover
from kuaijing.engine.advice.drives import drives_to
from kuaijing.engine.advice.empty_areas import AreaStreets
from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.reach_field import Picture, ReachField
from kuaijing.engine.advice.reach_now import ReachNow
from kuaijing.engine.advice.reasons import Question
from kuaijing.engine.advice.wanted import ONE_UNIT, wanted_of
from kuaijing.engine.choice.arrival import arrivals
from kuaijing.engine.choice.divert import DIVERSION_PENALTY_S, NO_POSITION_PENALTY_S, may_divert, minute_matters
from kuaijing.engine.choice.reach import reached
from kuaijing.engine.choice.together import choose_together
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.tracking.live_table import LiveView
from kuaijing.tracking.thresholds import DEFAULT_THRESHOLDS, Thresholds

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


class Advisor:
    """Advice on one city, from its live reach."""

    def __init__(self, field: ReachField) -> None:
        self._field = field
        self._areas: tuple[Survey, AreaStreets] | None = None

    def recommend(
        self,
        picture: Picture,
        incident_id: str,
        purpose: Purpose | str,
        at: Instant,
        *,
        view: LiveView | None = None,
    ) -> Advice:
        """Advice for one incident. ``view`` of the live table where the caller is in another thread than its writer.

        Raises
        ------
        UnknownIncident
            There is none of that number.
        ValueError
            ``purpose`` is neither ``first`` nor ``reinforcement``.
        """
        field, purpose = self._field, Purpose(purpose)
        state = picture.state
        incident = state.incident(incident_id)
        field.roads.apply(state.closures, at)
        force = field.force(state, at, view)
        now = field.current(picture, force, at)
        plan = field.survey.plan.find_response_plan(incident.plan) or ONE_UNIT
        on_it = _running(state, incident)
        losses = Losses.of(force, now)
        question = self._ask(state, incident, plan, purpose, on_it, force, losses)
        gone = _gone(question, now)
        after = now.without(gone)
        met_after = reached(after) & (now.standards.tier >= 0)
        moves = CoverAdvice((), None, None)
        if purpose is Purpose.REINFORCEMENT:
            moves = propose_cover(field, now, after, force, gone)
        return Advice(
            digest="",
            incident=incident.id,
            incident_version=incident.version,
            picture_version=picture.version,
            made_at=at,
            tier=incident.place.tier,
            tier_limit_s=incident.place.tier_limit_s,
            purpose=str(purpose),
            plan=incident.plan,
            wanted=question.wanted.counted(),
            unmet=_unmet(question),
            guidance=plan.guidance,
            guidance_en=plan.guidance_en,
            followers=tuple(follower.who for follower in plan.followers),
            candidates=list_candidates(question, losses, field.roads, field.model),
            reach_before=_share(now.share()),
            reach_after=_share(now.share(met_after)),
            cover=moves.moves,
            reach_restored=moves.reach_restored,
        ).digested()

    def cover_proposal(self, picture: Picture, at: Instant, *, view: LiveView | None = None) -> CoverAdvice:
        """Which free units to move where now, with the reach before and after; no moves where none is worth it."""
        field = self._field
        field.roads.apply(picture.state.closures, at)
        force = field.force(picture.state, at, view)
        now = field.current(picture, force, at)
        return propose_cover(field, now, now.reach, force, np.zeros(len(now.units), np.bool_))

    def backfill(
        self,
        picture: Picture,
        area: str,
        at: Instant,
        *,
        view: LiveView | None = None,
        thresholds: Thresholds = DEFAULT_THRESHOLDS,
    ) -> tuple[CoverMove, ...]:
        """The one move that restores an area (``beat:B1``, ``tier:key``) soonest by road; none where nobody could."""
        field = self._field
        field.roads.apply(picture.state.closures, at)
        force = field.force(picture.state, at, view)
        now = field.current(picture, force, at)
        if self._areas is None or self._areas[0] is not field.survey:
            self._areas = field.survey, AreaStreets.of(field.streets, field.survey)
        return find_backfill(field, now, force, self._areas[1], area, thresholds)

    def _ask(
        self,
        state: State,
        incident: Incident,
        plan: ResponsePlan,
        purpose: Purpose,
        on_it: list[Assignment],
        force: Force,
        losses: Losses,
    ) -> Question:
        field, urgent = self._field, minute_matters(incident.grade)
        wanted = wanted_of(incident, plan, purpose, on_it, force.units)
        working_on = {
            unit.id: state.assignments[unit.active].incident
            for unit in force.units
            if unit.active is not None and unit.active in state.assignments
        }
        asked = () if incident.raised_by is None else (incident.raised_by,)
        there = frozenset((*asked, *(each.unit for each in on_it)))
        not_there = np.array([unit.id not in there for unit in force.units], np.bool_)
        divertible = _divertible(state, force, working_on, incident.grade) & not_there
        eligible = (force.free | (divertible if urgent else np.zeros(len(force), np.bool_))) & not_there
        fit = wanted.may.any(axis=0) if len(wanted.roles) else np.ones(len(force), np.bool_)
        drives = drives_to(
            incident.place, force, eligible & fit, field.roads, field.survey, field.model, len(wanted.roles)
        )
        estimate = arrivals(
            drives.seconds,
            force.delay_s,
            force.reaction_spread_s,
            force.age_s,
            force.moving,
            incident.place.tier_limit_s,
            field.model.spread,
        )
        effective = estimate.median_s + np.where(divertible, DIVERSION_PENALTY_S, 0.0)
        # A diversion takes nothing from the reach but help from somebody who waits: it never wins a tie.
        loss = np.where(divertible, 1.0, np.nan_to_num(losses.share))
        choice = choose_together(
            np.where(eligible, effective + np.where(force.heard, 0.0, NO_POSITION_PENALTY_S), np.inf),
            wanted.may & eligible[None, :],
            wanted.weight,
            loss,
            wanted.carries,
            limit_s=incident.place.tier_limit_s,
            minute_matters=urgent,
            preference=wanted.preference,
            shared=losses.shared,
            aims=field.model.aims,
        )
        return Question(
            force=force,
            wanted=wanted,
            drives=drives,
            arrivals=estimate,
            effective_s=effective,
            eligible=eligible,
            divertible=divertible,
            loss=loss,
            loss_step=field.model.aims.loss_step,
            chosen=choice.unit,
            on_it=there,
            working_on=working_on,
        )


def _running(state: State, incident: Incident) -> list[Assignment]:
    parts = [state.assignments[each] for each in incident.assignments if each in state.assignments]
    return [part for part in parts if part.status not in ENDED_ASSIGNMENT]


def _divertible(state: State, force: Force, working_on: dict[str, str], grade: int) -> BoolArray:
    on_way = np.array([_on_its_way(state, unit) for unit in force.units], np.bool_)
    theirs = [state.incidents.get(working_on.get(unit.id, "")) for unit in force.units]
    grades = np.array([0 if each is None else each.grade for each in theirs], np.int64)
    return may_divert(on_way, grades, grade)


def _on_its_way(state: State, unit: Unit) -> bool:
    """Ordered or driving, heard of, and not yet there: one that was measured at its scene is no longer to be diverted."""
    if unit.status not in (UnitStatus.ORDERED, UnitStatus.EN_ROUTE) or unit.lost_contact or unit.active is None:
        return False
    part = state.assignments.get(unit.active)
    return part is not None and not part.was_there


def _gone(question: Question, now: ReachNow) -> BoolArray:
    gone = np.zeros(len(now.units), np.bool_)
    for row in question.chosen[question.chosen >= 0]:
        at = now.row_of.get(question.force.units[int(row)].id)
        if at is not None:
            gone[at] = True
    return gone


def _unmet(question: Question) -> dict[str, int]:
    unmet: dict[str, int] = {}
    for role, row in zip(question.wanted.roles, question.chosen.tolist(), strict=True):
        if row < 0:
            unmet[str(role)] = unmet.get(str(role), 0) + 1
    sent = question.chosen[question.chosen >= 0]
    if question.wanted.roles:
        for index, skill in enumerate(question.wanted.capabilities):
            if not question.wanted.carries[sent, index].any():
                unmet[f"capability:{skill}"] = 1
    return unmet


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
