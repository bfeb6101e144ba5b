"""Left the scene: a unit that was measured to arrive has been farther away than it would go on foot, for long enough.

The first leaving counts. A unit that fetches something from round the corner has not left; one that chases somebody through three
streets and comes back has, and its stamps say the rest. It is a fact beside the stamps and clears nothing.
"""

from dataclasses import dataclass

from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.tracking.detectors.stay import Bounds, Span, Stay, next_stay
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.steps import metres_apart
from kuaijing.tracking.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class AtScene:
    """One arrived assignment whose unit has not left."""

    assignment: str
    unit: str
    point: Point
    stay: Stay


@dataclass(frozen=True, slots=True)
class LeftScene:
    """The unit left between two fixes."""

    assignment: str
    left: Span


def at_scene(assignment: str, unit: str, point: Point, earliest: Instant, latest: Instant) -> AtScene:
    """From a measured arrival."""
    return AtScene(assignment, unit, point, Stay(Span(earliest, latest), latest))


def next_at_scene(scene: AtScene, fix: Fix, thresholds: Thresholds) -> AtScene | LeftScene:
    """After the unit's next fix."""
    if fix.measured_at <= scene.stay.last:
        return scene
    bounds = Bounds(
        thresholds.scene_left_m, thresholds.scene_left_m, thresholds.scene_left_after_s, thresholds.silence_s
    )
    metres = metres_apart(fix.lon, fix.lat, scene.point.lon, scene.point.lat)
    stay, ended = next_stay(scene.stay, None, fix.measured_at, metres, bounds)
    if ended is not None:
        return LeftScene(scene.assignment, ended.left)
    return AtScene(scene.assignment, scene.unit, scene.point, stay or scene.stay)
