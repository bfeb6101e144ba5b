"""What an analyst asks of platforms and force: where they should stand, how few are enough, and where they go through the day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaijing.demand import on_streets, street_length_rates
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.studies.beat_plan import BeatFigures
from kuaijing.studies.block_demand import DEFAULT_HANDLING_S
from kuaijing.studies.city_study import CityStudy, Frozen, opened
from kuaijing.studies.cover_points import candidate_sites, cover_points, reach_of
from kuaijing.studies.drafts import BeatShare
from kuaijing.studies.fleet_asked import DayAsked, FleetAsked, ForceAsked, bounded
from kuaijing.studies.fleet_plan import with_fleet
from kuaijing.studies.moves import Move, moves_between
from kuaijing.studies.platforms import Ask, FleetStudy, LeastForce, least_force, place_fleet
from kuaijing.studies.refused import StudyRefused
from kuaijing.wire.plans import canonical, from_canonical

Progress = Callable[[str, float], None]

PERIODS: Final = ((0, 7), (7, 9), (9, 17), (17, 20), (20, 24))
"""Hours of the day that are planned apart: night, morning peak, day, evening peak, late evening."""
_VEHICLES: Final = ("command_vehicle", "car", "motorcycle")


class FleetAnswer(msgspec.Struct, frozen=True):
    """A placing, and the plan that has it."""

    study: FleetStudy
    share: BeatShare
    figures: BeatFigures
    plan: bytes
    demand: str


class PeriodLine(msgspec.Struct, frozen=True):
    """One period of the day: where the force stands, and who changes his place when it begins."""

    from_hour: int
    until_hour: int
    study: FleetStudy
    moves: list[Move]
    """From the period before (the last one of the day before the first)."""


class DayPlan(msgspec.Struct, frozen=True):
    """A table of moves through the day that a commander can have executed."""

    periods: list[PeriodLine]
    stay_attained: dict[str, float]
    """Share by tier, over the day, of the one placing that never moves, for comparison."""
    attained: dict[str, float]
    """Of the placings of the periods."""


def place(frozen: Frozen, asked: FleetAsked, progress: Progress) -> FleetAnswer:
    """Platforms and vehicles placed, with a bound; the plan that has them, its beats cut around them."""
    asked = bounded(asked)
    progress("opening", 0.0)
    city = opened(frozen)
    ask = _ask(city, asked, lambda step, share: progress(step, 0.05 + 0.35 * share))
    progress("fleet", 0.4)
    study = place_fleet(ask, _units(city.plan, asked))
    progress("beats", 0.7)
    plan, cut = with_fleet(city.plan, study, city.blocks, city.demand, city.travel, version=city.plan.version)
    progress("figures", 0.95)
    share = BeatShare([int(label) for label in cut.labels], cut.platforms.tolist(), True)
    return FleetAnswer(study, share, city.figures(cut), canonical(plan), city.demand_digest)


class WorthLine(msgspec.Struct, frozen=True):
    """What one unit more or less of a class would do, each time placed anew."""

    unit_class: str
    change: int
    attained: dict[str, float]
    """By tier; empty where the rest would drown in the work."""


def worth_of_a_unit(frozen: Frozen, asked: FleetAsked, progress: Progress) -> list[WorthLine]:
    """The force as asked (change 0), and with one unit of each class fewer and more: expected cover of the best placing."""
    asked = bounded(asked)
    city = opened(frozen)
    quick = msgspec.structs.replace(asked, seconds=min(asked.seconds, 8.0))
    ask, units = _ask(city, quick, _quiet), _units(city.plan, asked)
    changes = [("", 0), *((name, change) for name in units for change in (-1, 1) if units[name] + change >= 0)]
    lines = []
    for number, (name, change) in enumerate(changes):
        progress("worth", number / len(changes))
        count = {each: n + (change if each == name else 0) for each, n in units.items()}
        roomy = ask if ask.most is None or change < 1 else replace(ask, most={n: m + 1 for n, m in ask.most.items()})
        try:
            lines.append(WorthLine(name, change, place_fleet(roomy, count).attained))
        except StudyRefused:
            lines.append(WorthLine(name, change, {}))
    return lines


def find_least(
    frozen: Frozen,
    asked: ForceAsked,
    progress: Progress,
    confirm: Callable[[FleetStudy], Mapping[str, float]] | None = None,
) -> LeastForce:
    """The least number of a class that meets the target, beside one fewer and one more."""
    asked = bounded(asked)
    progress("opening", 0.0)
    city = opened(frozen)
    if asked.unit_class not in _VEHICLES:
        raise StudyRefused(
            f"unit class {asked.unit_class!r} cannot be placed by road; there are {', '.join(_VEHICLES)}"
        )
    ask = _ask(city, asked.fleet, lambda step, share: progress(step, 0.05 + 0.35 * share), asked.unit_class)
    return least_force(
        replace(ask, seconds=min(ask.seconds, 8.0)), _units(city.plan, asked.fleet), asked.unit_class, asked.target,
        most=asked.most, confirm=confirm, progress=lambda step, share: progress(step, 0.4 + 0.6 * share),
    )  # fmt: skip


def through_the_day(frozen: Frozen, asked: DayAsked, progress: Progress) -> DayPlan:
    """The force placed for each period of the day, and the moves between them."""
    asked = bounded(asked)
    city = opened(frozen)
    if asked.slower is not None and len(asked.slower) != len(PERIODS):
        raise StudyRefused(f"slower has {len(asked.slower)} figures; wanted one for each of the {len(PERIODS)} periods")
    units = _units(city.plan, asked.fleet)
    studies, asks = [], []
    for number, hours in enumerate(PERIODS):
        slower = asked.fleet.slower if asked.slower is None else asked.slower[number]
        of_period = msgspec.structs.replace(asked.fleet, hours=hours, slower=slower)
        progress("fleet", number / len(PERIODS))
        asks.append(_ask(city, of_period, _quiet))
        studies.append(place_fleet(asks[-1], units))
    whole = place_fleet(_ask(city, asked.fleet, _quiet), units)
    names = {platform.id: platform.name for platform in city.plan.platforms}
    xy = city.blocks.plane.metres(asks[0].sites.lon, asks[0].sites.lat)
    lines = [
        PeriodLine(*PERIODS[n], studies[n], moves_between(asks[n], studies[n - 1], studies[n], xy, names))
        for n in range(len(PERIODS))
    ]
    stay = [_attained_by(asks[n], whole) for n in range(len(PERIODS))]
    return DayPlan(lines, _over_day(asks, stay), _over_day(asks, [study.attained for study in studies]))


def _quiet(step: str, share: float) -> None:
    """Progress that is told otherwise."""


def _ask(city: CityStudy, asked: FleetAsked, progress: Progress, also: str = "") -> Ask:
    plan = city.plan
    hours = _hours_of_week(asked.hours)
    rates = city.rates or street_length_rates(city.grid.grid, city.grid.street_m, city.grid.zone)
    per_hour = rates.rate[:, hours].mean(axis=1).astype(np.float64)
    street = on_streets(rates, city.streets.pieces, city.streets.count).share @ per_hour
    if asked.incidents_per_day is not None:
        street = street * (asked.incidents_per_day / 24 / street.sum())
    elif rates.basis != "history":
        raise StudyRefused(
            "no history is known, so how many incidents there are is not: say incidents_per_day, or import a history"
        )
    survey = Survey(city.ground, city.network, plan)
    points = cover_points(city.blocks, city.streets, street, survey, _moment(plan, asked.hours))
    posts = [(platform.id, platform.point.lon, platform.point.lat) for platform in plan.platforms]
    sites = candidate_sites(city.blocks, city.network, posts, every_junction=asked.every_junction, given=asked.sites)
    kept = _kept(plan, asked, sites.platform)
    named = {also, *_units(plan, asked), *(name for units in kept.values() for name in units)}
    classes = tuple(name for name in _VEHICLES if name in named) or _VEHICLES
    reach = reach_of(points, sites, city.network, city.streets, classes, slower=asked.slower, progress=progress)
    limit = len(plan.platforms) or None if asked.platforms is None else asked.platforms or None
    limit = None if limit is None else min(limit, len(sites.lon))
    work = points.rate.sum() * (city.demand.handling_s if rates.basis == "history" else DEFAULT_HANDLING_S)
    return Ask(
        points,
        sites,
        reach,
        classes,
        float(work),
        limit,
        asked.per_platform,
        _kept(plan, asked, sites.platform),
        asked.seconds,
    )


def _units(plan: PlanDocument, asked: FleetAsked) -> dict[str, int]:
    if asked.units is not None:
        unknown = [name for name in asked.units if name not in _VEHICLES]
        if unknown:
            raise StudyRefused(
                f"unit class {', '.join(unknown)} cannot be placed by road; there are {', '.join(_VEHICLES)}"
            )
        return dict(asked.units)
    return {name: n for name in _VEHICLES if (n := sum(unit.unit_class == name for unit in plan.force))}


def _kept(plan: PlanDocument, asked: FleetAsked, platforms: tuple[str, ...]) -> dict[int, dict[str, int]]:
    missing = [name for name in asked.keep if name not in platforms]
    if missing:
        raise StudyRefused(
            f"no platform {', '.join(missing)} in the plan; there are {', '.join(each.id for each in plan.platforms)}"
        )
    return {
        platforms.index(name): {
            unit_class: number
            for unit_class in _VEHICLES
            if (number := sum(unit.platform == name and unit.unit_class == unit_class for unit in plan.force))
        }
        for name in asked.keep
    }


def _hours_of_week(hours: tuple[int, int] | None) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if hours is None:
        return np.arange(168)
    start, end = hours
    if not (0 <= start < 24 and 0 < end <= 24 and start != end):
        raise StudyRefused(f"hours must be from 0-23 until 1-24, not the same, got {start}-{end}")
    of_day = np.arange(start, end) if start < end else np.concatenate([np.arange(start, 24), np.arange(end)])
    return (np.arange(7)[:, None] * 24 + of_day).ravel()


def _moment(plan: PlanDocument, hours: tuple[int, int] | None) -> Instant:
    """A moment at which the plan's tiers are taken: the middle of the hours, else noon."""
    hour = 12 if hours is None else ((hours[0] + hours[1] + (24 if hours[1] < hours[0] else 0)) // 2) % 24
    day = datetime.fromtimestamp(plan.valid_from / 1e6, UTC).astimezone(ZoneInfo(plan.timezone)).date()
    return from_datetime(datetime.combine(day, time(hour), ZoneInfo(plan.timezone)))


def _attained_by(ask: Ask, study: FleetStudy) -> dict[str, float]:
    """What a placing made for other hours attains in these."""
    site = {
        (float(lon), float(lat)): row for row, (lon, lat) in enumerate(zip(ask.sites.lon, ask.sites.lat, strict=True))
    }
    near = np.zeros(ask.points.count, np.int64)
    for line in study.sites:
        for name, number in line.units.items():
            near += number * ask.reach[ask.classes.index(name), site[line.lon, line.lat]]
    busy = min(0.99, ask.work_s_per_hour / 3600 / sum(study.units.values()))
    return ask.points.shares(ask.points.rate * (1 - busy**near))


def _over_day(asks: list[Ask], shares: list[dict[str, float]]) -> dict[str, float]:
    """Shares of the periods as one, each by what its hours expect."""
    whole: dict[str, float] = {}
    part: dict[str, float] = {}
    for number, (ask, attained) in enumerate(zip(asks, shares, strict=True)):
        hours = PERIODS[number][1] - PERIODS[number][0]
        for row, tier in enumerate(ask.points.tiers):
            expected = float(ask.points.rate[ask.points.tier == row].sum()) * hours
            whole[tier] = whole.get(tier, 0.0) + expected
            part[tier] = part.get(tier, 0.0) + expected * attained.get(tier, 0.0)
    return {tier: part[tier] / whole[tier] for tier in whole if whole[tier] > 0}


def placed_plan(frozen: Frozen, study: FleetStudy) -> PlanDocument:
    """The plan of a placing, to be simulated."""
    city = opened(frozen)
    return with_fleet(
        from_canonical(frozen.plan), study, city.blocks, city.demand, city.travel, version="study", seconds=3.0
    )[0]
