"""A provisional plan for a city that has none, so that it can be tried at once. Labelled provisional; simple rules, stated here.

- Platforms: one per 60 km of street, 3 to 24, by k-means on the junctions weighted by the street length that meets there,
  begun by cutting the city into parts of equal street length; each stands at the junction nearest its centre.
- Beats: the served area (cells of 400 m with streets, holes filled) cut by nearest platform.
- Tiers: ``second`` is the densest part of the centre, at most a quarter of the street length; ``key`` are one
  to six of the busiest crossings (one per 15 km of street), 250 m around each; ``rest`` is elsewhere. 60, 180 and 300 seconds.
- Force: 1 command vehicle, 2 cars and 4 motorcycles a platform, as in the cities, all on duty.
- Kinds and response plans: the package's defaults.

The same ground always gives the same plan. Nothing here knows incidents or history.
"""

import math
from dataclasses import dataclass
from importlib.resources import files as package_files
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label
from scipy.spatial import cKDTree

from kuaijing.city.classes import CAR, MOTOR
from kuaijing.city.ground import Ground
from kuaijing.domain.commands import PlannedUnit
from kuaijing.domain.plan_document import (
    BeatArea,
    Kind,
    PatrolPoint,
    PlanDocument,
    Platform,
    Polygon,
    ResponsePlan,
    TierArea,
    hours_of,
)
from kuaijing.domain.words import UnitClass
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.wire.plans.check import M_PER_DEG
from kuaijing.wire.plans.faults import Faults
from kuaijing.wire.plans.response import read_response

STREET_KM_PER_PLATFORM: Final = 60.0
FEWEST, MOST = 3, 24
CELL_M: Final = 400.0
SMALLEST_PART_M2: Final = 3e6
SECOND_SHARE: Final = 0.25
KEY_SPOTS: Final = 6
STREET_KM_PER_KEY_SPOT: Final = 15.0
KEY_RADIUS_M: Final = 250.0
KEY_APART_M: Final = 900.0
_ROUNDS: Final = 3
_NAMED_AMONG: Final = 20
"""A platform is called after the nearest named road of so many junctions."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Streets:
    """Junctions of the driven streets on a local plane in metres, and the street length that meets at each."""

    ground: Ground
    node: NDArray[np.int64]
    xy: Floats
    weight: Floats
    scale: Floats
    driven: NDArray[np.bool_]

    def degrees(self, shape: shapely.Geometry) -> tuple[Polygon, ...]:
        def unscaled(points: Floats) -> Floats:
            return np.asarray(np.round(points / self.scale, 7))

        valid = shapely.make_valid(shapely.transform(shape, unscaled))
        parts = [part for part in shapely.get_parts(valid, return_index=False) if part.geom_type == "Polygon"]
        parts = [part for part in parts if part.area > 0]
        return tuple(
            tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in (part.exterior, *part.interiors))
            for part in parts
        )

    def point(self, index: int) -> Point:
        node = int(self.node[index])
        return Point(float(self.ground.node_lon[node]), float(self.ground.node_lat[node]))

    def roads_at(self, index: int) -> list[str]:
        """Names of the roads that meet at a junction, the longest arcs first."""
        ground, node = self.ground, int(self.node[index])
        first, last = np.searchsorted(ground.arc_tail, [node, node + 1])
        arcs = sorted(range(int(first), int(last)), key=lambda arc: (int(ground.arc_class[arc]), arc))
        names = [ground.names[int(ground.arc_name[arc])] for arc in arcs]
        return list(dict.fromkeys(name for name in names if name))


def default_response() -> tuple[tuple[Kind, ...], tuple[ResponsePlan, ...]]:
    """The kinds and response plans that come with the package."""
    content = package_files("kuaijing.domain").joinpath("defaults/response.yaml").read_bytes()
    faults = Faults()
    kinds, plans = read_response(content, faults)
    faults.refuse_if_any()
    return kinds, plans


def provisional(ground: Ground, *, valid_from: Instant | None = None, platforms: int | None = None) -> PlanDocument:
    """A provisional plan by the rules above; ``platforms`` sets their number."""
    streets = _streets(ground)
    count = platforms or int(np.clip(round(streets.weight.sum() / 1000 / STREET_KM_PER_PLATFORM), FEWEST, MOST))
    posts = _spread(streets, min(count, len(streets.node)))
    made, beats = _platforms_and_beats(streets, posts)
    kinds, plans = default_response()
    return PlanDocument(
        name=f"{ground.name}临时方案",
        name_en=f"Provisional plan of {ground.name}",
        version="0",
        valid_from=Instant(0) if valid_from is None else valid_from,
        provisional=True,
        fictional=ground.fictional,
        timezone=ground.timezone,
        rest_limit_s=300.0,
        rest_name="其他区域",
        rest_name_en="Elsewhere",
        tier_areas=_tiers(streets),
        beats=beats,
        platforms=made,
        patrol_points=_patrol_points(streets, posts, beats),
        closures=(),
        force=_force(made),
        kinds=kinds,
        response_plans=plans,
    )


def _streets(ground: Ground) -> _Streets:
    driven = (np.asarray(ground.arc_access) & CAR) > 0
    if not driven.any():
        driven = (np.asarray(ground.arc_access) & MOTOR) > 0
    length = np.where(np.asarray(ground.arc_twin) >= 0, 0.5, 1.0) * ground.arc_length_m * driven
    weight = np.zeros(len(ground.node_lon))
    np.add.at(weight, ground.arc_tail, length / 2)
    np.add.at(weight, ground.arc_head, length / 2)
    node = np.flatnonzero(weight > 0)
    if len(node) == 0:
        raise ValueError(f"city {ground.name} has no street that a car can use; import it again with its roads")
    scale = np.array([M_PER_DEG * math.cos(math.radians(float(np.mean(ground.node_lat[node])))), M_PER_DEG])
    xy = np.column_stack([ground.node_lon[node], ground.node_lat[node]]) * scale
    return _Streets(ground, node, xy, weight[node], scale, driven)


def _spread(streets: _Streets, count: int) -> list[int]:
    """Row of the junction at which each platform stands, from north-west to south-east."""
    xy, weight = streets.xy, streets.weight
    shares = _halved(xy, weight, np.arange(len(xy)), count)
    centres = np.array([np.average(xy[rows], axis=0, weights=weight[rows]) for rows in shares])
    for _ in range(_ROUNDS):
        owner = cKDTree(centres).query(xy)[1]
        total = np.bincount(owner, weight, len(centres))
        moved = np.column_stack([np.bincount(owner, weight * xy[:, axis], len(centres)) for axis in (0, 1)])
        centres = np.where(total[:, None] > 0, moved / np.maximum(total, 1e-9)[:, None], centres)
    rows = list(dict.fromkeys(int(row) for row in cKDTree(xy).query(centres)[1]))
    return sorted(rows, key=lambda row: (-round(xy[row, 1] / 2000), xy[row, 0]))


def _halved(xy: Floats, weight: Floats, rows: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """The rows in ``count`` parts of about equal weight, cut again and again across the longer side."""
    if count == 1 or len(rows) < 2:
        return [rows]
    axis = int(np.argmax(np.ptp(xy[rows], axis=0)))
    ordered = rows[np.argsort(xy[rows, axis], kind="stable")]
    run = np.cumsum(weight[ordered])
    cut = int(np.clip(np.searchsorted(run, run[-1] * (count // 2) / count), 1, len(ordered) - 1))
    return [
        *_halved(xy, weight, ordered[:cut], count // 2),
        *_halved(xy, weight, ordered[cut:], count - count // 2),
    ]


def _density(streets: _Streets) -> tuple[Floats, Floats]:
    """Street metres per cell (rows are y), and the south-west corner."""
    corner = streets.xy.min(axis=0) - CELL_M * 3
    cells = ((streets.xy - corner) // CELL_M).astype(np.int64)
    shape = cells.max(axis=0) + 4
    columns, rows = int(shape[0]), int(shape[1])
    grid = np.bincount(cells[:, 1] * columns + cells[:, 0], streets.weight, rows * columns)
    return np.asarray(grid.reshape(rows, columns), dtype=np.float64), np.asarray(corner)


def _cells(mask: NDArray[np.bool_], corner: Floats) -> shapely.Geometry:
    rows, columns = np.nonzero(mask)
    x, y = corner[0] + columns * CELL_M, corner[1] + rows * CELL_M
    return shapely.union_all(shapely.box(x, y, x + CELL_M, y + CELL_M))


def _filled(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)]
    return shapely.union_all(parts)


def _along(streets: _Streets) -> Floats:
    """Points on the driven streets, no farther apart than a cell."""
    ground = streets.ground
    xy = np.column_stack([ground.shape_lon, ground.shape_lat]) * streets.scale
    arc = np.repeat(np.arange(len(ground.arc_tail)), np.diff(ground.shape_start))
    start = np.flatnonzero((arc[:-1] == arc[1:]) & streets.driven[arc[:-1]])
    steps = np.maximum(1, np.ceil(np.hypot(*(xy[start + 1] - xy[start]).T) / CELL_M)).astype(np.int64)
    first = np.repeat(start, steps)
    share = (np.arange(len(first)) - np.repeat(np.cumsum(steps) - steps, steps)) / np.repeat(steps, steps)
    between: Floats = xy[first] + share[:, None] * (xy[first + 1] - xy[first])
    return np.concatenate([between, xy[start + 1]])


def _served(streets: _Streets) -> shapely.Geometry:
    """Where there are streets: cells of 400 m, gaps up to two cells bridged, holes filled, slips of land left out."""
    along = _along(streets)
    corner = along.min(axis=0)
    cells = np.unique(((along - corner) // CELL_M).astype(np.int64), axis=0)
    mask = np.zeros((int(cells[:, 1].max()) + 1, int(cells[:, 0].max()) + 1), np.bool_)
    mask[cells[:, 1], cells[:, 0]] = True
    grown = shapely.buffer(_cells(mask, corner), CELL_M, join_style="mitre")
    area = _filled(shapely.buffer(grown, -CELL_M * 0.75, join_style="mitre"))
    parts = shapely.get_parts(area)
    least = min(SMALLEST_PART_M2, float(max(shapely.area(parts))))
    return shapely.union_all([part for part in parts if shapely.area(part) >= least])


def _platforms_and_beats(streets: _Streets, posts: list[int]) -> tuple[tuple[Platform, ...], tuple[BeatArea, ...]]:
    points = [shapely.Point(x, y) for x, y in streets.xy[posts]]
    served = shapely.union_all([_served(streets), *(shapely.buffer(point, CELL_M, quad_segs=2) for point in points)])
    frame = shapely.buffer(shapely.envelope(served), 10_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=frame))
    cells = cells if len(posts) > 1 else np.array([frame])
    near = (
        cKDTree(streets.xy).query(streets.xy[posts], k=min(_NAMED_AMONG, len(streets.node)))[1].reshape(len(posts), -1)
    )
    used: set[str] = set()
    platforms, beats = [], []
    for number, (row, point) in enumerate(zip(posts, points, strict=True), start=1):
        cell = next(cell for cell in cells if shapely.intersects(cell, point))
        named = (name for spot in near[number - 1] for name in streets.roads_at(int(spot)) if name not in used)
        road = next(named, "")
        used.add(road)
        name, name_en = (f"{road}平台", f"{road} Platform") if road else (f"{number}号平台", f"Platform {number}")
        polygons = streets.degrees(shapely.intersection(served, cell))
        platforms.append(Platform(f"P{number:02d}", name, name_en, f"B{number:02d}", streets.point(row)))
        beats.append(BeatArea(f"B{number:02d}", f"{number}号网格", f"Beat {number}", f"P{number:02d}", polygons))
    return tuple(platforms), tuple(beats)


def _tiers(streets: _Streets) -> tuple[TierArea, ...]:
    grid, corner = _density(streets)
    smooth = gaussian_filter(grid, 1.5)
    order = np.argsort(-smooth, axis=None, kind="stable")
    taken = np.cumsum(grid.ravel()[order]) <= SECOND_SHARE * grid.sum()
    mask = np.zeros(grid.size, dtype=bool)
    mask[order[taken]] = True
    mask[order[0]] = True
    parts, _ = label(mask.reshape(grid.shape))
    centre = parts == parts.ravel()[order[0]]
    area = shapely.buffer(
        shapely.buffer(_cells(centre, corner), CELL_M, join_style="mitre"), -CELL_M, join_style="mitre"
    )
    second = TierArea("second", "中心城区", "City centre", 180.0, None, 10, streets.degrees(_filled(area)))
    keys = []
    for row in _key_spots(streets):
        circle = shapely.buffer(shapely.Point(streets.xy[row]), KEY_RADIUS_M, quad_segs=8)
        keys.append(TierArea("key", "重点部位", "Key spots", 60.0, None, 20, streets.degrees(circle)))
    return (*keys, second)


def _key_spots(streets: _Streets) -> list[int]:
    """The crossings around which most street lies, each at least 900 m from the others."""
    tree = cKDTree(streets.xy)
    sample = np.argsort(-streets.weight, kind="stable")[: 4 * 500]
    around = np.array([streets.weight[near].sum() for near in tree.query_ball_point(streets.xy[sample], KEY_RADIUS_M)])
    most = int(np.clip(streets.weight.sum() / 1000 // STREET_KM_PER_KEY_SPOT, 1, KEY_SPOTS))
    spots: list[int] = []
    for row in sample[np.argsort(-around, kind="stable")]:
        if all(math.dist(streets.xy[row], streets.xy[other]) >= KEY_APART_M for other in spots):
            spots.append(int(row))
        if len(spots) == most:
            break
    return spots


def _patrol_points(streets: _Streets, posts: list[int], beats: tuple[BeatArea, ...]) -> tuple[PatrolPoint, ...]:
    """Two points a beat: the crossings with most street, apart from the platform and from each other."""
    owner = cKDTree(streets.xy[posts]).query(streets.xy)[1]
    points = []
    for index, (row, beat) in enumerate(zip(posts, beats, strict=True)):
        mine = np.flatnonzero(owner == index)
        chosen = [row]
        for candidate in mine[np.argsort(-streets.weight[mine], kind="stable")]:
            if all(math.dist(streets.xy[candidate], streets.xy[other]) > 500 for other in chosen):
                chosen.append(int(candidate))
            if len(chosen) == 3:
                break
        for number, spot in enumerate(chosen[1:], start=1):
            road = "与".join(streets.roads_at(spot)[:2]) or f"{beat.name}{number}号点"
            identifier = f"{beat.id}-V{number}"
            points.append(
                PatrolPoint(identifier, road, beat.id, hours_of("22:00-06:00"), 300.0, 1, streets.point(spot))
            )
    return tuple(points)


def _force(platforms: tuple[Platform, ...]) -> tuple[PlannedUnit, ...]:
    classes = (
        (
            UnitClass.COMMAND_VEHICLE,
            "01",
            1,
            1,
            ("mediation", "negotiation", "cordon", "extinguisher", "water_rescue", "first_aid"),
        ),
        (UnitClass.CAR, "11", 1, 1, ("arrest", "cordon", "traffic", "first_aid")),
        (UnitClass.CAR, "12", 1, 1, ("arrest", "extinguisher", "traffic", "first_aid")),
        *((UnitClass.MOTORCYCLE, f"2{number}", 0, 1, ("traffic",)) for number in range(1, 5)),
    )
    return tuple(
        PlannedUnit(
            unit=f"U{10 + number}{suffix}",
            call_sign=f"{10 + number}{suffix}",
            unit_class=unit_class.value,
            platform=platform.id,
            beat=platform.beat,
            crew_police=police,
            crew_auxiliary=auxiliary,
            leader="",
            capabilities=capabilities,
            on_duty=True,
            home=platform.point,
        )
        for number, platform in enumerate(platforms, start=1)
        for unit_class, suffix, police, auxiliary, capabilities in classes
    )
