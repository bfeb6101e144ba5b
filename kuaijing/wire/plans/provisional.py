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
from importlib.resources import files as package_files
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label
from scipy.spatial import cKDTree

from kuaijing.city.ground import Ground
from kuaijing.domain.commands import PlannedUnit
from kuaijing.domain.plan_document import (
    BeatArea,
    Kind,
    PatrolPoint,
    PlanDocument,
    Platform,
    ResponsePlan,
    TierArea,
    hours_of,
)
from kuaijing.domain.words import UnitClass
from kuaijing.measures.instants import Instant
from kuaijing.wire.plans.faults import Faults
from kuaijing.wire.plans.response import read_response
from kuaijing.wire.plans.weighted_streets import (
    CELL_M,
    WeightedStreets,
    cells_of,
    density,
    filled,
    served,
    spread,
    weighted_streets,
)

STREET_KM_PER_PLATFORM: Final = 60.0
FEWEST, MOST = 3, 24
SECOND_SHARE: Final = 0.25
KEY_SPOTS: Final = 6
STREET_KM_PER_KEY_SPOT: Final = 15.0
KEY_RADIUS_M: Final = 250.0
KEY_APART_M: Final = 900.0
_NAMED_AMONG: Final = 20
"""A platform is called after the nearest named road of so many junctions."""

Floats = NDArray[np.float64]


def default_response() -> tuple[tuple[Kind, ...], tuple[ResponsePlan, ...]]:
    """The kinds and response plans that come with the package."""
    content = package_files("kuaijing.domain").joinpath("defaults/response.yaml").read_bytes()
    faults = Faults()
    kinds, plans = read_response(content, faults)
    faults.refuse_if_any()
    return kinds, plans


def provisional(ground: Ground, *, valid_from: Instant | None = None, platforms: int | None = None) -> PlanDocument:
    """A provisional plan by the rules above; ``platforms`` sets their number."""
    streets = weighted_streets(ground)
    count = platforms or int(np.clip(round(streets.weight.sum() / 1000 / STREET_KM_PER_PLATFORM), FEWEST, MOST))
    posts = spread(streets, min(count, len(streets.node)))
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


def _platforms_and_beats(
    streets: WeightedStreets, posts: list[int]
) -> tuple[tuple[Platform, ...], tuple[BeatArea, ...]]:
    points = [shapely.Point(x, y) for x, y in streets.xy[posts]]
    whole = shapely.union_all([served(streets), *(shapely.buffer(point, CELL_M, quad_segs=2) for point in points)])
    frame = shapely.buffer(shapely.envelope(whole), 10_000)
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
        polygons = streets.degrees(shapely.intersection(whole, cell))
        platforms.append(Platform(f"P{number:02d}", name, name_en, f"B{number:02d}", streets.point(row)))
        beats.append(BeatArea(f"B{number:02d}", f"{number}号网格", f"Beat {number}", f"P{number:02d}", polygons))
    return tuple(platforms), tuple(beats)


def _tiers(streets: WeightedStreets) -> tuple[TierArea, ...]:
    grid, corner = density(streets)
    smooth = gaussian_filter(grid, 1.5)
    order = np.argsort(-smooth, axis=None, kind="stable")
    taken = np.cumsum(grid.ravel()[order]) <= SECOND_SHARE * grid.sum()
    mask = np.zeros(grid.size, dtype=bool)
    mask[order[taken]] = True
    mask[order[0]] = True
    parts, _ = label(mask.reshape(grid.shape))
    centre = parts == parts.ravel()[order[0]]
    area = shapely.buffer(
        shapely.buffer(cells_of(centre, corner), CELL_M, join_style="mitre"), -CELL_M, join_style="mitre"
    )
    second = TierArea("second", "中心城区", "City centre", 180.0, None, 10, streets.degrees(filled(area)))
    keys = []
    for row in _key_spots(streets):
        circle = shapely.buffer(shapely.Point(streets.xy[row]), KEY_RADIUS_M, quad_segs=8)
        keys.append(TierArea("key", "重点部位", "Key spots", 60.0, None, 20, streets.degrees(circle)))
    return (*keys, second)


def _key_spots(streets: WeightedStreets) -> list[int]:
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


def _patrol_points(streets: WeightedStreets, posts: list[int], beats: tuple[BeatArea, ...]) -> tuple[PatrolPoint, ...]:
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
