"""The ordered, pure steps by which one report is judged. Each takes the report and what is known of its unit, and refuses or
lets it pass (possibly made cleaner). The first refusal ends it. What is not known here: roads, incidents, the core.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.tracking.reports import Fix, Reason, Refusal, Report
from kuaijing.tracking.thresholds import Thresholds

SYSTEMS: Final = frozenset({"wgs84", "gcj02", "bd09"})
M_PER_DEG: Final = 111_195.0
_FASTEST_STATED: Final = 120.0

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Known:
    """What is known of one unit when its report is judged."""

    unit_class: str
    box: Box
    """Ground with its margin, degrees."""
    thresholds: Thresholds
    offset: int = 0
    """Of the device's clock, microseconds."""
    newest: Fix | None = None
    newest_device_time: Instant | None = None
    """``measured_at`` of the newest fix, on the device's own clock."""
    jumped_to: tuple[float, float, Instant] | None = None
    """Where the last report was that was refused as a jump."""
    jumps: int = 0
    """How many such reports in a row agree with one another."""


Step = Callable[[Report, Known], Report | Refusal]


def has_known_system(report: Report, known: Known) -> Report | Refusal:
    """The coordinate system is stated and one that we read."""
    if not report.crs:
        return Refusal(Reason.NO_CRS, "crs is not stated; send wgs84, gcj02 or bd09")
    if report.crs not in SYSTEMS:
        return Refusal(Reason.UNKNOWN_CRS, f"crs {report.crs[:40]!r} is not wgs84, gcj02 or bd09")
    return report


def is_a_place(report: Report, known: Known) -> Report | Refusal:
    """Longitude and latitude are finite and on Earth; 0, 0 is what a receiver without a fix sends."""
    if not (abs(report.lon) <= 180 and abs(report.lat) <= 90):
        return Refusal(Reason.NOT_A_PLACE, f"lon {report.lon}, lat {report.lat} is no place on Earth")
    if report.lon == 0 and report.lat == 0:
        return Refusal(Reason.NOT_A_PLACE, "lon 0, lat 0 is what a receiver without a fix sends")
    return report


def is_accurate(report: Report, known: Known) -> Report | Refusal:
    """The device's own accuracy is good enough; speed and heading that make no sense are dropped, not the position."""
    accuracy = report.accuracy_m
    if accuracy is not None and not 0 <= accuracy <= known.thresholds.inaccurate_m:
        limit = known.thresholds.inaccurate_m
        return Refusal(Reason.INACCURATE, f"accuracy {accuracy} m is not within 0 to {limit:g} m")
    speed, heading = report.speed_mps, report.heading_deg
    sane_speed = speed if speed is not None and 0 <= speed <= _FASTEST_STATED else None
    sane_heading = heading % 360.0 if heading is not None and 0 <= heading <= 360 else None
    if sane_speed == speed and sane_heading == heading:
        return report
    return replace(report, speed_mps=sane_speed, heading_deg=sane_heading)


def is_on_the_ground(report: Report, known: Known) -> Report | Refusal:
    """Within the city's ground, margin included."""
    west, south, east, north = known.box
    if west <= report.lon <= east and south <= report.lat <= north:
        return report
    return Refusal(Reason.OUTSIDE_GROUND, f"lon {report.lon:.5f}, lat {report.lat:.5f} lies outside the city's ground")


def is_of_now(report: Report, known: Known) -> Report | Refusal:
    """Neither from the future nor ancient, after the clock's known offset."""
    age_s = (report.received_at - report.measured_at - known.offset) / SECOND
    if age_s < -known.thresholds.future_s:
        return Refusal(Reason.FUTURE, f"measured {-age_s:.0f} s in the future; set the device's clock")
    if age_s > known.thresholds.ancient_s:
        return Refusal(Reason.ANCIENT, f"measured {age_s:.0f} s ago, wanted at most {known.thresholds.ancient_s:g}")
    return report


def is_newer(report: Report, known: Known) -> Report | Refusal:
    """Newer than the newest fix, by the device's own clock."""
    newest = known.newest_device_time
    if newest is None or report.measured_at > newest:
        return report
    if report.measured_at == newest:
        return Refusal(Reason.DUPLICATE, "measured at the same moment as the newest fix")
    late_s = (newest - report.measured_at) / SECOND
    return Refusal(Reason.OUT_OF_ORDER, f"measured {late_s:.1f} s before the newest fix; kept for the history")


def is_a_movement(report: Report, known: Known) -> Report | Refusal:
    """No faster than its class can be, unless several reports agree that the fix before was the wrong one."""
    newest = known.newest
    if newest is None:
        return report
    top = known.thresholds.top_speed_mps.get(known.unit_class, 60.0)
    slack = known.thresholds.jump_slack_m + (report.accuracy_m or 0.0)
    ours = Instant(report.measured_at + known.offset)
    metres = metres_apart(newest.lon, newest.lat, report.lon, report.lat)
    seconds = max(0.0, (ours - newest.measured_at) / SECOND)
    if metres <= slack + top * seconds:
        known.jumped_to, known.jumps = None, 0
        return report
    before = known.jumped_to
    agrees = before is not None and metres_apart(before[0], before[1], report.lon, report.lat) <= slack + top * max(
        0.0, (ours - before[2]) / SECOND
    )
    known.jumps = known.jumps + 1 if agrees else 1
    known.jumped_to = (report.lon, report.lat, ours)
    if known.jumps >= known.thresholds.jump_agreeing:
        known.jumped_to, known.jumps = None, 0
        return report
    return Refusal(
        Reason.JUMP, f"{metres:.0f} m in {seconds:.0f} s is more than {top:g} m/s, no {known.unit_class} does that"
    )


PLACE_STEPS: Final[tuple[Step, ...]] = (has_known_system, is_a_place)
"""First these. A report that passes says something of its device's clock."""
STEPS: Final[tuple[Step, ...]] = (is_accurate, is_on_the_ground, is_of_now, is_newer, is_a_movement)
"""Then these, in this order, with the clock's offset known."""


def metres_apart(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Straight line on a local plane, metres."""
    east = (lon_b - lon_a) * math.cos(math.radians(lat_a))
    return math.hypot(east, lat_b - lat_a) * M_PER_DEG
