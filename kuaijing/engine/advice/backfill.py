"""Who could restore an area soonest by road: one free unit, one place in the area, how long the drive takes.

Places considered: platforms in the area and the middles of its heaviest holes. A unit whose going would empty another area is
passed over where anybody else can do it. Soonest first among those that bring the area back above the mark; where nobody can, the
one that brings most.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.words import UnitClass
from kuaijing.engine.advice.advice import CoverMove
from kuaijing.engine.advice.cover_moves import Place, middles, movable_units, search_places
from kuaijing.engine.advice.empty_areas import BEAT, AreaStreets, weights
from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.reach_field import ReachField
from kuaijing.engine.advice.reach_now import ReachNow
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.tracking.thresholds import Thresholds

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LOOKED_AT: Final = 48
"""Drives that are looked at, soonest first."""


def find_backfill(
    field: ReachField, now: ReachNow, force: Force, areas: AreaStreets, area: str, thresholds: Thresholds
) -> tuple[CoverMove, ...]:
    """The move, or none where no free unit would bring anything."""
    inside = areas.areas(now).get(area)
    if inside is None:
        return ()
    weight = weights(now, inside)
    whole = float(weight.sum())
    places = _places(field, np.where(now.met, 0.0, weight), area)
    nobody = np.zeros(len(now.units), np.bool_)
    classes, class_of, may_move = movable_units(field, now, force, nobody)
    if not places or not may_move.any() or whole <= 0:
        return ()
    in_time, drive_s = search_places(field, now, force, places, classes, may_move)
    sole = _sole(now)
    before = areas.shares(now)
    best: tuple[tuple[bool, bool, float], int, int, BoolArray] | None = None
    for unit, place in _soonest(np.where(may_move[:, None], drive_s, np.inf)):
        met_then = (now.met & (sole != unit)) | (in_time[place, class_of[unit]] & (now.standards.tier >= 0))
        share = float(weight[met_then].sum()) / whole
        if share <= before[area]:
            continue
        enough = share >= thresholds.reached_share
        then = areas.shares(now, met_then)
        empties = any(each < thresholds.empty_share <= before[other] for other, each in then.items() if other != area)
        rank = (not enough, empties, float(drive_s[unit, place]) if enough else -share)
        if best is None or rank < best[0]:
            best = (rank, unit, place, met_then)
        if enough and not empties:
            break
    if best is None:
        return ()
    _, unit, place, met_then = best
    held = next(each for each in force.units if each.id == now.units[unit])
    newly = met_then & ~now.met
    gained = float(now.standards.expected_per_h[met_then].sum() - now.standards.expected_per_h[now.met].sum())
    return (
        CoverMove(
            unit=held.id,
            call_sign=held.call_sign,
            version=held.version,
            lon=round(places[place].lon, 6),
            lat=round(places[place].lat, 6),
            text=places[place].text,
            drive_s=round(float(drive_s[unit, place]), 1),
            gain_street_m=round(float(field.streets.metres[newly].sum())),
            gain_expected_share=round(gained / now.expected_total, 6) if now.expected_total > 0 else 0.0,
        ),
    )


def _soonest(drive_s: FloatArray) -> list[tuple[int, int]]:
    """Units and places, the soonest drives first, as many as are looked at."""
    order = np.argsort(drive_s, axis=None, kind="stable")[:LOOKED_AT]
    pairs = [(int(at) // drive_s.shape[1], int(at) % drive_s.shape[1]) for at in order]
    return [(unit, place) for unit, place in pairs if np.isfinite(drive_s[unit, place])]


def _sole(now: ReachNow) -> NDArray[np.int64]:
    """The only unit in time at each street, -1 where there is none or another one, int64 (streets,)."""
    reach = now.reach
    second = (reach.second_ms >= 0) & (reach.second_ms <= reach.limit_ms)
    return np.where(now.met & ~second, reach.best_unit, -1).astype(np.int64)


def _places(field: ReachField, missing: FloatArray, area: str) -> list[Place]:
    """Platforms of the beat and middles of the area's holes."""
    streets, rows = field.streets, np.flatnonzero(missing > 0)
    if not len(rows):
        return []
    beat = area.removeprefix(BEAT) if area.startswith(BEAT) else None
    places = [
        Place(post.point.lon, post.point.lat, post.name)
        for post in field.survey.plan.platforms
        if beat is not None and post.beat == beat
    ]
    squeeze = np.cos(np.radians(float(streets.lat[rows].mean())))
    scale = np.radians(1.0) * EARTH_RADIUS_M
    x, y = streets.lon[rows] * squeeze * scale, streets.lat[rows] * scale
    for row in middles(x, y, missing[rows]):
        lon, lat = float(streets.lon[rows[row]]), float(streets.lat[rows[row]])
        near = field.roads.network.snap(lon, lat, UnitClass.CAR)
        places.append(Place(lon, lat, near.name if near is not None else ""))
    return places
