"""What planning refuses, by name. Each message names the thing, the value found and what to do."""


class PlanningError(ValueError):
    """Base of all refusals of this room."""


class ShapeMismatch(PlanningError):
    """Arrays do not fit together, or have the wrong number of dimensions."""


class OutOfRange(PlanningError):
    """A figure is outside what the method can take."""


class NotANumber(PlanningError):
    """A matrix or vector holds NaN, or a negative entry where only figures >= 0 make sense."""


class Unreachable(PlanningError):
    """Some clients are reached by no site at all, or not by so few sites; ``clients`` are their indices."""

    def __init__(self, message: str, clients: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.clients = clients


class Disconnected(PlanningError):
    """The adjacency has more separate pieces than there are districts to cut."""
