"""Which forecast of places is worth having, judged on months that it has not seen, plain counts beside it.

A forecast ranks the cells; the best few per cent of the area are taken and the incidents that fall there are counted. PAI is their
share of all incidents by the share of area (Chainey, Tompson and Uhlig 2008, Security Journal 21, 4-28); PEI* is their number by
the largest that any choice of as much area could have caught (Hunt 2016). The table may show that plain counts win; then they win.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.demand.grid import FloatArray
from kuaijing.demand.refused import DemandError

Forecast = Callable[[NDArray[np.bool_], int], FloatArray]
"""From the rows that may be learnt from, and the instant from which is forecast, a score per cell; higher is likelier."""


@dataclass(frozen=True, slots=True)
class Score:
    """One forecast at one share of the area, over all held-out months."""

    forecast: str
    area_share: float
    caught: int
    incidents: int
    most: int
    """What the best choice in hindsight would have caught."""
    pai: float
    pai_low: float
    """95 % interval, months drawn again with replacement; as is where there are fewer than four."""
    pai_high: float
    pei: float
    """PEI*, 0 to 1."""


def judge(
    cell: NDArray[np.int64],
    called_at: NDArray[np.int64],
    studied: NDArray[np.bool_],
    forecasts: Mapping[str, Forecast],
    months: Sequence[tuple[int, int]],
    *,
    area_shares: Sequence[float] = (0.01, 0.02, 0.05),
    seed: int = 0,
) -> list[Score]:
    """Scores of every forecast, each month forecast from what was known at its beginning.

    Parameters
    ----------
    cell, called_at
        Incidents: cell of the grid (-1 outside) and microseconds UTC, shape ``(n,)`` each.
    studied
        Cells that count as area (those with a street), shape ``(cells,)``.
    forecasts
        By name.
    months
        Held-out periods ``[from, until)``, microseconds UTC.
    area_shares
        Shares of the studied area that are taken, each in (0, 1).

    Raises
    ------
    DemandError
        No month, no incident in the months, or a share outside (0, 1).
    """
    if not months or any(not 0 < share < 1 for share in area_shares):
        raise DemandError(
            f"judging needs months and area shares in (0, 1), got {len(months)} months, {tuple(area_shares)}"
        )
    area = np.flatnonzero(studied)
    inside = (cell >= 0) & studied[np.maximum(cell, 0)]
    truth = np.stack(
        [_counts(cell[inside & (called_at >= start) & (called_at < end)], len(studied))[area] for start, end in months]
    )
    if not truth.sum():
        raise DemandError("no incident falls into the held-out months; judge later ones, or a longer history")
    random = np.random.default_rng(seed)
    scores = []
    for name, forecast in forecasts.items():
        ranks = [np.argsort(-forecast(inside & (called_at < start), start)[area], kind="stable") for start, _ in months]
        for share in area_shares:
            taken = max(1, round(share * len(area)))
            caught = np.array([row[rank[:taken]].sum() for row, rank in zip(truth, ranks, strict=True)])
            most = np.array([np.sort(row)[::-1][:taken].sum() for row in truth])
            scores.append(_score(name, share, taken / len(area), caught, truth.sum(axis=1), most, random))
    return scores


def counts_of(
    cell: NDArray[np.int64], cells: int, called_at: NDArray[np.int64], last_us: int | None = None
) -> Forecast:
    """The plain forecast: what was counted, all of it or in the last ``last_us`` microseconds before."""

    def forecast(known: NDArray[np.bool_], start: int) -> FloatArray:
        recent = known if last_us is None else known & (called_at >= start - last_us)
        return _counts(cell[recent], cells)

    return forecast


def _counts(cell: NDArray[np.int64], cells: int) -> FloatArray:
    return np.bincount(cell, minlength=cells).astype(np.float64)


def _score(
    name: str,
    share: float,
    area: float,
    caught: FloatArray,
    all_: FloatArray,
    most: FloatArray,
    random: np.random.Generator,
) -> Score:
    pai = float(caught.sum() / all_.sum() / area)
    low = high = pai
    if len(caught) >= 4:
        drawn = random.integers(0, len(caught), (2000, len(caught)))
        again = caught[drawn].sum(axis=1) / np.maximum(all_[drawn].sum(axis=1), 1) / area
        low, high = (float(value) for value in np.quantile(again, [0.025, 0.975]))
    return Score(
        name,
        share,
        int(caught.sum()),
        int(all_.sum()),
        int(most.sum()),
        pai,
        low,
        high,
        float(caught.sum() / max(most.sum(), 1)),
    )
