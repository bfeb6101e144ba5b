"""Too little of an area is reached in time for too long; and enough of it again. Raised once, re-armed by being reached.

Knows shares and instants; how a share is found from roads and units is the engine's business.
"""

from dataclasses import dataclass, replace

from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.tracking.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class AreaWatch:
    """One area: whether the alarm stands, and since when the share has said otherwise."""

    raised: bool = False
    since: Instant | None = None


@dataclass(frozen=True, slots=True)
class AreaFinding:
    """The alarm is to be raised (``empty``) or is over; ``since`` is when the share went there."""

    empty: bool
    since: Instant


def next_area_watch(
    watch: AreaWatch, share: float, at: Instant, thresholds: Thresholds
) -> tuple[AreaWatch, AreaFinding | None]:
    """After looking at ``at``."""
    turning = share >= thresholds.reached_share if watch.raised else share < thresholds.empty_share
    if not turning:
        return replace(watch, since=None), None
    since = at if watch.since is None else watch.since
    wait_s = thresholds.reached_after_s if watch.raised else thresholds.empty_after_s
    if seconds_between(since, at) < wait_s:
        return replace(watch, since=since), None
    return AreaWatch(raised=not watch.raised), AreaFinding(not watch.raised, since)
