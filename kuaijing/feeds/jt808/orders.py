"""Orders as text on the terminals of the unit that is sent, with the terminal's own reply as the receipt; withdrawals too.

The log says what has to be told: an assignment that is ordered and not yet delivered. So a terminal that connects is told what its
unit has open, and one that has confirmed is told nothing twice, after a reconnect or a restart. A withdrawal is only told to a
terminal to which the order was sent. What an order says is in ``order_words.py``.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from kuaijing.domain.assignments import AssignmentOrdered, AssignmentWithdrawn
from kuaijing.domain.commands import Context, StampAssignment
from kuaijing.domain.errors import DomainError
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.words import AssignmentStatus, Step
from kuaijing.engine.recorded import Committed, Picture
from kuaijing.engine.subscription import Subscription
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.jt808 import messages
from kuaijing.feeds.jt808.admission import PROTOCOL
from kuaijing.feeds.jt808.order_words import order_text, withdrawal_text
from kuaijing.feeds.jt808.session import Session
from kuaijing.measures.instants import Instant, seconds_between

_STAMP_AFTER_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_WITHDRAWAL_S: Final = 3600.0
"""A withdrawal that could not be told in this time is told no more."""
_MOST_TOLD: Final = 64
"""Orders remembered a terminal."""
_log = logging.getLogger(__name__)


class Core(Protocol):
    """What is asked of the engine."""

    @property
    def picture(self) -> Picture:
        """The city now."""

    def subscribe(self) -> Subscription:
        """Its commits from here on."""


@dataclass(slots=True)
class _Told:
    """What one terminal was told of one assignment."""

    confirmed: bool = False
    on: Session | None = None
    """The connection that is waiting for the terminal's reply."""
    task: "asyncio.Task[None] | None" = None
    withdrawal: str = ""
    """Words of the withdrawal, once there is one."""
    withdrawn_at: Instant | None = None
    withdrawn: bool = False
    """The withdrawal is confirmed."""


@dataclass(slots=True)
class _Terminal:
    told: dict[str, _Told] = field(default_factory=dict)
    """By assignment, oldest first."""


class Orders:
    """Tells terminals. Belongs to the loop's thread."""

    def __init__(
        self,
        doors: Doors,
        core: Core,
        counts: Counter[str],
        sessions_of: Callable[[str], Sequence[Session]],
        find_plan: Callable[[], PlanDocument | None],
        tries: int,
    ) -> None:
        self._doors, self._core, self._counts = doors, core, counts
        self._sessions_of, self._find_plan, self._tries = sessions_of, find_plan, max(1, tries)
        self._terminals: dict[str, _Terminal] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Follow the commits until cancelled."""
        following = self._core.subscribe()
        version = self._core.picture.version
        try:
            async for committed in following:
                try:
                    if committed.version_before > version:
                        self._look_over(committed.picture)
                    else:
                        self._follow(committed)
                except Exception:  # one commit that cannot be told must not end the telling
                    _log.exception("orders of commit %d could not be told to terminals", committed.version)
                version = committed.version
        finally:
            following.close()

    async def stop(self) -> None:
        """Wait for no more answers."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def connected(self, session: Session, unit: str) -> None:
        """A terminal of the unit is there (again): tell it what is open and not confirmed."""
        state = self._core.picture.state
        terminal = self._terminals.get(_key(session))
        if terminal is not None:
            for assignment, told in terminal.told.items():
                if told.withdrawn_at is None or told.withdrawn:
                    continue
                if seconds_between(told.withdrawn_at, self._doors.now()) < _WITHDRAWAL_S:
                    self._begin(session, assignment, told)
        active = None if unit not in state.units else state.units[unit].active
        if active is not None and state.assignments[active].status == AssignmentStatus.ORDERED:
            self._tell(session, active)

    def _follow(self, committed: Committed) -> None:
        for entry in committed.events:
            event = entry.event
            if isinstance(event, AssignmentWithdrawn):
                self._withdraw(event)
            elif isinstance(event, AssignmentOrdered):
                for session in self._sessions_of(event.unit):
                    self._tell(session, event.assignment)

    def _look_over(self, picture: Picture) -> None:
        """Commits were missed: tell every unit what it has open."""
        for unit in picture.state.units.values():
            if unit.active is not None and picture.state.assignments[unit.active].status == AssignmentStatus.ORDERED:
                for session in self._sessions_of(unit.id):
                    self._tell(session, unit.active)

    def _tell(self, session: Session, assignment: str) -> None:
        terminal = self._terminals.setdefault(_key(session), _Terminal())
        told = terminal.told.setdefault(assignment, _Told())
        if not told.confirmed and told.on is not session:
            self._begin(session, assignment, told)
        while len(terminal.told) > _MOST_TOLD:
            del terminal.told[next(iter(terminal.told))]

    def _withdraw(self, event: AssignmentWithdrawn) -> None:
        words = withdrawal_text(event.incident, event.reason)
        for terminal in self._terminals.values():
            told = terminal.told.get(event.assignment)
            if told is not None:
                told.withdrawal, told.withdrawn_at, told.on = words, self._doors.now(), None
                if told.task is not None and not told.confirmed:
                    told.task.cancel()  # else the order would be said again after its withdrawal
        for session in self._sessions_of(event.unit):
            terminal = self._terminals.get(_key(session), _Terminal())
            told = terminal.told.get(event.assignment)
            if told is not None:
                self._begin(session, event.assignment, told)

    def _begin(self, session: Session, assignment: str, told: _Told) -> None:
        told.on = session
        task = told.task = asyncio.get_running_loop().create_task(self._send(session, assignment, told))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send(self, session: Session, assignment: str, told: _Told) -> None:
        withdrawal = told.withdrawal
        words = withdrawal or order_text(self._core.picture.state, assignment, self._find_plan())
        if words is None:
            return
        self._counts["withdrawals_sent" if withdrawal else "orders_sent"] += 1
        result = await session.ask(messages.TEXT, messages.text(words, is_2019=session.is_2019), tries=self._tries)
        if result == messages.TAKEN and withdrawal:
            told.withdrawn = True
            self._counts["withdrawals_confirmed"] += 1
        elif result == messages.TAKEN:
            told.confirmed = True
            self._counts["orders_confirmed"] += 1
            await self._stamp(session, assignment, self._doors.now())
        elif result is None:
            self._counts["orders_unanswered"] += 1
        else:
            self._counts["order_refused"] += 1
            self._doors.book.fault(PROTOCOL, _key(session), "order_refused")

    async def _stamp(self, session: Session, assignment: str, at: Instant) -> None:
        device = session.device
        actor = PROTOCOL if device is None else device.id
        stamped = StampAssignment(assignment, Step.DELIVERED, at)
        key = f"delivered:{assignment}"
        for wait_s in _STAMP_AFTER_S:
            await asyncio.sleep(wait_s)
            try:
                await self._doors.submit(stamped, Context(actor, PROTOCOL, self._doors.now(), key, body=key), None)
                return
            except DomainError as refused:
                if refused.category != "unavailable":
                    _log.warning("%s delivered by %s was refused: %s", assignment, actor, refused)
                    return
        self._counts["receipt_not_recorded"] += 1
        _log.error("%s was delivered by %s, which could not be recorded", assignment, actor)


def _key(session: Session) -> str:
    return "" if session.device is None else session.device.key
