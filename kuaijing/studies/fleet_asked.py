"""What may be asked of platforms and force: every figure within its bounds, an unknown name refused."""

from typing import Annotated, TypeVar

import msgspec

from kuaijing.studies.refused import StudyRefused

A = TypeVar("A", bound=msgspec.Struct)
_Count = Annotated[int, msgspec.Meta(ge=0, le=5000)]
_Slower = Annotated[float, msgspec.Meta(ge=0.2, le=10)]
_Place = tuple[Annotated[float, msgspec.Meta(ge=-180, le=180)], Annotated[float, msgspec.Meta(ge=-90, le=90)]]


class FleetAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A placing."""

    units: dict[str, _Count] | None = None
    """By class; today's force where not given."""
    platforms: _Count | None = None
    """At most so many places; today's number where not given, 0 for any number."""
    per_platform: dict[str, _Count] | None = None
    """Units of a class that one place takes."""
    keep: list[str] = []
    """Today's platforms that stay with the vehicles that they have."""
    every_junction: bool = False
    sites: list[_Place] | None = None
    """Given candidates, longitude and latitude, instead of one in each block."""
    hours: tuple[int, int] | None = None
    """Only these hours of the day count, from and until; the mean of the week where not given."""
    incidents_per_day: Annotated[float, msgspec.Meta(gt=0, le=100_000)] | None = None
    """Needed where no history is known: street length says only where, not how many."""
    slower: _Slower = 1.0
    """Drives take so many times as long: the traffic of those hours."""
    seconds: Annotated[float, msgspec.Meta(ge=0, le=600)] = 20.0


class ForceAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least force."""

    unit_class: str
    target: Annotated[dict[str, float], msgspec.Meta(min_length=1)]
    """Share by tier that is to be attained."""
    fleet: FleetAsked = FleetAsked()
    """The other classes and where units may stand."""
    most: Annotated[int, msgspec.Meta(ge=1, le=5000)] = 200


class DayAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same force through the day."""

    fleet: FleetAsked = FleetAsked()
    slower: list[_Slower] | None = None
    """Of each period; all as ``fleet.slower`` where not given."""


def bounded(asked: A) -> A:
    """The question itself, whoever made it, with every figure within its bounds. Raises ``StudyRefused`` naming what is not."""
    try:
        return msgspec.convert(msgspec.to_builtins(asked), type(asked))
    except msgspec.ValidationError as error:
        raise StudyRefused(f"{error}; give a figure within these bounds") from None
