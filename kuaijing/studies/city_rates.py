"""The rates of a city: from every history and layer that it has, computed once and kept as a document in DATA."""

import contextlib
from pathlib import Path

from kuaijing.city.ground import Ground
from kuaijing.demand import DamagedDemand, DemandRates, Layer, rates, with_layers
from kuaijing.engine.advice import CityStreets
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.histories import known_incidents, mark_of_holdings, own_history
from kuaijing.studies.shelf import Shelf


def rates_of(ground: Ground, streets: CityStreets, data: Path) -> DemandRates | None:
    """The rates that stand, computed anew only where a history or a weight has changed; ``None`` without any history."""
    shelf = Shelf(data)
    if not own_history(ground.folder) and not any(each.what == "incidents" for each in shelf.list_all()):
        return None
    kept = data / f"demand-{ground.hash[:16]}-{mark_of_holdings(data, ground.folder)[:12]}.npz"
    if kept.exists():
        with contextlib.suppress(DamagedDemand):  # what can be computed again is not worth a fault
            return DemandRates.load(kept)
    for older in data.glob(f"demand-{ground.hash[:16]}*.npz"):
        older.unlink()
    computed = _computed(ground, streets, shelf)
    computed.save(kept)
    return computed


def _computed(ground: Ground, streets: CityStreets, shelf: Shelf) -> DemandRates:
    city = CityGrid.of(ground, streets)
    records = known_incidents(shelf, ground.folder)
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
