"""Where an incident is, with what the ground and the plan in force say of that place at that moment.

The engine's shell asks the ground and the plan (the *survey*) and hands the answer in with the command; nothing here looks it up.
"""

from dataclasses import dataclass

from kuaijing.measures.points import Point


@dataclass(frozen=True, slots=True)
class Place:
    """A surveyed place: frozen into the incident when it is opened."""

    point: Point
    text: str
    """As the caller or the dispatcher named it; at most 200 characters."""
    tier: str
    """Identifier of the response tier that holds there at that hour: ``key``, ``second``, ``rest`` or the plan's own."""
    tier_limit_s: float
    beat: str | None
    road: str
    """Name of the nearest street, empty where it has none."""
    off_road_m: float | None
    """Distance to the nearest street that a car can use; ``None`` beyond 500 m."""
    inside_city: bool
    """Whether the place lies within the served ground; an incident outside is taken, marked, never refused."""
