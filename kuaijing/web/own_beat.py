"""A post's account acts within its own beat, with the units of its own platform; every other role passes.

Its ground is read from the plan in force at each command, so that a redrawn beat holds from the moment it is in force: the beats that
name its platform, and the units whose force entry does. What the desk's screen offers is not relied on. See decision 0090.
"""

from collections.abc import Iterable
from typing import Any

from kuaijing.domain.words import ENDED_ASSIGNMENT
from kuaijing.measures.points import Point
from kuaijing.web.doors import Asked
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.problems import Refusal
from kuaijing.web.services import Services


def is_post(asked: Asked[Any]) -> bool:
    """Whether who asks is a post's desk."""
    return asked.who.account.role is UserRole.POST


def beats_of(services: Services, platform: str | None) -> frozenset[str]:
    """The beats that the plan in force gives to a platform; none without a plan."""
    plan = services.plans.current()
    if plan is None or platform is None:
        return frozenset()
    return frozenset(beat.id for beat in plan.beats if beat.platform == platform)


def on_own_units(services: Services, asked: Asked[Any], units: Iterable[str]) -> None:
    """Refuse a post that names another platform's unit; an unknown one is the core's to refuse."""
    if not is_post(asked):
        return
    account, known = asked.who.account, services.engine.picture.state.units
    for unit in units:
        found = known.get(unit)
        if found is not None and found.platform != account.platform:
            raise _refusal(asked, f"unit {unit} belongs to platform {found.platform}; ask the command centre for it")


def in_own_beat(services: Services, asked: Asked[Any], incident: str) -> None:
    """Refuse a post that acts on an incident outside its beat; an unknown one is the core's to refuse."""
    if is_post(asked) and not is_own(services, asked, incident):
        raise _refusal(asked, f"incident {incident} lies outside its beat; the command centre acts on it")


def is_own(services: Services, asked: Asked[Any], incident: str) -> bool:
    """Whether the incident lies in the beat of the post that asks; one that nobody knows counts as such."""
    file = services.engine.find_incident(incident)
    return file is None or file.incident.place.beat in beats_of(services, asked.who.account.platform)


def with_own_part(services: Services, asked: Asked[Any], incident: str) -> None:
    """Refuse a post where the incident neither lies in its beat nor holds one of its units."""
    if not is_post(asked) or is_own(services, asked, incident):
        return
    file, known = services.engine.find_incident(incident), services.engine.picture.state.units
    parts = [] if file is None else [known.get(part.unit) for part in file.assignments]
    if not any(unit is not None and unit.platform == asked.who.account.platform for unit in parts):
        raise _refusal(asked, f"incident {incident} lies outside its beat and has none of its units")


def from_own_beat(services: Services, asked: Asked[Any], unit: str) -> None:
    """Refuse a post that would divert its unit from an incident of another beat: whoever sent it there decides."""
    if not is_post(asked):
        return
    state = services.engine.picture.state
    found = state.units.get(unit)
    part = state.assignments.get(found.active or "") if found is not None else None
    if part is not None:
        in_own_beat(services, asked, part.incident)


def only_own_units_on(services: Services, asked: Asked[Any], incident: str) -> None:
    """Refuse a post that would free other platforms' units by ending an incident."""
    file = services.engine.find_incident(incident) if is_post(asked) else None
    if file is not None:
        on_own_units(services, asked, (part.unit for part in file.assignments if part.status not in ENDED_ASSIGNMENT))


def within_own_beat(services: Services, asked: Asked[Any], point: Point) -> None:
    """Refuse a post that sends a unit to a place outside its beat."""
    if not is_post(asked):
        return
    place = services.survey(point, "", services.clock.now())
    if place.beat not in beats_of(services, asked.who.account.platform):
        raise _refusal(asked, f"{point.lon:.6f},{point.lat:.6f} lies outside its beat")


def calls_own_beat(services: Services, asked: Asked[Any], kind: str, area: str | None) -> None:
    """Refuse a post that calls, or ends a call, in any other area than a beat of its own, which it names."""
    if is_post(asked) and (kind != "beat" or area not in beats_of(services, asked.who.account.platform)):
        raise _refusal(asked, "it calls its own beat and no other area; the command centre calls those")


def _refusal(asked: Asked[Any], why: str) -> Refusal:
    account = asked.who.account
    return Refusal("not-allowed", f"{account.name} is the desk of platform {account.platform}: {why}")
