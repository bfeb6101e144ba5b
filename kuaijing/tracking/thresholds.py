"""Every figure by which positions are judged, in one place; a city can set its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def _top_speeds() -> Mapping[str, float]:
    return {"command_vehicle": 55.0, "car": 60.0, "motorcycle": 60.0, "foot": 9.0, "drone": 40.0}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Seconds, metres, metres per second."""

    future_s: float = 30.0
    """A device's clock may be this far ahead before its report is refused."""
    ancient_s: float = 3600.0
    inaccurate_m: float = 300.0
    ground_margin_m: float = 5_000.0
    top_speed_mps: Mapping[str, float] = field(default_factory=_top_speeds)
    """A straight line faster than this, beyond ``jump_slack_m``, is no movement."""
    jump_slack_m: float = 150.0
    jump_agreeing: int = 3
    """So many reports that agree with each other outweigh the fix that they contradict."""
    rest_mps: float = 1.0
    rest_m: float = 10.0
    """Without a stated speed: moved less than this in a time in which a walker would have moved more."""
    snap_within_m: float = 100.0
    """Farther from a road than this a unit is off the roads."""
    stay_m: float = 8.0
    """A road connected to the one before is kept against another that is nearer by no more than this."""
    stale_moving_s: float = 60.0
    stale_rest_s: float = 300.0
    lost_on_way_s: float = 90.0
    """Silence of a unit under orders that counts as lost contact."""
    lost_s: float = 600.0
    """The same for any other unit on duty."""
    arrival_m: float = 50.0
    """Along the road."""
    slow_mps: float = 2.0
    """Slower than this a unit is looked for on every street within its position's error, not only on the one it was put on."""
    error_m: float = 15.0
    """A position may be off by this, or by the accuracy that it states, ..."""
    error_most_m: float = 30.0
    """... but for an arrival by no more than this."""
    field_m: float = 800.0
    """How far around a place road distances are known; what is farther has not arrived."""
    walked_in_m: float = 50.0
    """Off the roads: straight line to the place itself."""
    clock_deadband_s: float = 2.0
    """A device's clock is believed when it differs by less: that much is the network's delay."""
    clock_bound_s: float = 1800.0


DEFAULT_THRESHOLDS = Thresholds()
