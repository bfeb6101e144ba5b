"""A placed fleet as a plan document: platforms moved, their beats cut around them, units at home where they were placed.

Today's platforms keep their names: each new place takes the nearest one that is left. Units keep their identity class by class; units
too many leave the force, units too few are added under numbers of their own, to be named by whoever takes the plan up.
"""

from collections import Counter
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from kuaijing.domain.commands import PlannedUnit
from kuaijing.domain.plan_document import PlanDocument, Platform
from kuaijing.measures.points import Point
from kuaijing.studies.beat_plan import with_beats
from kuaijing.studies.beats import BeatCut, cut_beats
from kuaijing.studies.block_demand import BlockDemand, BlockTravel
from kuaijing.studies.blocks import Blocks
from kuaijing.studies.platforms import FleetStudy, SiteLine
from kuaijing.studies.refused import StudyRefused

_CREW: Final = {"command_vehicle": (2, 4), "car": (1, 3), "motorcycle": (1, 1)}
"""Police and auxiliaries of an added unit, where today's force has none of its class to go by."""


def with_fleet(
    plan: PlanDocument,
    study: FleetStudy,
    blocks: Blocks,
    demand: BlockDemand,
    travel: BlockTravel,
    *,
    version: str,
    seconds: float = 10.0,
    seed: int = 0,
) -> tuple[PlanDocument, BeatCut]:
    """The plan with platforms, beats and force as placed, and the cut of its beats. Raises ``StudyRefused``."""
    if not study.sites:
        raise StudyRefused("the placing has no site; place one unit at least")
    platforms = _platforms(plan, study.sites, blocks)
    places = [(platform.point.lon, platform.point.lat) for platform in platforms]
    cut = cut_beats(blocks, demand, travel, len(places), platforms=places, seconds=seconds, seed=seed)
    drawn = with_beats(plan, cut, blocks, demand, version=version, keep_platforms=True, posts=platforms)
    return replace(drawn, force=_force(plan, study.sites, list(drawn.platforms))), cut


def _platforms(plan: PlanDocument, sites: list[SiteLine], blocks: Blocks) -> list[Platform]:
    """One platform a site: the one that stands there, else the nearest of those left, else a new one."""
    by_id = {platform.id: platform for platform in plan.platforms}
    standing = {site: by_id[line.platform] for site, line in enumerate(sites) if line.platform in by_id}
    free = [platform for platform in plan.platforms if platform.id not in {each.id for each in standing.values()}]
    open_ = [site for site in range(len(sites)) if site not in standing]
    if free and open_:
        there = blocks.plane.metres(np.array([sites[i].lon for i in open_]), np.array([sites[i].lat for i in open_]))
        here = blocks.plane.metres(
            np.array([each.point.lon for each in free]), np.array([each.point.lat for each in free])
        )
        rows, columns = linear_sum_assignment(
            np.hypot(*(there[:, None, axis] - here[None, :, axis] for axis in (0, 1)))
        )
        standing |= {open_[row]: free[column] for row, column in zip(rows.tolist(), columns.tolist(), strict=True)}
    taken, number, found = {platform.id for platform in plan.platforms}, 0, []
    for site, line in enumerate(sites):
        at = Point(*_rounded((line.lon, line.lat)))
        if site in standing:
            found.append(replace(standing[site], point=at))
            continue
        number += 1
        while f"p{number}" in taken:
            number += 1
        taken.add(f"p{number}")
        found.append(Platform(f"p{number}", f"新平台{number}", f"New platform {number}", "", at))
    return found


def _rounded(place: tuple[float, float]) -> tuple[float, float]:
    return round(float(place[0]), 7), round(float(place[1]), 7)


def _force(plan: PlanDocument, sites: list[SiteLine], homes: list[Platform]) -> tuple[PlannedUnit, ...]:
    """Today's units at their new homes; whoever can stay at the same platform does."""
    wanted = [
        (name, home)
        for line, home in zip(sites, homes, strict=True)
        for name, n in sorted(line.units.items())
        for _ in range(n)
    ]
    left = list(plan.force)
    filled: list[PlannedUnit | None] = [None] * len(wanted)
    for same in (True, False):
        for row, (name, home) in enumerate(wanted):
            if filled[row] is not None:
                continue
            match = next(
                (unit for unit in left if unit.unit_class == name and (not same or unit.platform == home.id)), None
            )
            if match is not None:
                left.remove(match)
                filled[row] = replace(match, platform=home.id, beat=home.beat, home=None)
    taken, added = {unit.unit for unit in plan.force}, Counter[str]()
    force = []
    for row, (name, home) in enumerate(wanted):
        unit = filled[row]
        force.append(unit if unit is not None else _added(name, home, plan, taken, added))
    return tuple(force)


def _added(name: str, home: Platform, plan: PlanDocument, taken: set[str], added: Counter[str]) -> PlannedUnit:
    added[name] += 1
    number = 9000 + sum(added.values())
    while str(number) in taken:
        number += 1
    taken.add(str(number))
    like = next((unit for unit in plan.force if unit.unit_class == name), None)
    police, auxiliary = (like.crew_police, like.crew_auxiliary) if like is not None else _CREW.get(name, (1, 1))
    capabilities = like.capabilities if like is not None else ()
    return PlannedUnit(
        str(number), str(number), name, home.id, home.beat, police, auxiliary, "", capabilities, True, None
    )
