"""Which units to send, all roles of an incident chosen together.

Objective, in this order:

1. as many roles filled as can be, and as many wanted capabilities carried by somebody who is sent;
2. where a minute matters: the least weighted sum of arrival medians over the roles (the first on scene weighs most). Cover only
   breaks ties: a role may go to another unit that arrives less than 10 s after the one of the optimum and does not cross the
   limit that one meets, if the city loses less by it;
3. other grades: among units that meet the limit and come within a minute of the earliest (within a minute of it, where nobody
   meets the limit) a later one is chosen only where the city loses markedly less by it than by every sooner one; units beyond
   that by arrival. The plan's liking of classes breaks ties nearer than 10 s alone.

Trading arrival for cover on urgent calls cut late arrivals by 18 % and raised the mean response by 37 % in published trials:
wrong for a one-minute standard (see the domain page). What a set loses is counted as its units' single losses and, where
``shared`` is given, what pairs of them hold together: a pair that backs each other up is not sent away for nothing.
Arrays in, numbers out; roles are rows of ``may``, units its columns.
"""

import itertools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaijing.engine.choice.assignment import assign

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


class Aims(NamedTuple):
    """What the aims weigh against each other; configuration."""

    tie_s: float = 10.0
    """Arrivals nearer than this are a tie."""
    patience_s: float = 60.0
    """Where no minute matters, the cover term may choose a unit later than the earliest by up to this, never a later one."""
    loss_step: float = 0.005
    """Losses of cover that differ by less (share of the city's expected incidents) count as equal."""


DEFAULT_AIMS = Aims()
_ALL_WAYS = 128
"""More ways than this to lay capabilities on roles are not all tried; no plan of the default set has as many."""
_MISSING = 1e9
_FORBIDDEN = 1e12
_LATE = 1e6


class Choice(NamedTuple):
    """``unit`` per role, int64 (roles,), -1 where nobody can; ``uncarried``: wanted capabilities that nobody sent carries."""

    unit: IntArray
    uncarried: IntArray


def choose_together(
    median_s: FloatArray,
    may: BoolArray,
    weight: FloatArray,
    loss: FloatArray,
    carries: BoolArray,
    *,
    limit_s: float,
    minute_matters: bool,
    preference: FloatArray | None = None,
    shared: FloatArray | None = None,
    aims: Aims = DEFAULT_AIMS,
) -> Choice:
    """Choose one unit for each role.

    Parameters
    ----------
    median_s
        Arrival of each unit, any penalty included; ``inf`` where it cannot come; shape ``(units,)``.
    may
        Whether the unit may take the role, shape ``(roles, units)``.
    weight
        How much the role's arrival counts, shape ``(roles,)``, above 0.
    loss
        What the city loses while the unit is gone, share of expected incidents, shape ``(units,)``.
    carries
        Whether the unit carries each wanted capability, shape ``(units, capabilities)``.
    preference
        Least-important tie-breaker, lower is liked better, 0 to 1, shape ``(units,)``: the plan's order of classes.
    shared
        What two units hold together, beyond what each holds alone, shape ``(units, units)``; see ``reach.pair_losses``.
    aims
        What counts as a tie, as late and as equal.

    Returns
    -------
    Choice
        Roles that share one row of ``may`` are interchangeable; the caller orders them by arrival.
    """
    roles, units = may.shape
    possible = may & np.isfinite(median_s)
    liked = np.zeros(units) if preference is None else preference
    if roles == 0 or units == 0:
        return Choice(np.full(roles, -1, np.int64), np.arange(carries.shape[1]))
    patient = None if minute_matters else _patient_cost(median_s, possible, loss, limit_s, liked, aims)
    base = _urgent_cost(median_s, weight) if patient is None else patient
    best: tuple[float, IntArray, BoolArray] | None = None
    coverable = [int(c) for c in np.flatnonzero(carries[possible.any(axis=0)].any(axis=0))]
    for left_off in range(len(coverable) + 1):
        for wanted in itertools.combinations(coverable, len(coverable) - left_off):
            found = _cheapest(base, possible, carries, wanted)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        if best is not None:
            break
    assert best is not None  # with nothing wanted there is always an answer, an empty one at worst
    _, chosen, allowed = best
    if minute_matters:
        alike = _tied(median_s, allowed, chosen, limit_s, aims)
        chosen = _break_ties(median_s, alike, chosen, weight, loss, liked, aims)
    else:
        alike = _acceptable(median_s, allowed, limit_s, aims)
    if shared is not None and (chosen >= 0).sum() > 1:
        chosen = _spare_pairs(median_s, alike, chosen, loss, shared, aims)
    sent = chosen[chosen >= 0]
    uncarried = np.flatnonzero(~carries[sent].any(axis=0)) if len(sent) else np.arange(carries.shape[1])
    return Choice(chosen, uncarried)


def _cheapest(
    base: FloatArray, possible: BoolArray, carries: BoolArray, wanted: tuple[int, ...]
) -> tuple[float, IntArray, BoolArray] | None:
    """Least cost over all ways to lay the wanted capabilities on the roles; ``None`` where some stays uncarried for it."""
    roles = range(len(base))
    if len(roles) ** len(wanted) <= _ALL_WAYS:
        return _best_way(base, possible, carries, wanted, itertools.product(roles, repeat=len(wanted)))
    laid: tuple[int, ...] = ()
    best: tuple[float, IntArray, BoolArray, tuple[int, ...]] | None = None
    for count in range(1, len(wanted) + 1):  # one capability after the other, each where it costs least
        tried = [
            (*found, (*laid, role))
            for role in roles
            if (found := _best_way(base, possible, carries, wanted[:count], [(*laid, role)])) is not None
        ]
        if not tried:
            return None
        best = min(tried, key=lambda way: way[0])
        laid = best[3]
    return None if best is None else best[:3]


def _best_way(
    cost: FloatArray, possible: BoolArray, carries: BoolArray, wanted: tuple[int, ...], ways: Iterable[tuple[int, ...]]
) -> tuple[float, IntArray, BoolArray] | None:
    best: tuple[float, IntArray, BoolArray] | None = None
    for laid in ways:
        allowed = possible.copy()
        for capability, role in zip(wanted, laid, strict=True):
            allowed[role] &= carries[:, capability]
        chosen, total = _solve(cost, allowed)
        if any(chosen[role] < 0 for role in laid):
            continue
        if best is None or total < best[0]:
            best = total, chosen, allowed
    return best


def _solve(cost: FloatArray, allowed: BoolArray) -> tuple[IntArray, float]:
    roles, units = allowed.shape
    table = np.full((roles, units + roles), _MISSING)
    table[:, :units] = np.where(allowed, cost, _FORBIDDEN)
    chosen = assign(table)
    total = float(table[np.arange(roles), chosen].sum())
    return np.where(chosen < units, chosen, -1), total


def _urgent_cost(median_s: FloatArray, weight: FloatArray) -> FloatArray:
    return weight[:, None] * np.where(np.isfinite(median_s), median_s, _LATE)[None, :]


def _patient_cost(
    median_s: FloatArray, possible: BoolArray, loss: FloatArray, limit_s: float, liked: FloatArray, aims: Aims
) -> FloatArray:
    """Place in the order of sending for who comes early enough, seconds beyond every place for the others."""
    acceptable = _acceptable(median_s, possible, limit_s, aims)
    cost = np.tile(_LATE + np.where(np.isfinite(median_s), median_s, _LATE), (len(possible), 1))
    orders: dict[bytes, IntArray] = {}
    for role, may in enumerate(acceptable):
        units = np.flatnonzero(may)
        if may.tobytes() not in orders:
            orders[may.tobytes()] = _patient_order(units, median_s, loss, liked, aims)
        order = orders[may.tobytes()]
        cost[role, order] = np.arange(len(order))
    return cost


def _patient_order(units: IntArray, median_s: FloatArray, loss: FloatArray, liked: FloatArray, aims: Aims) -> IntArray:
    """The units in the order in which they are sent: each time the one that ``_patient_best`` takes of those left."""
    left = units[np.lexsort((units, median_s[units]))]
    order: list[int] = []
    while len(left):
        best = _patient_best(median_s[left], loss[left], liked[left], aims)
        order.append(int(left[best]))
        left = np.delete(left, best)
    return np.array(order, np.int64)


def _patient_best(median_s: FloatArray, loss: FloatArray, liked: FloatArray, aims: Aims) -> int:
    """Which of units in order of arrival to send: whoever is passed over for a later one costs the city a step more.

    A unit stands for choice where all that are sooner lose at least a step more. Each of these is a step better than those
    before it, so the last is the best; among its ties that cost as much, the class that the plan likes best.
    """
    sooner_least = np.concatenate(([np.inf], np.minimum.accumulate(loss)[:-1]))
    best = int(np.flatnonzero(loss + aims.loss_step <= sooner_least)[-1])
    ahead = np.searchsorted(median_s, median_s - aims.tie_s, side="right")  # so many are sooner by more than a tie
    clearly_sooner_least = np.concatenate(([np.inf], np.minimum.accumulate(loss)))[ahead]
    tied = np.abs(median_s - median_s[best]) < aims.tie_s
    tied &= (np.abs(loss - loss[best]) < aims.loss_step) & (loss + aims.loss_step <= clearly_sooner_least)
    tied[best] = True  # also where nothing counts as a tie
    among = np.flatnonzero(tied)
    return int(among[np.lexsort((median_s[among], liked[among]))[0]])


def _tied(median_s: FloatArray, allowed: BoolArray, chosen: IntArray, limit_s: float, aims: Aims) -> BoolArray:
    """Units as good as the chosen one of each role: within the tie and on the same side of the limit."""
    own = np.where(chosen >= 0, median_s[chosen], -np.inf)
    tied = allowed & (median_s[None, :] < (own + aims.tie_s)[:, None])
    tied &= ~((own <= limit_s)[:, None] & (median_s > limit_s)[None, :])
    filled = np.flatnonzero(chosen >= 0)
    tied[filled, chosen[filled]] = True
    return np.asarray(tied)


def _acceptable(median_s: FloatArray, allowed: BoolArray, limit_s: float, aims: Aims) -> BoolArray:
    """Units that are early enough for each role where no minute matters."""
    finite = np.where(np.isfinite(median_s), median_s, _LATE)
    earliest = np.where(allowed, finite[None, :], _LATE).min(axis=1, initial=_LATE)
    latest = earliest + aims.patience_s
    latest = np.where(earliest <= limit_s, np.minimum(limit_s, latest), latest)
    return np.asarray(allowed & (finite[None, :] <= latest[:, None]))


def _break_ties(
    median_s: FloatArray,
    tied: BoolArray,
    chosen: IntArray,
    weight: FloatArray,
    loss: FloatArray,
    liked: FloatArray,
    aims: Aims,
) -> IntArray:
    """Give each filled role to the unit that the city misses least, among those as good as its own."""
    filled = chosen >= 0
    least = np.where(tied[filled], loss[None, :], np.inf).min(axis=1, initial=np.inf)
    more = np.where(tied[filled], loss[None, :] - least[:, None], 0.0)
    by_cover = np.floor(more / aims.loss_step) + liked[None, :] / 4
    by_arrival = np.minimum(weight[filled], 1.0)[:, None] * np.where(np.isfinite(median_s), median_s, _LATE)[None, :]
    again, _ = _solve(by_cover + by_arrival / (4 * _LATE), tied[filled])
    result = chosen.copy()
    result[filled] = again
    return result


def _spare_pairs(
    median_s: FloatArray, alike: BoolArray, chosen: IntArray, loss: FloatArray, shared: FloatArray, aims: Aims
) -> IntArray:
    """Exchange one unit at a time for one as good, as long as what the set loses shrinks by a step or more."""
    chosen = chosen.copy()
    for _ in range(2 * len(chosen)):
        best, best_role, best_unit = -aims.loss_step, -1, -1
        for role in np.flatnonzero(chosen >= 0):
            others = chosen[(chosen >= 0) & (np.arange(len(chosen)) != role)]
            held = loss + shared[:, others].sum(axis=1)
            gain = np.where(alike[role], held - held[chosen[role]], np.inf)
            gain[others] = np.inf
            as_much = gain < gain.min() + aims.loss_step
            unit = int(np.where(as_much & (gain <= -aims.loss_step), median_s, np.inf).argmin())
            if gain[unit] < best:
                best, best_role, best_unit = float(gain[unit]), int(role), unit
        if best_role < 0:
            break
        chosen[best_role] = best_unit
    return chosen
