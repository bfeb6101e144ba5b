"""Clock arithmetic that every slice shares: intervals, and clocks that are set once."""

from collections.abc import Iterable
from dataclasses import dataclass

from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class Interval:
    """An instant known only to lie between two others, such as an arrival between two fixes."""

    earliest: Instant
    latest: Instant


def first_interval(intervals: Iterable[Interval | None]) -> Interval | None:
    """Interval of the first of several uncertain instants: the earliest of each bound. ``None`` where there is none."""
    known = [interval for interval in intervals if interval is not None]
    if not known:
        return None
    return Interval(min(each.earliest for each in known), min(each.latest for each in known))


def first_instant(instants: Iterable[Instant | None]) -> Instant | None:
    """The earliest that is known."""
    return min((instant for instant in instants if instant is not None), default=None)


def within(at: Instant, earliest: Instant | None, latest: Instant) -> Instant:
    """A device's time, moved only as far as it must be to be possible: not before ``earliest`` nor after ``latest``."""
    if earliest is not None and at < earliest:
        at = earliest
    return min(at, latest)
