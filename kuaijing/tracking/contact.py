"""Whether contact with a unit is lost: silence too long for what it is doing. A unit that never reported is not lost but unknown."""

from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.tracking.thresholds import Thresholds


def is_lost(last_received: Instant | None, now: Instant, ordered_at: Instant | None, thresholds: Thresholds) -> bool:
    """``ordered_at``: since when the unit has been under orders and not yet there; ``None`` where it is not.

    Under orders silence matters soonest, and counts from the order on at the earliest: a parked terminal that reports every few
    minutes had no cause to speak before.
    """
    if last_received is None:
        return False
    if seconds_between(last_received, now) > thresholds.lost_s:
        return True
    return ordered_at is not None and seconds_between(max(last_received, ordered_at), now) > thresholds.lost_on_way_s
