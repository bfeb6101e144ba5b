"""From a drawing to a city folder: the OpenStreetMap file, the import, the plan, the history, the truth."""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from kuaijing.city.generate.addresses import Numbering
from kuaijing.city.generate.amenities import write_amenities, write_bus_stops
from kuaijing.city.generate.beats import Beats, beat_of, share_out
from kuaijing.city.generate.buildings import Buildings, kept_free, place_buildings
from kuaijing.city.generate.drawing import Drawing, draw_city
from kuaijing.city.generate.history import Ground, default_grades, draw_history, expected_by_block
from kuaijing.city.generate.incident_places import incident_ground
from kuaijing.city.generate.osmfile import OsmFile
from kuaijing.city.generate.places import CITY_NAME, Spot, quarter_names, write_places, write_water
from kuaijing.city.generate.plan import response_yaml, write_plan
from kuaijing.city.generate.railway import write_railway
from kuaijing.city.generate.roads import write_roads
from kuaijing.city.importing import import_city

Progress = Callable[[str], None]

DEFAULT_UNTIL = date(2026, 9, 30)
BUILDINGS_UP_TO_KM2 = 300.0
"""Above this area buildings are left out."""


@dataclass(frozen=True)
class Made:
    """What was made, in figures for the command line."""

    street_km: float
    platforms: int
    people: int
    incidents: int


def generate_city(
    out: Path,
    *,
    seed: int,
    area_km2: float,
    until: date = DEFAULT_UNTIL,
    buildings: bool = True,
    progress: Progress = lambda step: None,
) -> Made:
    """Draw, write and import a city into ``out``, which must not exist or be empty; nothing is left behind on failure."""
    out = out.absolute()
    ancestor = next(parent for parent in out.parents if parent.exists())
    making = Path(tempfile.mkdtemp(prefix=f".{out.name}.generating-", dir=ancestor))
    try:
        made = _make(making, seed, area_km2, until, buildings, progress)
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.exists():
            out.rmdir()
        (making / "city").rename(out)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return made


def _make(making: Path, seed: int, area_km2: float, until: date, buildings: bool, progress: Progress) -> Made:
    drawing = draw_city(seed, area_km2, progress)
    progress("beats")
    ground = incident_ground(drawing)
    beats = share_out(drawing, expected_by_block(ground, drawing.blocks.centre), drawing.streams[8])
    quarters = quarter_names(drawing, beats.hearts)
    progress("OpenStreetMap file")
    source = making / "source.osm.pbf"
    spots = write_source(source, drawing, ground, beats, quarters, buildings and area_km2 <= BUILDINGS_UP_TO_KM2)
    progress("import")
    city = making / "city"
    import_city(source, city, name=CITY_NAME, timezone="Asia/Shanghai", fictional=True, progress=progress)
    source.rename(city / source.name)
    progress("plan and history")
    ids = write_plan(city / "plan", drawing, beats, quarters, spots, drawing.streams[10])
    incidents = _write_history(city, drawing, ground, beats, ids, until)
    xy = drawing.mesh.coordinates()
    edges = np.array(list(drawing.mesh.street))
    km = float(np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T).sum()) / 1000
    return Made(km, len(ids), int(drawing.people.sum()), incidents)


def write_source(
    path: Path, drawing: Drawing, ground: Ground, beats: Beats, quarters: list[str], buildings: bool
) -> list[Spot]:
    """Write the OpenStreetMap file; returns the named places that the plan cares about."""
    osm = OsmFile()
    write_roads(osm, drawing.mesh, drawing.roads, drawing.signals, drawing.turns)
    write_water(osm, drawing)
    write_railway(osm, drawing)
    spots = write_places(osm, drawing, beats, quarters)
    numbering = Numbering(drawing)
    write_amenities(osm, drawing, ground, beats, quarters, numbering)
    write_bus_stops(osm, drawing)
    if buildings:
        write_buildings(osm, place_buildings(drawing, kept_free(drawing), drawing.streams[12]), numbering)
    osm.write(path)
    return spots


def write_buildings(osm: OsmFile, buildings: Buildings, numbering: Numbering) -> None:
    """Write the buildings with their addresses."""
    addresses = numbering.number(buildings.corners.mean(axis=1))
    nodes = osm.add_points(buildings.corners.reshape(-1, 2))
    for row, (tag, levels) in enumerate(zip(buildings.tag, buildings.levels.tolist(), strict=True)):
        ring = nodes[4 * row : 4 * row + 4]
        osm.add_way([*ring, ring[0]], {"building": tag, "building:levels": str(levels), **addresses[row]})


def _write_history(city: Path, drawing: Drawing, ground: Ground, beats: Beats, ids: list[str], until: date) -> int:
    people = float(drawing.people.sum())
    table, truth = draw_history(ground, people, default_grades(response_yaml()), until, drawing.streams[11])
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    where = beat_of(beats, lon, lat)
    table = table.append_column("beat", [np.array(ids)[where].tolist()])
    pq.write_table(table, city / "history.parquet", compression="zstd")
    truth["seed"] = drawing.form.seed
    truth["area_km2"] = drawing.form.area_km2
    (city / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(table)
