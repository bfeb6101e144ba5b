"""Whether contact with a unit is lost: silence too long for what it is doing. A unit that never reported is not lost but unknown."""

from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.tracking.thresholds import Thresholds


def is_lost(last_received: Instant | None, now: Instant, on_way: bool, thresholds: Thresholds) -> bool:
    """``on_way``: under orders and not yet there, where silence matters soonest."""
    if last_received is None:
        return False
    limit = thresholds.lost_on_way_s if on_way else thresholds.lost_s
    return seconds_between(last_received, now) > limit
