"""The rates of a city: from every history and layer that it has, computed once and kept as a document in DATA.

Histories are those brought in with ``kuaijing history import`` and, in a generated city, the one in its folder.
"""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from kuaijing.city.ground import Ground
from kuaijing.demand import DemandRates, Layer, rates, with_layers
from kuaijing.engine.advice import CityStreets
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.shelf import Shelf

HISTORY: Final = "history.parquet"


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
