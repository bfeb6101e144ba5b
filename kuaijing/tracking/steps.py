"""The ordered steps by which one report is judged, each a small rule with a name. Each takes the report as it stands, what is
remembered of its device, and the city's rules; it refuses, or lets it pass (its time put on our clock, or marked as one that
only the history wants). The first refusal ends it. What is not known here: units, roads, incidents, the core.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.tracking.reports import Reason, Refusal, Report
from kuaijing.tracking.sender import Sender, StoredMoments, Trail, sender_key
from kuaijing.tracking.thresholds import Thresholds

SYSTEMS: Final = frozenset({"wgs84", "gcj02", "bd09"})
M_PER_DEG: Final = 111_195.0
_FASTEST_STATED: Final = 120.0
_FRESH: Final = 5 * SECOND
_SET_BACK_AFTER: Final = 4
_SET_BACK_FOR: Final = 10 * SECOND
_SET_BACK_SPREAD: Final = int(1.5 * SECOND)

Box = tuple[float, float, float, float]

LATE: Final = Refusal(Reason.OUT_OF_ORDER, "measured before the newest fix; kept for the history")
STORED: Final = Refusal(Reason.BACKFILL, "stored while the device had no link; kept for the history")


@dataclass(slots=True)
class Heard:
    """A report while it is judged."""

    row: int
    """In its batch."""
    report: Report
    lon: float
    lat: float
    """WGS-84 from here on."""
    measured_at: Instant
    """On our clock once ``on_our_clock`` has run."""
    kept: Refusal | None = None
    """Why it moves nothing, where the history still wants it."""


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What holds for every device of the city."""

    thresholds: Thresholds
    box: Box
    """Ground with its margin, degrees."""
    moments: StoredMoments


Step = Callable[[Heard, Sender, Rules], Refusal | None]


def has_known_system(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """The coordinate system is stated and one that we read."""
    crs = heard.report.crs
    if not crs:
        return Refusal(Reason.NO_CRS, "crs is not stated; send wgs84, gcj02 or bd09")
    if crs not in SYSTEMS:
        return Refusal(Reason.UNKNOWN_CRS, f"crs {crs[:40]!r} is not wgs84, gcj02 or bd09")
    return None


def is_a_place(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """Longitude and latitude are finite and on Earth; 0, 0 is what a receiver without a fix sends."""
    report = heard.report
    if not (abs(report.lon) <= 180 and abs(report.lat) <= 90):
        return Refusal(Reason.NOT_A_PLACE, f"lon {report.lon}, lat {report.lat} is no place on Earth")
    if report.lon == 0 and report.lat == 0:
        return Refusal(Reason.NOT_A_PLACE, "lon 0, lat 0 is what a receiver without a fix sends")
    return None


def is_accurate(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """The device's own accuracy is good enough."""
    accuracy, limit = heard.report.accuracy_m, rules.thresholds.inaccurate_m
    if accuracy is None or 0 <= accuracy <= limit:
        return None
    return Refusal(Reason.INACCURATE, f"accuracy {accuracy} m is not within 0 to {limit:g} m")


def is_on_the_ground(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """Within the city's ground, margin included."""
    west, south, east, north = rules.box
    if west <= heard.lon <= east and south <= heard.lat <= north:
        return None
    return Refusal(Reason.OUTSIDE_GROUND, f"lon {heard.lon:.5f}, lat {heard.lat:.5f} lies outside the city's ground")


def on_our_clock(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """The offset of the device's clock is learnt from what it sends at once; the time becomes ours. Refuses nothing."""
    report = heard.report
    if report.backfill:
        heard.kept = STORED
    else:
        if _was_set_right(report, sender):
            sender.clock.set_anew([], report.received_at)
            sender.forget_order()
        if sender.clock.note(report.measured_at, report.received_at):
            sender.forget_order()
    heard.measured_at = sender.clock.ours(report.measured_at)
    return None


def is_of_now(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """Not from the future, nor so old that it is either a queue that nobody announced or a clock that is off.

    From a device whose clock has been seen to be right it is a queue, and wanted by the history.
    """
    limits, received = rules.thresholds, heard.report.received_at
    age_s = (received - heard.measured_at) / SECOND
    if age_s < 0:
        if age_s < -limits.future_s:
            return Refusal(Reason.FUTURE, f"measured {-age_s:.0f} s in the future; set the device's clock")
        heard.measured_at = received
    elif age_s > limits.ancient_s:
        if heard.kept is None and sender.clock.is_sound:
            heard.kept = STORED
        most_s = limits.ancient_s if heard.kept is None else limits.stored_most_s
        if age_s > most_s:
            return Refusal(Reason.ANCIENT, f"measured {age_s:.0f} s ago, wanted at most {most_s:g}")
    return None


def is_no_duplicate(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """The device has not sent this moment before, whatever became of it."""
    moment, newest = heard.report.measured_at, sender.newest_device_time
    if heard.kept is None and (newest is None or moment > newest) and moment not in sender.recent:
        sender.recent.append(moment)
        return None
    if moment in sender.recent or rules.moments.is_known(sender_key(heard.report), moment):
        return Refusal(Reason.DUPLICATE, "the device has sent a position of this moment before")
    return None


def is_in_order(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """Older than the newest by the device's own clock: for the history, unless the clock has evidently been set back."""
    if heard.kept is not None:
        return None
    newest = sender.newest_device_time
    if newest is None or heard.report.measured_at > newest:
        if sender.late_run:
            sender.late_run.clear()
        return None
    if _was_set_back(heard.report, sender):
        sender.clock.set_anew(sender.late_run, heard.report.received_at)
        sender.forget_order()
        heard.measured_at = min(sender.clock.ours(heard.report.measured_at), heard.report.received_at)
        return None
    heard.kept = LATE
    return None


def is_a_movement(heard: Heard, sender: Sender, rules: Rules) -> Refusal | None:
    """No faster than its class can be, unless several reports agree that the position before was the wrong one."""
    trail = sender.stored if heard.kept is STORED else sender.live
    if trail is None:
        return None
    limits = rules.thresholds
    top = limits.top_speed_mps.get(sender.unit_class, 60.0)
    slack = limits.jump_slack_m + (heard.report.accuracy_m or 0.0)
    metres = metres_apart(trail.lon, trail.lat, heard.lon, heard.lat)
    seconds = abs(heard.measured_at - trail.at) / SECOND
    if metres <= slack + top * seconds or (heard.kept is not LATE and _agrees(heard, trail, slack, top, limits)):
        return None
    return Refusal(
        Reason.JUMP, f"{metres:.0f} m in {seconds:.0f} s is more than {top:g} m/s, no {sender.unit_class} does that"
    )


STEPS: Final[tuple[Step, ...]] = (
    has_known_system,
    is_a_place,
    is_accurate,
    is_on_the_ground,
    on_our_clock,
    is_of_now,
    is_no_duplicate,
    is_in_order,
    is_a_movement,
)
"""In this order. Then the unit's best device is chosen, and what moves the unit is put on the road."""


def sane_speed(report: Report) -> float | None:
    """The stated speed; one that makes no sense is dropped, not the position."""
    speed = report.speed_mps
    return speed if speed is not None and 0 <= speed <= _FASTEST_STATED else None


def sane_heading(report: Report) -> float | None:
    """The stated heading, 0 to below 360."""
    heading = report.heading_deg
    return heading % 360.0 if heading is not None and 0 <= heading <= 360 else None


def is_at_rest(heard: Heard, trail: Trail | None, thresholds: Thresholds) -> bool:
    """By the stated speed; without one, by having moved less than a walker would have."""
    speed = sane_speed(heard.report)
    if speed is not None:
        return speed < thresholds.rest_mps
    if trail is None:
        return False
    seconds = (heard.measured_at - trail.at) / SECOND
    metres = metres_apart(trail.lon, trail.lat, heard.lon, heard.lat)
    return metres < min(thresholds.rest_m, thresholds.rest_mps * max(seconds, 1.0))


def metres_apart(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Straight line on a local plane, metres."""
    east = (lon_b - lon_a) * math.cos(math.radians(lat_a))
    return math.hypot(east, lat_b - lat_a) * M_PER_DEG


def _was_set_right(report: Report, sender: Sender) -> bool:
    """The clock was ahead, and what it sends now is of now."""
    newest = sender.newest_device_time
    if newest is None or newest <= report.received_at + SECOND or report.measured_at >= newest:
        return False
    return abs(report.received_at - report.measured_at) < _FRESH


def _was_set_back(report: Report, sender: Sender) -> bool:
    """Late reports that come steadily, in their own order and each as late as the last, are no queue being emptied."""
    difference = report.received_at - report.measured_at
    run = sender.late_run
    if not run or report.measured_at <= sender.late_newest or abs(difference - run[0]) > _SET_BACK_SPREAD:
        run.clear()
        sender.late_from = report.received_at
    run.append(difference)
    sender.late_newest = report.measured_at
    return len(run) >= _SET_BACK_AFTER and report.received_at - sender.late_from >= _SET_BACK_FOR


def _agrees(heard: Heard, trail: Trail, slack: float, top: float, limits: Thresholds) -> bool:
    """Whether so many reports in a row agree with one another that they outweigh the position before."""
    before, at = trail.jumped_to, heard.measured_at
    agrees = before is not None and (
        metres_apart(before[0], before[1], heard.lon, heard.lat) <= slack + top * abs(at - before[2]) / SECOND
    )
    trail.jumps = trail.jumps + 1 if agrees else 1
    trail.jumped_to = (heard.lon, heard.lat, at)
    return trail.jumps >= limits.jump_agreeing
