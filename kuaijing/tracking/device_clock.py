"""How far a device's clock is off, from when its reports arrive.

A report cannot arrive before it was measured, and some of every device's reports arrive at once; so the smallest difference
``received - measured`` among the latest reports is the offset of the clock plus the network's shortest delay. It is used only
when several reports agree on it (a device that empties its queue shows a wide spread) and only when it is more than the delay
of a network could be. A clock that is hours off (the wrong time zone, a lost year) looks like a queue of old positions: that
is believed only when reports have agreed on it for half a minute, two minutes where the clock had been seen to be right.
"""

from collections import deque
from itertools import pairwise
from typing import Final

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.tracking.reports import NEVER

LATEST: Final = 20
AGREEING: Final = 4
SPREAD: Final = int(1.5 * SECOND)
FAR_AGREEING: Final = 10
FAR_FOR: Final = 30 * SECOND
FAR_FOR_SOUND: Final = 120 * SECOND
BACK_FOR: Final = 10 * SECOND


class DeviceClock:
    """The clock of one device."""

    __slots__ = ("_bound", "_deadband", "_differences", "_prompt", "_run", "_run_from", "_run_of", "offset")

    def __init__(self, deadband_s: float, bound_s: float) -> None:
        self._differences: deque[int] = deque(maxlen=LATEST)
        self._deadband, self._bound = deadband_s * SECOND, bound_s * SECOND
        self._prompt = 0
        self._run, self._run_of, self._run_from = 0, 0, NEVER
        """How many reports in a row agree, on which difference, since when."""
        self.offset = 0
        """Microseconds to add to the device's time to have ours."""

    @property
    def is_sound(self) -> bool:
        """It has been seen to be right: reports came as soon as they were measured."""
        return self.offset == 0 and self._prompt >= AGREEING

    def note(self, measured_at: Instant, received_at: Instant) -> bool:
        """Learn from one report that was sent when it was measured; whether it shows that the clock has been set."""
        difference = received_at - measured_at
        if self._run and abs(difference - self._run_of) <= SPREAD:
            self._run += 1
        else:
            self._run, self._run_of, self._run_from = 1, difference, received_at
        self._differences.append(difference)
        lowest = min(self._differences)
        if abs(lowest) <= self._deadband and abs(difference) <= self._deadband:
            self._prompt += 1
        if abs(difference) > self._bound or abs(self.offset) > self._bound:
            return self._far(difference, received_at)
        if abs(lowest) <= self._deadband:
            self.offset = 0
            return False
        agreeing = sum(1 for known in self._differences if known - lowest <= SPREAD)
        if agreeing >= AGREEING and abs(lowest) <= self._bound and not self._emptying():
            self.offset = lowest
        return False

    def set_anew(self, differences: list[int], received_at: Instant) -> None:
        """The clock was set: only what was measured since counts."""
        self._differences.clear()
        self._differences.extend(differences)
        self._prompt = 0
        self._run, self._run_of, self._run_from = len(differences), differences[-1] if differences else 0, received_at
        lowest = min(differences, default=0)
        self.offset = 0 if abs(lowest) <= self._deadband else lowest

    def ours(self, measured_at: Instant) -> Instant:
        """The device's time on our clock."""
        return Instant(measured_at + self.offset)

    def _far(self, difference: int, received_at: Instant) -> bool:
        """The clock is hours off, or was: the reports in a row that agree are believed once there are enough of them."""
        run = list(self._differences)[-min(self._run, LATEST) :]
        lasted = received_at - self._run_from
        if abs(difference) > self._bound:
            believed = self._run >= FAR_AGREEING and lasted >= (FAR_FOR_SOUND if self.is_sound else FAR_FOR)
        else:
            believed = self._run >= AGREEING and lasted >= BACK_FOR
        if not believed:
            return False
        was_set = abs(min(run) - self.offset) > self._bound
        self.set_anew(run, self._run_from)
        return was_set

    def _emptying(self) -> bool:
        """A queue being emptied: the differences shrink from report to report, since they were sent faster than measured."""
        steps = [later - before for before, later in pairwise(list(self._differences)[-AGREEING:])]
        return all(step < -SECOND // 4 for step in steps)
