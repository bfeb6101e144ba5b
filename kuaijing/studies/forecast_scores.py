"""The forecasts of places that Kuaijing knows, judged against one another on a city's own last months."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaijing.demand import DemandError, Score, counts_of, judge, kernel_density, rates
from kuaijing.measures.instants import SECOND
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.records import Records

_DAY: Final = 86_400 * SECOND
_HELD_OUT: Final = 6
"""Months that forecasts are judged on, at most; a month is 30 days here."""

Forecast = Callable[[NDArray[np.bool_], int], NDArray[np.float64]]


def forecast_scores(
    records: Records, cell: NDArray[np.int64], used: NDArray[np.bool_], city: CityGrid, end: int, seed: int
) -> tuple[list[Score], str]:
    """Scores on the last months before the day ``end``, or why there are none.

    ``cell`` is each record's cell (-1 outside), ``used`` the records that count, both shape ``(records,)``.
    """
    at, where = records.called_at[used], cell[used]
    zone = ZoneInfo(city.zone)
    close = int(datetime.combine(date.fromordinal(end), datetime.min.time(), zone).timestamp()) * SECOND
    month = 30 * _DAY
    known = (close - int(at.min())) // month
    months = [(close - (k + 1) * month, close - k * month) for k in reversed(range(min(_HELD_OUT, max(0, known - 2))))]
    if not months:
        return [], f"{known} months of history; judging needs three: two to learn from and one to be judged on"
    cells = city.grid.cells
    forecasts = {
        "rates": _our_rates(records.rows(used), city),
        "kernel": _kernel(records.rows(used), city),
        "all_counts": counts_of(where, cells, at),
        "last_month": counts_of(where, cells, at, month),
    }
    try:
        return judge(where, at, city.studied, forecasts, months, seed=seed), ""
    except DemandError as error:
        return [], str(error)


def _our_rates(records: Records, city: CityGrid) -> Forecast:
    def forecast(known: NDArray[np.bool_], start: int) -> NDArray[np.float64]:
        learnt = rates(
            records.lon[known], records.lat[known], records.called_at[known], np.full(int(known.sum()), "call"),
            grid=city.grid, zone=city.zone, street_m=city.street_m,
        )  # fmt: skip
        score = np.zeros(city.grid.cells)
        score[learnt.cells] = learnt.rate.mean(axis=1)
        return score

    return forecast


def _kernel(records: Records, city: CityGrid) -> Forecast:
    def forecast(known: NDArray[np.bool_], start: int) -> NDArray[np.float64]:
        return kernel_density(records.lon[known], records.lat[known], city.grid)

    return forecast
