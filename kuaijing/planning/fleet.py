"""Where the units of a fleet should stand, and how many of each class, so that most incidents find a free one in time.

Maximal expected covering (Daskin 1983, Transportation Science 17(1), 48-70) with unit classes that reach different points, a limit
on open sites, and posts that are kept. Greedy placing, then moves until none gains; the bound is that of the linear relaxation
(the objective is concave in the number of units that reach a point), tightened by branch and cut while there is time.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from kuaijing.planning.checks import time_budget, weights_of
from kuaijing.planning.errors import OutOfRange, ShapeMismatch
from kuaijing.planning.fleet_search import covered, greedy, level, move_sites, move_units

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_LEVELS = 8
"""Units within reach of a point that the relaxation tells apart; further ones count as the eighth, which keeps it a bound."""
_PROVEN = 1e-6


@dataclass(frozen=True, slots=True)
class FleetResult:
    """``units`` int ``(classes, sites)``; ``covered``: rate that finds a free unit in time, at most ``bound``; ``optimal`` if proven."""

    units: IntArray
    covered: float
    bound: float
    optimal: bool

    @property
    def gap(self) -> float:
        """How far the bound lies above the answer, as a share of it."""
        return (self.bound - self.covered) / self.covered if self.covered > 0 else 0.0


def fleet(
    reach: npt.ArrayLike,
    rate: npt.ArrayLike,
    count: npt.ArrayLike,
    *,
    busy: float = 0.0,
    sites: int | None = None,
    kept: npt.ArrayLike | None = None,
    most: npt.ArrayLike | None = None,
    seconds: float = 10.0,
) -> FleetResult:
    """Units by class and site that cover the most.

    Parameters
    ----------
    reach
        Whether a unit of a class standing at a site reaches a point within the point's limit, bool ``(classes, sites, points)``.
    rate
        Incidents per hour at each point, ``(points,)``, >= 0.
    count
        Units of each class, int ``(classes,)``, >= 0.
    busy
        Share of the time that a unit is not free, in [0, 1); the same for all and independent: optimistic at peak load.
    sites
        At most so many sites are used; any number where not given.
    kept
        Units that stay where they are, int ``(classes, sites)``; part of ``count``, their sites are open.
    most
        Units of a class that one site takes, int ``(classes,)``; any number where not given.
    seconds
        Cap of the whole; 0 gives the first answer with the bound of its rates.

    Raises
    ------
    ShapeMismatch, NotANumber, OutOfRange
        The input is malformed; the message names it.
    """
    until = time.monotonic() + time_budget(seconds)
    within = np.ascontiguousarray(reach, dtype=np.bool_)
    if within.ndim != 3 or within.size == 0:
        raise ShapeMismatch(
            f"reach must have shape (classes, sites, points) with one of each at least, got {within.shape}"
        )
    classes, places, points = within.shape
    weight = weights_of(rate, points, "rate")
    wanted = _whole(count, (classes,), "count")
    fixed = np.zeros((classes, places), np.int64) if kept is None else _whole(kept, (classes, places), "kept")
    cap = (
        np.full(classes, max(1, int(wanted.max(initial=1))), np.int64)
        if most is None
        else _whole(most, (classes,), "most")
    )
    _check(wanted, fixed, cap, busy, sites, places)
    allowed = places if sites is None else int(sites)
    units = fixed.copy()
    open_ = fixed.sum(axis=0) > 0
    greedy(
        within,
        weight,
        busy,
        units,
        wanted - fixed.sum(axis=1),
        np.maximum(cap, fixed.max(initial=0)),
        open_,
        allowed - int(open_.sum()),
    )
    _improve(within, weight, busy, units, fixed, cap, open_, until)
    value = float(covered(level(within, units), weight, busy))
    bound = min(float(weight.sum()), _ceiling(within, weight, busy, int(wanted.sum())))
    if time.monotonic() < until:
        bound, better = _relaxed(within, weight, busy, wanted, fixed, cap, allowed, until, bound)
        if better is not None:
            found = float(covered(level(within, better), weight, busy))
            if found > value:
                units, value = better, found
    optimal = bound <= value * (1 + _PROVEN) + 1e-12
    return FleetResult(units, value, value if optimal else bound, optimal)


def _check(wanted: IntArray, fixed: IntArray, cap: IntArray, busy: float, sites: int | None, places: int) -> None:
    if not 0 <= busy < 1:
        raise OutOfRange(f"busy must be in [0, 1), got {busy}")
    if (fixed.sum(axis=1) > wanted).any():
        row = int(np.argmax(fixed.sum(axis=1) > wanted))
        raise OutOfRange(
            f"kept has {int(fixed[row].sum())} units of class {row}, count only {int(wanted[row])}; raise count"
        )
    open_ = int((fixed.sum(axis=0) > 0).sum())
    if sites is not None and not max(1, open_) <= sites <= places:
        raise OutOfRange(f"sites must be between {max(1, open_)} (those kept) and {places}, got {sites}")
    room = cap * (places if sites is None else sites) + np.maximum(fixed - cap[:, None], 0).sum(axis=1)
    if (wanted > room).any():
        row = int(np.argmax(wanted > room))
        raise OutOfRange(
            f"{int(wanted[row])} units of class {row} do not fit: {int(room[row])} at most; raise most or sites"
        )


def _whole(given: npt.ArrayLike, shape: tuple[int, ...], name: str) -> IntArray:
    array = np.asarray(given)
    if array.shape != shape:
        raise ShapeMismatch(f"{name} must have shape {shape}, got {array.shape}")
    if not np.issubdtype(array.dtype, np.integer) or (array < 0).any():
        raise OutOfRange(f"{name} must be whole numbers of 0 or more")
    return array.astype(np.int64)


def _improve(
    reach: npt.NDArray[np.bool_], rate: FloatArray, busy: float, units: IntArray, kept: IntArray, cap: IntArray,
    open_: npt.NDArray[np.bool_], until: float,
) -> None:  # fmt: skip
    while time.monotonic() < until:
        gained = move_units(reach, rate, busy, units, kept, np.maximum(cap, units.max(initial=0)), open_)
        if gained == 0.0 and move_sites(reach, rate, busy, units, kept, open_) == 0.0:
            return


def _ceiling(reach: npt.NDArray[np.bool_], rate: FloatArray, busy: float, units: int) -> float:
    """No placing covers more: every point that any site reaches, by the whole fleet."""
    return float(rate[reach.any(axis=(0, 1))].sum() * (1 - busy**units))


def _relaxed(
    reach: npt.NDArray[np.bool_], rate: FloatArray, busy: float, wanted: IntArray, fixed: IntArray, cap: IntArray, allowed: int,
    until: float, bound: float,
) -> tuple[float, IntArray | None]:  # fmt: skip
    """Bound of the relaxation, and the best whole answer of branch and cut where it found one."""
    import highspy

    classes, places, _points = reach.shape
    seen = np.flatnonzero((rate > 0) & reach.any(axis=(0, 1)))
    if not len(seen):
        return 0.0, None
    model = _model(reach[:, :, seen], rate[seen], busy, wanted, fixed, cap, allowed)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", max(0.1, until - time.monotonic()))
    solver.setOptionValue("mip_rel_gap", _PROVEN)
    solver.passModel(model)
    solver.run()
    info = solver.getInfo()
    found = -info.mip_dual_bound
    bound = min(bound, found) if np.isfinite(found) else bound
    if info.primal_solution_status != 2:  # kSolutionStatusFeasible
        return bound, None
    x = np.array(solver.getSolution().col_value[: classes * places])
    return bound, np.rint(x).astype(np.int64).reshape(classes, places)


def _model(
    reach: npt.NDArray[np.bool_],
    rate: FloatArray,
    busy: float,
    wanted: IntArray,
    fixed: IntArray,
    cap: IntArray,
    allowed: int,
) -> Any:
    """Columns: units (classes × sites), open (sites), reached (points × levels). Rows: levels, classes, caps, open sites."""
    import highspy

    classes, places, points = reach.shape
    levels = 1 if busy == 0 else min(_LEVELS, max(1, int(wanted.sum())))
    nx, nz, ny = classes * places, places, points * levels
    worth = (1 - busy) * busy ** np.arange(levels)
    top = np.ones(levels)
    if busy > 0 and levels == _LEVELS:
        top[-1] = float(wanted.sum())
    y = np.arange(ny).reshape(points, levels)
    of, unit = np.nonzero(reach.reshape(nx, points).T)
    linking = sparse.coo_array(
        (np.concatenate([-np.ones(len(of)), np.ones(ny)]), (np.concatenate([of, np.repeat(np.arange(points), levels)]),
         np.concatenate([unit, nx + nz + y.ravel()]))), shape=(points, nx + nz + ny),
    )  # fmt: skip
    totals = sparse.coo_array(
        (np.ones(nx), (np.repeat(np.arange(classes), places), np.arange(nx))), shape=(classes, nx + nz + ny)
    )
    limit = np.maximum(np.repeat(cap, places), fixed.ravel()).astype(float)
    both = np.concatenate([np.arange(nx), nx + np.tile(np.arange(places), classes)])
    capped = sparse.coo_array(
        (np.concatenate([np.ones(nx), -limit]), (np.tile(np.arange(nx), 2), both)), shape=(nx, nx + nz + ny)
    )
    opened = sparse.coo_array((np.ones(nz), (np.zeros(nz, np.int64), nx + np.arange(nz))), shape=(1, nx + nz + ny))
    blocks = [linking, totals, capped, opened]
    if allowed < places:
        single = levels if top[-1] == 1 else levels - 1
        cuts = _only_from_open_sites(reach, limit, nx + nz + y[:, :single], nx, nz)
        blocks.append(sparse.coo_array((cuts.data, cuts.coords), shape=(cuts.shape[0], nx + nz + ny)))
    rows = sparse.vstack(blocks).tocsr()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = nx + nz + ny, rows.shape[0]
    model.col_cost_ = np.concatenate([np.zeros(nx + nz), -(rate[:, None] * worth).ravel()])
    model.col_lower_ = np.concatenate(
        [fixed.ravel().astype(float), (fixed.sum(axis=0) > 0).astype(float), np.zeros(ny)]
    )
    model.col_upper_ = np.concatenate([limit, np.ones(nz), np.tile(top, points)])
    model.row_lower_ = np.full(rows.shape[0], -highspy.kHighsInf)
    known = np.concatenate([np.zeros(points), wanted.astype(float), np.zeros(nx), [float(allowed)]])
    model.row_upper_ = np.concatenate([known, np.zeros(rows.shape[0] - len(known))])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    model.integrality_ = [highspy.HighsVarType.kInteger] * (nx + nz) + [highspy.HighsVarType.kContinuous] * ny
    return model


def _only_from_open_sites(
    reach: npt.NDArray[np.bool_], limit: FloatArray, y: IntArray, nx: int, nz: int
) -> sparse.coo_array:
    """The j-th unit at a point takes as many open sites around it as j units need: true of whole sites, not of shares of them.

    ``y`` are the columns of the levels that stand for one unit each, ``(points, levels)``.
    """
    points, levels = y.shape
    pack = max(1, int(limit.reshape(-1, nz).max(axis=1).sum()))
    needed = np.ceil(np.arange(1, levels + 1) / pack)
    point, site = np.nonzero(reach.any(axis=0).T)
    row = np.arange(points * levels)
    values = np.concatenate([np.tile(needed, points), -np.ones(len(point) * levels)])
    rows = np.concatenate([row, (point[:, None] * levels + np.arange(levels)).ravel()])
    columns = np.concatenate([y.ravel(), nx + np.repeat(site, levels)])
    return sparse.coo_array((values, (rows, columns)), shape=(points * levels, int(y.max()) + 1))
