"""Where the units are, judged and watched: reports in, newest fixes out, and what they mean as commands to the core.

``take`` judges a batch at once and never waits for the core; what the detectors find (arrived, contact lost or regained) is
submitted by the task ``run`` in the order in which it was found, and again while the core cannot write: a measured arrival is
evidence. ``run`` looks for silence once a second of the city's time. Whoever wants the judgements (history, detectors) puts a
function into ``on_judged``, and hands what it finds to ``note_finding``. Alerts are made from the state by ``wire.alerts``, the
stale flag from the table's view.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from kuaijing.domain.commands import Command, Context, RecordContact
from kuaijing.domain.errors import DomainError
from kuaijing.domain.state import State
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

Sink = Callable[[Sequence[Judgement]], None]
"""What is told every batch of judgements, at once and in the loop's thread: it must not block."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """A command that waits for the core."""

    command: Command
    key: str | None
    """Idempotency key, scoped to this picture's actor."""


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
        self.on_judged: list[Sink] = []
        """Told of every batch once, after the newest fixes stand in the table; one that fails stops no other."""
        self._engine, self._clock = engine, clock
        self._watches = Watches(network, thresholds)
        self._contacts = Contacts(thresholds)
        self._classes: dict[str, str] = {}
        self._state = State()
        self._findings: deque[_Finding] = deque()
        self._awaiting: set[str] = set()
        """Units with a finding about their contact that is not yet dealt with."""
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
                self.note_finding(arrival, f"arrival:{arrival.assignment}")
            if state.units[fix.unit].lost_contact and fix.unit not in self._awaiting:
                self.note_finding(RecordContact(fix.unit, False, fix.measured_at))
        self._tell(judged)
        return judged

    def tick(self) -> None:
        """Look for silence; once a second of the city's time."""
        self._follow()
        for finding in self._contacts.look(self._engine.picture.state, self.table, self._clock.now()):
            if finding.unit not in self._awaiting:
                self.note_finding(finding)

    def note_finding(self, command: Command, key: str | None = None) -> None:
        """Have the task submit what a detector found, in the order of finding, until the core has recorded or refused it.

        Name the same ``key`` where the same finding may be made twice.
        """
        if isinstance(command, RecordContact):
            self._awaiting.add(command.unit)
        self._findings.append(_Finding(command, key))
        self._found.set()

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

    async def _submit(self, finding: _Finding) -> bool:
        """Whether it is dealt with: recorded, or refused for good."""
        command = finding.command
        try:
            await self._engine.submit(command, Context(_ACTOR, _ACTOR, self._clock.now(), finding.key))
        except DomainError as refused:
            if refused.category == "unavailable":
                return False
            self.submitted["refused"] += 1
            _log.info("core refused %s: %s", command, refused)
        except Exception:  # a fault of the program; the other findings must not wait for it
            self.submitted["failed"] += 1
            _log.exception("could not submit %s", command)
        else:
            self.submitted[type(command).__name__] += 1
        if isinstance(command, RecordContact):
            self._awaiting.discard(command.unit)
        return True

    def _tell(self, judged: Sequence[Judgement]) -> None:
        for sink in self.on_judged:
            try:
                sink(judged)
            except Exception:  # a fault of the program; the other sinks and the reports must not suffer from it
                _log.exception("%s failed on %d judgements", getattr(sink, "__qualname__", sink), len(judged))

    def _follow(self) -> None:
        """Bring classes and watches in step with the picture."""
        state, before = self._engine.picture.state, self._state
        if state is before:
            return
        self._state, units = state, state.units
        if units is not before.units:
            if self._classes.keys() != units.keys():
                self._forget(self._classes.keys() - units.keys())
            self._classes = {name: unit.unit_class for name, unit in units.items()}
        elif state.assignments is before.assignments and state.incidents is before.incidents:
            return  # a commit about something else
        self._watches.follow(state, self.table)

    def _forget(self, units: Iterable[str]) -> None:
        for unit in units:
            self.pipeline.forget(unit)
            self.table.drop(unit)
