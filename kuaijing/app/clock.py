"""The city's clock: the only one that anything in the process asks for the time.

In service it is the wall's. A demo may start it anywhere and run it faster; then one second of the wall is ``speed`` of the city.
It never stands still or goes back: where the machine's own clock is set back, the city's waits for it, counting single microseconds.
"""

import time
from collections.abc import Callable

from kuaijing.measures.instants import Instant


class CityClock:
    """City time from the wall's, ``speed`` times as fast since ``start``."""

    def __init__(
        self, speed: float = 1.0, start: Instant | None = None, *, wall_ns: Callable[[], int] = time.time_ns
    ) -> None:
        if not 0 < speed <= 3600:
            raise ValueError(f"speed {speed} is not above 0 and at most 3600")
        self.speed = speed
        self._wall_ns = wall_ns
        self._from_ns = wall_ns()
        self._start = self._from_ns // 1000 if start is None else int(start)
        self._last = 0

    def now(self) -> Instant:
        """This moment; later than every moment told before."""
        passed_ns = self._wall_ns() - self._from_ns
        moment = self._start + (passed_ns // 1000 if self.speed == 1.0 else int(passed_ns * self.speed) // 1000)
        self._last = max(moment, self._last + 1)
        return Instant(self._last)
