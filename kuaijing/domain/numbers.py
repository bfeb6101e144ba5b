"""Numbers given out: ``20261121-0042`` is the 42nd incident of that city-local day, ``c20261121-0042`` the 42nd call.

Which day it is, is the engine's to know; here is only kept what has been given, so that nothing is given twice.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Numbers:
    """Highest number given out per day, for the newest days only."""

    incidents: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)


DAYS_KEPT = 3
"""A number of an older day is never given any more; three days cover any zone and a clock set back."""


class NumbersDraft:
    """Numbers while events are applied."""

    def __init__(self, base: Numbers) -> None:
        self._base = base
        self._incidents: dict[str, int] | None = None
        self._calls: dict[str, int] | None = None

    def incident_given(self, incident: str) -> None:
        """``incident`` was opened; an identifier of another form counts nothing."""
        if self._incidents is None:
            self._incidents = dict(self._base.incidents)
        _count(self._incidents, incident)

    def call_given(self, call: str) -> None:
        """``call`` was taken."""
        if self._calls is None:
            self._calls = dict(self._base.calls)
        _count(self._calls, call.removeprefix("c"))

    def frozen(self) -> Numbers:
        """What stands after the events."""
        if self._incidents is None and self._calls is None:
            return self._base
        return Numbers(
            self._base.incidents if self._incidents is None else self._incidents,
            self._base.calls if self._calls is None else self._calls,
        )


def _count(given: dict[str, int], identifier: str) -> None:
    day, _, number = identifier.partition("-")
    if len(day) == 8 and day.isdecimal() and number.isdecimal():
        given[day] = max(given.get(day, 0), int(number))
        for old in sorted(given)[:-DAYS_KEPT]:
            del given[old]
