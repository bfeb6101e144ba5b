"""What the positions mean, beyond arrival and silence: fixes in, commands to the core out.

Stands beside the live picture as one of those that are told every batch of judgements. A unit's fixes are thinned to one in
``meaning_every_s`` and looked at together once a second of the city's time, so that ten thousand fixes a second cost a look at each
unit and no more. The rules are ``tracking.detectors``; here is only what they are asked about: the plan's ground, the unit's duty.
In memory: after a restart it goes on from what the core has recorded of each unit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.commands import Command
from kuaijing.domain.findings import RecordBeat, RecordPost, RecordSceneLeft, RecordStop, RecordVisit
from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import UnitStatus
from kuaijing.engine.live.plan_ground import PlanGround
from kuaijing.engine.recorded import Picture
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.measures.points import Point
from kuaijing.tracking.detectors.area import InArea, next_area
from kuaijing.tracking.detectors.post import AtPost, next_post
from kuaijing.tracking.detectors.scene import AtScene, LeftScene, at_scene, next_at_scene
from kuaijing.tracking.detectors.stay import Span, Stay
from kuaijing.tracking.detectors.stopped import Stop, next_stop
from kuaijing.tracking.detectors.visit import AtSpot, next_visits
from kuaijing.tracking.pipeline import Judgement
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.thresholds import DEFAULT_THRESHOLDS, Thresholds

_LOOK_EVERY: Final = SECOND
_SILENT: Final = frozenset({UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE})


class Core(Protocol):
    """What is asked of the engine."""

    @property
    def picture(self) -> Picture:
        """The city now."""


@dataclass(slots=True)
class _Seen:
    """What is remembered of one unit."""

    before: Instant | None = None
    area: InArea | None = None
    post: AtPost | None = None
    stop: Stop | None = None
    spots: dict[str, AtSpot] = field(default_factory=dict)


class Meaning:
    """The detectors of one city."""

    def __init__(
        self,
        engine: Core,
        now: Callable[[], Instant],
        find_survey: Callable[[], Survey | None],
        note: Callable[[Command], None],
        thresholds: Thresholds = DEFAULT_THRESHOLDS,
    ) -> None:
        self._engine, self._now, self._find_survey, self._note = engine, now, find_survey, note
        self._thresholds = thresholds
        self._kept: dict[str, Instant] = {}
        """The newest fix of each unit that was kept for a look."""
        self._waiting: list[Fix] = []
        self._looked_at = Instant(0)
        self._seen: dict[str, _Seen] = {}
        self._scenes: dict[str, AtScene] = {}
        self._told_left: set[str] = set()
        self._assignments: dict[str, Assignment] | None = None
        self._units: dict[str, Unit] | None = None
        self._survey: Survey | None = None
        self._ground: PlanGround | None = None

    def take(self, judged: Sequence[Judgement]) -> None:
        """A batch of judgements."""
        every = self._thresholds.meaning_every_s * SECOND
        for judgement in judged:
            fix = judgement.fix
            if fix is None or not judgement.moves:
                continue
            kept = self._kept.get(fix.unit)
            if kept is None or fix.measured_at - kept >= every:
                self._kept[fix.unit] = fix.measured_at
                self._waiting.append(fix)
        if self._waiting and self._now() - self._looked_at >= _LOOK_EVERY:
            self.look()

    def look(self) -> None:
        """Look at the fixes that wait."""
        self._looked_at = self._now()
        fixes, self._waiting = self._waiting, []
        state = self._engine.picture.state
        self._follow(state)
        ground = self._ground
        if ground is None or not fixes:
            return
        beats: list[str | None] = [None] * len(fixes)
        if ground.beats:
            rows = ground.beat_rows([fix.lon for fix in fixes], [fix.lat for fix in fixes])
            beats = [ground.beats[row] if row >= 0 else None for row in rows.tolist()]
        for fix, beat in zip(fixes, beats, strict=True):
            unit = state.units.get(fix.unit)
            if unit is None or unit.status in _SILENT:
                continue
            seen = self._seen.get(unit.id)
            if seen is None:
                seen = self._seen[unit.id] = self._resumed(state, unit, fix, ground)
            self._at_scene(fix)
            if ground.beats:
                self._in_beat(seen, fix, beat, ground)
            self._on_post(seen, fix, unit, ground)
            self._at_spots(seen, fix, unit, ground)
            self._standing(seen, fix, unit, state)
            seen.before = fix.measured_at

    # --- one detector each ----------------------------------------------------------------------------------------------

    def _at_scene(self, fix: Fix) -> None:
        scene = self._scenes.get(fix.unit)
        if scene is None:
            return
        after = next_at_scene(scene, fix, self._thresholds)
        if isinstance(after, LeftScene):
            del self._scenes[fix.unit]
            self._told_left.add(after.assignment)
            self._note(RecordSceneLeft(after.assignment, after.left.earliest, after.left.latest))
        else:
            self._scenes[fix.unit] = after

    def _in_beat(self, seen: _Seen, fix: Fix, beat: str | None, ground: PlanGround) -> None:
        held = None if seen.area is None else seen.area.area
        away_m = math.inf if held is None else ground.away_m(held, fix.lon, fix.lat) if beat != held else 0.0
        seen.area, crossed = next_area(seen.area, fix.measured_at, beat, away_m, self._thresholds)
        if crossed is not None:
            self._note(RecordBeat(fix.unit, crossed.area, crossed.when.earliest, crossed.when.latest))

    def _on_post(self, seen: _Seen, fix: Fix, unit: Unit, ground: PlanGround) -> None:
        if seen.post is None or not seen.post.told:
            posts = _posts(unit, ground)
            if not posts:
                return
        else:
            posts = {}
        seen.post, found = next_post(seen.post, seen.before, fix, posts, self._thresholds)
        if found is not None:
            self._note(RecordPost(fix.unit, found.post, found.when.earliest, found.when.latest))

    def _at_spots(self, seen: _Seen, fix: Fix, unit: Unit, ground: PlanGround) -> None:
        near = ground.spots_near(fix.lon, fix.lat) if unit.active is None else []
        if not near and not seen.spots:
            return
        seen.spots, visits = next_visits(seen.spots, seen.before, fix, near, self._thresholds)
        for visit in visits:
            came, left = visit.came, visit.left
            self._note(
                RecordVisit(visit.spot, fix.unit, came.earliest, came.latest, left.earliest, left.latest, visit.dwell_s)
            )

    def _standing(self, seen: _Seen, fix: Fix, unit: Unit, state: State) -> None:
        duty, limit_s = self._allowed(seen, unit, state)
        seen.stop, found = next_stop(seen.stop, fix, duty, limit_s, self._thresholds)
        if found is not None:
            self._note(RecordStop(fix.unit, found.stopped, found.since, Point(found.lon, found.lat)))

    def _allowed(self, seen: _Seen, unit: Unit, state: State) -> tuple[str, float | None]:
        """What the unit is doing, and how long it may stand at it."""
        part = None if unit.active is None else state.assignments.get(unit.active)
        if part is not None and unit.status == UnitStatus.EN_ROUTE:
            return f"way:{part.id}", None if part.was_there else self._thresholds.stopped_on_way_s
        if unit.status == UnitStatus.AVAILABLE:
            placed = seen.post is not None or bool(seen.spots)
            return ("posted", None) if placed else ("patrol", self._thresholds.stopped_patrol_s)
        return unit.status.value, None

    # --- keeping in step ------------------------------------------------------------------------------------------------

    def _follow(self, state: State) -> None:
        survey = self._find_survey()
        if survey is not self._survey:
            self._survey = survey
            self._ground = None if survey is None else PlanGround(survey.plan, survey.zone, self._thresholds.visit_m)
            for seen in self._seen.values():
                seen.spots = {}
        if state.units is not self._units:
            self._units = state.units
            for name in [name for name in self._seen if name not in state.units or state.units[name].status in _SILENT]:
                self._forget(name, state)
        if state.assignments is not self._assignments:
            self._assignments = state.assignments
            self._told_left &= state.assignments.keys()
            self._scenes = self._arrived(state)

    def _arrived(self, state: State) -> dict[str, AtScene]:
        """The newest arrival of each unit that it has not left."""
        newest: dict[str, Assignment] = {}
        for part in state.assignments.values():
            if part.arrived is None or part.left is not None or part.id in self._told_left:
                continue
            other = newest.get(part.unit)
            if part.incident in state.incidents and (
                other is None or other.arrived is None or other.arrived.latest < part.arrived.latest
            ):
                newest[part.unit] = part
        scenes = {}
        for unit, part in newest.items():
            known, place = self._scenes.get(unit), state.incidents[part.incident].place.point
            if known is not None and known.assignment == part.id and known.point == place:
                scenes[unit] = known
            elif part.arrived is not None:
                scenes[unit] = at_scene(part.id, unit, place, part.arrived.earliest, part.arrived.latest)
        return scenes

    def _resumed(self, state: State, unit: Unit, fix: Fix, ground: PlanGround) -> _Seen:
        """What the core has recorded of a unit that is seen for the first time since the start, or since it came on duty."""
        seen, recorded = _Seen(), state.presence.get(unit.id)
        if recorded is None:
            return seen
        if recorded.beat_since is not None:
            seen.area = InArea(recorded.beat, Instant(fix.measured_at - 1))
        point = _posts(unit, ground).get(recorded.post or "")
        if recorded.post is not None and recorded.post_since is not None and point is not None:
            began = Span(recorded.post_since, recorded.post_since)
            seen.post = AtPost(recorded.post, point, Stay(began, Instant(fix.measured_at - 1)), told=True)
        elif recorded.post is not None:
            self._note(RecordPost(unit.id, None, fix.measured_at, fix.measured_at))
        if recorded.stopped_since is not None:
            self._note(RecordStop(unit.id, False, fix.measured_at, Point(fix.lon, fix.lat)))
        return seen

    def _forget(self, name: str, state: State) -> None:
        """The unit went off duty or left the force: what stood of it ends with that."""
        seen, unit = self._seen.pop(name), state.units.get(name)
        self._kept.pop(name, None)
        if unit is None:
            return
        at = unit.since
        if seen.post is not None and seen.post.told:
            self._note(RecordPost(name, None, at, at))
        if seen.stop is not None and seen.stop.told:
            self._note(RecordStop(name, False, at))


def _posts(unit: Unit, ground: PlanGround) -> dict[str, Point]:
    """Where the unit's duty may have it stand, nearest claim first."""
    posts: dict[str, Point] = {}
    if unit.cover is not None:
        posts["cover"] = unit.cover
    platform = ground.platforms.get(unit.platform)
    if platform is not None:
        posts[f"platform:{unit.platform}"] = platform
    if unit.home is not None:
        posts["home"] = unit.home
    return posts
