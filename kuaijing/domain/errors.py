"""Why the core refuses: small classes that name the thing, the value found, the value wanted and what to do.

``category`` says what sort of refusal it is, so that a door can answer without knowing every class; ``fields`` lists the
faults one by one, ``current`` tells what stands now where somebody else was quicker. Nothing here knows HTTP.
"""
# ruff: noqa: D102  (``fields`` and ``current`` of a subclass are documented at ``DomainError``)

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Category = Literal["missing", "conflict", "invalid", "unavailable"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a command."""

    field: str
    value: str
    problem: str
    remedy: str


class DomainError(Exception):
    """A command that was refused; nothing of it was applied."""

    category: ClassVar[Category] = "invalid"

    def fields(self) -> tuple[Fault, ...]:
        """Every fault, by field."""
        return (Fault("", "", str(self), ""),)

    def current(self) -> dict[str, object]:
        """What stands now, for a conflict; empty otherwise."""
        return {}


class Unknown(DomainError):
    """Something is named that the core does not hold."""

    category = "missing"
    thing: ClassVar[str] = "thing"

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        return f"{self.thing} {self.value!r} is not known; fetch the picture again and name one that it holds"

    def fields(self) -> tuple[Fault, ...]:
        return (Fault(self.thing, self.value, "not known", "name one that the picture holds"),)


class UnknownIncident(Unknown):
    """No such incident."""

    thing = "incident"


class UnknownUnit(Unknown):
    """No such unit in the force."""

    thing = "unit"


class UnknownAssignment(Unknown):
    """No such assignment."""

    thing = "assignment"


class UnknownCall(Unknown):
    """No such call."""

    thing = "call"


class UnknownClosure(Unknown):
    """No such closure in force."""

    thing = "closure"


class UnknownCommand(DomainError):
    """No slice answers to this type of command: a fault of the program, not of who asked."""

    def __init__(self, type_name: str) -> None:
        super().__init__(type_name)
        self.type_name = type_name

    def __str__(self) -> str:
        return f"no slice of the domain decides {self.type_name}; register it in domain/registry.py"


class UnitTaken(DomainError):
    """The unit is no longer as the dispatcher saw it. Order it again with ``current``'s version, or queue, or divert."""

    category = "conflict"

    def __init__(
        self,
        unit: str,
        call_sign: str,
        seen: int,
        version: int,
        status: str,
        change: str,
        incident: str | None,
        offers: tuple[str, ...],
    ) -> None:
        super().__init__(unit, seen, version, status, change, incident, offers)
        self.unit, self.call_sign, self.seen, self.version = unit, call_sign, seen, version
        self.status, self.change, self.incident, self.offers = status, change, incident, offers

    def __str__(self) -> str:
        holds = f" for incident {self.incident}" if self.incident else ""
        offers = f"order it again with mode {' or '.join(self.offers)}" if self.offers else "choose another unit"
        seen = f"version {self.seen} was seen, it is now at {self.version}: " if self.seen != self.version else "it is "
        return f"unit {self.call_sign} ({self.unit}): {seen}{self.status}{holds}, last change {self.change}; {offers}"

    def fields(self) -> tuple[Fault, ...]:
        return (Fault(f"unit:{self.unit}", str(self.seen), str(self), ", ".join(self.offers) or "choose another unit"),)

    def current(self) -> dict[str, object]:
        return {
            "unit": self.unit,
            "call_sign": self.call_sign,
            "version": self.version,
            "status": self.status,
            "incident": self.incident,
            "change": self.change,
            "offers": list(self.offers),
        }


class StaleIncident(DomainError):
    """The incident has changed since it was looked at."""

    category = "conflict"

    def __init__(self, incident: str, seen: int, version: int, status: str) -> None:
        super().__init__(incident, seen, version, status)
        self.incident, self.seen, self.version, self.status = incident, seen, version, status

    def __str__(self) -> str:
        return (
            f"incident {self.incident} was seen at version {self.seen}, it is now at {self.version} ({self.status}); "
            "look again and repeat what still holds"
        )

    def fields(self) -> tuple[Fault, ...]:
        return (Fault("version", str(self.seen), f"the incident is at {self.version}", "look again and repeat"),)

    def current(self) -> dict[str, object]:
        return {"incident": self.incident, "version": self.version, "status": self.status}


class StaleUnit(DomainError):
    """The unit has changed since it was looked at."""

    category = "conflict"

    def __init__(self, unit: str, seen: int, version: int, status: str) -> None:
        super().__init__(unit, seen, version, status)
        self.unit, self.seen, self.version, self.status = unit, seen, version, status

    def __str__(self) -> str:
        return (
            f"unit {self.unit} was seen at version {self.seen}, it is now at {self.version} ({self.status}); "
            "look again and repeat what still holds"
        )

    def fields(self) -> tuple[Fault, ...]:
        return (Fault("version", str(self.seen), f"the unit is at {self.version}", "look again and repeat"),)

    def current(self) -> dict[str, object]:
        return {"unit": self.unit, "version": self.version, "status": self.status}


class NotAllowed(DomainError):
    """What is asked does not go with how things stand."""

    category = "conflict"

    def __init__(self, thing: str, value: str, status: str, wanted: str, remedy: str) -> None:
        super().__init__(thing, value, status, wanted, remedy)
        self.thing, self.value, self.status, self.wanted, self.remedy = thing, value, status, wanted, remedy

    def __str__(self) -> str:
        return f"{self.thing} {self.value} is {self.status}, wanted: {self.wanted}; {self.remedy}"

    def fields(self) -> tuple[Fault, ...]:
        return (Fault(self.thing, self.value, f"is {self.status}, wanted: {self.wanted}", self.remedy),)

    def current(self) -> dict[str, object]:
        return {self.thing: self.value, "status": self.status}


class UnitOffDuty(NotAllowed):
    """The unit's status forbids sending it."""

    def __init__(self, unit: str, call_sign: str, status: str) -> None:
        super().__init__(
            "unit", unit, status, "on duty and in service", f"set {call_sign} available first or choose another unit"
        )


class DuplicateOrder(NotAllowed):
    """The unit is on this incident already."""

    def __init__(self, unit: str, incident: str, assignment: str) -> None:
        super().__init__(
            "unit", unit, f"already on {incident} by {assignment or 'this very order'}", "not on it", "leave it out"
        )


class AlreadyEnded(NotAllowed):
    """The incident or assignment has ended."""

    def __init__(self, thing: str, value: str, status: str, remedy: str) -> None:
        super().__init__(thing, value, status, "still running", remedy)


class MergeCycle(NotAllowed):
    """An incident cannot become part of itself, by whatever way round."""

    def __init__(self, incident: str, into: str) -> None:
        super().__init__(
            "incident", into, f"{incident} itself or part of it", "another incident", "name another, or unmerge first"
        )


class IdentifierTaken(NotAllowed):
    """A new thing was given an identifier that another has."""

    def __init__(self, thing: str, value: str) -> None:
        super().__init__(thing, value, "in use", "a new identifier", "leave it empty and one is given")


class Invalid(DomainError):
    """A value that no state of things would make right."""

    def __init__(self, field: str, value: str, problem: str, remedy: str) -> None:
        super().__init__(field, value, problem, remedy)
        self.field, self.value, self.problem, self.remedy = field, value, problem, remedy

    def __str__(self) -> str:
        return f"{self.field} {self.value!r}: {self.problem}; {self.remedy}"

    def fields(self) -> tuple[Fault, ...]:
        return (Fault(self.field, self.value, self.problem, self.remedy),)


class ReasonRequired(Invalid):
    """Somebody chose, and the log must say why."""

    def __init__(self, command: str) -> None:
        super().__init__("reason", "", f"{command} needs a reason", "give one in a few words")


class GradeUnknown(Invalid):
    """Grades are 1 (most urgent) to 4."""

    def __init__(self, grade: int) -> None:
        super().__init__("grade", str(grade), "grades are 1, 2, 3 and 4", "give one of them")


class ValueUnknown(Invalid):
    """A word outside a closed vocabulary."""

    def __init__(self, field: str, value: str, wanted: Sequence[str]) -> None:
        super().__init__(field, str(value), "not one of the words known", f"give one of {', '.join(wanted)}")


class TextTooLong(Invalid):
    """A text beyond what its field holds."""

    def __init__(self, field: str, length: int, most: int, beginning: str) -> None:
        super().__init__(field, beginning, f"{length} characters, {most} at most", "shorten it")
        self.length, self.most = length, most


class TextUnreadable(Invalid):
    """A text with characters that no text has: control characters or half a surrogate pair."""

    def __init__(self, field: str, value: str, character: str) -> None:
        super().__init__(field, value, f"holds U+{ord(character):04X}, which is no character of a text", "take it out")


class Refused(DomainError):
    """Several faults at once; nothing was applied. One fault alone is raised as itself."""

    def __init__(self, errors: Sequence[DomainError]) -> None:
        super().__init__(*errors)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return f"{len(self.errors)} faults: " + " | ".join(str(error) for error in self.errors)

    @property
    def category(self) -> Category:  # type: ignore[override]
        """Invalid where any fault is, then missing; a conflict where looking again would help with all."""
        found = {error.category for error in self.errors}
        order: tuple[Category, ...] = ("invalid", "missing", "conflict", "unavailable")
        return next(category for category in order if category in found)

    def fields(self) -> tuple[Fault, ...]:
        return tuple(fault for error in self.errors for fault in error.fields())

    def current(self) -> dict[str, object]:
        return {"all": [error.current() for error in self.errors if error.current()]}


def refuse_all(errors: Sequence[DomainError]) -> None:
    """Raise what is there to raise: nothing, the one error itself, or all of them together."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Refused(errors)
