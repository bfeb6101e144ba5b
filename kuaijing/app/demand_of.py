"""Expected incidents of a city: from its histories and layers, computed once and kept as a document in DATA; else none.

Histories are those brought in with ``kuaijing history import`` and, in a generated city, the one in its folder. Where there is
none, street length stands in (the reach says so).
"""

import hashlib
import logging
from pathlib import Path
from typing import Final

import msgspec

from kuaijing.city.ground import Ground
from kuaijing.demand import DemandError, DemandRates, Layer, StreetDemand, on_streets, rates, with_layers
from kuaijing.engine.advice import CityStreets
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.shelf import Shelf

_log = logging.getLogger(__name__)
HISTORY: Final = "history.parquet"


def demand_of(ground: Ground, streets: CityStreets, data: Path) -> StreetDemand | None:
    """Demand laid on the streets; ``None`` where no history is known or it cannot be used, which is logged."""
    try:
        learnt = rates_of(ground, streets, data)
        return None if learnt is None else on_streets(learnt, streets.pieces, streets.count)
    except (DemandError, StudyRefused, OSError, ValueError) as error:
        _log.warning("the histories of %s give no demand, street length stands in: %s", data, error)
        return None


def rates_of(ground: Ground, streets: CityStreets, data: Path) -> DemandRates | None:
    """The rates that stand, computed anew only where a history or a weight has changed; ``None`` without any history."""
    shelf, own = Shelf(data), ground.folder / HISTORY
    has_incidents = own.is_file() or any(each.what == "incidents" for each in shelf.list_all())
    if not has_incidents:
        return None
    kept = data / f"demand-{ground.hash[:16]}-{_rests_on(shelf, own)}.npz"
    if kept.exists():
        return DemandRates.load(kept)
    for older in data.glob(f"demand-{ground.hash[:16]}*.npz"):
        older.unlink()
    computed = _computed(ground, streets, shelf, own)
    computed.save(kept)
    return computed


def _rests_on(shelf: Shelf, own: Path) -> str:
    digest = hashlib.sha256(msgspec.json.encode(shelf.list_all()))
    if own.is_file():
        found = own.stat()
        digest.update(f"{found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()[:12]


def _computed(ground: Ground, streets: CityStreets, shelf: Shelf, own: Path) -> DemandRates:
    city = CityGrid.of(ground, streets)
    records = shelf.records("incidents", [own] if own.is_file() else [])
    placed = records.rows(records.placed)
    learnt = rates(
        placed.lon, placed.lat, placed.called_at, placed.origin, grid=city.grid, zone=city.zone, street_m=city.street_m
    )  # fmt: skip
    layers = []
    for each in shelf.list_all():
        if each.what in ("hazards", "counts") and each.weight > 0:
            points = shelf.layer(each.name)
            points = points.rows(points.placed)
            layers.append(Layer(each.name, points.lon, points.lat, points.weight.astype(float), each.weight))
    return with_layers(learnt, layers)
