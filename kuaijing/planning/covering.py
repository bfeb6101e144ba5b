"""Which few sites cover every client: the reductions, the greedy answer and the exact one that cover problems share.

A cover is a boolean matrix ``(clients, sites)``. Reductions keep at least one optimal answer: a client whose sites include all sites of
another client is covered for free with it; a site whose clients are all covered by another site is never needed.

Source of the reductions: Beasley (1987), European Journal of Operational Research 31(1), 85-93.
"""

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left to decide: ``cover`` over ``clients`` and ``sites`` (indices in the whole problem), ``taken`` already."""

    cover: BoolArray
    clients: IntArray
    sites: IntArray
    taken: IntArray


@dataclass(frozen=True, slots=True)
class CoverAnswer:
    """``sites`` that cover all (empty where none was found), and the proven least number."""

    sites: IntArray
    bound: float
    proven: bool


def reduced(cover: BoolArray) -> Reduced:
    """Apply both dominance rules and the forced sites until nothing changes."""
    clients = np.arange(cover.shape[0])
    sites = np.arange(cover.shape[1])
    taken: list[int] = []
    while True:
        shape = cover.shape
        keep = ~_superset_rows(cover)
        cover, clients = cover[keep], clients[keep]
        keep = ~_subset_columns(cover)
        cover, sites = cover[:, keep], sites[keep]
        alone = cover.sum(axis=1) == 1
        if alone.any():
            forced = np.unique(cover[alone].argmax(axis=1))
            taken += sites[forced].tolist()
            left = ~cover[:, forced].any(axis=1)
            stay = np.ones(len(sites), np.bool_)
            stay[forced] = False
            cover, clients, sites = cover[left][:, stay], clients[left], sites[stay]
        if cover.shape == shape or 0 in cover.shape:
            return Reduced(cover, clients, sites, np.array(taken, dtype=np.int64))


def greedy(cover: BoolArray, chance: np.random.Generator | None = None) -> IntArray:
    """Sites chosen by most newly covered clients, ties and near-ties at random where ``chance`` is given; redundant ones dropped."""
    waiting = np.ones(cover.shape[0], np.bool_)
    dense = cover.astype(np.float32)
    gain = dense.sum(axis=0)
    chosen: list[int] = []
    while waiting.any():
        noise = 0 if chance is None else chance.random(len(gain)) * (0.5 + 0.08 * gain.max())
        site = int(np.argmax(gain + noise))
        if gain[site] <= 0:
            site = int(np.argmax(gain))
        new = waiting & cover[:, site]
        chosen.append(site)
        waiting &= ~cover[:, site]
        gain -= new.astype(np.float32) @ dense
    return _without_redundant(cover, chosen)


def exact(cover: BoolArray, *, seconds: float, wanted: int | None = None, start: IntArray | None = None) -> CoverAnswer:
    """Fewest sites by branch and cut (HiGHS), each client of ``cover`` covered.

    With ``wanted`` the search ends as soon as a cover of that many sites is found, or fewer than that are proven impossible.
    """
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("time_limit", max(0.01, seconds))
    if wanted is not None:
        model.setOptionValue("objective_target", float(wanted))
        model.setOptionValue("objective_bound", wanted + 0.5)
    clients, sites = cover.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = sites, clients
    lp.col_cost_ = np.ones(sites)
    lp.col_lower_, lp.col_upper_ = np.zeros(sites), np.ones(sites)
    lp.row_lower_, lp.row_upper_ = np.ones(clients), np.full(clients, highspy.kHighsInf)
    rows, columns = np.nonzero(cover)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(cover.sum(axis=1))]).astype(np.int32)
    lp.a_matrix_.index_ = columns.astype(np.int32)
    lp.a_matrix_.value_ = np.ones(len(rows))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * sites
    model.passModel(lp)
    if start is not None:
        given = highspy.HighsSolution()
        values = np.zeros(sites)
        values[start] = 1
        given.col_value = values.tolist()
        model.setSolution(given)
    model.run()
    info = model.getInfo()
    bound = float(np.ceil(info.mip_dual_bound - 1e-6)) if np.isfinite(info.mip_dual_bound) else 0.0
    status = model.getModelStatus()
    values = np.array(model.getSolution().col_value)
    found = np.flatnonzero(values > 0.5) if len(values) == sites else np.zeros(0, np.int64)
    if len(found) and not cover[:, found].any(axis=1).all():
        found = np.zeros(0, np.int64)
    if (
        status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound)
        and wanted is not None
    ):
        return CoverAnswer(np.zeros(0, np.int64), wanted + 1.0, True)
    proven = status == highspy.HighsModelStatus.kOptimal
    return CoverAnswer(found.astype(np.int64), max(bound, 0.0), proven)


def _superset_rows(cover: BoolArray) -> BoolArray:
    """Rows that contain another row (of equal rows all but the first)."""
    sparse = cover.astype(np.float32)
    common = sparse @ sparse.T
    size = sparse.sum(axis=1)
    within = common >= size[:, None]  # [i, k]: row i lies within row k
    np.fill_diagonal(within, False)
    twin = within & within.T
    within &= ~(twin & (np.arange(len(size))[:, None] > np.arange(len(size))[None, :]))
    drop: BoolArray = within.any(axis=0)
    return drop


def _subset_columns(cover: BoolArray) -> BoolArray:
    """Columns that lie within another column (of equal columns all but the first)."""
    sparse = cover.astype(np.float32)
    common = sparse.T @ sparse
    size = sparse.sum(axis=0)
    within = common >= size[:, None]
    np.fill_diagonal(within, False)
    twin = within & within.T
    within &= ~(twin & (np.arange(len(size))[:, None] < np.arange(len(size))[None, :]))
    drop: BoolArray = within.any(axis=1)
    return drop


def _without_redundant(cover: BoolArray, chosen: list[int]) -> IntArray:
    times = cover[:, chosen].sum(axis=1)
    kept: list[int] = []
    for site in reversed(chosen):
        if (times[cover[:, site]] > 1).all():
            times = times - cover[:, site]
        else:
            kept.append(site)
    return np.array(sorted(kept), dtype=np.int64)
