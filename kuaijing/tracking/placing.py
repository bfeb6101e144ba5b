"""What moves a unit, put on the roads: headings worked out, a class matched at once, each steady with the unit's fix before."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kuaijing.measures.instants import SECOND
from kuaijing.routing.network import Network
from kuaijing.tracking.best_device import Voice
from kuaijing.tracking.on_road import RoadMatcher
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.steps import M_PER_DEG, Heard, sane_heading, sane_speed
from kuaijing.tracking.thresholds import Thresholds

_STEADY: Final = 30 * SECOND
"""After a longer silence the road of the fix before says nothing."""
_HEADING_FROM_M: Final = 8.0


@dataclass(slots=True)
class Moved:
    """A believed report of the device that speaks for its unit."""

    heard: Heard
    voice: Voice
    unit_class: str
    at_rest: bool


class Placing:
    """Puts the units of one city on its roads."""

    def __init__(self, network: Network, thresholds: Thresholds) -> None:
        self._matcher = RoadMatcher(network, within_m=thresholds.snap_within_m, stay_m=thresholds.stay_m)

    def place(self, moving: Sequence[Moved]) -> list[Fix]:
        """Their fixes, in order; each unit's newest is remembered as where it was."""
        fixes: list[Fix | None] = [None] * len(moving)
        rows_of: dict[str, list[int]] = {}
        for row, moved in enumerate(moving):
            rows_of.setdefault(moved.unit_class, []).append(row)
        for unit_class, rows in rows_of.items():
            for row, fix in zip(rows, self._of_class(unit_class, [moving[row] for row in rows]), strict=True):
                fixes[row] = moving[row].voice.placed = fix
        return [fix for fix in fixes if fix is not None]

    def _of_class(self, unit_class: str, moving: list[Moved]) -> list[Fix]:
        count = len(moving)
        lon, lat = np.array([each.heard.lon for each in moving]), np.array([each.heard.lat for each in moving])
        at_rest = np.array([each.at_rest for each in moving], np.bool_)
        heading, before_arc, before_row = [math.nan] * count, [-1] * count, [-1] * count
        rows: dict[str, int] = {}
        for row, moved in enumerate(moving):
            heard, unit = moved.heard, moved.heard.report.unit
            earlier = rows.get(unit, -1)
            before = moved.voice.placed if earlier < 0 else moving[earlier].heard
            heading[row] = _heading(moved, before)
            if before is not None and heard.measured_at - before.measured_at <= _STEADY:
                before_row[row], before_arc[row] = earlier, before.arc if isinstance(before, Fix) else -1
            rows[unit] = row
        roads = self._matcher.match(
            unit_class, lon, lat, np.array(heading), at_rest, np.array(before_arc, np.int32), np.array(before_row, np.int32)
        )  # fmt: skip
        columns = zip(
            moving, roads.arc.tolist(), roads.fraction.tolist(), roads.off_road_m.tolist(), roads.both.tolist(), strict=True
        )  # fmt: skip
        return [_fix(moved, arc, fraction, off_road_m, both) for moved, arc, fraction, off_road_m, both in columns]


def _heading(moved: Moved, before: Fix | Heard | None) -> float:
    """Degrees; the stated one, else that of the same device's movement since the fix before; NaN where unknown or at rest."""
    if moved.at_rest:
        return math.nan
    heard = moved.heard
    stated = sane_heading(heard.report)
    if stated is not None:
        return stated
    if before is None or heard.measured_at - before.measured_at > _STEADY or _sent_by(before) != _sent_by(heard):
        return math.nan
    east = (heard.lon - before.lon) * math.cos(math.radians(heard.lat))
    north = heard.lat - before.lat
    if math.hypot(east, north) * M_PER_DEG < _HEADING_FROM_M:
        return math.nan
    return math.degrees(math.atan2(east, north)) % 360.0


def _sent_by(where: Fix | Heard) -> tuple[str, str]:
    said = where.report if isinstance(where, Heard) else where
    return said.device, said.source


def _fix(moved: Moved, arc: int, fraction: float, off_road_m: float, both: bool) -> Fix:
    heard, report = moved.heard, moved.heard.report
    return Fix(
        report.unit, heard.lon, heard.lat, heard.measured_at, report.received_at, sane_speed(report), sane_heading(report),
        report.accuracy_m, report.source, moved.at_rest, arc, fraction, off_road_m, both, report.device,
    )  # fmt: skip
