"""Whether a device's positions are in another coordinate system than it declares, seen by how they lie to the roads.

GCJ-02 taken for WGS-84 is half a kilometre off and looks like any other position; but vehicles drive on roads, and in the right
system half of their positions lie within a few metres of one that runs their way. Moving positions of one device are gathered;
each window is laid on the roads as declared, and only where that fits badly as if each other system had been declared. Two
windows in a row that are clearly better in the same other system are a suspicion, two that are not end it. Windows of different
devices are looked at one after the other, so that a whole force that begins its shift at once costs no moment. Nothing is ever
converted on suspicion: a person corrects the register. Outside China all systems are one and nothing is ever suspected.
"""

import math
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.measures.coordinates import System, to_wgs84
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.routing.network import Network
from kuaijing.tracking.reports import NEVER, Report
from kuaijing.tracking.thresholds import Thresholds

_SYSTEMS: Final[tuple[System, ...]] = ("wgs84", "gcj02", "bd09")
_APART_M: Final = 20.0
"""Positions nearer to one another than this say the same thing twice."""
_HEADING_WITHIN_S: Final = 30.0
_NEARER_SHARE: Final = 0.7
_PAUSE_S: Final = 300.0
"""After a window without suspicion the next begins this much later."""
_BETWEEN: Final = SECOND // 50
"""No oftener than this is any device's window looked at."""
_M_PER_DEG: Final = 111_195.0


@dataclass(slots=True)
class CrsEvidence:
    """What one device's positions say of its system."""

    declared: str = ""
    points: list[tuple[float, float, float]] = field(default_factory=list)
    """Longitude and latitude as sent, heading in degrees or NaN."""
    last: tuple[float, float, Instant] | None = None
    seen: str | None = None
    """What the last window spoke for."""
    suspected: str | None = None
    paused_until: Instant = NEVER


class CrsWatch:
    """Looks at moving positions on one city's roads."""

    def __init__(self, network: Network, thresholds: Thresholds) -> None:
        self._network, self._thresholds = network, thresholds
        self._looked_at = NEVER

    def note(self, evidence: CrsEvidence, unit_class: str, report: Report, heading: float | None, at: Instant) -> None:
        """A moving position as it was sent, and when it was measured on our clock; the suspicion in ``evidence`` follows."""
        crs, lon, lat = report.crs or "", report.lon, report.lat
        if at < evidence.paused_until or unit_class not in UNIT_CLASSES:
            return
        if evidence.declared != crs:
            evidence.declared, evidence.seen, evidence.suspected, evidence.last = crs, None, None, None
            evidence.points.clear()
        last = evidence.last
        if last is not None:
            east, north = (lon - last[0]) * math.cos(math.radians(lat)), lat - last[1]
            if math.hypot(east, north) * _M_PER_DEG < _APART_M:
                return
            if heading is None and at - last[2] <= _HEADING_WITHIN_S * SECOND:
                heading = math.degrees(math.atan2(east, north)) % 360.0
        evidence.last = (lon, lat, at)
        evidence.points.append((lon, lat, math.nan if heading is None else heading))
        if len(evidence.points) < self._thresholds.crs_reports:
            return
        if abs(report.received_at - self._looked_at) < _BETWEEN:
            del evidence.points[0]  # the newest ones wait for their turn
            return
        self._looked_at = report.received_at
        found = self.spoken_for(np.array(evidence.points), unit_class, cast(System, crs))
        evidence.points.clear()
        if found == evidence.seen:
            evidence.suspected = found
            if found is None:
                evidence.paused_until = Instant(round(at + _PAUSE_S * SECOND))
        evidence.seen = found

    def spoken_for(self, points: NDArray[np.float64], unit_class: str, declared: System) -> System | None:
        """The other system that a window clearly speaks for; ``points`` float64 (n, 3): lon, lat as sent, heading or NaN."""
        limits = self._thresholds
        as_declared = self._off_road_m(points, unit_class, declared)
        median = float(np.median(as_declared))
        if median <= limits.crs_off_road_m:
            return None
        best: tuple[float, System | None] = (median, None)
        for system in _SYSTEMS:
            if system == declared:
                continue
            as_if = self._off_road_m(points, unit_class, system)
            other = float(np.median(as_if))
            clearly = other * limits.crs_better_by <= median and other + limits.crs_better_m <= median
            if clearly and float((as_if < as_declared).mean()) >= _NEARER_SHARE and other < best[0]:
                best = other, system
        return best[1]

    def _off_road_m(self, points: NDArray[np.float64], unit_class: str, system: System) -> NDArray[np.float64]:
        lon, lat = to_wgs84(points[:, 0], points[:, 1], system)
        within = self._thresholds.snap_within_m
        snaps = self._network.snap_many(lon, lat, unit_class, np.ascontiguousarray(points[:, 2]), within_m=within)
        metres: NDArray[np.float64] = np.where(snaps.arc < 0, within, snaps.off_road_m.astype(np.float64))
        return metres
