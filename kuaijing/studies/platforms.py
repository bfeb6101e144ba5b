"""Where platforms and vehicles should stand, how few are enough, and what no force can attain.

Tiered cover of 1-3-5 by units that may be busy, each class reaching what it reaches (``planning.fleet``). Every answer carries its bound.
A place that no site reaches in its limit is named, since no force there is enough. Expected cover is a promise of standing units, each
busy by itself: the simulation says what becomes of it in the street.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaijing.planning import fleet
from kuaijing.planning.fleet_search import level
from kuaijing.studies.blocks import FloatArray, IntArray
from kuaijing.studies.cover_points import CoverPoints, Sites
from kuaijing.studies.refused import StudyRefused

MOST_BUSY: Final = 0.85
"""Above this the force drowns and no placing helps; the study says so instead of computing on."""
_NAMED: Final = 20

Progress = Callable[[str, float], None]


class SiteLine(msgspec.Struct, frozen=True):
    """One place with what stands there."""

    lon: float
    lat: float
    platform: str
    """Today's platform there; "" for a new place."""
    units: dict[str, int]
    """By class."""


class Unattainable(msgspec.Struct, frozen=True):
    """A place that no site reaches within its limit."""

    name: str
    tier: str
    limit_s: float
    lon: float
    lat: float
    share: float
    """Of what its tier expects."""


class FleetStudy(msgspec.Struct, frozen=True):
    """A placing and what it promises."""

    sites: list[SiteLine]
    units: dict[str, int]
    busy: float
    """Share of the time that a unit is taken up."""
    attained: dict[str, float]
    """By tier: share of the expected incidents that find a free unit in time."""
    all_free: dict[str, float]
    """The same if every unit were free."""
    attainable: dict[str, float]
    """The same if there were a unit at every site: more no force attains."""
    covered: float
    bound: float
    gap: float
    """How far the proven bound lies above, as a share."""
    optimal: bool
    unattainable: list[Unattainable]
    unattainable_more: int
    """How many further ones there are."""


class ForceStep(msgspec.Struct, frozen=True):
    """One size of the force and what it attains."""

    count: int
    attained: dict[str, float]
    meets: bool


class LeastForce(msgspec.Struct, frozen=True):
    """The least number of units of a class that meets the standard, beside one fewer and one more."""

    unit_class: str
    target: dict[str, float]
    least: int | None
    """``None``: no number does."""
    steps: list[ForceStep]
    why_not: str
    study: FleetStudy | None
    """The placing of the least force."""


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """What is to be placed, and where it may be."""

    points: CoverPoints
    sites: Sites
    reach: NDArray[np.bool_]
    """(classes, sites, points)."""
    classes: tuple[str, ...]
    work_s_per_hour: float
    """Seconds of work that an hour's incidents make: what keeps units busy."""
    platforms: int | None = None
    """At most so many places are used."""
    most: Mapping[str, int] | None = None
    """Units of a class that one place takes."""
    keep: Mapping[int, Mapping[str, int]] | None = None
    """Units that stay, by site."""
    seconds: float = 15.0


def place_fleet(ask: Ask, count: Mapping[str, int]) -> FleetStudy:
    """The best placing of so many units of each class. Raises ``StudyRefused``."""
    _check(ask, count)
    busy = _busy(ask, sum(count.values()))
    if busy > MOST_BUSY:
        raise StudyRefused(
            f"{sum(count.values())} units would be busy {busy:.0%} of the time; above {MOST_BUSY:.0%} no placing keeps any limit: "
            f"at least {int(np.ceil(ask.work_s_per_hour / 3600 / MOST_BUSY))} units are needed for the work alone"
        )
    short = (
        [
            f"{name} {count.get(name, 0)} of {sum(units.get(name, 0) for units in ask.keep.values())}"
            for name in ask.classes
            if sum(units.get(name, 0) for units in ask.keep.values()) > count.get(name, 0)
        ]
        if ask.keep
        else []
    )
    if short:
        raise StudyRefused(
            f"platforms that stay have more vehicles than the force: {', '.join(short)}; raise the force or keep fewer"
        )
    numbers = np.array([count.get(name, 0) for name in ask.classes], np.int64)
    kept = np.zeros(ask.reach.shape[:2], np.int64)
    for site, units in (ask.keep or {}).items():
        for name, number in units.items():
            kept[ask.classes.index(name), site] = number
    most = (
        None
        if ask.most is None
        else np.array([ask.most.get(name, int(numbers.max())) for name in ask.classes], np.int64)
    )
    found = fleet(
        ask.reach, ask.points.rate, numbers, busy=busy, sites=ask.platforms, kept=kept, most=most, seconds=ask.seconds
    )  # fmt: skip
    near = level(np.ascontiguousarray(ask.reach), found.units)
    points = ask.points
    lost = np.flatnonzero(~ask.reach.any(axis=(0, 1)))
    lost = lost[np.argsort(-points.rate[lost] / points.limit_s[lost])]
    whole = np.bincount(points.tier, weights=points.rate, minlength=len(points.tiers)).astype(np.float64)
    return FleetStudy(
        sites=_lines(ask, found.units),
        units={name: int(number) for name, number in zip(ask.classes, numbers, strict=True)},
        busy=busy,
        attained=points.shares(points.rate * (1 - busy**near)),
        all_free=points.shares(points.rate * (near > 0)),
        attainable=points.shares(points.rate * ask.reach.any(axis=(0, 1))),
        covered=found.covered,
        bound=found.bound,
        gap=found.gap,
        optimal=found.optimal,
        unattainable=[_unattainable(points, int(row), whole) for row in lost[:_NAMED]],
        unattainable_more=max(0, len(lost) - _NAMED),
    )


def least_force(
    ask: Ask,
    count: Mapping[str, int],
    unit_class: str,
    target: Mapping[str, float],
    *,
    most: int = 200,
    confirm: Callable[[FleetStudy], Mapping[str, float]] | None = None,
    progress: Progress = lambda step, share: None,
) -> LeastForce:
    """The least number of ``unit_class`` (the other classes as in ``count``) with which every tier attains its target.

    ``confirm`` says what each tier really attains with a placing (the lower end of a simulation's interval); without it the expected
    cover decides. Found by halving, then the neighbours are computed: one fewer and one more.
    """
    _check(ask, {**count, unit_class: 1})
    for tier, share in target.items():
        if tier not in ask.points.tiers or not 0 < share <= 1:
            raise StudyRefused(
                f"target {tier}={share:g}: wanted a share above 0 and at most 1 of one of {', '.join(ask.points.tiers)}"
            )
    attainable = ask.points.shares(ask.points.rate * ask.reach.any(axis=(0, 1)))
    short = [tier for tier, share in target.items() if attainable.get(tier, 1.0) < share]
    if short:
        return LeastForce(unit_class, dict(target), None, [], _not_attainable(ask, short, attainable, target), None)
    tried: dict[int, tuple[FleetStudy | None, ForceStep]] = {}

    def attempt(number: int) -> ForceStep:
        if number not in tried:
            progress("force", min(0.95, len(tried) / 12))
            try:
                study = place_fleet(ask, {**count, unit_class: number})
                attained = dict(confirm(study)) if confirm is not None else study.attained
            except StudyRefused:  # so few that they drown in the work
                tried[number] = (None, ForceStep(number, {}, False))
                return tried[number][1]
            meets = all(attained.get(tier, 1.0) >= share for tier, share in target.items())
            tried[number] = (study, ForceStep(number, attained, meets))
        return tried[number][1]

    if sum(number for name, number in count.items() if name != unit_class) and attempt(0).meets:
        return LeastForce(unit_class, dict(target), 0, [attempt(0), attempt(1)], "", tried[0][0])
    low, high = 0, 1
    while high < most and not attempt(high).meets:
        low, high = high, min(most, high * 2)
    if not attempt(high).meets:
        steps = [tried[number][1] for number in sorted(tried)]
        why = f"{most} 个该类警力也不够 Not even {most} units of {unit_class} are enough"
        return LeastForce(unit_class, dict(target), None, steps, why, None)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if attempt(middle).meets else (middle, high)
    for number in (high - 1, high + 1):
        if number >= 0:
            attempt(number)
    steps = [tried[number][1] for number in sorted(tried) if abs(number - high) <= 2]
    return LeastForce(unit_class, dict(target), high, steps, "", tried[high][0])


def _check(ask: Ask, count: Mapping[str, int]) -> None:
    unknown = [name for name in count if name not in ask.classes]
    if unknown:
        raise StudyRefused(f"no unit class {', '.join(unknown)}; there are {', '.join(ask.classes)}")
    wrong = [f"{name}={number}" for name, number in count.items() if number < 0]
    if wrong or not sum(count.values()):
        raise StudyRefused(f"units must be 0 or more and one at least, got {', '.join(wrong) or 'none'}")
    if not ask.points.rate.sum() > 0:
        raise StudyRefused("nothing is expected anywhere: no incident in the hours asked for, and no street")


def _busy(ask: Ask, units: int) -> float:
    """Share of the time that a unit works, each incident taking one unit."""
    return ask.work_s_per_hour / 3600 / max(units, 1)


def _lines(ask: Ask, units: IntArray) -> list[SiteLine]:
    return [
        SiteLine(
            float(ask.sites.lon[site]), float(ask.sites.lat[site]), ask.sites.platform[site],
            {name: int(units[c, site]) for c, name in enumerate(ask.classes) if units[c, site]},
        )
        for site in np.flatnonzero(units.sum(axis=0))
    ]  # fmt: skip


def _unattainable(points: CoverPoints, row: int, whole: FloatArray) -> Unattainable:
    tier = int(points.tier[row])
    return Unattainable(
        points.names[row], points.tiers[tier], float(points.limit_s[row]), float(points.lon[row]), float(points.lat[row]),
        float(points.rate[row] / whole[tier]) if whole[tier] > 0 else 0.0,
    )  # fmt: skip


def _not_attainable(
    ask: Ask, short: Sequence[str], attainable: Mapping[str, float], target: Mapping[str, float]
) -> str:
    """Both languages: it is shown to the analyst as it is."""
    points = ask.points
    chinese, english = [], []
    for tier in short:
        rows = np.flatnonzero(~ask.reach.any(axis=(0, 1)) & (points.tier == points.tiers.index(tier)))
        rows = rows[np.argsort(-points.rate[rows])]
        names = list(dict.fromkeys(points.names[row] for row in rows if points.names[row]))[:5]
        limit = points.limit_s[rows[0]]
        named = points.tier_names[points.tiers.index(tier)]
        chinese.append(
            f"{named}至多 {attainable[tier]:.1%}，要求 {target[tier]:.0%}；"
            f"任何布点 {limit:g} 秒内都到不了：{'、'.join(names) or '无名道路'}"
        )
        english.append(
            f"tier {tier}: at most {attainable[tier]:.1%} of the wanted {target[tier]:.0%}; from no site within {limit:g} s: "
            f"{', '.join(names) or 'streets without a name'}"
        )
    return f"任何警力都不能达到：{'；'.join(chinese)} · Not attainable with any force: {'; '.join(english)}"
