"""Where units were found to be: in which beat or outside the city, on post or not, standing too long, gone from a scene.

Found by tracking, kept beside the unit: nothing here changes a status or a unit's version, so that an order made a moment ago
still stands after its unit crossed a street. What a person reports of itself is the business of ``stamps`` and ``duty``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kuaijing.domain.clocks import Interval
from kuaijing.domain.commands import Context
from kuaijing.domain.errors import Invalid
from kuaijing.domain.findings import RecordBeat, RecordPost, RecordSceneLeft, RecordStop
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.measures.points import Point

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State


@dataclass(frozen=True, slots=True)
class Presence:
    """What was last found of one unit."""

    unit: str
    beat: str | None = None
    """That it is in; ``None`` where it is outside or nothing was found yet."""
    beat_since: Instant | None = None
    """The later bound; with ``beat`` ``None`` since when it is outside the city."""
    post: str | None = None
    post_since: Instant | None = None
    stopped_since: Instant | None = None
    stopped_for: str | None = None
    """The assignment that it stopped on the way to; ``None`` on patrol."""
    visited: str | None = None
    """Patrol point that it visited last."""
    visited_at: Instant | None = None

    @property
    def outside(self) -> bool:
        """Whether it was found outside the city."""
        return self.beat is None and self.beat_since is not None


@dataclass(frozen=True, slots=True)
class BeatEntered:
    """The unit went into another beat; ``was`` is the one before, ``None`` where it came from outside or was seen first."""

    unit: str
    beat: str
    was: str | None
    earliest: Instant
    latest: Instant
    at: Instant


@dataclass(frozen=True, slots=True)
class CityLeft:
    """The unit is in no beat any more."""

    unit: str
    was: str | None
    earliest: Instant
    latest: Instant
    at: Instant


@dataclass(frozen=True, slots=True)
class PostTaken:
    """The unit stands where its duty says."""

    unit: str
    post: str
    earliest: Instant
    latest: Instant
    at: Instant


@dataclass(frozen=True, slots=True)
class PostLeft:
    """It stands there no more."""

    unit: str
    post: str
    stood_s: float
    earliest: Instant
    latest: Instant
    at: Instant


@dataclass(frozen=True, slots=True)
class UnitStopped:
    """The unit stands too long: on the way to an incident, or on patrol away from any post."""

    unit: str
    assignment: str | None
    incident: str | None
    point: Point | None
    since: Instant
    at: Instant


@dataclass(frozen=True, slots=True)
class UnitMovedOn:
    """It goes on, or what it stood too long for has ended."""

    unit: str
    incident: str | None
    stood_s: float
    at: Instant


@dataclass(frozen=True, slots=True)
class SceneLeft:
    """The unit went away from the scene that it was measured to arrive at. A fact beside the stamps: it clears nothing."""

    assignment: str
    incident: str
    unit: str
    earliest: Instant
    latest: Instant
    stay_least_s: float
    stay_most_s: float
    at: Instant


PresenceEvent = BeatEntered | CityLeft | PostTaken | PostLeft | UnitStopped | UnitMovedOn | SceneLeft


def presence_of(state: State, unit: str) -> Presence:
    """What is known of the unit; nothing yet is something too."""
    return state.presence.get(unit) or Presence(unit)


def in_order(earliest: Instant, latest: Instant) -> None:
    """Refuse an interval that ends before it begins."""
    if earliest > latest:
        raise Invalid("earliest", str(earliest), f"later than latest {latest}", "give the earlier first")


def _beat(state: State, command: RecordBeat, context: Context) -> tuple[PresenceEvent, ...]:
    in_order(command.earliest, command.latest)
    unit, known = state.unit(command.unit), presence_of(state, command.unit)
    if command.beat == known.beat and known.beat_since is not None:
        return ()
    when = (command.earliest, command.latest, context.received_at)
    if command.beat is None:
        return (CityLeft(unit.id, known.beat, *when),)
    return (BeatEntered(unit.id, command.beat, known.beat, *when),)


def _post(state: State, command: RecordPost, context: Context) -> tuple[PresenceEvent, ...]:
    in_order(command.earliest, command.latest)
    unit, known = state.unit(command.unit), presence_of(state, command.unit)
    if command.post == known.post:
        return ()
    when = (command.earliest, command.latest, context.received_at)
    left: tuple[PresenceEvent, ...] = ()
    if known.post is not None and known.post_since is not None:
        stood_s = max(0.0, seconds_between(known.post_since, command.earliest))
        left = (PostLeft(unit.id, known.post, stood_s, *when),)
    return left if command.post is None else (*left, PostTaken(unit.id, command.post, *when))


def _stop(state: State, command: RecordStop, context: Context) -> tuple[PresenceEvent, ...]:
    unit, known = state.unit(command.unit), presence_of(state, command.unit)
    if command.stopped == (known.stopped_since is not None):
        return ()
    at = context.received_at
    if known.stopped_since is not None:
        held = state.assignments.get(known.stopped_for or "")
        stood_s = max(0.0, seconds_between(known.stopped_since, command.since))
        return (UnitMovedOn(unit.id, None if held is None else held.incident, stood_s, at),)
    on_way = unit.active if unit.status == UnitStatus.EN_ROUTE else None
    incident = None if on_way is None else state.assignments[on_way].incident
    return (UnitStopped(unit.id, on_way, incident, command.point, command.since, at),)


def _scene(state: State, command: RecordSceneLeft, context: Context) -> tuple[PresenceEvent, ...]:
    in_order(command.earliest, command.latest)
    part = state.assignment(command.assignment)
    if part.left is not None or part.arrived is None:
        return ()
    earliest, latest = max(command.earliest, part.arrived.earliest), max(command.latest, part.arrived.latest)
    least = max(0.0, seconds_between(part.arrived.latest, earliest))
    most = seconds_between(part.arrived.earliest, latest)
    return (SceneLeft(part.id, part.incident, part.unit, earliest, latest, least, most, context.received_at),)


DECIDE = {RecordBeat: _beat, RecordPost: _post, RecordStop: _stop, RecordSceneLeft: _scene}


def known(draft: Draft, unit: str, **fields: object) -> None:
    """Put what was found of a unit; one that left the force meanwhile is left alone."""
    if draft.units.find(unit) is not None:
        draft.presence.put(unit, replace(draft.presence.find(unit) or Presence(unit), **fields))  # type: ignore[arg-type]


def _entered(draft: Draft, event: BeatEntered) -> None:
    known(draft, event.unit, beat=event.beat, beat_since=event.latest)


def _city_left(draft: Draft, event: CityLeft) -> None:
    known(draft, event.unit, beat=None, beat_since=event.latest)


def _taken(draft: Draft, event: PostTaken) -> None:
    known(draft, event.unit, post=event.post, post_since=event.latest)


def _left(draft: Draft, event: PostLeft) -> None:
    known(draft, event.unit, post=None, post_since=None)


def _stopped(draft: Draft, event: UnitStopped) -> None:
    known(draft, event.unit, stopped_since=event.since, stopped_for=event.assignment)


def _moved_on(draft: Draft, event: UnitMovedOn) -> None:
    known(draft, event.unit, stopped_since=None, stopped_for=None)


def _scene_left(draft: Draft, event: SceneLeft) -> None:
    part = draft.assignments[event.assignment]
    draft.assignments.put(part.id, replace(part, version=part.version + 1, left=Interval(event.earliest, event.latest)))


EVOLVE = {
    BeatEntered: _entered,
    CityLeft: _city_left,
    PostTaken: _taken,
    PostLeft: _left,
    UnitStopped: _stopped,
    UnitMovedOn: _moved_on,
    SceneLeft: _scene_left,
}
