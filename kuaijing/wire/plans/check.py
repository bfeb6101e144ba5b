"""What must hold between the parts of a plan document: names that exist once, beats that partition, platforms in their beats."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.domain.plan_document import PlanDocument, Polygon
from kuaijing.wire.plans import files
from kuaijing.wire.plans.faults import Faults

OVERLAP_M2: Final = 2_000.0
"""Beats drawn by hand overlap by slivers; beyond this it is a place with two masters."""
GAP_M2: Final = 10_000.0
GAP_WIDTH_M: Final = 60.0
"""A strip narrower than this between beats is a gap; wider it may be open country that nobody serves."""
PLATFORM_OUTSIDE_M: Final = 30.0
M_PER_DEG: Final = 111_195.0


def check(document: PlanDocument, force_file: str, faults: Faults) -> None:
    """Note every fault between the parts."""
    _check_once(document, force_file, faults)
    _check_names(document, force_file, faults)
    _check_tiers(document, faults)
    _check_response(document, force_file, faults)
    _check_beats(document, faults)


def plane(polygons: tuple[Polygon, ...], lat: float) -> shapely.Geometry:
    """A shape in metres on a local plane, good to a per mille over a city."""
    scale = np.array([M_PER_DEG * math.cos(math.radians(lat)), M_PER_DEG])

    def scaled(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(points * scale)

    return shapely.transform(shape_of(polygons), scaled)


def shape_of(polygons: tuple[Polygon, ...]) -> shapely.Geometry:
    """A shape in degrees."""
    parts = [shapely.Polygon(polygon[0], polygon[1:]) for polygon in polygons]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _check_once(document: PlanDocument, force_file: str, faults: Faults) -> None:
    def once(file: str, field: str, names: Iterable[str]) -> None:
        for name, times in Counter(names).items():
            if times > 1 and name:
                faults.add(file, "", field, name, f"stands {times} times", "give each its own")

    once(files.BEATS, "id", (beat.id for beat in document.beats))
    once(files.PLATFORMS, "id", (platform.id for platform in document.platforms))
    once(files.PATROL_POINTS, "id", (point.id for point in document.patrol_points))
    once(files.CLOSURES, "id", (closure.id for closure in document.closures))
    once(force_file, "id", (unit.unit for unit in document.force))
    once(force_file, "call_sign", (unit.call_sign for unit in document.force))
    once(files.RESPONSE, "kinds.code", (kind.code for kind in document.kinds))
    once(files.RESPONSE, "plans.id", (plan.id for plan in document.response_plans))


def _check_names(document: PlanDocument, force_file: str, faults: Faults) -> None:
    beats = {beat.id: beat for beat in document.beats}
    platforms = {platform.id: platform for platform in document.platforms}

    unknown: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)

    def known(file: str, where: str, field: str, name: str, there: Mapping[str, object]) -> None:
        if name and name not in there:
            unknown[field, name].append((file, where))

    for beat in document.beats:
        known(files.BEATS, beat.id, "platform", beat.platform, platforms)
    for platform in document.platforms:
        known(files.PLATFORMS, platform.id, "beat", platform.beat, beats)
        its_beat = beats.get(platform.beat)
        if its_beat is not None and its_beat.platform in platforms and its_beat.platform != platform.id:
            problem = f"is the beat of platform {its_beat.platform}"
            faults.add(files.PLATFORMS, platform.id, "beat", platform.beat, problem, "give each beat one platform")
    for unit in document.force:
        known(force_file, unit.unit, "platform", unit.platform, platforms)
        known(force_file, unit.unit, "beat", unit.beat, beats)
    for point in document.patrol_points:
        known(files.PATROL_POINTS, point.id, "beat", point.beat, beats)
    for (field, name), named in unknown.items():  # one cause, one fault, however often the name stands
        problem = f"names an unknown {field}"
        if len(named) > 1:
            problem += f", as do {len(named) - 1} more in {', '.join(dict.fromkeys(file for file, _ in named))}"
        faults.add(*named[0], field, name, problem, "correct the name or add it")


def _check_tiers(document: PlanDocument, faults: Faults) -> None:
    limits: dict[str, set[float]] = defaultdict(set)
    for area in document.tier_areas:
        limits[area.id].add(area.limit_s)
    for name, found in limits.items():
        if len(found) > 1:
            text = ", ".join(f"{limit:g}" for limit in sorted(found))
            faults.add(files.TIERS, name, "limit_s", text, "one tier has several limits", "give all its areas the same")


def _check_response(document: PlanDocument, force_file: str, faults: Faults) -> None:
    plans = {plan.id for plan in document.response_plans}
    kinds = {kind.code: kind for kind in document.kinds}
    for kind in document.kinds:
        if kind.plan and kind.plan not in plans:
            faults.add(
                files.RESPONSE, kind.code, "plan", kind.plan, "names an unknown response plan", "correct it or add it"
            )
        if kind.parent is not None and kind.parent not in kinds:
            faults.add(
                files.RESPONSE, kind.code, "parent", kind.parent, "names an unknown kind", "correct it or add it"
            )
        seen, above = {kind.code}, kind.parent
        while above is not None and above in kinds:
            if above in seen:
                faults.add(
                    files.RESPONSE, kind.code, "parent", kind.parent, "leads back to itself", "correct the parent"
                )
                break
            seen.add(above)
            above = kinds[above].parent
    classes = {unit.unit_class for unit in document.force}
    for plan in document.response_plans:
        if document.force and plan.classes and not classes & set(plan.classes):
            problem = f"wants classes of which {force_file} has no unit"
            faults.add(
                files.RESPONSE, plan.id, "classes", "; ".join(plan.classes), problem, "add a class that the force has"
            )
    if not document.force and not any(fault.file == force_file for fault in faults.found):
        faults.add(force_file, "", "", None, "holds no unit", "add at least one row")


def _check_beats(document: PlanDocument, faults: Faults) -> None:
    drawn = [beat for beat in document.beats if beat.polygons]
    if not drawn:
        if not any(fault.file == files.BEATS for fault in faults.found):
            faults.add(files.BEATS, "", "", None, "holds no beat", "draw at least one")
        return
    lat = float(np.mean([beat.polygons[0][0][0][1] for beat in drawn]))
    shapes = [plane(beat.polygons, lat) for beat in drawn]
    tree = shapely.STRtree(shapes)
    for one, other in tree.query(shapes, predicate="intersects").T:
        shared = shapely.area(shapely.intersection(shapes[one], shapes[other])) if one < other else 0.0
        if shared > OVERLAP_M2:
            where = f"{drawn[one].id} and {drawn[other].id}"
            faults.add(files.BEATS, where, "geometry", f"{shared:.0f} m²", "beats overlap", "give each place one beat")
    _check_gaps([beat.id for beat in drawn], shapes, lat, faults)
    by_id = {beat.id: shape for beat, shape in zip(drawn, shapes, strict=True)}
    for platform in document.platforms:
        shape = by_id.get(platform.beat)
        if shape is None:
            continue
        here = shapely.Point(
            platform.point.lon * M_PER_DEG * math.cos(math.radians(lat)), platform.point.lat * M_PER_DEG
        )
        away = shapely.distance(shape, here)
        if away > PLATFORM_OUTSIDE_M:
            problem = f"stands outside its beat {platform.beat}"
            faults.add(files.PLATFORMS, platform.id, "geometry", f"{away:.0f} m", problem, "move it or redraw the beat")


def _check_gaps(names: list[str], shapes: list[shapely.Geometry], lat: float, faults: Faults) -> None:
    union = shapely.union_all(shapes)
    half = GAP_WIDTH_M / 2
    filled = shapely.buffer(shapely.buffer(union, half), -half)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    gaps = shapely.get_parts(shapely.difference(shapely.union_all([filled, *holes]), union))
    for gap in gaps:
        if shapely.area(gap) <= GAP_M2:
            continue
        beside = [name for name, shape in zip(names, shapes, strict=True) if shapely.distance(shape, gap) < 1.0]
        at = shapely.point_on_surface(gap)
        east = M_PER_DEG * math.cos(math.radians(lat))
        where = f"between {' and '.join(beside)} at {shapely.get_x(at) / east:.5f}, {shapely.get_y(at) / M_PER_DEG:.5f}"
        faults.add(
            files.BEATS, where, "geometry", f"{shapely.area(gap):.0f} m²", "nobody's ground", "extend a beat over it"
        )
