"""How far a device's clock is off, from when its reports arrive.

A report cannot arrive before it was measured, and some of every device's reports arrive at once; so the smallest difference
``received - measured`` among the latest reports is the offset of the clock plus the network's shortest delay. It is used only
when several reports agree on it (a device that empties its queue shows a wide spread) and only when it is more than the delay
of a network could be.
"""

from collections import deque
from itertools import pairwise
from typing import Final

from kuaijing.measures.instants import SECOND, Instant

LATEST: Final = 20
AGREEING: Final = 4
SPREAD: Final = int(1.5 * SECOND)


class DeviceClock:
    """The clock of one device."""

    __slots__ = ("_bound", "_deadband", "_differences", "offset")

    def __init__(self, deadband_s: float, bound_s: float) -> None:
        self._differences: deque[int] = deque(maxlen=LATEST)
        self._deadband, self._bound = deadband_s * SECOND, bound_s * SECOND
        self.offset = 0
        """Microseconds to add to the device's time to have ours."""

    def note(self, measured_at: Instant, received_at: Instant) -> None:
        """Learn from one report."""
        self._differences.append(received_at - measured_at)
        lowest = min(self._differences)
        if abs(lowest) <= self._deadband:
            self.offset = 0
            return
        agreeing = sum(1 for difference in self._differences if difference - lowest <= SPREAD)
        if agreeing >= AGREEING and abs(lowest) <= self._bound and not self._emptying():
            self.offset = lowest

    def ours(self, measured_at: Instant) -> Instant:
        """The device's time on our clock."""
        return Instant(measured_at + self.offset)

    def _emptying(self) -> bool:
        """A queue being emptied: the differences shrink from report to report, since they were sent faster than measured."""
        steps = [later - before for before, later in pairwise(list(self._differences)[-AGREEING:])]
        return all(step < -SECOND // 4 for step in steps)
