"""Puts a city's play-actors together: how they drive its roads, where they patrol, what its callers call about.

The one entry is ``run_actors``. Reads ground, plan and history; acts only through the HTTP door.
"""

import asyncio
import math
import random
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet as pq
import shapely
from scipy.spatial import cKDTree

from kuaijing.city.ground import Ground
from kuaijing.domain.plan_document import PatrolPoint, PlanDocument
from kuaijing.domain.words import UnitClass
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.measures.points import EARTH_RADIUS_M, Point, metres_between
from kuaijing.routing import Network, Snap, Weights, base_weights, route
from kuaijing.simulation.callers import Callers, Pattern, hours_of_week
from kuaijing.simulation.doors import Credentials, HttpDoor
from kuaijing.simulation.driving import Leg
from kuaijing.simulation.officers import Place, Reported, Router
from kuaijing.simulation.shift import Shift, play
from kuaijing.wire.pictures import UnitView

_CALLS_PER_KM_WEEK = 0.4
"""Calls a week on each kilometre of street where a city has no history: about 110 a day on 2,000 km."""
_HISTORY_ROWS = 40_000
_NAMED_WITHIN_M = 250.0
_TO_A_POINT = 0.3
"""Share of patrols that go to a patrol point where one is due."""
_DRONE_MPS = 15.0
_DRIVER_SPREAD = 0.12
"""Drivers differ from the estimate by this standard deviation of the logarithm."""


async def run_actors(
    base_url: str,
    credentials: Credentials,
    ground: Ground,
    network: Network,
    plan: PlanDocument,
    *,
    now: Instant,
    speed: float,
    seed: int,
    stop: asyncio.Event,
    calls_factor: float = 2.5,
    by_terminal: Callable[[Reported], bool] | None = None,
) -> None:
    """Play crews, callers and a patient desk at the server's doors until ``stop`` is set.

    The desk orders what is advised once an incident has waited for a human for 45 s of the city's and 15 s of the wall's time (at most
    two minutes of the city's). ``calls_factor`` multiplies the rate of calls: a busy evening. One unit is left for a visitor.
    ``by_terminal`` takes positions of units that report by a terminal of their own.
    """
    door = HttpDoor(base_url, credentials)
    zone = ZoneInfo(plan.timezone)
    pattern = await asyncio.to_thread(call_pattern, ground, plan, zone, now, calls_factor)
    describe = await asyncio.to_thread(named_streets, ground)
    callers = Callers(pattern, zone, {kind.code: kind.name for kind in plan.kinds}, seed, describe)
    patrols = await asyncio.to_thread(beat_places, ground, plan)

    points: dict[str, list[PatrolPoint]] = {}
    for point in plan.patrol_points:
        points.setdefault(point.beat, []).append(point)
    dwells = {(point.point.lon, point.point.lat): point.dwell_s for point in plan.patrol_points}

    def patrol_of(unit: UnitView) -> Callable[[random.Random], Place] | None:
        places = patrols.get(unit.beat)
        if places is None or len(places) == 0:
            return None

        def next_place(chance: random.Random) -> Place:
            """Now and then a patrol point of the beat whose hours hold, else anywhere in it."""
            local = to_datetime(shift.looked_at or now).astimezone(zone)
            minute = local.hour * 60 + local.minute
            due = [each for each in points.get(unit.beat, []) if each.hours is None or each.hours.hold(minute)]
            if due and chance.random() < _TO_A_POINT:
                point = due[chance.randrange(len(due))].point
                return point.lon, point.lat
            return places[chance.randrange(len(places))]

        return next_place

    shift = Shift(
        door,
        router=road_router(network, seed),
        patrol_of=patrol_of,
        callers=callers,
        seed=seed,
        patience_s=min(120.0, max(45.0, 15.0 * speed)),
        left_for_visitor=visitors_unit(plan),
        dwell_s=dwells.get,
        by_terminal=by_terminal,
    )
    await play(shift, door, stop)


def visitors_unit(plan: PlanDocument) -> str | None:
    """The unit whose buttons a visitor presses at ``/unit``: the last motorcycle of the first platform that has one on duty."""
    found = [unit for unit in plan.force if unit.on_duty and unit.unit_class == UnitClass.MOTORCYCLE]
    first = [unit for unit in found if unit.platform == found[0].platform]
    return first[-1].unit if len(found) > 1 else None


def road_router(network: Network, seed: int) -> Router:
    """Drives on the roads at class speeds, each driver a little faster or slower; drones fly straight."""
    weights: dict[str, Weights] = {}
    chance = random.Random(f"drivers:{seed}")
    lock = threading.Lock()

    def drive(unit_class: str, start: Place, end: Place) -> Leg | None:
        if unit_class == "drone":
            metres = metres_between(Point(*start), Point(*end))
            return Leg(np.array([start, end]), metres / _DRONE_MPS)
        with lock:
            graph = network.graph(unit_class)
            if unit_class not in weights:
                weights[unit_class] = base_weights(graph)
            factor = chance.lognormvariate(0, _DRIVER_SPREAD)
        here, there = (network.snap(lon, lat, unit_class, within_m=1000.0) for lon, lat in (start, end))
        if here is None or there is None:
            return None
        way = route(graph, weights[unit_class], here, there)
        if way is None:
            return None
        return Leg(_with_ends(way.points, here, there), way.milliseconds / 1000 * factor)

    return drive


def beat_places(ground: Ground, plan: PlanDocument) -> dict[str, list[Place]]:
    """Junctions of each beat that a car may leave by: where its patrols go."""
    drivable = np.zeros(len(ground.node_lon), dtype=bool)
    drivable[np.asarray(ground.arc_tail)[(np.asarray(ground.arc_access) & 2) > 0]] = True
    lon, lat = np.asarray(ground.node_lon)[drivable], np.asarray(ground.node_lat)[drivable]
    places: dict[str, list[Place]] = {}
    for beat in plan.beats:
        shapes = [shapely.Polygon(rings[0], rings[1:]) for rings in beat.polygons]
        inside = np.zeros(len(lon), dtype=bool)
        for shape in shapes:
            shapely.prepare(shape)
            inside |= shapely.contains_xy(shape, lon, lat)
        places[beat.id] = list(zip(lon[inside].tolist(), lat[inside].tolist(), strict=True))
    return places


def named_streets(ground: Ground) -> Callable[[float, float], str]:
    """How a caller names a place: the nearest street that has a name, within 250 m (``人民路附近``)."""
    named = np.flatnonzero(np.asarray(ground.arc_name) > 0)
    middle = (np.asarray(ground.shape_start)[named] + np.asarray(ground.shape_start)[named + 1]) // 2
    lon, lat = np.asarray(ground.shape_lon)[middle], np.asarray(ground.shape_lat)[middle]
    metres = math.radians(1) * EARTH_RADIUS_M
    scale = np.array([math.cos(math.radians(float(lat.mean()))) * metres, metres]) if len(named) else np.ones(2)
    tree = cKDTree(np.column_stack([lon, lat]) * scale)

    def describe(lon: float, lat: float) -> str:
        gap, nearest = tree.query(np.array([lon, lat]) * scale, distance_upper_bound=_NAMED_WITHIN_M)
        return f"{ground.names[int(ground.arc_name[named[nearest]])]}附近" if np.isfinite(gap) else ""

    return describe


def call_pattern(ground: Ground, plan: PlanDocument, zone: ZoneInfo, now: Instant, factor: float) -> Pattern:
    """What the city's callers draw from: its history where the folder has one, else its streets by length."""
    history = Path(ground.folder) / "history.parquet"
    known = {kind.code for kind in plan.kinds}
    if history.exists():
        return _pattern_of_history(history, known, zone, now, factor)
    return _pattern_of_streets(ground, plan, factor)


def _pattern_of_history(path: Path, known: set[str], zone: ZoneInfo, now: Instant, factor: float) -> Pattern:
    table = pq.read_table(path, columns=["called_at", "lon", "lat", "kind", "origin", "on_scene_s"])
    called = table["called_at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    kinds = np.array(table["kind"].to_pylist())
    reported = np.array([origin != "patrol" for origin in table["origin"].to_pylist()])
    keep = np.flatnonzero(reported & np.isin(kinds, list(known)))[-_HISTORY_ROWS:]
    hours = hours_of_week(called[keep], zone, now)
    weeks = max(1.0, (called[keep].max() - called[keep].min()) / (7 * 86_400e6))
    return Pattern(
        lon=table["lon"].to_numpy()[keep],
        lat=table["lat"].to_numpy()[keep],
        kind=kinds[keep].tolist(),
        handling_s=np.clip(table["on_scene_s"].to_numpy()[keep].astype(np.float64), 60, 5400),
        hour_of_week=hours,
        per_hour=np.bincount(hours, minlength=168) / weeks * factor,
    )


def _pattern_of_streets(ground: Ground, plan: PlanDocument, factor: float) -> Pattern:
    length = np.asarray(ground.arc_length_m, dtype=np.float64) * ((np.asarray(ground.arc_access) & 2) > 0)
    chance = np.random.default_rng(0)
    arcs = chance.choice(len(length), size=5000, p=length / length.sum())
    middle = (np.asarray(ground.shape_start)[arcs] + np.asarray(ground.shape_start)[arcs + 1]) // 2
    kinds = [kind.code for kind in plan.kinds]
    street_km = length[np.asarray(ground.arc_twin) < np.arange(len(length))].sum() / 1000
    return Pattern(
        lon=np.asarray(ground.shape_lon)[middle],
        lat=np.asarray(ground.shape_lat)[middle],
        kind=[kinds[i] for i in chance.integers(0, len(kinds), 5000)],
        handling_s=chance.lognormal(np.log(720), 0.6, 5000),
        hour_of_week=None,
        per_hour=np.full(168, street_km * _CALLS_PER_KM_WEEK / 168 * factor),
    )


def _with_ends(
    points: np.ndarray[tuple[int, ...], np.dtype[np.float64]], here: Snap, there: Snap
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The route's line, from the snapped start to the snapped end even where it holds a single point."""
    if len(points) >= 2:
        return points
    return np.array([[here.lon, here.lat], [there.lon, there.lat]])


__all__ = ["Credentials", "run_actors"]
