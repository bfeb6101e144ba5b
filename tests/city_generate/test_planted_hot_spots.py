"""The analysis finds, in the history alone, the hot spots that the generator planted; the truth is read by this test only."""

import json
from pathlib import Path

from kuaijing.city.generate.history import KINDS
from kuaijing.city.ground import open_ground
from kuaijing.engine.advice import CityStreets
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.demand_study import study_demand
from kuaijing.studies.records import read_records


def test_every_planted_hot_spot_of_weight_is_found_by_the_kinds_that_it_draws(city: Path) -> None:
    ground = open_ground(city)
    planted = json.loads((city / "truth.json").read_text(encoding="utf-8"))["hot_spots"]
    cells, records = CityGrid.of(ground, CityStreets.of(ground)), read_records(city / "history.parquet")
    by_places = {
        places: study_demand(
            records, cells, days=366, only=[kind for kind, row in KINDS.items() if row[2] == places]
        ).hot_spots
        for places in {spot["places"] for spot in planted}
    }

    for spot in (
        each for each in planted if each["share"] >= 0.05
    ):  # in so small a city the lesser ones drown in scatter
        assert any(
            west <= spot["lon"] <= east and south <= spot["lat"] <= north
            for found in by_places[spot["places"]]
            for west, south, east, north in found.cells
        ), spot["name"]
