"""What is wrong with a plan document, fault by fault: the file, the feature or row, the field, the value, what to do."""

import reprlib
from dataclasses import dataclass, field
from typing import Final

MOST_LISTED: Final = 2_000
"""A file of another kind altogether would give one fault a line; beyond this they are counted only."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    file: str
    where: str
    """``feature 3 (key)``, ``row 12 (U-101)``, ``kinds[4]``; empty for the whole file."""
    field: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.file, self.where, self.field) if part)
        shown = f" (found {self.value!r})" if self.value else ""
        return f"{place}: {self.problem}{shown}; {self.remedy}"


class PlanRefused(ValueError):
    """A plan document has faults; nothing of it was applied. All are in ``faults``."""

    def __init__(self, faults: tuple[Fault, ...], left_out: int = 0) -> None:
        super().__init__(faults, left_out)
        self.faults, self.left_out = faults, left_out

    def __str__(self) -> str:
        more = f"\n... and {self.left_out} more" if self.left_out else ""
        count = len(self.faults) + self.left_out
        return f"plan document refused, {count} fault(s):\n" + "\n".join(map(str, self.faults)) + more


@dataclass(slots=True)
class Faults:
    """Collects faults while reading goes on."""

    found: list[Fault] = field(default_factory=list)
    left_out: int = 0

    def add(self, file: str, where: str, field: str, value: object, problem: str, remedy: str) -> None:
        """Note one fault."""
        if len(self.found) >= MOST_LISTED:
            self.left_out += 1
            return
        plain = isinstance(value, str | int | float)
        text = "" if value is None else str(value) if plain else reprlib.repr(value)  # a nested value may be a bomb
        self.found.append(
            Fault(file, _sayable(where), _sayable(field), _sayable(text)[:120], _sayable(problem), remedy)
        )

    def refuse_if_any(self) -> None:
        """Raise ``PlanRefused`` with all of them."""
        if self.found:
            raise PlanRefused(tuple(self.found), self.left_out)


def _sayable(text: str) -> str:
    """Half a surrogate pair out of a JSON escape cannot be written anywhere."""
    return text.encode("utf-8", "backslashreplace").decode()
