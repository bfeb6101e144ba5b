"""The one list of all units: order, figures and reasons put together, the proposed ones first, then by what could be done."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.words import Role, UnitStatus
from kuaijing.engine.advice.advice import Candidate, Reason
from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.model import AdviceModel
from kuaijing.engine.advice.reach_now import ReachNow
from kuaijing.engine.advice.reasons import Question, Why, why_chosen, why_passed_over
from kuaijing.engine.advice.road_metres import road_metres
from kuaijing.engine.advice.roads import LiveRoads

FloatArray = NDArray[np.float64]

_ROLE_RANK = {Role.FIRST: 0, Role.REINFORCEMENT: 0, Role.SUPPORT: 1, Role.FOLLOWER: 2}
_IDLE = (UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE)


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """What the city loses by each row of the force; NaN for units that its reach does not count."""

    street_m: FloatArray
    share: FloatArray
    shared: FloatArray
    """Share that two rows hold together, beyond what each holds alone; 0 where not known."""

    @classmethod
    def of(cls, force: Force, now: ReachNow) -> "Losses":
        """The losses that the live reach knows, by row of the force."""
        rows = np.array([now.row_of.get(unit.id, -1) for unit in force.units], np.int64)
        known = (rows >= 0) & force.counted
        street, share = np.full(len(force), np.nan), np.full(len(force), np.nan)
        street[known], share[known] = now.loss_street_m[rows[known]], now.loss_share[rows[known]]
        if np.array_equal(rows, np.arange(len(now.units))):
            return cls(street, share, now.pair_share)
        shared = np.zeros((len(force), len(force)))
        shared[np.ix_(known, known)] = now.pair_share[np.ix_(rows[known], rows[known])]
        return cls(street, share, shared)


def list_candidates(question: Question, losses: Losses, roads: LiveRoads, model: AdviceModel) -> tuple[Candidate, ...]:
    """Every unit of the force exactly once."""
    force, arrivals = question.force, question.arrivals
    median: list[float] = arrivals.median_s.tolist()
    chosen = sorted(
        (role for role in range(len(question.chosen)) if question.chosen[role] >= 0),
        key=lambda role: (_ROLE_RANK[question.wanted.roles[role]], median[question.chosen[role]]),
    )
    order = {int(question.chosen[role]): (place + 1, role) for place, role in enumerate(chosen)}
    why: list[Why] = [
        why_chosen(question, order[row][1]) if row in order else why_passed_over(question, row)
        for row in range(len(force))
    ]
    ranked = sorted(
        range(len(force)), key=lambda row: (_shelf(question, row, order, why), median[row], force.units[row].id)
    )
    near = [row for row in ranked if np.isfinite(median[row])]
    metres = road_metres(question.drives, force, near[: len(chosen) + model.routed], roads)
    figures = zip(
        _figures(arrivals.median_s, 1),
        _figures(arrivals.p90_s, 1),
        _figures(np.where(np.isfinite(arrivals.median_s), arrivals.within, np.nan), 3),
        _figures(losses.street_m, 0),
        _figures(losses.share, 6),
        _figures(force.age_s, 1),
        strict=True,
    )
    listed: list[Candidate] = []
    for row, (arrive, p90, within, loss_m, loss_share, age) in enumerate(figures):
        unit, (reason, value, detail) = force.units[row], why[row]
        place, role = order.get(row, (None, None))
        listed.append(
            Candidate(
                unit=unit.id,
                call_sign=unit.call_sign,
                unit_class=unit.unit_class,
                status=str(unit.status),
                version=unit.version,
                order=place,
                role=None if role is None else str(question.wanted.roles[role]),
                arrive_median_s=arrive,
                arrive_p90_s=p90,
                road_m=round(metres[row]) if row in metres else None,
                within_limit=within,
                loss_street_m=loss_m,
                loss_expected_share=loss_share,
                fix_age_s=age,
                diversion_from=detail if reason is Reason.DIVERSION else None,
                reason=str(reason),
                reason_value=value,
                reason_detail=detail,
            )
        )
    return tuple(listed[row] for row in ranked)


def _shelf(question: Question, row: int, order: dict[int, tuple[int, int]], why: list[Why]) -> int:
    """Proposed ones in their order, then what may be diverted, what is free (without a position last), busy, not there."""
    if row in order:
        return order[row][0] - len(order) - 1
    if why[row][0] is Reason.DIVERSION:
        return 0
    if question.eligible[row]:
        return 1 if question.force.heard[row] else 2
    return 4 if question.force.units[row].status in _IDLE else 3


def _figures(column: FloatArray, digits: int) -> list[float | None]:
    """Rounded figures, ``None`` for what is not finite."""
    known = np.isfinite(column)
    return [figure if there else None for figure, there in zip(np.round(column, digits).tolist(), known, strict=True)]
