"""The engine's joint choice (``engine.choice.together``), compiled: the same rules, the same answers, callable from the event loop.

The engine's function is written with numpy, sets and ``itertools`` for its reader and is asked some times a minute; the simulator asks a
million times a second. Both solve their tables with the very same ``engine.choice.assignment.assign``; that the rest agrees is shown on
drawn instances and on whole days of trace (tests/simulation/compiled), see docs/decisions/0080-one-choice-two-codes.md. Whoever changes
one changes the other: the tests fail otherwise.
"""

import numpy as np

from kuaijing.engine.choice.assignment import assign
from kuaijing.simulation.compiled.machine import machine_code

_ALL_WAYS = 128
_MISSING = 1e9
_FORBIDDEN = 1e12
_LATE = 1e6


@machine_code
def _solve(cost, allowed):  # type: ignore[no-untyped-def]
    roles, units = allowed.shape
    table = np.full((roles, units + roles), _MISSING)
    for role in range(roles):
        for unit in range(units):
            table[role, unit] = cost[role, unit] if allowed[role, unit] else _FORBIDDEN
    chosen = assign(table)
    total = 0.0
    for role in range(roles):
        total += table[role, chosen[role]]
        if chosen[role] >= units:
            chosen[role] = -1
    return chosen, total


@machine_code
def _try_way(cost, possible, carries, wanted, count, laid):  # type: ignore[no-untyped-def]
    """One way to lay the first ``count`` wanted capabilities on roles: (whether it works, chosen, total, allowed)."""
    allowed = possible.copy()
    for i in range(count):
        for unit in range(possible.shape[1]):
            allowed[laid[i], unit] &= carries[wanted[i], unit]
    chosen, total = _solve(cost, allowed)
    works = True
    for i in range(count):
        works = works and chosen[laid[i]] >= 0
    return works, chosen, total, allowed


@machine_code
def _cheapest(cost, possible, carries, wanted, count):  # type: ignore[no-untyped-def]
    roles = len(cost)
    best_total = np.inf
    best_chosen = np.full(roles, -1, np.int64)
    best_allowed = possible.copy()
    laid = np.zeros(max(1, count), np.int64)
    ways = 1
    for _ in range(count):
        ways *= roles
        if ways > _ALL_WAYS:
            break
    if ways <= _ALL_WAYS:
        for way in range(ways):
            rest = way
            for i in range(count - 1, -1, -1):
                laid[i] = rest % roles
                rest //= roles
            works, chosen, total, allowed = _try_way(cost, possible, carries, wanted, count, laid)
            if works and total < best_total:
                best_total, best_chosen, best_allowed = total, chosen, allowed
        return best_total, best_chosen, best_allowed
    for so_far in range(1, count + 1):  # one capability after the other, each where it costs least
        best_total = np.inf
        best_role = -1
        for role in range(roles):
            laid[so_far - 1] = role
            works, chosen, total, allowed = _try_way(cost, possible, carries, wanted, so_far, laid)
            if works and total < best_total:
                best_total, best_chosen, best_allowed, best_role = total, chosen, allowed, role
        if best_role < 0:
            return np.inf, best_chosen, best_allowed
        laid[so_far - 1] = best_role
    return best_total, best_chosen, best_allowed


@machine_code
def acceptable(median_s, allowed, limit_s, patience_s):  # type: ignore[no-untyped-def]
    """Units that are early enough for each role where no minute matters, bool (roles, units)."""
    roles, units = allowed.shape
    result = np.zeros((roles, units), np.bool_)
    for role in range(roles):
        earliest = _LATE
        for unit in range(units):
            if allowed[role, unit] and median_s[unit] < earliest:
                earliest = median_s[unit]
        latest = earliest + patience_s
        if earliest <= limit_s:
            latest = min(limit_s, latest)
        for unit in range(units):
            finite = median_s[unit] if np.isfinite(median_s[unit]) else _LATE
            result[role, unit] = allowed[role, unit] and finite <= latest
    return result


@machine_code
def tied(median_s, allowed, chosen, limit_s, tie_s):  # type: ignore[no-untyped-def]
    """Units as good as the chosen one of each role: within the tie and on the same side of the limit."""
    roles, units = allowed.shape
    result = np.zeros((roles, units), np.bool_)
    for role in range(roles):
        if chosen[role] < 0:
            continue
        own = median_s[chosen[role]]
        for unit in range(units):
            near = allowed[role, unit] and median_s[unit] < own + tie_s
            result[role, unit] = near and not (own <= limit_s and median_s[unit] > limit_s)
        result[role, chosen[role]] = True
    return result


@machine_code
def _patient_best(median_s, loss, liked, left, count, tie_s, step):  # type: ignore[no-untyped-def]
    """Index into ``left[:count]`` (units in order of arrival) of the one to send; see ``together._patient_best``."""
    best = 0
    least = np.inf
    for i in range(count):
        if loss[left[i]] + step <= least:
            best = i
        least = min(least, loss[left[i]])
    at = left[best]
    found, found_liked, found_median = -1, np.inf, np.inf
    for i in range(count):
        unit = left[i]
        if i != best:  # itself always, also where nothing counts as a tie
            if not (abs(median_s[unit] - median_s[at]) < tie_s and abs(loss[unit] - loss[at]) < step):
                continue
            clearly = np.inf
            for j in range(count):
                if median_s[left[j]] <= median_s[unit] - tie_s:
                    clearly = min(clearly, loss[left[j]])
            if loss[unit] + step > clearly:
                continue
        if found < 0 or liked[unit] < found_liked or (liked[unit] == found_liked and median_s[unit] < found_median):
            found, found_liked, found_median = i, liked[unit], median_s[unit]
    return found


@machine_code
def _patient_cost(median_s, early, loss, liked, tie_s, step):  # type: ignore[no-untyped-def]
    roles, units = early.shape
    cost = np.empty((roles, units))
    left = np.empty(units, np.int64)
    for role in range(roles):
        for unit in range(units):
            cost[role, unit] = _LATE + (median_s[unit] if np.isfinite(median_s[unit]) else _LATE)
        count = 0
        for unit in range(units):
            if not early[role, unit]:
                continue
            at = count
            while at > 0 and median_s[left[at - 1]] > median_s[unit]:
                left[at] = left[at - 1]
                at -= 1
            left[at] = unit
            count += 1
        place = 0
        while count:
            best = _patient_best(median_s, loss, liked, left, count, tie_s, step)
            cost[role, left[best]] = place
            for i in range(best, count - 1):
                left[i] = left[i + 1]
            count -= 1
            place += 1
    return cost


@machine_code
def _break_ties(median_s, alike, chosen, weight, loss, liked, step):  # type: ignore[no-untyped-def]
    units = alike.shape[1]
    filled = np.flatnonzero(chosen >= 0)
    cost = np.zeros((len(filled), units))
    allowed = np.zeros((len(filled), units), np.bool_)
    for i in range(len(filled)):
        role = filled[i]
        least = np.inf
        for unit in range(units):
            if alike[role, unit]:
                least = min(least, loss[unit])
        for unit in range(units):
            allowed[i, unit] = alike[role, unit]
            if alike[role, unit]:
                by_cover = np.floor((loss[unit] - least) / step) + liked[unit] / 4
                by_arrival = min(weight[role], 1.0) * median_s[unit]
                cost[i, unit] = by_cover + by_arrival / (4 * _LATE)
    again, _ = _solve(cost, allowed)
    result = chosen.copy()
    for i in range(len(filled)):
        result[filled[i]] = again[i]
    return result


@machine_code
def _spare_pairs(median_s, alike, chosen, loss, shared, step):  # type: ignore[no-untyped-def]
    chosen = chosen.copy()
    roles, units = alike.shape
    gain = np.empty(units)
    for _ in range(2 * roles):
        best, best_role, best_unit = -step, -1, -1
        for role in range(roles):
            if chosen[role] < 0:
                continue
            own = 0.0  # summed as numpy does, so that steps met exactly are met in both
            for other in range(roles):
                if other != role and chosen[other] >= 0:
                    own += shared[chosen[role], chosen[other]]
            own = loss[chosen[role]] + own
            for unit in range(units):
                gain[unit] = np.inf
                if alike[role, unit]:
                    held = 0.0
                    for other in range(roles):
                        if other != role and chosen[other] >= 0:
                            held += shared[unit, chosen[other]]
                    gain[unit] = loss[unit] + held - own
            for other in range(roles):
                if other != role and chosen[other] >= 0:
                    gain[chosen[other]] = np.inf
            least = gain.min()
            found, soonest = 0, np.inf
            for unit in range(units):
                if gain[unit] < least + step and gain[unit] <= -step and median_s[unit] < soonest:
                    found, soonest = unit, median_s[unit]
            if gain[found] < best:
                best, best_role, best_unit = gain[found], role, found
        if best_role < 0:
            break
        chosen[best_role] = best_unit
    return chosen


@machine_code
def choose(  # type: ignore[no-untyped-def]
    median_s, may, weight, loss, carries, limit_s, urgent, liked, shared, use_shared, tie_s, patience_s, step
):
    """Unit per role, int64 (roles,), -1 where nobody can; as ``choose_together``, with ``carries`` (capabilities, units)."""
    roles, units = may.shape
    nobody = np.full(roles, -1, np.int64)
    if roles == 0 or units == 0:
        return nobody
    possible = may.copy()
    for role in range(roles):
        for unit in range(units):
            possible[role, unit] &= np.isfinite(median_s[unit])
    if urgent:
        base = np.empty((roles, units))
        for role in range(roles):
            for unit in range(units):
                base[role, unit] = weight[role] * (median_s[unit] if np.isfinite(median_s[unit]) else _LATE)
    else:
        base = _patient_cost(median_s, acceptable(median_s, possible, limit_s, patience_s), loss, liked, tie_s, step)
    coverable = np.empty(len(carries), np.int64)
    count = 0
    for skill in range(len(carries)):
        for unit in range(units):
            if carries[skill, unit] and possible[:, unit].any():
                coverable[count] = skill
                count += 1
                break
    chosen, allowed, total = nobody, possible, np.inf
    for left_off in range(count + 1):
        size = count - left_off
        pick = np.arange(size)
        wanted = np.zeros(max(1, size), np.int64)
        while True:
            for i in range(size):
                wanted[i] = coverable[pick[i]]
            found_total, found, found_allowed = _cheapest(base, possible, carries, wanted, size)
            if found_total < total:
                total, chosen, allowed = found_total, found, found_allowed
            at = size - 1
            while at >= 0 and pick[at] == count - size + at:
                at -= 1
            if at < 0:
                break
            pick[at] += 1
            for i in range(at + 1, size):
                pick[i] = pick[i - 1] + 1
        if total < np.inf:
            break
    if urgent:
        alike = tied(median_s, allowed, chosen, limit_s, tie_s)
        chosen = _break_ties(median_s, alike, chosen, weight, loss, liked, step)
    else:
        alike = acceptable(median_s, allowed, limit_s, patience_s)
    if use_shared and (chosen >= 0).sum() > 1:
        chosen = _spare_pairs(median_s, alike, chosen, loss, shared, step)
    return chosen
