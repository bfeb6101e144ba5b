"""Which stretch of time is replayed: a stated one, an incident's with a little around it, or a unit's hours.

What makes no sense is refused by name, with what the log does hold.
"""

from dataclasses import dataclass
from typing import Final

from kuaijing.domain.errors import DomainError, Fault, Invalid
from kuaijing.domain.incidents import Incident
from kuaijing.measures.instants import SECOND, Instant, after, to_datetime

LONGEST_S: Final = 7 * 86_400.0
"""A week: what is wound is held in memory."""
AROUND_S: Final = 120.0
"""Shown before an incident's call and after its end."""


@dataclass(frozen=True, slots=True)
class Period:
    """From ``begin`` to ``until``, both included."""

    begin: Instant
    until: Instant


class NothingRecorded(DomainError):
    """The log holds nothing of that period."""

    category = "missing"

    def __init__(self, period: Period, first: Instant | None, last: Instant | None) -> None:
        super().__init__(period, first, last)
        self.period, self.first, self.last = period, first, last

    def __str__(self) -> str:
        return f"nothing was recorded from {_told(self.period.begin)} to {_told(self.period.until)}; {self._holds()}"

    def fields(self) -> tuple[Fault, ...]:
        """The period as it was asked for."""
        asked = f"{_told(self.period.begin)} to {_told(self.period.until)}"
        return (Fault("from, to", asked, "lies outside the log", self._holds()),)

    def _holds(self) -> str:
        if self.first is None or self.last is None:
            return "the log is empty"
        return f"the log goes from {_told(self.first)} to {_told(self.last)}"


def stated_period(begin: Instant, until: Instant, now: Instant) -> Period:
    """The stretch asked for, ending now where it would go on. Raises ``Invalid``."""
    if begin >= until:
        raise Invalid(
            "from, to", f"{_told(begin)} to {_told(until)}", "ends before it begins", "give the earlier first"
        )
    if begin >= now:
        raise Invalid("from", _told(begin), f"not yet come (it is {_told(now)})", "choose a time that has passed")
    until = min(until, now)
    if until - begin > LONGEST_S * SECOND:
        days = (until - begin) / SECOND / 86_400
        raise Invalid("from, to", f"{days:.1f} days", "longer than 7 days", "replay it in parts")
    return Period(begin, until)


def period_of_incident(incident: Incident, now: Instant) -> Period:
    """From shortly before the call to shortly after the end, or to now while it runs."""
    ended = after(incident.ended_at, AROUND_S) if incident.ended_at is not None else now
    begin = after(min(incident.called_at, incident.opened_at), -AROUND_S)
    return stated_period(max(begin, after(min(ended, now), -LONGEST_S)), ended, now)


def period_of_unit(now: Instant, hours: float = 12.0) -> Period:
    """A unit's last shift, where no time was given."""
    return stated_period(after(now, -hours * 3600), now, now)


def _told(at: Instant) -> str:
    return to_datetime(at).isoformat(timespec="seconds")
