"""A plan document: what the city decided about tiers, beats, platforms, force, patrol points, responses and closures.

Plain frozen records; shapes are longitude/latitude pairs in WGS-84. How the files look, what is refused and what a shape
contains is not known here: see ``wire/plans`` and ``engine/survey``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kuaijing.domain.closures import Closure
from kuaijing.domain.commands import LiftClosure, PlaceClosure, PlannedUnit, PutPlanInForce
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point

Position = tuple[float, float]
"""Longitude, latitude."""
Ring = tuple[Position, ...]
"""A closed ring: first and last position are the same."""
Polygon = tuple[Ring, ...]
"""The outer ring, then holes."""

REST: Final = "rest"
"""The tier of every place that no tier area covers."""

CLOSURE_PREFIX: Final = "plan:"
"""Closures that a plan placed are named so; those drawn by a person are not the plan's to lift."""

_RANGE = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*[-–~至]\s*(\d{1,2}):(\d{2})\s*$")
_DAY_MIN: Final = 24 * 60


class MalformedHours(ValueError):
    """Hours are not ``HH:MM-HH:MM`` ranges joined by commas."""

    def __init__(self, text: str) -> None:
        super().__init__(f"hours {text!r} are not of the form 06:00-23:00 (several joined by commas)")
        self.text = text


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the local day, as ranges of minutes; a range whose end is not after its start runs past midnight."""

    ranges: tuple[tuple[int, int], ...]

    def hold(self, minute: int) -> bool:
        """Whether the minute of the local day (0 to 1439) lies within."""
        return any(
            start <= minute < end if start < end else minute >= start or minute < end for start, end in self.ranges
        )

    def __str__(self) -> str:
        return ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in self.ranges)


def hours_of(text: str) -> Hours:
    """Read ``06:00-23:00`` or ``07:00-09:00,17:00-19:00``; raises ``MalformedHours``."""
    ranges = []
    for part in re.split(r"[,，;；]", text):
        match = _RANGE.match(part)
        if match is None:
            raise MalformedHours(text)
        start_h, start_m, end_h, end_m = (int(figure) for figure in match.groups())
        start, end = start_h * 60 + start_m, end_h * 60 + end_m
        if start_m > 59 or end_m > 59 or start >= _DAY_MIN or end > _DAY_MIN or start == end:
            raise MalformedHours(text)
        ranges.append((start, end))
    return Hours(tuple(ranges))


@dataclass(frozen=True, slots=True)
class TierArea:
    """One area of a response tier. Several areas may share a tier's ``id`` (and then its limit), each with hours of its own."""

    id: str
    name: str
    name_en: str
    limit_s: float
    hours: Hours | None
    """``None``: at all hours."""
    priority: int
    """Where areas overlap the higher one holds; among equals the shorter limit."""
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """A response tier without its shapes."""

    id: str
    name: str
    name_en: str
    limit_s: float


@dataclass(frozen=True, slots=True)
class BeatArea:
    """A beat and its shape."""

    id: str
    name: str
    name_en: str
    platform: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Platform:
    """A street post."""

    id: str
    name: str
    name_en: str
    beat: str
    point: Point


@dataclass(frozen=True, slots=True)
class PatrolPoint:
    """A place to be visited ``visits`` times within ``hours``, each time for ``dwell_s``."""

    id: str
    name: str
    beat: str
    hours: Hours | None
    dwell_s: float
    visits: int
    point: Point
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class PlannedClosure:
    """A closure or slow zone that the plan foresees."""

    id: str
    name: str
    factor: float
    """0 closed, 0.5 half speed."""
    shape: str
    """``line`` or ``polygon``."""
    parts: tuple[Ring, ...]
    """Lines, or outer rings."""
    from_at: Instant | None
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of incident, with the grade and the response plan that it calls for."""

    code: str
    scheme: str
    parent: str | None
    name: str
    name_en: str
    letters: str
    grade: int
    plan: str


@dataclass(frozen=True, slots=True)
class Follower:
    """Who takes over from the first on scene: a local station, a traffic squad."""

    who: str
    name: str
    name_en: str
    capability: str


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """What a kind of incident wants."""

    id: str
    name: str
    name_en: str
    first: int
    """Units to be sent first."""
    support: int
    classes: tuple[str, ...]
    """Classes that may be first, best liked first; empty: any."""
    capabilities: tuple[str, ...]
    """Each wanted from at least one unit sent."""
    followers: tuple[Follower, ...]
    acknowledge_s: float
    """An order not acknowledged after this raises an alert."""
    guidance: str
    guidance_en: str


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """One version of a city's plan."""

    name: str
    name_en: str
    version: str
    valid_from: Instant
    provisional: bool
    fictional: bool
    timezone: str
    rest_limit_s: float
    rest_name: str
    rest_name_en: str
    tier_areas: tuple[TierArea, ...]
    beats: tuple[BeatArea, ...]
    platforms: tuple[Platform, ...]
    patrol_points: tuple[PatrolPoint, ...]
    closures: tuple[PlannedClosure, ...]
    force: tuple[PlannedUnit, ...]
    kinds: tuple[Kind, ...]
    response_plans: tuple[ResponsePlan, ...]

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """Tiers by limit, shortest first, ``rest`` last."""
        named = {area.id: Tier(area.id, area.name, area.name_en, area.limit_s) for area in reversed(self.tier_areas)}
        ordered = sorted(named.values(), key=lambda tier: (tier.limit_s, tier.id))
        return (*ordered, Tier(REST, self.rest_name, self.rest_name_en, self.rest_limit_s))

    def find_kind(self, code: str) -> Kind | None:
        """The kind of that code."""
        return next((kind for kind in self.kinds if kind.code == code), None)

    def find_response_plan(self, plan: str) -> ResponsePlan | None:
        """The response plan of that identifier."""
        return next((response for response in self.response_plans if response.id == plan), None)

    def in_force(self, digest: str, ground: str, valid_from: Instant | None = None) -> PutPlanInForce:
        """The command that puts this document (stored under ``digest``) in force on the ground of that hash."""
        return PutPlanInForce(
            plan=self.name,
            version=self.version,
            digest=digest,
            ground=ground,
            valid_from=self.valid_from if valid_from is None else valid_from,
            force=self.force,
            limits=tuple((tier.id, tier.limit_s) for tier in self.tiers),
        )

    def closure_commands(self, placed: Iterable[Closure]) -> tuple[LiftClosure | PlaceClosure, ...]:
        """What makes the plan's closures hold, given those that are placed: lifts of an earlier plan's first."""
        wanted = {command.closure: command for command in self._closures()}
        lifts: list[LiftClosure | PlaceClosure] = []
        for closure in placed:
            if not closure.id.startswith(CLOSURE_PREFIX):
                continue
            if closure.id in wanted and _same(wanted[closure.id], closure):
                del wanted[closure.id]
            else:
                lifts.append(LiftClosure(closure.id))
        return (*lifts, *wanted.values())

    def _closures(self) -> Iterable[PlaceClosure]:
        for closure in self.closures:
            for number, points in enumerate(closure.parts):
                part = f".{number + 1}" if len(closure.parts) > 1 else ""
                yield PlaceClosure(
                    closure=f"{CLOSURE_PREFIX}{closure.id}{part}",
                    name=closure.name,
                    factor=closure.factor,
                    shape=closure.shape,
                    points=points,
                    from_at=closure.from_at,
                    until=closure.until,
                )


def _same(wanted: PlaceClosure, placed: Closure) -> bool:
    return (wanted.name, wanted.factor, wanted.shape, wanted.points, wanted.from_at, wanted.until) == (
        placed.name,
        placed.factor,
        placed.shape,
        placed.points,
        placed.from_at,
        placed.until,
    )
