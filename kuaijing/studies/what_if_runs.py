"""Scenarios run on the same calls, and what is kept of each run: figures, arrivals by bin, hours, blocks, presence, pairs.

The calls of a replication are asked for by scenario, so that each may have its own tiers, and must be the same moments and places in all.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.simulation.compiled.errors import Cancelled
from kuaijing.simulation.compiled.running import Trace, simulate, warm
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.compiled.summary import RunFigures, figures_of
from kuaijing.simulation.compiled.tables import HOUR_MS, CallTable
from kuaijing.studies.presence import Floats, presence_of, where_free
from kuaijing.studies.refused import StudyRefused

BIN_S: Final = 15.0
BINS: Final = 49
"""Twelve minutes, and one for all that is later."""
Ints = NDArray[np.int64]
CallsOf = Callable[[int, int], CallTable]
"""(scenario, replication) -> calls."""


@dataclass(frozen=True, slots=True, eq=False)
class OneRun:
    """One replication of one scenario."""

    figures: RunFigures
    arrivals: Ints
    """(BINS,): response clock."""
    arrivals_citizen: Ints
    hour_calls: Ints
    """(24,)."""
    hour_met: Ints
    hour_sum_s: Floats
    """Seconds of the calls that were reached."""
    hour_reached: Ints
    block_calls: Ints
    """(blocks,)."""
    block_met: Ints
    block_gain: Floats
    """(blocks,): calls met here and not in the first scenario, less the reverse."""
    block_changed: Floats
    """(blocks,): calls of which either is so: the squares of the differences."""
    presence_by_block: Floats
    """(blocks,): visible-unit minutes an hour."""
    presence_by_hour: Floats
    """(24,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """What runs are laid out on."""

    block_of: Ints
    """(places,): block of each place."""
    blocks: int


def run_all(
    scenarios: Sequence[Scenario],
    calls_of: CallsOf,
    replications: int,
    plot: Plot,
    *,
    window: tuple[int, int] | None = None,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] | None = None,
) -> list[list[OneRun]]:
    """Every replication of every scenario, by scenario; the result does not depend on how many threads there are.

    Raises
    ------
    Cancelled
        ``cancelled`` said so.
    StudyRefused
        The scenarios were not given the same calls.
    """
    warm()
    free = [where_free(scenario) for scenario in scenarios]

    def replicate(number: int) -> list[OneRun]:
        if cancelled is not None and cancelled():
            raise Cancelled("the comparison was stopped")
        runs: list[OneRun] = []
        first: Trace | None = None
        for row, scenario in enumerate(scenarios):
            calls = calls_of(row, number)
            if first is not None and not (
                np.array_equal(calls.at_ms, first.calls.at_ms) and np.array_equal(calls.place, first.calls.place)
            ):
                raise StudyRefused(
                    f"plans {scenarios[0].name!r} and {scenario.name!r} do not get the same calls; do their kinds differ?"
                )
            trace = simulate(scenario, calls, window=window)
            first = trace if first is None else first
            runs.append(_kept(scenario, trace, first, number, plot, free[row]))
        return runs

    found: list[list[OneRun]] = []
    with ThreadPoolExecutor(max(1, min(replications, os.cpu_count() or 1))) as pool:
        try:
            for runs in pool.map(replicate, range(replications)):
                found.append(runs)
                progress(len(found) / replications)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [[runs[row] for runs in found] for row in range(len(scenarios))]


def _kept(
    scenario: Scenario, trace: Trace, first: Trace, number: int, plot: Plot, free: tuple[Floats, Floats]
) -> OneRun:
    counted = trace.counted
    met, was_met = trace.met[counted], first.met[counted]
    response = trace.response_s[counted]
    hour = (trace.calls.at_ms[counted] // HOUR_MS) % 24
    block = plot.block_of[trace.calls.place[counted]]
    reached = np.isfinite(response)
    gain = met.astype(np.float64) - was_met
    seen = presence_of(scenario, trace, *free)
    return OneRun(
        figures=figures_of(scenario, trace, number),
        arrivals=_binned(response),
        arrivals_citizen=_binned(trace.citizen_s[counted]),
        hour_calls=np.bincount(hour, minlength=24),
        hour_met=np.bincount(hour[met], minlength=24),
        hour_sum_s=np.bincount(hour[reached], weights=response[reached], minlength=24).astype(np.float64),
        hour_reached=np.bincount(hour[reached], minlength=24),
        block_calls=np.bincount(block, minlength=plot.blocks),
        block_met=np.bincount(block[met], minlength=plot.blocks),
        block_gain=np.bincount(block, weights=gain, minlength=plot.blocks).astype(np.float64),
        block_changed=np.bincount(block, weights=gain**2, minlength=plot.blocks).astype(np.float64),
        presence_by_block=np.bincount(plot.block_of, weights=seen.by_place, minlength=plot.blocks).astype(np.float64),
        presence_by_hour=seen.by_hour,
    )


def _binned(seconds: NDArray[np.float64]) -> Ints:
    which = np.minimum(np.where(np.isfinite(seconds), seconds, 1e9) // BIN_S, BINS - 1).astype(np.int64)
    return np.bincount(np.maximum(0, which), minlength=BINS)
