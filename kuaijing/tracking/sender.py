"""What is remembered of one device while its reports are judged: its clock, the order of its reports, where it went, how good it is.

One ``Sender`` a device of the register; where the unit itself is the sender, one a source of the unit. A device that is moved
to another unit keeps its clock and its counts and forgets the rest. Nothing here judges: see ``steps``.
"""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from typing import Final

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.tracking.crs_suspicion import CrsEvidence
from kuaijing.tracking.device_clock import DeviceClock
from kuaijing.tracking.reports import NEVER, Report
from kuaijing.tracking.thresholds import Thresholds

RECENT: Final = 64
"""So many moments of a device's newest reports are known again; a terminal repeats what was not acknowledged."""
STORED_MOMENTS: Final = 200_000
"""The same for late and stored reports, of all devices together."""
_WEIGHT: Final = 0.25

SenderKey = str | tuple[str, str]


def sender_key(report: Report) -> SenderKey:
    """The device, else the unit with the source that it named."""
    return report.device or (report.unit, report.source)


@dataclass(slots=True)
class Trail:
    """Where a device has been, as far as it is believed."""

    lon: float
    lat: float
    at: Instant
    jumped_to: tuple[float, float, Instant] | None = None
    """Where the last report was that was refused as a jump."""
    jumps: int = 0
    """How many such reports in a row agree with one another."""

    def move(self, lon: float, lat: float, at: Instant) -> None:
        """It was believed to be there."""
        self.lon, self.lat, self.at = lon, lat, at
        if self.jumps:
            self.jumped_to, self.jumps = None, 0


@dataclass(slots=True)
class Sender:
    """One device as it reports for one unit."""

    device: str
    source: str
    unit: str
    unit_class: str
    clock: DeviceClock
    accepted: int = 0
    others: Counter[str] = field(default_factory=Counter)
    """Reports that moved nothing, by the name of the reason."""
    last_received: Instant = NEVER
    last_measured: Instant | None = None
    newest_device_time: Instant | None = None
    """``measured_at`` of the newest believed report, on the device's own clock."""
    recent: deque[Instant] = field(default_factory=lambda: deque(maxlen=RECENT))
    """Moments of the newest reports, on the device's own clock."""
    late_run: list[int] = field(default_factory=list)
    """``received - measured`` of late reports, one after the other, that came in their own order."""
    late_newest: Instant = NEVER
    late_from: Instant = NEVER
    live: Trail | None = None
    stored: Trail | None = None
    """Of the positions that the device had kept while it had no link."""
    every_s: float | None = None
    """Usual seconds from one believed report to the next; ``None`` before the second."""
    accuracy_m: float | None = None
    """Usual accuracy, where it states one."""
    better: int = 0
    """How many reports in a row were better than the speaking device's."""
    far: int = 0
    """Above nought: so many in a row were far from the speaking device's; below: so many near."""
    conflict: "Sender | None" = None
    crs: CrsEvidence = field(default_factory=CrsEvidence)

    @property
    def name(self) -> str:
        """As the facts call it."""
        return self.device or f"{self.source}/{self.unit}"

    def begin_anew(self, unit: str, unit_class: str) -> None:
        """It reports for another unit now, or the unit is of another class."""
        self.unit, self.unit_class = unit, unit_class
        self.settle_conflict()
        self.live = self.stored = self.every_s = self.accuracy_m = None
        self.better = self.far = 0
        self.last_measured = None
        self.crs = CrsEvidence()
        self.forget_order()

    def forget_order(self) -> None:
        """Its clock was set: its earlier moments say nothing of what is newer."""
        self.newest_device_time = None
        self.recent.clear()
        self.late_run.clear()

    def settle_conflict(self) -> None:
        """It and the other no longer contradict each other."""
        other, self.conflict = self.conflict, None
        if other is not None and other.conflict is self:
            other.conflict = None

    def note_quality(self, at: Instant, accuracy_m: float | None) -> None:
        """Learn how often and how exactly it reports; before ``last_measured`` is moved."""
        if self.last_measured is not None:
            passed = (at - self.last_measured) / SECOND
            self.every_s = passed if self.every_s is None else self.every_s + _WEIGHT * (passed - self.every_s)
        if accuracy_m is not None:
            usual = self.accuracy_m
            self.accuracy_m = accuracy_m if usual is None else usual + _WEIGHT * (accuracy_m - usual)


class StoredMoments:
    """Moments of late and stored reports of all devices, the oldest forgotten first: a batch that is sent twice is known again."""

    def __init__(self, most: int = STORED_MOMENTS) -> None:
        self._most = most
        self._moments: OrderedDict[tuple[SenderKey, Instant], None] = OrderedDict()

    def is_known(self, key: SenderKey, moment: Instant) -> bool:
        """Whether it has come before; remembers it."""
        pair = (key, moment)
        if pair in self._moments:
            self._moments.move_to_end(pair)
            return True
        self._moments[pair] = None
        if len(self._moments) > self._most:
            self._moments.popitem(last=False)
        return False


def new_sender(report: Report, unit_class: str, thresholds: Thresholds) -> Sender:
    """Nothing is known of it yet."""
    clock = DeviceClock(thresholds.clock_deadband_s, thresholds.clock_bound_s)
    return Sender(report.device, report.source, report.unit, unit_class, clock)
