"""JEMSS's Manhattan as a scenario: 12 vehicles at 8 stations, 451 calls a day by population, drives from the arcs' own times.

Source: Ridler, Mason & Raith (2022), European Journal of Operational Research 303(2), 1101-1110 (JEMSS.jl); the data come with it. What is
taken over: roads with times of both modes, stations, where the vehicles stand (their own local search: well-chosen static posts), call
rate, priorities, on-scene time, transport to the nearest hospital and handover. What differs: calls lie at the nearest of some hundreds of
demand points (cells of about 500 m). A call is late by the model's own targets: 8 minutes where it is urgent, 10.5 otherwise, from the call
(dispatch delay of 2.5 minutes included).
"""

import io
import struct
import zipfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from kuaijing.simulation.compiled.calls import CallModel
from kuaijing.simulation.compiled.scenario import DEFAULT_RULES, Scenario, from_of
from kuaijing.simulation.compiled.tables import FAR, HOME, WEEK_HOURS, Force, Moves, Responses, Roads, Standards

_DAY_S: Final = 86_400.0
CALLS_PER_HOUR: Final = 18.8
LATE_S: Final = 480.0
LATE_OTHERS_S: Final = 630.0
DISPATCH_S: Final = 150.0
_URGENT_SHARE, _ON_SCENE_S, _TRANSPORT, _HANDOVER_S = 0.42, 456.0, 0.85, 240.0
_CELL_DEG: Final = 0.005
Floats = NDArray[np.float64]


def read(folder: Path) -> tuple[Scenario, CallModel]:
    """The scenario (units at their stations) and its calls; ``folder`` holds ``roads.zip`` and ``model``."""
    with zipfile.ZipFile(folder / "roads.zip") as archive:
        nodes = _rows(archive.read("nodes.csv").decode(), 4)
        arcs = _rows(archive.read("arcs.csv").decode(), 5)
    xy, tail, head = nodes[:, 1:3], arcs[:, 1].astype(np.int64) - 1, arcs[:, 2].astype(np.int64) - 1
    count = len(xy)
    urgent = sparse.csr_array((np.maximum(arcs[:, 3] * _DAY_S, 1e-3), (tail, head)), shape=(count, count))
    slower = float(np.median(arcs[:, 4] / arcs[:, 3]))
    stations = _rows((folder / "model/stations/stations_1.csv").read_text(), 3)[:, 1:3]
    hospitals = _rows((folder / "model/hospitals/hospitals_1.csv").read_text(), 3)[:, 1:3]
    of_unit = _rows((folder / "model/ambulances/ambulances_1.csv").read_text(), 3)[:, 1].astype(np.int64) - 1
    _, part = sparse.csgraph.connected_components(urgent, connection="strong")
    usable = np.flatnonzero(part == np.bincount(part).argmax())
    tree = cKDTree(xy[usable] * [0.757, 1.0])  # degrees of longitude shrink by cos 40.79°
    points, weight = _demand(folder, tree, xy[usable])
    spots = [usable[tree.query(each * np.array([0.757, 1.0]))[1]] for each in (points, stations, hospitals)]
    spread = usable[np.linspace(0, len(usable) - 1, 150).astype(int)]
    nodes_of, row = np.unique(np.concatenate([*spots, spread]), return_inverse=True)
    demand, station, hospital = (
        row[a : a + len(b)] for a, b in zip(np.cumsum([0, *map(len, spots)]), spots, strict=False)
    )
    # demand points first, as scenarios want it
    own = np.unique(demand)
    order = np.concatenate([own, np.setdiff1d(np.arange(len(nodes_of)), own)])
    place = np.argsort(order)
    weights = np.bincount(place[demand], weights=weight, minlength=len(own))[: len(own)]
    from_s = dijkstra(urgent, indices=nodes_of[order])[:, nodes_of[order]]
    to_ms = np.where(np.isfinite(from_s.T), np.rint(from_s.T * 1000), FAR).astype(np.int32)[None, None]
    np.einsum("abii->abi", to_ms)[:] = 0
    expected = np.tile(weights / weights.sum() * CALLS_PER_HOUR, (WEEK_HOURS, 1))
    scenario = _scenario(to_ms, place[station], of_unit, expected, slower, xy[nodes_of[order]])
    second = place[hospital][to_ms[0, 0][place[hospital], : len(own)].argmin(axis=0)]
    return scenario, _calls(scenario, expected, second)


def _rows(text: str, columns: int) -> Floats:
    found = []
    for line in io.StringIO(text):
        cells = line.split(",")[:columns]
        try:
            row = [float(cell) for cell in cells]
        except ValueError:
            continue
        if len(row) == columns:
            found.append(row)
    return np.array(found)


def _demand(folder: Path, tree: cKDTree, nodes: Floats) -> tuple[Floats, Floats]:
    """Middle and weight of each cell of people."""
    with zipfile.ZipFile(folder / "model/demand/manhattan_pop_densit_20m.zip") as archive:
        content = archive.read(archive.namelist()[0])
    people, west, north, step_lon, step_lat = _raster(content)
    rows, columns = np.nonzero(people > 0)
    lon, lat = west + (columns + 0.5) * step_lon, north - (rows + 0.5) * step_lat
    weight = people[rows, columns]
    cell = np.floor((lat - 40.6) / _CELL_DEG * 0.757).astype(int) * 10_000 + np.floor((lon + 75) / _CELL_DEG).astype(
        int
    )
    _, at = np.unique(cell, return_inverse=True)
    total = np.bincount(at, weights=weight)
    middle = np.column_stack([np.bincount(at, weights=weight * axis) / total for axis in (lon, lat)])
    return middle, np.asarray(total, np.float64)


def _raster(content: bytes) -> tuple[Floats, float, float, float, float]:
    """An uncompressed, single-band GeoTIFF of float64 rows: values, west, north, steps in degrees."""
    (start,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, start)
    tags: dict[int, tuple[int, int, int]] = {}
    for n in range(count):
        tag, kind, length = struct.unpack_from("<HHI", content, start + 2 + 12 * n)
        value = struct.unpack_from("<H" if kind == 3 and length == 1 else "<I", content, start + 10 + 12 * n)[0]
        tags[tag] = (kind, length, value)
    width, height = tags[256][2], tags[257][2]
    if content[:2] != b"II" or tags[259][2] != 1 or tags[258][2] != 64:
        raise ValueError("the raster is not an uncompressed little-endian GeoTIFF of 64-bit figures")
    begins = struct.unpack_from(f"<{tags[273][1]}I", content, tags[273][2])
    sizes = struct.unpack_from(f"<{tags[279][1]}I", content, tags[279][2])
    values = np.frombuffer(b"".join(content[a : a + n] for a, n in zip(begins, sizes, strict=True)), "<f8")
    step = struct.unpack_from("<3d", content, tags[33550][2])
    tie = struct.unpack_from("<6d", content, tags[33922][2])
    return np.nan_to_num(values.reshape(height, width), nan=0.0), tie[3], tie[4], step[0], step[1]


def _scenario(
    to_ms: NDArray[np.int32],
    posts: NDArray[np.int64],
    of_unit: NDArray[np.int64],
    expected: Floats,
    slower: float,
    xy: Floats,
) -> Scenario:
    units, points, places = len(of_unit), expected.shape[1], to_ms.shape[-1]
    none = np.zeros(WEEK_HOURS, np.int64)
    factor = np.ones(10)
    factor[[0, 3, 4]] = slower
    roads = Roads(to_ms, from_of(to_ms), none, np.zeros(places, np.int64), factor)
    reach = roads.from_ms[0][:, posts, :points].transpose(1, 0, 2)[None] <= (LATE_S - DISPATCH_S) * 1000
    return Scenario(
        roads=roads,
        force=Force(
            np.zeros(units, np.int64), posts[of_unit], np.zeros(units, np.int64), np.ones((units, WEEK_HOURS), np.bool_),
            np.zeros(units + 1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64),
        ),
        responses=Responses(
            np.array([0, 1]), np.ones((1, units), np.bool_), np.ones(1), np.ones(1, np.bool_),
            np.zeros(2, np.int64), np.zeros((0, units), np.bool_), np.zeros((1, units)),
        ),
        standards=Standards(
            expected, none, np.full((1, places), round((LATE_S - DISPATCH_S) * 1000)), np.zeros((1, places), np.int64)
        ),
        moves=Moves(posts, np.ascontiguousarray(reach), np.zeros((units + 1, len(posts)), np.int64), np.zeros(8)),
        rules=DEFAULT_RULES._replace(between=HOME, cover=False, divert=False, simple=True, desk_ms=round(DISPATCH_S * 1000)),
        name="Manhattan",
        unit_names=tuple(f"{n + 1}" for n in range(units)),
        tier_names=("8 min",),
        lon=xy[:, 0],
        lat=xy[:, 1],
    )  # fmt: skip


def _calls(scenario: Scenario, expected: Floats, second: NDArray[np.int64]) -> CallModel:
    standards = scenario.standards
    return CallModel(
        expected=expected,
        kind_share=np.array([_URGENT_SHARE, 1 - _URGENT_SHARE]),
        kind_grade=np.array([1, 3]),
        kind_plan=np.zeros(2, np.int64),
        handling_s=np.full(2, _ON_SCENE_S),
        handling_sd_s=np.zeros(2),
        limit_set=standards.limit_set,
        limit_ms=np.full_like(standards.limit_ms, round(LATE_S * 1000)),
        tier=standards.tier,
        kind_patience=np.array([1.0, LATE_OTHERS_S / LATE_S]),
        set_off_s=0.0,
        set_off_sd_s=0.0,
        driver_spread=0.0,
        exponential=True,
        second_share=_TRANSPORT,
        second_place=second,
        second_s=_HANDOVER_S,
    )
