"""How the single writer does: commands, group commits, and how long a caller waited for its answer. For ``/metrics``; counts only."""

from bisect import bisect_left
from typing import Final

ACK_BOUNDS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Figures:
    """Since the start."""

    def __init__(self) -> None:
        self.commits = 0
        self.answered = 0
        """Commands that were answered by a receipt."""
        self.refused = 0
        self.waited_s = 0.0
        self.buckets = [0] * (len(ACK_BOUNDS_S) + 1)
        """Receipts by how long their caller waited; the last one is beyond every bound."""

    def note_answer(self, waited_s: float) -> None:
        """A receipt was given after so long."""
        self.answered += 1
        self.waited_s += waited_s
        self.buckets[bisect_left(ACK_BOUNDS_S, waited_s)] += 1
