"""A cut of beats as figures to judge it by, and as part of a plan document."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.domain.plan_document import BeatArea, PlanDocument, Platform, Polygon
from kuaijing.measures.points import Point
from kuaijing.studies.beats import BeatCut, match_today
from kuaijing.studies.block_demand import BlockDemand, sum_by
from kuaijing.studies.blocks import Blocks, IntArray

_DIGITS: Final = 7


class BeatLine(msgspec.Struct, frozen=True):
    """One beat of a cut."""

    beat: str
    """Of today's beat that it goes on, or a new one."""
    is_new: bool
    incidents_per_day: float
    work_hours_per_day: float
    """On the scene and on the road."""
    drive_s: float
    area_km2: float
    compactness: float
    """Polsby and Popper: 1 for a circle."""
    platform: list[float]
    """Longitude, latitude."""


class BeatFigures(msgspec.Struct, frozen=True):
    """What a cut is judged by."""

    beats: list[BeatLine]
    balance: float
    """Greatest work by the mean."""
    balance_today: float | None
    """The same of today's beats, their platforms where they are; ``None`` where there are none."""
    drive_s: float
    """Mean drive from the platform, over all incidents."""
    drive_today_s: float | None
    compactness: float
    """Mean over the beats."""
    border_km: float
    """Length of the borders between beats."""
    crossings: int
    """Pairs of neighbouring blocks that lie in one beat and are joined by a bridge alone."""
    moved: float | None
    """Share of the work whose beat changes; ``None`` without beats today."""
    basis: str


def figures_of(
    cut: BeatCut, blocks: Blocks, demand: BlockDemand, plan: PlanDocument | None = None, today: BeatCut | None = None
) -> BeatFigures:
    """The figures of a cut beside today's beats (``today`` is measured on the same blocks)."""
    shapes = beat_shapes(cut, blocks)
    area, around = shapely.area(shapes), shapely.length(shapely.boundary(shapes))
    round_ = 4 * math.pi * area / np.maximum(around, 1e-9) ** 2
    rate = sum_by(cut.labels, demand.rate, cut.k)
    names, goes_on, moved_share = _named(cut, demand, plan, today)
    per_day = demand.basis == "history"
    lines = [
        BeatLine(
            names[beat], int(goes_on[beat]) < 0, float(rate[beat] * 24) if per_day else 0.0,
            float(cut.work[beat] * 24 / 3600) if per_day else 0.0, float(cut.drive_s[beat]), float(area[beat] / 1e6),
            float(round_[beat]), [round(float(value), _DIGITS) for value in cut.platforms[beat]],
        )
        for beat in range(cut.k)
    ]  # fmt: skip
    own = cut.labels[blocks.touching]
    bridged = cut.labels[blocks.bridges]
    return BeatFigures(
        lines, cut.balance, None if today is None else today.balance, float(cut.drive_s @ rate / rate.sum()),
        None if today is None else float((today.drive_s @ sum_by(today.labels, demand.rate, today.k)) / rate.sum()),
        float(round_.mean()), float(blocks.touching_m[own[:, 0] != own[:, 1]].sum() / 1000),
        int((bridged[:, 0] == bridged[:, 1]).sum()), moved_share, demand.basis,
    )  # fmt: skip


def beat_shapes(cut: BeatCut, blocks: Blocks) -> NDArray[np.object_]:
    """One shape a beat in metres, water given to the beat that it borders most, so that beats leave no gap; (k,)."""
    members: list[list[Any]] = [list(blocks.shapes[cut.labels == beat]) for beat in range(cut.k)]
    if len(blocks.water):
        wet, block = shapely.STRtree(blocks.shapes).query(blocks.water, predicate="intersects")
        shared = shapely.length(shapely.intersection(blocks.water[wet], blocks.shapes[block]))
        for face in np.unique(wet).tolist():
            along = sum_by(cut.labels[block[wet == face]], shared[wet == face], cut.k)
            members[int(along.argmax())].append(blocks.water[face])
    return np.array([shapely.union_all(parts) for parts in members], dtype=object)


def today_labels(plan: PlanDocument, blocks: Blocks) -> IntArray:
    """Today's beat of each block, by its number in the plan; the nearest where a block lies in none."""
    shapes = [
        blocks.plane.shape(shapely.MultiPolygon([(polygon[0], polygon[1:]) for polygon in beat.polygons]))
        for beat in plan.beats
    ]
    return np.asarray(shapely.STRtree(shapes).nearest(shapely.points(blocks.xy)), np.int64)


def with_beats(
    plan: PlanDocument,
    cut: BeatCut,
    blocks: Blocks,
    demand: BlockDemand,
    *,
    version: str,
    keep_platforms: bool = False,
    posts: Sequence[Platform] | None = None,
) -> PlanDocument:
    """The plan with these beats and platforms; units, names and patrol points go with the beats that go on.

    A beat that goes on one of today's keeps its identifier, its name and its platform's; new ones are numbered on. Where there are
    fewer beats than today the units of a platform that ends go to the one that takes most of its work. ``posts`` are the platforms of
    the beats where they are decided already; a beat then goes on the one of today that its platform has.
    """
    today = today_labels(plan, blocks) if plan.beats else np.full(blocks.count, -1, np.int64)
    if posts is None:
        goes_on, _ = match_today(cut.labels, cut.k, today, demand.work)
    else:
        of_platform = {beat.platform: number for number, beat in enumerate(plan.beats)}
        goes_on = np.array([of_platform.get(each.id, -1) for each in posts], np.int64)
    fresh = iter(_fresh_ids({beat.id for beat in plan.beats} | {platform.id for platform in plan.platforms}, cut.k))
    by_id = {platform.id: platform for platform in plan.platforms}
    shapes = beat_shapes(cut, blocks)
    beats, platforms = [], []
    for beat in range(cut.k):
        old = plan.beats[int(goes_on[beat])] if goes_on[beat] >= 0 else None
        number = next(fresh)
        post = posts[beat] if posts is not None else by_id.get(old.platform) if old is not None else None
        beat_id, platform_id = (old.id if old else f"b{number}"), (post.id if post else f"p{number}")
        at = Point(*(round(float(value), _DIGITS) for value in cut.platforms[beat]))
        beats.append(
            BeatArea(
                beat_id, old.name if old else f"新网格{number}", old.name_en if old else f"New beat {number}", platform_id,
                _polygons(blocks, shapes[beat]),
            )
        )  # fmt: skip
        platforms.append(
            replace(post, beat=beat_id, point=post.point if keep_platforms else at)
            if post
            else Platform(platform_id, f"新平台{number}", f"New platform {number}", beat_id, at)
        )
    to = _successors(plan, cut, today, demand, [beat.platform for beat in beats])
    where = {platform.id: platform for platform in platforms}
    force = tuple(
        replace(unit, platform=to[unit.platform], beat=where[to[unit.platform]].beat) if unit.platform in to else unit
        for unit in plan.force
    )
    points = tuple(replace(point, beat=_beat_at(point.point, blocks, cut, beats)) for point in plan.patrol_points)
    return replace(
        plan, version=version, beats=tuple(beats), platforms=tuple(platforms), force=force, patrol_points=points
    )


def _named(
    cut: BeatCut, demand: BlockDemand, plan: PlanDocument | None, today: BeatCut | None
) -> tuple[list[str], IntArray, float | None]:
    if plan is None or today is None:
        return [str(beat + 1) for beat in range(cut.k)], np.full(cut.k, -1, np.int64), None
    goes_on, share = match_today(cut.labels, cut.k, today.labels, demand.work)
    names = [plan.beats[int(old)].name if old >= 0 else f"+{beat + 1}" for beat, old in enumerate(goes_on)]
    return names, goes_on, share


def _successors(
    plan: PlanDocument, cut: BeatCut, today: IntArray, demand: BlockDemand, platforms: list[str]
) -> dict[str, str]:
    """Where the units of each of today's platforms go."""
    to = {}
    for number, beat in enumerate(plan.beats):
        if beat.platform in platforms:
            to[beat.platform] = beat.platform
            continue
        shares = sum_by(cut.labels[today == number], demand.work[today == number], cut.k)
        to[beat.platform] = platforms[int(shares.argmax())]
    return to


def _polygons(blocks: Blocks, shape: Any) -> tuple[Polygon, ...]:
    """In degrees, to a centimetre, and valid when so rounded."""
    drawn = shapely.set_precision(blocks.plane.drawn(shape), 10.0**-_DIGITS)

    def ring(line: Any) -> tuple[tuple[float, float], ...]:
        points = shapely.get_coordinates(line)
        return tuple((round(float(lon), _DIGITS), round(float(lat), _DIGITS)) for lon, lat in points)

    parts = [part for part in shapely.get_parts(drawn) if isinstance(part, shapely.Polygon) and not part.is_empty]
    return tuple((ring(part.exterior), *(ring(hole) for hole in part.interiors)) for part in parts)


def _beat_at(at: Point, blocks: Blocks, cut: BeatCut, beats: list[BeatArea]) -> str:
    block = int(blocks.of_points(np.array([at.lon]), np.array([at.lat]))[0])
    return beats[int(cut.labels[block])].id


def _fresh_ids(taken: set[str], count: int) -> list[int]:
    number = 1
    found: list[int] = []
    while len(found) < count:
        if f"b{number}" not in taken and f"p{number}" not in taken:
            found.append(number)
        number += 1
    return found
