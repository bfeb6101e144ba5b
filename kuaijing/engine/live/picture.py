"""Where the units are, judged and watched: reports in, newest fixes out, and what they mean as commands to the core.

``take`` judges a batch at once and never waits for the core; what the detectors find (arrived, contact lost or regained) is
submitted by the task ``run`` in the order in which it was found, and again while the core cannot write: a measured arrival is
evidence. ``run`` looks for silence once a second of the city's time. Alerts are made from the state by ``wire.alerts``, the stale flag from
the table's view.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from kuaijing.domain.commands import Command, Context, RecordArrival, RecordContact
from kuaijing.domain.errors import DomainError
from kuaijing.engine.live.contacts import Contacts
from kuaijing.engine.live.watches import Watches
from kuaijing.engine.recorded import Picture, Receipt
from kuaijing.measures.instants import Instant
from kuaijing.routing.network import Network
from kuaijing.tracking.live_table import LiveTable, LiveView
from kuaijing.tracking.pipeline import Judgement, Pipeline
from kuaijing.tracking.reports import Report
from kuaijing.tracking.thresholds import DEFAULT_THRESHOLDS, Thresholds

_log = logging.getLogger(__name__)
_ACTOR: Final = "tracking"
_RETRY_S: Final = 0.5
_SHORTEST_TICK_S: Final = 0.05


class Core(Protocol):
    """What is asked of the engine."""

    @property
    def picture(self) -> Picture:
        """The city now."""

    async def submit(self, command: Command, context: Context) -> Receipt:
        """After the commit."""


class Clock(Protocol):
    """The city's clock."""

    @property
    def speed(self) -> float:
        """Seconds of the city in one of the wall."""

    def now(self) -> Instant:
        """This moment."""


class LivePicture:
    """The live positions of one city."""

    def __init__(
        self, engine: Core, network: Network, clock: Clock, thresholds: Thresholds = DEFAULT_THRESHOLDS
    ) -> None:
        # Where a demo's clock runs fast, so do the seconds that a report spends in the network.
        deadband_s = thresholds.clock_deadband_s * max(1.0, clock.speed)
        thresholds = replace(thresholds, clock_deadband_s=deadband_s)
        self.table = LiveTable()
        self.pipeline = Pipeline(network, thresholds)
        self.submitted: Counter[str] = Counter()
        """Commands by type, and those ``refused`` or ``failed``."""
        self._engine, self._clock = engine, clock
        self._watches = Watches(network, thresholds)
        self._contacts = Contacts(thresholds)
        self._classes: dict[str, str] = {}
        self._version = -1
        self._findings: deque[RecordArrival | RecordContact] = deque()
        self._found = asyncio.Event()

    # --- reports in -----------------------------------------------------------------------------------------------------

    def take(self, reports: Sequence[Report]) -> list[Judgement]:
        """Judge reports in order; each is answered by a judgement. The newest fixes stand in the table when this returns."""
        self._follow()
        judged = self.pipeline.judge(reports, self._classes)
        state = self._engine.picture.state
        for judgement in judged:
            fix = judgement.fix
            if fix is None or not judgement.moves:
                continue
            arrival = self._watches.take(fix)
            self.table.put(fix)
            if arrival is not None:
                self._note(arrival)
            if state.units[fix.unit].lost_contact and not self._waits_for(fix.unit):
                self._note(RecordContact(fix.unit, False, fix.measured_at))
        return judged

    def tick(self) -> None:
        """Look for silence; once a second of the city's time."""
        self._follow()
        waiting = {finding.unit for finding in self._findings if isinstance(finding, RecordContact)}
        for finding in self._contacts.look(self._engine.picture.state, self.table, self._clock.now()):
            if finding.unit not in waiting:
                self._note(finding)

    # --- asking ---------------------------------------------------------------------------------------------------------

    def view(self) -> LiveView:
        """The newest fixes as arrays, immutable."""
        return self.table.view()

    def watched(self) -> int:
        """Assignments that wait for a measured arrival."""
        self._follow()
        return len(self._watches)

    # --- the task -------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Tick and submit until cancelled; whatever goes wrong is logged, and the next second is another."""
        submitting = asyncio.create_task(self._submit_for_ever(), name="live: findings")
        try:
            while True:
                await asyncio.sleep(max(_SHORTEST_TICK_S, 1.0 / self._clock.speed))
                try:
                    self.tick()
                except Exception:
                    _log.exception("tick of the live picture failed")
        finally:
            submitting.cancel()

    async def settle(self) -> None:
        """Submit what has been found so far, once each."""
        for _ in range(len(self._findings)):
            finding = self._findings.popleft()
            if not await self._submit(finding):
                self._findings.append(finding)

    async def _submit_for_ever(self) -> None:
        while True:
            await self._found.wait()
            self._found.clear()
            await self.settle()
            if self._findings:
                await asyncio.sleep(_RETRY_S)
                self._found.set()

    async def _submit(self, finding: RecordArrival | RecordContact) -> bool:
        """Whether it is dealt with: recorded, or refused for good."""
        key = f"arrival:{finding.assignment}" if isinstance(finding, RecordArrival) else None
        context = Context(_ACTOR, _ACTOR, self._clock.now(), key)
        try:
            await self._engine.submit(finding, context)
        except DomainError as refused:
            if refused.category == "unavailable":
                return False
            self.submitted["refused"] += 1
            _log.info("core refused %s: %s", finding, refused)
            return True
        except Exception:  # a fault of the program; the other findings must not wait for it
            self.submitted["failed"] += 1
            _log.exception("could not submit %s", finding)
            return True
        self.submitted[type(finding).__name__] += 1
        return True

    def _note(self, finding: RecordArrival | RecordContact) -> None:
        self._findings.append(finding)
        self._found.set()

    def _waits_for(self, unit: str) -> bool:
        return any(isinstance(finding, RecordContact) and finding.unit == unit for finding in self._findings)

    def _follow(self) -> None:
        """Bring classes and watches in step with the picture."""
        picture = self._engine.picture
        if picture.version == self._version:
            return
        self._version = picture.version
        units = picture.state.units
        if self._classes.keys() != units.keys():
            self._forget(self._classes.keys() - units.keys())
        self._classes = {name: unit.unit_class for name, unit in units.items()}
        self._watches.follow(picture.state, self.table)

    def _forget(self, units: Iterable[str]) -> None:
        for unit in units:
            self.pipeline.forget(unit)
            self.table.drop(unit)
