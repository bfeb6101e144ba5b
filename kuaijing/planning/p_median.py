"""Where to put ``p`` sites so that the clients' total cost of reaching their nearest site is least.

Interchange with restarts from a perturbed best (iterated local search) for the answer; Lagrangian relaxation for the bound;
branch and bound for what is left between them. Stops when proven, when the gap is within ``GAP``, or when nothing improves.
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kuaijing.planning.branching import Incumbent, Problem, branch, fixed_by_reduced_cost
from kuaijing.planning.checks import cost_matrix, site_count, time_budget
from kuaijing.planning.errors import Unreachable
from kuaijing.planning.interchange import descend
from kuaijing.planning.lagrange import ascend

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

GAP = 1e-3
"""Relative gap at which the search may stop without a proof."""
_KICKS = 30
"""Perturbed restarts without gain that count as stagnation."""
_BRANCH_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class MedianResult:
    """``sites`` sorted ``(p,)``; ``cost`` of the answer; ``bound`` below which no answer lies; ``optimal`` where proven."""

    sites: IntArray
    cost: float
    bound: float
    optimal: bool


def p_median(cost: npt.ArrayLike, p: int, *, seconds: float = 10.0, seed: int = 0) -> MedianResult:
    """The ``p`` sites of least total cost.

    Parameters
    ----------
    cost
        Cost of serving each client from each site, shape ``(clients, sites)``, >= 0; ``inf`` where it does not reach.
    p
        Number of sites to choose, 1 to ``sites``.
    seconds
        Wall-clock cap. The search stops earlier when proven or stagnant.
    seed
        Of the restarts; the same seed and enough time give the same answer.

    Raises
    ------
    ShapeMismatch, NotANumber, OutOfRange
        The input is malformed.
    Unreachable
        A client is reached by no site, or no choice of ``p`` sites was found that reaches all clients.

    Notes
    -----
    Sources: Resende and Werneck (2004), Journal of Heuristics 10, 59-88; Beasley (1993); Lourenço, Martin and Stützle (2003).
    """
    matrix = cost_matrix(cost)
    p = site_count(p, matrix.shape[1])
    until = time.monotonic() + time_budget(seconds)
    problem, penalty = _problem(matrix, p)
    chance = np.random.default_rng(seed)
    incumbent = _start(problem, chance)
    bound, price = _bound(problem, incumbent)
    while bound < problem.enough(incumbent.cost) and time.monotonic() < until:
        before = incumbent.cost
        _kick(problem, incumbent, chance, until)
        bound, price = _bound(problem, incumbent, price, bound)
        if incumbent.cost >= before:
            bound = max(bound, _finish(problem, incumbent, price, bound, until))
            break
    if penalty and incumbent.cost >= penalty:
        raise Unreachable(f"no choice of {p} sites was found that reaches every client; raise p or add sites", ())
    bound = min(incumbent.cost, problem.rounded(bound))
    optimal = bound >= problem.enough(incumbent.cost)
    return MedianResult(np.sort(incumbent.chosen), incumbent.cost, incumbent.cost if optimal else bound, optimal)


def _problem(matrix: FloatArray, p: int) -> tuple[Problem, float]:
    """The instance with unreachable pairs at a penalty that no feasible answer comes to (0 where there are none)."""
    finite = np.isfinite(matrix)
    penalty = 0.0
    if not finite.all():
        worst = np.where(finite, matrix, 0).max(axis=1).sum()
        penalty = float(2 ** np.ceil(np.log2(worst + 1)) * 2)
        matrix = np.where(finite, matrix, penalty)
    order = np.argsort(matrix, axis=1, kind="stable").astype(np.int32)
    ordered = np.take_along_axis(matrix, order, axis=1)
    whole = bool((matrix == np.rint(matrix)).all())
    return Problem(np.ascontiguousarray(matrix.T), order, ordered, p, whole), penalty


def _start(problem: Problem, chance: np.random.Generator) -> Incumbent:
    sites = len(problem.by_site)
    chosen = chance.choice(sites, problem.p, replace=False).astype(np.int64)
    is_chosen = np.zeros(sites, np.bool_)
    is_chosen[chosen] = True
    total = float(descend(problem.by_site, chosen, is_chosen, 0, 200))
    return Incumbent(chosen, total)


def _kick(problem: Problem, incumbent: Incumbent, chance: np.random.Generator, until: float) -> None:
    """Iterated local search from the incumbent until ``_KICKS`` kicks bring nothing."""
    sites, p = len(problem.by_site), problem.p
    if p == sites:
        return
    idle = 0
    while idle < _KICKS and time.monotonic() < until:
        chosen = incumbent.chosen.copy()
        is_chosen = np.zeros(sites, np.bool_)
        is_chosen[chosen] = True
        swaps = min(1 + int(chance.integers(0, max(2, p // 4))), p, sites - p)
        out = chance.choice(p, swaps, replace=False)
        into = chance.choice(np.flatnonzero(~is_chosen), swaps, replace=False)
        is_chosen[chosen[out]] = False
        is_chosen[into] = True
        chosen[out] = into
        total = float(descend(problem.by_site, chosen, is_chosen, int(chance.integers(sites)), 200))
        idle += 1
        if total < incumbent.cost - 1e-9 * (1 + incumbent.cost):
            incumbent.chosen, incumbent.cost, idle = chosen, total, 0


def _bound(
    problem: Problem, incumbent: Incumbent, price: FloatArray | None = None, known: float = -np.inf
) -> tuple[float, FloatArray]:
    if price is None:
        near = np.partition(problem.by_site[incumbent.chosen], min(1, problem.p - 1), axis=0)
        price = near[0] + (near[min(1, problem.p - 1)] - near[0]) * 0.5
        price = np.maximum(price, problem.ordered[:, 0])
    best_price = price.copy()
    none = np.zeros(len(problem.by_site), np.bool_)
    enough = problem.enough(incumbent.cost)
    bound, _ = ascend(
        problem.order,
        problem.ordered,
        problem.p,
        incumbent.cost,
        price.copy(),
        best_price,
        none,
        none,
        3000,
        1.0,
        25,
        enough,
    )
    return (bound, best_price) if bound >= known else (known, price)


def _finish(problem: Problem, incumbent: Incumbent, price: FloatArray, bound: float, until: float) -> float:
    """Fix what the reduced costs decide and search the rest."""
    none = np.zeros(len(problem.by_site), np.bool_)
    if bound >= problem.enough(incumbent.cost):
        return bound
    shut, must = fixed_by_reduced_cost(problem, bound, price, incumbent.cost, none, none)
    return branch(problem, incumbent, price, shut, must, until, bound)
