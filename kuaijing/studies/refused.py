"""The one error of this room: what was asked cannot be answered, or what was given cannot be used."""

from collections.abc import Sequence


class StudyRefused(ValueError):
    """Names the thing, the value found and the remedy; ``faults`` lists every single one where there are several."""

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)
