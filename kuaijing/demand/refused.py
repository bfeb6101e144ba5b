"""Every reason this room refuses a question; each names the thing, the value found and what to do."""

from pathlib import Path


class DemandError(ValueError):
    """A question about demand that cannot be answered as asked."""


class NoHistory(DemandError):
    """No incident of the history counts towards demand."""

    def __init__(self, given: int, left_out: int, outside: int) -> None:
        super().__init__(given, left_out, outside)
        self.given, self.left_out, self.outside = given, left_out, outside

    def __str__(self) -> str:
        return (
            f"no incident to learn demand from: {self.given} given, {self.left_out} found by officers themselves, "
            f"{self.outside} outside the grid; give a history of this city or let street length stand in"
        )


class FaultyHistory(DemandError):
    """The history's arrays do not fit each other or hold an impossible figure; the message names the row."""


class DamagedDemand(DemandError):
    """A demand document cannot be read; compute it again from the history."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(path, fault)
        self.path, self.fault = path, fault

    def __str__(self) -> str:
        return f"demand document {self.path}: {self.fault}; compute it again from the history"
