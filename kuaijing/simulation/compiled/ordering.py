"""Which units a call gets at a moment: the advisor's question (``engine.advice.advisor``) put to the compiled choice. Compiled.

As there: free units, and where a minute matters units on their way to a lesser grade at a penalty; nobody beyond the horizon unless no
eligible unit is within it, then the nearest of each class; estimates are drive plus reaction.
"""

import numpy as np

from kuaijing.simulation.compiled.choosing import acceptable, choose, tied
from kuaijing.simulation.compiled.driving import drive_ms, locate
from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.standing import loss_shares
from kuaijing.simulation.compiled.tables import FAR, IDLE, MOVING, RESPONDING


@machine_code
def _eligible(calls, rules, units, scratch, call, now):  # type: ignore[no-untyped-def]
    """Fill ``scratch.eligible`` and ``.divertible``; whether anybody is."""
    grade = calls[call].grade
    urgent = grade <= rules.urgent_grades
    some = False
    for unit in range(len(units)):
        status = units[unit].status
        divertible = urgent and rules.divert and status == RESPONDING and calls[units[unit].call].grade > grade
        divertible = divertible and units[unit].due - max(now, units[unit].leg_at) > rules.there_ms
        eligible = divertible or status in (IDLE, MOVING)
        scratch.divertible[unit], scratch.eligible[unit] = divertible, eligible
        some = some or eligible
    return some


@machine_code
def closest_idle(to_ms, units, point, period, place, factor, now):  # type: ignore[no-untyped-def]
    """The idle unit of least estimate, -1 where none can come: one unit wanted, anybody may, nothing to weigh."""
    best, found = np.int64(FAR) << 8, -1
    for unit in range(len(units)):
        if units[unit].status != IDLE and units[unit].status != MOVING:
            continue
        kind = units[unit].kind
        if units[unit].leg_to < 0 and units[unit].point[2] < 0:
            away = np.int64(to_ms[period, kind, place, units[unit].point[0]])
        else:
            locate(to_ms, units, kind, unit, now, point)
            away = drive_ms(to_ms, period, kind, point, place)
        if away >= FAR:
            continue
        estimate = np.int64(away * factor) + units[unit].estimate_ms
        if estimate < best:
            best, found = estimate, unit
    return found


@machine_code
def _estimates(roads, force, calls, rules, units, scratch, fit, wanted, period, factor, call, now):  # type: ignore[no-untyped-def]
    """Fill ``scratch.median``: seconds, penalty included, infinite where the unit is not to be asked."""
    place = calls[call].place
    near = False
    for unit in range(len(units)):
        scratch.drive[unit] = FAR
        if scratch.eligible[unit]:
            locate(roads.to_ms, units, units[unit].kind, unit, now, scratch.point)
            if units[unit].leg_to >= 0 and now > units[unit].leg_at:
                scratch.point[3] += rules.turn_ms
            away = drive_ms(roads.to_ms, period, units[unit].kind, scratch.point, place)
            scratch.drive[unit] = np.int64(away * factor) if away < FAR else away
            near = near or (scratch.drive[unit] <= rules.horizon_ms and fit[unit])
    kinds = roads.to_ms.shape[1]
    for kind in range(kinds):
        bar = np.int64(rules.horizon_ms)
        if not near:  # beyond the horizon only so many of each class as are wanted
            among = np.sort(scratch.drive[(units.kind == kind) & scratch.eligible & fit])
            bar = min(np.int64(FAR) - 1, among[min(wanted, len(among)) - 1]) if len(among) else np.int64(-1)
        for unit in range(len(units)):
            if units[unit].kind == kind:
                reached = scratch.drive[unit] <= bar and scratch.drive[unit] < FAR
                median = scratch.drive[unit] / 1000.0 + roads.walk_ms[place] / 1000.0 + units[unit].estimate_ms / 1000.0
                penalty = rules.penalty_s if scratch.divertible[unit] else 0.0
                scratch.median[unit] = median + penalty if reached and scratch.eligible[unit] else np.inf


@machine_code
def choose_units(roads, force, responses, standards, calls, rules, units, scratch, hour, call, now):  # type: ignore[no-untyped-def]
    """Unit per role of the call's plan, -1 where nobody can come."""
    plan, grade = calls[call].plan, calls[call].grade
    first, last = responses.role_start[plan], responses.role_start[plan + 1]
    chosen = scratch.chosen[: last - first]
    chosen[:] = -1
    if not _eligible(calls, rules, units, scratch, call, now):
        return chosen
    period, factor = roads.period_of_hour[hour], roads.grade_factor[grade]
    may = responses.may[first:last]
    fit = scratch.fit
    fit[:] = False
    for role in range(last - first):
        fit |= may[role]
    _estimates(roads, force, calls, rules, units, scratch, fit, last - first, period, factor, call, now)
    allowed = may & scratch.eligible
    urgent = grade <= rules.urgent_grades
    limit_s = calls[call].limit_ms / 1000.0
    carries = responses.carries[responses.skill_start[plan] : responses.skill_start[plan + 1]]
    scratch.loss[:] = 0.0
    asked = rules.cover and _worth_asking(scratch, allowed, carries, limit_s, urgent, rules)
    if asked:
        loss_shares(roads, force, standards, units, hour, now, scratch.loss, scratch.shared)
    for unit in range(len(units)):
        if scratch.divertible[unit]:
            scratch.loss[unit] = 1.0
    chosen[:] = choose(
        scratch.median, allowed, responses.weight[first:last], scratch.loss, carries, limit_s, urgent,
        responses.liked[plan], scratch.shared, asked, rules.tie_s, rules.patience_s, rules.loss_step,
    )  # fmt: skip
    return chosen


@machine_code
def _worth_asking(scratch, allowed, carries, limit_s, urgent, rules):  # type: ignore[no-untyped-def]
    """Whether cover could change the answer: more than one role, or more than one unit as good as the soonest."""
    if len(allowed) != 1 or len(carries) > 0:
        return True
    if not urgent:
        return acceptable(scratch.median, allowed, limit_s, rules.patience_s).sum() > 1
    soonest = np.full(1, -1, np.int64)
    best = np.inf
    for unit in range(allowed.shape[1]):
        if allowed[0, unit] and scratch.median[unit] < best:
            best, soonest[0] = scratch.median[unit], unit
    return soonest[0] >= 0 and tied(scratch.median, allowed, soonest, limit_s, rules.tie_s).sum() > 1
