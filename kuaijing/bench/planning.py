"""The solvers of ``planning`` on drawn instances, each beside a peer in the same run: HiGHS given the plain model, or dense algebra.

Our first calls are made before the clock starts (compiled code). A peer gets one instance of the kind with a cap, since the whole set
would take it hours; its row says which.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import highspy
import numpy as np
import numpy.typing as npt

from kuaijing.bench.end_to_end import end_to_end
from kuaijing.bench.output import OURS, Row
from kuaijing.bench.planning_instances import FORTY, hot_spots, road_like, town
from kuaijing.planning import districts, hypercube, max_cover, p_center, p_median

_PEER_SECONDS = 30.0
_PROVEN_GAP = 1e-3
Answer = TypeVar("Answer")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench planning``."""
    parser.add_argument(
        "--instances", type=int, default=40, metavar="N", help="of the forty drawn instances, the first N"
    )
    parser.add_argument(
        "--only", choices=("solvers", "end_to_end"), help="the solvers, or a city's plan made, proved, confirmed"
    )
    parser.add_argument(
        "--city", type=Path, metavar="DIR", help="end to end on this city (default: Qinglan, generated once)"
    )
    parser.add_argument(
        "--engine-days", type=float, default=30.0, metavar="N", help="days through the real engine (30; 0 none)"
    )
    parser.add_argument("--plan-out", type=Path, metavar="DIR", help="write the plan of the end-to-end run")


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """All solvers, one after the other, then a city's plan end to end."""
    if arguments.only != "end_to_end":
        yield from _solvers(arguments)
    if arguments.only != "solvers":
        yield from end_to_end(arguments.city, arguments.engine_days, arguments.plan_out)


def _solvers(arguments: argparse.Namespace) -> Iterator[Row]:
    _warm()
    graphs = [(n, p, road_like(n, 1000 + k)) for k, (n, p) in enumerate(FORTY[: arguments.instances])]
    yield from _medians(graphs)
    yield from _centres(graphs)
    yield from _covers()
    yield from _districts()
    yield from _hypercubes()


def _medians(graphs: list[tuple[int, int, npt.NDArray[np.float64]]]) -> Iterator[Row]:
    case = f"p-median, {len(graphs)} drawn by the OR-Library's recipe"
    results, seconds = _timed(lambda: [p_median(cost, p, seconds=10) for _, p, cost in graphs])
    gaps = [(r.cost - r.bound) / r.cost for r in results]
    yield Row("planning", case, OURS, "total", seconds, "s")
    yield Row("planning", case, OURS, "proven_optimal", sum(r.optimal for r in results), "count")
    yield Row("planning", case, OURS, "gap_within_0.1_percent", sum(gap <= _PROVEN_GAP for gap in gaps), "count")
    yield Row("planning", case, OURS, "worst_gap", 100 * max(gaps), "%")
    small = next((g for g in graphs if g[0] == 200), graphs[-1])
    name = f"p-median, n = {small[0]}, p = {small[1]}"
    own, seconds = _timed(lambda: p_median(small[2], small[1]))
    cost, peer = _timed(lambda: _plain_median(small[2], small[1]))
    yield Row("planning", name, OURS, "time", seconds, "s")
    yield Row("planning", name, OURS, "cost", own.cost, "")
    yield Row("planning", name, "HiGHS, plain model", "time", peer, "s")
    yield Row("planning", name, "HiGHS, plain model", "cost", cost, "")


def _centres(graphs: list[tuple[int, int, npt.NDArray[np.float64]]]) -> Iterator[Row]:
    case = f"p-center, {len(graphs)} drawn by the OR-Library's recipe"
    results, seconds = _timed(lambda: [p_center(cost, p, seconds=20) for _, p, cost in graphs])
    yield Row("planning", case, OURS, "total", seconds, "s")
    yield Row("planning", case, OURS, "proven_optimal", sum(r.optimal for r in results), "count")


def _covers() -> Iterator[Row]:
    for clients, sites, p, radius, clustered, cap in (
        (300, 300, 5, 3.0, True, 3.0),
        (1000, 1000, 20, 1.5, True, 3.0),
        (3000, 3000, 60, 1.2, False, 3.0),
        (3000, 3000, 60, 1.2, True, 10.0),
        (10_000, 1000, 60, 1.2, True, 25.0),
    ):
        cost, weight = town(clients, sites, clients + p, clustered=clustered)
        case = f"maximal cover, {clients} × {sites}, p = {p}, {'clustered' if clustered else 'even'}"
        result, seconds = _timed(lambda c=cost, w=weight, r=radius, n=p, s=cap: max_cover(c, w, r, n, seconds=s))  # type: ignore[misc]
        yield Row("planning", case, OURS, "time", seconds, "s")
        yield Row("planning", case, OURS, "gap", 100 * (result.bound - result.covered) / result.covered, "%")


def _districts() -> Iterator[Row]:
    for side, k, cap in ((30, 12, 2.0), (100, 60, 30.0)):
        edges, workload, xy = hot_spots(side, 6 if side == 30 else 25, side + k)
        result, seconds = _timed(lambda e=edges, w=workload, n=k, p=xy, s=cap: districts(e, w, n, xy=p, seconds=s))  # type: ignore[misc]
        case = f"districts, {side} × {side}, k = {k}, hot spots"
        yield Row("planning", case, OURS, "time", seconds, "s")
        yield Row("planning", case, OURS, "max_over_mean", result.balance, "")
        yield Row("planning", case, OURS, f"cut_edges_of_{len(edges)}", result.cut_edges, "count")


def _hypercubes() -> Iterator[Row]:
    for units in (11, 15, 20):
        chance = np.random.default_rng(units)
        lists = np.array([chance.permutation(units) for _ in range(100)])
        rate = chance.random(100)
        rate *= 0.5 * units / rate.sum()
        case = f"hypercube, {units} units, 100 zones"
        result, seconds = _timed(lambda r=rate, p=lists: hypercube(r, p, 1.0))  # type: ignore[misc]
        yield Row("planning", case, OURS, "time", seconds, "s")
        if units == 11:
            busy, peer = _timed(lambda r=rate, p=lists: _dense_hypercube(r, p))  # type: ignore[misc]
            yield Row("planning", case, "numpy, dense", "time", peer, "s")
            yield Row("planning", case, OURS, "largest_difference", float(np.abs(busy - result.utilisation).max()), "")


def _timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - began


def _warm() -> None:
    cost, weight = town(40, 40, 0, clustered=False)
    p_median(np.rint(cost * 10), 4)
    p_center(cost, 4)
    max_cover(cost, weight, 3.0, 4)
    edges, workload, xy = hot_spots(6, 2, 0)
    districts(edges, workload, 3, xy=xy, seconds=0.1)
    hypercube([1.0], [[0, 1]], 1.0)


def _plain_median(cost: npt.NDArray[np.float64], p: int) -> float:
    """The textbook model (one variable a pair), as a planner would write it, with a cap."""
    n, m = cost.shape
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("time_limit", _PEER_SECONDS)
    lp = highspy.HighsLp()
    pairs = n * m
    lp.num_col_, lp.num_row_ = m + pairs, n + pairs + 1
    lp.col_cost_ = np.concatenate([np.zeros(m), cost.ravel()])
    lp.col_lower_, lp.col_upper_ = np.zeros(m + pairs), np.ones(m + pairs)
    lp.row_lower_ = np.concatenate([np.ones(n), np.zeros(pairs), [float(p)]])
    lp.row_upper_ = np.concatenate([np.ones(n), np.full(pairs, highspy.kHighsInf), [float(p)]])
    pair = np.arange(pairs)
    rows = np.concatenate([pair // m, n + pair, n + pair, np.full(m, n + pairs)])
    columns = np.concatenate([m + pair, pair % m, m + pair, np.arange(m)])
    values = np.concatenate([np.ones(pairs), np.ones(pairs), -np.ones(pairs), np.ones(m)])
    order = np.lexsort((columns, rows))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(rows[order], np.arange(n + pairs + 2)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = columns[order].astype(np.int32), values[order]
    lp.integrality_ = [highspy.HighsVarType.kInteger] * m + [highspy.HighsVarType.kContinuous] * pairs
    model.passModel(lp)
    model.run()
    return float(model.getInfo().objective_function_value)


def _dense_hypercube(rate: npt.NDArray[np.float64], lists: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """All balance equations at once."""
    units = lists.shape[1]
    states = 1 << units
    flow = np.zeros((states, states))
    for b in range(states):
        free = ((b >> lists) & 1) == 0
        if b != states - 1:
            taken = lists[np.arange(len(lists)), free.argmax(axis=1)]
            np.add.at(flow[b], b | (1 << taken), rate)
        for u in range(units):
            if b >> u & 1:
                flow[b, b ^ (1 << u)] += 1.0
    np.fill_diagonal(flow, -flow.sum(axis=1))
    flow[:, 0] = 1.0
    right = np.zeros(states)
    right[0] = 1.0
    chance = np.linalg.solve(flow.T, right)
    return np.array([chance[[b for b in range(states) if b >> u & 1]].sum() for u in range(units)])
