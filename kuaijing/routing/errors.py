"""Every reason this room refuses a question; each names the thing, the value found and what to do."""

from collections.abc import Sequence


class RoutingError(ValueError):
    """A question about the roads that cannot be answered as asked."""


class UnknownUnitClass(RoutingError):
    """No unit class of that name drives on the roads."""

    def __init__(self, found: str, known: Sequence[str]) -> None:
        super().__init__(found, known)
        self.found, self.known = found, tuple(known)

    def __str__(self) -> str:
        more = "; a drone flies straight, see routing.flight" if self.found == "drone" else ""
        return f"unit class {self.found!r} is unknown; known are {', '.join(self.known)}{more}"


class NoRoadsForClass(RoutingError):
    """The city has no road at all that the class may use."""

    def __init__(self, unit_class: str) -> None:
        super().__init__(unit_class)
        self.unit_class = unit_class

    def __str__(self) -> str:
        return f"the city has no road that a {self.unit_class} may use; import it again from a source with such roads"


class NodeOutOfRange(RoutingError):
    """A node (or arc) number that the graph does not have."""

    def __init__(self, what: str, found: object, count: int) -> None:
        super().__init__(what, found, count)
        self.what, self.found, self.count = what, found, count

    def __str__(self) -> str:
        return f"{self.what} {self.found} is not in the graph; wanted 0 to {self.count - 1}"


class LimitOutOfRange(RoutingError):
    """A time limit that no search can have."""

    def __init__(self, found: object) -> None:
        super().__init__(found)
        self.found = found

    def __str__(self) -> str:
        return f"limit_ms must be a number of milliseconds of at least 1, got {self.found!r}"


class FirstOutOfRange(RoutingError):
    """A number of units to look for that makes no sense."""

    def __init__(self, found: object) -> None:
        super().__init__(found)
        self.found = found

    def __str__(self) -> str:
        return f"first must be None or a whole number of at least 1, got {self.found!r}"


class ShapeMismatch(RoutingError):
    """Two arrays that must have one row per unit (or arc) have not."""


class ForeignWeights(RoutingError):
    """Weights were made for another graph than the one searched."""


class BadClosure(RoutingError):
    """A closure with an impossible factor or an arc that the city does not have."""


class BadProfile(RoutingError):
    """A driving profile with faults; all of them are listed."""

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        super().__init__(source, faults)
        self.source, self.faults = source, tuple(faults)

    def __str__(self) -> str:
        return f"{self.source}: {len(self.faults)} fault(s):\n" + "\n".join(f"- {fault}" for fault in self.faults)
