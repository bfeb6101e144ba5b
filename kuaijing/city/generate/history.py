"""Three years of incidents drawn from a known rate: where, when, what, how long.

The rate is a product: place (people, uses, hot spots) × hour and weekday of the kind × season × a slow trend. The truth is
kept beside the history for tests; nothing else may read it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import yaml
from numpy.typing import NDArray

from kuaijing.city.generate.form import FloatArray, to_degrees

ZONE = ZoneInfo("Asia/Shanghai")
YEARS = 3
PER_PERSON_DAY = 110.0 / 590_000.0
"""A city of 590,000 people has about 110 incidents a day that its rapid police see."""
PATROL_SHARE = 0.13

_CLOCKS: dict[str, tuple[float, ...]] = {  # weight at 0, 3, 6, 9, 12, 15, 18, 21 and 24 o'clock
    "night": (2.6, 0.9, 0.15, 0.2, 0.4, 0.5, 1.2, 3.0, 2.6),
    "day": (0.25, 0.12, 0.5, 1.6, 1.3, 1.5, 1.3, 0.7, 0.25),
    "traffic": (0.3, 0.15, 0.9, 1.5, 1.0, 1.2, 2.1, 0.9, 0.3),
    "evening": (0.8, 0.25, 0.3, 0.8, 1.1, 1.1, 1.7, 1.7, 0.8),
    "flat": (0.8, 0.6, 0.7, 1.1, 1.1, 1.1, 1.2, 1.1, 0.8),
}
# kind: (share of all, clock, place, mean minutes on scene, weekend factor, summer factor)
KINDS: dict[str, tuple[float, str, str, float, float, float]] = {
    "theft": (7.0, "day", "trade", 26, 1.1, 1.1),
    "pickpocketing": (1.6, "day", "trade", 22, 1.3, 1.0),
    "burglary": (2.2, "day", "home", 38, 0.9, 1.1),
    "vehicle_theft": (2.4, "night", "home", 24, 1.0, 1.1),
    "fraud": (6.5, "day", "home", 30, 0.8, 1.0),
    "robbery": (0.25, "night", "night", 45, 1.2, 1.1),
    "snatching": (0.3, "evening", "trade", 35, 1.1, 1.1),
    "injury": (0.9, "night", "night", 48, 1.3, 1.2),
    "stabbing": (0.12, "night", "night", 60, 1.3, 1.2),
    "fight": (5.6, "night", "night", 34, 1.35, 1.3),
    "affray": (0.2, "night", "night", 55, 1.4, 1.3),
    "provocation": (1.7, "night", "night", 30, 1.2, 1.2),
    "drunk": (4.2, "night", "night", 31, 1.4, 1.2),
    "disturbance": (1.8, "evening", "trade", 33, 1.1, 1.0),
    "gambling": (1.1, "evening", "home", 42, 1.2, 0.9),
    "drugs": (0.3, "night", "night", 60, 1.1, 1.0),
    "domestic_violence": (2.9, "evening", "home", 36, 1.3, 1.1),
    "suspicious_person": (2.2, "night", "home", 15, 1.0, 1.0),
    "noise": (5.4, "night", "home", 16, 1.2, 1.4),
    "neighbours": (4.4, "evening", "home", 35, 1.1, 1.0),
    "consumer": (3.6, "evening", "trade", 28, 1.3, 1.0),
    "wages": (1.2, "day", "work", 48, 0.5, 0.8),
    "family": (4.1, "evening", "home", 37, 1.2, 1.0),
    "debt": (1.8, "day", "work", 32, 0.8, 0.9),
    "medical": (0.3, "day", "hospital", 50, 0.7, 1.0),
    "crash_minor": (10.5, "traffic", "road", 19, 0.95, 1.0),
    "crash_injury": (1.9, "traffic", "road", 33, 1.0, 1.1),
    "hit_and_run": (0.7, "night", "road", 30, 1.1, 1.0),
    "congestion": (2.2, "traffic", "road", 17, 0.8, 1.0),
    "parking": (4.6, "day", "trade", 12, 1.0, 1.0),
    "drink_driving": (0.7, "night", "road", 35, 1.3, 1.1),
    "missing_person": (1.7, "day", "home", 42, 1.1, 1.1),
    "drowning": (0.08, "evening", "water", 60, 1.5, 3.2),
    "suicide": (0.2, "evening", "water", 65, 1.0, 1.1),
    "locked_out": (2.4, "evening", "home", 20, 1.1, 1.0),
    "rescue": (0.9, "flat", "home", 28, 1.0, 1.1),
    "to_hospital": (0.7, "flat", "home", 24, 1.0, 1.0),
    "lost_property": (2.6, "day", "trade", 15, 1.2, 1.0),
    "animal": (0.9, "day", "home", 21, 1.0, 1.5),
    "fire": (0.8, "flat", "home", 44, 1.0, 1.0),
    "gas_leak": (0.35, "evening", "home", 38, 1.0, 0.7),
    "road_hazard": (1.9, "traffic", "road", 16, 1.0, 1.2),
    "flooding": (0.2, "flat", "road", 40, 1.0, 4.0),
    "alarm": (0.5, "day", "trade", 14, 0.9, 1.0),
    "other_incident": (3.4, "flat", "home", 18, 1.0, 1.0),
}


@dataclass(frozen=True)
class HotSpot:
    """A place that draws more than its share of some kinds: local metres, spread in metres, share of its place class."""

    name: str
    x: float
    y: float
    spread: float
    places: str
    share: float


@dataclass(frozen=True)
class Ground:
    """Where incidents can fall: candidate points on streets and the weight of each for every place class."""

    xy: FloatArray
    block: NDArray[np.int64]
    weights: dict[str, FloatArray]
    hot_spots: list[HotSpot]


def expected_by_block(ground: Ground, centre: FloatArray) -> FloatArray:
    """Share of all incidents that falls to each block (``centre``: (blocks, 2)), hot spots at the nearest one."""
    load = np.zeros(len(centre))
    whole = sum(row[0] for row in KINDS.values())
    for places, weight in ground.weights.items():
        share = sum(row[0] for row in KINDS.values() if row[2] == places) / whole
        spots = [spot for spot in ground.hot_spots if spot.places == places]
        rest = 1 - sum(spot.share for spot in spots)
        load += share * rest * np.bincount(ground.block, weight / weight.sum(), len(centre))
        for spot in spots:
            load[np.argmin(np.hypot(centre[:, 0] - spot.x, centre[:, 1] - spot.y))] += share * spot.share
    return load


def daily_mean(people: float) -> float:
    """Incidents a day of a city of so many people."""
    return people * PER_PERSON_DAY


def hour_weights(clock: str) -> FloatArray:
    """Weight of each hour of the day, summing to 1."""
    weight = np.interp(np.arange(24) + 0.5, np.arange(0, 25, 3), _CLOCKS[clock])
    return np.asarray(weight / weight.sum())


def _days(until: date) -> list[date]:
    start = until.replace(year=until.year - YEARS, day=min(until.day, 28)) + timedelta(days=1)
    return [start + timedelta(days=step) for step in range((until - start).days + 1)]


def _day_weights(days: list[date], weekend: float, summer: float) -> FloatArray:
    year_share = np.array([(d.timetuple().tm_yday - 200) / 365.25 for d in days])
    season = 1 + (summer - 1) * np.clip(np.cos(2 * np.pi * year_share), -0.6, 1)
    weekday = np.array([weekend if d.weekday() >= 5 else 1.06 if d.weekday() == 4 else 1.0 for d in days])
    feast = np.array([0.72 if (d.month, d.day) >= (2, 1) and (d.month, d.day) <= (2, 10) else 1.0 for d in days])
    raw = np.maximum(season, 0.2) * weekday * feast
    weight: FloatArray = raw / raw.mean()
    return weight


def _places(ground: Ground, places: str, count: int, rng: np.random.Generator) -> FloatArray:
    """Local metres of ``count`` incidents of a place class: some at the hot spots, the rest by weight."""
    weight = ground.weights[places]
    spots = [spot for spot in ground.hot_spots if spot.places == places]
    bounds = np.cumsum([spot.share for spot in spots])
    which = np.searchsorted(bounds, rng.random(count), side="right") if spots else np.zeros(count, np.int64)
    xy = ground.xy[rng.choice(len(weight), count, p=weight / weight.sum())] + rng.normal(0, 9.0, (count, 2))
    for number, spot in enumerate(spots):
        rows = np.flatnonzero(which == number)
        xy[rows] = np.array([spot.x, spot.y]) + rng.normal(0, spot.spread, (len(rows), 2))
    return xy


def _instants(days: list[date], day: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    midnights = [int(datetime(d.year, d.month, d.day, tzinfo=ZONE).timestamp()) for d in days]
    return (np.array(midnights)[day] + second) * 1_000_000


def draw_history(
    ground: Ground, people: float, grades: dict[str, int], until: date, rng: np.random.Generator
) -> tuple[pa.Table, dict[str, Any]]:
    """The incidents in order of time, and the truth they were drawn from."""
    days = _days(until)
    total = daily_mean(people)
    shares = {kind: row[0] / sum(r[0] for r in KINDS.values()) for kind, row in KINDS.items()}
    columns: dict[str, list[Any]] = {key: [] for key in ("at", "xy", "kind", "grade", "patrol", "scene")}
    trend = np.linspace(1.05, 0.95, len(days))
    for number, (kind, (_, clock, places, minutes, weekend, summer)) in enumerate(KINDS.items()):
        by_day = rng.poisson(total * shares[kind] * _day_weights(days, weekend, summer) * trend)
        day = np.repeat(np.arange(len(days)), by_day)
        hour = rng.choice(24, len(day), p=hour_weights(clock))
        second = hour * 3600 + rng.integers(0, 3600, len(day))
        columns["at"].append(_instants(days, day, second) + rng.integers(0, 1_000_000, len(day)))
        columns["xy"].append(_places(ground, places, len(day), rng))
        columns["kind"].append(np.full(len(day), number))
        columns["grade"].append(np.full(len(day), grades[kind]))
        found = 0.42 if kind in ("congestion", "parking", "road_hazard", "suspicious_person", "drink_driving") else 0.09
        columns["patrol"].append(rng.random(len(day)) < found)
        columns["scene"].append(60.0 * minutes * np.exp(rng.normal(-0.18, 0.6, len(day))))
    table = _table({key: np.concatenate(parts) for key, parts in columns.items()})
    truth = {
        "from": days[0].isoformat(),
        "until": days[-1].isoformat(),
        "incidents_per_day": total,
        "people": people,
        "kind_share": shares,
        "hour_weights": {clock: hour_weights(clock).tolist() for clock in _CLOCKS},
        "kinds": {k: {"clock": r[1], "places": r[2], "minutes": r[3], "weekend": r[4]} for k, r in KINDS.items()},
        "hot_spots": [_spot_truth(spot) for spot in ground.hot_spots],
    }
    return table, truth


def _spot_truth(spot: HotSpot) -> dict[str, Any]:
    lon, lat = to_degrees(np.array([spot.x]), np.array([spot.y]))
    place = {"lon": float(lon[0]), "lat": float(lat[0]), "spread_m": spot.spread}
    return {"name": spot.name, **place, "places": spot.places, "share": spot.share}


def _table(columns: dict[str, NDArray[Any]]) -> pa.Table:
    order = np.lexsort((columns["kind"], columns["at"]))
    lon, lat = to_degrees(columns["xy"][order, 0], columns["xy"][order, 1])
    names = np.array(list(KINDS))
    return pa.table(
        {
            "called_at": pa.array(columns["at"][order], pa.timestamp("us", tz="UTC")),
            "lon": pa.array(np.round(lon, 6)),
            "lat": pa.array(np.round(lat, 6)),
            "kind": pa.array(names[columns["kind"][order]].tolist(), pa.string()),
            "grade": pa.array(columns["grade"][order], pa.int8()),
            "origin": pa.array(np.where(columns["patrol"][order], "patrol", "call").tolist(), pa.string()),
            "on_scene_s": pa.array(np.round(columns["scene"][order]).astype(np.int32)),
        }
    )


def default_grades(response_yaml: str) -> dict[str, int]:
    """Grade of each kind in a response document."""
    return {kind["code"]: int(kind["grade"]) for kind in yaml.safe_load(response_yaml)["kinds"]}
