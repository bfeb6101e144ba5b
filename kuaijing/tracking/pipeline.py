"""The position pipeline: a batch of reports in, one judgement each out, in the order of the batch.

Per unit it remembers the newest fix, the device's clock and a jump under suspicion. It moves nothing itself: the live table
takes the fixes. Positions are not in the event log, so a restart begins with nothing known, and the first report of each unit
is believed.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np

from kuaijing.measures.coordinates import System, to_wgs84
from kuaijing.measures.instants import SECOND, Instant, seconds_between
from kuaijing.routing.network import Network
from kuaijing.tracking.device_clock import DeviceClock
from kuaijing.tracking.on_road import RoadMatcher
from kuaijing.tracking.reports import Fix, Reason, Refusal, Report
from kuaijing.tracking.steps import M_PER_DEG, PLACE_STEPS, STEPS, SYSTEMS, Known, Step, metres_apart
from kuaijing.tracking.thresholds import DEFAULT_THRESHOLDS, Thresholds

_FRESH_S: Final = 5.0
_STEADY_S: Final = 30.0
"""After a longer silence the road of the fix before says nothing."""
_HEADING_FROM_M: Final = 8.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one report. Both are set exactly for ``out_of_order``: a fix for the history that moves nothing."""

    report: Report
    fix: Fix | None
    refusal: Refusal | None

    @property
    def moves(self) -> bool:
        """Whether the fix is the unit's newest."""
        return self.refusal is None


class Pipeline:
    """Judges the reports of one city."""

    def __init__(self, network: Network, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> None:
        self.thresholds = thresholds
        self.counts: Counter[str] = Counter()
        """``accepted`` and every reason, since the start."""
        self._matcher = RoadMatcher(network, within_m=thresholds.snap_within_m, stay_m=thresholds.stay_m)
        west, south, east, north = network.ground.bbox
        margin = thresholds.ground_margin_m / M_PER_DEG
        wider = margin / max(0.05, math.cos(math.radians((south + north) / 2)))
        self._box = (west - wider, south - margin, east + wider, north + margin)
        self._known: dict[str, Known] = {}
        self._placed: dict[str, Fix] = {}
        """Newest fix of each unit, on the road."""
        self._clocks: dict[tuple[str, str], DeviceClock] = {}

    def judge(self, reports: Sequence[Report], classes: Mapping[str, str]) -> list[Judgement]:
        """Judge a batch; ``classes`` holds the class of every unit of the force."""
        judged: list[Judgement | None] = [None] * len(reports)
        fixes: list[tuple[int, Fix]] = []
        for index, report in enumerate(_in_wgs84(reports)):
            outcome = self._judge_one(report, classes)
            if isinstance(outcome, Fix):
                fixes.append((index, outcome))
            else:
                judged[index] = Judgement(reports[index], None, outcome)
                if outcome.reason is Reason.OUT_OF_ORDER:
                    judged[index] = Judgement(reports[index], self._fix(report, at_rest=False), outcome)
            self.counts["accepted" if isinstance(outcome, Fix) else outcome.reason.value] += 1
        for index, fix in self._on_roads(fixes, classes):
            judged[index] = Judgement(reports[index], fix, None)
        return [judgement for judgement in judged if judgement is not None]

    def forget(self, unit: str) -> None:
        """The unit left the force."""
        self._known.pop(unit, None)
        self._placed.pop(unit, None)
        for key in [key for key in self._clocks if key[0] == unit]:
            del self._clocks[key]

    def clock_offset_s(self, unit: str, source: str = "terminal") -> float:
        """Seconds by which the device's clock is behind ours (negative: ahead)."""
        clock = self._clocks.get((unit, source))
        return 0.0 if clock is None else clock.offset / SECOND

    def _judge_one(self, report: Report, classes: Mapping[str, str]) -> Fix | Refusal:
        unit_class = classes.get(report.unit)
        if unit_class is None:
            return Refusal(Reason.UNKNOWN_UNIT, f"no unit {report.unit[:64]!r} is in the force")
        known = self._known.get(report.unit)
        if known is None or known.unit_class != unit_class:
            known = self._known[report.unit] = Known(unit_class, self._box, self.thresholds)
        outcome = _through(PLACE_STEPS, report, known)
        if isinstance(outcome, Refusal):
            return outcome
        known.offset = self._clock_of(report, known)
        outcome = _through(STEPS, outcome, known)
        if isinstance(outcome, Refusal):
            return outcome
        report = outcome
        fix = self._fix(report, at_rest=_at_rest(report, known, self.thresholds))
        known.newest, known.newest_device_time = fix, report.measured_at
        return fix

    def _clock_of(self, report: Report, known: Known) -> int:
        key = (report.unit, report.source)
        clock = self._clocks.get(key)
        if clock is None:
            clock = self._clocks[key] = DeviceClock(self.thresholds.clock_deadband_s, self.thresholds.clock_bound_s)
        newest = known.newest_device_time
        fresh = abs(seconds_between(report.measured_at, report.received_at)) < _FRESH_S
        if newest is not None and newest > report.received_at + SECOND and report.measured_at < newest and fresh:
            clock = self._clocks[key] = DeviceClock(self.thresholds.clock_deadband_s, self.thresholds.clock_bound_s)
            known.newest_device_time = None  # the device's clock was ahead and has been set right
        clock.note(report.measured_at, report.received_at)
        return clock.offset

    def _fix(self, report: Report, *, at_rest: bool) -> Fix:
        known = self._known[report.unit]
        ours = min(Instant(report.measured_at + known.offset), report.received_at)
        if (
            known.newest is not None
            and ours <= known.newest.measured_at
            and report.measured_at != known.newest_device_time
        ):
            is_newer = known.newest_device_time is None or report.measured_at > known.newest_device_time
            ours = Instant(known.newest.measured_at + 1) if is_newer else ours
        return Fix(
            report.unit, report.lon, report.lat, ours, report.received_at, report.speed_mps, report.heading_deg,
            report.accuracy_m, report.source, at_rest,
        )  # fmt: skip

    def _on_roads(self, fixes: list[tuple[int, Fix]], classes: Mapping[str, str]) -> list[tuple[int, Fix]]:
        by_class: dict[str, list[tuple[int, Fix]]] = {}
        for index, fix in fixes:
            by_class.setdefault(classes[fix.unit], []).append((index, fix))
        placed: list[tuple[int, Fix]] = []
        for unit_class, of_class in by_class.items():
            placed += self._on_roads_of(unit_class, of_class)
        return placed

    def _on_roads_of(self, unit_class: str, fixes: list[tuple[int, Fix]]) -> list[tuple[int, Fix]]:
        count = len(fixes)
        lon, lat = np.array([fix.lon for _, fix in fixes]), np.array([fix.lat for _, fix in fixes])
        heading = np.full(count, math.nan)
        at_rest = np.array([fix.at_rest for _, fix in fixes], np.bool_)
        before_arc, before_row = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
        rows: dict[str, int] = {}
        for row, (_, fix) in enumerate(fixes):
            earlier = fixes[rows[fix.unit]][1] if fix.unit in rows else self._placed.get(fix.unit)
            heading[row] = _heading(fix, earlier)
            if earlier is not None and seconds_between(earlier.measured_at, fix.measured_at) <= _STEADY_S:
                before_row[row] = rows.get(fix.unit, -1)
                before_arc[row] = earlier.arc
            rows[fix.unit] = row
        roads = self._matcher.match(unit_class, lon, lat, heading, at_rest, before_arc, before_row)
        columns = zip(
            roads.arc.tolist(), roads.fraction.tolist(), roads.off_road_m.tolist(), roads.both.tolist(), strict=True
        )
        placed = [
            (index, _placed(fix, arc, fraction, off_road_m, both))
            for (index, fix), (arc, fraction, off_road_m, both) in zip(fixes, columns, strict=True)
        ]
        for unit, row in rows.items():
            self._placed[unit] = placed[row][1]
        return placed


def _through(steps: tuple[Step, ...], report: Report, known: Known) -> Report | Refusal:
    for step in steps:
        outcome = step(report, known)
        if isinstance(outcome, Refusal):
            return outcome
        report = outcome
    return report


def _in_wgs84(reports: Sequence[Report]) -> list[Report]:
    """The batch with every report of another known system moved to WGS-84, a whole system at a time."""
    moved = list(reports)
    for system in SYSTEMS - {"wgs84"}:
        rows = [row for row, report in enumerate(reports) if report.crs == system and _is_finite(report)]
        if rows:
            lon, lat = to_wgs84(
                [reports[row].lon for row in rows], [reports[row].lat for row in rows], cast(System, system)
            )
            for row, x, y in zip(rows, lon.tolist(), lat.tolist(), strict=True):
                moved[row] = replace(reports[row], lon=x, lat=y)
    return moved


def _is_finite(report: Report) -> bool:
    return abs(report.lon) <= 180 and abs(report.lat) <= 90


def _at_rest(report: Report, known: Known, thresholds: Thresholds) -> bool:
    """By the stated speed; without one, by having moved less than a walker would have."""
    if report.speed_mps is not None:
        return report.speed_mps < thresholds.rest_mps
    newest = known.newest
    if newest is None:
        return False
    seconds = seconds_between(newest.measured_at, Instant(report.measured_at + known.offset))
    metres = metres_apart(newest.lon, newest.lat, report.lon, report.lat)
    return metres < min(thresholds.rest_m, thresholds.rest_mps * max(seconds, 1.0))


def _heading(fix: Fix, earlier: Fix | None) -> float:
    """Degrees; the stated one, else that of the movement since the fix before; NaN where neither is known or at rest."""
    if fix.at_rest:
        return math.nan
    if fix.heading_deg is not None:
        return fix.heading_deg
    if earlier is None or seconds_between(earlier.measured_at, fix.measured_at) > _STEADY_S:
        return math.nan
    east = (fix.lon - earlier.lon) * math.cos(math.radians(fix.lat))
    north = fix.lat - earlier.lat
    if math.hypot(east, north) * M_PER_DEG < _HEADING_FROM_M:
        return math.nan
    return math.degrees(math.atan2(east, north)) % 360.0


def _placed(fix: Fix, arc: int, fraction: float, off_road_m: float, both: bool) -> Fix:
    return Fix(
        fix.unit, fix.lon, fix.lat, fix.measured_at, fix.received_at, fix.speed_mps, fix.heading_deg, fix.accuracy_m,
        fix.source, fix.at_rest, arc, fraction, off_road_m, both,
    )  # fmt: skip
