"""How much of each beat and tier area the free units reach in time, when that is too little, and who could restore it.

The share of an area is that of its streets reached within their own limits, weighted by the incidents expected there (by street
length where none are). The tier of everything else is no area: its beats are. When a share is too low for too long is a rule of
``tracking.detectors.empty``; what is shown and acknowledged is the core's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.commands import Command
from kuaijing.domain.empty_areas import EmptyArea
from kuaijing.domain.findings import Backfill, RecordAreaReached, RecordEmptyArea
from kuaijing.domain.plan_document import REST
from kuaijing.engine.advice.advice import CoverMove
from kuaijing.engine.advice.reach_now import ReachNow
from kuaijing.engine.advice.streets import CityStreets
from kuaijing.engine.live.plan_ground import PlanGround
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.tracking.detectors.empty import AreaWatch, next_area_watch
from kuaijing.tracking.thresholds import Thresholds

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

BEAT: Final = "beat:"
TIER: Final = "tier:"


@dataclass(frozen=True, slots=True, eq=False)
class AreaStreets:
    """The streets of each area of one plan: beats by place; tiers follow the hours and so come with each reach."""

    beats: tuple[str, ...]
    beat: NDArray[np.int64]
    """Row in ``beats`` per street, -1 in none."""

    @classmethod
    def of(cls, streets: CityStreets, survey: Survey) -> "AreaStreets":
        """By the middle of each counted street."""
        ground = PlanGround(survey.plan, survey.zone, 0.0)
        beat = np.full(streets.count, -1, np.int64)
        counted = streets.metres > 0
        if ground.beats:
            beat[counted] = ground.beat_rows(streets.lon[counted], streets.lat[counted])
        return cls(ground.beats, beat)

    def areas(self, now: ReachNow) -> dict[str, BoolArray]:
        """Each area's counted streets."""
        held = now.standards.tier >= 0
        areas = {f"{BEAT}{beat}": held & (self.beat == row) for row, beat in enumerate(self.beats)}
        for row, tier in enumerate(now.standards.tiers):
            if tier != REST:
                areas[f"{TIER}{tier}"] = now.standards.tier == row
        return areas

    def shares(self, now: ReachNow, met: BoolArray | None = None) -> dict[str, float]:
        """Share of each area that is reached; areas without a street are left out."""
        met = now.met if met is None else met
        found = {}
        for area, inside in self.areas(now).items():
            weight = weights(now, inside)
            whole = float(weight.sum())
            if whole > 0:
                found[area] = float(weight[met].sum()) / whole
        return found


def weights(now: ReachNow, inside: BoolArray) -> FloatArray:
    """What each street of an area counts: incidents expected there, else its metres; 0 elsewhere, float64 (streets,)."""
    expected = np.where(inside, now.standards.expected_per_h, 0.0)
    return expected if expected.sum() > 0 else np.where(inside, now.streets.metres, 0.0)


FindBackfill = Callable[[str], tuple[CoverMove, ...]]


class EmptyAreas:
    """Watches the areas of one city; ``look`` may be called as often as one likes."""

    def __init__(self, streets: CityStreets, survey: Survey, thresholds: Thresholds) -> None:
        self.areas = AreaStreets.of(streets, survey)
        self._thresholds = thresholds
        self._watches: dict[str, AreaWatch] | None = None

    def look(
        self, now: ReachNow, standing: Mapping[str, EmptyArea], at: Instant, find_backfill: FindBackfill
    ) -> list[Command]:
        """What is to be recorded. ``standing``: the alarms that the core knows of, with which a restart goes on."""
        shares = self.areas.shares(now)
        if self._watches is None:
            self._watches = {area: AreaWatch(raised=True) for area in standing}
        found: list[Command] = [RecordAreaReached(area, 1.0) for area in standing if area not in shares]
        for area, share in shares.items():
            watch, finding = next_area_watch(self._watches.get(area, AreaWatch()), share, at, self._thresholds)
            self._watches[area] = watch
            if finding is None:
                continue
            if finding.empty:
                found.append(RecordEmptyArea(area, share, finding.since, _backfill(find_backfill(area))))
            else:
                found.append(RecordAreaReached(area, share))
        return found


def _backfill(moves: tuple[CoverMove, ...]) -> Backfill | None:
    if not moves:
        return None
    move = moves[0]
    return Backfill(move.unit, move.call_sign, Point(move.lon, move.lat), move.text, move.drive_s)
