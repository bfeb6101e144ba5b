"""Expected incidents of a city: from the history in its folder, computed once and kept as a document in DATA; else none.

Where there is no history, street length stands in (the reach says so).
"""

import logging
from pathlib import Path
from typing import Final

import numpy as np

from kuaijing.city.ground import Ground
from kuaijing.demand import DemandError, DemandRates, Grid, StreetDemand, on_streets, rates, street_metres
from kuaijing.engine.advice import CityStreets

_log = logging.getLogger(__name__)
HISTORY: Final = "history.parquet"
_EDGE_DEG: Final = 0.003
"""A little more than a cell around the ground, so that streets on its border lie inside."""


def demand_of(ground: Ground, streets: CityStreets, data: Path) -> StreetDemand | None:
    """Demand laid on the streets; ``None`` where no history is known or it cannot be used, which is logged."""
    history = ground.folder / HISTORY
    if not history.is_file():
        return None
    kept = data / f"demand-{ground.hash[:16]}.npz"
    try:
        if kept.exists() and kept.stat().st_mtime >= history.stat().st_mtime:
            return on_streets(DemandRates.load(kept), streets.pieces, streets.count)
        computed = _computed(history, ground, streets)
        computed.save(kept)
        return on_streets(computed, streets.pieces, streets.count)
    except (DemandError, OSError, ValueError) as error:
        _log.warning("%s gives no demand, street length stands in: %s", history, error)
        return None


def _computed(history: Path, ground: Ground, streets: CityStreets) -> DemandRates:
    import pyarrow.parquet as pq  # costs half a second; only needed the first time

    table = pq.read_table(history, columns=["called_at", "lon", "lat", "origin"])
    called_at = table["called_at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    west, south, east, north = ground.bbox
    grid = Grid.over((west - _EDGE_DEG, south - _EDGE_DEG, east + _EDGE_DEG, north + _EDGE_DEG))
    return rates(
        table["lon"].to_numpy(),
        table["lat"].to_numpy(),
        called_at,
        np.asarray(table["origin"].to_pylist(), dtype=np.str_),
        grid=grid,
        zone=ground.timezone,
        street_m=street_metres(grid, streets.pieces),
    )
