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
    """Older than this moves nothing."""
    stored_most_s: float = 7 * 86_400.0
    """What a device had stored while it had no link may be this old to be kept for the history."""
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
    meaning_every_s: float = 3.0
    """What a unit's positions mean is looked at no oftener than this, by the time of the positions; arrivals at each one."""
    silence_s: float = 300.0
    """Between two reports farther apart nobody knows where the unit was: that time counts for no dwell."""
    scene_left_m: float = 150.0
    """Farther than this from an incident's place ..."""
    scene_left_after_s: float = 60.0
    """... for so long, a unit that had arrived has left the scene."""
    beat_edge_m: float = 40.0
    """A unit is out of its beat only beyond this from its edge: along a border road nothing changes ..."""
    beat_after_s: float = 60.0
    """... and only after so long out there."""
    post_m: float = 80.0
    """Nearer than this to its platform, its home or the place where it is to stand by ..."""
    post_after_s: float = 120.0
    """... for so long, a unit is on post."""
    post_left_m: float = 150.0
    """Farther than this ..."""
    post_left_after_s: float = 120.0
    """... for so long it is off it."""
    visit_m: float = 120.0
    """Nearer than this to a patrol point a unit is there: a square or a station is as far from where its vehicle can stand. How long it
    must stay says the plan, so that nobody visits by driving past."""
    visit_left_after_s: float = 30.0
    visit_longest_s: float = 1800.0
    """A visit that goes on is recorded after this, and no second one begins until the unit has gone."""
    stopped_m: float = 40.0
    """A unit that stays within this of one place has stopped."""
    stopped_on_way_s: float = 120.0
    """Stopped too long on the way to an incident."""
    stopped_patrol_s: float = 1200.0
    """Stopped too long on patrol, away from any post and patrol point."""
    empty_share: float = 0.4
    """A beat or tier area of which free units reach less than this in its limit is empty ..."""
    empty_after_s: float = 120.0
    """... after so long."""
    reached_share: float = 0.5
    """It is reached again above this ..."""
    reached_after_s: float = 60.0
    """... for so long; only then can the alarm be raised anew."""
    """A clock that is off by more is believed to be so only when reports have agreed on it for half a minute."""
    silent_s: float = 15.0
    """The device that gives a unit's position is silent after this, or after two and a half of its usual intervals."""
    better_by: float = 1.5
    """Another device takes its place at once when it is silent; else only when so many times better ..."""
    better_m: float = 10.0
    """... and by at least so much ..."""
    better_reports: int = 3
    """... in so many reports in a row."""
    conflict_m: float = 1_000.0
    """Two devices of a unit farther apart than this, and than it could have driven meanwhile, contradict each other."""
    conflict_reports: int = 3
    crs_reports: int = 20
    """Moving positions that are looked at together for a wrongly declared coordinate system."""
    crs_off_road_m: float = 12.0
    """No suspicion where half of them are within this of a road as declared."""
    crs_better_by: float = 2.0
    """Suspected is a system in which they are so many times nearer to the roads ..."""
    crs_better_m: float = 8.0
    """... and by at least so much, twice in a row."""


DEFAULT_THRESHOLDS = Thresholds()
