"""On post: the unit has stood long enough near a place that its duty names: where it was sent to stand by, its platform, its home.

A unit that passes its platform is not on post, one that moves its car across the yard is not off it. What the duty names comes
with every fix, nearest claim first: a unit sent to stand by elsewhere leaves its platform by going, not by being told to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.tracking.detectors.stay import Bounds, Span, Stay, next_stay
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.steps import metres_apart
from kuaijing.tracking.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class AtPost:
    """Near a post: ``told`` once the stay was long enough to count."""

    post: str
    point: Point
    stay: Stay
    told: bool = False


@dataclass(frozen=True, slots=True)
class PostFinding:
    """Took a post (``post``) or left the one it had (``None``)."""

    post: str | None
    when: Span


def next_post(
    known: AtPost | None, before: Instant | None, fix: Fix, posts: Mapping[str, Point], thresholds: Thresholds
) -> tuple[AtPost | None, PostFinding | None]:
    """After the unit's next fix; ``posts`` in the order in which they claim it."""
    bounds = Bounds(thresholds.post_m, thresholds.post_left_m, thresholds.post_left_after_s, thresholds.silence_s)
    at = fix.measured_at
    if known is None:
        for post, point in posts.items():
            stay, _ = next_stay(None, before, at, _metres(fix, point), bounds)
            if stay is not None:
                return AtPost(post, point, stay), None
        return None, None
    if at <= known.stay.last:
        return known, None
    stay, ended = next_stay(known.stay, before, at, _metres(fix, known.point), bounds)
    if stay is None:
        return None, PostFinding(None, ended.left) if known.told and ended is not None else None
    if known.told or stay.dwell_s < thresholds.post_after_s:
        return AtPost(known.post, known.point, stay, known.told), None
    return AtPost(known.post, known.point, stay, told=True), PostFinding(known.post, stay.came)


def _metres(fix: Fix, point: Point) -> float:
    return metres_apart(fix.lon, fix.lat, point.lon, point.lat)
