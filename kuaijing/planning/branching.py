"""Closing the p-median's gap: depth-first branch and bound on "this site is open / shut" over the Lagrangian bound.

Small trees only: what the bound at the root and its reduced costs leave undecided. Arrays in, the best bound out.
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kuaijing.planning.interchange import descend
from kuaijing.planning.lagrange import ascend, reduced_costs

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Problem:
    """One p-median with its clients' sites sorted by cost; ``whole`` where every cost is a whole number."""

    by_site: FloatArray
    order: npt.NDArray[np.int32]
    ordered: FloatArray
    p: int
    whole: bool

    def enough(self, upper: float) -> float:
        """A bound of this size proves that nothing cheaper than ``upper`` exists."""
        return upper - 1 + 1e-6 if self.whole else upper * (1 - 1e-9)

    def rounded(self, bound: float) -> float:
        """The bound, lifted to the next whole number where costs are whole."""
        return float(np.ceil(bound - 1e-6)) if self.whole else bound


@dataclass(slots=True)
class Incumbent:
    """The best sites known."""

    chosen: IntArray
    cost: float


def fixed_by_reduced_cost(
    problem: Problem, bound: float, price: FloatArray, upper: float, shut: BoolArray, must: BoolArray
) -> tuple[BoolArray, BoolArray]:
    """Sites that any better solution leaves shut, or has open: opening or shutting them would lift the bound past ``upper``.

    Source: Beasley (1993), in Modern Heuristic Techniques for Combinatorial Problems, ch. 6 (penalty tests).
    """
    rho = np.empty(len(shut))
    reduced_costs(problem.order, problem.ordered, price, shut, rho)
    free = ~shut & ~must
    left = problem.p - int(must.sum())
    ranked = np.sort(rho[free])
    if left <= 0 or left >= len(ranked):
        return shut, must
    last_in, first_out = ranked[left - 1], ranked[left]
    limit = problem.enough(upper)
    shut = shut | (free & (rho > last_in) & (bound + rho - last_in >= limit))
    must = must | (free & (rho < first_out) & (bound - rho + first_out >= limit))
    return shut, must


def branch(
    problem: Problem,
    incumbent: Incumbent,
    price: FloatArray,
    shut: BoolArray,
    must: BoolArray,
    until: float,
    root: float,
) -> float:
    """Search the tree until ``until`` (monotonic seconds). Improves ``incumbent``; returns a valid lower bound."""
    stack = [(root, price, shut, must)]
    while stack:
        if time.monotonic() >= until:
            return problem.rounded(min([incumbent.cost, *(bound for bound, *_ in stack)]))
        bound, start, shut, must = stack.pop()
        if bound >= problem.enough(incumbent.cost):
            continue
        best_price = start.copy()
        found, _ = ascend(
            problem.order,
            problem.ordered,
            problem.p,
            incumbent.cost,
            start.copy(),
            best_price,
            shut,
            must,
            150,
            0.3,
            8,
            problem.enough(incumbent.cost),
        )
        bound = max(bound, found)
        if bound >= problem.enough(incumbent.cost):
            continue
        shut, must = fixed_by_reduced_cost(problem, found, best_price, incumbent.cost, shut, must)
        site = _undecided(problem, incumbent, best_price, shut, must)
        if site < 0:
            continue
        closed, opened = shut.copy(), must.copy()
        closed[site] = opened[site] = True
        stack.append((bound, best_price, closed, must))
        stack.append((bound, best_price, shut, opened))
    return incumbent.cost


def _undecided(problem: Problem, incumbent: Incumbent, price: FloatArray, shut: BoolArray, must: BoolArray) -> int:
    """The free site to branch on, -1 where the node decides everything (its solution is tried then)."""
    free = np.flatnonzero(~shut & ~must)
    left = problem.p - int(must.sum())
    if left < 0 or left > len(free):
        return -1
    rho = np.empty(len(shut))
    reduced_costs(problem.order, problem.ordered, price, shut, rho)
    ranked = free[np.argsort(rho[free], kind="stable")]
    _try(problem, incumbent, np.concatenate([np.flatnonzero(must), ranked[:left]]))
    if left == 0 or left == len(free):
        return -1
    return int(ranked[left - 1])


def _try(problem: Problem, incumbent: Incumbent, chosen: IntArray) -> None:
    sites = np.ascontiguousarray(chosen, dtype=np.int64)
    cost = float(problem.by_site[sites].min(axis=0).sum())
    if cost < incumbent.cost * 1.02:
        is_chosen = np.zeros(len(problem.by_site), np.bool_)
        is_chosen[sites] = True
        cost = float(descend(problem.by_site, sites, is_chosen, 0, 50))
    if cost < incumbent.cost - 1e-9 * (1 + abs(incumbent.cost)):
        incumbent.chosen, incumbent.cost = sites.copy(), cost
